import { Invitation } from '@backcheck/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, invite, PASSWORD } from '../../testing/browser.ts';
import { type MailServer, startMailServer, tokenIn } from '../../testing/mail-server.ts';
import { RunningApp } from '../../testing/running-app.ts';
import { createMailer } from '../mail/mailer.ts';

let server: MailServer;
let running: RunningApp;
let now = new Date();
beforeAll(async () => {
  server = await startMailServer();
  const mailer = createMailer({ smtpUrl: server.url, from: 'backcheck@example.org' });
  running = await RunningApp.start(
    { clock: () => now },
    { signIn: { mailer, publicUrl: 'https://backcheck.example.org' } },
  );
  await running.work();
});
afterAll(() => server.stop());

const browser = () => new Browser(running);
const accept = (token: string) => browser().post('/invitations/accept', { token, password: PASSWORD });
const open = async () => Invitation.array().parse((await running.get('/api/v1/invitations')).json().items);

describe('an invitation', () => {
  it('comes by mail; its link makes the account, with its grants, and signs in', async () => {
    const made = await invite(running, 'li@example.org', { grants: [{ role: 'campaign-manager' }] });
    expect(made.json()).toMatchObject({ email: 'li@example.org', link: null, sentAt: null });
    const mail = await server.next('li@example.org');
    expect(mail.text).toContain('https://backcheck.example.org/join#');
    const token = tokenIn(mail);
    const looked = await browser().post('/invitations/look', { token });
    expect(looked.json()).toMatchObject({ email: 'li@example.org', name: 'Person li', language: 'en' });
    const li = browser();
    expect((await li.post('/invitations/accept', { token, password: PASSWORD })).json()).toEqual({
      next: 'signed-in',
    });
    expect((await li.get('/session')).json()).toMatchObject({
      account: { name: 'Person li' },
      twoFactor: 'required',
    });
    const { items } = (await running.get('/api/v1/accounts?text=li@example')).json();
    expect(items).toEqual([
      expect.objectContaining({
        email: 'li@example.org',
        state: 'active',
        twoFactor: false,
        lastSignInAt: expect.any(String),
        grants: [
          expect.objectContaining({ role: 'campaign-manager', organizationId: null, expiresAt: null }),
        ],
      }),
    ]);
  });

  it('works once, also when two people open its link at the same moment', async () => {
    await invite(running, 'twice@example.org');
    const token = tokenIn(await server.next('twice@example.org'));
    const answers = await Promise.all([accept(token), accept(token)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 422]);
    expect((await accept(token)).json()).toMatchObject({ code: 'MAIL_LINK_INVALID' });
  });

  it('ends after seven days', async () => {
    await invite(running, 'late@example.org');
    const token = tokenIn(await server.next('late@example.org'));
    const before = now;
    now = new Date(now.getTime() + 7 * 24 * 3_600_000);
    expect((await accept(token)).json()).toMatchObject({ code: 'MAIL_LINK_INVALID' });
    now = before;
  });

  it('that is sent again has a new link, and the one before no longer works', async () => {
    const { id } = (await invite(running, 'again@example.org')).json();
    const first = tokenIn(await server.next('again@example.org'));
    await running.send({ method: 'POST', url: `/api/v1/invitations/${id}/resend` });
    const second = tokenIn(await server.next('again@example.org'));
    expect((await accept(first)).statusCode).toBe(422);
    expect((await accept(second)).statusCode).toBe(200);
  });

  it('that is withdrawn no longer works, and the address can be invited again', async () => {
    const { id } = (await invite(running, 'withdrawn@example.org')).json();
    const token = tokenIn(await server.next('withdrawn@example.org'));
    expect((await running.send({ method: 'DELETE', url: `/api/v1/invitations/${id}` })).statusCode).toBe(204);
    expect((await accept(token)).statusCode).toBe(422);
    expect((await invite(running, 'withdrawn@example.org')).statusCode).toBe(201);
  });

  it('goes to nobody who has an account or an invitation', async () => {
    await invite(running, 'there@example.org');
    expect((await invite(running, 'There@example.org')).json()).toMatchObject({ code: 'INVITATION_EXISTS' });
    await accept(tokenIn(await server.next('there@example.org')));
    expect((await invite(running, 'there@example.org')).json()).toMatchObject({ code: 'ACCOUNT_EXISTS' });
  });

  it('is not made for a grant that breaks a rule, nor for what does not exist', async () => {
    const contractor = await invite(running, 'c@example.org', { grants: [{ role: 'technical-support' }] });
    expect(contractor.json()).toMatchObject({ code: 'GRANT_NEEDS_END' });
    const nowhere = await invite(running, 'c@example.org', {
      grants: [{ role: 'liaison', organizationId: '999999' }],
    });
    expect(nowhere.json()).toMatchObject({ code: 'ORGANIZATION_UNKNOWN' });
  });

  it('shows the words of a mail server that refused it, and goes out when that is over', async () => {
    server.refuse = 'try later';
    await invite(running, 'full@example.org');
    for (;;) {
      const [one] = (await open()).filter(({ email }) => email === 'full@example.org');
      if (one?.mailFailure?.includes('try later')) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    server.refuse = null;
    expect((await accept(tokenIn(await server.next('full@example.org')))).statusCode).toBe(200);
  });

  it('leaves with whoever sent it when they are disabled', async () => {
    const boss = await running.visitor('Boss', [{ role: 'platform-administrator' }]);
    await boss.send({
      method: 'POST',
      url: '/api/v1/invitations',
      payload: {
        email: 'friend@example.org',
        name: 'F',
        language: 'zh',
        grants: [{ role: 'observer', organizationId: null }],
      },
    });
    const token = tokenIn(await server.next('friend@example.org'));
    await running.send({ method: 'POST', url: `/api/v1/accounts/${boss.accountId}/disable` });
    expect((await accept(token)).statusCode).toBe(422);
  });
});

describe('an invitation of somebody who may no longer give what it holds', () => {
  it('is worth nothing: they lost their grant, or the organization was moved out of it', async () => {
    const county = await running.organization('A county');
    const school = await running.organization('A school of the county');
    const move = async (parentId: string | null) => {
      const { version } = (await running.get(`/api/v1/organizations/${school}`)).json();
      const payload = { version, parentId };
      await running.send({ method: 'PATCH', url: `/api/v1/organizations/${school}`, payload });
    };
    await move(county);
    const boss = await running.visitor('Boss of a county', [
      { role: 'platform-administrator', organizationId: Number(county) },
    ]);
    const invited = async (email: string) => {
      const grants = [{ role: 'observer', organizationId: school }];
      const payload = { email, name: 'F', language: 'en', grants };
      const sent = await boss.send({ method: 'POST', url: '/api/v1/invitations', payload });
      expect(sent.statusCode, sent.body).toBe(201);
      return tokenIn(await server.next(email));
    };
    const [first, second, third] = [
      await invited('one@example.org'),
      await invited('two@example.org'),
      await invited('three@example.org'),
    ];
    expect((await accept(first)).statusCode).toBe(200);
    await move(null);
    expect((await accept(second)).json()).toMatchObject({ code: 'MAIL_LINK_INVALID' });
    await move(county);
    const [grant] = (await running.get(`/api/v1/accounts/${boss.accountId}/grants`)).json().items;
    await running.send({ method: 'DELETE', url: `/api/v1/grants/${grant.id}` });
    expect((await accept(third)).json()).toMatchObject({ code: 'MAIL_LINK_INVALID' });
  });
});

describe('a forgotten password', () => {
  it('is replaced by a link in a mail, once, and all sessions end', async () => {
    await invite(running, 'forgot@example.org');
    const account = browser();
    const token = tokenIn(await server.next('forgot@example.org'));
    await account.post('/invitations/accept', { token, password: PASSWORD });
    expect((await browser().post('/password-resets', { email: 'forgot@example.org' })).statusCode).toBe(202);
    const mail = await server.next('forgot@example.org');
    expect(mail.text).toContain('/new-password#');
    const reset = { token: tokenIn(mail), password: 'seven lamps above a river' };
    expect(
      (await browser().post('/password-resets/accept', { ...reset, password: 'Password1234' })).json(),
    ).toMatchObject({
      code: 'PASSWORD_WEAK',
    });
    expect((await browser().post('/password-resets/accept', reset)).statusCode).toBe(204);
    expect((await browser().post('/password-resets/accept', reset)).json()).toMatchObject({
      code: 'MAIL_LINK_INVALID',
    });
    expect((await account.get('/session')).statusCode).toBe(401);
    expect((await browser().signIn('forgot@example.org')).statusCode).toBe(401);
    expect((await browser().signIn('forgot@example.org', reset.password)).statusCode).toBe(200);
  });

  it('of an address that nobody has gets the same answer and no mail', async () => {
    const answer = await browser().post('/password-resets', { email: 'nobody@example.org' });
    expect([answer.statusCode, answer.body]).toEqual([202, '']);
    await invite(running, 'after@example.org');
    await server.next('after@example.org');
    expect(server.mails.filter(({ to }) => to?.[0]?.address === 'nobody@example.org')).toEqual([]);
  });
});

describe('a copy of the database', () => {
  it('holds no link, cookie, password or TOTP secret that would sign anybody in', async () => {
    await invite(running, 'copy@example.org');
    const token = tokenIn(await server.next('copy@example.org'));
    const account = browser();
    await account.post('/invitations/accept', { token, password: PASSWORD });
    const { secret, recoveryCodes } = (await account.post('/two-factor', { password: PASSWORD })).json();
    await browser().post('/password-resets', { email: 'copy@example.org' });
    const reset = tokenIn(await server.next('copy@example.org'));
    await invite(running, 'copy2@example.org');
    const unused = tokenIn(await server.next('copy2@example.org'));
    const cookie = decodeURIComponent(account.cookies.get('backcheck_session') ?? '');
    const copy = await running.everyRow();
    expect(copy).toContain('copy@example.org');
    for (const one of [
      token,
      unused,
      reset,
      cookie,
      cookie.split('.')[1] ?? '',
      PASSWORD,
      secret,
      ...recoveryCodes,
    ]) {
      expect(one.length).toBeGreaterThan(5);
      expect(copy).not.toContain(one);
    }
  });

  it('as backcheck_app sees it has no account and nothing of sign-in', async () => {
    const { pool } = running.parts;
    for (const table of [
      'auth.session',
      'auth."user"',
      'auth.account',
      'auth."twoFactor"',
      'auth.verification',
      'account',
      'api_key',
      'invitation',
      'sign_in_link',
      'sign_in_attempt',
    ]) {
      await expect(pool.query(`select from ${table}`)).rejects.toThrow(/permission denied/);
    }
    expect((await pool.query('select from visible_account')).rowCount).toBe(0);
    expect((await pool.query('select from visible_invitation')).rowCount).toBe(0);
  });

  it('as sign-in sees it has nothing of any organization', async () => {
    await expect(running.parts.signIn.pool.query('select from finding')).rejects.toThrow(/permission denied/);
  });
});
