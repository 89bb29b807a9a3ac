import { beforeAll, describe, expect, it } from 'vitest';
import { Browser, join, PASSWORD } from '../../testing/browser.ts';
import { RunningApp } from '../../testing/running-app.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

let running: RunningApp;
let weak: Browser;
let now = new Date();
beforeAll(async () => {
  running = await RunningApp.start({ clock: () => now });
  weak = await join(running, 'weak@example.org');
});

const browser = () => new Browser(running);

describe('a password', () => {
  it('is kept as scrypt with its parameters, and each time otherwise', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
    expect(one).toMatch(/^scrypt\$15\$8\$3\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword({ hash: one, password: PASSWORD })).toBe(true);
    expect(await verifyPassword({ hash: one, password: `${PASSWORD}.` })).toBe(false);
  });

  it('signs in its account, whatever the case of the address', async () => {
    await join(running, 'case@example.org');
    const one = browser();
    expect((await one.signIn('Case@Example.ORG')).json()).toEqual({ next: 'signed-in' });
    expect((await one.get('/session')).json()).toMatchObject({
      email: 'case@example.org',
      language: 'en',
      hasPassword: true,
      twoFactor: 'off',
    });
  });

  it('that is wrong, or of nobody, gets the same answer', async () => {
    await join(running, 'known@example.org');
    const [wrong, nobody] = [
      await browser().signIn('known@example.org', 'not this one at all'),
      await browser().signIn('nobody@example.org', 'not this one at all'),
    ];
    expect(wrong.json()).toMatchObject({ code: 'SIGN_IN_REFUSED', status: 401 });
    expect(nobody.json()).toEqual(wrong.json());
    expect([wrong.cookies, nobody.cookies]).toEqual([[], []]);
  });

  it.each([
    ['123456789012', 'PASSWORD_WEAK'],
    ['aaaaaaaaaaaaaaaa', 'PASSWORD_WEAK'],
    ['Password-1234', 'PASSWORD_WEAK'],
    ['weak@example.org', 'PASSWORD_WEAK'],
    ['Person weak 1', 'PASSWORD_WEAK'],
    ['backcheck2026', 'PASSWORD_WEAK'],
    ['eleven char', 'REQUEST_INVALID'],
    ['x'.repeat(129), 'REQUEST_INVALID'],
  ])('may not be %s', async (password, code) => {
    const answer = await weak.post('/password', { current: PASSWORD, password });
    expect(answer.json()).toMatchObject({ code });
  });

  it('changes for whoever knows it, ends the other sessions and stays signed in', async () => {
    const first = await join(running, 'change@example.org');
    const second = browser();
    await second.signIn('change@example.org');
    const password = 'seven lamps above a river';
    const wrong = await first.post('/password', { current: 'not this one at all', password });
    expect(wrong.json()).toMatchObject({ code: 'PASSWORD_WRONG' });
    expect((await first.post('/password', { current: PASSWORD, password })).statusCode).toBe(204);
    expect((await first.get('/session')).statusCode).toBe(200);
    expect((await second.get('/session')).statusCode).toBe(401);
    expect((await browser().signIn('change@example.org')).statusCode).toBe(401);
    expect((await browser().signIn('change@example.org', password)).statusCode).toBe(200);
  });
});

describe('guessing', () => {
  const guess = (email: string, remoteAddress: string, password = 'not this one at all') =>
    browser().post('/sign-in', { email, password }, { remoteAddress });

  it.each(['guessed@example.org', 'never-invited@example.org'])(
    'the password of %s is slowed down, and says when to come again',
    async (email) => {
      if (email.startsWith('guessed')) await join(running, email);
      const statuses: number[] = [];
      for (let tries = 0; tries < 6; tries += 1) statuses.push((await guess(email, '192.0.2.7')).statusCode);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 401]);
      const slowed = await guess(email, '192.0.2.7');
      expect(slowed.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429 });
      expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(slowed.headers['retry-after'])).toBeLessThanOrEqual(10);
      // the right password does not help meanwhile, or it could be told from a wrong one
      expect((await guess(email, '192.0.2.7', PASSWORD)).statusCode).toBe(429);
      // somebody at another address is not locked out
      expect((await guess(email, '192.0.2.8')).statusCode).toBe(401);
    },
  );

  it('from many addresses of one IPv6 network is guessing from one', async () => {
    const email = 'ipv6@example.org';
    const from = async (address: string) => (await guess(email, address)).statusCode;
    for (let tries = 1; tries <= 6; tries += 1) expect(await from(`2001:db8::${tries}`)).toBe(401);
    expect(await from('2001:db8:0:0:9:9:9:9')).toBe(429);
    expect(await from('2001:db8:0:1::1')).toBe(401);
    // an IPv4 address as a socket for both shows it is still one address
    expect([await from('::ffff:192.0.2.77'), await from('::ffff:192.0.2.78')]).toEqual([401, 401]);
  });

  it('goes on when the time is over, twice as slowly each time', async () => {
    const email = 'slow@example.org';
    await join(running, email);
    for (let tries = 0; tries < 6; tries += 1) await guess(email, '192.0.2.20');
    const waits: number[] = [];
    for (let rounds = 0; rounds < 3; rounds += 1) {
      const seconds = Number((await guess(email, '192.0.2.20')).headers['retry-after']);
      waits.push(seconds);
      now = new Date(now.getTime() + seconds * 1000);
      expect((await guess(email, '192.0.2.20')).statusCode).toBe(401);
    }
    expect(waits).toEqual([10, 20, 40]);
    now = new Date(now.getTime() + 80_000);
    expect((await guess(email, '192.0.2.20', PASSWORD)).statusCode).toBe(200);
    // and all is forgotten
    expect((await guess(email, '192.0.2.20')).statusCode).toBe(401);
    expect((await guess(email, '192.0.2.20')).statusCode).toBe(401);
  });

  it('side by side is counted too', async () => {
    const email = 'parallel@example.org';
    await join(running, email);
    const answers = await Promise.all(Array.from({ length: 12 }, () => guess(email, '192.0.2.30')));
    const tried = answers.filter(({ statusCode }) => statusCode === 401).length;
    expect(tried).toBeLessThanOrEqual(6);
  });

  it('many accounts from one address is slowed down as well', async () => {
    const remoteAddress = '192.0.2.40';
    for (let tries = 0; tries < 61; tries += 1) {
      const asked = await browser().post(
        '/password-resets',
        { email: `n${tries}@example.org` },
        { remoteAddress },
      );
      expect(asked.statusCode).toBe(202);
    }
    expect((await guess('one-more@example.org', remoteAddress)).json()).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
    });
  });
});
