-- Who may see what: the tree of organizations, grants of roles on its nodes, and row-level security on every table
-- that holds what belongs to an organization. docs/decisions/0011-isolation-in-the-database.md.

-- The tree. `organization_ancestor` is its closure, each organization among its own ancestors at depth 0; triggers
-- keep it, so no statement can leave it behind.
alter table organization add column parent_id integer references organization;
create index organization_by_parent on organization (parent_id);
-- two schools of one name may stand in two counties
drop index organization_name;
create unique index organization_name on organization (parent_id, name) nulls not distinct;

create table organization_ancestor (
  organization_id integer not null,
  ancestor_id integer not null,
  depth integer not null,
  primary key (organization_id, ancestor_id)
);
create index organization_ancestor_below on organization_ancestor (ancestor_id, organization_id);
insert into organization_ancestor select organization_id, organization_id, 0 from organization;

create function place_organizations(placed integer[]) returns void
language plpgsql security definer set search_path = public as $$
begin
  delete from organization_ancestor where organization_id = any (placed);
  insert into organization_ancestor (organization_id, ancestor_id, depth)
  with recursive up as (
    select organization_id, organization_id as ancestor_id, parent_id, 0 as depth from organization where organization_id = any (placed)
    union all
    select u.organization_id, o.organization_id, o.parent_id, u.depth + 1
    from up u join organization o on o.organization_id = u.parent_id
    where u.parent_id <> u.organization_id
  ) cycle ancestor_id set twice using path
  select organization_id, ancestor_id, depth from up where not twice;
  if exists (
    select from organization o join organization_ancestor a on a.organization_id = o.parent_id
    where o.organization_id = any (placed) and a.ancestor_id = o.organization_id
  ) then
    raise exception 'an organization cannot be below itself' using errcode = 'check_violation', constraint = 'organization_not_below_itself';
  end if;
end $$;
revoke all on function place_organizations from public;

create function organization_added() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  perform place_organizations(array(select organization_id from added));
  return null;
end $$;
create trigger organization_added after insert on organization
  referencing new table as added for each statement execute function organization_added();

create function organization_moved() returns trigger
language plpgsql security definer set search_path = public as $$
declare moved integer[];
begin
  moved := array(select n.organization_id from after_it n join before_it b using (organization_id) where n.parent_id is distinct from b.parent_id);
  if cardinality(moved) > 0 then
    -- what stood below them moves with them
    perform place_organizations(array(select distinct organization_id from organization_ancestor where ancestor_id = any (moved)));
  end if;
  return null;
end $$;
create trigger organization_moved after update on organization
  referencing old table as before_it new table as after_it for each statement execute function organization_moved();

-- One inspection over many organizations; so far what a grant can be limited to.
create table campaign (
  campaign_id integer generated always as identity primary key,
  -- the node whose campaign it is; null: of the whole installation
  organization_id integer references organization,
  code text not null unique,
  title text not null,
  created_at timestamptz not null default now()
);
create table campaign_unit (
  organization_id integer not null references organization,
  campaign_id integer not null references campaign,
  primary key (campaign_id, organization_id)
);

-- A role of packages/core/src/access on a node and all below it, cut to a campaign or to one system where these are set.
-- Rows are added and revoked, never changed, so that "who could see this on that day" has an answer.
create table access_grant (
  access_grant_id integer generated always as identity primary key,
  account_id integer not null references account,
  role text not null,
  -- null: the whole installation
  organization_id integer references organization,
  system_id integer,
  campaign_id integer references campaign,
  expires_at timestamptz,
  granted_by integer references account,
  granted_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by integer references account,
  check (system_id is null or organization_id is not null)
);
create index access_grant_of_account on access_grant (account_id) where revoked_at is null;

alter table asset add column system_id integer;
create index asset_by_system on asset (system_id) where system_id is not null;

-- The grants under which this transaction works, set by scope.ts. Without any nothing is visible.
create function current_grants() returns integer[] language sql stable parallel safe
  return nullif(current_setting('app.grants', true), '')::integer[];

-- Views read with their owner's rights: the application sees no grant.
create view visible_organization as
  select a.organization_id
  from access_grant g join organization_ancestor a on a.ancestor_id = g.organization_id
  where g.access_grant_id = any (current_grants()) and g.system_id is null
    and (g.campaign_id is null or exists (select from campaign_unit u where u.campaign_id = g.campaign_id and u.organization_id = a.organization_id))
  union all
  select u.organization_id
  from access_grant g join campaign_unit u on u.campaign_id = g.campaign_id
  where g.access_grant_id = any (current_grants()) and g.organization_id is null and g.system_id is null;

create view visible_system as
  select g.system_id, g.organization_id from access_grant g
  where g.access_grant_id = any (current_grants()) and g.system_id is not null
    and (g.campaign_id is null or exists (select from campaign_unit u where u.campaign_id = g.campaign_id and u.organization_id = g.organization_id));

create view visible_asset as
  select a.asset_id from asset a join visible_system s on s.system_id = a.system_id and s.organization_id = a.organization_id;

-- backcheck_app sees what its grants show. backcheck_wide sees every organization: callers whose grant covers the
-- installation, and jobs. Neither owns a table, neither bypasses row-level security, neither can change the ledger.
do $$ begin
  if not exists (select from pg_roles where rolname = 'backcheck_wide') then create role backcheck_wide nologin; end if;
end $$;
grant backcheck_app to backcheck_wide;
do $$ begin
  if not pg_has_role(current_user, 'backcheck_wide', 'SET') then
    execute format('grant backcheck_wide to %I', current_user);
  end if;
end $$;
grant select on visible_organization, visible_system, visible_asset, organization_ancestor to backcheck_app;
grant select on campaign, campaign_unit to backcheck_app;
grant insert, update on campaign to backcheck_app;
grant insert, delete on campaign_unit to backcheck_app;

-- Accounts are nobody's tenant, and no request reads them but through sign-in and the checks of access.
revoke all on account, sign_in_link, session, api_key from backcheck_app;
grant select, insert, update, delete on account, sign_in_link, session, api_key to backcheck_wide;
grant select, insert, update (revoked_at, revoked_by) on access_grant to backcheck_wide;

-- The rule of a table. `organization`: rows of visible organizations. `asset`: also rows of assets of visible systems.
-- `member`: also rows of organizations one of whose systems is visible. The subselects are hashed once in a statement.
create function protect(protected regclass, kind text default 'organization') returns void
language plpgsql set search_path = public as $$
declare
  rule text := 'organization_id in (select organization_id from visible_organization)';
begin
  rule := rule || case kind
    when 'organization' then ''
    when 'asset' then ' or asset_id in (select asset_id from visible_asset)'
    when 'member' then ' or organization_id in (select organization_id from visible_system)'
  end;
  execute format('alter table %s enable row level security', protected);
  execute format('create policy visible on %s to backcheck_app using (%s) with check (%s)', protected, rule, rule);
  execute format('create policy everything on %s to backcheck_wide using (true) with check (true)', protected);
end $$;
revoke all on function protect from public;

select protect(one) from unnest(array[
  'ledger', 'ledger_leaf', 'supersession', 'decision', 'import', 'asset_link', 'address_range', 'balanced_asset',
  'absorbed_finding', 'defectdojo_engagement', 'defectdojo_test', 'defectdojo_upload', 'campaign_unit']::regclass[]) one;
select protect(one, 'asset') from unnest(array[
  'visit', 'coverage', 'finding', 'sighting', 'certificate', 'asset_identifier', 'identity_task']::regclass[]) one;
select protect('scan', 'member');

-- An asset is in a system by its own column.
alter table asset enable row level security;
create policy visible on asset to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or system_id in (select system_id from visible_system));
create policy everything on asset to backcheck_wide using (true) with check (true);

-- A new organization is not yet below anything when it is checked, but its parent is known.
alter table organization enable row level security;
create policy visible on organization to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or organization_id in (select organization_id from visible_system))
  with check (organization_id in (select organization_id from visible_organization) or parent_id in (select organization_id from visible_organization));
create policy everything on organization to backcheck_wide using (true) with check (true);

-- A profile of all organizations is read by all and written only by whoever sees all.
alter table scan_profile enable row level security;
create policy visible on scan_profile to backcheck_app using (
  organization_id is null or organization_id in (select organization_id from visible_organization))
  with check (organization_id in (select organization_id from visible_organization));
create policy everything on scan_profile to backcheck_wide using (true) with check (true);

alter table campaign enable row level security;
create policy visible on campaign to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or campaign_id in (select campaign_id from campaign_unit))
  with check (organization_id in (select organization_id from visible_organization));
create policy everything on campaign to backcheck_wide using (true) with check (true);
