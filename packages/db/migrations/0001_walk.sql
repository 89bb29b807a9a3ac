-- The walk: scan -> visit, coverage, sighting -> finding -> certificate -> ledger.
-- The organization leads every key, so that the tables can be distributed by it.
-- Small closed lists are stored as their index in packages/core/src/observe/record.ts (TRANSPORTS, METHODS,
-- CREDENTIALS, EVIDENCE, SEVERITIES, REASONS); those lists may only grow at their end.

create table organization (
  organization_id integer generated always as identity primary key,
  name text not null check (name <> ''),
  name_zh text,
  created_at timestamptz not null default now()
);
create unique index organization_name on organization (name);

create table asset (
  organization_id integer not null references organization,
  asset_id bigint generated always as identity,
  identity text not null,
  identifiers jsonb not null,
  primary key (organization_id, asset_id),
  unique (organization_id, identity)
);
-- "findings of 192.0.2.7": any identifier, not only the one that names the asset
create index asset_by_identifier on asset using gin (identifiers jsonb_path_ops);

-- "nessus:51192". Shared by all organizations, as are the two tables after it.
create table check_definition (
  check_id integer generated always as identity primary key,
  name text not null unique,
  prefix text not null,
  number integer
);

-- A set of checks that a scan ran, stored once however many scans ran it: a Nessus plugin set is
-- 139,907 numbers, 13 kB as a multirange and 560 kB as an array (COVERAGE.md section 3).
create table check_set (
  check_set_id integer generated always as identity primary key,
  sha256 bytea not null unique,
  kind text not null check (kind in ('ids', 'ranges', 'all')),
  tool text not null,
  members integer[] not null default '{}',
  numbers int4multirange not null default '{}'
);

-- What a tool says of a finding, stored once: a thousand assets share the text of one plugin.
create table description (
  description_id integer generated always as identity primary key,
  sha256 bytea not null unique,
  title text not null,
  severity smallint not null,
  cve text[] not null,
  cwe text[] not null,
  cvss text[] not null
);

create table scan (
  organization_id integer not null references organization,
  scan_id bigint generated always as identity,
  sha256 bytea not null,
  file_name text not null,
  format text not null,
  tool text not null,
  tool_version text,
  feed text,
  version_key text collate "C",
  feed_key text collate "C",
  started_at timestamptz,
  finished_at timestamptz,
  time_source text not null check (time_source in ('file', 'declared', 'none')),
  declared_by text check (declared_by in ('coordinator', 'runner', 'organization')),
  submitted_by text not null check (submitted_by in ('coordinator', 'runner', 'organization')),
  vantage text not null,
  complete boolean not null,
  truncated boolean not null,
  -- how many assets it visited and how many of them answered
  assets integer not null,
  assets_reached integer not null,
  imported_at timestamptz not null,
  quarantined_at timestamptz,
  primary key (organization_id, scan_id),
  -- Two runs of a tool that writes no time can give the same bytes: with another declared time it is another scan.
  unique nulls not distinct (organization_id, sha256, started_at)
);
-- "which scan of this tool looked elsewhere?" on the findings list
create index scan_by_tool on scan (organization_id, tool, started_at desc);

create table visit (
  organization_id integer not null,
  scan_id bigint not null,
  visit_no integer not null,
  asset_id bigint not null,
  reached boolean not null,
  reason smallint,
  started_at timestamptz,
  finished_at timestamptz,
  credential smallint not null,
  strong text[] not null,
  identifiers jsonb not null,
  primary key (organization_id, scan_id, visit_no),
  foreign key (organization_id, scan_id) references scan,
  foreign key (organization_id, asset_id) references asset
);
-- every scan of one asset: reconcile and the finding's history
create index visit_by_asset on visit (organization_id, asset_id);

-- One row is one claim: a coverage record, or explicit verdicts of one visit on one port with one outcome.
create table coverage (
  organization_id integer not null,
  scan_id bigint not null,
  visit_no integer not null,
  coverage_no integer not null,
  asset_id bigint not null,
  transport smallint not null,
  ports int4multirange not null,
  check_set_id integer not null references check_set,
  within text[],
  method smallint not null,
  credential smallint not null,
  evidence smallint not null,
  reason smallint,
  assumptions text[] not null,
  explicit boolean not null,
  primary key (organization_id, scan_id, coverage_no),
  foreign key (organization_id, scan_id, visit_no) references visit
);
create index coverage_by_asset on coverage (organization_id, asset_id);

-- No foreign keys to asset, check_definition and description: the one statement that inserts findings joins
-- all three, and checking each row again took two thirds of a first import.
create table finding (
  organization_id integer not null,
  finding_id bigint generated always as identity,
  asset_id bigint not null,
  check_id integer not null,
  port integer not null,
  transport smallint not null,
  -- '' for an empty locus, else 16 bytes of its SHA-256: a locus may be longer than a B-tree entry
  locus_key bytea not null,
  locus text not null,
  description_id integer not null,
  described_at timestamptz not null,
  severity smallint not null,
  first_seen timestamptz not null,
  state text not null check (state in ('open', 'fixed-unverified', 'regressed', 'verified-fixed')),
  reason smallint,
  reason_scan_id bigint,
  certificate_id bigint,
  changed_at timestamptz not null,
  -- the id leads because it is unique over all organizations and comes alone from the screen
  primary key (finding_id, organization_id),
  unique (organization_id, asset_id, check_id, port, transport, locus_key),
  -- The third lock: a finding is closed if and only if a certificate proves it.
  constraint closed_only_by_proof check ((state = 'verified-fixed') = (certificate_id is not null))
) with (fillfactor = 85);
-- the orders of the findings list
create index finding_by_severity on finding (severity desc, finding_id desc);
create index finding_by_age on finding (first_seen, finding_id);
create index finding_by_change on finding (changed_at desc, finding_id desc);

-- Which findings a visit saw: one row for all of one method and credential, not one for each finding.
-- A rescan in which nothing changed writes these rows and no finding.
create table sighting (
  organization_id integer not null,
  scan_id bigint not null,
  visit_no integer not null,
  asset_id bigint not null,
  method smallint not null,
  credential smallint not null,
  finding_ids bigint[] not null,
  primary key (organization_id, scan_id, visit_no, method, credential),
  foreign key (organization_id, scan_id, visit_no) references visit
);
create index sighting_by_asset on sighting (organization_id, asset_id);

-- Hash chain of one organization: one entry for each import, with the Merkle root of what it closed and reopened.
create table ledger (
  organization_id integer not null references organization,
  seq integer not null check (seq >= 1),
  entry jsonb not null,
  hash bytea not null,
  primary key (organization_id, seq)
);

create table ledger_leaf (
  organization_id integer not null,
  seq integer not null,
  leaf_index integer not null,
  hash bytea not null,
  -- canonical JSON (RFC 8785), kept as text because its bytes are what was hashed
  record text not null,
  primary key (organization_id, seq, leaf_index),
  -- deferred: the entry carries the root, which is known only after its last leaf
  foreign key (organization_id, seq) references ledger deferrable initially deferred
);

create table certificate (
  organization_id integer not null,
  certificate_id bigint generated always as identity,
  finding_id bigint not null,
  seq integer not null,
  leaf_index integer not null,
  scan_id bigint not null,
  evidence smallint not null,
  at timestamptz not null,
  primary key (organization_id, certificate_id),
  unique (organization_id, seq, leaf_index),
  foreign key (organization_id, seq, leaf_index) references ledger_leaf
);
create index certificate_by_finding on certificate (finding_id);
create index certificate_by_id on certificate (certificate_id);
alter table finding add foreign key (organization_id, certificate_id) references certificate;

create table supersession (
  organization_id integer not null,
  certificate_id bigint not null,
  cause text not null check (cause in ('regressed', 'quarantined', 'replaced')),
  seq integer not null,
  leaf_index integer not null,
  recorded_at timestamptz not null,
  primary key (organization_id, certificate_id),
  foreign key (organization_id, certificate_id) references certificate,
  foreign key (organization_id, seq, leaf_index) references ledger_leaf
);

-- What a person adds. Overlays the state when it is read; never closes.
create table decision (
  organization_id integer not null,
  decision_id bigint generated always as identity,
  finding_id bigint not null,
  kind text not null check (kind in ('claimed', 'accepted', 'false-positive', 'not-applicable', 'revoked')),
  decided_at timestamptz not null,
  decided_by text not null,
  note text not null,
  expires_at timestamptz,
  primary key (organization_id, decision_id)
);
create index decision_by_finding on decision (finding_id);

-- The application's role: it can add to the ledger and to what hangs on it, and change none of it.
do $$ begin
  if not exists (select from pg_roles where rolname = 'backcheck_app') then create role backcheck_app nologin; end if;
end $$;
grant usage on schema public to backcheck_app;
grant select, insert, update, delete on organization, asset, scan, visit, coverage, sighting, finding, decision to backcheck_app;
grant select, insert on check_definition, check_set, description, ledger, ledger_leaf, certificate, supersession to backcheck_app;
-- ids of findings are drawn before they are inserted (resolve.ts)
grant usage on sequence finding_finding_id_seq to backcheck_app;

-- A large import changes the tables faster than autovacuum looks, and its next statements join what it has just
-- written. Only the owner may analyze, so the application calls this (statistics.ts).
create function refresh_statistics() returns void language plpgsql security definer set search_path = public as $$
begin
  analyze asset; analyze scan; analyze visit; analyze coverage; analyze sighting; analyze finding; analyze check_set;
end $$;
revoke all on function refresh_statistics() from public;
grant execute on function refresh_statistics() to backcheck_app;
