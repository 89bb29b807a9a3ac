-- Papers that are issued to an organization: docs/notices.md, docs/decisions/0017-notices.md.

-- One series of numbers for each issuing node, kind and year. `next` is taken under the row's lock in the transaction that
-- issues, so that a number is never lost and never twice.
create table notice_series (
  notice_series_id integer generated always as identity primary key,
  -- the node that issues; null: the installation
  organization_id integer references organization,
  kind text not null,
  year integer not null check (year between 2000 and 9999),
  next integer not null default 1 check (next >= 1),
  unique nulls not distinct (organization_id, kind, year)
);

-- Who issues, in which words, with which numbers; the nearest node above an organization decides. Only added to.
create table notice_office (
  notice_office_id integer generated always as identity primary key,
  organization_id integer references organization,
  -- {"authority":{"zh","en"},"numbers":{"rectification":"…〔{yyyy}〕第{seq}号"},"legalBasis":"…","contact":"…","timeZone":"Asia/Shanghai"}
  content jsonb not null,
  set_by integer references account,
  set_at timestamptz not null
);
create index notice_office_latest on notice_office (organization_id, set_at desc);

-- The office's own DOCX for a kind and language. A later one takes the place of an earlier.
create table notice_template (
  notice_template_id integer generated always as identity primary key,
  organization_id integer references organization,
  kind text not null,
  language text not null check (language in ('zh', 'en', 'both')),
  file_name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  taken_in_by integer references account,
  taken_in_at timestamptz not null,
  retired_at timestamptz
);

-- Many notices drafted, approved and issued as one.
create table notice_batch (
  notice_batch_id integer generated always as identity primary key,
  -- the node below which they go; null: the installation
  organization_id integer references organization,
  kind text not null,
  title text not null,
  drafted_by integer not null references account,
  drafted_at timestamptz not null,
  -- contract's NoticeBatchPlan, in which words it goes out
  plan jsonb,
  drafting_finished_at timestamptz,
  approved_by integer references account check (approved_by <> drafted_by),
  approved_at timestamptz,
  issued_by integer references account,
  issue_queued_at timestamptz,
  finished_at timestamptz,
  discarded_by integer references account,
  discarded_at timestamptz
);

create table notice (
  organization_id integer not null references organization,
  notice_id bigint generated always as identity,
  kind text not null,
  state text not null default 'draft'
    check (state in ('draft', 'submitted', 'approved', 'issued', 'withdrawn', 'superseded', 'discarded')),
  notice_batch_id integer references notice_batch,
  -- what the drafter can change until it is submitted: contract's NoticeDraft
  draft jsonb not null,
  -- core's NoticeContent as it was submitted, without what only the issue knows
  frozen jsonb,
  -- null: proposed by the system, such as by the escalation ladder
  drafted_by integer references account,
  drafted_at timestamptz not null,
  -- everybody who drafted, changed or submitted it: none of them approves
  hands integer[] not null default '{}',
  submitted_at timestamptz,
  approved_by integer references account check (approved_by <> drafted_by),
  approved_at timestamptz,
  issued_at timestamptz,
  -- the first receipt, of any channel; kept by a trigger on notice_receipt (0021)
  received_at timestamptz,
  notice_series_id integer references notice_series,
  sequence integer,
  number text,
  -- canonical JSON of core's NoticeContent, as text because its bytes are what was hashed
  content text,
  content_sha256 bytea,
  -- the date for all of it; findings may have their own
  due_at timestamptz,
  -- the notice that this one follows, or the one that took its place
  refers_to bigint,
  superseded_by bigint,
  -- the notice whose place it takes when it is issued
  replaces bigint,
  -- why it was withdrawn, discarded or sent back
  reason text,
  ended_by integer references account,
  ended_at timestamptz,
  idempotency_key text,
  request_sha256 bytea,
  -- what a search looks at: the draft itself may be long
  words text generated always as (
    left(lower(coalesce(number, '') || ' ' || coalesce(draft #>> '{title,zh}', '') || ' ' || coalesce(draft #>> '{title,en}', '')), 500)) stored,
  primary key (organization_id, notice_id),
  check (approved_by is null or not approved_by = any (hands)),
  -- gap-free: a number stands only on what was issued
  check ((number is null) = (issued_at is null)),
  check ((content is null) = (content_sha256 is null)),
  check (state not in ('issued', 'withdrawn', 'superseded') or issued_at is not null),
  check (state not in ('approved', 'issued', 'withdrawn', 'superseded') or approved_by is not null)
);
create index notice_by_id on notice (notice_id);
create index notice_latest on notice (drafted_at desc, notice_id desc);
create index notice_of_organization on notice (organization_id, drafted_at desc, notice_id desc);
-- A search reads the index and not the rows, which hold whole texts: of 100,000 notices 20 MB instead of 200. A key and
-- its columns fit a page of the index: 500 characters of 4 bytes.
create index notice_search on notice (drafted_at desc, notice_id desc) include (organization_id, issued_at, kind, state, words);
-- what waits for somebody is little beside what was issued
create index notice_at_work on notice (state, drafted_at desc, notice_id desc) where state in ('draft', 'submitted', 'approved');
-- whoever has not signed for it is reminded
create index notice_unreceived on notice (organization_id, issued_at) where state = 'issued' and received_at is null;
create unique index notice_replaced_once on notice (organization_id, superseded_by) where superseded_by is not null;
create index notice_by_batch on notice (notice_batch_id, notice_id) where notice_batch_id is not null;
create index notice_open on notice (organization_id, state) where state in ('draft', 'submitted', 'approved');
create unique index notice_by_number on notice (notice_series_id, sequence) where sequence is not null;
create unique index notice_by_idempotency_key on notice (drafted_by, idempotency_key) where idempotency_key is not null;
create index notice_by_content on notice (content_sha256) where content_sha256 is not null;

create table notice_finding (
  organization_id integer not null,
  notice_id bigint not null,
  finding_id bigint not null,
  asset_id bigint not null,
  due_at timestamptz,
  primary key (organization_id, notice_id, finding_id),
  foreign key (organization_id, notice_id) references notice
);
create index notice_finding_by_finding on notice_finding (finding_id);
create index notice_finding_by_asset on notice_finding (asset_id);

-- To whom a batch goes, chosen under the rights of its drafter. The job drafts for one member after the other.
create table notice_batch_member (
  notice_batch_id integer not null references notice_batch,
  organization_id integer not null references organization,
  notice_id bigint,
  -- null: not done yet; 'drafted'; 'needless': nothing to say to them any more; 'refused': it is in no order for them
  outcome text check (outcome in ('drafted', 'needless', 'refused')),
  primary key (notice_batch_id, organization_id)
);
create index notice_batch_member_waiting on notice_batch_member (notice_batch_id, organization_id) where outcome is null;

-- Papers that came back signed and stamped, as many files as there are.
create table notice_copy (
  organization_id integer not null,
  notice_id bigint not null,
  copy_no integer not null,
  file_name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  note text,
  added_by integer not null references account,
  added_at timestamptz not null,
  primary key (organization_id, notice_id, copy_no),
  foreign key (organization_id, notice_id) references notice
);

-- What was issued is what it is.
create function notice_frozen() returns trigger language plpgsql as $$
begin
  if old.issued_at is not null and (new.notice_series_id, new.number, new.sequence, new.content, new.content_sha256, new.issued_at, new.kind, new.draft, new.approved_by, new.drafted_by,
      new.frozen, new.due_at, new.refers_to, new.replaces)
      is distinct from (old.notice_series_id, old.number, old.sequence, old.content, old.content_sha256, old.issued_at, old.kind, old.draft, old.approved_by, old.drafted_by,
      old.frozen, old.due_at, old.refers_to, old.replaces) then
    raise exception 'notice % is issued and cannot be changed', old.notice_id;
  end if;
  return new;
end $$;
create trigger notice_frozen before update on notice for each row execute function notice_frozen();

create function notice_finding_frozen() returns trigger language plpgsql as $$
declare
  named public.notice_finding := case tg_op when 'INSERT' then new else old end;
begin
  if exists (select from notice n where n.organization_id = named.organization_id and n.notice_id = named.notice_id and n.issued_at is not null) then
    raise exception 'notice % is issued and cannot be changed', named.notice_id;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger notice_finding_frozen before insert or update or delete on notice_finding for each row execute function notice_finding_frozen();

-- Organizations that the grants of this transaction show to somebody who inspects: those read drafts and write notices.
-- Whoever is inspected reads what was issued. The roles are those of the coordinator's side in core's roles.ts; a test compares.
create view coordinated_organization as
  select a.organization_id
  from access_grant g join organization_ancestor a on a.ancestor_id = g.organization_id
  where g.access_grant_id = any (current_grants()) and g.system_id is null
    and g.role in ('coordinator-lead', 'campaign-manager', 'inspector', 'technical-support', 'finding-analyst', 'duty-officer', 'supervisor')
    and (g.campaign_id is null or exists (select from campaign_unit u where u.campaign_id = g.campaign_id and u.organization_id = a.organization_id))
  union all
  select u.organization_id
  from access_grant g join campaign_unit u on u.campaign_id = g.campaign_id
  where g.access_grant_id = any (current_grants()) and g.organization_id is null and g.system_id is null
    and g.role in ('coordinator-lead', 'campaign-manager', 'inspector', 'technical-support', 'finding-analyst', 'duty-officer', 'supervisor');
grant select on coordinated_organization to backcheck_app;
-- Notices that name a finding of a system that the grants of this transaction show. A view, because the rules of notices and
-- of their findings would ask each other without end.
create view notice_of_visible_system as
  select f.organization_id, f.notice_id from visible_asset a join notice_finding f using (asset_id);
grant select on notice_of_visible_system to backcheck_app;

alter table notice enable row level security;
create policy readable on notice for select to backcheck_app using (
  organization_id in (select organization_id from coordinated_organization)
  or issued_at is not null and (organization_id in (select organization_id from visible_organization)
    or (organization_id, notice_id) in (select organization_id, notice_id from notice_of_visible_system)));
create policy written on notice for insert to backcheck_app with check (organization_id in (select organization_id from coordinated_organization));
create policy changed on notice for update to backcheck_app using (organization_id in (select organization_id from coordinated_organization));
create policy everything on notice to backcheck_wide using (true) with check (true);
-- Findings of assets, not of other people's systems, and only of notices that are shown.
alter table notice_finding enable row level security;
create policy readable on notice_finding for select to backcheck_app using (
  organization_id in (select organization_id from coordinated_organization)
  or (organization_id in (select organization_id from visible_organization) or asset_id in (select asset_id from visible_asset))
    and exists (select from notice n where n.organization_id = notice_finding.organization_id and n.notice_id = notice_finding.notice_id));
create policy written on notice_finding to backcheck_app using (organization_id in (select organization_id from coordinated_organization));
create policy everything on notice_finding to backcheck_wide using (true) with check (true);
-- A signed copy shows the whole paper.
alter table notice_copy enable row level security;
create policy visible on notice_copy to backcheck_app using (
  organization_id in (select organization_id from visible_organization)
  and exists (select from notice n where n.organization_id = notice_copy.organization_id and n.notice_id = notice_copy.notice_id));
create policy everything on notice_copy to backcheck_wide using (true) with check (true);
select protect_rule(one) from unnest(array['notice_office', 'notice_template']::regclass[]) one;
alter table notice_series enable row level security;
create policy visible on notice_series to backcheck_app using (
  organization_id is null or organization_id in (select ancestor_id from organization_ancestor a
    where a.organization_id in (select organization_id from visible_organization)));
create policy everything on notice_series to backcheck_wide using (true) with check (true);
alter table notice_batch enable row level security;
create policy visible on notice_batch to backcheck_app using (organization_id in (select organization_id from coordinated_organization));
create policy everything on notice_batch to backcheck_wide using (true) with check (true);
alter table notice_batch_member enable row level security;
create policy visible on notice_batch_member to backcheck_app using (organization_id in (select organization_id from coordinated_organization));
create policy everything on notice_batch_member to backcheck_wide using (true) with check (true);
grant select, insert on notice_series, notice_office, notice_template, notice_batch, notice_batch_member, notice, notice_finding, notice_copy to backcheck_app, backcheck_wide;
grant delete on notice_finding to backcheck_app, backcheck_wide;
grant update (next) on notice_series to backcheck_app, backcheck_wide;
grant update (retired_at) on notice_template to backcheck_app, backcheck_wide;
grant update (drafting_finished_at, approved_by, approved_at, issued_by, issue_queued_at, finished_at, discarded_by, discarded_at) on notice_batch to backcheck_app, backcheck_wide;
grant update (notice_id, outcome) on notice_batch_member to backcheck_app, backcheck_wide;
grant update on notice, notice_finding to backcheck_app, backcheck_wide;

create function queue_issue(notice_batch_id integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job('issue-notices', json_build_object('noticeBatchId', notice_batch_id),
    queue_name => 'issue-notices', max_attempts => 25, job_key => 'issue-notices:' || notice_batch_id);
end $$;
create function queue_drafting(notice_batch_id integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job('draft-notices', json_build_object('noticeBatchId', notice_batch_id),
    queue_name => 'draft-notices', max_attempts => 25, job_key => 'draft-notices:' || notice_batch_id);
end $$;
revoke execute on function queue_issue, queue_drafting from public;
grant execute on function queue_issue, queue_drafting to backcheck_app, backcheck_wide;

-- The first notice starts clocks (policies with clock start `notified`).
create trigger deadlines_touched after update of issued_at on notice for each row
  when (new.issued_at is not null and old.issued_at is null) execute function deadlines_of_row_touched();
-- ... and one that was withdrawn never started one.
create trigger deadlines_touched_by_withdrawal after update of state on notice for each row
  when (new.state = 'withdrawn' and old.state is distinct from new.state) execute function deadlines_of_row_touched();
