import { CreatedApiKey } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { Browser, join } from '../../testing/browser.ts';
import { RunningApp } from '../../testing/running-app.ts';

let running: RunningApp;
let now = new Date();
beforeAll(async () => {
  running = await RunningApp.start({ clock: () => now });
});

const DAY = 24 * 3_600_000;
const idOf = async (browser: Browser): Promise<string> => (await browser.get('/session')).json().account.id;
const change = (id: string, name: string) =>
  running.send({ method: 'POST', url: `/api/v1/accounts/${id}/${name}` });

describe('a session', () => {
  it('ends when its owner signs out', async () => {
    const browser = await join(running, 'out@example.org');
    const cookies = new Map(browser.cookies);
    expect((await browser.delete('/session')).statusCode).toBe(204);
    const thief = new Browser(running);
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    expect((await thief.get('/session')).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('ends after seven days', async () => {
    const browser = await join(running, 'week@example.org');
    const before = now;
    now = new Date(now.getTime() + 8 * DAY);
    expect((await browser.get('/session')).statusCode).toBe(401);
    now = before;
  });

  it('is listed with its browser and address, and can be ended from another one', async () => {
    const first = await join(running, 'many@example.org');
    const second = new Browser(running);
    const payload = { email: 'many@example.org', password: 'quiet otter paints nine doors' };
    await second.post('/sign-in', payload, {
      remoteAddress: '192.0.2.9',
      headers: { 'user-agent': 'Phone/1.0' },
    });
    const { items } = (await first.get('/sessions')).json();
    expect(items).toHaveLength(2);
    const [other] = items.filter((one: { current: boolean }) => !one.current);
    expect(other).toMatchObject({
      address: '192.0.2.9',
      userAgent: 'Phone/1.0',
      startedAt: expect.any(String),
    });
    expect(JSON.stringify(items)).not.toContain(
      decodeURIComponent(second.cookies.get('backcheck_session') ?? '').split('.')[0],
    );
    expect((await first.delete(`/sessions/${other.id}`)).statusCode).toBe(204);
    expect((await second.get('/session')).statusCode).toBe(401);
    expect((await first.get('/session')).statusCode).toBe(200);
  });

  it('of somebody else is not there to be ended', async () => {
    const mine = await join(running, 'mine@example.org');
    const yours = await join(running, 'yours@example.org');
    const [{ id }] = (await yours.get('/sessions')).json().items;
    expect((await mine.delete(`/sessions/${id}`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await yours.get('/session')).statusCode).toBe(200);
  });

  it('stays when all the others are ended', async () => {
    const one = await join(running, 'others@example.org');
    const two = new Browser(running);
    await two.signIn('others@example.org');
    expect((await two.delete('/sessions')).statusCode).toBe(204);
    expect([(await one.get('/session')).statusCode, (await two.get('/session')).statusCode]).toEqual([
      401, 200,
    ]);
  });
});

describe('an account', () => {
  it('that is disabled loses its sessions and keys at the very next request', async () => {
    const browser = await join(running, 'fired@example.org');
    const { key } = CreatedApiKey.parse((await browser.post('/api-keys', { name: 'sensor' })).json());
    const withKey = () =>
      running.app.inject({ url: '/api/v1/session', headers: { authorization: `Bearer ${key}` } });
    expect((await withKey()).statusCode).toBe(200);
    const id = await idOf(browser);
    expect((await change(id, 'disable')).statusCode).toBe(204);
    expect((await browser.get('/session')).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect((await withKey()).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect((await new Browser(running).signIn('fired@example.org')).json()).toMatchObject({
      code: 'SIGN_IN_REFUSED',
    });
    expect((await running.get(`/api/v1/accounts/${id}`)).json()).toMatchObject({ state: 'disabled' });
    expect((await change(id, 'enable')).statusCode).toBe(204);
    expect((await browser.get('/session')).statusCode).toBe(401);
    expect((await new Browser(running).signIn('fired@example.org')).statusCode).toBe(200);
  });

  it('loses all sessions when an administrator ends them', async () => {
    const browser = await join(running, 'ended@example.org');
    expect((await change(await idOf(browser), 'end-sessions')).statusCode).toBe(204);
    expect((await browser.get('/session')).statusCode).toBe(401);
  });

  it('does not disable itself', async () => {
    const { id } = (await running.get('/api/v1/session')).json().account;
    expect((await change(id, 'disable')).json()).toMatchObject({ code: 'ACCOUNT_OWN' });
  });

  it('is not shown to, nor changed by, an administrator of another part of the tree', async () => {
    const [north, south] = [await running.organization('North'), await running.organization('South')].map(
      Number,
    );
    const local = await running.visitor('Local', [
      { role: 'platform-administrator', organizationId: north ?? 0 },
    ]);
    const far = await running.visitor('Far', [{ role: 'liaison', organizationId: south ?? 0 }]);
    const near = await running.visitor('Near', [{ role: 'liaison', organizationId: north ?? 0 }]);
    const names = (await local.get('/api/v1/accounts'))
      .json()
      .items.map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(['Local', 'Near']);
    for (const url of [`/api/v1/accounts/${far.accountId}/disable`, `/api/v1/accounts/99999999999/disable`]) {
      expect((await local.send({ method: 'POST', url })).json()).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await far.get('/api/v1/session')).statusCode).toBe(200);
    const chief = await running.visitor('Chief', [
      { role: 'coordinator-lead' },
      { role: 'observer', organizationId: north ?? 0 },
    ]);
    const seen = (await local.get(`/api/v1/accounts/${chief.accountId}`)).json();
    expect(seen.grants.map(({ role }: { role: string }) => role)).toEqual(['observer']);
    const ended = await local.send({ method: 'POST', url: `/api/v1/accounts/${chief.accountId}/disable` });
    expect(ended.json()).toMatchObject({ code: 'FORBIDDEN' });
    const done = await local.send({ method: 'POST', url: `/api/v1/accounts/${near.accountId}/end-sessions` });
    expect(done.statusCode).toBe(204);
    expect((await near.get('/api/v1/session')).statusCode).toBe(401);
    expect((await far.get('/api/v1/accounts')).json()).toMatchObject({ code: 'FORBIDDEN' });
    const invited = await local.send({
      method: 'POST',
      url: '/api/v1/invitations',
      payload: {
        email: 'x@example.org',
        name: 'X',
        language: 'zh',
        grants: [{ role: 'platform-administrator', organizationId: null }],
      },
    });
    expect(invited.json()).toMatchObject({ code: 'ORGANIZATION_UNKNOWN' });
  });

  it('is found by name and address, page by page', async () => {
    const found = (await running.get('/api/v1/accounts?text=EXAMPLE.org&limit=2')).json();
    expect(found.items).toHaveLength(2);
    const next = (
      await running.get(`/api/v1/accounts?text=example.org&limit=2&cursor=${found.nextCursor}`)
    ).json();
    expect(Number(next.items[0].id)).toBeLessThan(Number(found.items[1].id));
  });
});

describe('an API key', () => {
  const request = (key: string, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
    running.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${key}` },
      ...(payload === undefined ? {} : { payload }),
    });
  const make = async (body: object) =>
    running.send({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'scanner', ...body } });

  it('is shown once, signs requests, and stops when it is revoked', async () => {
    const { id, key, expiresAt } = CreatedApiKey.parse((await make({})).json());
    expect(key).toMatch(/^bk_[\w-]{43}$/);
    expect(Date.parse(expiresAt ?? '') - now.getTime()).toBe(366 * DAY);
    expect((await request(key, 'GET', '/session')).statusCode).toBe(200);
    const list = (await running.get('/api/v1/api-keys')).json();
    expect(list.items).toEqual([
      expect.objectContaining({ id, scope: 'all', lastUsedAt: expect.any(String) }),
    ]);
    expect(JSON.stringify(list)).not.toContain(key);
    await running.send({ method: 'DELETE', url: `/api/v1/api-keys/${id}` });
    expect((await request(key, 'GET', '/session')).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it('ends at its time, which is within a year', async () => {
    const expiresAt = new Date(now.getTime() + DAY).toISOString();
    const { key } = CreatedApiKey.parse((await make({ expiresAt })).json());
    expect((await request(key, 'GET', '/session')).statusCode).toBe(200);
    const before = now;
    now = new Date(now.getTime() + DAY + 1);
    expect((await request(key, 'GET', '/session')).statusCode).toBe(401);
    now = before;
    for (const days of [-1, 367]) {
      const wrong = await make({ expiresAt: new Date(now.getTime() + days * DAY).toISOString() });
      expect(wrong.json()).toMatchObject({ code: 'API_KEY_EXPIRY' });
    }
  });

  it('that only reads changes nothing', async () => {
    const { key } = CreatedApiKey.parse((await make({ scope: 'read' })).json());
    expect((await request(key, 'GET', '/imports')).statusCode).toBe(200);
    const wanted = {
      email: 'y@example.org',
      name: 'Y',
      language: 'zh',
      grants: [{ role: 'observer', organizationId: null }],
    };
    expect((await request(key, 'POST', '/invitations', wanted)).json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('changes nothing about sign-in: it would outlive its own revocation', async () => {
    const { key } = CreatedApiKey.parse((await make({})).json());
    for (const [method, url, payload] of [
      ['POST', '/api-keys', { name: 'child' }],
      [
        'POST',
        '/password',
        { current: 'quiet otter paints nine doors', password: 'seven lamps above a river' },
      ],
      ['POST', '/two-factor', { password: 'quiet otter paints nine doors' }],
      ['DELETE', '/sessions', undefined],
    ] as const) {
      expect([url, (await request(key, method, url, payload)).statusCode]).toEqual([url, 403]);
    }
  });

  it('that is wrong is refused even beside a good cookie', async () => {
    const answer = await running.send({
      method: 'GET',
      url: '/api/v1/session',
      headers: { authorization: 'Bearer bk_x' },
    });
    expect(answer.statusCode).toBe(401);
  });
});
