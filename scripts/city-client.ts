import { randomBytes } from 'node:crypto';
import { CSRF_HEADER } from '@backcheck/contract';
import { TOTP } from 'otpauth';
import { z } from 'zod';

/** A signed-in user of the API. */
export class CityClient {
  readonly #url: string;
  readonly #cookie: string;

  constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  static async signIn({ url, newSignInLink }: Door): Promise<CityClient> {
    const answer = await fetch(await newSignInLink(), { redirect: 'manual' });
    return new CityClient(`${url}/api/v1`, cookieOf(answer));
  }

  /** Somebody else, who takes an invitation and sets up the second factor. Nobody signs in as them again: their password is forgotten. */
  async join(token: string): Promise<CityClient> {
    const password = randomBytes(24).toString('base64url');
    const joined = await this.#answerTo('/invitations/accept', { token, password }, '');
    const begun = await this.#answerTo('/two-factor', { password }, cookieOf(joined));
    const { secret } = z.object({ secret: z.string() }).parse(await begun.json());
    const code = new TOTP({ secret }).generate();
    const cookie = cookieOf(begun) || cookieOf(joined);
    const confirmed = await this.#answerTo('/two-factor/confirm', { code }, cookie);
    return new CityClient(this.#url, cookieOf(confirmed) || cookie);
  }

  #answerTo(path: string, body: object, cookie: string): Promise<Response> {
    return sent(this.#url + path, { method: 'POST', body }, cookie);
  }

  get(path: string): Promise<unknown> {
    return this.#send(path, {});
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    return this.#send(path, { method: 'POST', body, headers });
  }

  patch(path: string, body: object): Promise<unknown> {
    return this.#send(path, { method: 'PATCH', body });
  }

  async #send(path: string, request: Sending): Promise<unknown> {
    return (await sent(this.#url + path, request, this.#cookie)).json();
  }
}

interface Sending {
  readonly method?: string;
  /** A form, or what becomes JSON. */
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** @throws Error with the answer that is no success */
async function sent(
  url: string,
  { body, headers = {}, ...init }: Sending,
  cookie: string,
): Promise<Response> {
  const json = body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(url, {
    ...init,
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    headers: { ...headers, ...json, cookie, [CSRF_HEADER]: '1' },
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

export interface Door {
  readonly url: string;
  newSignInLink(): Promise<string>;
}

const cookieOf = ({ headers }: Response): string =>
  headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
