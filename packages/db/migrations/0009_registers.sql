-- The registers: organizations, systems, assets, contacts and key lists, with every change of them. What has a column
-- is searched, joined or counted; all other fields of the catalogue (packages/core/src/register) are in `fields` by key.

-- Organizations ---------------------------------------------------------------------------------------------------

alter table organization
  add column org_code text collate "C" unique,
  add column kind text,
  add column sector text,
  add column region_code text,
  add column uscc text,
  add column status text not null default 'active' check (status in ('active', 'merged', 'dissolved')),
  add column merged_into integer references organization check (merged_into <> organization_id),
  -- scans over many organizations are imported here; what lies here is nobody's yet
  add column collecting boolean not null default false,
  add column fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
  add column version integer not null default 1,
  add check (merged_into is null or status = 'merged');

-- A code for whoever gives none.
create function organization_coded() returns trigger language plpgsql as $$
begin
  new.org_code := coalesce(new.org_code, 'ORG-' || lpad(new.organization_id::text, 6, '0'));
  return new;
end $$;
create trigger organization_coded before insert or update on organization for each row
  when (new.org_code is null) execute function organization_coded();
update organization set org_code = null;
alter table organization alter column org_code set not null;

-- The search looks for a part of it, in all of a caller's organizations: 50,000 rows of an index that holds nothing else
-- take 10 ms, and no operator that an index of trigrams needs may be used below a row-level policy (it could leak).
alter table organization add column search_text text not null generated always as (
  left(lower(normalize(name || ' ' || coalesce(name_zh, '') || ' ' || coalesce(fields ->> 'shortName', '') || ' ' || coalesce(org_code, '') || ' ' || coalesce(uscc, ''), NFKC)), 500)) stored;
create index organization_search on organization (org_code) include (organization_id, search_text);
create index organization_children on organization (parent_id, org_code);
drop index organization_by_parent;

-- A new organization is seen only when its statement is done, so its id is drawn before (organizations.ts).
grant usage on sequence organization_organization_id_seq to backcheck_app;

-- Systems ---------------------------------------------------------------------------------------------------------

create table system (
  organization_id integer not null references organization,
  system_id integer generated always as identity unique,
  sys_code text collate "C" not null,
  name text not null,
  -- 1 to 5; null: not graded
  mlps_level smallint check (mlps_level between 1 and 5),
  mlps_filing_no text,
  criticality text,
  access text,
  owner_person text,
  status text not null default 'active' check (status in ('active', 'retired')),
  fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
  version integer not null default 1,
  primary key (organization_id, system_id),
  unique (organization_id, sys_code)
);
alter table system enable row level security;
create policy visible on system to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or system_id in (select system_id from visible_system));
create policy everything on system to backcheck_wide using (true) with check (true);
grant select, insert, update, delete on system to backcheck_app;

-- Assets ----------------------------------------------------------------------------------------------------------

alter table asset
  add column asset_code text collate "C",
  add column type text,
  add column exposure text check (exposure in ('yes', 'no', 'unknown')),
  add column exposure_declared_at timestamptz,
  add column exposure_declared_by integer references account,
  add column edge_device boolean,
  add column support_end_on date,
  -- null: known from scans only
  add column register_state text check (register_state in ('candidate', 'confirmed', 'disputed', 'retired')),
  add column registered_at timestamptz,
  -- `ips`, `domains` and the like stand here as somebody wrote them; `identifiers` has them as scans would
  add column fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
  add column version integer not null default 1,
  add foreign key (organization_id, system_id) references system;
create unique index asset_by_code on asset (organization_id, asset_code) where asset_code is not null;
create index asset_registered on asset (organization_id) where register_state is not null;

-- Who declared the exposure, and when, however it is written; an undo puts back who it was before.
create function exposure_declared() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.exposure is distinct from old.exposure and new.exposure_declared_at is not distinct from old.exposure_declared_at then
    new.exposure_declared_at := now();
    new.exposure_declared_by := nullif(current_setting('app.account', true), '')::integer;
  end if;
  return new;
end $$;
create trigger exposure_declared before insert on asset for each row
  when (new.exposure is not null) execute function exposure_declared();
create trigger exposure_changed before update of exposure on asset for each row execute function exposure_declared();

-- Contacts --------------------------------------------------------------------------------------------------------

create table contact (
  organization_id integer not null references organization,
  contact_id integer generated always as identity unique,
  role text not null,
  name text not null,
  mobile text,
  phone text,
  email text,
  im text,
  channel text,
  -- who is called first, second, ...
  position integer not null default 999,
  valid_from date,
  valid_to date,
  last_verified_at timestamptz,
  -- null: not by an account of ours (the register that was imported says so)
  verified_by integer references account,
  fields jsonb not null default '{}' check (jsonb_typeof(fields) = 'object'),
  version integer not null default 1,
  primary key (organization_id, contact_id)
);
select protect('contact');
grant select, insert, update, delete on contact to backcheck_app;

-- Key lists -------------------------------------------------------------------------------------------------------

create table key_list (
  key_list_id integer generated always as identity primary key,
  -- null: of the whole installation
  organization_id integer references organization,
  name text not null,
  purpose text not null,
  reason text,
  approved_by text,
  valid_from date,
  valid_to date,
  version integer not null default 1,
  unique nulls not distinct (organization_id, name)
);
create table key_list_member (
  -- the organization of the member
  organization_id integer not null references organization,
  key_list_id integer not null references key_list on delete cascade,
  member_kind text not null check (member_kind in ('organization', 'system', 'asset')),
  member_id bigint not null,
  primary key (key_list_id, member_kind, member_id, organization_id)
);
create index key_list_member_by_organization on key_list_member (organization_id);
select protect('key_list_member');
-- whoever sees a member sees the list
alter table key_list enable row level security;
create policy visible on key_list to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or key_list_id in (select key_list_id from key_list_member))
  with check (organization_id in (select organization_id from visible_organization));
create policy everything on key_list to backcheck_wide using (true) with check (true);
grant select, insert, update on key_list to backcheck_app;
grant select, insert, delete on key_list_member to backcheck_app;

-- Versions --------------------------------------------------------------------------------------------------------

-- Whatever writes a record raises its version, so that a form that was filled in before is refused.
create function raise_version() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end $$;
-- (its generated column is not known yet to a condition)
create trigger version_raised before update on organization for each row execute function raise_version();
create trigger version_raised before update on system for each row when (old.* is distinct from new.*) execute function raise_version();
create trigger version_raised before update on asset for each row when (old.* is distinct from new.*) execute function raise_version();
create trigger version_raised before update on contact for each row when (old.* is distinct from new.*) execute function raise_version();
create trigger version_raised before update on key_list for each row when (old.* is distinct from new.*) execute function raise_version();

-- One row for each change of one record: the columns and fields that changed, before and after. Only triggers write it.
create table register_change (
  -- null: a key list of the whole installation
  organization_id integer references organization,
  register_change_id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- null: nobody who was signed in
  account_id integer references account,
  via text,
  register_import_id bigint,
  record_kind text not null,
  record_id bigint not null,
  action text not null check (action in ('created', 'updated', 'deleted')),
  before jsonb not null,
  after jsonb not null
);
create index register_change_of_organization on register_change (organization_id, register_change_id desc);
create index register_change_of_record on register_change (record_kind, record_id, register_change_id desc);
create index register_change_of_import on register_change (register_import_id) where register_import_id is not null;
select protect('register_change');
grant select on register_change to backcheck_app;

-- A record as its fields; what is empty is left out.
create function record_fields(record jsonb) returns jsonb language sql immutable parallel safe
  return jsonb_strip_nulls((record - array['fields', 'version', 'created_at', 'search_text', 'identity', 'identifiers', 'registered_at'])
    || coalesce(record -> 'fields', '{}'));

-- What is in `one` and not the same in `other`.
create function fields_beside(one jsonb, other jsonb) returns jsonb language sql immutable parallel safe
  return coalesce((select jsonb_object_agg(key, value) from jsonb_each(one) where other -> key is distinct from value), '{}');

-- Arguments: kind of record, column of its id, and which rows are records of a register (n: a row).
create function record_changes() returns trigger
language plpgsql security definer set search_path = public as $$
declare
  was text := format('select to_jsonb(n) as record from before_it n where %s', tg_argv[2]);
  becomes text := format('select to_jsonb(n) as record from after_it n where %s', tg_argv[2]);
  nothing text := 'select null::jsonb as record where false';
begin
  execute format($sql$
    insert into register_change (organization_id, account_id, via, register_import_id, record_kind, record_id, action, before, after)
    select concerned, nullif(current_setting('app.account', true), '')::integer, nullif(current_setting('app.via', true), ''),
      nullif(current_setting('app.register_import', true), '')::bigint, %L, id, case when old is null then 'created' when new is null then 'deleted' else 'updated' end,
      fields_beside(before, after), fields_beside(after, before)
    from (
      select b.record as old, a.record as new, (coalesce(a.record, b.record) ->> %L)::bigint as id,
        coalesce(record_fields(b.record), '{}') as before, coalesce(record_fields(a.record), '{}') as after
      from (%s) b full join (%s) a on a.record -> %L = b.record -> %L) one
    -- both organizations know of a hand-over
    cross join lateral (select distinct (side ->> 'organization_id')::integer as concerned from unnest(array[old, new]) side where side is not null) two
    where before <> after $sql$,
    tg_argv[0], tg_argv[1],
    case tg_op when 'INSERT' then nothing else was end, case tg_op when 'DELETE' then nothing else becomes end, tg_argv[1], tg_argv[1]);
  return null;
end $$;

do $$
declare one record;
begin
  for one in select * from (values
    ('organization', 'organization_id', 'true'), ('system', 'system_id', 'true'), ('contact', 'contact_id', 'true'), ('key_list', 'key_list_id', 'true'),
    ('asset', 'asset_id', 'n.register_state is not null')) as registers (name, id, condition)
  loop
    execute format('create trigger change_recorded_of_insert after insert on %I referencing new table as after_it
      for each statement execute function record_changes(%L, %L, %L)', one.name, one.name, one.id, one.condition);
    execute format('create trigger change_recorded_of_update after update on %I referencing old table as before_it new table as after_it
      for each statement execute function record_changes(%L, %L, %L)', one.name, one.name, one.id, one.condition);
    execute format('create trigger change_recorded_of_delete after delete on %I referencing old table as before_it
      for each statement execute function record_changes(%L, %L, %L)', one.name, one.name, one.id, one.condition);
  end loop;
end $$;

-- Members have no id of their own; each is part of its list.
create function member_changed() returns trigger
language plpgsql security definer set search_path = public as $$
declare
  member key_list_member := case tg_op when 'DELETE' then old else new end;
  fact jsonb := jsonb_build_object('member', member.member_kind || ':' || member.member_id);
begin
  insert into register_change (organization_id, account_id, via, register_import_id, record_kind, record_id, action, before, after)
  values (member.organization_id, nullif(current_setting('app.account', true), '')::integer, nullif(current_setting('app.via', true), ''),
    nullif(current_setting('app.register_import', true), '')::bigint, 'key_list', member.key_list_id, 'updated',
    case tg_op when 'DELETE' then fact else '{}' end, case tg_op when 'DELETE' then '{}' else fact end);
  return null;
end $$;
create trigger member_changed after insert or delete on key_list_member for each row execute function member_changed();

-- Who an account is, for whoever may see what it did.
create function account_name(of integer) returns text
language sql stable security definer set search_path = public
  return (select name from account where account_id = of);

-- Counts ----------------------------------------------------------------------------------------------------------

-- How much each organization has of its own. The tree adds up what is below a node: over rows of `finding` that took
-- 200 ms for a city of a million findings. Triggers keep it, a row for each organization that a statement touches.
create table organization_count (
  organization_id integer primary key references organization,
  assets integer not null default 0,
  -- findings that are not verified-fixed
  info integer not null default 0,
  low integer not null default 0,
  medium integer not null default 0,
  high integer not null default 0,
  critical integer not null default 0
);
select protect('organization_count');
grant select on organization_count to backcheck_app;

create function count_assets() returns trigger
language plpgsql security definer set search_path = public as $$
declare
  was text := 'select organization_id, -1 as one from before_it';
  becomes text := 'select organization_id, 1 as one from after_it';
begin
  execute format('
    insert into organization_count as c (organization_id, assets)
    select organization_id, sum(one) from (%s) side group by organization_id having sum(one) <> 0 order by organization_id
    on conflict (organization_id) do update set assets = c.assets + excluded.assets',
    case tg_op when 'INSERT' then becomes when 'DELETE' then was else was || ' union all ' || becomes end);
  return null;
end $$;
create trigger counted_insert after insert on asset referencing new table as after_it for each statement execute function count_assets();
create trigger counted_update after update on asset referencing old table as before_it new table as after_it for each statement execute function count_assets();
create trigger counted_delete after delete on asset referencing old table as before_it for each statement execute function count_assets();

-- Severities by their place in packages/core/src/observe/record.ts.
create function count_findings() returns trigger
language plpgsql security definer set search_path = public as $$
declare
  was text := $side$select organization_id, severity, -1 as one from before_it where state <> 'verified-fixed'$side$;
  becomes text := $side$select organization_id, severity, 1 as one from after_it where state <> 'verified-fixed'$side$;
begin
  execute format('
    insert into organization_count as c (organization_id, info, low, medium, high, critical)
    select organization_id, coalesce(sum(n) filter (where severity = 0), 0), coalesce(sum(n) filter (where severity = 1), 0),
      coalesce(sum(n) filter (where severity = 2), 0), coalesce(sum(n) filter (where severity = 3), 0), coalesce(sum(n) filter (where severity = 4), 0)
    from (select organization_id, severity, sum(one) as n from (%s) side group by organization_id, severity having sum(one) <> 0) changed
    group by organization_id order by organization_id
    on conflict (organization_id) do update set info = c.info + excluded.info, low = c.low + excluded.low,
      medium = c.medium + excluded.medium, high = c.high + excluded.high, critical = c.critical + excluded.critical',
    case tg_op when 'INSERT' then becomes when 'DELETE' then was else was || ' union all ' || becomes end);
  return null;
end $$;
create trigger counted_insert after insert on finding referencing new table as after_it for each statement execute function count_findings();
create trigger counted_update after update on finding referencing old table as before_it new table as after_it for each statement execute function count_findings();
create trigger counted_delete after delete on finding referencing old table as before_it for each statement execute function count_findings();

insert into organization_count (organization_id, assets, info, low, medium, high, critical)
select o.organization_id, (select count(*) from asset a where a.organization_id = o.organization_id),
  count(*) filter (where severity = 0), count(*) filter (where severity = 1), count(*) filter (where severity = 2),
  count(*) filter (where severity = 3), count(*) filter (where severity = 4)
from organization o left join finding f on f.organization_id = o.organization_id and f.state <> 'verified-fixed'
group by o.organization_id;
