-- A batch is made once for one request, and what is approved waits where its number is taken: docs/notices.md.

alter table notice_batch add column idempotency_key text, add column request_sha256 bytea;
create unique index notice_batch_by_idempotency_key on notice_batch (drafted_by, idempotency_key) where idempotency_key is not null;

-- 'held': approved, and not issued because its number stands on the paper of another office
alter table notice_batch_member drop constraint notice_batch_member_outcome_check,
  add constraint notice_batch_member_outcome_check check (outcome in ('drafted', 'needless', 'refused', 'held'));
