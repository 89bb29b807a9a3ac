import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, invite, join } from '../../testing/browser.ts';
import { CLIENT, type IdentityProvider, startIdentityProvider } from '../../testing/identity-provider.ts';
import { RunningApp } from '../../testing/running-app.ts';
import { CALLBACK_PATH } from './single-sign-on.ts';

const CALLBACK = `http://localhost${CALLBACK_PATH}`;
let provider: IdentityProvider;
let running: RunningApp;
beforeAll(async () => {
  provider = await startIdentityProvider(CALLBACK);
  running = await RunningApp.start({}, { signIn: { oidc: settings() } });
});
afterAll(() => provider.stop());

const settings = (changes = {}) => ({
  issuer: provider.issuer,
  clientId: CLIENT.id,
  clientSecret: CLIENT.secret,
  trustAddress: false,
  ...changes,
});

/** Begins in a browser of ours and comes back with what the provider answered. */
async function begin(browser: Browser, subject: string): Promise<URL> {
  const { url } = (await browser.post('/sign-in/single-sign-on')).json();
  return provider.signIn(url, subject);
}

/** Where the browser ends up. */
async function comeBack(browser: Browser, back: URL): Promise<string> {
  const answer = await browser.send({ method: 'GET', url: `${back.pathname}${back.search}` });
  expect(answer.statusCode).toBe(303);
  return String(answer.headers.location);
}

async function signIn(browser: Browser, subject: string): Promise<string> {
  return comeBack(browser, await begin(browser, subject));
}

const person = (subject: string, email_verified = true) => {
  const email = `${subject}@example.org`;
  provider.people.set(subject, { email, email_verified, name: `At the provider: ${subject}` });
  return email;
};

describe('single sign-on', () => {
  it('asks the provider with PKCE, a state and a nonce', async () => {
    const { url } = (await new Browser(running).post('/sign-in/single-sign-on')).json();
    const { searchParams } = new URL(url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT.id,
      redirect_uri: CALLBACK,
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^.{20,}$/),
      nonce: expect.stringMatching(/^.{20,}$/),
      scope: 'openid email profile',
    });
  });

  it('lets an invited person in without the mail, with the invitation’s name and grants', async () => {
    await invite(running, person('anna'), { grants: [{ role: 'campaign-manager' }] });
    const browser = new Browser(running);
    expect(await signIn(browser, 'anna')).toBe('/');
    expect((await browser.get('/session')).json()).toMatchObject({
      account: { name: 'Person anna' },
      email: 'anna@example.org',
      hasPassword: false,
    });
    expect((await browser.get('/imports')).statusCode).toBe(200);
    expect((await running.get('/api/v1/invitations')).json().items).toEqual([]);
  });

  it('finds the account again by its subject, also when the address there has changed', async () => {
    await invite(running, person('boris'));
    await signIn(new Browser(running), 'boris');
    provider.people.set('boris', { email: 'new-name@example.org', email_verified: true });
    const browser = new Browser(running);
    expect(await signIn(browser, 'boris')).toBe('/');
    expect((await browser.get('/session')).json()).toMatchObject({ email: 'boris@example.org' });
  });

  it('finds an account with a password by a verified address', async () => {
    await join(running, person('carla'));
    const browser = new Browser(running);
    expect(await signIn(browser, 'carla')).toBe('/');
    expect((await browser.get('/session')).json()).toMatchObject({
      email: 'carla@example.org',
      hasPassword: true,
    });
  });

  it('keeps no token of the provider', async () => {
    const { rows } = await running.parts.signIn.pool.query(
      `select "accessToken", "refreshToken", "idToken" from auth.account where "providerId" <> 'credential'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.values(row)).toEqual([null, null, null]);
  });

  it.each([
    ['nobody invited', () => person('stranger')],
    [
      'the provider did not verify',
      () => join(running, 'dora@example.org').then(() => person('dora', false)),
    ],
    [
      'is that of an account without one',
      () => void provider.people.set('eve', { email: 'x@backcheck.invalid', email_verified: true }),
    ],
    ['is missing', () => void provider.people.set('fred', {})],
  ])('refuses an address that %s', async (_why, prepare) => {
    await prepare();
    const browser = new Browser(running);
    const subject = [...provider.people.keys()].at(-1) ?? '';
    expect(await signIn(browser, subject)).toBe('/?problem=SINGLE_SIGN_ON_UNKNOWN');
    expect((await browser.get('/session')).statusCode).toBe(401);
  });

  it('takes an unverified address where the operator says that the provider hands them out', async () => {
    const trusting = await RunningApp.start({}, { signIn: { oidc: settings({ trustAddress: true }) } });
    await invite(trusting, person('gina', false));
    const browser = new Browser(trusting);
    expect(await signIn(browser, 'gina')).toBe('/');
  });

  it('refuses a disabled account', async () => {
    await invite(running, person('hugo'));
    const browser = new Browser(running);
    await signIn(browser, 'hugo');
    const { id } = (await browser.get('/session')).json().account;
    await running.send({ method: 'POST', url: `/api/v1/accounts/${id}/disable` });
    expect((await browser.get('/session')).statusCode).toBe(401);
    expect(await signIn(new Browser(running), 'hugo')).toBe('/?problem=SINGLE_SIGN_ON_UNKNOWN');
  });
});

describe('an answer of the identity provider', () => {
  it.each([
    ['with another state', (back: URL) => back.searchParams.set('state', 'A'.repeat(32))],
    ['without a state', (back: URL) => back.searchParams.delete('state')],
    ['of another issuer', (back: URL) => back.searchParams.set('iss', 'https://evil.example')],
    ['with a code that it never gave', (back: URL) => back.searchParams.set('code', 'guess')],
    ['without a code', (back: URL) => back.searchParams.delete('code')],
    [
      'that is a refusal',
      (back: URL) => {
        back.search = `?${new URLSearchParams({ error: 'access_denied', state: back.searchParams.get('state') ?? '' })}`;
      },
    ],
  ])('%s is refused', async (_what, spoil) => {
    person('ivan');
    await invite(running, 'ivan@example.org');
    const browser = new Browser(running);
    const back = await begin(browser, 'ivan');
    spoil(back);
    expect(await comeBack(browser, back)).toBe('/?problem=SINGLE_SIGN_ON_REFUSED');
    expect((await browser.get('/session')).statusCode).toBe(401);
  });

  it('is refused in another browser than the one that asked: nobody is signed in as somebody else by a link', async () => {
    await invite(running, person('judy'));
    const back = await begin(new Browser(running), 'judy');
    expect(await comeBack(new Browser(running), back)).toBe('/?problem=SINGLE_SIGN_ON_REFUSED');
  });

  it('works once', async () => {
    await invite(running, person('karl'));
    const browser = new Browser(running);
    const back = await begin(browser, 'karl');
    const cookies = new Map(browser.cookies);
    expect(await comeBack(browser, back)).toBe('/');
    const replay = new Browser(running);
    for (const [name, value] of cookies) replay.cookies.set(name, value);
    expect(await comeBack(replay, back)).toBe('/?problem=SINGLE_SIGN_ON_REFUSED');
  });

  it('that comes too late is refused', async () => {
    await invite(running, person('lena'));
    const browser = new Browser(running);
    const back = await begin(browser, 'lena');
    await running.parts.signIn.pool.query(
      `update auth.verification set "expiresAt" = now() - interval '1 second',
         value = (value::jsonb || jsonb_build_object('expiresAt', 1))::text where value like '{%'`,
    );
    expect(await comeBack(browser, back)).toBe('/?problem=SINGLE_SIGN_ON_REFUSED');
  });

  it('whose identity token was made for another sign-in is refused', async () => {
    await invite(running, person('mona'));
    const browser = new Browser(running);
    const back = await begin(browser, 'mona');
    await running.parts.signIn.pool.query(
      `update auth.verification set value = (value::jsonb || '{"idTokenNonce":"another one"}')::text where value like '{%'`,
    );
    expect(await comeBack(browser, back)).toBe('/?problem=SINGLE_SIGN_ON_REFUSED');
  });
});

describe('an identity provider', () => {
  it('that does not answer is said so, and is asked again the next time', async () => {
    const late = await RunningApp.start({}, { signIn: { oidc: settings({ issuer: 'http://127.0.0.1:1' }) } });
    for (let tries = 0; tries < 2; tries += 1) {
      const answer = await new Browser(late).post('/sign-in/single-sign-on');
      expect(answer.json()).toMatchObject({ code: 'SINGLE_SIGN_ON_UNREACHABLE' });
    }
  });

  it('that calls itself otherwise than the operator does is not used', async () => {
    const other = await RunningApp.start(
      {},
      { signIn: { oidc: settings({ issuer: `${provider.issuer}/` }) } },
    );
    const answer = await new Browser(other).post('/sign-in/single-sign-on');
    expect(answer.json()).toMatchObject({ code: 'SINGLE_SIGN_ON_UNREACHABLE' });
  });

  it('that nobody configured is not offered', async () => {
    const without = await RunningApp.start();
    expect((await new Browser(without).get('/sign-in')).json()).toMatchObject({ singleSignOn: false });
    const answer = await new Browser(without).post('/sign-in/single-sign-on');
    expect(answer.json()).toMatchObject({ code: 'SINGLE_SIGN_ON_OFF' });
  });
});
