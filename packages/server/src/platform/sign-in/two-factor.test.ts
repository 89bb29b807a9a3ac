import { beforeAll, describe, expect, it } from 'vitest';
import { Browser, codeOf, join, PASSWORD, setUpTwoFactor } from '../../testing/browser.ts';
import { RunningApp } from '../../testing/running-app.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start();
});

const PRIVILEGED = { grants: [{ role: 'campaign-manager' as const }] };
const step = (browser: Browser, code: string) => browser.post('/sign-in/two-factor', { code });
const recover = (browser: Browser, recoveryCode: string) =>
  browser.post('/sign-in/two-factor', { recoveryCode });

async function atSecondStep(email: string): Promise<Browser> {
  const browser = new Browser(running);
  expect((await browser.signIn(email)).json()).toEqual({ next: 'two-factor' });
  return browser;
}

describe('an account of the coordinator', () => {
  it('can do nothing but set up a second factor, and after that everything', async () => {
    const browser = await join(running, 'must@example.org', PRIVILEGED);
    expect((await browser.get('/session')).json()).toMatchObject({ twoFactor: 'required' });
    for (const path of ['/imports', '/sessions', '/api-keys']) {
      expect((await browser.get(path)).json()).toMatchObject({ code: 'TWO_FACTOR_REQUIRED' });
    }
    expect((await browser.post('/api-keys', { name: 'way round' })).json()).toMatchObject({
      code: 'TWO_FACTOR_REQUIRED',
    });
    await setUpTwoFactor(browser);
    expect((await browser.get('/session')).json()).toMatchObject({ twoFactor: 'on' });
    expect((await browser.get('/imports')).statusCode).toBe(200);
  });

  it('cannot turn it off for good: the next request asks for it again', async () => {
    const browser = await join(running, 'off@example.org', PRIVILEGED);
    await setUpTwoFactor(browser);
    expect((await browser.post('/two-factor/off', { password: 'not this one at all' })).json()).toMatchObject(
      {
        code: 'PASSWORD_WRONG',
      },
    );
    expect((await browser.post('/two-factor/off', { password: PASSWORD })).statusCode).toBe(204);
    expect((await browser.get('/imports')).json()).toMatchObject({ code: 'TWO_FACTOR_REQUIRED' });
  });

  it('must have one from the moment it is given such a role', async () => {
    const browser = await join(running, 'rises@example.org');
    expect((await browser.get('/sessions')).statusCode).toBe(200);
    const { id } = (await browser.get('/session')).json().account;
    await running.parts.widePool.query(
      `insert into access_grant (account_id, role) values ($1, 'inspector')`,
      [id],
    );
    expect((await browser.get('/sessions')).json()).toMatchObject({ code: 'TWO_FACTOR_REQUIRED' });
  });
});

describe('an account of an organization', () => {
  it('needs none, unless its invitation says so', async () => {
    const free = await join(running, 'free@example.org');
    expect((await free.get('/session')).json()).toMatchObject({ twoFactor: 'off' });
    const told = await join(running, 'told@example.org', { twoFactorRequired: true });
    expect((await told.get('/session')).json()).toMatchObject({ twoFactor: 'required' });
  });

  it.each([
    ['all', 'observer', 'required'],
    ['none', 'campaign-manager', 'off'],
  ] as const)('under REQUIRE_TOTP=%s with the role %s: %s', async (requireTotp, role, state) => {
    const other = await RunningApp.start({}, { signIn: { requireTotp } });
    const browser = await join(other, 'one@example.org', { grants: [{ role }] });
    expect((await browser.get('/session')).json()).toMatchObject({ twoFactor: state });
  });
});

describe('the second step', () => {
  it('takes no code that was used before, also not the one that turned it on', async () => {
    const email = 'first-code@example.org';
    const browser = await join(running, email);
    const { secret } = (await browser.post('/two-factor', { password: PASSWORD })).json();
    const code = codeOf(secret);
    expect((await browser.post('/two-factor/confirm', { code })).statusCode).toBe(204);
    const replayed = await step(await atSecondStep(email), code);
    expect(replayed.json()).toMatchObject({ code: 'TWO_FACTOR_CODE_WRONG' });
  });

  it('comes between the password and the session', async () => {
    const email = 'steps@example.org';
    const { secret } = await setUpTwoFactor(await join(running, email));
    const browser = await atSecondStep(email);
    expect((await browser.get('/session')).statusCode).toBe(401);
    expect((await step(browser, '000000')).json()).toMatchObject({ code: 'TWO_FACTOR_CODE_WRONG' });
    expect((await browser.get('/session')).statusCode).toBe(401);
    expect((await step(browser, codeOf(secret))).json()).toEqual({ next: 'signed-in' });
    expect((await browser.get('/session')).json()).toMatchObject({ email, twoFactor: 'on' });
  });

  it('takes a code once, also from another browser within its half minute', async () => {
    const email = 'replay@example.org';
    const { secret } = await setUpTwoFactor(await join(running, email));
    const [one, two] = [await atSecondStep(email), await atSecondStep(email)];
    const code = codeOf(secret);
    expect((await step(one, code)).statusCode).toBe(200);
    expect((await step(two, code)).json()).toMatchObject({ code: 'TWO_FACTOR_CODE_WRONG' });
    expect((await two.get('/session')).statusCode).toBe(401);
  });

  it('takes a code of the minute, not an older one', async () => {
    const email = 'old@example.org';
    const { secret } = await setUpTwoFactor(await join(running, email));
    const browser = await atSecondStep(email);
    expect((await step(browser, codeOf(secret, -4))).json()).toMatchObject({ code: 'TWO_FACTOR_CODE_WRONG' });
  });

  it('takes each recovery code once', async () => {
    const email = 'recover@example.org';
    const { recoveryCodes } = await setUpTwoFactor(await join(running, email));
    expect(recoveryCodes).toHaveLength(10);
    const [code = ''] = recoveryCodes;
    expect((await recover(await atSecondStep(email), code)).statusCode).toBe(200);
    expect((await recover(await atSecondStep(email), code)).json()).toMatchObject({
      code: 'TWO_FACTOR_CODE_WRONG',
    });
  });

  it('has new recovery codes for whoever knows the password, and forgets the old ones', async () => {
    const email = 'renew@example.org';
    const browser = await join(running, email);
    const { recoveryCodes: old } = await setUpTwoFactor(browser);
    const { recoveryCodes } = (
      await browser.post('/two-factor/recovery-codes', { password: PASSWORD })
    ).json();
    expect((await recover(await atSecondStep(email), old[1] ?? '')).statusCode).toBe(401);
    expect((await recover(await atSecondStep(email), recoveryCodes[1])).statusCode).toBe(200);
  });

  it('begins again at the password after five wrong codes, and locks after ten', async () => {
    const email = 'guessed@example.org';
    const { secret } = await setUpTwoFactor(await join(running, email));
    const codes: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      const browser = await atSecondStep(email);
      for (let tries = 0; tries < 6; tries += 1) codes.push((await step(browser, '000000')).json().code);
    }
    const wrong = Array.from({ length: 5 }, () => 'TWO_FACTOR_CODE_WRONG');
    expect(codes.slice(0, 6)).toEqual([...wrong, 'TWO_FACTOR_START_AGAIN']);
    const locked = await step(await atSecondStep(email), codeOf(secret));
    expect(locked.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  });

  it('is nothing without the first', async () => {
    expect((await step(new Browser(running), '123456')).json()).toMatchObject({
      code: 'TWO_FACTOR_START_AGAIN',
    });
  });

  it('checks the account of the password, not of a session that is still open in the browser', async () => {
    const other = await join(running, 'mixed-a@example.org');
    const own = await setUpTwoFactor(other);
    await setUpTwoFactor(await join(running, 'mixed-b@example.org'));
    await other.signIn('mixed-b@example.org');
    expect((await step(other, codeOf(own.secret))).json()).toMatchObject({ code: 'TWO_FACTOR_CODE_WRONG' });
  });
});

describe('setting up a second factor', () => {
  it('asks for the password, shows a secret for an app, and ends the other sessions', async () => {
    const email = 'setup@example.org';
    const browser = await join(running, email);
    const other = new Browser(running);
    await other.signIn(email);
    expect((await browser.post('/two-factor', { password: 'not this one at all' })).json()).toMatchObject({
      code: 'PASSWORD_WRONG',
    });
    const made = (await browser.post('/two-factor', { password: PASSWORD })).json();
    expect(made.uri).toMatch(/^otpauth:\/\/totp\/Backcheck:setup(%40|@)example\.org\?/);
    expect(made.uri).toContain(`secret=${made.secret}`);
    // not on before a code was seen: a typing mistake locks nobody out
    expect((await new Browser(running).signIn(email)).json()).toEqual({ next: 'signed-in' });
    expect((await browser.post('/two-factor/confirm', { code: codeOf(made.secret) })).statusCode).toBe(204);
    expect((await other.get('/session')).statusCode).toBe(401);
    expect((await browser.get('/sessions')).json().items).toHaveLength(1);
    expect((await browser.post('/two-factor', { password: PASSWORD })).json()).toMatchObject({
      code: 'TWO_FACTOR_ON',
    });
  });

  it('is undone by an administrator for somebody who lost both app and codes', async () => {
    const browser = await join(running, 'lost@example.org');
    await setUpTwoFactor(browser);
    const { id } = (await browser.get('/session')).json().account;
    const reset = await running.send({ method: 'POST', url: `/api/v1/accounts/${id}/reset-two-factor` });
    expect(reset.statusCode).toBe(204);
    expect((await browser.get('/session')).statusCode).toBe(401);
    expect((await new Browser(running).signIn('lost@example.org')).json()).toEqual({ next: 'signed-in' });
  });

  it('is not for an account without a password', async () => {
    const answer = await running.send({
      method: 'POST',
      url: '/api/v1/two-factor',
      payload: { password: PASSWORD },
    });
    expect(answer.json()).toMatchObject({ code: 'PASSWORD_WRONG' });
  });
});
