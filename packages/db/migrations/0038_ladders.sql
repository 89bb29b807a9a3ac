-- Ladders of notices whose date comes after the issue, and entries of the log that are sent twice: docs/deliveries.md.

-- Notices that ask for something and have no date yet, such as under a policy that counts from the receipt: their ladder is
-- planned when a date is there. Coordinators' own, as the ladder itself; only the job that climbs reads it.
create table ladder_wanted (
  organization_id integer not null,
  notice_id bigint not null,
  primary key (organization_id, notice_id),
  foreign key (organization_id, notice_id) references notice
);
alter table ladder_wanted enable row level security;
create policy everything on ladder_wanted to backcheck_wide using (true) with check (true);
grant select, insert, delete on ladder_wanted to backcheck_wide;
insert into ladder_wanted (organization_id, notice_id)
select n.organization_id, n.notice_id from notice n
where n.state = 'issued' and n.kind in ('rectification', 'circular') and n.due_at is null
  and not exists (select from escalation e where e.organization_id = n.organization_id and e.notice_id = n.notice_id)
  and not exists (select from notice_finding f where f.organization_id = n.organization_id and f.notice_id = n.notice_id and f.due_at is not null);

-- An entry of the log that is sent again, because its answer was lost, is the same entry.
alter table notice_delivery add column idempotency_key text, add column request_sha256 bytea;
create unique index notice_delivery_by_idempotency_key on notice_delivery (logged_by, idempotency_key) where idempotency_key is not null;
