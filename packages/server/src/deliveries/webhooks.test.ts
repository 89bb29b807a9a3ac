import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegisteredWebhook, WebhookPayload } from '@backcheck/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import {
  deliveriesWhen,
  findSomething,
  issueNotice,
  type Office,
  openOffice,
} from './issue-notice.fixture.ts';
import { postWebhook, webhookRefusal } from './post-webhook.ts';
import { verifyWebhook } from './webhook-signature.ts';

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An organization's own system, on loopback, which this installation allows. */
let receiver: Server;
let url: string;
let answer = 200;
const posts: Post[] = [];
let running: RunningApp;
let office: Office;
let organizationId: string;
let liaison: Visitor;
let now = new Date();

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      posts.push({ headers: request.headers, body });
      response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1/' } : {}).end('noted');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/backcheck`;
  running = await RunningApp.start({ clock: () => now, webhookAllow: ['127.0.0.1'] });
  office = await openOffice(running);
  organizationId = await running.organization();
  await running.work();
  await findSomething(running, organizationId);
  liaison = await running.visitor('Liaison', [{ role: 'liaison', organizationId: Number(organizationId) }]);
});
beforeEach(() => {
  answer = 200;
  posts.length = 0;
  now = new Date();
});
afterAll(() => receiver.close());

const post = (who: Visitor, path: string, payload: object = {}) =>
  who.send({ method: 'POST', url: `/api/v1${path}`, payload });
async function register() {
  const made = await post(liaison, '/webhooks', { organizationId, url });
  // its secret is shown once, and no cache keeps it
  expect(made.headers['cache-control']).toBe('no-store');
  return RegisteredWebhook.parse(made.json());
}
const disable = (id: string) => post(liaison, `/webhooks/${id}/disable`);
const sentTo = (noticeId: string, state: string) =>
  deliveriesWhen(liaison, noticeId, ({ items }) =>
    items.some((one) => one.channel === 'webhook' && one.state === state),
  );

describe('a webhook', () => {
  it('hears of a notice with its number and a link, signed, and of no finding', async () => {
    const { id, secret } = await register();
    const noticeId = await issueNotice(office, organizationId);
    await sentTo(noticeId, 'sent');
    const [heard] = posts;
    const payload = WebhookPayload.parse(JSON.parse(heard?.body ?? ''));
    expect(payload).toMatchObject({
      type: 'notice.issued',
      data: { organizationId, noticeId, kind: 'rectification', link: `http://localhost/notices/${noticeId}` },
    });
    expect(payload.data.number).toContain('号');
    expect(heard?.body).not.toMatch(/CVE|192\.0\.2|弱口令|Weak/);
    const headers = { ...heard?.headers } as Record<string, string>;
    expect(verifyWebhook(secret, { headers, body: heard?.body ?? '', now })).toBe(true);
    await disable(id);
  });

  it('gets the same message again, under the same id, until it takes it', async () => {
    const { id } = await register();
    answer = 503;
    const noticeId = await issueNotice(office, organizationId);
    const waiting = await deliveriesWhen(liaison, noticeId, ({ items }) =>
      items.some(({ channel, notBefore }) => channel === 'webhook' && notBefore !== null),
    );
    expect(waiting.items.find(({ channel }) => channel === 'webhook')?.failure).toBe('503 noted');
    answer = 200;
    now = new Date(now.getTime() + 6000);
    await running.parts.widePool.query(`select queue_sending('webhook')`);
    await sentTo(noticeId, 'sent');
    expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(posts).toHaveLength(2);
    await disable(id);
  });

  it('is given up when it says that it is gone, and after five days without an answer that it took one', async () => {
    const gone = await register();
    answer = 410;
    await sentTo(await issueNotice(office, organizationId), 'failed');
    const list = async () => (await liaison.get('/api/v1/webhooks')).json().items;
    expect((await list()).find(({ id }: { id: string }) => id === gone.id)).toMatchObject({
      disabledAt: expect.any(String),
      disabledBy: null,
      lastFailure: '410 noted',
    });
    const failing = await register();
    answer = 500;
    await issueNotice(office, organizationId);
    const other = await issueNotice(office, organizationId);
    await deliveriesWhen(liaison, other, ({ items }) =>
      items.some((one) => one.channel === 'webhook' && one.notBefore !== null),
    );
    now = new Date(now.getTime() + 5.1 * 86_400_000);
    await running.parts.widePool.query(`select queue_sending('webhook')`);
    await sentTo(other, 'failed');
    expect((await list()).find(({ id }: { id: string }) => id === failing.id).disabledBy).toBeNull();
  });

  it('does not follow where it is sent on to', async () => {
    const { id } = await register();
    answer = 302;
    const { json } = await post(liaison, `/webhooks/${id}/test`);
    expect(json()).toEqual({ taken: false, answer: '302 noted' });
    expect(posts).toHaveLength(1);
    await disable(id);
    expect((await post(liaison, `/webhooks/${id}/test`)).json().code).toBe('WEBHOOK_OFF');
  });

  it('has a secret that is shown once and stands nowhere in the database', async () => {
    const { id, secret } = await register();
    const list = await liaison.get('/api/v1/webhooks');
    expect(list.body).not.toContain(secret);
    expect(await running.everyRow()).not.toContain(secret.slice('whsec_'.length));
    const answered = await post(liaison, `/webhooks/${id}/test`);
    expect(answered.json()).toEqual({ taken: true, answer: '200 noted' });
    await disable(id);
  });

  it('is registered, tried and seen by people who keep the contacts of that organization only', async () => {
    const { id } = await register();
    const elsewhere = await running.organization('Seaside School');
    const stranger = await running.visitor('Stranger', [
      { role: 'liaison', organizationId: Number(elsewhere) },
    ]);
    expect((await stranger.get('/api/v1/webhooks')).json().items).toEqual([]);
    expect((await post(stranger, '/webhooks', { organizationId, url })).json().code).toBe(
      'ORGANIZATION_UNKNOWN',
    );
    for (const deed of ['test', 'disable'])
      expect((await post(stranger, `/webhooks/${id}/${deed}`)).statusCode).toBe(404);
    const observer = await running.visitor('Reader', [{ role: 'observer' }]);
    expect((await observer.get('/api/v1/webhooks')).statusCode).toBe(403);
    await disable(id);
  });
});

describe('the address of a webhook', () => {
  it.each([
    ['https://127.0.0.1/hook', 'loopback'],
    ['https://10.1.2.3/hook', 'private'],
    ['https://[::1]/hook', 'loopback'],
    ['https://[::ffff:10.1.2.3]/hook', 'private'],
    ['https://0x7f.1/hook', 'loopback'],
    ['https://2130706433/hook', 'loopback'],
    ['https://169.254.169.254/latest/meta-data', 'metadata'],
    ['https://localhost/hook', 'loopback'],
    ['http://8.8.8.8/hook', 'http'],
    ['https://user:word@8.8.8.8/hook', 'user:password@'],
  ])('%s is refused: %s', async (address, why) => {
    expect(await webhookRefusal(address, { allow: [] })).toContain(why);
  });

  it('may be global by https, and inside where the installation allows it', async () => {
    expect(await webhookRefusal('https://8.8.8.8/hook', { allow: [] })).toBeNull();
    expect(await webhookRefusal('http://10.1.2.3/hook', { allow: ['10.1.0.0/16'] })).toBeNull();
    expect(await webhookRefusal('http://10.2.2.3/hook', { allow: ['10.1.0.0/16'] })).toContain('private');
    // by the answer nobody learns which addresses the names of the network have
    expect(await webhookRefusal('https://localhost/hook', { allow: [] })).toBe('localhost (loopback)');
    const posted = await postWebhook('https://localhost/hook', { headers: {}, body: '' }, { allow: [] });
    expect(posted).toEqual({ kind: 'failed', answer: 'localhost (loopback)' });
  });

  it('is refused with what it leads to when it is registered', async () => {
    const refused = await post(liaison, '/webhooks', { organizationId, url: 'https://192.168.0.1/hook' });
    expect(refused.json()).toMatchObject({ code: 'WEBHOOK_ADDRESS_REFUSED', status: 422 });
    expect(refused.json().detail).toContain('192.168.0.1 (private)');
  });
});
