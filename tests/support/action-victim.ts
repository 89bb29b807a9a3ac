import { createOwnerPool, ensureAccount } from '@backcheck/db';
import { sealSecret } from '../../packages/server/src/deliveries/webhook-secret.ts';
import type { RunningApp, Visitor } from '../../packages/server/src/testing/running-app.ts';
import { type ActionIds, batchPlan, calendarOf, noticeDraft, officeOf, policyOf } from './action-attacks.ts';

interface Place {
  readonly running: RunningApp;
  readonly organizationId: string;
  /** Stands in every text. */
  readonly mark: string;
}

/** Who writes to the organization, who decides about it, and who answers for it. */
interface People {
  readonly drafter: Visitor;
  readonly lead: Visitor;
  readonly liaison: Visitor;
}

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();

/** What follows the organization's findings, one of everything, made by the people whose work it is. */
export async function buildActions(
  running: RunningApp,
  organizationId: string,
  mark: string,
): Promise<ActionIds> {
  const place = { running, organizationId, mark };
  const here = { organizationId: Number(organizationId) };
  const people: People = {
    drafter: await running.visitor(`${mark} drafter`, [{ role: 'campaign-manager', ...here }]),
    lead: await running.visitor(`${mark} lead`, [{ role: 'coordinator-lead', ...here }]),
    liaison: await running.visitor(`${mark} answerer`, [{ role: 'liaison', ...here }]),
  };
  const deadlines = await buildDeadlines(place, people);
  const openFinding = await openFindingOf(place);
  const office = await buildOffice(place, people);
  const notices = await buildNotices(place, people, openFinding);
  const batches = await buildBatches(place, people);
  await settled(running);
  return {
    openFinding,
    fix: (await items(running.get(`/api/v1/fixes?organizationId=${organizationId}`)))[0]?.id ?? '',
    ...deadlines,
    ...office,
    notices,
    batches,
    ...(await buildDeliveries(place, people, notices.issued)),
    ...(await buildReplies(place, people, openFinding)),
  };
}

type Answer = ReturnType<Visitor['send']>;

async function json(answer: Answer) {
  const { statusCode, body } = await answer;
  if (statusCode >= 300) throw new Error(`the victim was refused: ${statusCode} ${body}`);
  return body === '' ? {} : JSON.parse(body);
}

const items = async (answer: Answer): Promise<readonly { readonly id: string }[]> =>
  (await json(answer)).items;

const post = (who: Pick<Visitor, 'send'>, url: string, payload?: object) =>
  json(who.send({ method: 'POST', url: `/api/v1${url}`, ...(payload === undefined ? {} : { payload }) }));

const put = (who: Pick<Visitor, 'send'>, url: string, payload: object) =>
  json(who.send({ method: 'PUT', url: `/api/v1${url}`, payload }));

async function buildDeadlines({ running, organizationId, mark }: Place, { drafter, lead }: People) {
  const [policy, draftedPolicy] = [
    await post(drafter, '/deadline-policies', { organizationId, content: policyOf(mark, mark) }),
    await post(drafter, '/deadline-policies', { organizationId, content: policyOf(`${mark}-2`, mark) }),
  ];
  await post(lead, `/deadline-policies/${policy.id}/approve`);
  await put(lead, `/deadline-policies/${policy.id}/assignment`, { organizationId, appliesTo: 'open' });
  const { items: calendars } = await put(drafter, '/working-calendars', {
    organizationId,
    content: calendarOf(mark, mark),
  });
  const mine = calendars.find(
    (one: { organizationId: string | null }) => one.organizationId === organizationId,
  );
  // a preview is shown to nobody but who asked: the one whom tests/support/victim.ts lets in
  const asker = await ensureAccount(running.parts.widePool, `coordinator-lead of ${organizationId}`);
  const { rows: previews } = await running.parts.widePool.query(
    `insert into deadline_preview (asked_by, asked_at, wish, findings) values ($1, now(), '{}', 0) returning deadline_preview_id::text as id`,
    [asker.accountId],
  );
  const veto = { organizationId, check: `${mark}:check`, reason: mark };
  return {
    policy: policy.id,
    draftedPolicy: draftedPolicy.id,
    draftedCalendar: mine.id,
    deadlinePreview: previews[0].id,
    veto: (await post(lead, '/vetoed-checks', veto)).id,
  };
}

async function openFindingOf({ running, organizationId }: Place): Promise<string> {
  await settled(running);
  const [one] = await items(running.get(`/api/v1/findings?organizationId=${organizationId}&state=open`));
  if (one === undefined) throw new Error('the victim has no open finding');
  return one.id;
}

async function buildOffice({ organizationId, mark }: Place, { drafter }: People) {
  await put(drafter, `/notice-office?organizationId=${organizationId}`, officeOf(mark));
  const sample = await drafter.get('/api/v1/notice-templates/sample?kind=closing&language=zh');
  const payload = new FormData();
  for (const [name, value] of Object.entries({ organizationId, kind: 'closing', language: 'zh' }))
    payload.set(name, value);
  payload.set('file', new Blob([new Uint8Array(sample.rawPayload)]), `${mark}.docx`);
  return { template: (await post(drafter, '/notice-templates', payload)).id };
}

/** Each is taken as far as its name says. */
async function buildNotices(
  { organizationId, mark }: Place,
  { drafter, lead }: People,
  finding: string,
): Promise<ActionIds['notices']> {
  const text = { zh: mark, en: mark };
  const draft = { ...noticeDraft([finding]), title: text, body: text, dueAt: inDays(30) };
  const made = async (...steps: readonly string[]): Promise<string> => {
    const { id } = await post(drafter, '/notices', { organizationId, draft });
    for (const step of steps) await post(step === 'submit' ? drafter : lead, `/notices/${id}/${step}`);
    return id;
  };
  const notices = {
    draft: await made(),
    needless: await made(),
    submitted: await made('submit'),
    doubtful: await made('submit'),
    approved: await made('submit', 'approve'),
    issued: await made('submit', 'approve', 'issue'),
    wrong: await made('submit', 'approve', 'issue'),
  };
  const copy = new FormData();
  copy.set('file', new Blob([`${mark} signed`]), `${mark}.pdf`);
  await post(drafter, `/notices/${notices.issued}/copies`, copy);
  return notices;
}

async function buildBatches({ running, organizationId, mark }: Place, { drafter, lead }: People) {
  const made = async () => (await post(drafter, '/notice-batches', batchPlan(organizationId, mark))).id;
  const batches = { drafted: await made(), approved: await made(), needless: await made() };
  await settled(running);
  await post(lead, `/notice-batches/${batches.approved}/approve`);
  return batches;
}

/** The mail server is far away: what became of a mail is written as its answer would have it. */
async function buildDeliveries(
  { running, organizationId, mark }: Place,
  { drafter, liaison }: People,
  noticeId: string,
) {
  const { widePool, signIn } = running.parts;
  const call = {
    channel: 'phone',
    recipient: `${mark} duty`,
    at: inDays(0),
    received: true,
    note: mark,
  };
  await post(drafter, `/notices/${noticeId}/deliveries/log`, call);
  await post(liaison, `/notices/${noticeId}/receipts`, { note: mark });
  const mail = async (state: string): Promise<string> => {
    const { rows } = await widePool.query<{ id: string }>(
      `insert into notice_delivery (organization_id, notice_id, channel, recipient, address, language, occasion, state, message_id, contact_id, queued_at)
       values ($1, $2, 'mail', $3, $3 || '@example.org', 'zh', 'issued', $4, '<' || $4 || '@' || $3 || '>', $5, now()) returning notice_delivery_id::text as id`,
      [organizationId, noticeId, mark, state, state.length],
    );
    return rows[0]?.id ?? '';
  };
  const rungs = await widePool.query<{ id: string; step: string }>(
    `update escalation set state = case step when 'talk' then 'proposed' else state end, changed_at = now() where notice_id = $1 and step in ('remind', 'talk')
     returning escalation_id::text as id, step`,
    [noticeId],
  );
  const sealed = sealSecret(`whsec_${mark}`, {
    serverSecret: signIn.secret,
    organizationId: Number(organizationId),
  });
  const hooks = await widePool.query<{ id: string }>(
    `insert into webhook (organization_id, url, secret, registered_by, registered_at) values ($1, $2, $3, $4, now()) returning webhook_id::text as id`,
    [organizationId, `https://127.0.0.1/${mark}`, sealed, liaison.accountId],
  );
  return {
    remind: rungs.rows.find(({ step }) => step === 'remind')?.id ?? '',
    talk: rungs.rows.find(({ step }) => step === 'talk')?.id ?? '',
    unconfirmed: await mail('unconfirmed'),
    failed: await mail('failed'),
    bounce: bounceOf(`<unconfirmed@${mark}>`),
    webhook: hooks.rows[0]?.id ?? '',
  };
}

const bounceOf = (messageId: string): string =>
  [
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    '',
    '--b--',
    '',
  ].join('\r\n');

async function buildReplies({ mark }: Place, { liaison }: People, finding: string) {
  const make = async (kind: string, rest: object): Promise<string> =>
    (await post(liaison, '/replies', { kind, findingIds: [finding], text: mark, ...rest })).id;
  const evidence = await uploaded(liaison, mark);
  return {
    upload: await uploaded(liaison, mark),
    replies: {
      objection: await make('objection', { ground: 'fact', uploadIds: [evidence] }),
      acceptance: await make('acceptance', { control: mark, until: inDays(20) }),
      interim: await make('interim', {}),
      plan: await make('plan', { responsible: mark, until: inDays(5) }),
      'false-positive': await make('false-positive', { reason: 'patch-backported', until: inDays(20) }),
    },
  };
}

/** A finished upload of theirs. */
async function uploaded(who: Visitor, mark: string): Promise<string> {
  const tus = { 'tus-resumable': '1.0.0' };
  const content = Buffer.from(`${mark} evidence`);
  const begun = await who.send({
    method: 'POST',
    url: '/api/v1/uploads',
    headers: {
      ...tus,
      'upload-length': String(content.length),
      'upload-metadata': `filename ${Buffer.from(`${mark}.txt`).toString('base64')}`,
    },
  });
  const url = String(begun.headers['location']);
  const headers = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  const sent = await who.send({ method: 'PATCH', url, headers, payload: content });
  if (sent.statusCode !== 204) throw new Error(`the victim's upload was refused: ${sent.body}`);
  return url.split('/').at(-1) ?? '';
}

/** Returns when no job is left that has not been tried: what happens from now on, somebody else has done. */
export async function settled({ connectionString }: Pick<RunningApp, 'connectionString'>): Promise<void> {
  const owner = createOwnerPool({ connectionString });
  try {
    for (let tries = 0; tries < 2400; tries += 1) {
      const { rows } = await owner.query<{ waiting: string[] }>(
        `select array_agg(task_identifier) as waiting from graphile_worker.jobs where attempts = 0 or locked_at is not null`,
      );
      if (rows[0]?.waiting === null) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the jobs do not come to an end');
  } finally {
    await owner.end();
  }
}
