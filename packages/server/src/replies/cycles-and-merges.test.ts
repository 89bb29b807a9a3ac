import { type Finding, FindingReplies, Import, type ReplyOffer } from '@backcheck/contract';
import { beforeAll, expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { EXTENSION, FALSE_POSITIVE, INTERIM, inDays, OBJECTION, ReplyLab } from './replies.fixture.ts';

const DAY = 86_400_000;
let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

async function offerOf({ id }: Pick<Finding, 'id'>, kind: ReplyOffer['kind']): Promise<ReplyOffer> {
  const answer = await lab.liaison.get(`/api/v1/findings/${id}/replies`);
  const offer = FindingReplies.parse(answer.json()).offers.find((one) => one.kind === kind);
  if (offer === undefined) throw new Error(`nothing is said of ${kind}`);
  return offer;
}

/** The first asset becomes the second; its finding goes into that one's. */
async function merge({ asset: from }: Finding, { asset: into }: Finding): Promise<void> {
  const payload = { into: into.id, note: 'one machine' };
  const answer = await lab.running.send({
    method: 'POST',
    url: `/api/v1/assets/${from.id}/merge`,
    payload,
  });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
}

/** Looked at again: a scanner's clock may be some minutes ahead of ours. */
async function lookedAt({ asset }: Finding, present: boolean, minutesAhead: number): Promise<void> {
  const assets = [asset.identifiers.map(({ kind, value }) => ({ kind, value }))];
  const file = houseScan({ at: inDays(minutesAhead / 1440), assets, present }).replace('"high"', '"medium"');
  const fields = { organizationId: lab.organizationId, confirm: 'true' };
  const { id } = Import.parse((await lab.running.upload(file, fields)).json());
  expect((await lab.running.settled(id)).problem).toBeNull();
}

test('limits count what was answered to a finding before it was merged into another one', async () => {
  const [merged, left] = [await lab.finding('medium'), await lab.finding('medium')];
  const interim = await lab.reply(lab.liaison, merged, INTERIM);
  await lab.step(lab.analyst, interim, 'verify', { verified: true, text: 'seen from outside' });
  const until = new Date((await lab.dueOf(merged)) + DAY).toISOString();
  await lab.grant(lab.lead, await lab.reply(lab.liaison, merged, { ...EXTENSION, until }));
  const decided = await lab.reply(lab.liaison, merged, OBJECTION);
  await lab.step(lab.analyst, decided, 'decide', { grant: false, text: 'it is so' });
  await lab.reply(lab.liaison, merged, { ...FALSE_POSITIVE, until: inDays(30) });
  expect(await offerOf(left, 'extension')).toMatchObject({ left: 2, refusal: { en: /interim measure/ } });

  await merge(merged, left);
  expect(await offerOf(left, 'extension')).toMatchObject({ left: 1, refusal: null });
  expect((await offerOf(left, 'objection')).grounds).toEqual(['owner', 'grade', 'deadline']);
  await expect(lab.reply(lab.liaison, left, OBJECTION)).rejects.toThrow('OBJECTION_DECIDED');
  await expect(lab.reply(lab.liaison, left, { ...FALSE_POSITIVE, until: inDays(30) })).rejects.toThrow(
    'REPLY_PENDING',
  );
});

test('a wish of before the finding was proven gone is not granted when it has come back', async () => {
  const finding = await lab.finding('medium');
  const wish = await lab.reply(lab.liaison, finding, { ...OBJECTION, ground: 'grade', grade: 'low' });
  const wrong = await lab.reply(lab.liaison, finding, { ...FALSE_POSITIVE, until: inDays(30) });
  await lookedAt(finding, false, 1);
  await expect(lab.grant(lab.analyst, wish)).rejects.toThrow('REPLY_FINDING_CLOSED');
  await lookedAt(finding, true, 2);
  await expect(lab.grant(lab.analyst, wish)).rejects.toThrow('REPLY_FINDING_RETURNED');
  await expect(lab.grant(lab.analyst, wrong)).rejects.toThrow('REPLY_FINDING_RETURNED');
  const refused = await lab.step(lab.analyst, wish, 'decide', { grant: false, text: 'it began anew' });
  expect(refused.state).toBe('refused');
  const taken = await lab.step(lab.liaison, wrong, 'withdraw', { because: 'it began anew' });
  expect(taken.state).toBe('withdrawn');
});

test('a wish about several is granted for those that did not come back meanwhile', async () => {
  const [returned, stayed] = [await lab.finding('medium'), await lab.finding('medium')];
  const both = { ...FALSE_POSITIVE, until: inDays(30), findingIds: [returned.id, stayed.id] };
  const wish = await lab.reply(lab.liaison, returned, both);
  await lookedAt(returned, false, 1);
  await lookedAt(returned, true, 2);
  await lab.grant(lab.analyst, wish);
  const { rows } = await lab.running.parts.widePool.query(
    'select finding_id::text as id from decision where reply_id = $1',
    [wish.id],
  );
  expect(rows).toEqual([{ id: stayed.id }]);
});
