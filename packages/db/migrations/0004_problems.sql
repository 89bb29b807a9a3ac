-- Same weakness, several tools: grouping as problems, closing across tools, registered scan profiles.

-- Whether a scan may close another tool's finding where an equivalence declares it (COVERAGE.md 5.18). Off unless asked for.
alter table organization add column cross_tool boolean not null default false;

-- A certificate that rests on a stand-in ceases to stand when the organization switches that off.
alter table supersession drop constraint supersession_cause_check;
alter table supersession add constraint supersession_cause_check check (cause in ('regressed', 'quarantined', 'replaced', 'disallowed', 'register'));

-- The equivalences of packages/core/src/problem, as equivalences.ts last wrote them. locus null: any; ending in "#": all that begin so.
create table equivalence_member (
  equivalence text not null,
  check_name text not null,
  locus text,
  rank smallint not null,
  closes boolean not null,
  unique nulls not distinct (check_name, locus)
);

create function sorted_texts(texts text[]) returns text language sql immutable parallel safe
  return (select string_agg(one, ',' order by one collate "C") from (select distinct unnest(texts) as one) d);
-- '' where the tool names none: part of the problem's key (problem-key.ts), computed once for each text of a tool
alter table description add column cve_key text not null generated always as (coalesce(sorted_texts(cve), '')) stored;

-- Equal for findings of one asset that are one problem: 64 bits of a hash of core's `problemOf(...).key`
-- (problem-key.ts). Whoever migrates fills it in for what is there.
alter table finding add column problem bigint not null default 0;
-- the findings of one problem: counts in the list, and whether a better one leads it
create index finding_by_problem on finding (asset_id, problem);

-- How a tool is run, and which assumptions that supplies (docs/profiles.md). Content is never changed: scans name it.
create table scan_profile (
  scan_profile_id integer generated always as identity primary key,
  -- null: for all organizations
  organization_id integer references organization,
  name text not null,
  version integer not null,
  tool text not null,
  content jsonb not null,
  -- of the canonical JSON (RFC 8785) of the content
  sha256 bytea not null,
  registered_at timestamptz not null,
  registered_by integer references account,
  retired_at timestamptz,
  unique nulls not distinct (organization_id, name, version)
);

alter table scan add column scan_profile_id integer references scan_profile;
alter table import add column scan_profile_id integer references scan_profile;
-- E2 only because the scan's profile supplies its assumptions
alter table coverage add column lifted boolean not null default false;

grant select on equivalence_member to backcheck_app;
grant select, insert, update (retired_at) on scan_profile to backcheck_app;
