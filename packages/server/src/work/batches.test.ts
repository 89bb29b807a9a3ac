import {
  NoticeBatch,
  NoticeDetail,
  NoticeList,
  WorkCounts,
  type WorkItem,
  WorkItemList,
} from '@backcheck/contract';
import type { Role } from '@backcheck/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { below } from '../look-backs/closed-findings.fixture.ts';
import { draftBatch } from '../notices/draft-batch.ts';
import { issueBatch } from '../notices/issue-batch.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

const PLAN = {
  kind: 'inspection',
  title: '{秋季} check',
  scope: { by: 'node' },
  which: 'none',
  draft: { title: { zh: '关于检查的通知', en: '' }, body: { zh: '请做好准备。', en: '' } },
};

let running: RunningApp;
let city: string;
let handler: Visitor;
let lead: Visitor;
const inCity = (name: string, role: Role): Promise<Visitor> =>
  running.visitor(name, [{ role, organizationId: Number(city) }]);
beforeAll(async () => {
  running = await RunningApp.start();
  city = await running.organization('City of Lakes');
  for (const no of [1, 2]) await below(running, city, `School ${no}`);
  handler = await inCity('Handler', 'campaign-manager');
  lead = await inCity('Lead', 'coordinator-lead');
});

const post = (who: Visitor, path: string, payload?: object) =>
  who.send({ method: 'POST', url: `/api/v1${path}`, ...(payload === undefined ? {} : { payload }) });
async function drafted(organizationId: string | null, by = handler): Promise<NoticeBatch> {
  const batch = NoticeBatch.parse((await post(by, '/notice-batches', { ...PLAN, organizationId })).json());
  await draftBatch(running.parts, batch.id);
  return batch;
}
const waits = async (who: Pick<Visitor, 'get'> = lead, query = ''): Promise<WorkItem[]> =>
  WorkItemList.parse((await who.get(`/api/v1/work/coordinator${query}`)).json()).items;
const kinds = async (who: Pick<Visitor, 'get'> = lead) => (await waits(who)).map(({ kind }) => kind);
const count = async (who: Pick<Visitor, 'get'> = lead) =>
  WorkCounts.parse((await who.get('/api/v1/work')).json()).coordinator;

describe('a batch of notices', () => {
  test('waits on the board for its approval and then for its issue, as one and not as each of its notices', async () => {
    const queued = NoticeBatch.parse(
      (await post(handler, '/notice-batches', { ...PLAN, organizationId: city })).json(),
    );
    expect(await kinds()).toEqual([]);
    await draftBatch(running.parts, queued.id);
    expect(await waits()).toMatchObject([
      {
        kind: 'batch-to-approve',
        id: queued.id,
        organization: { id: city, name: 'City of Lakes' },
        what: '{秋季} check',
        noticeKind: 'inspection',
      },
    ]);
    expect(await count()).toBe(1);
    await post(lead, `/notice-batches/${queued.id}/approve`);
    const approved = NoticeBatch.parse((await lead.get(`/api/v1/notice-batches/${queued.id}`)).json());
    expect(await waits()).toMatchObject([
      { kind: 'batch-to-issue', id: queued.id, since: approved.approvedAt },
    ]);
    expect(await count()).toBe(1);
    await post(lead, `/notice-batches/${queued.id}/issue`);
    expect(await kinds()).toEqual([]);
    await issueBatch(running.parts, { id: queued.id, issuedBy: lead.accountId });
    expect(await kinds()).toEqual([]);
    expect(await count()).toBe(0);
  });

  test('that was given up waits for nobody', async () => {
    const batch = await drafted(city);
    expect(await kinds()).toEqual(['batch-to-approve']);
    await post(handler, `/notice-batches/${batch.id}/discard`, { reason: '改期' });
    expect(await kinds()).toEqual([]);
  });

  test('to everybody has no organization, and waits for who inspects everybody', async () => {
    const everywhere = await running.visitor('Province', [{ role: 'campaign-manager' }]);
    const batch = await drafted(null, everywhere);
    const [row] = await waits(running);
    expect(row).toMatchObject({ kind: 'batch-to-approve', id: batch.id, organization: null });
    expect(await kinds()).toEqual([]);
    expect(await waits(running, `?organizationId=${city}`)).toEqual([]);
    await post(everywhere, `/notice-batches/${batch.id}/discard`, { reason: '改期' });
  });

  test('is on no board of those who are inspected, and on none beside its node', async () => {
    const batch = await drafted(city);
    const elsewhere = Number(await running.organization('Another city'));
    const there = await running.visitor('Lead there', [
      { role: 'coordinator-lead', organizationId: elsewhere },
    ]);
    for (const who of [await inCity('Owner', 'security-lead'), await inCity('Liaison', 'liaison'), there])
      expect([await kinds(who), await count(who)]).toEqual([[], 0]);
    expect(await kinds(await inCity('Officer', 'duty-officer'))).toEqual(['batch-to-approve']);
    await post(handler, `/notice-batches/${batch.id}/discard`, { reason: '改期' });
  });

  test('leaves on the board what could not be approved with it, and what was drafted anew when it was issued', async () => {
    const batch = await drafted(city);
    const { items } = NoticeList.parse((await lead.get(`/api/v1/notices?batchId=${batch.id}`)).json());
    const [byHand] = items;
    // the approver had a hand in one of them
    await running.parts.widePool.query('update notice set hands = hands || $2::int where notice_id = $1', [
      byHand?.id,
      lead.accountId,
    ]);
    await post(lead, `/notice-batches/${batch.id}/approve`);
    expect((await waits()).map(({ kind, id }) => [kind, id])).toEqual([
      ['notice-to-approve', byHand?.id],
      ['batch-to-issue', batch.id],
    ]);
    await post(lead, `/notice-batches/${batch.id}/issue`);
    await issueBatch(running.parts, { id: batch.id, issuedBy: lead.accountId });
    expect(await kinds()).toEqual(['notice-to-approve']);
    const other = await inCity('Other lead', 'coordinator-lead');
    const approved = await post(other, `/notices/${byHand?.id}/approve`);
    expect(NoticeDetail.parse(approved.json()).state).toBe('approved');
    expect(await kinds()).toEqual(['notice-to-issue']);
    await post(lead, `/notices/${byHand?.id}/issue`);
    expect(await kinds()).toEqual([]);
  });
});
