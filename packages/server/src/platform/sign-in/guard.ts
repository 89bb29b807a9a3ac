import { CSRF_HEADER, SESSION_COOKIE } from '@backcheck/contract';
import { type AccountRow, findApiKeyAccount, findSession } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import type { Parts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { API_KEY_PREFIX, hashOf } from './tokens.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/** In front of every operation under /api/v1 and /api/v2: sets `request.account` or refuses. */
export function signedIn({ widePool: pool, clock }: Pick<Parts, 'widePool' | 'clock'>) {
  return async (request: FastifyRequest): Promise<void> => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = keyOf(authorization);
      request.account = key === null ? null : await findApiKeyAccount(pool, hashOf(key), clock());
    } else {
      const token = request.cookies[SESSION_COOKIE];
      request.account = token === undefined ? null : await findSession(pool, hashOf(token), clock());
      if (request.account !== null) refuseOtherSites(request);
    }
    if (request.account === null) throw new Problem('NOT_SIGNED_IN');
    const via = authorization === undefined ? 'session' : 'api-key';
    request.caller = { account: request.account, via, key: via === 'session' ? null : { scope: 'all' } };
  };
}

/** "Token" is how clients of DefectDojo write it. */
function keyOf(authorization: string): string | null {
  const [scheme = '', key = ''] = authorization.split(' ');
  return /^(bearer|token)$/i.test(scheme) && key.startsWith(API_KEY_PREFIX) ? key : null;
}

/**
 * A browser attaches the cookie by itself, so a request that changes something must show that our own page
 * sent it: by the header that no other origin can send without a preflight, by Sec-Fetch-Site, or by Origin.
 * Plain http has no Sec-Fetch-Site outside localhost; every browser sends Origin with POST and DELETE.
 */
function refuseOtherSites(request: FastifyRequest): void {
  const { headers } = request;
  if (SAFE_METHODS.includes(request.method) || headers[CSRF_HEADER] !== undefined) return;
  const site = headers['sec-fetch-site'];
  const ours = site === undefined ? originHost(headers.origin) === headers.host : site === 'same-origin';
  if (!ours) throw new Problem('REQUEST_NOT_FROM_HERE');
}

function originHost(origin: string | undefined): string | null {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : null;
}

/** The account of a request that passed the guard. */
export function accountOf(request: FastifyRequest): AccountRow {
  if (request.account === null) throw new Problem('NOT_SIGNED_IN');
  return request.account;
}
