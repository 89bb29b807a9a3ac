import { createHmac, timingSafeEqual } from 'node:crypto';
import { CSRF_HEADER, SESSION_COOKIE } from '@backcheck/contract';
import {
  type AccountRow,
  type FoundSession,
  findKeyHolder,
  findRunnerByKey,
  findSession,
  type Pool,
  type RunnerRow,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf, isForRunners, isOpen } from '../access/guard.ts';
import type { Parts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { API_KEY_PREFIX, hashOf, RUNNER_KEY_PREFIX } from './tokens.ts';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Also open to an account that must set up its second factor first. */
    beforeTwoFactor?: true;
  }
  interface FastifyRequest {
    /** Set by the guard `signedIn` for a caller with a cookie. */
    session: FoundSession | null;
  }
}

/**
 * In front of every operation under /api/v1 and /api/v2: sets `request.caller` or refuses. Asks the database at each
 * request, once, so that a disabled account, an ended session and a revoked key are refused at the very next one.
 */
export function signedIn({ signIn, widePool, clock }: Pick<Parts, 'signIn' | 'widePool' | 'clock'>) {
  return async (request: FastifyRequest): Promise<void> => {
    // Also where nobody is signed in: another site must not sign this browser in as somebody else.
    if (isOpen(request)) return refuseOtherSites(request);
    if (isForRunners(request)) {
      request.runner = await runnerWith(request.headers.authorization, widePool);
      return;
    }
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = keyOf(authorization, API_KEY_PREFIX);
      const holder = key === null ? null : await findKeyHolder(signIn.pool, hashOf(key), clock());
      if (holder === null) throw new Problem('NOT_SIGNED_IN');
      request.caller = { account: holder.account, via: 'api-key', key: { scope: holder.scope } };
      return;
    }
    const token = tokenOf(request.cookies[SESSION_COOKIE], signIn.secret);
    const session =
      token === null ? null : await findSession(signIn.pool, token, { now: clock(), rule: signIn.rule });
    if (session === null) throw new Problem('NOT_SIGNED_IN');
    refuseOtherSites(request);
    if (session.twoFactorMissing && request.routeOptions.config.beforeTwoFactor !== true) {
      throw new Problem('TWO_FACTOR_REQUIRED');
    }
    const { accountId, name } = session;
    request.session = session;
    request.caller = { account: { accountId, name }, via: 'session', key: null };
  };
}

/** "Token" is how clients of DefectDojo write it. */
function keyOf(authorization: string, prefix: string): string | null {
  const [scheme = '', key = ''] = authorization.split(' ');
  return /^(bearer|token)$/i.test(scheme) && key.startsWith(prefix) ? key : null;
}

/** A runner's key opens nothing but the operations of runners, and no other key opens those. */
async function runnerWith(authorization: string | undefined, widePool: Pool): Promise<RunnerRow> {
  const key = keyOf(authorization ?? '', RUNNER_KEY_PREFIX);
  const runner = key === null ? null : await findRunnerByKey(widePool, hashOf(key));
  if (runner === null) throw new Problem('RUNNER_KEY_INVALID');
  return runner;
}

/**
 * The token of a cookie that better-auth signed: `token.signature`, HMAC-SHA-256 in base64. Checked here, because its
 * own `getSession` makes two queries for one; docs/decisions/0010-sign-in.md has the measurement.
 */
export function tokenOf(cookie: string | undefined, secret: string): string | null {
  const dot = cookie?.lastIndexOf('.') ?? -1;
  if (cookie === undefined || dot < 1) return null;
  const token = cookie.slice(0, dot);
  const given = Buffer.from(cookie.slice(dot + 1), 'base64');
  const right = createHmac('sha256', secret).update(token).digest();
  return given.length === right.length && timingSafeEqual(given, right) ? token : null;
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
export const accountOf = (request: FastifyRequest): AccountRow => callerOf(request).account;

/** The session of a caller with a cookie. A key changes nothing about sign-in: it would outlive its own revocation. */
export function sessionOf({ session }: FastifyRequest): FoundSession {
  if (session === null) throw new Problem('FORBIDDEN');
  return session;
}
