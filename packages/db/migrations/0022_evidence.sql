-- Files, their keys, and how long they are kept: docs/evidence.md, docs/decisions/0020-evidence-store.md.

-- A file on its way in, in pieces. The pieces are in the file store's folder of uploads; here is whose they are and what
-- became of them. Nothing cites the file until a claim or a reply takes it (server/evidence/from-upload.ts).
create table upload (
  upload_id bigint generated always as identity primary key,
  account_id integer not null references account,
  file_name text not null,
  size_bytes bigint not null check (size_bytes >= 0),
  created_at timestamptz not null,
  -- 'unscanned': whole, and the virus scanner has not answered yet
  state text not null default 'receiving' check (state in ('receiving', 'unscanned', 'ready', 'infected')),
  -- of all its bytes, as they arrived
  sha256 bytea check (length(sha256) = 32),
  finished_at timestamptz,
  scanned_at timestamptz,
  -- what the scanner said: the name of what it found, or why it could not look
  verdict text,
  attached_at timestamptz,
  check ((state = 'receiving') = (finished_at is null)),
  check ((state = 'receiving') = (sha256 is null))
);
create index upload_by_account on upload (account_id, upload_id desc);
create index upload_by_sha256 on upload (sha256) where sha256 is not null;
create index upload_receiving on upload (created_at) where state = 'receiving';

-- Nobody sees another account's.
alter table upload enable row level security;
create policy own on upload to backcheck_app
  using (account_id = nullif(current_setting('app.account', true), '')::integer)
  with check (account_id = nullif(current_setting('app.account', true), '')::integer);
create policy everything on upload to backcheck_wide using (true) with check (true);
grant select, insert, delete on upload to backcheck_app, backcheck_wide;
grant update (state, sha256, finished_at, scanned_at, verdict, attached_at) on upload to backcheck_app, backcheck_wide;

create function queue_scan(upload_id bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job('scan-upload', json_build_object('uploadId', upload_id::text),
    max_attempts => 25, job_key => 'scan-upload:' || upload_id);
end $$;
revoke execute on function queue_scan from public;
grant execute on function queue_scan to backcheck_app, backcheck_wide;

-- How long files of a kind are kept after nothing needs them; the latest row of a kind holds. Only added to.
create table retention_rule (
  retention_rule_id integer generated always as identity primary key,
  -- contract's RETENTION_KINDS
  kind text not null,
  -- null: for good
  days integer check (days >= 0),
  set_by integer references account,
  set_at timestamptz not null
);
create index retention_rule_latest on retention_rule (kind, retention_rule_id desc);
grant select, insert on retention_rule to backcheck_app, backcheck_wide;

-- What was deleted, and under which rule. Only added to; the audit log has the same, sealed.
create table expired_file (
  expired_file_id bigint generated always as identity primary key,
  sha256 bytea not null check (length(sha256) = 32),
  size_bytes bigint not null,
  -- of everything that had cited it; empty: nothing ever did
  kinds text[] not null,
  -- the kind whose rule let it go last, and its days
  rule text not null,
  days integer not null,
  expired_at timestamptz not null
);
create index expired_file_by_sha256 on expired_file (sha256, expired_at desc);
grant select, insert on expired_file to backcheck_wide;

-- What cites the bytes of a file is asked by their hash.
create index import_by_sha256 on import (sha256);
create index scan_by_sha256 on scan (sha256);
create index fix_evidence_by_sha256 on fix_evidence (sha256);
create index reply_evidence_by_sha256 on reply_evidence (sha256);
create index notice_copy_by_sha256 on notice_copy (sha256);
create index notice_template_by_sha256 on notice_template (sha256);
create index register_import_by_sha256 on register_import (sha256);
create index test_authorization_by_document on test_authorization (document_sha256);
