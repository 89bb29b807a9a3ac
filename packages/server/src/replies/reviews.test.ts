import { Import, type ReplyDetail, ReplyList, WorkCounts, WorkItemList } from '@backcheck/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { ACCEPTANCE, inDays, ReplyLab } from './replies.fixture.ts';

const DAY = 86_400_000;
let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

const daysTo = (at: string | null | undefined): number =>
  Math.round((Date.parse(at ?? '') - Date.now()) / DAY);

async function granted(days: number, body: object = {}): Promise<ReplyDetail> {
  const finding = await lab.finding('high');
  const made = await lab.reply(lab.securityLead, finding, { ...ACCEPTANCE, until: inDays(days) });
  return lab.grant(lab.lead, made, body);
}

/** As if it had been granted so that its day has come. */
async function dayHasCome({ id }: ReplyDetail, daysAgo: number): Promise<void> {
  await lab.running.parts.widePool.query('update reply set review_at = $2 where reply_id = $1', [
    id,
    inDays(-daysAgo),
  ]);
}

/** A scan of now that looked and did not find it. */
async function provenGone({ about }: ReplyDetail): Promise<void> {
  const assets = about.map(({ asset }) => asset.identifiers.filter(({ kind }) => kind === 'ip'));
  const file = houseScan({ at: inDays(0), assets, present: false });
  const fields = { organizationId: lab.organizationId, confirm: 'true' };
  await lab.running.settled(Import.parse((await lab.running.upload(file, fields)).json()).id);
}

const onTheBoard = async (who = lab.lead) =>
  WorkItemList.parse((await who.get('/api/v1/work/coordinator')).json())
    .items.filter(({ kind }) => kind === 'review')
    .map(({ id, replyKind }) => [id, replyKind]);
const listed = async () =>
  ReplyList.parse((await lab.lead.get('/api/v1/replies?waiting=review')).json()).items.map(({ id }) => id);

describe('a risk that is borne', () => {
  test('is looked at again when half of its time is over, or when whoever grants it says', async () => {
    expect(daysTo((await granted(100)).reviewAt)).toBe(50);
    const wish = await lab.reply(lab.securityLead, await lab.finding('high'), {
      ...ACCEPTANCE,
      until: inDays(100),
    });
    const refused = (body: object) => expect(lab.grant(lab.lead, wish, body)).rejects;
    await refused({ reviewAt: inDays(91) }).toThrow('REPLY_TOO_LONG');
    // it ends before: what is granted counts, not what was wished
    await refused({ until: inDays(30), reviewAt: inDays(31) }).toThrow('REPLY_TOO_LONG');
    await refused({ reviewAt: inDays(-1) }).toThrow('REPLY_DATE_PAST');
    await refused({ grant: false, reviewAt: inDays(10) }).toThrow('REQUEST_INVALID');
    expect(daysTo((await lab.grant(lab.lead, wish, { reviewAt: inDays(20) })).reviewAt)).toBe(20);
  });

  test('comes to the board of the coordinator on its day and leaves it when the lead has looked', async () => {
    const one = await granted(100);
    expect(await onTheBoard()).toEqual([]);
    const waiting = async () => WorkCounts.parse((await lab.lead.get('/api/v1/work')).json()).coordinator;
    // The job that counts deadlines finds that it is borne: nobody has to be told of it any more.
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
    await dayHasCome(one, 3);
    expect(await onTheBoard()).toEqual([[one.id, 'acceptance']]);
    expect(await waiting()).toBe(1);
    expect(await listed()).toEqual([one.id]);
    // overdue, and borne all the same
    expect(await lab.overlayOf({ id: one.findingId })).toBe('accepted');

    await expect(lab.step(lab.analyst, one, 'review', { text: 'fine' })).rejects.toThrow('REPLY_NEEDS_LEAD');
    await expect(lab.step(lab.securityLead, one, 'review', { text: 'fine' })).rejects.toThrow('FORBIDDEN');
    const reviewed = await lab.step(lab.otherLead, one, 'review', {
      text: 'the network is still separate',
      reviewAt: inDays(30),
    });
    expect([reviewed.state, reviewed.decision?.by.name, daysTo(reviewed.reviewAt)]).toEqual([
      'granted',
      'Director Li',
      30,
    ]);
    expect(reviewed.reviews).toMatchObject([
      { by: { name: 'Director Zhao' }, text: 'the network is still separate', next: reviewed.reviewAt },
    ]);
    expect(await onTheBoard()).toEqual([]);
    // half of what is left, where nobody says; the first review stays
    const again = await lab.step(lab.lead, one, 'review', { text: 'seen on site' });
    expect([again.reviews.map(({ by }) => by.name), daysTo(again.reviewAt)]).toEqual([
      ['Director Zhao', 'Director Li'],
      50,
    ]);
    const { events } = (await lab.liaison.get(`/api/v1/findings/${one.findingId}/history`)).json();
    const reply = { id: one.id, kind: 'acceptance', state: 'granted' };
    expect(events.slice(0, 2)).toMatchObject([
      { kind: 'review', by: 'Director Li', reply },
      { kind: 'review', by: 'Director Zhao', reply },
    ]);
    const { rows } = await lab.running.parts.widePool.query(
      `select account_name(account_id) as name from audit_entry where details ->> 'operation' like '%/replies/:id/review' and details ->> 'outcome' = 'done'`,
    );
    expect(rows).toEqual([{ name: 'Director Zhao' }, { name: 'Director Li' }]);
  });

  test('cannot go on being borne where its check was vetoed since, and then is revoked', async () => {
    const one = await granted(60);
    await dayHasCome(one, 0.1);
    const veto = {
      organizationId: lab.organizationId,
      check: one.about[0]?.check,
      reason: 'exploited since',
    };
    const made = await lab.lead.send({ method: 'POST', url: '/api/v1/vetoed-checks', payload: veto });
    await expect(lab.step(lab.lead, one, 'review', { text: 'fine' })).rejects.toThrow('exploited since');
    await lab.lead.send({ method: 'DELETE', url: `/api/v1/vetoed-checks/${made.json().id}` });
    const revoked = await lab.step(lab.lead, one, 'revoke', { because: 'exploited since' });
    expect([revoked.state, revoked.may]).toEqual(['revoked', []]);
    expect(await onTheBoard()).toEqual([]);
    await expect(lab.step(lab.lead, one, 'review', { text: 'fine' })).rejects.toThrow('REPLY_STATE');
  });

  test('that has ended, or whose findings are proven gone, waits for no review', async () => {
    const [ended, gone] = [await granted(60), await granted(60)];
    for (const one of [ended, gone]) await dayHasCome(one, 1);
    const { widePool } = lab.running.parts;
    await widePool.query(`update reply set granted_until = now() - interval '1 minute' where reply_id = $1`, [
      ended.id,
    ]);
    await expect(lab.step(lab.lead, ended, 'review', { text: 'fine' })).rejects.toThrow('REPLY_STATE');
    expect(await onTheBoard()).toEqual([[gone.id, 'acceptance']]);
    await provenGone(gone);
    await expect(lab.step(lab.lead, gone, 'review', { text: 'fine' })).rejects.toThrow('REPLY_STATE');
    expect(await onTheBoard()).toEqual([]);
    expect(await listed()).toEqual([]);
  });
});
