import { SESSION_COOKIE } from '@backcheck/contract';
import { findAccount, noteSignIn, type Pool } from '@backcheck/db';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { type GenericOAuthConfig, genericOAuth, twoFactor } from 'better-auth/plugins';
import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { SESSION_LIFETIME } from './tokens.ts';

const SECOND = 1000;

/** Set by us on what better-auth is given; a client's own header of this name never arrives there. */
export const ADDRESS_HEADER = 'x-backcheck-address';

export interface AuthSettings {
  /** One of `createSignInPool`. */
  readonly pool: Pool;
  readonly secret: string;
  readonly secureCookie: boolean;
  readonly publicUrl: string | null;
  readonly log: FastifyBaseLogger;
}

/**
 * better-auth, reached by its functions and never by its own router: each operation is one of ours, with our rules,
 * words and throttle. Nobody signs up; accounts are made by us.
 */
export function makeAuth(settings: AuthSettings, identityProvider: readonly GenericOAuthConfig[] = []) {
  const { pool, secret, secureCookie, publicUrl, log } = settings;
  return betterAuth({
    appName: 'Backcheck',
    // Only what redirects needs it, and that needs PUBLIC_URL.
    baseURL: publicUrl ?? 'http://localhost',
    basePath: '/api/v1/sign-in',
    secret,
    database: pool,
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: loggerOf(log),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    // A reset's token is in its identifier.
    verification: { storeIdentifier: 'hashed' },
    session: {
      expiresIn: SESSION_LIFETIME / SECOND,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: { updateAccountOnSignIn: false, accountLinking: { enabled: true } },
    advanced: cookiesOf(secureCookie),
    databaseHooks: hooksOf(pool),
    plugins: [
      twoFactor({ issuer: 'Backcheck', accountLockout: { enabled: true, maxFailedAttempts: 10 } }),
      genericOAuth({ config: [...identityProvider] }),
      sessionOpener,
    ],
  } satisfies BetterAuthOptions);
}
export type Auth = ReturnType<typeof makeAuth>;

function cookiesOf(secureCookie: boolean) {
  return {
    database: { generateId: 'uuid' },
    cookiePrefix: 'backcheck',
    cookies: { session_token: { name: SESSION_COOKIE } },
    useSecureCookies: false,
    defaultCookieAttributes: { secure: secureCookie, httpOnly: true, sameSite: 'lax', path: '/' },
    ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
  } satisfies BetterAuthOptions['advanced'];
}

function hooksOf(pool: Pool) {
  return {
    // Whoever is disabled, or has no account here, gets no session, whichever way they came.
    session: {
      create: {
        before: (session) => mayBegin(pool, session.userId),
        after: (session, context) =>
          noteSignIn(pool, session.userId, {
            at: new Date(),
            passwordOnly: context?.path === '/sign-in/email',
          }),
      },
    },
    // Nothing here ever calls the identity provider in a person's name.
    account: {
      create: {
        before: async (account) => ({
          data: { ...account, accessToken: null, refreshToken: null, idToken: null },
        }),
      },
    },
  } satisfies BetterAuthOptions['databaseHooks'];
}

/** Opens a session for somebody who proved otherwise who they are: by a link of ours. */
const sessionOpener = {
  id: 'session-opener',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ userId: z.string() }) },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.userId);
        const session = user === null ? null : await internalAdapter.createSession(user.id, false);
        if (user === null || session === null) return { opened: false };
        await setSessionCookie(ctx, { session, user }, false);
        return { opened: true };
      },
    ),
  },
} as const;

async function mayBegin(pool: Pool, authUserId: string): Promise<false | undefined> {
  const account = await findAccount(pool, { authUserId });
  return account === null || account.disabledAt !== null ? false : undefined;
}

/** Its "error" is often a wrong answer of somebody else: a stale state, an identity provider that is away. */
function loggerOf(log: FastifyBaseLogger): BetterAuthOptions['logger'] {
  return {
    level: 'debug',
    log: (level, message, ...details) => {
      if (level === 'error') log.warn({ details: details.map(String) }, `sign-in: ${message}`);
      else log.debug(`sign-in: ${message}`);
    },
  };
}
