-- How a notice reached whom, and who says that it did: docs/deliveries.md, docs/decisions/0018-exactly-once-mail.md.

create table notice_delivery (
  organization_id integer not null,
  notice_delivery_id bigint generated always as identity,
  notice_id bigint not null,
  channel text not null check (channel in ('platform', 'mail', 'webhook', 'phone', 'paper')),
  -- to whom: an account, a contact of the register, or a webhook; of the log of phone and paper perhaps only a name
  account_id integer references account,
  contact_id integer,
  webhook_id integer,
  recipient text not null,
  address text,
  -- of the mail; `both`: nobody knows what a contact of the register reads
  language text not null check (language in ('zh', 'en', 'both')),
  -- why it is sent: the notice was issued, or a rung of its ladder
  occasion text not null default 'issued' check (occasion in ('issued', 'remind', 'remind-leader')),
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'unconfirmed', 'failed', 'bounced')),
  -- of the mail, made when the row is made: a mail that comes back names it
  message_id text,
  -- the run of the sender that holds it while it is `sending`
  sender uuid,
  -- committed before the last byte of the mail is written: whoever dies after it may have sent it, whoever dies before has not
  leaving_at timestamptz,
  attempts integer not null default 0,
  not_before timestamptz,
  failure text,
  -- what the mail server or the receiver of a webhook said when it took it
  answer text,
  queued_at timestamptz not null,
  sent_at timestamptz,
  -- the notice was opened on the platform: no receipt
  read_at timestamptz,
  -- a person wrote it into the log of phone and paper
  logged_by integer references account,
  note text,
  primary key (organization_id, notice_delivery_id),
  foreign key (organization_id, notice_id) references notice
);
create index notice_delivery_by_notice on notice_delivery (organization_id, notice_id);
create index notice_delivery_waiting on notice_delivery (channel, notice_delivery_id) where state = 'waiting';
create index notice_delivery_sending on notice_delivery (sender) where state = 'sending';
create index notice_delivery_troubled on notice_delivery (notice_delivery_id) where state in ('unconfirmed', 'failed', 'bounced');
create unique index notice_delivery_by_message on notice_delivery (message_id) where message_id is not null;
-- once for each recipient and channel, however often the job runs
create unique index notice_delivery_once on notice_delivery (organization_id, notice_id, occasion, channel, coalesce(account_id, 0), coalesce(contact_id, 0), coalesce(webhook_id, 0))
  where logged_by is null;

-- who gets the notices of an organization
create index access_grant_of_organization on access_grant (organization_id) where revoked_at is null;

-- Notices that were issued and whose deliveries are not planned yet; written in the transaction that issues.
create table notice_to_deliver (
  organization_id integer not null,
  notice_id bigint not null,
  primary key (organization_id, notice_id),
  foreign key (organization_id, notice_id) references notice
);

-- Somebody has it. Silence is no receipt, and an opened mail is none either.
create table notice_receipt (
  organization_id integer not null,
  notice_id bigint not null,
  receipt_no integer not null,
  channel text not null check (channel in ('platform', 'mail', 'webhook', 'phone', 'paper')),
  -- who received it: an account of ours, or only a name in the log of phone and paper
  account_id integer references account,
  name text not null,
  received_at timestamptz not null,
  -- null: the receiver themself
  logged_by integer references account,
  note text,
  primary key (organization_id, notice_id, receipt_no),
  foreign key (organization_id, notice_id) references notice
);
create unique index notice_receipt_once on notice_receipt (organization_id, notice_id, channel, account_id) where account_id is not null and logged_by is null;

create table webhook (
  webhook_id integer generated always as identity primary key,
  organization_id integer not null references organization,
  url text not null,
  -- Standard Webhooks, "whsec_…"; encrypted with a key derived from the server's secret
  secret bytea not null,
  registered_by integer not null references account,
  registered_at timestamptz not null,
  disabled_at timestamptz,
  -- null: it stopped by itself, after days of failures
  disabled_by integer references account,
  failing_since timestamptz,
  last_failure text
);
create index webhook_of_organization on webhook (organization_id) where disabled_at is null;

-- A rung of the ladder for one notice: planned when it is issued, done or dismissed once.
create table escalation (
  organization_id integer not null,
  notice_id bigint not null,
  -- core's ESCALATION_STEPS
  step text not null,
  -- for which date it was planned: an extension moves both
  due_at timestamptz not null,
  planned_at timestamptz not null,
  -- 'planned', 'proposed' (waits for a person), 'done', 'dismissed', 'needless'
  state text not null default 'planned' check (state in ('planned', 'proposed', 'done', 'dismissed', 'needless')),
  changed_at timestamptz,
  changed_by integer references account,
  -- why it was dismissed
  reason text,
  -- the draft or notice that came of it
  notice_made bigint,
  primary key (organization_id, notice_id, step),
  foreign key (organization_id, notice_id) references notice
);
create index escalation_due on escalation (planned_at) where state = 'planned';

-- Names and addresses of the people of an organization: not for who answers for one of its systems.
select protect('notice_delivery');
select protect_part(one, 'notice', 'notice_id') from unnest(array['notice_to_deliver', 'notice_receipt']::regclass[]) one;
-- What is planned against an organization is the coordinators' own.
alter table escalation enable row level security;
create policy coordinated on escalation to backcheck_app using (organization_id in (select organization_id from coordinated_organization));
create policy everything on escalation to backcheck_wide using (true) with check (true);
select protect('webhook');
grant select, insert, update on notice_delivery, escalation to backcheck_app, backcheck_wide;
grant select, insert on notice_receipt to backcheck_app, backcheck_wide;
grant select on notice_to_deliver to backcheck_app, backcheck_wide;
grant update, delete on notice_to_deliver to backcheck_wide;
grant select, insert, update (disabled_at, disabled_by, failing_since, last_failure) on webhook to backcheck_app, backcheck_wide;

-- Looks for notices whose deliveries are not planned, soon: not at once, so that one job finds many notices of a batch.
create function queue_planning() returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job('deliver-notices', queue_name => 'deliver-notices', max_attempts => 25,
    run_at => now() + interval '300 milliseconds', job_key => 'deliver-notices', job_key_mode => 'preserve_run_at');
end $$;

-- Called in the transaction that issues: the deliveries are planned soon, many notices in one job.
create function queue_delivery(organization_id integer, notice_id bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.notice_to_deliver (organization_id, notice_id) values ($1, $2) on conflict do nothing;
  perform public.queue_planning();
end $$;

-- What waits is sent soon. One queue for each channel, so that one sender runs at a time.
create function queue_sending(channel text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  task text := case channel when 'mail' then 'send-mail' when 'webhook' then 'send-webhooks' end;
begin
  if task is null then raise exception 'nothing is sent by %', channel; end if;
  perform graphile_worker.add_job(task, queue_name => task, max_attempts => 5, job_key => task,
    run_at => now() + interval '300 milliseconds', job_key_mode => 'preserve_run_at', priority => 2);
end $$;
revoke execute on function queue_planning, queue_delivery, queue_sending from public;
grant execute on function queue_planning, queue_delivery, queue_sending to backcheck_app, backcheck_wide;

-- A receipt starts clocks of policies that count from it.
create trigger deadlines_touched after insert on notice_receipt referencing new table as changed
  for each statement execute function deadlines_touched();
