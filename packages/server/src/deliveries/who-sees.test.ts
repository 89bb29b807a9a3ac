import { NoticeDeliveries, WorkItemList } from '@backcheck/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailer } from '../platform/mail/mailer.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { deliveriesWhen, findSomething, issueNotice, openOffice } from './issue-notice.fixture.ts';

let server: MailServer;
let running: RunningApp;
let organizationId: string;
let noticeId: string;
let liaison: Visitor;
let writer: Visitor;

beforeAll(async () => {
  server = await startMailServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'notices@backcheck.example.org' });
  running = await RunningApp.start({}, { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } });
  const office = await openOffice(running);
  writer = office.writer;
  organizationId = await running.organization('County bureau');
  liaison = await running.visitor('Liaison', [{ role: 'liaison', organizationId: Number(organizationId) }]);
  await running.parts.widePool.query('update account set email = $2 where account_id = $1', [
    liaison.accountId,
    'liaison@county.example.org',
  ]);
  await running.work();
  await findSomething(running, organizationId);
  const dueAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
  noticeId = await issueNotice(office, organizationId, { dueAt });
  await deliveriesWhen(writer, noticeId, ({ planned, items }) => planned && items.length > 1);
});
afterAll(() => server.stop());

const seenBy = async (who: Visitor): Promise<NoticeDeliveries> =>
  NoticeDeliveries.parse((await who.get(`/api/v1/notices/${noticeId}/deliveries`)).json());
const waitsFor = async (who: Visitor): Promise<string[]> =>
  WorkItemList.parse((await who.get('/api/v1/work/coordinator')).json()).items.map(({ kind }) => kind);

describe('the ladder of a notice', () => {
  it('is shown to nobody of the inspected side, not even to who inspects somebody else', async () => {
    const { escalations } = await seenBy(writer);
    expect(escalations).not.toEqual([]);
    const school = Number(await running.organization('School'));
    // a county is inspected by its city, and inspects its schools
    const county = await running.visitor('Of the county', [
      { role: 'liaison', organizationId: Number(organizationId) },
      { role: 'coordinator-lead', organizationId: school },
      { role: 'campaign-manager', organizationId: school },
    ]);
    expect((await seenBy(county)).escalations).toEqual([]);
    const dismissed = await county.send({
      method: 'POST',
      url: `/api/v1/notices/${noticeId}/escalations/${escalations[0]?.id}/dismiss`,
      payload: { reason: 'rather not' },
    });
    expect(dismissed.statusCode).toBe(404);
  });

  it('does not tell the inspected side by its work what is proposed against it', async () => {
    await running.parts.widePool.query(
      `update escalation set state = 'proposed', changed_at = now() where notice_id = $1 and step = 'supervision'`,
      [noticeId],
    );
    expect(await waitsFor(writer)).toContain('escalation');
    expect(await waitsFor(liaison)).not.toContain('escalation');
    expect(await waitsFor(liaison)).not.toContain('notice-to-approve');
  });
});

describe('who got a notice, and where', () => {
  it('is told to the organization, and not to who answers for one of its systems', async () => {
    const system = await running.send({
      method: 'POST',
      url: '/api/v1/systems',
      payload: {
        organizationId,
        fields: {
          systemCode: 'S-1',
          name: 'Portal',
          mlpsLevel: '2',
          ownerPerson: 'Li',
          ownerPhone: '13800000000',
        },
      },
    });
    const owner = await running.visitor('Owner of the portal', [
      {
        role: 'system-owner',
        organizationId: Number(organizationId),
        systemId: Number(system.json().id),
      },
    ]);
    await running.parts.widePool.query('update asset set system_id = $1', [system.json().id]);
    expect(JSON.stringify(await seenBy(liaison))).toContain('liaison@county.example.org');
    const seen = await seenBy(owner);
    expect([seen.noticeId, seen.items]).toEqual([noticeId, []]);
    expect(JSON.stringify(seen)).not.toContain('liaison@county.example.org');
  });
});

it('a program that reads notices does not have anybody open one', async () => {
  const made = await liaison.send({
    method: 'POST',
    url: '/api/v1/api-keys',
    payload: { name: 'reader', scope: 'read' },
  });
  const opened = await running.app.inject({
    method: 'POST',
    url: `/api/v1/notices/${noticeId}/opened`,
    headers: { authorization: `Bearer ${made.json().key}` },
  });
  expect(opened.statusCode).toBe(403);
  const { items } = await seenBy(liaison);
  expect(items.map(({ readAt }) => readAt)).toEqual(items.map(() => null));
});
