-- The audit log: docs/audit.md, docs/decisions/0013-audit-log.md. One row for each change, each refused change and each
-- read of sensitive evidence.

create table audit_entry (
  audit_entry_id bigint generated always as identity primary key,
  -- Null: the installation. No foreign keys: an insert must not wait for an import that holds the organization's row,
  -- and what happened stays true whatever becomes of the account.
  organization_id integer,
  at timestamptz not null,
  account_id integer,
  account_name text,
  via text check (via in ('session', 'api-key', 'job')),
  address text,
  action text not null,
  object text not null,
  object_id text,
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object' and length(details::text) <= 2000),
  -- the ledger entry that seals it, and its place among the leaves
  ledger_seq integer,
  leaf_index integer,
  check ((ledger_seq is null) = (leaf_index is null)),
  check ((account_id is null) = (account_name is null))
);
-- newest first: of all, of one organization, of one account, about one kind of thing, of one kind of deed
create index audit_entry_by_time on audit_entry (at, audit_entry_id);
create index audit_entry_by_organization on audit_entry (organization_id, at, audit_entry_id);
create index audit_entry_by_account on audit_entry (account_id, at, audit_entry_id);
create index audit_entry_by_object on audit_entry (object, at, audit_entry_id);
create index audit_entry_by_action on audit_entry (action, at, audit_entry_id);
create index audit_entry_unsealed on audit_entry (coalesce(organization_id, 0), audit_entry_id) where ledger_seq is null;
-- a leaf is one entry, and an export reads a chain in its order
create unique index audit_entry_by_leaf on audit_entry (coalesce(organization_id, 0), ledger_seq, leaf_index)
  where ledger_seq is not null;

-- Anybody's request adds to it, also about what they may not see; nobody changes or deletes a row. Sealing fills the two
-- last columns, once: a sealed row is not there for an update.
grant insert, select on audit_entry to backcheck_app;
-- sign-in writes its entries too; it sees no organization, so they are the installation's
grant insert on audit_entry to backcheck_auth;
grant select (organization_id) on organization to backcheck_auth;
grant select on visible_organization, visible_system to backcheck_auth;
grant update (ledger_seq, leaf_index) on audit_entry to backcheck_wide;
alter table audit_entry enable row level security;
create policy visible on audit_entry for select to backcheck_app
  using (organization_id in (select organization_id from visible_organization));
create policy everything on audit_entry for select to backcheck_wide using (true);
create policy written on audit_entry for insert to backcheck_app, backcheck_auth with check (ledger_seq is null);
create policy sealed_once on audit_entry for update to backcheck_wide
  using (ledger_seq is null) with check (ledger_seq is not null);

-- The chain of the installation is that of organization 0, which is no organization; all others still must exist.
alter table ledger drop constraint ledger_organization_id_fkey;
alter table ledger add column of_organization integer generated always as (nullif(organization_id, 0)) stored references organization;

-- Whose records this transaction has changed, for the entry of a request that names only a record's id.
create function note_changed_organization() returns trigger
language plpgsql as $$
declare
  changed text := (select case when min(organization_id) = max(organization_id) then min(organization_id)::text else 'several' end from added);
  before text := nullif(current_setting('app.changed', true), '');
begin
  perform set_config('app.changed', case when before is null or before = changed then changed else 'several' end, true);
  return null;
end $$;
create trigger note_changed_organization after insert on register_change
  referencing new table as added for each statement execute function note_changed_organization();
