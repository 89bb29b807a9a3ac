import type { ProblemCode } from '@backcheck/contract';
import { isAPIError } from 'better-auth/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { ADDRESS_HEADER } from './auth.ts';

/** What better-auth sees of a request: the cookies, and for the list of sessions the address and the browser. */
export function headersFor({ headers, ip }: FastifyRequest): Headers {
  return new Headers({
    [ADDRESS_HEADER]: ip,
    'user-agent': (headers['user-agent'] ?? '').slice(0, 300),
    ...(headers.cookie === undefined ? {} : { cookie: headers.cookie }),
  });
}

/** Its refusals in our words. What is not here is a fault. */
const REFUSALS: Readonly<Record<string, ProblemCode>> = {
  INVALID_EMAIL_OR_PASSWORD: 'SIGN_IN_REFUSED',
  FAILED_TO_CREATE_SESSION: 'SIGN_IN_REFUSED',
  INVALID_CODE: 'TWO_FACTOR_CODE_WRONG',
  INVALID_BACKUP_CODE: 'TWO_FACTOR_CODE_WRONG',
  INVALID_TWO_FACTOR_COOKIE: 'TWO_FACTOR_START_AGAIN',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'TWO_FACTOR_START_AGAIN',
  ACCOUNT_TEMPORARILY_LOCKED: 'TOO_MANY_ATTEMPTS',
  INVALID_PASSWORD: 'PASSWORD_WRONG',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'PASSWORD_WRONG',
  TOTP_ALREADY_ENABLED: 'TWO_FACTOR_ON',
  TOTP_NOT_ENABLED: 'TWO_FACTOR_OFF',
  TWO_FACTOR_NOT_ENABLED: 'TWO_FACTOR_OFF',
  BACKUP_CODES_NOT_ENABLED: 'TWO_FACTOR_OFF',
  INVALID_TOKEN: 'MAIL_LINK_INVALID',
  UNAUTHORIZED: 'NOT_SIGNED_IN',
};
/** How long better-auth locks an account after ten wrong codes, in seconds. */
const LOCK = 900;

/** Asks better-auth, and passes on the cookies that it sets. Throws a Problem for its refusals. */
export async function askAuth<T>(
  answer: Promise<{ readonly headers: Headers; readonly response: T }>,
  reply: FastifyReply,
): Promise<T> {
  try {
    const { headers, response } = await answer;
    passCookies(headers.getSetCookie(), reply);
    return response;
  } catch (error) {
    throw refusalOf(error);
  }
}

export function passCookies(cookies: readonly string[], reply: FastifyReply): void {
  reply.header('cache-control', 'no-store');
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}

function refusalOf(error: unknown): unknown {
  const code = isAPIError(error) ? error.body?.code : undefined;
  const problem = code === undefined ? undefined : REFUSALS[code];
  return problem === undefined ? error : new Problem(problem, { seconds: LOCK });
}
