import type { NoticeDeliveries } from '@backcheck/contract';
import type { JobHelpers } from 'graphile-worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mailbox, mailboxAt, openMailbox } from '../platform/mail/mailbox.ts';
import { createMailer } from '../platform/mail/mailer.ts';
import { canServeImap, type ImapServer, startImapServer } from '../testing/imap-server.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { RunningApp } from '../testing/running-app.ts';
import {
  deliveriesWhen,
  findSomething,
  issueNotice,
  type Office,
  openOffice,
} from './issue-notice.fixture.ts';
import { readMailbox, readMailboxTask } from './read-mailbox.ts';
import { reportOf } from './report.fixture.ts';

let server: MailServer;
let imap: ImapServer;
let running: RunningApp;
let office: Office;
let organizationId: string;
beforeAll(async () => {
  if (!canServeImap) return;
  server = await startMailServer();
  imap = await startImapServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'notices@backcheck.example.org' });
  running = await RunningApp.start({}, { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } });
  office = await openOffice(running);
  organizationId = await running.organization();
  const fields = { role: 'leader', name: 'Chief Physician', email: 'chief@hospital.example.org' };
  await running.send({ method: 'POST', url: '/api/v1/contacts', payload: { organizationId, fields } });
  await running.work();
  await findSomething(running, organizationId);
});
afterAll(async () => {
  await server?.stop();
  await imap?.stop();
});

const mailOf = ({ items }: NoticeDeliveries) => items.find(({ channel }) => channel === 'mail');

/** A notice whose mail was taken by the mail server, with the Message-ID of that mail. */
async function notified(): Promise<{ readonly id: string; readonly messageId: string }> {
  const id = await issueNotice(office, organizationId);
  const all = await deliveriesWhen(office.writer, id, (now) => mailOf(now)?.state === 'sent');
  const { rows } = await running.parts.widePool.query<{ id: string }>(
    'select message_id as id from notice_delivery where notice_delivery_id = $1',
    [mailOf(all)?.id],
  );
  return { id, messageId: rows[0]?.id ?? '' };
}
const stateOf = async (id: string) => mailOf(await deliveriesWhen(office.writer, id, () => true))?.state;
const boxOf = (folder = 'INBOX', done: string | null = null): Mailbox => mailboxAt(imap.url(folder), done);
const read = (mailbox: Mailbox = boxOf()) => readMailbox(running.parts, mailbox);

/** A mail has no NUL, but its parts may, where they are encoded: no text of PostgreSQL holds one. */
const withNul = (report: string): string =>
  report.replaceAll(
    /(Content-Type: (?:message\/delivery-status|text\/rfc822-headers)\r\n)\r\n([\s\S]*?)(?=\r\n--b)/g,
    (_, head: string, body: string) =>
      `${head}Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}`,
  );

/** Flags of all mails of a folder, in their order. */
async function flagsIn(folder: string): Promise<string[][]> {
  const client = await imap.open();
  const lock = await client.getMailboxLock(folder, { readOnly: true });
  const mails =
    client.mailbox === false || client.mailbox.exists === 0
      ? []
      : await client.fetchAll('1:*', { flags: true });
  lock.release();
  await client.logout();
  return mails.map(({ flags }) => [...(flags ?? [])].filter((flag) => flag !== '\\Recent'));
}
async function withFolders(...folders: readonly string[]): Promise<void> {
  const client = await imap.open();
  for (const folder of folders) await client.mailboxCreate(folder);
  await client.logout();
}
async function bounces(): Promise<number> {
  const { rows } = await running.parts.widePool.query<{ count: number }>(
    'select count(*)::int as count from mail_bounce',
  );
  return rows[0]?.count ?? 0;
}

describe.skipIf(!canServeImap)('the mailbox to which mails come back', () => {
  it('is read: a report of ours is taken and marked as seen; everything else stays as it is', async () => {
    const { id, messageId } = await notified();
    await imap.put('From: li@example.org\r\nSubject: I am on holiday\r\n\r\nBack on Monday\r\n');
    await imap.put(reportOf('<of-somebody-else@example.org>', 'failed'));
    await imap.put(reportOf(messageId, 'failed'));
    expect(await read()).toEqual({ read: 3, taken: 1 });
    expect(await stateOf(id)).toBe('bounced');
    expect(await flagsIn('INBOX')).toEqual([[], [], ['\\Seen']]);
    expect(await read()).toEqual({ read: 0, taken: 0 });
  });

  it('is read also where a person has opened the report before', async () => {
    const { id, messageId } = await notified();
    await imap.put(reportOf(messageId, 'failed'));
    const client = await imap.open();
    const lock = await client.getMailboxLock('INBOX');
    await client.messageFlagsAdd('1:*', ['\\Seen']);
    lock.release();
    await client.logout();
    expect(await read()).toEqual({ read: 1, taken: 1 });
    expect(await stateOf(id)).toBe('bounced');
  });

  it('keeps what was taken in another folder where one is named, and loses none', async () => {
    await withFolders('Returned', 'Taken');
    const { id, messageId } = await notified();
    await imap.put('Subject: hello\r\n\r\nhello\r\n', 'Returned');
    await imap.put(reportOf(messageId, 'failed'), 'Returned');
    expect(await read(boxOf('Returned', 'Taken'))).toEqual({ read: 2, taken: 1 });
    expect(await stateOf(id)).toBe('bounced');
    expect([await flagsIn('Returned'), await flagsIn('Taken')]).toEqual([[[]], [['\\Seen']]]);
    // a folder that is not there costs the order, not the report
    const next = await notified();
    await imap.put(reportOf(next.messageId, 'failed'), 'Returned');
    expect(await read(boxOf('Returned', 'Nowhere'))).toEqual({ read: 1, taken: 1 });
    expect(await flagsIn('Returned')).toEqual([[], ['\\Seen']]);
  });

  it('gives each report once, whenever the reader is killed', async () => {
    await withFolders('Killed');
    const { id, messageId } = await notified();
    const before = await bounces();
    await imap.put(reportOf(messageId, 'failed'), 'Killed');
    const mailbox = boxOf('Killed');
    const dying = async () => {
      const open = await openMailbox(mailbox);
      return { ...open, settle: () => Promise.reject(new Error('killed')) };
    };
    // taken, but neither marked nor passed by
    await expect(readMailbox(running.parts, mailbox, dying)).rejects.toThrow('killed');
    expect(await stateOf(id)).toBe('bounced');
    const { items } = await deliveriesWhen(office.writer, id, () => true);
    const again = `/api/v1/notices/${id}/deliveries/${mailOf({ items } as NoticeDeliveries)?.id}/send-again`;
    await office.writer.send({ method: 'POST', url: again });
    await deliveriesWhen(office.writer, id, (now) => mailOf(now)?.state === 'sent');
    expect(await readMailbox(running.parts, mailbox)).toEqual({ read: 1, taken: 1 });
    expect(await stateOf(id)).toBe('sent');
    expect(await bounces()).toBe(before + 1);
    expect(await flagsIn('Killed')).toEqual([['\\Seen']]);
  });

  it('is read from its beginning when the server numbers it anew, and no report counts twice', async () => {
    await withFolders('Anew');
    const { messageId } = await notified();
    const report = reportOf(messageId, 'failed');
    await imap.put(report, 'Anew');
    await read(boxOf('Anew'));
    const before = await bounces();
    const client = await imap.open();
    await client.mailboxDelete('Anew');
    // the validity is a clock of seconds
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await client.mailboxCreate('Anew');
    await client.logout();
    await imap.put(report, 'Anew');
    expect(await read(boxOf('Anew'))).toEqual({ read: 1, taken: 1 });
    expect(await bounces()).toBe(before);
  });

  it('may hold hostile mails: they are passed by, and what comes behind them is read', async () => {
    await withFolders('Hostile');
    const { id, messageId } = await notified();
    const other = await notified();
    const nested = Array.from(
      { length: 2000 },
      (_, no) => `--${no}\r\nContent-Type: multipart/mixed; boundary=${no + 1}\r\n\r\n`,
    );
    for (const mail of [
      Buffer.alloc(2_000_000, 'x'),
      Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a]),
      `Content-Type: multipart/report; boundary=0\r\n\r\n${nested.join('')}`,
      `${'X: y\r\n'.repeat(150_000)}\r\n`,
      `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n${'Action: failed\r\n\r\n'.repeat(40_000)}--b--\r\n`,
      withNul(reportOf('<no-such-mail\0@example.org>', 'failed')),
      withNul(reportOf(other.messageId, 'failed').replace('user unknown', 'user\0unknown')),
      reportOf(messageId, 'failed'),
    ])
      await imap.put(mail, 'Hostile');
    expect(await read(boxOf('Hostile'))).toEqual({ read: 8, taken: 2 });
    expect([await stateOf(id), await stateOf(other.id)]).toEqual(['bounced', 'bounced']);
    expect(await flagsIn('Hostile')).toHaveLength(8);
  });

  it('is left alone for an hour when it refuses the password, lest the account be locked', async () => {
    const said: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => said.push(line) });
    let now = new Date('2026-11-21T02:00:00Z');
    const mailbox = mailboxAt(imap.url().replace('s3cret', 'wrong'), null);
    const run = readMailboxTask({ ...running.parts, log, clock: () => now, mailbox });
    const after = async (minutes: number) => {
      now = new Date(Date.parse('2026-11-21T02:00:00Z') + minutes * 60_000);
      await run({}, {} as JobHelpers);
      return said.length;
    };
    expect([await after(0), await after(2), await after(59), await after(60)]).toEqual([1, 1, 1, 2]);
    expect(said.join()).not.toContain('wrong');
  });

  it('gets no password where TLS is asked for and not there, and says so without it', async () => {
    const refused = openMailbox(mailboxAt(`${imap.url()}?requireTLS=true`, null));
    await expect(refused).rejects.toThrow(/TLS/i);
    const wrong = openMailbox(mailboxAt(imap.url().replace('s3cret', 'wrong'), null));
    const error: Error = await wrong.then(
      () => new Error('it let us in'),
      (why: Error) => why,
    );
    expect(error.message).toMatch(/auth/i);
    expect(JSON.stringify([error.message, error.cause])).not.toContain('wrong');
  });
});
