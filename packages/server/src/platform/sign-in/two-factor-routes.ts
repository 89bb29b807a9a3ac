import { ConfirmWithPassword, RecoveryCodes, TwoFactorConfirm, TwoFactorSetup } from '@backcheck/contract';
import { deleteSessions, listSessions, secondFactorOf, useCodeOnce } from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { askAuth, headersFor } from './ask-auth.ts';
import { sessionOf } from './guard.ts';
import { checkPassword } from './sign-in-routes.ts';
import { hashOf } from './tokens.ts';

const TAGS = ['Sign-in'];
const OWN = { access: 'self', beforeTwoFactor: true } as const;

/** TOTP (RFC 6238): six digits, 30 seconds, SHA-1, as authenticator apps expect it. */
export function twoFactorRoutes(app: App, parts: Parts): void {
  beginRoute(app, parts);
  confirmRoute(app, parts);
  offRoute(app, parts);
  recoveryCodesRoute(app, parts);
}

function beginRoute(app: App, parts: Parts): void {
  app.post(
    '/two-factor',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'Begin to set up a second factor; it is on when a code was confirmed',
        body: ConfirmWithPassword,
        response: { 200: TwoFactorSetup, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { authUserId } = sessionOf(request);
      const body = { password: request.body.password, method: 'totp' as const };
      const made = await checkPassword(parts, { request, reply, authUserId }, () =>
        askAuth(
          parts.signIn.auth.api.enableTwoFactor({ body, headers: headersFor(request), returnHeaders: true }),
          reply,
        ),
      );
      if (!('totpURI' in made)) throw new Error('better-auth made no TOTP secret');
      const secret = new URL(made.totpURI).searchParams.get('secret') ?? '';
      return { uri: made.totpURI, secret, recoveryCodes: made.backupCodes };
    },
  );
}

function confirmRoute(app: App, parts: Parts): void {
  app.post(
    '/two-factor/confirm',
    {
      config: OWN,
      schema: {
        tags: TAGS,
        summary: 'Turn the second factor on with its first code; ends my other sessions',
        body: TwoFactorConfirm,
        response: { 204: z.undefined().describe('On'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { authUserId } = sessionOf(request);
      if ((await secondFactorOf(parts.signIn.pool, authUserId)).twoFactor) throw new Problem('TWO_FACTOR_ON');
      const { code } = request.body;
      await askAuth(
        parts.signIn.auth.api.verifyTOTP({
          body: { code },
          headers: headersFor(request),
          returnHeaders: true,
        }),
        reply,
      );
      await useCodeOnce(parts.signIn.pool, { authUserId, hash: hashOf(code), now: parts.clock() });
      await keepNewest(parts, authUserId);
      return reply.code(204).send();
    },
  );
}

function offRoute(app: App, parts: Parts): void {
  app.post(
    '/two-factor/off',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'Turn the second factor off; ends my other sessions',
        body: ConfirmWithPassword,
        response: { 204: z.undefined().describe('Off'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { authUserId } = sessionOf(request);
      const { password } = request.body;
      await checkPassword(parts, { request, reply, authUserId }, () =>
        askAuth(
          parts.signIn.auth.api.disableTwoFactor({
            body: { password },
            headers: headersFor(request),
            returnHeaders: true,
          }),
          reply,
        ),
      );
      await keepNewest(parts, authUserId);
      return reply.code(204).send();
    },
  );
}

function recoveryCodesRoute(app: App, parts: Parts): void {
  app.post(
    '/two-factor/recovery-codes',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'New recovery codes; those before no longer work',
        body: ConfirmWithPassword,
        response: { 200: RecoveryCodes, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { authUserId } = sessionOf(request);
      const { password } = request.body;
      const made = await checkPassword(parts, { request, reply, authUserId }, () =>
        askAuth(
          parts.signIn.auth.api.generateBackupCodes({
            body: { password },
            headers: headersFor(request),
            returnHeaders: true,
          }),
          reply,
        ),
      );
      return { recoveryCodes: made.backupCodes };
    },
  );
}

/** better-auth has just opened a session in the place of the one that asked. */
async function keepNewest({ signIn: { pool }, clock }: Parts, authUserId: string): Promise<void> {
  const [newest] = (await listSessions(pool, authUserId, clock())).sort(
    (a, b) => b.startedAt.getTime() - a.startedAt.getTime(),
  );
  if (newest !== undefined) await deleteSessions(pool, authUserId, newest.sessionId);
}
