-- A risk that is borne is looked at again before it ends (docs/replies.md#borne-risks), and the leader's signature on a
-- claim of fix (docs/retests.md).

alter table reply
  -- of a granted acceptance: from when on it waits to be looked at again, at its end at the latest
  add column review_at timestamptz check (review_at is null or kind = 'acceptance');
-- as whoever grants would have had it: when half of the time is over
update reply set review_at = decided_at + least((granted_until - decided_at) / 2, interval '90 days')
where kind = 'acceptance' and state = 'granted';
create index reply_review_due on reply (review_at) where state = 'granted' and review_at is not null;

-- Each time that somebody looked at it again and it still held.
create table reply_review (
  organization_id integer not null,
  reply_id bigint not null,
  review_no integer not null,
  reviewed_by integer not null references account,
  reviewed_at timestamptz not null,
  text text not null,
  next_review_at timestamptz not null,
  primary key (organization_id, reply_id, review_no),
  foreign key (organization_id, reply_id) references reply
);
select protect_part('reply_review', 'reply', 'reply_id');
grant select, insert on reply_review to backcheck_app, backcheck_wide;
grant update (review_at) on reply to backcheck_app, backcheck_wide;

alter table fix_claim
  -- the leader of the organization who stands for it; a claim counts as much without
  add column signed_by integer references account,
  add column signed_at timestamptz,
  add check ((signed_by is null) = (signed_at is null));
grant update (signed_by, signed_at) on fix_claim to backcheck_app;
