-- How far each measure is in each organization, and in each node of the tree with all below it: a list over ten thousand
-- organizations reads a row for each measure and not a million findings. Written by the job `sum-fixes` alone.
create table fix_standing (
  organization_id integer not null,
  fix_id integer not null references fix,
  findings integer not null,
  -- not proven gone, and of these what somebody says is fixed
  open integer not null,
  claimed integer not null,
  assets integer not null,
  worst smallint not null,
  -- of what is open; null: nothing was determined yet
  priority smallint,
  due_at timestamptz,
  primary key (organization_id, fix_id)
);
create index fix_standing_by_fix on fix_standing (fix_id, open desc, organization_id);

-- The same for a node with something below it; 0: the installation.
create table fix_standing_below (
  node integer not null,
  fix_id integer not null references fix,
  organizations integer not null,
  open_in integer not null,
  findings integer not null,
  open integer not null,
  claimed integer not null,
  assets integer not null,
  worst smallint not null,
  priority smallint,
  due_at timestamptz,
  primary key (node, fix_id)
);
create index fix_standing_below_most on fix_standing_below (node, open desc, due_at, findings desc, fix_id);

-- Organizations whose rows are to be made anew; 0: all, and all nodes. Not unique: nobody waits for somebody else's row.
create table fix_unsummed (node integer not null);

-- The caller's own grants, for whom a sum over a whole node can be said at once.
create view current_grant as
  select organization_id, system_id, campaign_id from access_grant where access_grant_id = any (current_grants());

select protect('fix_standing');
alter table fix_standing_below enable row level security;
create policy visible on fix_standing_below for select to backcheck_app using (node in (
  select a.organization_id from current_grant g join organization_ancestor a on a.ancestor_id = g.organization_id
  where g.system_id is null and g.campaign_id is null));
create policy everything on fix_standing_below to backcheck_wide using (true) with check (true);
grant select on fix_standing, fix_standing_below, current_grant to backcheck_app, backcheck_wide;
grant insert, update, delete on fix_standing, fix_standing_below to backcheck_wide;
grant select, delete on fix_unsummed to backcheck_wide;

create function fixes_unsummed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into fix_unsummed select distinct organization_id from changed;
  return null;
end $$;
create function fixes_of_import_unsummed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into fix_unsummed values (new.organization_id);
  return null;
end $$;
-- A node gets its first one below it, or a branch hangs elsewhere.
create function fixes_of_tree_unsummed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into fix_unsummed select 0 where exists (
    select from (select distinct parent_id from changed where parent_id is not null) p where not exists (
      select from organization o where o.parent_id = p.parent_id and o.organization_id not in (select organization_id from changed)));
  return null;
end $$;
create function fixes_of_branch_unsummed() returns trigger language plpgsql security definer set search_path = public as $$
begin
  insert into fix_unsummed values (0);
  return null;
end $$;
revoke execute on function fixes_unsummed, fixes_of_import_unsummed, fixes_of_tree_unsummed, fixes_of_branch_unsummed from public;

-- What an import closes or opens is told by it; claims, merges, hand-overs and dates by the deadline that changes with them.
create trigger fixes_unsummed after update of state on import for each row
  when (new.state = 'done' and old.state is distinct from new.state) execute function fixes_of_import_unsummed();
create trigger fixes_unsummed_by_finding after insert on finding_fix referencing new table as changed
  for each statement execute function fixes_unsummed();
create trigger fixes_unsummed_by_decision after insert on decision referencing new table as changed
  for each statement execute function fixes_unsummed();
create trigger fixes_unsummed_by_due after insert on finding_due referencing new table as changed
  for each statement execute function fixes_unsummed();
create trigger fixes_unsummed_by_change after update on finding_due referencing new table as changed
  for each statement execute function fixes_unsummed();
create trigger fixes_unsummed_by_end after delete on finding_due referencing old table as changed
  for each statement execute function fixes_unsummed();
create trigger fixes_unsummed_by_node after insert on organization referencing new table as changed
  for each statement execute function fixes_of_tree_unsummed();
create trigger fixes_unsummed_by_placing after update of parent_id on organization for each row
  when (new.parent_id is distinct from old.parent_id) execute function fixes_of_branch_unsummed();

-- What is there already.
insert into fix_unsummed values (0);

-- The work board over ten thousand organizations: what waits longest comes first.
create index retest_ended on retest (finished_at, retest_id) where origin = 'request' and finished_at is not null;
create index notice_unreceived_first on notice (issued_at, notice_id) where state = 'issued' and received_at is null;
