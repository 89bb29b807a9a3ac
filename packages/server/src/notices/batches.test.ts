import {
  LeftOutList,
  NoticeBatch,
  NoticeBatchPreview,
  NoticeDetail,
  NoticeList,
  Organization,
} from '@backcheck/contract';
import { insertNoticeBatch, inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { draftBatch } from './draft-batch.ts';
import { issueBatch } from './issue-batch.ts';

/** A city with six schools, its handler and its lead. */
interface City {
  readonly running: RunningApp;
  readonly id: string;
  readonly schools: readonly string[];
  readonly handler: Visitor;
  readonly lead: Visitor;
}

async function cityOn(running: RunningApp): Promise<City> {
  const id = await running.organization('City of Lakes');
  const schools: string[] = [];
  for (let no = 1; no <= 6; no += 1) {
    const payload = { name: `School ${no}`, nameZh: `第${no}学校`, parentId: id };
    const answer = await running.send({ method: 'POST', url: '/api/v1/organizations', payload });
    schools.push(Organization.parse(answer.json()).id);
  }
  const organizationId = Number(id);
  return {
    running,
    id,
    schools,
    handler: await running.visitor('Handler', [{ role: 'campaign-manager', organizationId }]),
    lead: await running.visitor('Lead', [{ role: 'coordinator-lead', organizationId }]),
  };
}

/** Jobs run by themselves. */
let working: City;
/** Jobs stay queued; the test does their work, and kills it. */
let idle: City;
beforeAll(async () => {
  working = await cityOn(await RunningApp.start());
  await working.running.work();
  idle = await cityOn(await RunningApp.start());
});

const PLAN = {
  kind: 'inspection',
  title: '秋季检查',
  scope: { by: 'node' },
  which: 'none',
  draft: {
    title: { zh: '关于检查{organization}的通知', en: '' },
    body: { zh: '请{organization}做好准备，{missing}。', en: '' },
  },
};
const post = (who: Visitor, path: string, payload?: object) =>
  who.send({
    method: 'POST',
    url: `/api/v1/notice-batches${path}`,
    ...(payload === undefined ? {} : { payload }),
  });

async function created({ handler, id }: City, changes = {}): Promise<NoticeBatch> {
  const answer = await post(handler, '', { ...PLAN, organizationId: id, ...changes });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return NoticeBatch.parse(answer.json());
}
const read = async ({ lead }: City, { id }: { id: string }): Promise<NoticeBatch> =>
  NoticeBatch.parse((await lead.get(`/api/v1/notice-batches/${id}`)).json());
const leftOutOf = async ({ lead }: City, { id }: { id: string }, query = '') =>
  LeftOutList.parse((await lead.get(`/api/v1/notice-batches/${id}/left-out${query}`)).json());
const noticesOf = async ({ lead }: City, { id }: { id: string }) =>
  NoticeList.parse((await lead.get(`/api/v1/notices?batchId=${id}&limit=200`)).json()).items;

/** A signal by which the job ends before its n-th step, as it does when its process is told to stop. */
function endingBefore(step: number): AbortSignal {
  const controller = new AbortController();
  let left = step;
  vi.spyOn(controller.signal, 'throwIfAborted').mockImplementation(() => {
    left -= 1;
    if (left < 0) throw new Error('stopped');
  });
  return controller.signal;
}
const stopped = (error: unknown) => expect(error).toMatchObject({ message: 'stopped' });

describe('a batch of notices', () => {
  it('is previewed: to whom it goes and what it says to the first of them', async () => {
    const { handler, id: city } = working;
    const answer = await post(handler, '/preview', { ...PLAN, organizationId: city });
    expect(NoticeBatchPreview.parse(answer.json())).toMatchObject({
      organizations: 7,
      findings: 0,
      withoutFindings: 0,
      examples: [
        { organization: { name: 'City of Lakes' } },
        { title: { zh: '关于检查第1学校的通知', en: '' }, body: { zh: '请第1学校做好准备，{missing}。' } },
        {},
      ],
    });
  });

  it('goes to chosen organizations, and only to those that have something to be told', async () => {
    const { running, handler, id: city, schools } = working;
    const file = houseScan({
      at: new Date(Date.now() - 86_400_000).toISOString(),
      assets: [[{ kind: 'ip', value: '192.0.2.1' }]],
      present: true,
    });
    const { id } = (await running.upload(file, { organizationId: schools[1] ?? '', confirm: 'true' })).json();
    expect((await running.settled(id)).state).toBe('done');
    const plan = {
      ...PLAN,
      kind: 'rectification',
      which: 'open',
      organizationId: city,
      scope: { by: 'organizations', organizationIds: schools.slice(0, 3) },
    };
    expect((await post(handler, '/preview', plan)).json()).toMatchObject({
      organizations: 1,
      findings: 1,
      withoutFindings: 2,
    });
    const nobody = { ...plan, scope: { by: 'organizations', organizationIds: schools.slice(2) } };
    expect((await post(handler, '', nobody)).json().code).toBe('NOTICE_BATCH_EMPTY');
  });

  it('is drafted by a job, approved by somebody else as one, and issued with numbers in a row', async () => {
    const { running, lead, id: city } = working;
    const batch = await created(working);
    await until(async () => (await read(working, batch)).state === 'drafted');
    expect((await read(working, batch)).counts).toEqual({
      expected: 7,
      drafted: 7,
      needless: 0,
      refused: 0,
      issued: 0,
      discarded: 0,
    });
    expect(await leftOutOf(working, batch)).toEqual({ items: [], nextCursor: null });
    const both = await running.visitor('Handler', [
      { role: 'coordinator-lead', organizationId: Number(city) },
    ]);
    expect((await post(both, `/${batch.id}/approve`)).json().code).toBe('NOTICE_NOT_YOURS_TO_APPROVE');
    expect((await post(lead, `/${batch.id}/issue`)).json().code).toBe('NOTICE_BATCH_NOT_READY');
    expect(NoticeBatch.parse((await post(lead, `/${batch.id}/approve`)).json()).state).toBe('approved');
    expect((await post(lead, `/${batch.id}/issue`)).statusCode).toBe(200);
    await until(async () => (await read(working, batch)).state === 'issued');
    const notices = await noticesOf(working, batch);
    const sequences = notices.map(({ number }) => Number(/第(\d+)号/.exec(number ?? '')?.[1]));
    expect(sequences.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const one = NoticeDetail.parse((await lead.get(`/api/v1/notices/${notices[0]?.id}`)).json());
    expect(one.content).toMatchObject({ drafter: 'Handler', approver: 'Lead' });
  });

  it('is drafted and issued once to each, however often its job is interrupted', async () => {
    const batch = await created(idle);
    const { parts } = idle.running;
    for (const step of [0, 1, 0, 5]) await draftBatch(parts, batch.id, endingBefore(step)).catch(stopped);
    expect((await read(idle, batch)).counts).toMatchObject({ expected: 7, drafted: 7 });
    await post(idle.lead, `/${batch.id}/approve`);
    const one = { id: batch.id, issuedBy: idle.lead.accountId };
    for (const step of [2, 0, 3, 100]) await issueBatch(parts, one, endingBefore(step)).catch(stopped);
    const notices = await noticesOf(idle, batch);
    expect(notices).toHaveLength(7);
    expect(new Set(notices.map(({ organization }) => organization.id)).size).toBe(7);
    expect(new Set(notices.map(({ number }) => number)).size).toBe(7);
    const { rows } = await parts.widePool.query(
      `select count(*)::int as entries from ledger_leaf where record like '%notice-issued%'`,
    );
    expect(rows[0].entries).toBe(7);
  });

  it('is made once for one Idempotency-Key, also where the first one left nothing to say', async () => {
    const file = houseScan({
      at: new Date(Date.now() - 86_400_000).toISOString(),
      assets: [[{ kind: 'ip', value: '192.0.2.77' }]],
      present: true,
    });
    const school = working.schools[5] ?? '';
    const { id } = (await working.running.upload(file, { organizationId: school, confirm: 'true' })).json();
    expect((await working.running.settled(id)).state).toBe('done');
    const plan = { ...PLAN, kind: 'rectification', which: 'unnoticed', organizationId: school };
    const send = (payload: object) =>
      working.handler.send({
        method: 'POST',
        url: '/api/v1/notice-batches',
        headers: { 'idempotency-key': 'batch-1' },
        payload,
      });
    const batch = NoticeBatch.parse((await send(plan)).json());
    await until(async () => (await read(working, batch)).state === 'drafted');
    const again = await send(plan);
    expect([again.statusCode, again.json().id]).toEqual([201, batch.id]);
    expect((await send({ ...plan, title: '别的' })).json().code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('is given up with all its notices, which never had a number', async () => {
    const batch = await created(idle);
    await draftBatch(idle.running.parts, batch.id);
    const answer = await post(idle.handler, `/${batch.id}/discard`, { reason: '改期' });
    expect(NoticeBatch.parse(answer.json())).toMatchObject({ state: 'discarded', counts: { discarded: 7 } });
    for (const notice of await noticesOf(idle, batch))
      expect(notice).toMatchObject({ state: 'discarded', number: null, reason: '改期' });
  });

  it('drafts anew for whom a finding was proven gone in the meantime, and another one approves that paper', async () => {
    const { running, schools, handler, lead } = working;
    const school = schools[4] ?? '';
    const scan = async (day: number, addresses: readonly string[], present: boolean) => {
      const file = houseScan({
        at: new Date(Date.now() - (10 - day) * 86_400_000).toISOString(),
        assets: addresses.map((value) => [{ kind: 'ip', value }]),
        present,
      });
      const { id } = (await running.upload(file, { organizationId: school, confirm: 'true' })).json();
      expect((await running.settled(id)).state).toBe('done');
    };
    await scan(1, ['192.0.2.50', '192.0.2.51'], true);
    const scope = { by: 'organizations', organizationIds: [school] };
    const batch = await created(working, { kind: 'circular', which: 'open', scope });
    await until(async () => (await read(working, batch)).state === 'drafted');
    await post(lead, `/${batch.id}/approve`);
    await scan(2, ['192.0.2.50'], false);
    await post(lead, `/${batch.id}/issue`);
    await until(async () => (await read(working, batch)).state === 'issued');

    const { items } = await leftOutOf(working, batch);
    expect(items).toMatchObject([
      {
        organization: { id: school, name: 'School 5' },
        outcome: 'drafted-anew',
        code: 'NOTICE_FINDINGS_SETTLED',
        why: { en: expect.stringContaining('192.0.2.50') },
      },
    ]);
    const notices = await noticesOf(working, batch);
    expect(notices.map(({ state, findings }) => [state, findings])).toEqual([
      ['submitted', 1],
      ['discarded', 2],
    ]);
    const anew = notices[0]?.id ?? '';
    expect(items[0]?.noticeId).toBe(anew);
    const step = (who: Visitor, name: string) =>
      who.send({ method: 'POST', url: `/api/v1/notices/${anew}/${name}` });
    expect((await step(handler, 'approve')).statusCode).toBe(403);
    expect((await step(lead, 'approve')).statusCode).toBe(200);
    const paper = NoticeDetail.parse((await step(lead, 'issue')).json());
    expect(paper.content.findings.map(({ asset }) => asset)).toEqual(['192.0.2.51']);
  });

  it('names whoever has nothing to be told any more when their notice is to be drafted', async () => {
    const { parts } = idle.running;
    const { accountId: draftedBy } = idle.handler;
    const members = [idle.id, ...idle.schools].map(Number);
    const plan = { ...PLAN, kind: 'rectification', which: 'open' } as const;
    const made = await inTransaction(parts.widePool, (tx) =>
      insertNoticeBatch(tx, {
        organizationId: Number(idle.id),
        kind: plan.kind,
        title: plan.title,
        plan,
        members,
        draftedBy,
        draftedAt: new Date().toISOString(),
      }),
    );
    const batch = { id: made ?? '' };
    await draftBatch(parts, batch.id);
    expect((await read(idle, batch)).counts).toMatchObject({ expected: 7, drafted: 0, needless: 7 });
    const first = await leftOutOf(idle, batch, '?limit=4');
    const rest = await leftOutOf(idle, batch, `?limit=4&cursor=${first.nextCursor}`);
    const all = [...first.items, ...rest.items];
    expect(all.map(({ organization }) => organization.name).toSorted()).toEqual(
      ['City of Lakes', ...[1, 2, 3, 4, 5, 6].map((no) => `School ${no}`)].toSorted(),
    );
    expect(
      all.every(({ outcome, code, why }) => outcome === 'needless' && code === null && why === null),
    ).toBe(true);
    expect(rest.nextCursor).toBeNull();
  });

  it('does not issue the one notice whose finding went to another organization in the meantime', async () => {
    const scope = { by: 'organizations', organizationIds: working.schools.slice(1, 2) };
    const batch = await created(working, { kind: 'rectification', which: 'open', scope });
    await until(async () => (await read(working, batch)).state === 'drafted');
    await post(working.lead, `/${batch.id}/approve`);
    await working.running.parts.widePool.query(
      `update notice set frozen = jsonb_set(frozen, '{findings,0,id}', '"999999"') where notice_batch_id = $1`,
      [batch.id],
    );
    await post(working.lead, `/${batch.id}/issue`);
    await until(async () => (await read(working, batch)).state === 'issued');
    const [anew, given] = await noticesOf(working, batch);
    expect(anew).toMatchObject({ state: 'submitted', number: null, approvedBy: null });
    expect(given).toMatchObject({ state: 'discarded', number: null, reason: 'NOTICE_FINDINGS' });
  });

  it('shortens a title that a long name makes too long', async () => {
    const { parts } = idle.running;
    const long = idle.schools[2] ?? '';
    await parts.widePool.query(
      `update organization set name_zh = repeat('学', 190) where organization_id = $1`,
      [long],
    );
    const draft = { ...PLAN.draft, title: { zh: '关于{organization}网络安全检查有关事项的通知', en: '' } };
    const batch = await created(idle, { draft });
    await draftBatch(parts, batch.id);
    const { state, counts } = await read(idle, batch);
    expect([state, counts.drafted]).toEqual(['drafted', 7]);
    const titles = (await noticesOf(idle, batch)).map(({ title }) => title.zh.length);
    expect(Math.max(...titles)).toBe(200);
    await parts.widePool.query(`update organization set name_zh = '第3学校' where organization_id = $1`, [
      long,
    ]);
  });

  it('whose date has passed before its job ran is drafted for nobody, and can be given up', async () => {
    const { parts } = idle.running;
    const at = new Date(Date.now() + 60_000);
    const batch = await created(idle, { draft: { ...PLAN.draft, dueAt: at.toISOString() } });
    await draftBatch({ ...parts, clock: () => new Date(at.getTime() + 1) }, batch.id);
    expect(await read(idle, batch)).toMatchObject({
      state: 'drafted',
      counts: { expected: 7, drafted: 0, refused: 7 },
    });
    const { items } = await leftOutOf(idle, batch);
    expect(items).toHaveLength(7);
    expect(items[0]).toMatchObject({
      organization: { name: 'City of Lakes' },
      outcome: 'refused',
      code: 'NOTICE_FLAWED',
      why: { en: expect.stringContaining('dueAt') },
      noticeId: null,
    });
    expect((await post(idle.handler, `/${batch.id}/discard`, { reason: '过期' })).statusCode).toBe(200);
  });

  it('is not for whoever is addressed, and not for who may only draft one', async () => {
    const { running, id: city } = working;
    const liaison = await running.visitor('Liaison', [{ role: 'liaison', organizationId: Number(city) }]);
    const inspector = await running.visitor('Inspector', [
      { role: 'inspector', organizationId: Number(city) },
    ]);
    expect((await liaison.get('/api/v1/notice-batches')).json().items).toEqual([]);
    const batch = await created(working);
    expect((await liaison.get(`/api/v1/notice-batches/${batch.id}/left-out`)).statusCode).toBe(404);
    for (const who of [liaison, inspector])
      expect((await post(who, '', { ...PLAN, organizationId: city })).json().code).toBe('FORBIDDEN');
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come to that');
}
