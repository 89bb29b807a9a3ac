import { setTimeout } from 'node:timers/promises';
import { type CreateGrant, CSRF_HEADER } from '@backcheck/contract';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { TOTP } from 'otpauth';
import type { RunningApp } from './running-app.ts';

type Post = Pick<InjectOptions, 'payload' | 'remoteAddress' | 'headers'>;

/** A browser of its own: keeps the cookies that it is given, and sends as our page sends. */
export class Browser {
  readonly #running: RunningApp;
  readonly cookies = new Map<string, string>();

  constructor(running: RunningApp) {
    this.#running = running;
  }

  async send(request: InjectOptions): Promise<LightMyRequestResponse> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#running.app.inject({
      ...request,
      headers: { [CSRF_HEADER]: '1', ...(cookie === '' ? {} : { cookie }), ...request.headers },
    });
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0 || value === '') this.cookies.delete(name);
      else this.cookies.set(name, encodeURIComponent(value));
    }
    return answer;
  }

  get(path: string): Promise<LightMyRequestResponse> {
    return this.send({ method: 'GET', url: `/api/v1${path}` });
  }

  post(path: string, payload: object = {}, more: Post = {}): Promise<LightMyRequestResponse> {
    return this.send({ method: 'POST', url: `/api/v1${path}`, payload, ...more });
  }

  delete(path: string): Promise<LightMyRequestResponse> {
    return this.send({ method: 'DELETE', url: `/api/v1${path}` });
  }

  signIn(email: string, password = PASSWORD): Promise<LightMyRequestResponse> {
    return this.post('/sign-in', { email, password });
  }
}

export const PASSWORD = 'quiet otter paints nine doors';

interface Invited {
  readonly grants?: readonly Partial<CreateGrant>[];
  readonly twoFactorRequired?: boolean;
}

const NO_LIMIT = { organizationId: null, systemId: null, campaignId: null, expiresAt: null };

/** Invites somebody as the administrator; the answer holds the link where no mail is sent. */
export function invite(
  running: RunningApp,
  email: string,
  { grants = [{ role: 'observer' }], twoFactorRequired = false }: Invited = {},
): Promise<LightMyRequestResponse> {
  const payload = {
    email,
    name: `Person ${email.split('@')[0]}`,
    language: 'en',
    grants: grants.map((grant) => ({ ...NO_LIMIT, ...grant })),
    twoFactorRequired,
  };
  return running.send({ method: 'POST', url: '/api/v1/invitations', payload });
}

/** Invites somebody and lets them choose PASSWORD: their browser, signed in. */
export async function join(running: RunningApp, email: string, invited: Invited = {}): Promise<Browser> {
  const made = await invite(running, email, invited);
  const browser = new Browser(running);
  const token = String(made.json().link).split('#')[1];
  const joined = await browser.post('/invitations/accept', { token, password: PASSWORD });
  if (joined.statusCode !== 200) throw new Error(`${made.body} ${joined.body}`);
  return browser;
}

/** What an authenticator app shows, `periods` of 30 seconds from now. */
export function codeOf(secret: string, periods = 0): string {
  return new TOTP({ secret }).generate({ timestamp: Date.now() + periods * 30_000 });
}

/** Sets the second factor up; returns its secret and the recovery codes. */
export async function setUpTwoFactor(browser: Browser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const made = (await browser.post('/two-factor', { password: PASSWORD })).json();
  // The code of the period before is taken only while this period lasts.
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 3000) await setTimeout(left + 50);
  const confirmed = await browser.post('/two-factor/confirm', { code: codeOf(made.secret, -1) });
  if (confirmed.statusCode !== 204) throw new Error(confirmed.body);
  return made;
}
