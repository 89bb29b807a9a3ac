import { type Escalation, FindingList, NoticeDetail, type NoticeDraftInput } from '@backcheck/contract';
import { type Policy, PRESETS } from '@backcheck/core';
import type { JobHelpers } from 'graphile-worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMailer } from '../platform/mail/mailer.ts';
import { houseScan } from '../testing/house-scan.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { RunningApp } from '../testing/running-app.ts';
import { escalateTask } from './escalate.ts';
import { deliveriesWhen, issueNotice, type Office, openOffice } from './issue-notice.fixture.ts';

/** A Monday, 10:00 in Shanghai. */
const ISSUED = new Date('2026-03-02T02:00:00Z');
const DUE = '2026-03-15T16:00:00.000Z';
/** By cn-default from that Monday: three working days of what is critical, thirty of what is low. */
const CRITICAL_DUE = '2026-03-05T16:00:00.000Z';
const LOW_DUE = '2026-04-14T16:00:00.000Z';

let server: MailServer;
let running: RunningApp;
let office: Office;
let now = ISSUED;
let places = 0;

beforeAll(async () => {
  server = await startMailServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'Backcheck <notices@example.org>' });
  running = await RunningApp.start(
    { clock: () => now },
    { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } },
  );
  office = await openOffice(running);
  await running.work();
});
afterAll(() => server.stop());

interface Place {
  readonly organizationId: string;
  readonly address: string;
}

/** An organization with a liaison. */
async function place(): Promise<Place> {
  places += 1;
  const [name, address] = [`Clinic ${places}`, `liaison${places}@example.org`];
  const organizationId = await running.organization(name);
  const { accountId } = await running.visitor(`Liaison ${places}`, [
    { role: 'liaison', organizationId: Number(organizationId) },
  ]);
  await running.parts.widePool.query(`update account set email = $2, language = 'en' where account_id = $1`, [
    accountId,
    address,
  ]);
  return { organizationId, address };
}

/** The finding of each grade, in the order in which they were asked for. */
async function findings(
  { organizationId }: Place,
  grades: readonly ('critical' | 'low')[],
): Promise<string[]> {
  const found: string[] = [];
  for (const [index, grade] of grades.entries()) {
    const assets = [[{ kind: 'ip' as const, value: `192.0.2.${index + 1}` }]];
    const file = houseScan({ at: '2026-03-01T02:00:00Z', assets, present: true });
    const sent = await running.upload(file.replaceAll('"severity":"high"', `"severity":"${grade}"`), {
      organizationId,
      confirm: 'true',
    });
    expect((await running.settled(sent.json().id)).state).toBe('done');
    const answer = await running.get(`/api/v1/findings?organizationId=${organizationId}`);
    const { items } = FindingList.parse(answer.json());
    found.push(...items.map(({ id }) => id).filter((id) => !found.includes(id)));
  }
  return found;
}

/** The job that counts deadlines has done all that it was asked for. */
const determined = () =>
  vi.waitFor(
    async () => {
      expect((await running.parts.widePool.query('select from determination_wanted')).rowCount).toBe(0);
    },
    { timeout: 20_000 },
  );
async function issue({ organizationId }: Place, draft: Partial<NoticeDraftInput>): Promise<string> {
  now = ISSUED;
  await determined();
  const id = await issueNotice(office, organizationId, draft);
  await deliveriesWhen(office.writer, id, ({ planned }) => planned);
  await determined();
  return id;
}
const climb = async (at: string, atOnce?: number) => {
  now = new Date(at);
  // the task needs nothing of its job
  await escalateTask(running.parts, atOnce)({}, {} as JobHelpers);
};
const ladder = async (id: string): Promise<Record<string, Escalation>> => {
  const { escalations } = await deliveriesWhen(office.writer, id, () => true);
  return Object.fromEntries(escalations.map((one) => [one.step, one]));
};
const statesOf = async (id: string): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(await ladder(id)).map(([step, { state }]) => [step, state]));
const namedBy = async (rung: Escalation | undefined): Promise<string[] | undefined> => {
  const answer = await office.writer.get(`/api/v1/notices/${rung?.noticeMade}`);
  return NoticeDetail.parse(answer.json()).draft?.findingIds;
};

/** Nobody bears this risk any more, or somebody does. */
const waive = (id: string | undefined, waived: string | null) =>
  running.parts.widePool.query(
    'update finding_due set waived = $2, due_at = case when $2::text is null then due_at end where finding_id = $1',
    [id, waived],
  );
/** As a decision on a wish leaves it behind. */
async function grantExtension({ organizationId }: Place, noticeId: string, until: string): Promise<void> {
  await running.parts.widePool.query(
    `with granted as (
       insert into reply (organization_id, kind, notice_id, state, terms, text, made_by, made_at, decided_by, decided_at, granted_until, request_sha256)
       values ($1, 'extension', $2, 'granted', '{}', 'later', $3, $5, $4, $5, $6, '\\x00')
       returning organization_id, reply_id)
     insert into reply_finding (organization_id, reply_id, finding_id, asset_id)
     select g.organization_id, g.reply_id, f.finding_id, f.asset_id from granted g join notice_finding f on f.notice_id = $2`,
    [organizationId, noticeId, office.writer.accountId, office.approver.accountId, now, until],
  );
  await determined();
}
/** A policy of the installation that differs from cn-default in this, assigned to the organization now. */
async function assign(
  { organizationId }: Place,
  changes: Partial<Policy>,
  appliesTo: 'new' | 'open',
): Promise<void> {
  const cn = PRESETS.find(({ code }) => code === 'cn-default');
  const content = { ...cn, ...changes, code: `own-${organizationId}` };
  await running.parts.widePool.query(
    `with made as (
       insert into deadline_policy (code, version, content, drafted_at, approved_at) values ($1, 1, $2, $3, $3) returning deadline_policy_id)
     insert into policy_assignment (organization_id, deadline_policy_id, applies_to, assigned_by, assigned_at)
     select $4, deadline_policy_id, $5, $6, $3 from made`,
    [content.code, JSON.stringify(content), now, organizationId, appliesTo, office.approver.accountId],
  );
  await determined();
}
const ONLY_WHEN_OVERDUE: Policy['escalation'] = [
  { step: 'overdue', at: { after: null } },
  { step: 'reminder', at: { after: null } },
];
const reminderTo = async ({ address }: Place): Promise<string> => {
  for (;;) {
    const mail = await server.next(address);
    if (mail.subject?.startsWith('Reminder') === true) return mail.text ?? '';
  }
};

describe('a reminder', () => {
  it('names the date that an extension gave, and not the printed one', async () => {
    const here = await place();
    const id = await issue(here, { dueAt: DUE, findingIds: await findings(here, ['low']) });
    await climb('2026-03-05T02:00:00Z');
    await grantExtension(here, id, LOW_DUE);
    await climb('2026-03-28T02:00:00Z');
    expect((await statesOf(id))['remind']).toBe('done');
    const text = await reminderTo(here);
    expect(text).toContain('It is to be settled by the end of 14 April 2026.');
    expect(text).not.toContain('March');
  });

  it('says that there are later dates as long as there are, and names the one of all when that is left', async () => {
    const here = await place();
    const [critical, low] = await findings(here, ['critical', 'low']);
    await issue(here, { findingIds: [`${critical}`, `${low}`] });
    await climb('2026-03-04T10:00:00Z');
    expect(await reminderTo(here)).toContain(
      'Its findings have different dates: the first is to be settled by the end of 5 March 2026, the platform shows the others.',
    );
    const there = await place();
    const [first, second] = await findings(there, ['critical', 'low']);
    await issue(there, { findingIds: [`${first}`, `${second}`] });
    await waive(first, 'false-positive');
    await climb('2026-03-24T10:00:00Z');
    expect(await reminderTo(there)).toContain('It is to be settled by the end of 14 April 2026.');
  });
});

describe('what is overdue', () => {
  it('is only the finding whose own date has passed, in the paper that is proposed', async () => {
    const here = await place();
    const [critical, low] = await findings(here, ['critical', 'low']);
    const id = await issue(here, { findingIds: [`${critical}`, `${low}`] });
    await climb('2026-03-07T02:00:00Z');
    expect((await ladder(id))['overdue']).toMatchObject({ state: 'done', plannedAt: CRITICAL_DUE });
    expect(await namedBy((await ladder(id))['reminder'])).toEqual([critical]);
  });

  it('is not what nobody is pressed about: the ladder waits for the date of the other findings', async () => {
    const here = await place();
    const [critical, low] = await findings(here, ['critical', 'low']);
    const id = await issue(here, { findingIds: [`${critical}`, `${low}`] });
    await waive(critical, 'false-positive');
    await climb('2026-03-07T02:00:00Z');
    expect((await ladder(id))['overdue']).toMatchObject({ state: 'planned', plannedAt: LOW_DUE });
    expect((await statesOf(id))['reminder']).toBe('planned');
    await climb('2026-04-16T02:00:00Z');
    expect(await namedBy((await ladder(id))['reminder'])).toEqual([low]);
  });
});

describe('many rungs', () => {
  it('are all climbed in one run, also past those that have to wait', async () => {
    const here = await place();
    const [borne, pressing] = await findings(here, ['low', 'low']);
    const waits = await issue(here, { dueAt: DUE, findingIds: [`${borne}`] });
    const comes = await issue(here, { dueAt: '2026-03-16T16:00:00.000Z', findingIds: [`${pressing}`] });
    await waive(borne, 'accepted');
    await climb('2026-03-17T02:00:00Z', 1);
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
    const here = await place();
    const id = await issue(here, { dueAt: DUE, findingIds: await findings(here, ['low']) });
    await climb('2026-03-03T02:00:00Z');
    await assign(here, { escalation: ONLY_WHEN_OVERDUE }, 'new');
    await grantExtension(here, id, '2026-05-15T16:00:00.000Z');
    // six working days after the printed date
    await climb('2026-03-24T02:00:00Z');
    const steps = await ladder(id);
    expect(steps['talk']?.state).toBe('planned');
    expect(Object.values(steps).every(({ plannedAt }) => plannedAt > '2026-03-24')).toBe(true);
  });

  it('is left without the rungs that a policy for open findings has no more', async () => {
    const here = await place();
    const id = await issue(here, { dueAt: DUE, findingIds: await findings(here, ['low']) });
    await climb('2026-03-03T02:00:00Z');
    await assign(here, { escalation: ONLY_WHEN_OVERDUE }, 'open');
    await grantExtension(here, id, '2026-05-15T16:00:00.000Z');
    await climb('2026-03-24T02:00:00Z');
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
    await running.parts.widePool.query('update reply set granted_until = $1 where notice_id = $2', [DUE, id]);
    await determined();
    await climb('2026-03-10T02:00:00Z');
    expect([moved['overdue']?.plannedAt, (await ladder(id))['overdue']?.plannedAt]).toEqual([
      '2026-05-15T16:00:00.000Z',
      DUE,
    ]);
  });

  it('begins with the receipt where the policy counts from it', async () => {
    const here = await place();
    now = ISSUED;
    await assign(here, { clockStart: 'acknowledged' }, 'open');
    const id = await issue(here, { findingIds: await findings(here, ['low']) });
    await climb('2026-03-03T02:00:00Z');
    expect(await ladder(id)).toEqual({});
    const call = { channel: 'phone', recipient: 'Dr. Sun', at: '2026-03-04T02:00:00.000Z', received: true };
    now = new Date('2026-03-04T03:00:00Z');
    const logged = await office.writer.send({
      method: 'POST',
      url: `/api/v1/notices/${id}/deliveries/log`,
      payload: { ...call, note: '' },
    });
    expect(logged.statusCode).toBe(204);
    await determined();
    await climb('2026-03-05T02:00:00Z');
    const steps = await ladder(id);
    // thirty working days after Wednesday 4 March 2026; 6 April is a holiday
    expect(steps['overdue']).toMatchObject({ state: 'planned', plannedAt: '2026-04-16T16:00:00.000Z' });
    // half of the time since the receipt, not since the issue
    expect(steps['remind']?.plannedAt).toBe('2026-03-25T21:00:00.000Z');
    await climb('2026-04-17T02:00:00Z');
    expect(await statesOf(id)).toMatchObject({ remind: 'done', overdue: 'done', reminder: 'planned' });
  });
});
