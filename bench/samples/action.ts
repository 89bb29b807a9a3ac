/**
 * What follows from the findings of `bench/registers.ts`: a date and a measure for each, a notice for each organization,
 * replies, claims, retests. Everything in the shares that a coordinator at work has: a tenth is overdue, a fifth of the notices is
 * not signed for, a few hundred things wait for somebody.
 */
const TABLES = [
  `insert into finding_due (organization_id, finding_id, asset_id, determination_no, due_at, priority, epss, grade, paused, waived, turn)
   select organization_id, finding_id, asset_id, 1, case when check_id % 50 <> 0 then date_trunc('day', now()) + (finding_id % 400 - 40) * interval '1 day' end,
     finding_id % 4, (finding_id % 1000) / 1000.0, severity, case when finding_id % 100 = 1 then 'retest' end, null, case when finding_id % 491 = 1 then 'us' else 'them' end
   from finding`,
  `insert into fix (key_sha256, key, kind, subject) select sha256(name::bytea), name, 'upgrade', jsonb_build_object('zh', name, 'en', name) from check_definition order by check_id`,
  `insert into finding_fix (organization_id, finding_id, asset_id, fix_id)
   select f.organization_id, f.finding_id, f.asset_id, x.fix_id from finding f join check_definition k using (check_id) join fix x on x.key = k.name`,
  `insert into notice (organization_id, kind, state, draft, drafted_by, drafted_at, submitted_at, approved_by, approved_at, issued_at, received_at, notice_series_id, sequence, number)
   select organization_id, 'rectification', state, jsonb_build_object('kind', 'rectification', 'language', 'zh', 'title', jsonb_build_object('zh', '限期整改通知书', 'en', 'Rectification notice'), 'tlp', 'AMBER'),
     1, at, case when state <> 'draft' then at end, case when state in ('approved', 'issued') then 2 end, case when state in ('approved', 'issued') then at end,
     case when state = 'issued' then at end, case when state = 'issued' and n % 5 <> 0 then at end, case when state = 'issued' then 1 end,
     case when state = 'issued' then n * 3 + round end, case when state = 'issued' then '检字〔2026〕第' || n * 3 + round || '号' end
   from leaf, generate_series(0, 2) round, lateral (select now() - (n % 90 + 1) * interval '1 day' as at,
     case when round = 0 or n % 50 > 2 then 'issued' when n % 50 = 0 then 'draft' when n % 50 = 1 then 'submitted' else 'approved' end as state) s`,
  `insert into notice_finding (organization_id, notice_id, finding_id, asset_id)
   select n.organization_id, n.notice_id, f.finding_id, f.asset_id from notice n join finding f on f.organization_id = n.organization_id and f.finding_id % 10 = 0`,
  `insert into notice_delivery (organization_id, notice_id, channel, recipient, language, state, queued_at)
   select organization_id, notice_id, 'mail', 'office@example.org', 'zh', case when notice_id % 40 = 0 then 'bounced' else 'sent' end, issued_at from notice where issued_at is not null`,
  `insert into escalation (organization_id, notice_id, step, due_at, planned_at, state, changed_at)
   select organization_id, notice_id, 'remind', now(), now(), case when notice_id % 200 = 0 then 'proposed' else 'done' end, now() from notice where issued_at is not null`,
  `insert into reply (organization_id, kind, notice_id, state, terms, text, made_by, made_at, decided_by, decided_at, decision, wished_until, granted_until, request_sha256)
   select organization_id, s.kind, notice_id, s.state, '{}', '需要停机窗口', 3, issued_at, case when s.state = 'granted' then 2 end, case when s.state = 'granted' then issued_at end,
     case when s.state = 'granted' then '同意' end, now() + interval '60 days', case when s.state = 'granted' then now() + interval '60 days' end, ''
   from notice, lateral (select (array['objection', 'plan', 'interim', 'extension'])[1 + notice_id % 4] as kind, case when notice_id % 30 = 0 then 'made' else 'granted' end as state) s
   where issued_at is not null and exists (select from notice_finding f where f.organization_id = notice.organization_id and f.notice_id = notice.notice_id)`,
  `insert into reply_finding (organization_id, reply_id, finding_id, asset_id)
   select r.organization_id, r.reply_id, n.finding_id, n.asset_id from reply r join notice_finding n using (organization_id, notice_id)`,
  `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note)
   select organization_id, finding_id, 'claimed', now(), 'liaison', 'mended' from finding where finding_id % 40 = 0`,
  `insert into retest (organization_id, origin, priority, requested_by, requested_at, state, finished_at)
   select organization_id, 'request', 1, 1, at, case when n % 20 = 0 then 'waiting' else 'done' end, case when n % 20 <> 0 then at end
   from leaf, generate_series(0, 2) round, lateral (select now() - (n % 30 + 60 - 30 * round) * interval '1 day' as at) a order by at`,
  `insert into retest_finding (organization_id, retest_id, finding_id, asset_id, outcome, reason)
   select r.organization_id, r.retest_id, f.finding_id, f.asset_id, o.outcome, case when o.outcome = 'inconclusive' then 'NO_HOST' end
   from retest r cross join lateral (select finding_id, asset_id from finding f where f.organization_id = r.organization_id order by finding_id limit 5) f
   cross join lateral (select case when r.state = 'done' then (array['proven', 'still-present', 'inconclusive'])[1 + f.finding_id % 3] end as outcome) o`,
];

/** As one transaction without triggers and foreign keys: what is seeded has no job to call. */
export const ACTION_SEED: readonly string[] = [
  `begin; set local session_replication_role = replica; ${TABLES.join('; ')}; commit`,
  'vacuum analyze',
];
