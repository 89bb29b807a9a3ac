import { FindingDeadline, NoticeDetail } from '@backcheck/contract';
import { handOver, inTransaction } from '@backcheck/db';
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
  await lab.running.parts.widePool.query(
    `update decision set expires_at = decided_at + interval '1 millisecond' where finding_id = $1 and kind = 'accepted'`,
    [finding.id],
  );
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
