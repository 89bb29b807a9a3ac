import type { Escalation } from '@backcheck/contract';
import { type Policy, PRESETS } from '@backcheck/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRITICAL_DUE, ISSUED, LadderOffice, LOW_DUE, type Place } from './ladder-office.fixture.ts';

const DUE = '2026-03-15T16:00:00.000Z';

let stage: LadderOffice;

beforeAll(async () => {
  stage = await LadderOffice.open();
});
afterAll(() => stage.stop());

const ladder = async (id: string): Promise<Record<string, Escalation>> =>
  Object.fromEntries((await stage.rungs(id)).map((one) => [one.step, one]));
const statesOf = async (id: string): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(await ladder(id)).map(([step, { state }]) => [step, state]));

/** Nobody bears this risk any more, or somebody does. */
const waive = (id: string | undefined, waived: string | null) =>
  stage.running.parts.widePool.query(
    'update finding_due set waived = $2, due_at = case when $2::text is null then due_at end where finding_id = $1',
    [id, waived],
  );
/** As a decision on a wish leaves it behind. */
async function grantExtension({ organizationId }: Place, noticeId: string, until: string): Promise<void> {
  await stage.running.parts.widePool.query(
    `with granted as (
       insert into reply (organization_id, kind, notice_id, state, terms, text, made_by, made_at, decided_by, decided_at, granted_until, request_sha256)
       values ($1, 'extension', $2, 'granted', '{}', 'later', $3, $5, $4, $5, $6, '\\x00')
       returning organization_id, reply_id)
     insert into reply_finding (organization_id, reply_id, finding_id, asset_id)
     select g.organization_id, g.reply_id, f.finding_id, f.asset_id from granted g join notice_finding f on f.notice_id = $2`,
    [
      organizationId,
      noticeId,
      stage.office.writer.accountId,
      stage.office.approver.accountId,
      stage.now,
      until,
    ],
  );
  await stage.determined();
}
/** A policy of the installation that differs from cn-default in this, assigned to the organization now. */
async function assign(
  { organizationId }: Place,
  changes: Partial<Policy>,
  appliesTo: 'new' | 'open',
): Promise<void> {
  const cn = PRESETS.find(({ code }) => code === 'cn-default');
  const content = { ...cn, ...changes, code: `own-${organizationId}` };
  await stage.running.parts.widePool.query(
    `with made as (
       insert into deadline_policy (code, version, content, drafted_at, approved_at) values ($1, 1, $2, $3, $3) returning deadline_policy_id)
     insert into policy_assignment (organization_id, deadline_policy_id, applies_to, assigned_by, assigned_at)
     select $4, deadline_policy_id, $5, $6, $3 from made`,
    [
      content.code,
      JSON.stringify(content),
      stage.now,
      organizationId,
      appliesTo,
      stage.office.approver.accountId,
    ],
  );
  await stage.determined();
}
/** Somebody has the paper: they said so on the phone, two days after its issue. */
async function receive(id: string): Promise<void> {
  const call = { channel: 'phone', recipient: 'Dr. Sun', at: '2026-03-04T02:00:00.000Z', received: true };
  stage.now = new Date('2026-03-04T03:00:00Z');
  const logged = await stage.office.writer.send({
    method: 'POST',
    url: `/api/v1/notices/${id}/deliveries/log`,
    payload: { ...call, note: '' },
  });
  expect(logged.statusCode).toBe(204);
}
const ONLY_WHEN_OVERDUE: Policy['escalation'] = [
  { step: 'overdue', at: { after: null } },
  { step: 'reminder', at: { after: null } },
];
describe('a reminder', () => {
  it('names the date that an extension gave, and not the printed one', async () => {
    const here = await stage.place();
    const id = await stage.issue(here, { dueAt: DUE, findingIds: await stage.findings(here, ['low']) });
    await stage.climb('2026-03-05T02:00:00Z');
    await grantExtension(here, id, LOW_DUE);
    await stage.climb('2026-03-28T02:00:00Z');
    expect((await statesOf(id))['remind']).toBe('done');
    const text = await stage.reminderTo(here);
    expect(text).toContain('It is to be settled by the end of 14 April 2026.');
    expect(text).not.toContain('March');
  });

  it('says that there are later dates as long as there are, and names the one of all when that is left', async () => {
    const here = await stage.place();
    const [critical, low] = await stage.findings(here, ['critical', 'low']);
    await stage.issue(here, { findingIds: [`${critical}`, `${low}`] });
    await stage.climb('2026-03-04T10:00:00Z');
    expect(await stage.reminderTo(here)).toContain(
      'Its findings have different dates: some are to be settled by the end of 5 March 2026, the platform shows which.',
    );
    const there = await stage.place();
    const [first, second] = await stage.findings(there, ['critical', 'low']);
    await stage.issue(there, { findingIds: [`${first}`, `${second}`] });
    await waive(first, 'false-positive');
    await stage.climb('2026-03-24T10:00:00Z');
    expect(await stage.reminderTo(there)).toContain('It is to be settled by the end of 14 April 2026.');
  });
});

describe('what is overdue', () => {
  it('is only the finding whose own date has passed, in the paper that is proposed', async () => {
    const here = await stage.place();
    const [critical, low] = await stage.findings(here, ['critical', 'low']);
    const id = await stage.issue(here, { findingIds: [`${critical}`, `${low}`] });
    await stage.climb('2026-03-07T02:00:00Z');
    const escalations = await stage.rungs(id);
    const first = escalations.filter(({ dueAt }) => dueAt === CRITICAL_DUE);
    expect(first.find(({ step }) => step === 'overdue')?.state).toBe('done');
    expect(await stage.namedBy(first.find(({ step }) => step === 'reminder'))).toEqual([critical]);
  });

  it('is not what nobody is pressed about: the ladder waits for the date of the other findings', async () => {
    const here = await stage.place();
    const [critical, low] = await stage.findings(here, ['critical', 'low']);
    const id = await stage.issue(here, { findingIds: [`${critical}`, `${low}`] });
    await waive(critical, 'false-positive');
    await stage.climb('2026-03-07T02:00:00Z');
    expect((await ladder(id))['overdue']).toMatchObject({ state: 'planned', plannedAt: LOW_DUE });
    expect((await statesOf(id))['reminder']).toBe('planned');
    await stage.climb('2026-04-16T02:00:00Z');
    expect(await stage.namedBy((await ladder(id))['reminder'])).toEqual([low]);
  });
});

describe('many rungs', () => {
  it('are all climbed in one run, also past those that have to wait', async () => {
    const here = await stage.place();
    const [borne, pressing] = await stage.findings(here, ['low', 'low']);
    const waits = await stage.issue(here, { dueAt: DUE, findingIds: [`${borne}`] });
    const comes = await stage.issue(here, { dueAt: '2026-03-16T16:00:00.000Z', findingIds: [`${pressing}`] });
    await waive(borne, 'accepted');
    await stage.climb('2026-03-17T02:00:00Z', 1);
    expect(new Set(Object.values(await statesOf(waits)))).toEqual(new Set(['planned']));
    expect(await statesOf(comes)).toMatchObject({
      remind: 'done',
      'remind-leader': 'done',
      overdue: 'done',
      reminder: 'planned',
    });
  });
});

describe('a ladder', () => {
  it('stays that of the policy in force at the issue when another one is assigned to new findings', async () => {
    const here = await stage.place();
    const id = await stage.issue(here, { dueAt: DUE, findingIds: await stage.findings(here, ['low']) });
    await stage.climb('2026-03-03T02:00:00Z');
    await assign(here, { escalation: ONLY_WHEN_OVERDUE }, 'new');
    await grantExtension(here, id, '2026-05-15T16:00:00.000Z');
    // six working days after the printed date
    await stage.climb('2026-03-24T02:00:00Z');
    const steps = await ladder(id);
    expect(steps['talk']?.state).toBe('planned');
    expect(Object.values(steps).every(({ plannedAt }) => plannedAt > '2026-03-24')).toBe(true);
  });

  it('is left without the rungs that a policy for open findings has no more', async () => {
    const here = await stage.place();
    const id = await stage.issue(here, { dueAt: DUE, findingIds: await stage.findings(here, ['low']) });
    await stage.climb('2026-03-03T02:00:00Z');
    await assign(here, { escalation: ONLY_WHEN_OVERDUE }, 'open');
    await grantExtension(here, id, '2026-05-15T16:00:00.000Z');
    await stage.climb('2026-03-24T02:00:00Z');
    expect(await statesOf(id)).toEqual({
      remind: 'needless',
      'remind-leader': 'needless',
      overdue: 'planned',
      reminder: 'planned',
      supervision: 'needless',
      talk: 'needless',
      circular: 'needless',
    });
    const moved = await ladder(id);
    // the extension stands no more: what is left comes back with the date
    await stage.running.parts.widePool.query('update reply set granted_until = $1 where notice_id = $2', [
      DUE,
      id,
    ]);
    await stage.determined();
    await stage.climb('2026-03-10T02:00:00Z');
    expect([moved['overdue']?.plannedAt, (await ladder(id))['overdue']?.plannedAt]).toEqual([
      '2026-05-15T16:00:00.000Z',
      DUE,
    ]);
  });

  it('begins with the receipt where the policy counts from it', async () => {
    const here = await stage.place();
    stage.now = ISSUED;
    await assign(here, { clockStart: 'acknowledged' }, 'open');
    const id = await stage.issue(here, { findingIds: await stage.findings(here, ['low']) });
    await stage.climb('2026-03-03T02:00:00Z');
    expect(await ladder(id)).toEqual({});
    await receive(id);
    await stage.determined();
    await stage.climb('2026-03-05T02:00:00Z');
    const steps = await ladder(id);
    // thirty working days after Wednesday 4 March 2026; 6 April is a holiday
    expect(steps['overdue']).toMatchObject({ state: 'planned', plannedAt: '2026-04-16T16:00:00.000Z' });
    // half of the time since the receipt, not since the issue
    expect(steps['remind']?.plannedAt).toBe('2026-03-25T21:00:00.000Z');
    await stage.climb('2026-04-17T02:00:00Z');
    expect(await statesOf(id)).toMatchObject({ remind: 'done', overdue: 'done', reminder: 'planned' });
  });

  it('keeps the rungs of what has no date while its risk is borne, though the date of another finding moves', async () => {
    const here = await stage.place();
    stage.now = ISSUED;
    await assign(here, { clockStart: 'acknowledged' }, 'open');
    const [borne, moves] = await stage.findings(here, ['critical', 'low']);
    const id = await stage.issue(here, { findingIds: [`${borne}`, `${moves}`] });
    await receive(id);
    await stage.determined();
    await stage.climb('2026-03-04T04:00:00Z');
    const first = (await stage.rungs(id))[0]?.dueAt;
    expect(await stage.rungs(id)).toHaveLength(14);
    const stand = (of: string | undefined, waived: string | null, at: string | null | undefined) =>
      stage.running.parts.widePool.query(
        'update finding_due set waived = $2, due_at = $3 where finding_id = $1',
        [of, waived, at],
      );
    await stand(borne, 'accepted', null);
    await stand(moves, null, '2026-04-20T16:00:00.000Z');
    await stage.climb('2026-03-05T02:00:00Z');
    await stand(borne, null, first);
    await stage.climb('2026-03-12T02:00:00Z');
    const reminders = (await stage.rungs(id)).filter(({ step }) => step === 'reminder');
    expect(reminders.map(({ state }) => state)).toEqual(['proposed', 'planned']);
    expect(await stage.namedBy(reminders[0])).toEqual([borne]);
  });
});
