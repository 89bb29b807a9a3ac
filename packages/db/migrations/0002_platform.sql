-- What the server needs around the walk: who is signed in, which files were sent, which process works on them.
-- Tokens are 256 random bits; only their SHA-256 is kept, so that a stolen backup signs nobody in. A plain
-- hash is enough: there is nothing to guess in 256 bits.

create table account (
  account_id integer generated always as identity primary key,
  name text not null unique,
  created_at timestamptz not null default now()
);

create table sign_in_link (
  token_hash bytea primary key,
  account_id integer not null references account,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table session (
  token_hash bytea primary key,
  account_id integer not null references account,
  expires_at timestamptz not null
);

create table api_key (
  api_key_id bigint generated always as identity primary key,
  account_id integer not null references account,
  name text not null,
  key_hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- One row for each file that was sent. The bytes are in the file store under their SHA-256.
create table import (
  organization_id integer not null references organization,
  import_id bigint generated always as identity,
  created_by integer not null references account,
  file_name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  declared_at timestamptz,
  declared_by text check (declared_by in ('coordinator', 'runner', 'organization')),
  vantage text not null,
  submitted_by text not null check (submitted_by in ('coordinator', 'runner', 'organization')),
  -- false: read it, show what it can prove, keep nothing
  confirmed boolean not null,
  state text not null default 'queued'
    check (state in ('queued', 'reading', 'ready', 'importing', 'done', 'refused', 'discarded')),
  bytes_read bigint not null default 0,
  observations bigint not null default 0,
  format text,
  tool jsonb,
  scan_started_at timestamptz,
  time_source text check (time_source in ('file', 'declared', 'none')),
  scan_id bigint,
  already_imported boolean not null default false,
  problem jsonb,
  sheet jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  idempotency_key text,
  request_sha256 bytea,
  primary key (organization_id, import_id),
  foreign key (organization_id, scan_id) references scan,
  check ((state = 'refused') = (problem is not null)),
  check ((state = 'done') = (scan_id is not null))
);
-- one import by its id, and the list of all imports, newest first
create index import_by_id on import (import_id);
-- a repeated request with the same Idempotency-Key
create unique index import_by_idempotency_key on import (created_by, idempotency_key)
  where idempotency_key is not null;

-- One row for each running server process. It is alive while its connection holds the advisory lock
-- (2, worker_process_id): PostgreSQL releases that at once when the process is killed. The heartbeat is for a
-- machine that vanished, whose connection the database would keep for hours.
create table worker_process (
  worker_process_id integer generated always as identity primary key,
  worker_ids text[] not null default '{}',
  beat_at timestamptz not null default now()
);

-- The queue belongs to the role that migrates, under row-level security. The application may add
-- exactly this job to it, in its own transaction. One queue for each organization: two imports of one
-- organization never run at the same time, so they cannot deadlock on the same findings.
create function queue_import(organization_id integer, import_id bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job(
    'import',
    json_build_object('importId', import_id::text),
    queue_name => 'import:' || organization_id,
    max_attempts => 5,
    job_key => 'import:' || import_id
  );
end $$;
revoke execute on function queue_import from public;
grant execute on function queue_import to backcheck_app;

grant select, insert, update, delete on account, sign_in_link, session, api_key, import to backcheck_app;

-- Whoever migrates also runs the application, as backcheck_app. A superuser may do that anyway; an ordinary
-- owner that has just created the role may only grant it (PostgreSQL 16 and later).
do $$ begin
  if not pg_has_role(current_user, 'backcheck_app', 'SET') then
    execute format('grant backcheck_app to %I', current_user);
  end if;
end $$;
