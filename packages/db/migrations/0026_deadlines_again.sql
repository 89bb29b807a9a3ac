-- Whose time a retest waits: docs/deadlines.md, core's `retestPauses`.

-- Emergency stops that are over: [{"from", "until", "by": account}]. The one that lasts is in stopped_at.
alter table test_authorization add column past_stops jsonb not null default '[]';
create function remember_stop() returns trigger language plpgsql as $$
begin
  new.past_stops := old.past_stops || jsonb_build_object('from', old.stopped_at, 'until', new.approved_at, 'by', old.stopped_by);
  return new;
end $$;
create trigger remember_stop before update of stopped_at on test_authorization for each row
  when (old.stopped_at is not null and new.stopped_at is null) execute function remember_stop();
create trigger deadlines_touched after update of stopped_at, revoked_at on test_authorization for each row
  when ((new.stopped_at, new.revoked_at) is distinct from (old.stopped_at, old.revoked_at))
  execute function deadlines_of_row_touched();

-- Whether an account ever had one of these roles at an organization: whose side a stop was. Grants of others are nobody's to read.
create function ever_had_role(account integer, of integer, roles text[]) returns boolean
language sql stable security definer set search_path = public as $$
  select exists (select from access_grant g where g.account_id = account and g.role = any (roles)
    and (g.organization_id is null
      or g.organization_id in (select ancestor_id from organization_ancestor a where a.organization_id = of)))
$$;
revoke all on function ever_had_role from public;
grant execute on function ever_had_role to backcheck_app, backcheck_wide;

-- Somebody else than who took a calendar in puts it to use, as for policies; what was in use stays so.
alter table working_calendar
  add column approved_by integer references account check (approved_by <> taken_in_by),
  -- null: a draft, by which nothing is counted
  add column approved_at timestamptz;
update working_calendar set approved_at = taken_in_at;
grant update (approved_by, approved_at) on working_calendar to backcheck_app, backcheck_wide;
drop trigger deadlines_touched on working_calendar;
create trigger deadlines_touched after insert on working_calendar for each row
  when (new.approved_at is not null) execute function deadlines_below_touched();
create trigger deadlines_touched_by_approval after update of approved_at on working_calendar for each row
  when (old.approved_at is null and new.approved_at is not null) execute function deadlines_below_touched();

-- What a policy or a calendar would change, where that takes too long to wait for: counted by a job, for who asked.
create table deadline_preview (
  deadline_preview_id bigint generated always as identity primary key,
  asked_by integer not null references account,
  asked_at timestamptz not null,
  -- {"nodeId", "policyId", "appliesTo"} or {"nodeId", "calendarId"}
  wish jsonb not null,
  findings integer not null,
  examined integer not null default 0,
  -- counts by grade, and examples without their titles; null: not yet
  result jsonb,
  failed boolean not null default false
);
create index deadline_preview_by_account on deadline_preview (asked_by, asked_at);
alter table deadline_preview enable row level security;
create policy own on deadline_preview to backcheck_app
  using (asked_by = nullif(current_setting('app.account', true), '')::integer);
create policy everything on deadline_preview to backcheck_wide using (true) with check (true);
grant select, insert, delete on deadline_preview to backcheck_app, backcheck_wide;
grant update (examined, result, failed) on deadline_preview to backcheck_wide;

create function queue_preview(id bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job('preview-deadlines', json_build_object('id', id::text), max_attempts => 3, priority => 5);
end $$;
revoke execute on function queue_preview from public;
grant execute on function queue_preview to backcheck_app, backcheck_wide;
