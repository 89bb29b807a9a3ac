-- What was issued demands nothing that is proven gone, carries a number of its own, and is known not to arrive where mail
-- to somebody comes back: docs/notices.md, docs/deliveries.md.

-- Why an organization of a batch was left out, or was drafted for anew: {"code", "facts"} of a refusal.
alter table notice_batch_member add column reason jsonb;
grant update (reason) on notice_batch_member to backcheck_app, backcheck_wide;

-- The numbers of this installation. Two offices whose patterns print the same number would put it on two papers; the
-- second paper is not issued. Of those that were printed twice before, the first one is kept here.
create table notice_number (
  number text primary key,
  notice_series_id integer not null references notice_series
);
insert into notice_number (number, notice_series_id)
select number, notice_series_id from notice where number is not null order by issued_at, notice_id on conflict do nothing;
-- Whoever issues must not learn whose another number is: they write, and are told only whether it was free.
alter table notice_number enable row level security;
create policy written on notice_number for insert to backcheck_app with check (true);
create policy everything on notice_number to backcheck_wide using (true) with check (true);
grant insert on notice_number to backcheck_app;
grant select, insert on notice_number to backcheck_wide;

-- For the patterns of an office: of which kinds another office, or this one for another kind, has printed such a number.
-- `patterns`: kind → regular expression. And the patterns that hold at other offices now.
create function numbers_printed_elsewhere(node integer, patterns jsonb) returns setof text
language sql stable security definer set search_path = '' as $$
  select p.key from jsonb_each_text(patterns) p
  where exists (select from public.notice_number n join public.notice_series s using (notice_series_id)
    where n.number ~ p.value and (s.organization_id, s.kind) is distinct from (node, p.key))
$$;
create function number_patterns_elsewhere(node integer) returns setof text
language sql stable security definer set search_path = '' as $$
  select distinct n.value from (
    select distinct on (organization_id) organization_id, content from public.notice_office
    order by organization_id, set_at desc, notice_office_id desc) o, jsonb_each_text(o.content -> 'numbers') n
  where o.organization_id is distinct from node
$$;
revoke execute on function numbers_printed_elsewhere, number_patterns_elsewhere from public;
grant execute on function numbers_printed_elsewhere, number_patterns_elsewhere to backcheck_app, backcheck_wide;

-- Mails that came back, each once: a report that is handed on twice is the same report.
create table mail_bounce (
  organization_id integer not null,
  notice_delivery_id bigint not null,
  -- of the report as it was handed on; what came back before this table has none
  report_sha256 bytea,
  address text not null,
  bounced_at timestamptz not null,
  why text not null,
  foreign key (organization_id, notice_delivery_id) references notice_delivery
);
create unique index mail_bounce_once on mail_bounce (report_sha256, organization_id, notice_delivery_id);
create index mail_bounce_of_address on mail_bounce (organization_id, address);
insert into mail_bounce (organization_id, notice_delivery_id, address, bounced_at, why)
select organization_id, notice_delivery_id, address, coalesce(sent_at, leaving_at, queued_at), coalesce(failure, '') from notice_delivery
where state = 'bounced' and address is not null;
select protect('mail_bounce');
grant select, insert on mail_bounce to backcheck_app, backcheck_wide;

-- Which mails to an address were sent, newest first: a receipt of a later one clears what came back.
create index notice_delivery_of_address on notice_delivery (organization_id, address) where channel = 'mail';

-- How far the mailbox that reports come back to was read. Written after a mail was taken: a report that is read once more
-- is the same report.
create table mailbox_place (
  -- user, server and folder
  mailbox text primary key,
  -- another value: the server numbers the mails anew (RFC 9051 section 2.3.1.1)
  uid_validity bigint not null,
  last_uid bigint not null
);
alter table mailbox_place enable row level security;
create policy everything on mailbox_place to backcheck_wide using (true) with check (true);
grant select, insert, update on mailbox_place to backcheck_wide;
