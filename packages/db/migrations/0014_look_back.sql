-- Look-back campaigns, rescans by risk and the list of what is known to be exploited: docs/look-back.md.

create table look_back (
  look_back_id integer generated always as identity primary key,
  -- the node whose closed findings it draws from, with all below; null: the whole installation
  organization_id integer references organization,
  chain integer generated always as (coalesce(organization_id, 0)) stored,
  title text not null,
  -- the contract's LookBackRule
  rule jsonb not null,
  -- null: all that match
  sample integer check (sample >= 1),
  strata text not null check (strata in ('none', 'severity', 'organization')),
  -- core's DRAW_METHOD of its day
  method text not null,
  seed text not null check (seed ~ '^[0-9a-f]{64}$'),
  published_by integer not null references account,
  published_at timestamptz not null,
  -- the ledger entries of its chain that hold the publication and the draw
  published_seq integer not null,
  drawn_by integer references account,
  drawn_at timestamptz,
  drawn_seq integer check (drawn_seq > published_seq),
  population_sha256 bytea,
  drawn_sha256 bytea,
  -- [{"stratum":"high","population":120,"drawn":12}]: counted at the draw
  strata_sizes jsonb,
  started_by integer references account,
  started_at timestamptz,
  -- every retest has been asked for
  requested_at timestamptz,
  foreign key (chain, published_seq) references ledger,
  foreign key (chain, drawn_seq) references ledger,
  check (num_nulls(drawn_by, drawn_at, drawn_seq, population_sha256, drawn_sha256, strata_sizes) in (0, 6)),
  check (started_at is null or drawn_at is not null),
  check (requested_at is null or started_at is not null)
);

-- The population of a draw, frozen: what was closed at that moment, and by which certificate.
create table look_back_finding (
  organization_id integer not null,
  look_back_id integer not null references look_back,
  finding_id bigint not null,
  certificate_id bigint not null,
  -- leaf hash of the certificate: the key of the draw
  certificate_hash bytea not null,
  severity smallint not null,
  drawn boolean not null default false,
  retest_id bigint,
  -- handed over or merged between the draw and the retest: nobody can tell any more
  gone boolean not null default false,
  -- no foreign keys to finding and certificate: hand-overs and merges move those, and a draw stays what it was
  primary key (organization_id, look_back_id, finding_id)
);
create unique index look_back_finding_by_certificate on look_back_finding (look_back_id, certificate_hash);
create index look_back_finding_drawn on look_back_finding (look_back_id, organization_id, finding_id) where drawn;

alter table retest add foreign key (look_back_id) references look_back;

-- A part of a draw proves nothing: whoever does not see every organization below the node does not see it at all.
alter table look_back enable row level security;
create policy visible on look_back to backcheck_app using (
  organization_id is not null and not exists (
    select from organization_ancestor a where a.ancestor_id = look_back.organization_id
      and a.organization_id not in (select organization_id from visible_organization)));
create policy everything on look_back to backcheck_wide using (true) with check (true);
alter table look_back_finding enable row level security;
create policy visible on look_back_finding to backcheck_app using (look_back_id in (select look_back_id from look_back));
create policy everything on look_back_finding to backcheck_wide using (true) with check (true);
grant select, insert on look_back, look_back_finding to backcheck_app;
-- the id is drawn before the row: its publication names it
grant usage on sequence look_back_look_back_id_seq to backcheck_app;
grant update (drawn_by, drawn_at, drawn_seq, population_sha256, drawn_sha256, strata_sizes, started_by, started_at, requested_at)
  on look_back to backcheck_app;
grant update (drawn, retest_id, gone) on look_back_finding to backcheck_app;

create function queue_look_back(look_back_id integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job(
    'start-look-back',
    json_build_object('lookBackId', look_back_id::text),
    queue_name => 'look-back:' || look_back_id,
    max_attempts => 10,
    job_key => 'look-back:' || look_back_id
  );
end $$;
revoke execute on function queue_look_back from public;
grant execute on function queue_look_back to backcheck_app;

-- An organization whose closed findings are looked at again by themselves, at intervals by risk (core's RESCAN_INTERVALS).
-- A table and not a column of the organization: switching it is no change of the register.
create table rescan_plan (
  organization_id integer primary key references organization,
  -- whose the retests are
  switched_on_by integer not null references account,
  switched_on_at timestamptz not null
);
select protect('rescan_plan');
-- what a person says to be fixed
create index decision_claimed on decision (organization_id, finding_id) where kind = 'claimed';
grant select, insert, delete on rescan_plan to backcheck_app;

-- CISA's catalogue of known exploited vulnerabilities, as it was taken in last. The same for everybody.
create table known_exploited (
  cve text primary key,
  added_on date not null
);
create table known_exploited_list (
  one boolean primary key default true check (one),
  version text not null,
  released_at timestamptz not null,
  entries integer not null,
  taken_in_by integer not null references account,
  taken_in_at timestamptz not null
);
grant select on known_exploited, known_exploited_list to backcheck_app;
-- written only by whoever sees the whole installation
grant insert, update, delete on known_exploited, known_exploited_list to backcheck_wide;
