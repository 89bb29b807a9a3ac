import { Contact, ContactList, type NoticeDeliveries } from '@backcheck/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailer } from '../platform/mail/mailer.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import {
  deliveriesWhen,
  findSomething,
  issueNotice,
  type Office,
  openOffice,
} from './issue-notice.fixture.ts';
import { reportOf } from './report.fixture.ts';

const CHIEF = 'chief@hospital.example.org';
const WANG = 'wang@hospital.example.org';

let server: MailServer;
let running: RunningApp;
let office: Office;
let organizationId: string;
/** Has an account and stands in the register as well. */
let wang: Visitor;
beforeAll(async () => {
  server = await startMailServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'notices@backcheck.example.org' });
  running = await RunningApp.start({}, { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } });
  office = await openOffice(running);
  organizationId = await running.organization();
  wang = await running.visitor('Wang Fang', [
    { role: 'security-lead', organizationId: Number(organizationId) },
  ]);
  await running.parts.widePool.query('update account set email = $2 where account_id = $1', [
    wang.accountId,
    WANG,
  ]);
  for (const [role, name, email] of [
    ['leader', 'Chief Physician', 'Chief@hospital.example.org'],
    ['liaison', 'Wang Fang', WANG],
  ])
    await running.send({
      method: 'POST',
      url: '/api/v1/contacts',
      payload: { organizationId, fields: { role, name, email } },
    });
  await running.work();
  await findSomething(running, organizationId);
});
afterAll(() => server.stop());

const mailTo = (all: NoticeDeliveries, address: string) =>
  all.items.find((one) => one.channel === 'mail' && one.address === address);

/** Issues a notice, waits until its mail to the address was taken, and has that come back as often as said. */
async function notified(address: string, { bounces }: { readonly bounces: readonly string[] }) {
  const id = await issueNotice(office, organizationId);
  const sent = await deliveriesWhen(office.writer, id, (all) => mailTo(all, address)?.state === 'sent');
  const { rows } = await running.parts.widePool.query<{ id: string }>(
    'select message_id as id from notice_delivery where notice_delivery_id = $1',
    [mailTo(sent, address)?.id],
  );
  for (const at of bounces)
    await office.writer.send({
      method: 'POST',
      url: '/api/v1/bounces',
      headers: { 'content-type': 'message/rfc822' },
      payload: reportOf(rows[0]?.id ?? '', 'failed', new Date(at)),
    });
  return id;
}

async function contactOf(name: string, who: Pick<Visitor, 'get'> = running): Promise<Contact> {
  const list = ContactList.parse((await who.get(`/api/v1/contacts?organizationId=${organizationId}`)).json());
  return Contact.parse(list.items.find(({ fields }) => fields['name'] === name));
}

describe('a contact to whom mail comes back', () => {
  it('is marked with how often, when and why; a report that is handed in twice counts once', async () => {
    expect((await contactOf('Chief Physician')).returned).toBeNull();
    const day = '2026-11-21T02:00:00Z';
    await notified(CHIEF, { bounces: [day, day] });
    expect((await contactOf('Chief Physician')).returned).toMatchObject({ count: 1 });
    await notified(CHIEF, { bounces: ['2026-11-22T02:00:00Z'] });
    const { returned } = await contactOf('Chief Physician', wang);
    expect(returned).toEqual({
      count: 2,
      last: expect.any(String),
      why: '5.1.1 smtp; 550 5.1.1 <wang@hospital.example.org>: user unknown',
    });
    expect((await contactOf('Wang Fang')).returned).toBeNull();
  });

  it('is not cleared because somebody else has the notice, and is when their own receipt is logged', async () => {
    const id = await notified(CHIEF, { bounces: [] });
    expect(
      (await wang.send({ method: 'POST', url: `/api/v1/notices/${id}/receipts`, payload: {} })).statusCode,
    ).toBe(204);
    expect((await contactOf('Chief Physician')).returned?.count).toBe(2);
    const payload = {
      channel: 'phone',
      recipient: 'Chief Physician',
      at: new Date().toISOString(),
      received: true,
      note: '',
    };
    await office.writer.send({ method: 'POST', url: `/api/v1/notices/${id}/deliveries/log`, payload });
    expect((await contactOf('Chief Physician')).returned).toBeNull();
  });

  it('is marked when the mail went to the account of the same address, until that account acknowledges a later one', async () => {
    const first = await notified(WANG, { bounces: ['2026-11-23T02:00:00Z'] });
    expect((await contactOf('Wang Fang')).returned?.count).toBe(1);
    const receipt = (id: string) =>
      wang.send({ method: 'POST', url: `/api/v1/notices/${id}/receipts`, payload: {} });
    // read on the platform: that says nothing about the mail that came back
    await receipt(first);
    expect((await contactOf('Wang Fang')).returned?.count).toBe(1);
    await receipt(await notified(WANG, { bounces: [] }));
    expect((await contactOf('Wang Fang')).returned).toBeNull();
  });

  it('is cleared by another address', async () => {
    await notified(CHIEF, { bounces: ['2026-11-24T02:00:00Z'] });
    const { id, version, returned } = await contactOf('Chief Physician');
    expect(returned?.count).toBe(1);
    await running.send({
      method: 'PATCH',
      url: `/api/v1/contacts/${id}`,
      payload: { version, fields: { email: 'office@hospital.example.org' } },
    });
    expect((await contactOf('Chief Physician')).returned).toBeNull();
  });
});
