import { CreatedApiKey } from '@backcheck/contract';
import { ensureAccount, insertSignInLink } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../../testing/running-app.ts';
import { newSecret } from './tokens.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start();
});

async function aLink(lifetime: number): Promise<string> {
  const { widePool: pool } = running.parts;
  const { accountId } = await ensureAccount(pool, 'Local administrator');
  const { secret, hash } = newSecret();
  await insertSignInLink(pool, { hash, accountId, expiresAt: new Date(Date.now() + lifetime) });
  return `/sign-in?token=${secret}`;
}

const follow = (url: string) => running.app.inject({ method: 'GET', url });

describe('the sign-in link', () => {
  it('signs one browser in, with a cookie that scripts cannot read', async () => {
    const answer = await follow(await aLink(1000));
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('/');
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^backcheck_session=[\w-]{43}; .*HttpOnly; SameSite=Lax$/);
    const session = await running.app.inject({
      method: 'GET',
      url: '/api/v1/session',
      headers: { cookie: cookie.split(';')[0] },
    });
    expect(session.json()).toEqual({ account: { id: expect.any(String), name: 'Local administrator' } });
  });

  it('works once, even when two browsers open it at the same moment', async () => {
    const link = await aLink(1000);
    const answers = await Promise.all([follow(link), follow(link), follow(link)]);
    expect(answers.map((one) => one.statusCode).sort()).toEqual([303, 401, 401]);
  });

  it('stops working when its time is over', async () => {
    const answer = await follow(await aLink(-1));
    expect(answer.json()).toMatchObject({ code: 'SIGN_IN_LINK_INVALID', status: 401 });
  });

  it('that no longer works leads a browser to the page that says how to come by a new one', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml' };
    const answer = await running.app.inject({ method: 'GET', url: await aLink(-1), headers });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers).toMatchObject({ location: '/' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is not found by a token that was never given out', async () => {
    expect((await follow('/sign-in?token=guess')).json()).toMatchObject({ code: 'SIGN_IN_LINK_INVALID' });
  });
});

describe('a session', () => {
  it('ends when its owner signs out', async () => {
    const { headers } = await follow(await aLink(1000));
    const cookie = String(headers['set-cookie']).split(';')[0];
    const send = (method: 'GET' | 'DELETE') =>
      running.app.inject({ method, url: '/api/v1/session', headers: { cookie, 'x-backcheck-request': '1' } });
    expect((await send('DELETE')).statusCode).toBe(204);
    expect((await send('GET')).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
  });

  it.each([
    ['no sign of our page', {}, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['the Origin of another site', { origin: 'https://evil.example' }, 403],
    ['an opaque Origin', { origin: 'null' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 409],
    ['our own Origin', { origin: 'http://localhost:80' }, 409],
    ['the header of our client', { 'x-backcheck-request': '1' }, 409],
  ])('lets a change through only from this site: %s', async (_name, headers, status) => {
    await running.organization('Taken').catch(() => undefined);
    const answer = await running.app.inject({
      method: 'POST',
      url: '/api/v1/organizations',
      payload: { name: 'Taken' },
      headers: { cookie: running.cookie, host: 'localhost', ...headers },
    });
    expect(answer.statusCode).toBe(status);
  });
});

describe('an API key', () => {
  const withKey = (key: string, method: 'GET' | 'POST' = 'GET') =>
    running.app.inject({
      method,
      url: method === 'GET' ? '/api/v1/session' : '/api/v1/organizations',
      ...(method === 'POST' ? { payload: { name: 'By key' } } : {}),
      headers: { authorization: `Bearer ${key}` },
    });

  it('is shown once, signs requests, and stops when it is revoked', async () => {
    const made = await running.send({
      method: 'POST',
      url: '/api/v1/api-keys',
      payload: { name: 'scanner' },
    });
    const { id, key } = CreatedApiKey.parse(made.json());
    expect(key).toMatch(/^bk_[\w-]{43}$/);
    expect((await withKey(key)).statusCode).toBe(200);
    expect((await withKey(key, 'POST')).statusCode).toBe(201);
    const list = (await running.get('/api/v1/api-keys')).json();
    expect(list.items).toEqual([
      expect.objectContaining({ id, name: 'scanner', lastUsedAt: expect.any(String) }),
    ]);
    expect(JSON.stringify(list)).not.toContain(key);
    await running.send({ method: 'DELETE', url: `/api/v1/api-keys/${id}` });
    expect((await withKey(key)).json()).toMatchObject({ code: 'NOT_SIGNED_IN' });
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

describe('the door', () => {
  it('refuses every operation of the API without a session or key', async () => {
    const { paths } = (await running.app.inject({ url: '/api/openapi.json' })).json();
    const operations = Object.entries<object>(paths)
      .filter(([path]) => path.startsWith('/api/v1'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => ({ path: path.replace('{id}', '1'), method })),
      );
    expect(operations.length).toBeGreaterThan(14);
    for (const { path, method } of operations) {
      const answer = await running.app.inject({ url: path, method: method.toUpperCase() as 'GET' });
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 401, 'NOT_SIGNED_IN']);
    }
  });

  it('keeps no secret in the database that it would accept', async () => {
    const { rows } = await running.parts.widePool.query(
      'select token_hash from session union all select key_hash from api_key',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { token_hash } of rows) expect(token_hash).toHaveLength(32);
  });
});
