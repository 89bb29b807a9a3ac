-- Until when, and why: docs/deadlines.md, docs/decisions/0016-deadlines.md.

-- Public holidays and make-up working days. A version is never changed: a later one takes its place.
create table working_calendar (
  working_calendar_id integer generated always as identity primary key,
  -- null: of the whole installation
  organization_id integer references organization,
  code text not null,
  version integer not null check (version >= 1),
  -- core's WorkingCalendar
  content jsonb not null,
  taken_in_by integer references account,
  taken_in_at timestamptz not null,
  unique nulls not distinct (organization_id, code, version)
);

-- A policy version is never changed either. `content` is core's Policy.
create table deadline_policy (
  deadline_policy_id integer generated always as identity primary key,
  -- null: of the whole installation, such as the presets
  organization_id integer references organization,
  code text not null,
  version integer not null check (version >= 1),
  content jsonb not null,
  preset boolean not null default false,
  drafted_by integer references account,
  drafted_at timestamptz not null,
  approved_by integer references account check (approved_by <> drafted_by),
  approved_at timestamptz,
  unique nulls not distinct (organization_id, code, version)
);

-- Which policy holds where: the nearest node above decides, the latest assignment of that node. Rows are only added.
create table policy_assignment (
  policy_assignment_id integer generated always as identity primary key,
  -- null: the whole installation
  organization_id integer references organization,
  deadline_policy_id integer not null references deadline_policy,
  -- `new`: findings whose cycle starts from now on; `open`: those that are open now as well
  applies_to text not null check (applies_to in ('new', 'open')),
  assigned_by integer references account,
  assigned_at timestamptz not null
);
create index policy_assignment_latest on policy_assignment (organization_id, assigned_at desc);

-- What was determined, and from what. Rows are only added: what was said once stays readable.
create table finding_determination (
  organization_id integer not null,
  finding_id bigint not null,
  determination_no integer not null,
  determined_at timestamptz not null,
  -- of the cycle: first seen, or seen again after a proof
  cycle_start timestamptz not null,
  deadline_policy_id integer references deadline_policy,
  -- null: the policy counts no working days
  working_calendar_id integer references working_calendar,
  -- core's DeterminedFinding, and the facts that it was made from
  determination jsonb not null,
  facts jsonb not null,
  -- what differs from the row before
  cause text not null check (cause in ('first', 'facts', 'policy', 'calendar', 'extension', 'pause', 'regressed', 'closed')),
  primary key (organization_id, finding_id, determination_no)
);

-- The present one of each finding that is not closed, for lists.
create table finding_due (
  organization_id integer not null,
  finding_id bigint not null,
  asset_id bigint not null,
  determination_no integer not null,
  due_at timestamptz,
  -- the date as lists are ordered by it: what has none comes last
  due_order timestamptz not null generated always as (coalesce(due_at, 'infinity'::timestamptz)) stored,
  -- core's PRIORITIES by index
  priority smallint not null,
  -- EPSS probability, for the order within a priority
  epss real,
  -- the most pressing first, within a priority what is likelier to be exploited, then the worse; EPSS has five decimals
  rank double precision not null generated always as (
    priority::double precision * 2 + 1 - coalesce(epss::double precision, 0) + (4 - grade) * 1e-6::double precision) stored,
  grade smallint not null,
  paused text,
  -- the overlay by which somebody decided that nothing is due: then there is no date, for as long as it lies
  waived text check (waived in ('accepted', 'false-positive', 'not-applicable')),
  -- null: until it is revoked, or a scan contradicts it
  waived_until timestamptz,
  check (waived is null or due_at is null),
  -- whose turn it is: 'us' the coordinator, 'them' the organization
  turn text not null check (turn in ('us', 'them')),
  primary key (organization_id, finding_id)
);
create index finding_due_by_date on finding_due (due_order, finding_id);
create index finding_due_by_organization on finding_due (organization_id, due_order, finding_id);
create index finding_due_by_rank on finding_due (rank, finding_id);
create index finding_due_by_organization_rank on finding_due (organization_id, rank, finding_id);

-- Whose deadlines are to be determined anew. A row of its own for each transaction that says so: nobody waits for somebody
-- else's row, however long an import takes. Whoever determines takes all rows of a node at once.
create table determination_wanted (
  -- an organization, or 0: all
  node integer not null,
  wanted_by xid8 not null default pg_current_xact_id(),
  primary key (node, wanted_by)
);

select protect('finding_due', 'asset');
alter table finding_determination enable row level security;
create policy visible on finding_determination to backcheck_app using (
  organization_id in (select organization_id from visible_organization)
  or exists (select from finding f where f.organization_id = finding_determination.organization_id and f.finding_id = finding_determination.finding_id));
create policy everything on finding_determination to backcheck_wide using (true) with check (true);

-- Policies, calendars and where they hold are rules, not records about anybody: who is below the node reads them.
create function protect_rule(rule regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', rule);
  execute format($p$create policy readable on %1$s for select to backcheck_app using (
    organization_id is null or organization_id in (
      select a.ancestor_id from organization_ancestor a where a.organization_id in (select organization_id from visible_organization)
        or a.organization_id in (select organization_id from visible_system)))$p$, rule);
  execute format('create policy written on %s for insert to backcheck_app with check (organization_id in (select organization_id from visible_organization))', rule);
  execute format('create policy changed on %1$s for update to backcheck_app using (organization_id in (select organization_id from visible_organization))', rule);
  execute format('create policy everything on %s to backcheck_wide using (true) with check (true)', rule);
end $$;
revoke all on function protect_rule from public;
select protect_rule(one) from unnest(array['working_calendar', 'deadline_policy', 'policy_assignment']::regclass[]) one;
grant select, insert on working_calendar, deadline_policy, policy_assignment, finding_determination to backcheck_app, backcheck_wide;
grant update (approved_by, approved_at) on deadline_policy to backcheck_app, backcheck_wide;
grant select, insert, update, delete on finding_due to backcheck_app, backcheck_wide;

grant select, delete on determination_wanted to backcheck_wide;

-- The deadlines of one organization are determined anew, soon; null: of all. Once a transaction, however often it says so.
create function queue_determination(organization_id integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.determination_wanted (node) values (coalesce($1, 0)) on conflict do nothing;
  -- a database whose queue was never installed has nobody to do it; the nightly job of its first server will
  if not found or to_regnamespace('graphile_worker') is null then return; end if;
  -- no key and no queue of its own: both are rows that two transactions would wait for; the job sorts that out (db/src/deadlines.ts)
  perform graphile_worker.add_job(
    'determine-deadlines',
    json_build_object('organizationId', $1),
    max_attempts => 10,
    -- after imports and what people wait for
    priority => 5
  );
end $$;
revoke execute on function queue_determination from public;
grant execute on function queue_determination to backcheck_app, backcheck_wide;

-- Whatever a deadline depends on says so itself: imports, registers and retests know nothing of deadlines.
create function deadlines_touched() returns trigger language plpgsql as $$
begin
  perform queue_determination(t.organization_id) from (select distinct organization_id from changed where organization_id is not null) t;
  return null;
end $$;
create function deadlines_of_row_touched() returns trigger language plpgsql as $$
begin
  perform queue_determination(new.organization_id);
  return null;
end $$;

-- Each change of states is an entry of the ledger: imports, quarantines, merges, splits, hand-overs. One row a transaction.
create trigger deadlines_touched after insert on ledger for each row
  when (new.organization_id > 0 and new.entry ->> 'kind' <> 'audit') execute function deadlines_of_row_touched();
create trigger deadlines_touched after update of state on import for each row
  when (new.state = 'done' and old.state is distinct from new.state) execute function deadlines_of_row_touched();
-- Not on insert: an asset that is new has no finding yet.
create trigger deadlines_touched after update of exposure, system_id, fields on asset for each row
  when ((new.exposure, new.system_id, new.fields -> 'importance') is distinct from (old.exposure, old.system_id, old.fields -> 'importance'))
  execute function deadlines_of_row_touched();
create trigger deadlines_touched after update of mlps_level, criticality, fields on system for each row
  when ((new.mlps_level, new.criticality, new.fields -> 'cii') is distinct from (old.mlps_level, old.criticality, old.fields -> 'cii'))
  execute function deadlines_of_row_touched();
create trigger deadlines_touched after update of fields on organization for each row
  when (new.fields -> 'ciiOperator' is distinct from old.fields -> 'ciiOperator') execute function deadlines_of_row_touched();
create trigger deadlines_touched_by_member after insert on key_list_member referencing new table as changed
  for each statement execute function deadlines_touched();
create trigger deadlines_touched_by_leaving after delete on key_list_member referencing old table as changed
  for each statement execute function deadlines_touched();
create trigger deadlines_touched after insert on retest_finding referencing new table as changed
  for each statement execute function deadlines_touched();
create trigger deadlines_touched after insert on decision referencing new table as changed
  for each statement execute function deadlines_touched();
create trigger deadlines_touched after update of finished_at on retest for each row
  when (new.finished_at is distinct from old.finished_at) execute function deadlines_of_row_touched();

create function deadlines_of_key_list_touched() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform queue_determination(t.organization_id)
    from (select distinct m.organization_id from key_list_member m where m.key_list_id = new.key_list_id) t;
  return null;
end $$;
revoke execute on function deadlines_of_key_list_touched from public;
create trigger deadlines_touched after update of purpose, valid_from, valid_to on key_list for each row
  when ((new.purpose, new.valid_from, new.valid_to) is distinct from (old.purpose, old.valid_from, old.valid_to))
  execute function deadlines_of_key_list_touched();

-- A policy or calendar that holds at a node holds below it.
create function deadlines_below_touched() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if new.organization_id is null then
    perform queue_determination(null);
  else
    perform queue_determination(a.organization_id) from organization_ancestor a where a.ancestor_id = new.organization_id;
  end if;
  return null;
end $$;
revoke execute on function deadlines_below_touched from public;
create trigger deadlines_touched after insert on policy_assignment for each row execute function deadlines_below_touched();
create trigger deadlines_touched after insert on working_calendar for each row execute function deadlines_below_touched();
-- Whoever is placed elsewhere in the tree comes under other policies.
create trigger deadlines_touched_by_placing after update of parent_id on organization for each row
  when (new.parent_id is distinct from old.parent_id) execute function deadlines_below_touched();
