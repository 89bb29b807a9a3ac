import { ensureAccount, insertSignInLink } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from '../../testing/running-app.ts';
import { newSecret } from './tokens.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start();
});

async function aLink(lifetime: number): Promise<string> {
  const { widePool } = running.parts;
  const { accountId } = await ensureAccount(widePool, 'Local administrator');
  const { secret, hash } = newSecret();
  await insertSignInLink(widePool, { hash, accountId, expiresAt: new Date(Date.now() + lifetime) });
  return `/sign-in?token=${secret}`;
}

const follow = (url: string) => running.app.inject({ method: 'GET', url });

describe('the sign-in link', () => {
  it('signs one browser in, with a cookie that scripts cannot read', async () => {
    const answer = await follow(await aLink(60_000));
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('/');
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(
      /^backcheck_session=\w{32}\.[\w%]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const session = await running.app.inject({
      method: 'GET',
      url: '/api/v1/session',
      headers: { cookie: cookie.split(';')[0] },
    });
    expect(session.json()).toEqual({
      account: { id: expect.any(String), name: 'Local administrator' },
      email: null,
      language: 'zh',
      twoFactor: 'off',
      hasPassword: false,
    });
  });

  it('works once, even when two browsers open it at the same moment', async () => {
    const link = await aLink(60_000);
    const answers = await Promise.all([follow(link), follow(link), follow(link)]);
    expect(answers.map((one) => one.statusCode).sort()).toEqual([303, 401, 401]);
  });

  it('signs in twice when two links of a new account are opened at the same moment', async () => {
    const { widePool } = running.parts;
    const { accountId } = await ensureAccount(widePool, 'Brand new');
    const links = [newSecret(), newSecret()];
    const expiresAt = new Date(Date.now() + 60_000);
    for (const { hash } of links) await insertSignInLink(widePool, { hash, accountId, expiresAt });
    const answers = await Promise.all(links.map(({ secret }) => follow(`/sign-in?token=${secret}`)));
    expect(answers.map((one) => one.headers['set-cookie'] !== undefined)).toEqual([true, true]);
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

describe('a change', () => {
  it.each([
    ['no sign of our page', {}, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['the Origin of another site', { origin: 'https://evil.example' }, 403],
    ['an opaque Origin', { origin: 'null' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 204],
    ['our own Origin', { origin: 'http://localhost:80' }, 204],
    ['the header of our client', { 'x-backcheck-request': '1' }, 204],
  ])('is let through only from this site: %s', async (_name, headers, status) => {
    const answer = await running.app.inject({
      method: 'DELETE',
      url: '/api/v1/sessions',
      headers: { cookie: running.cookie, host: 'localhost', ...headers },
    });
    expect(answer.statusCode).toBe(status);
  });

  it('from another site cannot sign a browser in as somebody else', async () => {
    const answer = await running.app.inject({
      method: 'POST',
      url: '/api/v1/sign-in',
      payload: { email: 'eve@example.org', password: 'whatever it is' },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.json()).toMatchObject({ code: 'REQUEST_NOT_FROM_HERE' });
  });
});

describe('a cookie', () => {
  const session = (cookie: string) => running.app.inject({ url: '/api/v1/session', headers: { cookie } });

  it('with the token of a session and no signature of this server opens nothing', async () => {
    const [name = '', value = ''] = running.cookie.split('=');
    const [token = ''] = decodeURIComponent(value).split('.');
    const forged = [token, `${token}.`, `${token}.AAAA`, `${token}.${'A'.repeat(43)}=`, '.', ''];
    for (const one of forged) {
      expect((await session(`${name}=${encodeURIComponent(one)}`)).statusCode).toBe(401);
    }
    expect((await session(running.cookie)).statusCode).toBe(200);
  });
});

describe('the door', () => {
  it('refuses every operation of the API that asks for somebody without a session or key', async () => {
    const { paths } = (await running.app.inject({ url: '/api/openapi.json' })).json();
    const operations = Object.entries<Record<string, { 'x-backcheck-access': unknown }>>(paths)
      .filter(([path]) => path.startsWith('/api/v1'))
      .flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(([, operation]) => operation['x-backcheck-access'] !== 'anyone')
          .map(([method, operation]) => ({
            path: path.replaceAll(/\{\w+\}/g, '1'),
            method,
            code: operation['x-backcheck-access'] === 'runner' ? 'RUNNER_KEY_INVALID' : 'NOT_SIGNED_IN',
          })),
      );
    expect(operations.length).toBeGreaterThan(14);
    for (const { path, method, code } of operations) {
      const answer = await running.app.inject({ url: path, method: method.toUpperCase() as 'GET' });
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 401, code]);
    }
  });
});
