import { beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import { RunningApp, type Visitor } from '../../packages/server/src/testing/running-app.ts';
import { batchPlan, noticeDraft } from '../support/action-attacks.ts';
import { buildVictim, MARK, type Victim } from '../support/victim.ts';

/**
 * A record of one's own that names a record of another organization: its finding in my notice, its key list in my batch,
 * its policy at my node. The operations themselves are tried in isolation.test.ts.
 */
let running: RunningApp;
let victim: Victim;
/** An organization beside the victim, with an open finding. */
let mine: { readonly organizationId: string; readonly finding: string };
let lead: Visitor;
let drafter: Visitor;
let liaison: Visitor;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  victim = await buildVictim(running);
  const organizationId = await running.organization('The one beside it');
  const file = houseScan({
    at: '2026-01-03T10:00:00Z',
    assets: [[{ kind: 'ip', value: '203.0.113.5' }]],
    present: true,
  });
  await running.settled((await running.upload(file, { organizationId, confirm: 'true' })).json().id);
  const [finding] = (await running.get(`/api/v1/findings?organizationId=${organizationId}`)).json().items;
  mine = { organizationId, finding: finding.id };
  const here = { organizationId: Number(organizationId) };
  lead = await running.visitor('My lead', [{ role: 'coordinator-lead', ...here }]);
  drafter = await running.visitor('My drafter', [{ role: 'campaign-manager', ...here }]);
  liaison = await running.visitor('My liaison', [{ role: 'liaison', ...here }]);
});

/** Sends it; whatever it answers, the organization is the same afterwards and nothing of it is in the answer. */
async function tried(who: Visitor, method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, payload?: object) {
  const before = await victim.fingerprint();
  const answer = await who.send({
    method,
    url: `/api/v1${path}`,
    ...(payload === undefined ? {} : { payload }),
  });
  expect([path, answer.body.includes(MARK), answer.statusCode >= 500]).toEqual([path, false, false]);
  expect(await victim.fingerprint()).toEqual(before);
  return answer;
}

const draftWith = (changes: object) => ({
  organizationId: mine.organizationId,
  draft: { ...noticeDraft([mine.finding]), ...changes },
});

describe('a notice to my organization', () => {
  test('names no finding of another', async () => {
    const { ids } = victim;
    const answer = await tried(
      drafter,
      'POST',
      '/notices',
      draftWith({ findingIds: [mine.finding, ids.openFinding] }),
    );
    expect(answer.json().code).toBe('NOTICE_FINDINGS');
    const own = (await tried(drafter, 'POST', '/notices', draftWith({}))).json();
    const change = { draft: noticeDraft([ids.openFinding]) };
    expect((await tried(drafter, 'PATCH', `/notices/${own.id}`, change)).json().code).toBe('NOTICE_FINDINGS');
  });

  test.each(['refersTo', 'replaces'])('has no notice of another as its %s', async (field) => {
    const answer = await tried(
      drafter,
      'POST',
      '/notices',
      draftWith({ [field]: victim.ids.notices.issued }),
    );
    expect(answer.json().code).toBe('NOTICE_FLAWED');
  });

  test('is not proposed from findings, retests or notices of another', async () => {
    const { ids } = victim;
    for (const query of [
      `kind=rectification&findingIds=${ids.openFinding}`,
      `kind=retest-result&retestId=${ids.retest}`,
      `kind=reminder&refersTo=${ids.notices.issued}`,
    ])
      await tried(drafter, 'GET', `/notices/proposal?organizationId=${mine.organizationId}&${query}`);
  });
});

test('a batch of mine goes to nobody who is on a key list, in a campaign or a member of another', async () => {
  const { ids } = victim;
  for (const scope of [
    { by: 'organizations', organizationIds: [ids.organization] },
    { by: 'key-list', keyListId: ids.keyList },
    { by: 'campaign', campaignId: ids.campaign },
  ]) {
    const plan = { ...batchPlan(mine.organizationId, 'Mine'), scope };
    const preview = await tried(drafter, 'POST', '/notice-batches/preview', plan);
    expect([scope.by, preview.json().organizations ?? 0]).toEqual([scope.by, 0]);
    expect((await tried(drafter, 'POST', '/notice-batches', plan)).statusCode).toBeGreaterThanOrEqual(400);
  }
});

test('a list of mine is not read through a batch, a series, a finding or a notice of another', async () => {
  const { ids } = victim;
  for (const path of [
    `/notices?batchId=${ids.batches.drafted}`,
    '/notices?seriesId=1',
    '/notices?q=zebra',
    `/replies?findingId=${ids.openFinding}`,
    `/fixes/${ids.fix}?organizationId=${mine.organizationId}`,
    `/deliveries/troubled?organizationId=${ids.organization}`,
  ])
    await tried(lead, 'GET', path);
});

test('a reply of mine answers no notice and takes no upload of another', async () => {
  const { ids } = victim;
  const reply = { kind: 'objection', ground: 'fact', findingIds: [mine.finding], text: 'x' };
  const named = await tried(liaison, 'POST', '/replies', { ...reply, noticeId: ids.notices.issued });
  expect(named.statusCode).toBe(404);
  const both = await tried(liaison, 'POST', '/replies', {
    ...reply,
    findingIds: [mine.finding, ids.openFinding],
  });
  expect(both.statusCode).toBe(404);
  const taken = await tried(liaison, 'POST', '/replies', { ...reply, uploadIds: [ids.upload] });
  expect(taken.json().code).toBe('UPLOAD_UNKNOWN');
});

test('neither a policy of another holds at my node, nor one of mine at theirs', async () => {
  const { ids } = victim;
  const here = { organizationId: mine.organizationId, appliesTo: 'open' };
  const there = { organizationId: ids.organization, appliesTo: 'open' };
  const { items } = (await tried(lead, 'GET', '/deadline-policies')).json();
  for (const [policy, place] of [
    [ids.policy, here],
    [items[0].id, there],
    [items[0].id, { ...here, organizationId: null }],
  ] as const)
    for (const [method, step] of [
      ['POST', 'preview'],
      ['PUT', 'assignment'],
    ] as const) {
      const answer = await tried(lead, method, `/deadline-policies/${policy}/${step}`, place);
      expect([step, place, answer.statusCode >= 400]).toEqual([step, place, true]);
    }
});

test('what holds for the whole installation is set by nobody who has a part of it', async () => {
  for (const [method, path, payload] of [
    ['POST', '/vetoed-checks', { organizationId: null, check: 'house-audit:weak-tls', reason: 'x' }],
    ['POST', '/notice-batches', { ...batchPlan(mine.organizationId, 'Mine'), organizationId: null }],
  ] as const) {
    const answer = await tried(
      method === 'POST' && path === '/vetoed-checks' ? lead : drafter,
      method,
      path,
      payload,
    );
    expect([path, answer.statusCode >= 400]).toEqual([path, true]);
  }
});
