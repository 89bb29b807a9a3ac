-- What an organization answers, and what becomes of it: docs/replies.md, docs/decisions/0019-replies.md.

create table reply (
  organization_id integer not null references organization,
  reply_id bigint generated always as identity,
  -- core's REPLY_KINDS
  kind text not null check (kind in ('objection', 'plan', 'interim', 'extension', 'acceptance', 'false-positive')),
  -- the notice that it answers; null: the findings themselves
  notice_id bigint,
  -- core's REPLY_STATES
  state text not null default 'made'
    check (state in ('drafted', 'made', 'opinion', 'granted', 'refused', 'withdrawn', 'verified', 'revoked', 'expired')),
  -- grounds, reasons, measures by kind: contract's ReplyTerms
  terms jsonb not null,
  text text not null,
  -- extension: the wished date; acceptance and false positive: until when; plan: by when it is done
  wished_until timestamptz,
  made_by integer not null references account,
  made_at timestamptz not null,
  -- the owner's word for a risk: by the organization's security lead
  signed_by integer references account,
  signed_at timestamptz,
  -- the first of two pairs of eyes, where two are needed
  opinion_by integer references account check (opinion_by <> made_by),
  opinion_at timestamptz,
  opinion text,
  opinion_for boolean,
  decided_by integer references account check (decided_by <> made_by),
  decided_at timestamptz,
  decision text,
  -- what was granted; may be less than what was wished
  granted_until timestamptz,
  -- an objection to the grade: the grade of the deadline from then on; the severity of the scans stays
  granted_grade text check (granted_grade in ('info', 'low', 'medium', 'high', 'critical')),
  -- withdrawn, revoked or expired
  ended_by integer references account,
  ended_at timestamptz,
  ended_because text,
  -- the date before an extension: the wish must come before it
  due_before timestamptz,
  idempotency_key text,
  request_sha256 bytea not null,
  primary key (organization_id, reply_id),
  foreign key (organization_id, notice_id) references notice,
  check (decided_by is null or opinion_by is null or decided_by <> opinion_by),
  check ((state in ('granted', 'refused', 'verified')) <= (decided_by is not null)),
  -- a risk is accepted until a day, or not at all
  check (kind <> 'acceptance' or state <> 'granted' or granted_until is not null),
  -- nobody decides about a risk that its owner has not signed for
  check (kind <> 'acceptance' or decided_by is null or signed_by is not null),
  check (decided_by is null or signed_by is null or decided_by <> signed_by)
);
create index reply_by_id on reply (reply_id);
create index reply_latest on reply (made_at desc, reply_id desc);
create index reply_open on reply (organization_id, kind) where state in ('made', 'opinion');
create index reply_ending on reply (granted_until) where state = 'granted' and granted_until is not null;
create unique index reply_by_idempotency_key on reply (made_by, idempotency_key) where idempotency_key is not null;

create table reply_finding (
  organization_id integer not null,
  reply_id bigint not null,
  finding_id bigint not null,
  asset_id bigint not null,
  primary key (organization_id, reply_id, finding_id),
  foreign key (organization_id, reply_id) references reply
);
create index reply_finding_by_finding on reply_finding (finding_id);

create table reply_evidence (
  organization_id integer not null,
  reply_id bigint not null,
  evidence_no integer not null,
  file_name text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  added_by integer not null references account,
  added_at timestamptz not null,
  primary key (organization_id, reply_id, evidence_no),
  foreign key (organization_id, reply_id) references reply
);

-- A check whose failure nobody may accept as a risk (veto items), for the node and all below it.
create table vetoed_check (
  vetoed_check_id integer generated always as identity primary key,
  -- null: the whole installation
  organization_id integer references organization,
  check_name text not null,
  reason text not null,
  set_by integer references account,
  set_at timestamptz not null,
  removed_at timestamptz
);
create unique index vetoed_check_once on vetoed_check (coalesce(organization_id, 0), check_name) where removed_at is null;

alter table reply enable row level security;
create policy visible on reply to backcheck_app using (
  organization_id in (select organization_id from visible_organization) or own_row(made_by, organization_id));
create policy everything on reply to backcheck_wide using (true) with check (true);
select protect_part(one, 'reply', 'reply_id') from unnest(array['reply_finding', 'reply_evidence']::regclass[]) one;
select protect_rule('vetoed_check');
grant select, insert on reply, reply_finding, reply_evidence, vetoed_check to backcheck_app, backcheck_wide;
grant update (state, signed_by, signed_at, opinion_by, opinion_at, opinion, opinion_for, decided_by, decided_at, decision,
  granted_until, granted_grade, ended_by, ended_at, ended_because) on reply to backcheck_app, backcheck_wide;
grant update (removed_at) on vetoed_check to backcheck_app, backcheck_wide;
-- the overlay that a granted reply lays over the finding, and the one that ends it
alter table decision add column reply_id bigint;
create index decision_by_reply on decision (reply_id) where reply_id is not null;

-- How much was answered to these findings since their cycle began, and nothing of what was said: limits hold for an
-- organization as a whole, also for who sees one system of it.
create function reply_standing(of_organization integer, of_findings bigint[])
returns table (finding_id bigint, pending text[], grounds text[], extensions integer, interim text)
language sql stable security definer set search_path = public as $$
  select f.id,
    coalesce(array_agg(distinct r.kind) filter (where r.state in ('drafted', 'made', 'opinion')), '{}'),
    coalesce(array_agg(distinct r.terms ->> 'ground') filter (where r.kind = 'objection' and r.state in ('granted', 'refused')), '{}'),
    (count(distinct r.reply_id) filter (where r.kind = 'extension' and r.state = 'granted'))::integer,
    case when bool_or(r.kind = 'interim' and r.state = 'verified') then 'verified'
      when bool_or(r.kind = 'interim' and r.state = 'made') then 'made' end
  from unnest(of_findings) f (id)
  left join lateral (
    select d.cycle_start from finding_determination d where d.organization_id = of_organization and d.finding_id = f.id
    order by d.determination_no desc limit 1) c on true
  left join reply_finding p on p.organization_id = of_organization and p.finding_id = f.id
  left join reply r on r.organization_id = p.organization_id and r.reply_id = p.reply_id
    and r.made_at >= coalesce(c.cycle_start, '-infinity')
  group by f.id
$$;
revoke all on function reply_standing from public;
grant execute on function reply_standing to backcheck_app, backcheck_wide;

create trigger deadlines_touched_by_reply after insert on reply referencing new table as changed
  for each statement execute function deadlines_touched();
create trigger deadlines_touched_by_decision after update on reply referencing new table as changed
  for each statement execute function deadlines_touched();

-- A notice keeps when it was received first, so that what waits for a receipt is found by an index. Whoever signs for it
-- may not change the notice itself.
create function notice_received() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update notice set received_at = new.received_at
  where organization_id = new.organization_id and notice_id = new.notice_id
    and (received_at is null or received_at > new.received_at);
  return null;
end $$;
revoke execute on function notice_received from public;
create trigger notice_received after insert on notice_receipt for each row execute function notice_received();
