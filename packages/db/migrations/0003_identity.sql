-- Who is who: which visits belong to which asset, by people's word; which identifier an asset had when; and the
-- questions that only a person can answer. docs/decisions/0008-asset-identity.md.

-- A merge is a link; a split withdraws one, or links to a new identity. Rows are added and withdrawn, never
-- changed. The application keeps links of one identity from overlapping, under the lock of the organization's row.
create table asset_link (
  organization_id integer not null references organization,
  asset_link_id bigint generated always as identity,
  -- as core's identityOf writes it: "ip:192.0.2.7"
  identity text not null,
  target text not null check (target <> identity),
  valid_from timestamptz,
  valid_until timestamptz check (valid_until > valid_from),
  decided_at timestamptz not null,
  decided_by text not null,
  note text not null,
  withdrawn_at timestamptz,
  primary key (organization_id, asset_link_id)
);
create index asset_link_by_identity on asset_link (organization_id, identity) where withdrawn_at is null;

-- The asset that the visit itself names, where a link gives it to another one.
alter table visit add column named_asset_id bigint;
create index visit_by_named_asset on visit (organization_id, named_asset_id) where named_asset_id is not null;

-- A certificate speaks of one asset; it no longer stands when its finding moves to another.
alter table certificate add column asset_id bigint;
update certificate c set asset_id = f.asset_id
  from finding f where f.organization_id = c.organization_id and f.finding_id = c.finding_id;
alter table supersession drop constraint supersession_cause_check;
alter table supersession add constraint supersession_cause_check
  check (cause in ('regressed', 'quarantined', 'replaced', 'register'));

-- A finding that a merge made one with another: its papers are found from there.
create table absorbed_finding (
  organization_id integer not null,
  finding_id bigint not null,
  into_finding_id bigint not null,
  primary key (organization_id, finding_id)
);
create index absorbed_finding_by_target on absorbed_finding (into_finding_id);

-- "Who had 192.0.2.7 on that day?" From the first to the last visit that reached the asset and saw the
-- identifier there; all of it follows from the visits that are not quarantined.
create table asset_identifier (
  organization_id integer not null,
  asset_id bigint not null,
  kind text not null,
  value text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (organization_id, asset_id, kind, value)
) with (fillfactor = 80);
create index asset_identifier_by_value on asset_identifier (organization_id, value, kind);

-- Addresses that move from machine to machine (COVERAGE.md 5.1).
create table address_range (
  organization_id integer not null references organization,
  cidr cidr not null,
  kind text not null default 'dhcp' check (kind in ('dhcp')),
  primary key (organization_id, cidr)
);

-- Several machines behind one identity (COVERAGE.md 5.3).
create table balanced_asset (
  organization_id integer not null references organization,
  identity text not null,
  backends integer not null check (backends between 2 and 100),
  primary key (organization_id, identity)
);

-- A question for a person; nothing is ever merged without the answer. Without another asset: one asset answered
-- as two machines. Each pair, and each new identifier of one asset, is asked once.
create table identity_task (
  organization_id integer not null,
  identity_task_id bigint generated always as identity,
  kind text not null check (kind in ('same-address', 'maybe-same')),
  asset_id bigint not null,
  other_asset_id bigint check (other_asset_id > asset_id),
  -- what they share, or what the second machine showed
  identifier_kind text not null,
  identifier_value text not null,
  raised_at timestamptz not null,
  resolution text check (resolution in ('merge', 'different')),
  resolved_at timestamptz,
  resolved_by text,
  note text,
  primary key (organization_id, identity_task_id),
  check ((resolution is null) = (resolved_at is null) and (resolution is null) = (resolved_by is null))
);
create unique index identity_task_of_pair on identity_task (organization_id, asset_id, other_asset_id)
  where other_asset_id is not null;
create unique index identity_task_of_asset on identity_task (organization_id, asset_id, identifier_kind, identifier_value)
  where other_asset_id is null;
create index identity_task_of_other on identity_task (organization_id, other_asset_id) where resolution is null;
create index identity_task_open on identity_task (organization_id, identity_task_id) where resolution is null;

insert into asset_identifier (organization_id, asset_id, kind, value, first_seen, last_seen)
select organization_id, asset_id, kind, value, min(first_seen), max(last_seen)
from (
  select v.organization_id, v.asset_id, i.kind,
    case when i.kind = 'fqdn' then rtrim(lower(i.value), '.') when i.kind in ('ip', 'mac', 'agent') then lower(i.value) else i.value end as value,
    coalesce(v.started_at, s.imported_at) as first_seen, coalesce(v.finished_at, v.started_at, s.imported_at) as last_seen
  from visit v
  join scan s on s.organization_id = v.organization_id and s.scan_id = v.scan_id and s.quarantined_at is null
  cross join lateral jsonb_to_recordset(v.identifiers) as i(kind text, value text)
  where v.reached) one
where octet_length(value) <= 1000
group by organization_id, asset_id, kind, value;

grant select, insert, update, delete on asset_identifier, address_range, balanced_asset, identity_task, absorbed_finding to backcheck_app;
grant select, insert, update on asset_link to backcheck_app;
