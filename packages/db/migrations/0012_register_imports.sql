-- Sheets of records that offices send: staged as a difference, applied in one transaction, undone by register_change.
-- One file may hold several sheets of several registers.

create table register_import (
  register_import_id bigint generated always as identity primary key,
  -- the node below which new organizations come that name no parent; null: none was named
  organization_id integer references organization,
  created_by integer not null references account,
  file_name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  state text not null default 'uploaded'
    check (state in ('uploaded', 'staging', 'ready', 'applying', 'applied', 'undoing', 'undone')),
  -- as read: name, header row, headers, samples; and what each column is taken for
  sheets jsonb not null,
  rows_read integer not null default 0,
  rows_total integer not null,
  counts jsonb not null default '{}',
  skip text[] not null default '{}',
  problem jsonb,
  blockers jsonb not null default '[]',
  -- who asked for the step that is under way, and with it for its permissions
  asked_by integer not null references account,
  -- changes up to this one belong to an application that was undone
  undone_through bigint not null default 0,
  created_at timestamptz not null default now(),
  staged_at timestamptz,
  applied_at timestamptz,
  undone_at timestamptz
);
create index register_import_by_account on register_import (created_by, register_import_id desc);

-- Whoever sent it, and whoever may work with all that it was sent for.
alter table register_import enable row level security;
create policy visible on register_import to backcheck_app using (
  created_by = nullif(current_setting('app.account', true), '')::integer
  or organization_id in (select organization_id from visible_organization));
create policy everything on register_import to backcheck_wide using (true) with check (true);
grant select, insert, update on register_import to backcheck_app;

create table register_import_row (
  register_import_id bigint not null references register_import on delete cascade,
  sheet_no smallint not null,
  row_no integer not null,
  kind text not null check (kind in ('organization', 'system', 'asset', 'contact')),
  outcome text not null check (outcome in ('new', 'changed', 'same', 'conflict', 'error')),
  -- the stored record that it is, and what that was when the difference was made; null: there is none
  organization_id integer,
  record_id bigint,
  version integer,
  key text not null,
  -- by field: [before, after]
  changes jsonb not null,
  -- the whole record as it will be: columns of its table, fields without a column, and what it refers to by code
  columns jsonb not null,
  fields jsonb not null,
  organization_code text,
  parent_code text,
  system_code text,
  -- of an asset: as a scan would name it
  identity text,
  identifiers jsonb,
  problems jsonb not null,
  warnings jsonb not null,
  primary key (register_import_id, sheet_no, row_no)
);
create index register_import_row_by_outcome on register_import_row (register_import_id, outcome, sheet_no, row_no);

-- A row shows what is stored, so it also takes the right to see that.
alter table register_import_row enable row level security;
create policy visible on register_import_row to backcheck_app using (
  register_import_id in (select register_import_id from register_import)
  and (organization_id is null or organization_id in (select organization_id from visible_organization)));
create policy everything on register_import_row to backcheck_wide using (true) with check (true);
grant select, insert, delete on register_import_row to backcheck_app;

-- What the columns of a sheet with these headers are: of one organization, or, where an import named none, of one account.
create table register_mapping (
  organization_id integer references organization,
  account_id integer references account,
  headers_sha256 bytea not null,
  kind text,
  columns jsonb not null,
  unique nulls not distinct (organization_id, account_id, headers_sha256),
  check ((organization_id is null) <> (account_id is null))
);
alter table register_mapping enable row level security;
create policy visible on register_mapping to backcheck_app using (
  account_id = nullif(current_setting('app.account', true), '')::integer
  or organization_id in (select organization_id from visible_organization));
create policy everything on register_mapping to backcheck_wide using (true) with check (true);
grant select, insert, update on register_mapping to backcheck_app;

-- Steps that change the registers wait for each other; staging only for itself.
create function queue_register_import(register_import_id bigint, changes_registers boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job(
    'register-import',
    json_build_object('registerImportId', register_import_id::text),
    queue_name => case when changes_registers then 'register-import' else 'register-import:' || register_import_id end,
    max_attempts => 5,
    job_key => 'register-import:' || register_import_id
  );
end $$;
revoke execute on function queue_register_import from public;
grant execute on function queue_register_import to backcheck_app;

-- A record that an import made may be removed when that is undone, and its history stays.
alter table register_change drop constraint register_change_organization_id_fkey;
alter table organization_count
  drop constraint organization_count_organization_id_fkey,
  add foreign key (organization_id) references organization on delete cascade;

-- Which of these records anything else in the database belongs to: any table that names them, now or later. Histories,
-- counts, the queue and the tree itself do not count. `key_column`: organization_id, system_id or asset_id.
create function records_in_use(key_column text, organizations integer[], records bigint[]) returns setof bigint
language plpgsql stable security definer set search_path = public as $$
declare
  holder record;
begin
  for holder in
    select c.oid::regclass as name, exists (
      select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)
      -- the node of a right to a system may stand above the system's organization
      and c.relname <> 'access_grant' as has_organization
    from pg_class c join pg_attribute k on k.attrelid = c.oid and k.attname = key_column and not k.attisdropped
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and c.relname not in (replace(key_column, '_id', ''), 'organization_ancestor', 'organization_count', 'register_change',
        'register_import_row', 'ownership_queue')
  loop
    -- the organization leads the indexes of the large tables
    return query execute format(
      'select distinct one.record from unnest($1, $2) as one(organization, record) where exists (select from %s h where h.%I = one.record %s)',
      holder.name, key_column, case when holder.has_organization then 'and h.organization_id = one.organization' else '' end)
      using organizations, records;
  end loop;
  if key_column = 'organization_id' then
    return query select o.parent_id::bigint from organization o where o.parent_id = any (records) and not o.organization_id = any (records);
    return query select o.merged_into::bigint from organization o where o.merged_into = any (records) and not o.organization_id = any (records);
  end if;
  return query select m.member_id from key_list_member m
    join unnest(organizations, records) as one(organization, record) on m.organization_id = one.organization and m.member_id = one.record
    where m.member_kind = replace(key_column, '_id', '');
end $$;
revoke execute on function records_in_use from public;
grant execute on function records_in_use to backcheck_app;

create function organization_removed() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  delete from organization_ancestor where organization_id in (select organization_id from removed);
  return null;
end $$;
create trigger organization_removed after delete on organization
  referencing old table as removed for each statement execute function organization_removed();
