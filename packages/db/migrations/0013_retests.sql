-- Looking again: what an organization signed, what was asked for, and what runners did. docs/decisions/0015-retests.md.

create table test_authorization (
  organization_id integer not null references organization,
  test_authorization_id bigint generated always as identity,
  title text not null,
  ranges cidr[] not null,
  -- lower case, no final dot; "*.example.org" for all names below
  names text[] not null,
  -- core's PROBE_METHODS; `forbidden` wins
  allowed text[] not null check (allowed <> '{}'),
  forbidden text[] not null,
  -- core's TestWindow; empty: at any time
  windows jsonb not null,
  time_zone text not null,
  -- new connections a second, over everything that runs under it
  rate integer not null check (rate between 1 and 1000),
  -- from where the organization will see the probes come
  source_addresses inet[] not null,
  stop_contact_name text not null,
  stop_contact_phone text not null,
  -- who signed the paper, and the paper itself in the file store
  signed_by text not null,
  document_name text not null,
  document_size bigint not null,
  document_sha256 bytea not null,
  valid_from timestamptz not null,
  expires_at timestamptz not null check (expires_at > valid_from),
  drafted_by integer not null references account,
  drafted_at timestamptz not null,
  approved_by integer references account check (approved_by <> drafted_by),
  approved_at timestamptz,
  stopped_by integer references account,
  stopped_at timestamptz,
  revoked_by integer references account,
  revoked_at timestamptz,
  primary key (organization_id, test_authorization_id),
  check (ranges <> '{}' or names <> '{}')
);
create index test_authorization_by_id on test_authorization (test_authorization_id);

-- A process that looks from one place. The server's own are registered by themselves, without a key.
create table runner (
  runner_id integer generated always as identity primary key,
  -- null: works for every organization
  organization_id integer references organization,
  name text not null,
  vantage text not null,
  key_hash bytea unique,
  -- Ed25519, 32 bytes: fixed at its first contact; every result is signed with it
  public_key bytea,
  version text,
  -- [{"engine":"nmap","version":"7.93"}, {"engine":"nuclei","install":"…"}]
  tools jsonb not null default '[]',
  registered_by integer references account,
  registered_at timestamptz not null,
  seen_at timestamptz,
  revoked_at timestamptz
);
create unique index runner_name on runner (coalesce(organization_id, 0), name) where revoked_at is null;

-- A person's word that findings are fixed. A claim overlays the state (table decision); it never closes.
create table fix_claim (
  organization_id integer not null references organization,
  fix_claim_id bigint generated always as identity,
  -- core's FIX_CAUSES
  cause text not null,
  measure text not null,
  -- similar weaknesses elsewhere; null: not looked for
  similar_found integer check (similar_found >= 0),
  similar_fixed integer check (similar_fixed between 0 and similar_found),
  claimed_by integer not null references account,
  claimed_at timestamptz not null,
  idempotency_key text,
  request_sha256 bytea not null,
  primary key (organization_id, fix_claim_id)
);
create index fix_claim_by_id on fix_claim (fix_claim_id);
create unique index fix_claim_by_idempotency_key on fix_claim (claimed_by, idempotency_key) where idempotency_key is not null;

create table fix_claim_finding (
  organization_id integer not null,
  fix_claim_id bigint not null,
  finding_id bigint not null,
  primary key (organization_id, fix_claim_id, finding_id),
  foreign key (organization_id, fix_claim_id) references fix_claim
);
create index fix_claim_by_finding on fix_claim_finding (finding_id);

create table fix_evidence (
  organization_id integer not null,
  fix_claim_id bigint not null,
  evidence_no integer not null,
  file_name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  added_by integer not null references account,
  added_at timestamptz not null,
  primary key (organization_id, fix_claim_id, evidence_no),
  foreign key (organization_id, fix_claim_id) references fix_claim
);

create table retest (
  organization_id integer not null references organization,
  retest_id bigint generated always as identity,
  origin text not null check (origin in ('request', 'order', 'look-back', 'plan')),
  fix_claim_id bigint,
  look_back_id integer,
  -- smaller is sooner: people's requests before plans
  priority smallint not null,
  note text,
  -- whose account the imports of its files carry; of a plan: who switched it on
  requested_by integer not null references account,
  requested_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'stopped')),
  stopped_by integer references account,
  stopped_at timestamptz,
  finished_at timestamptz,
  idempotency_key text,
  -- of the request that carried the key
  request_sha256 bytea,
  primary key (organization_id, retest_id),
  foreign key (organization_id, fix_claim_id) references fix_claim,
  -- it ends exactly once
  check ((state in ('done', 'stopped')) = (finished_at is not null))
);
create index retest_by_id on retest (retest_id);
create index retest_latest on retest (requested_at desc, retest_id desc);
create index retest_open on retest (retest_id, state) where state in ('waiting', 'running');
create index retest_by_look_back on retest (look_back_id) where look_back_id is not null;
create unique index retest_by_idempotency_key on retest (requested_by, idempotency_key) where idempotency_key is not null;

-- What it asks, and what became of it. The waiting from `requested_at` to `finished_at` is the coordinator's.
create table retest_finding (
  organization_id integer not null,
  retest_id bigint not null,
  finding_id bigint not null,
  -- of the finding at that time; a merge may move the finding later
  asset_id bigint not null,
  outcome text check (outcome in ('proven', 'still-present', 'inconclusive')),
  -- core's REASONS or RETEST_OBSTACLES
  reason text,
  would_prove text[] not null default '{}',
  -- the scan that decided
  scan_id bigint,
  certificate_id bigint,
  primary key (organization_id, retest_id, finding_id),
  foreign key (organization_id, retest_id) references retest,
  check (outcome <> 'inconclusive' or reason is not null)
);
create index retest_by_finding on retest_finding (finding_id);

-- One engine on one target from one place: core's PlannedTask, and how far a runner got with it.
create table retest_task (
  organization_id integer not null,
  retest_id bigint not null,
  task_no integer not null,
  -- null: no authorization covers it; such a task is never waiting
  test_authorization_id bigint,
  engine text not null,
  method text not null,
  vantage text not null,
  host text not null,
  questions jsonb not null,
  priority smallint not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'delivered', 'done', 'failed', 'stopped')),
  -- the share of the authorization's rate that it holds while it runs
  rate integer not null check (rate >= 1),
  attempts smallint not null default 0,
  runner_id integer references runner,
  -- a result is taken only with the lease that is here, while it is alive
  lease uuid,
  lease_until timestamptz,
  -- when the window closes or the authorization ends: the runner stops by itself
  stop_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  -- core's REASONS or RETEST_OBSTACLES, and one line for people
  obstacle text,
  detail text,
  -- the runner's signed statement: a DSSE envelope (docs/retests.md)
  result jsonb,
  import_id bigint,
  primary key (organization_id, retest_id, task_no),
  foreign key (organization_id, retest_id) references retest,
  foreign key (organization_id, test_authorization_id) references test_authorization,
  foreign key (organization_id, import_id) references import,
  check ((state = 'running') = (lease is not null)),
  check (state <> 'waiting' or test_authorization_id is not null)
);
create unique index retest_task_by_lease on retest_task (lease) where lease is not null;
create index retest_task_running on retest_task (organization_id, test_authorization_id) where state = 'running';
-- what may run next under an authorization
create index retest_task_next on retest_task (organization_id, test_authorization_id, priority, retest_id, task_no)
  where state = 'waiting';
-- a task holds its share of the rate for a second after its end
create index retest_task_ended on retest_task (organization_id, test_authorization_id, finished_at);
create index retest_task_by_import on retest_task (organization_id, import_id) where import_id is not null;

-- The retest is concluded by a job of its own, queued in the transaction that ends its last part.
create function queue_conclusion(organization_id integer, retest_id bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job(
    'conclude-retest',
    json_build_object('organizationId', organization_id, 'retestId', retest_id::text),
    queue_name => 'import:' || organization_id,
    max_attempts => 10,
    job_key => 'conclude:' || organization_id || ':' || retest_id,
    -- before the imports that wait in this queue: an answer that is known is not kept back by questions
    priority => -1
  );
end $$;
revoke execute on function queue_conclusion from public;
grant execute on function queue_conclusion to backcheck_app;

-- An import ends in one of these states; imports know nothing of retests, so the table tells.
create function retest_import_ended() returns trigger language plpgsql as $$
begin
  perform queue_conclusion(t.organization_id, t.retest_id)
    from (select distinct organization_id, retest_id from retest_task
      where organization_id = new.organization_id and import_id = new.import_id) t;
  return null;
end $$;
create trigger retest_import_ended after update of state on import for each row
  when (new.state in ('done', 'refused', 'discarded') and old.state is distinct from new.state)
  execute function retest_import_ended();

select protect('test_authorization', 'member');
select protect('retest_finding', 'asset');

-- Whoever sees one system only asks for retests and claims fixes there, and sees what they themselves asked for.
create function own_row(account integer, of_organization integer) returns boolean language sql stable as $$
  select account = nullif(current_setting('app.account', true), '')::integer
    and of_organization in (select organization_id from visible_system)
$$;
alter table retest enable row level security;
create policy visible on retest to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or own_row(requested_by, organization_id));
create policy everything on retest to backcheck_wide using (true) with check (true);
alter table fix_claim enable row level security;
create policy visible on fix_claim to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or own_row(claimed_by, organization_id));
create policy everything on fix_claim to backcheck_wide using (true) with check (true);

-- Parts are seen with the whole.
create function protect_part(part regclass, whole text, key text) returns void language plpgsql as $$
declare
  rule text := format('organization_id in (select organization_id from visible_organization) or exists (select from %I w where w.organization_id = %s.organization_id and w.%I = %s.%I)',
    whole, part, key, part, key);
begin
  execute format('alter table %s enable row level security', part);
  execute format('create policy visible on %s to backcheck_app using (%s) with check (%s)', part, rule, rule);
  execute format('create policy everything on %s to backcheck_wide using (true) with check (true)', part);
end $$;
revoke all on function protect_part from public;
select protect_part('retest_task', 'retest', 'retest_id');
select protect_part('fix_claim_finding', 'fix_claim', 'fix_claim_id');
select protect_part('fix_evidence', 'fix_claim', 'fix_claim_id');
grant select, insert on fix_claim, fix_claim_finding, fix_evidence to backcheck_app;
grant select, insert, update on retest, retest_finding, retest_task to backcheck_app;
grant select, insert, update (approved_by, approved_at, stopped_by, stopped_at, revoked_by, revoked_at) on test_authorization to backcheck_app;

-- A runner of every organization is seen by all, and registered only by whoever sees all.
alter table runner enable row level security;
create policy visible on runner to backcheck_app using (
  organization_id is null or organization_id in (select organization_id from visible_organization))
  with check (organization_id in (select organization_id from visible_organization));
create policy everything on runner to backcheck_wide using (true) with check (true);
grant select, insert, update (vantage, public_key, version, tools, seen_at, revoked_at) on runner to backcheck_app;

-- What can look now, for one organization: the tools of its runners, of those of the nodes above it, and of the server's
-- own. Whoever asks for a retest below a node does not see the node's runners, and needs to know what they have.
create function tools_in_reach(of integer, since timestamptz)
returns table (vantage text, engine text, version text, install text)
language sql stable security definer set search_path = public as $$
  select r.vantage, t ->> 'engine', t ->> 'version', t ->> 'install'
  from runner r cross join lateral jsonb_array_elements(r.tools) t
  where r.revoked_at is null and r.seen_at >= since
    and (r.organization_id is null
      or r.organization_id in (select ancestor_id from organization_ancestor a where a.organization_id = of))
$$;
revoke all on function tools_in_reach from public;
grant execute on function tools_in_reach to backcheck_app;

-- Whoever sees one system only claims fixes there; who sees the finding sees what was decided about it.
drop policy visible on decision;
create policy visible on decision to backcheck_app using (
  organization_id in (select organization_id from visible_organization)
  or exists (select from finding f where f.organization_id = decision.organization_id and f.finding_id = decision.finding_id));
