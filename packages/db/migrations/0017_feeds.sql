-- What is known of vulnerabilities: docs/feeds.md.

-- Each file that was taken in; rows are only added. The entries themselves are kept of the newest only.
create table feed_version (
  feed_version_id integer generated always as identity primary key,
  feed text not null check (feed in ('kev', 'epss', 'nvd', 'cve', 'cnvd', 'cnnvd')),
  -- as the publisher names it; where it names none, the time of publication or the start of the file's hash
  version text not null,
  -- null: the file does not say
  published_at timestamptz,
  -- in this file
  entries integer not null,
  -- that were known of this feed after it, from all files
  known integer not null,
  -- of the file as it came; null: taken in by an earlier version of Backcheck
  sha256 text,
  -- null: fetched by itself
  taken_in_by integer references account,
  taken_in_at timestamptz not null
);
create index feed_version_latest on feed_version (feed, feed_version_id desc);

create table feed_setting (
  feed text primary key check (feed in ('kev', 'epss', 'nvd', 'cve', 'cnvd', 'cnnvd')),
  -- https address that it is fetched from once a day; null: only files
  address text,
  -- after so many days the feed is said to be stale; null: the standard of core's FEEDS
  stale_after integer check (stale_after between 1 and 3650),
  -- of the last attempt to take it in that failed, while none has succeeded since
  failed_at timestamptz,
  -- code and facts of a problem
  failure jsonb,
  -- asked for and not yet tried
  asked_at timestamptz
);

-- The list of 0014 is the newest version of one feed among others.
insert into feed_version (feed, version, published_at, entries, known, taken_in_by, taken_in_at)
  select 'kev', version, released_at, entries, entries, taken_in_by, taken_in_at from known_exploited_list;
drop table known_exploited_list;
create view known_exploited_list as
  select version, published_at as released_at, entries, taken_in_at from feed_version
  where feed = 'kev' order by feed_version_id desc limit 1;

alter table known_exploited
  -- CISA's own date of the entry
  add due_on date,
  add name text,
  add required_action text,
  -- known to be used by ransomware; null: CISA does not say
  add ransomware boolean;

-- FIRST's Exploit Prediction Scoring System: probability of exploitation within 30 days, and its rank
create table epss (
  cve text primary key,
  score real not null check (score between 0 and 1),
  percentile real check (percentile between 0 and 1)
);

-- One row for each CVE that NVD or the CVE list described; each of them writes its own columns.
create table vulnerability (
  cve text primary key,
  title text,
  -- withdrawn by who assigned it
  rejected boolean not null default false,
  nvd_version integer references feed_version,
  nvd_cvss text[] not null default '{}',
  nvd_cwe text[] not null default '{}',
  cve_version integer references feed_version,
  cve_cvss text[] not null default '{}',
  cve_cwe text[] not null default '{}',
  cvss text[] not null generated always as (nvd_cvss || cve_cvss) stored,
  cwe text[] not null generated always as (nvd_cwe || cve_cwe) stored,
  -- what CISA's Vulnrichment said in the CVE record, with its day; null: nothing
  exploitation text check (exploitation in ('none', 'poc', 'active')),
  automatable boolean,
  technical_impact text check (technical_impact in ('partial', 'total')),
  assessed_at timestamptz
);

create table national_vulnerability (
  -- CNVD-2026-12345, CNNVD-202611-1234
  id text primary key,
  feed text not null check (feed in ('cnvd', 'cnnvd')),
  cve text[] not null,
  title text,
  -- as given: 高, 中, 低, 超危 …
  severity text,
  published_on date,
  feed_version_id integer not null references feed_version
);
create index national_vulnerability_by_cve on national_vulnerability using gin (cve);

grant select on feed_version, feed_setting, known_exploited_list, epss, vulnerability, national_vulnerability to backcheck_app, backcheck_wide;
-- Everybody's, so written only by whoever sees the whole installation.
grant insert on feed_version to backcheck_wide;
-- in the transaction that made it
grant update (entries, known) on feed_version to backcheck_wide;
grant insert, update, delete on feed_setting, epss, vulnerability, national_vulnerability to backcheck_wide;

-- One feed is fetched soon; null: all that have an address.
create function queue_fetch(feed text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if to_regnamespace('graphile_worker') is null then return; end if;
  perform graphile_worker.add_job(
    'fetch-feeds',
    json_build_object('feed', feed),
    queue_name => 'feeds',
    max_attempts => 3,
    job_key => 'fetch-feeds:' || coalesce(feed, 'all'),
    priority => 5
  );
end $$;
revoke execute on function queue_fetch from public;
grant execute on function queue_fetch to backcheck_wide;
