-- Findings that one measure mends: core's `fixOf`. The measures are shared by all, as the names of checks are.
create table fix (
  fix_id integer generated always as identity primary key,
  -- of any length, since a check's name is
  key_sha256 bytea not null unique,
  key text not null,
  kind text not null,
  subject jsonb not null
);

-- Filled in after each import by the job `group-fixes`; a finding keeps its measure whatever its title becomes.
create table finding_fix (
  organization_id integer not null,
  finding_id bigint not null,
  asset_id bigint not null,
  fix_id integer not null references fix,
  primary key (organization_id, finding_id)
);
create index finding_fix_by_fix on finding_fix (organization_id, fix_id, finding_id);
select protect('finding_fix', 'asset');
grant select, insert on fix to backcheck_app, backcheck_wide;
grant select, insert, update, delete on finding_fix to backcheck_app, backcheck_wide;

create function queue_grouping(organization_id integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if to_regnamespace('graphile_worker') is null then return; end if;
  perform graphile_worker.add_job('group-fixes', json_build_object('organizationId', organization_id),
    queue_name => 'group-fixes:' || organization_id, max_attempts => 10, priority => 5);
end $$;
revoke execute on function queue_grouping from public;
grant execute on function queue_grouping to backcheck_app, backcheck_wide;

create function import_brought_findings() returns trigger language plpgsql as $$
begin
  perform queue_grouping(new.organization_id);
  return null;
end $$;
create trigger import_brought_findings after update of state on import for each row
  when (new.state = 'done' and old.state is distinct from new.state) execute function import_brought_findings();
