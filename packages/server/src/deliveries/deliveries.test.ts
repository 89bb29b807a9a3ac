import { inTransaction } from '@backcheck/db';
import type { Email } from 'postal-mime';
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

let server: MailServer;
let running: RunningApp;
let office: Office;
let organizationId: string;
/** Of the organization's side. */
let wang: Visitor;

beforeAll(async () => {
  server = await startMailServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'Backcheck <notices@backcheck.example.org>' });
  running = await RunningApp.start({}, { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } });
  office = await openOffice(running);
  organizationId = await running.organization();
  const of = { organizationId: Number(organizationId) };
  wang = await running.visitor('Wang Fang', [{ role: 'security-lead', ...of }]);
  const li = await running.visitor('Li Wei', [{ role: 'liaison', ...of }]);
  const owner = await running.visitor('Owner', [{ role: 'observer', ...of }]);
  await addressed(wang, 'wang@hospital.example.org', 'zh');
  await addressed(li, 'li@hospital.example.org', 'en');
  await addressed(owner, 'owner@hospital.example.org', 'en');
  await contact({ role: 'leader', name: 'Chief Physician', email: 'chief@hospital.example.org' });
  await contact({ role: 'liaison', name: 'Li Wei', email: 'LI@hospital.example.org' });
  await contact({ role: 'technical', name: 'Night desk', email: 'desk@hospital.example.org' });
  await running.work();
  await findSomething(running, organizationId);
});
afterAll(() => server.stop());

const addressed = ({ accountId }: Visitor, email: string, language: string) =>
  running.parts.widePool.query('update account set email = $2, language = $3 where account_id = $1', [
    accountId,
    email,
    language,
  ]);
const contact = (fields: object) =>
  running.send({ method: 'POST', url: '/api/v1/contacts', payload: { organizationId, fields } });
const post = (who: Visitor, path: string, payload: object = {}) =>
  who.send({ method: 'POST', url: `/api/v1${path}`, payload });
const allSent = ({ planned, items }: Awaited<ReturnType<typeof deliveriesWhen>>) =>
  planned && items.length > 0 && items.every(({ state }) => state === 'sent');
const wholeText = ({ subject, text, html, headers }: Email) =>
  [subject, text, html, ...headers.map(({ value }) => value)].join('\n');

describe('a notice that was issued', () => {
  it('goes to security lead and liaison on the platform and by mail, and to the contacts of the register by mail', async () => {
    const id = await issueNotice(office, organizationId);
    const { items, noReceiptSince } = await deliveriesWhen(office.writer, id, allSent);
    expect(items.map(({ channel, recipient, address }) => [channel, recipient, address]).sort()).toEqual([
      ['mail', 'Chief Physician', 'chief@hospital.example.org'],
      ['mail', 'Li Wei', 'li@hospital.example.org'],
      ['mail', 'Wang Fang', 'wang@hospital.example.org'],
      ['platform', 'Li Wei', null],
      ['platform', 'Wang Fang', null],
    ]);
    expect(noReceiptSince).not.toBeNull();
    const [chinese, english, both] = await Promise.all(
      ['wang', 'li', 'chief'].map((name) => server.next(`${name}@hospital.example.org`)),
    );
    expect(chinese?.text).toContain('湖畔医院：');
    expect(english?.text).toContain('To Lakeside Hospital:');
    expect(both?.subject).toContain(' / ');
    for (const mail of [chinese, english, both])
      expect(mail?.text).toContain(`https://backcheck.example.org/notices/${id}\n`);
  });

  it('is not delivered once more when it is planned once more', async () => {
    const id = await issueNotice(office, organizationId);
    const { items } = await deliveriesWhen(office.writer, id, allSent);
    await inTransaction(running.parts.widePool, (tx) =>
      tx.query('select queue_delivery($1, $2)', [organizationId, id]),
    );
    const again = await deliveriesWhen(office.writer, id, ({ planned }) => planned);
    expect(again.items).toEqual(items);
  });

  it('names in no mail a finding, an asset, a CVE, a grade or its own title', async () => {
    const secrets = ['弱口令', 'Weak passwords', '192.0.2.7', 'CVE-2021-44228', 'critical', '超危', 'portal'];
    const kinds = ['inspection', 'rectification', 'circular', 'reminder', 'supervision'] as const;
    for (const kind of kinds) {
      const id = await issueNotice(office, organizationId, { kind, dueAt: '2026-12-31T16:00:00Z' });
      await deliveriesWhen(office.writer, id, allSent);
    }
    const mails = server.mails.map(wholeText);
    expect(mails.length).toBeGreaterThan(3 * kinds.length);
    for (const mail of mails) for (const secret of secrets) expect(mail).not.toContain(secret);
    expect(mails.some((mail) => mail.includes('2026年12月31日（含当日）前'))).toBe(true);
  });

  it('is not sent any more when it is withdrawn before its mails went', async () => {
    server.refuse = 'busy';
    const id = await issueNotice(office, organizationId);
    await deliveriesWhen(office.writer, id, ({ items }) => items.some(({ failure }) => failure !== null));
    await post(office.approver, `/notices/${id}/withdraw`, { reason: 'Sent to the wrong hospital' });
    await running.parts.widePool.query(
      `update notice_delivery set not_before = null where state = 'waiting'`,
    );
    await running.parts.widePool.query(`select queue_sending('mail')`);
    const { items } = await deliveriesWhen(office.writer, id, (all) =>
      all.items.every(({ channel, state }) => channel !== 'mail' || state === 'failed'),
    );
    server.refuse = null;
    expect(items.find(({ channel }) => channel === 'mail')?.failure).toBe('NOTICE_ENDED');
  });
});

describe('a receipt', () => {
  it('is given by the people of the organization, once each, and starts to count then', async () => {
    const id = await issueNotice(office, organizationId);
    expect((await post(wang, `/notices/${id}/receipts`, { note: '已收到' })).statusCode).toBe(204);
    expect((await post(wang, `/notices/${id}/receipts`)).statusCode).toBe(204);
    const { receipts, noReceiptSince, yours } = await deliveriesWhen(wang, id, () => true);
    expect(receipts).toMatchObject([{ no: 1, channel: 'platform', name: 'Wang Fang', note: '已收到' }]);
    expect(noReceiptSince).toBeNull();
    expect(yours).toEqual({ mayAcknowledge: false, acknowledgedAt: receipts[0]?.receivedAt });
  });

  it('is not given by a coordinator, though they approve notices', async () => {
    const id = await issueNotice(office, organizationId);
    const refused = await post(office.approver, `/notices/${id}/receipts`);
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'FORBIDDEN']);
    const { yours } = await deliveriesWhen(office.approver, id, () => true);
    expect(yours.mayAcknowledge).toBe(false);
  });

  it('is not what opening the notice is', async () => {
    const id = await issueNotice(office, organizationId);
    await deliveriesWhen(wang, id, ({ planned }) => planned);
    expect((await post(wang, `/notices/${id}/opened`)).statusCode).toBe(204);
    const { items, receipts, noReceiptSince } = await deliveriesWhen(wang, id, () => true);
    expect(items.filter(({ readAt }) => readAt !== null)).toMatchObject([
      { channel: 'platform', recipient: 'Wang Fang' },
    ]);
    expect(receipts).toEqual([]);
    expect(noReceiptSince).not.toBeNull();
  });

  it('can come by phone: the log says who called whom, and when', async () => {
    const id = await issueNotice(office, organizationId);
    const call = { channel: 'phone', recipient: 'Dr. Sun', received: true, note: 'called back' };
    const at = new Date().toISOString();
    expect((await post(office.writer, `/notices/${id}/deliveries/log`, { ...call, at })).statusCode).toBe(
      204,
    );
    const { items, receipts } = await deliveriesWhen(office.writer, id, ({ planned }) => planned);
    expect(items.find(({ channel }) => channel === 'phone')).toMatchObject({
      recipient: 'Dr. Sun',
      sentAt: at,
      loggedBy: { name: 'Writer' },
      note: 'called back',
    });
    expect(receipts).toMatchObject([{ channel: 'phone', name: 'Dr. Sun', loggedBy: { name: 'Writer' } }]);
    const later = await post(office.writer, `/notices/${id}/deliveries/log`, {
      ...call,
      at: '2999-01-01T00:00:00Z',
    });
    expect(later.json().code).toBe('LOG_IN_FUTURE');
  });

  it('cannot be from before the notice; a form that knows only the minute may name the one of the issue', async () => {
    const id = await issueNotice(office, organizationId);
    const { noReceiptSince } = await deliveriesWhen(office.writer, id, ({ planned }) => planned);
    const issued = new Date(noReceiptSince ?? '');
    const log = (at: Date) =>
      post(office.writer, `/notices/${id}/deliveries/log`, {
        channel: 'phone',
        recipient: 'Dr. Sun',
        at: at.toISOString(),
        received: true,
        note: '',
      });
    const refused = await log(new Date(issued.getTime() - 60_000));
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'LOG_BEFORE_ISSUE']);
    expect((await log(new Date(Math.floor(issued.getTime() / 60_000) * 60_000))).statusCode).toBe(204);
    const { receipts } = await deliveriesWhen(office.writer, id, () => true);
    expect(receipts.map(({ receivedAt }) => receivedAt)).toEqual([issued.toISOString()]);
  });

  it('is logged once when the answer was lost and the same entry is sent again', async () => {
    const id = await issueNotice(office, organizationId);
    const call = {
      channel: 'phone',
      recipient: 'Dr. Sun',
      received: true,
      note: '',
      at: new Date().toISOString(),
    };
    const log = (payload: object, key: string) =>
      office.writer.send({
        method: 'POST',
        url: `/api/v1/notices/${id}/deliveries/log`,
        payload,
        headers: { 'idempotency-key': key },
      });
    const answers = await Promise.all([log(call, 'call-1'), log(call, 'call-1')]);
    expect([...answers, await log(call, 'call-1')].map(({ statusCode }) => statusCode)).toEqual([
      204, 204, 204,
    ]);
    const once = await deliveriesWhen(office.writer, id, ({ planned }) => planned);
    expect(once.items.filter(({ channel }) => channel === 'phone')).toHaveLength(1);
    expect(once.receipts).toHaveLength(1);
    const other = await log({ ...call, recipient: 'Dr. Li' }, 'call-1');
    expect([other.statusCode, other.json().code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await log(call, 'call-2')).statusCode).toBe(204);
    const twice = await deliveriesWhen(office.writer, id, () => true);
    expect([twice.items.filter(({ channel }) => channel === 'phone').length, twice.receipts.length]).toEqual([
      2, 2,
    ]);
  });

  it('is for a notice that was issued, and nobody else reads who has it', async () => {
    const drafted = await post(office.writer, '/notices', {
      organizationId,
      draft: { kind: 'circular', title: { zh: '草稿', en: '' }, body: { zh: '草稿', en: '' } },
    });
    const refused = await post(office.writer, `/notices/${drafted.json().id}/deliveries/log`, {
      channel: 'paper',
      recipient: 'Dr. Sun',
      at: '2026-01-05T02:00:00Z',
      received: true,
    });
    expect(refused.json().code).toBe('NOTICE_NOT_ISSUED');
    const elsewhere = await running.organization('Seaside School');
    const stranger = await running.visitor('Stranger', [
      { role: 'security-lead', organizationId: Number(elsewhere) },
    ]);
    const id = await issueNotice(office, organizationId);
    for (const answer of [
      await stranger.get(`/api/v1/notices/${id}/deliveries`),
      await post(stranger, `/notices/${id}/receipts`),
      await post(stranger, `/notices/${id}/opened`),
    ])
      expect(answer.statusCode).toBe(404);
  });
});
