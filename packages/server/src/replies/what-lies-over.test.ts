import { FindingDeadline, FixList, NoticeDetail } from '@backcheck/contract';
import { chooseFindings, dueRescans, handOver, inTransaction, liftOverlay } from '@backcheck/db';
import { beforeAll, expect, test } from 'vitest';
import { HAND_OVER } from '../../../../tests/support/hand-over.ts';
import { ACCEPTANCE, FALSE_POSITIVE, INTERIM, inDays, ReplyLab } from './replies.fixture.ts';

let lab: ReplyLab;
let receiver: number;
beforeAll(async () => {
  lab = await ReplyLab.open();
  receiver = Number(await lab.running.organization('Harbour Office'));
});

const giveAway = ({ asset }: { readonly asset: { readonly id: string } }) =>
  inTransaction(lab.running.parts.widePool, (tx) =>
    handOver(tx, {
      from: Number(lab.organizationId),
      to: receiver,
      assets: [asset.id],
      decision: { ...HAND_OVER, at: inDays(0) },
    }),
  );

const decisionsOf = async ({ id }: { readonly id: string }) => {
  const { rows } = await lab.running.parts.widePool.query<{ what: string }>(
    `select organization_id || ' ' || kind as what from decision where finding_id = $1 order by decision_id`,
    [id],
  );
  return rows.map(({ what }) => what);
};

test('nothing is granted about a finding that went to another organization; the wish can be refused', async () => {
  const finding = await lab.finding('medium');
  const wish = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(30) });
  await giveAway(finding);
  await expect(lab.grant(lab.lead, wish)).rejects.toThrow('NOT_FOUND');
  expect(await decisionsOf(finding)).toEqual([]);
  const refused = await lab.step(lab.lead, wish, 'decide', { grant: false, text: 'it is theirs now' });
  expect(refused.state).toBe('refused');
});

test('what a reply laid over a finding is lifted where the finding is now', async () => {
  const finding = await lab.finding('medium');
  const wish = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(30) });
  await lab.grant(lab.lead, wish);
  expect(await lab.overlayOf(finding)).toBe('false-positive');
  await giveAway(finding);
  expect(await lab.overlayOf(finding)).toBe('false-positive');
  await lab.step(lab.lead, wish, 'revoke', { because: 'it was wrong' });
  expect(await lab.overlayOf(finding)).toBeNull();
});

test.each(['the organization', 'a lead of nothing but the giver'] as const)(
  'what a reply laid over a finding that was handed over is lifted by %s, who does not see where it is',
  async (who) => {
    const finding = await lab.finding('medium');
    const wish = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(30) });
    await lab.grant(lab.lead, wish);
    await giveAway(finding);
    const because = { because: 'the package is affected' };
    if (who === 'the organization') await lab.step(lab.liaison, wish, 'withdraw', because);
    else {
      const here = { role: 'coordinator-lead', organizationId: Number(lab.organizationId) } as const;
      const narrow = await lab.running.visitor('Director of one', [here]);
      expect((await narrow.get(`/api/v1/findings/${finding.id}`)).statusCode).toBe(404);
      await lab.step(narrow, wish, 'revoke', because);
    }
    expect(await lab.overlayOf(finding)).toBeNull();
    expect(await decisionsOf(finding)).toEqual([`${receiver} false-positive`, `${receiver} revoked`]);
  },
);

test('nothing is lifted of a reply that has not ended, whoever asks the database for it', async () => {
  const finding = await lab.finding('medium');
  const wish = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(30) });
  await lab.grant(lab.lead, wish);
  await inTransaction(lab.running.parts.pool, (tx) =>
    liftOverlay(tx, { id: wish.id, organizationId: Number(lab.organizationId) }),
  );
  expect(await lab.overlayOf(finding)).toBe('false-positive');
});

test('a risk that one organization bears is not borne by the next', async () => {
  const finding = await lab.finding('medium');
  const wish = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(30) });
  await lab.grant(lab.lead, wish);
  expect(await lab.overlayOf(finding)).toBe('accepted');
  await giveAway(finding);
  expect(await lab.overlayOf(finding)).toBeNull();
});

test('what was revoked under something later does not come back when that ends', async () => {
  const finding = await lab.finding('medium');
  const wrong = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(300) });
  await lab.grant(lab.lead, wrong);
  const borne = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(30) });
  await lab.grant(lab.lead, borne);
  await lab.step(lab.lead, wrong, 'revoke', { because: 'the package is affected' });
  expect(await lab.overlayOf(finding)).toBe('accepted');
  await expire(finding, 'accepted');
  expect(await lab.overlayOf(finding)).toBeNull();
});

/** As if the last overlay of this kind had come to its end by itself. */
const expire = ({ id }: { readonly id: string }, kind: string) =>
  lab.running.parts.widePool.query(
    `update decision set expires_at = decided_at + interval '1 millisecond' where finding_id = $1 and kind = $2`,
    [id, kind],
  );

test('what was granted earlier and goes on is what is left when the later one is revoked', async () => {
  const finding = await lab.finding('medium');
  const borne = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(100) });
  await lab.grant(lab.lead, borne);
  const wrong = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(20) });
  await lab.grant(lab.lead, wrong);
  expect(await lab.overlayOf(finding)).toBe('false-positive');
  await lab.step(lab.lead, wrong, 'revoke', { because: 'the package is affected' });
  expect(await lab.overlayOf(finding)).toBe('accepted');
  expect(await toBeToldOf()).not.toContain(finding.id);
  await lab.step(lab.securityLead, borne, 'withdraw', { because: 'it is replaced' });
  expect(await lab.overlayOf(finding)).toBeNull();
  expect(await toBeToldOf()).toContain(finding.id);
});

/** Findings that a notice would be about now. */
const toBeToldOf = async (): Promise<readonly string[]> => {
  const choice = { organizationId: Number(lab.organizationId), which: 'open', kind: 'circular' } as const;
  const chosen = { ...choice, at: new Date(), limit: 500 };
  return (await chooseFindings(lab.running.parts.widePool, chosen)).ids;
};

test('a claim of fix outlives what was revoked beside it, is counted as one and looked at again', async () => {
  const finding = await lab.finding('medium');
  const borne = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(100) });
  await lab.grant(lab.lead, borne);
  await claimed(finding);
  expect(await lab.overlayOf(finding)).toBe('claimed');
  await lab.step(lab.securityLead, borne, 'withdraw', { because: 'it is fixed instead' });
  expect(await lab.overlayOf(finding)).toBe('claimed');
  const fixes = FixList.parse(
    (await lab.running.get(`/api/v1/fixes?organizationId=${lab.organizationId}`)).json(),
  );
  expect(fixes.items.map(({ claimed }) => claimed)).toEqual([1]);
  const inTwoMonths = { now: new Date(inDays(60)), limit: 500 };
  const rescans = await dueRescans(lab.running.parts.widePool, Number(lab.organizationId), inTwoMonths);
  expect(rescans).toContainEqual({ findingId: finding.id, risk: 'claimed' });
});

async function claimed({ id }: { readonly id: string }): Promise<void> {
  const payload = { findingIds: [id], cause: 'missing-patch', measure: 'updated' };
  const answer = await lab.liaison.send({ method: 'POST', url: '/api/v1/fix-claims', payload });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
}

test('an acceptance ends with the hand-over also under a false positive, which goes along', async () => {
  const finding = await lab.finding('medium');
  const borne = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(100) });
  await lab.grant(lab.lead, borne);
  const wrong = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(20) });
  await lab.grant(lab.lead, wrong);
  await giveAway(finding);
  expect(await lab.overlayOf(finding)).toBe('false-positive');
  await expire(finding, 'false-positive');
  expect(await lab.overlayOf(finding)).toBeNull();
});

test('a false positive goes along with the hand-over also under an acceptance, which ends', async () => {
  const finding = await lab.finding('medium');
  const wrong = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(100) });
  await lab.grant(lab.lead, wrong);
  const borne = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(20) });
  await lab.grant(lab.lead, borne);
  await giveAway(finding);
  expect(await lab.overlayOf(finding)).toBe('false-positive');
  await lab.step(lab.lead, wrong, 'revoke', { because: 'the package is affected' });
  expect(await lab.overlayOf(finding)).toBeNull();
});

test('a decision is told of although the notice that was answered has been withdrawn', async () => {
  const finding = await lab.finding('medium');
  const draft = {
    kind: 'rectification',
    title: { zh: '通知', en: '' },
    body: { zh: '请整改。', en: '' },
    findingIds: [finding.id],
  };
  const post = (who: typeof lab.lead, url: string, payload: object = {}) =>
    who.send({ method: 'POST', url: `/api/v1/notices${url}`, payload });
  const drafter = await lab.running.visitor('Drafter', [{ role: 'campaign-manager' }]);
  const made = await post(drafter, '', { organizationId: lab.organizationId, draft });
  const { id } = NoticeDetail.parse(made.json());
  await post(drafter, `/${id}/submit`);
  await post(lab.lead, `/${id}/approve`);
  expect((await post(lab.lead, `/${id}/issue`)).statusCode).toBe(200);
  const wish = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(30), noticeId: id });
  expect((await post(lab.lead, `/${id}/withdraw`, { reason: '有误' })).statusCode).toBe(200);
  expect((await lab.grant(lab.lead, wish, { notice: true })).state).toBe('granted');
});

test('an interim measure and a plan are done on the day they were filed, the measure once it is verified', async () => {
  const finding = await lab.finding('high');
  const done = async () =>
    FindingDeadline.parse((await lab.running.get(`/api/v1/findings/${finding.id}/deadline`)).json()).done;
  expect(await done()).toEqual({ acknowledged: null, interim: null, plan: null });
  const interim = await lab.reply(lab.liaison, finding, INTERIM);
  const plan = { kind: 'plan', text: 'Update', responsible: 'network operations', until: inDays(5) };
  const filed = await lab.reply(lab.liaison, finding, plan);
  expect(await done()).toEqual({ acknowledged: null, interim: null, plan: filed.madeAt });
  await lab.step(lab.analyst, interim, 'verify', { verified: true, text: 'seen on the gateway' });
  expect(await done()).toEqual({ acknowledged: null, interim: interim.madeAt, plan: filed.madeAt });
  await lab.step(lab.liaison, filed, 'withdraw', { because: 'another one follows' });
  expect((await done()).plan).toBeNull();
});
