import { generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { claimDeliveries, endAttempt, leave, recoverDeliveries } from '@backcheck/db';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMailer } from '../platform/mail/mailer.ts';
import { RunningApp } from '../testing/running-app.ts';
import {
  deliveriesWhen,
  findSomething,
  issueNotice,
  type Office,
  openOffice,
} from './issue-notice.fixture.ts';
import { reportOf } from './report.fixture.ts';

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PRIVATE_KEY = KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let refuse: ((to: string) => number | null) | null = null;
/** What happens while the server looks at the next recipient. */
let meanwhile: (() => Promise<unknown>) | null = null;
const taken: { readonly to: string; readonly raw: string; readonly mail: Email }[] = [];
const server: SMTPServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onRcptTo: async ({ address }, _session, done) => {
    const happens = meanwhile;
    meanwhile = null;
    await happens?.();
    const responseCode = refuse?.(address) ?? null;
    done(responseCode === null ? null : Object.assign(new Error('not today'), { responseCode }));
  },
  onData: async (stream, session, done) => {
    const parts: Buffer[] = [];
    try {
      for await (const part of stream) parts.push(part);
    } catch {
      return; // the sender went before its last byte: that is no mail
    }
    const raw = Buffer.concat(parts);
    const to = session.envelope.rcptTo[0]?.address ?? '';
    taken.push({ to, raw: raw.toString(), mail: await PostalMime.parse(raw) });
    done();
  },
});

let running: RunningApp;
let office: Office;
let organizationId: string;
let now = new Date();
/** Nobody works on the queue: the tests do it, step by step. */
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${port}?maxConnections=2`,
    from: 'Backcheck <notices@example.org>',
    dkim: { domain: 'example.org', selector: 'backcheck', privateKey: PRIVATE_KEY },
  });
  const signIn = { mailer, publicUrl: 'https://backcheck.example.org' };
  running = await RunningApp.start({ clock: () => now }, { signIn });
  await running.work();
  office = await openOffice(running);
  organizationId = await running.organization();
  await findSomething(running, organizationId);
  const wang = await running.visitor('Wang', [
    { role: 'security-lead', organizationId: Number(organizationId) },
  ]);
  await running.parts.widePool.query(
    `update account set email = 'wang@hospital.example.org' where account_id = $1`,
    [wang.accountId],
  );
});
beforeEach(() => {
  refuse = null;
});
afterAll(() => server.close(() => undefined));

const db = () => running.parts.widePool;
const mailOf = async (noticeId: string, state: string) => {
  const all = await deliveriesWhen(office.writer, noticeId, ({ items }) =>
    items.some((one) => one.channel === 'mail' && one.state === state),
  );
  const found = all.items.find(({ channel }) => channel === 'mail');
  if (found === undefined) throw new Error('no mail');
  return found;
};
const arrived = (messageId: string) => taken.filter(({ mail }) => mail.messageId === messageId).length;
const post = (path: string, payload: object = {}) =>
  office.writer.send({ method: 'POST', url: `/api/v1${path}`, payload });

describe('a mail that the server does not take', () => {
  it('fails for good where there is no such mailbox, and is sent again when somebody says so', async () => {
    refuse = () => 550;
    const id = await issueNotice(office, organizationId);
    const failed = await mailOf(id, 'failed');
    expect(failed.failure).toContain('550');
    expect((await post(`/notices/${id}/deliveries/${failed.id}/confirm`)).json().code).toBe(
      'DELIVERY_NOT_READY',
    );
    refuse = null;
    expect((await post(`/notices/${id}/deliveries/${failed.id}/send-again`)).statusCode).toBe(204);
    expect(await mailOf(id, 'sent')).toMatchObject({ attempts: 1, failure: null });
  });

  it('waits longer and longer where it is asked to come later, and gives up after days', async () => {
    refuse = () => 450;
    const id = await issueNotice(office, organizationId);
    const pauses: number[] = [];
    for (let round = 0; round < 13; round += 1) {
      await db().query(`select queue_sending('mail')`);
      const all = await deliveriesWhen(office.writer, id, ({ items }) =>
        items.some((one) => one.channel === 'mail' && one.attempts === round + 1 && one.state !== 'sending'),
      );
      const mail = all.items.find(({ channel }) => channel === 'mail');
      if (mail?.notBefore == null) break;
      pauses.push((Date.parse(mail.notBefore) - now.getTime()) / 60_000);
      now = new Date(Date.parse(mail.notBefore) + 1);
    }
    now = new Date();
    expect(pauses.map(Math.round)).toEqual([1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440, 1440]);
    expect((await mailOf(id, 'failed')).failure).toContain('450');
  });
});

/** A row in the outbox that no sender of the application ever sees: it is planned and claimed in one transaction. */
async function claimedMail(sender: string) {
  const noticeId = await issueNotice(office, organizationId);
  const sent = await mailOf(noticeId, 'sent');
  await db().query(
    `update notice_delivery set state = 'sending', sender = $2, leaving_at = null, sent_at = null, answer = null where notice_delivery_id = $1`,
    [sent.id, sender],
  );
  return { held: { organizationId: Number(organizationId), deliveryId: sent.id, sender }, noticeId };
}

const stateOf = async ({ deliveryId }: { readonly deliveryId: string }) => {
  const { rows } = await db().query(
    'select state, failure from notice_delivery where notice_delivery_id = $1',
    [deliveryId],
  );
  return rows[0];
};
describe('a notice that is withdrawn while a sender has its mail in hand', () => {
  it('is not mailed any more', async () => {
    refuse = () => 450;
    const ids = [await issueNotice(office, organizationId), await issueNotice(office, organizationId)];
    const [stands = '', withdrawn = ''] = ids;
    for (const id of ids)
      await deliveriesWhen(office.writer, id, ({ items }) =>
        items.some(
          ({ channel, state, attempts }) => channel === 'mail' && state === 'waiting' && attempts === 1,
        ),
      );
    refuse = null;
    meanwhile = () =>
      office.approver.send({
        method: 'POST',
        url: `/api/v1/notices/${withdrawn}/withdraw`,
        payload: { reason: 'Sent to the wrong hospital' },
      });
    const { rows } = await db().query<{ message_id: string }>(
      `update notice_delivery set not_before = null where notice_id = any ($1) and channel = 'mail' returning message_id`,
      [ids],
    );
    await db().query(`select queue_sending('mail')`);
    await mailOf(stands, 'sent');
    const ended = await deliveriesWhen(office.writer, withdrawn, ({ items }) =>
      items.every(({ channel, state }) => channel !== 'mail' || ['sent', 'failed'].includes(state)),
    );
    expect(ended.items.find(({ channel }) => channel === 'mail')).toMatchObject({
      state: 'failed',
      failure: 'NOTICE_ENDED',
    });
    expect(rows.map((row) => arrived(row.message_id)).sort()).toEqual([0, 1]);
  });
});

describe('a sender that was killed', () => {
  it('had not sent what it had not noted as leaving: that waits again', async () => {
    const { held } = await claimedMail(randomUUID());
    expect(await recoverDeliveries(db(), { channel: 'mail', except: randomUUID() })).toEqual({
      again: 1,
      unconfirmed: 0,
    });
    await endAttempt(
      db(),
      { ...held, sender: randomUUID() },
      { state: 'failed', failure: 'of somebody else' },
    );
    expect((await stateOf(held)).state).not.toBe('failed');
  });

  it('may have sent what it had noted as leaving: that is not sent by itself, and people see it', async () => {
    const { held, noticeId } = await claimedMail(randomUUID());
    expect(await leave(db(), held, now.toISOString())).toBe(true);
    await recoverDeliveries(db(), { channel: 'mail', except: randomUUID() });
    expect(await stateOf(held)).toEqual({ state: 'unconfirmed', failure: 'PROCESS_ENDED' });
    const { items } = await deliveriesWhen(office.writer, noticeId, () => true);
    expect(items.some(({ state }) => state === 'unconfirmed')).toBe(true);
    expect((await post(`/notices/${noticeId}/deliveries/${held.deliveryId}/confirm`)).statusCode).toBe(204);
    expect((await stateOf(held)).state).toBe('sent');
  });

  it('and was believed dead too early, sends nothing that is no longer its own', async () => {
    const { held } = await claimedMail(randomUUID());
    await recoverDeliveries(db(), { channel: 'mail', except: randomUUID() });
    expect(await leave(db(), held, now.toISOString())).toBe(false);
    await db().query(`update notice_delivery set state = 'sent' where notice_delivery_id = $1`, [
      held.deliveryId,
    ]);
  });

  it('and was believed dead too early, still tells what the mail server said', async () => {
    const { held } = await claimedMail(randomUUID());
    await leave(db(), held, now.toISOString());
    await recoverDeliveries(db(), { channel: 'mail', except: randomUUID() });
    await endAttempt(db(), held, { state: 'sent', at: now.toISOString(), answer: '250 ok' });
    expect((await stateOf(held)).state).toBe('sent');
  });
});

describe('two senders at once', () => {
  it('never hold the same mail', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const id = await issueNotice(office, organizationId);
      ids.push((await mailOf(id, 'sent')).id);
    }
    const become = (state: string) =>
      db().query('update notice_delivery set state = $2 where notice_delivery_id = any ($1)', [ids, state]);
    await become('waiting');
    const claim = () =>
      claimDeliveries(db(), { channel: 'mail', sender: randomUUID(), at: now.toISOString(), most: 3 });
    const claimed = (await Promise.all([claim(), claim(), claim()])).flat();
    await become('sent');
    expect(claimed.map(({ deliveryId }) => deliveryId).sort()).toEqual(ids.sort());
  });
});

describe('a mail that came back', () => {
  const handIn = async (payload: string) =>
    (
      await office.writer.send({
        method: 'POST',
        url: '/api/v1/bounces',
        headers: { 'content-type': 'message/rfc822' },
        payload,
      })
    ).json();

  it('is found by its Message-ID, shown at its notice with the words of the server, and can be sent again', async () => {
    const id = await issueNotice(office, organizationId);
    const sent = await mailOf(id, 'sent');
    const messageId = taken.at(-1)?.mail.messageId ?? '';
    expect(await handIn(reportOf(messageId, 'delayed'))).toEqual({ outcome: 'delayed', noticeId: id });
    expect(await handIn(reportOf(messageId, 'failed'))).toEqual({ outcome: 'bounced', noticeId: id });
    expect(await mailOf(id, 'bounced')).toMatchObject({
      failure: '5.1.1 smtp; 550 5.1.1 <wang@hospital.example.org>: user unknown',
    });
    await post(`/notices/${id}/deliveries/${sent.id}/send-again`);
    await mailOf(id, 'sent');
    // the same mail to whoever sorts mails by their id
    expect(arrived(messageId)).toBe(2);
  });

  it('means nothing where it names no mail of ours, or is no report', async () => {
    expect(await handIn(reportOf('<guessed@example.org>', 'failed'))).toEqual({
      outcome: 'unknown',
      noticeId: null,
    });
    expect(await handIn('Subject: I am on holiday\r\n\r\nBack on Monday')).toEqual({
      outcome: 'not-a-report',
      noticeId: null,
    });
    const stranger = await running.visitor('Reader', [{ role: 'supervisor' }]);
    const refused = await stranger.send({
      method: 'POST',
      url: '/api/v1/bounces',
      headers: { 'content-type': 'message/rfc822' },
      payload: 'Subject: x\r\n\r\n',
    });
    expect(refused.statusCode).toBe(403);
  });
});

describe('a signed mail', () => {
  it('carries a DKIM signature that the public key confirms (RFC 6376)', async () => {
    await mailOf(await issueNotice(office, organizationId), 'sent');
    const raw = taken.at(-1)?.raw ?? '';
    const [head = ''] = raw.split('\r\n\r\n');
    const fields = head.split(/\r\n(?![ \t])/);
    const relaxed = (field: string) => {
      const [name = '', ...rest] = field.split(':');
      return `${name.toLowerCase().trim()}:${rest.join(':').replace(/\s+/g, ' ').trim()}`;
    };
    const dkim = relaxed(fields.find((one) => /^dkim-signature:/i.test(one)) ?? '');
    const tag = (name: string) =>
      new RegExp(`[;: ]${name}=([^;]*)`).exec(dkim)?.[1]?.replace(/\s/g, '') ?? '';
    expect([tag('d'), tag('s'), tag('a')]).toEqual(['example.org', 'backcheck', 'rsa-sha256']);
    const signed = tag('h')
      .split(':')
      .map((name) => fields.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`)))
      .flatMap((one) => (one === undefined ? [] : [relaxed(one)]));
    const text = [...signed, dkim.replace(/([;: ]b=)[^;]*/, '$1')].join('\r\n');
    expect(verify('sha256', Buffer.from(text), KEYS.publicKey, Buffer.from(tag('b'), 'base64'))).toBe(true);
  });
});
