-- What waits for somebody, in the order in which it waits: batches of notices, and replies that nobody has signed for.
create index notice_batch_to_approve on notice_batch (drafting_finished_at, notice_batch_id)
  where drafting_finished_at is not null and approved_at is null and discarded_at is null;
create index notice_batch_to_issue on notice_batch (approved_at, notice_batch_id)
  where approved_at is not null and issue_queued_at is null and discarded_at is null;
create index reply_unsigned on reply (made_at, reply_id) where state = 'drafted';
create index reply_unsigned_of on reply (organization_id, made_at) where state = 'drafted';
