import { type Escalation, FindingList, NoticeDetail } from '@backcheck/contract';
import type { JobHelpers } from 'graphile-worker';
import type { Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMailer } from '../platform/mail/mailer.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';
import { escalateTask } from './escalate.ts';
import {
  deliveriesWhen,
  findSomething,
  issueNotice,
  type Office,
  openOffice,
} from './issue-notice.fixture.ts';

const DAY = 86_400_000;
const ISSUED = new Date('2026-03-02T02:00:00Z');
const DUE = '2026-03-15T16:00:00.000Z';

let server: MailServer;
let running: RunningApp;
let office: Office;
let organizationId: string;
let lead: Visitor;
let now = ISSUED;

beforeAll(async () => {
  server = await startMailServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'Backcheck <notices@example.org>' });
  running = await RunningApp.start(
    { clock: () => now },
    { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } },
  );
  office = await openOffice(running);
  organizationId = await running.organization();
  await running.work();
  await findSomething(running, organizationId);
  await withAddress(
    await running.visitor('Liaison', [{ role: 'liaison', organizationId: Number(organizationId) }]),
    'liaison@example.org',
  );
  lead = await running.visitor('Lead', [{ role: 'security-lead', organizationId: Number(organizationId) }]);
  await withAddress(lead, 'lead@example.org');
});
afterAll(() => server.stop());

const withAddress = ({ accountId }: Visitor, email: string) =>
  running.parts.widePool.query(`update account set email = $2, language = 'en' where account_id = $1`, [
    accountId,
    email,
  ]);
const climb = async () => {
  // the task needs nothing of its job
  await escalateTask(running.parts)({}, {} as JobHelpers);
};
/** The job that counts deadlines writes what a test would say of them. */
const determined = () =>
  vi.waitFor(
    async () => {
      expect((await running.parts.widePool.query('select from determination_wanted')).rowCount).toBe(0);
    },
    { timeout: 20_000 },
  );
const issue = async () => {
  now = ISSUED;
  const id = await issueNotice(office, organizationId, { dueAt: DUE });
  await deliveriesWhen(office.writer, id, ({ planned }) => planned);
  await determined();
  return id;
};
const ladder = async (id: string): Promise<Record<string, Escalation>> => {
  const { escalations } = await deliveriesWhen(office.writer, id, () => true);
  return Object.fromEntries(escalations.map((one) => [one.step, one]));
};
const after = (days: number) => {
  now = new Date(ISSUED.getTime() + days * DAY);
};
/** As a decision on a wish leaves it behind. */
const grantExtension = (noticeId: string, until: string) =>
  running.parts.widePool.query(
    `with granted as (
       insert into reply (organization_id, kind, notice_id, state, terms, text, made_by, made_at, decided_by, decided_at, granted_until, request_sha256)
       values ($1, 'extension', $2, 'granted', '{}', 'later', $3, $5, $4, $5, $6, '\\x00')
       returning organization_id, reply_id)
     insert into reply_finding (organization_id, reply_id, finding_id, asset_id)
     select g.organization_id, g.reply_id, f.finding_id, f.asset_id from granted g join notice_finding f on f.notice_id = $2`,
    [organizationId, noticeId, office.writer.accountId, office.approver.accountId, now, until],
  );
const remindersOf = (id: string) =>
  server.mails.filter(
    ({ subject, text }: Email) =>
      subject?.startsWith('Reminder') &&
      text?.includes(`/notices/${id}
`),
  ).length;
const post = (path: string, payload: object = {}) =>
  office.writer.send({ method: 'POST', url: `/api/v1${path}`, payload });
/** Where somebody says what became of it. */
const rung = async (id: string, step: string, deed: 'dismiss' | 'done') =>
  `/notices/${id}/escalations/${(await ladder(id))[step]?.id}/${deed}`;

describe('the ladder of a notice with a date', () => {
  it('is planned when the notice is issued, from half of the time to days after the date', async () => {
    const steps = await ladder(await issue());
    expect(Object.keys(steps)).toEqual([
      'remind',
      'remind-leader',
      'overdue',
      'reminder',
      'supervision',
      'talk',
      'circular',
    ]);
    expect(new Set(Object.values(steps).map(({ state }) => state))).toEqual(new Set(['planned']));
    expect(steps['overdue']?.plannedAt).toBe(DUE);
  });

  it("is the coordinators' own: the organization does not see what is planned", async () => {
    const id = await issue();
    expect((await deliveriesWhen(lead, id, () => true)).escalations).toEqual([]);
  });

  it('sends each reminder once, and to the liaison first', async () => {
    const id = await issue();
    after(7);
    await Promise.all([climb(), climb()]);
    await climb();
    await deliveriesWhen(office.writer, id, ({ items }) =>
      items.some(({ occasion, state }) => occasion === 'remind' && state === 'sent'),
    );
    const { items } = await deliveriesWhen(office.writer, id, () => true);
    expect(items.filter(({ occasion }) => occasion === 'remind').map(({ recipient }) => recipient)).toEqual([
      'Liaison',
    ]);
    expect(remindersOf(id)).toBe(1);
    expect((await ladder(id))['remind']?.state).toBe('done');
    after(12);
    await climb();
    const all = await deliveriesWhen(office.writer, id, ({ items: some }) =>
      some.some(({ occasion, state }) => occasion === 'remind-leader' && state === 'sent'),
    );
    const toLeaders = all.items.filter(({ occasion }) => occasion === 'remind-leader');
    expect(toLeaders.map(({ recipient }) => recipient).sort()).toEqual(['Lead', 'Liaison']);
  });

  it('only proposes papers: a draft that follows the notice, names what is open, and waits for a person', async () => {
    const id = await issue();
    after(15);
    await climb();
    await climb();
    const { reminder } = await ladder(id);
    expect(reminder).toMatchObject({ state: 'proposed', changedBy: null });
    const draft = NoticeDetail.parse(
      (await office.writer.get(`/api/v1/notices/${reminder?.noticeMade}`)).json(),
    );
    expect(draft).toMatchObject({
      kind: 'reminder',
      state: 'draft',
      number: null,
      draftedBy: null,
      findings: 1,
    });
    expect(draft.refersTo?.id).toBe(id);
    await post(`/notices/${draft.id}/submit`);
    await office.approver.send({ method: 'POST', url: `/api/v1/notices/${draft.id}/approve` });
    const issued = await office.approver.send({ method: 'POST', url: `/api/v1/notices/${draft.id}/issue` });
    expect(issued.statusCode).toBe(200);
    await climb();
    expect((await ladder(id))['reminder']?.state).toBe('done');
  });

  it('leaves a rung out when somebody says why, and takes it up never more', async () => {
    const id = await issue();
    expect((await post(await rung(id, 'reminder', 'dismiss'), { reason: 'Called them' })).statusCode).toBe(
      204,
    );
    after(15);
    await climb();
    expect((await ladder(id))['reminder']).toMatchObject({
      state: 'dismissed',
      reason: 'Called them',
      changedBy: { name: 'Writer' },
      noticeMade: null,
    });
    const again = await post(await rung(id, 'reminder', 'dismiss'), { reason: 'Again' });
    expect(again.json().code).toBe('ESCALATION_NOT_OPEN');
  });

  it('proposes the talk, which somebody says was held', async () => {
    const id = await issue();
    expect((await post(await rung(id, 'talk', 'done'))).json().code).toBe('ESCALATION_NOT_OPEN');
    after(25);
    await climb();
    expect((await ladder(id))['talk']?.state).toBe('proposed');
    expect((await post(await rung(id, 'talk', 'done'))).statusCode).toBe(204);
    expect((await ladder(id))['talk']).toMatchObject({ state: 'done', changedBy: { name: 'Writer' } });
  });

  it('moves with a granted extension, and what was done stays done', async () => {
    const id = await issue();
    after(7);
    await climb();
    const before = await ladder(id);
    await grantExtension(id, '2026-04-15T16:00:00.000Z');
    await climb();
    const moved = await ladder(id);
    expect(moved['remind']).toEqual(before['remind']);
    expect(moved['overdue']?.plannedAt).toBe('2026-04-15T16:00:00.000Z');
    expect(moved['supervision']?.plannedAt).not.toBe(before['supervision']?.plannedAt);
    await running.parts.widePool.query('update reply set granted_until = $1', [DUE]);
  });

  it('presses nobody while the clock of all its findings stands still', async () => {
    const id = await issue();
    after(20);
    await running.parts.widePool.query(`update finding_due set paused = 'objection'`);
    await climb();
    expect((await ladder(id))['overdue']?.state).toBe('planned');
    await running.parts.widePool.query('update finding_due set paused = null');
    await climb();
    expect((await ladder(id))['overdue']?.state).toBe('done');
  });

  it('presses nobody about a risk that is borne or a clock that stands still, and names neither in a paper', async () => {
    const again = sarif(['R1', 'R2'], '2026-01-02T10:00:00Z');
    const { id: scan } = (await running.upload(again, { organizationId, confirm: 'true' })).json();
    expect((await running.settled(scan)).state).toBe('done');
    const { items } = FindingList.parse(
      (await office.writer.get(`/api/v1/findings?organizationId=${organizationId}`)).json(),
    );
    const findingIds = items.map((one) => one.id);
    expect(findingIds).toHaveLength(2);
    now = ISSUED;
    const id = await issueNotice(office, organizationId, { dueAt: DUE, findingIds });
    await deliveriesWhen(office.writer, id, ({ planned }) => planned);
    const stand = (change: string, ids: readonly string[]) =>
      running.parts.widePool.query(`update finding_due set ${change} where finding_id = any ($1::bigint[])`, [
        ids,
      ]);
    await determined();
    await stand(`waived = 'accepted', due_at = null`, findingIds);
    after(15);
    await climb();
    expect((await ladder(id))['reminder']?.state).toBe('planned');
    await stand(`waived = null`, findingIds.slice(0, 1));
    await climb();
    const { escalations } = await deliveriesWhen(office.writer, id, () => true);
    const reminders = escalations.filter(({ step }) => step === 'reminder');
    // the other one waits for the rest
    expect(reminders.map(({ state }) => state)).toEqual(['proposed', 'planned']);
    const answer = await office.writer.get(`/api/v1/notices/${reminders[0]?.noticeMade}`);
    expect(NoticeDetail.parse(answer.json()).draft?.findingIds).toEqual(findingIds.slice(0, 1));
    await stand(`waived = null`, findingIds);
  });

  it('goes on for a finding that was merged into another one', async () => {
    const { items } = FindingList.parse(
      (await office.writer.get(`/api/v1/findings?organizationId=${organizationId}`)).json(),
    );
    const [into, merged] = items.map((one) => one.id);
    now = ISSUED;
    const id = await issueNotice(office, organizationId, { dueAt: DUE, findingIds: [`${merged}`] });
    await deliveriesWhen(office.writer, id, ({ planned }) => planned);
    const { widePool } = running.parts;
    await widePool.query('insert into absorbed_finding values ($1, $2, $3)', [organizationId, merged, into]);
    await widePool.query('delete from finding where finding_id = $1', [merged]);
    after(15);
    await climb();
    const { reminder } = await ladder(id);
    expect(reminder?.state).toBe('proposed');
    const answer = await office.writer.get(`/api/v1/notices/${reminder?.noticeMade}`);
    expect(NoticeDetail.parse(answer.json()).draft?.findingIds).toEqual([into]);
  });

  it('ends when the notice is withdrawn', async () => {
    const id = await issue();
    await office.approver.send({
      method: 'POST',
      url: `/api/v1/notices/${id}/withdraw`,
      payload: { reason: 'Wrong organization' },
    });
    after(60);
    await climb();
    expect(new Set(Object.values(await ladder(id)).map(({ state }) => state))).toEqual(new Set(['needless']));
  });
});
