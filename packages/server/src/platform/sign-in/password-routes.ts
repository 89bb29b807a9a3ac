import { AskPasswordReset, ChangePassword, PasswordByLink } from '@backcheck/contract';
import { findAccount, queueMail } from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { askAuth, headersFor } from './ask-auth.ts';
import { sessionOf } from './guard.ts';
import { refuseWeakPassword } from './password-policy.ts';
import { RESET_PREFIX } from './send-mail.ts';
import { checkPassword } from './sign-in-routes.ts';
import { countGuess } from './throttle.ts';

const TAGS = ['Sign-in'];

export function passwordRoutes(app: App, parts: Parts): void {
  changeRoute(app, parts);
  askResetRoute(app, parts);
  resetRoute(app, parts);
}

function changeRoute(app: App, parts: Parts): void {
  const { pool, auth } = parts.signIn;
  app.post(
    '/password',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'Change my password; ends my other sessions',
        body: ChangePassword,
        response: { 204: z.undefined().describe('Changed'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { current, password } = request.body;
      const { authUserId } = sessionOf(request);
      const account = await findAccount(pool, { authUserId });
      if (account !== null) refuseWeakPassword(password, account);
      const body = { currentPassword: current, newPassword: password, revokeOtherSessions: true };
      await checkPassword(parts, { request, reply, authUserId }, () =>
        askAuth(auth.api.changePassword({ body, headers: headersFor(request), returnHeaders: true }), reply),
      );
      return reply.code(204).send();
    },
  );
}

function askResetRoute(app: App, { signIn: { pool, secret }, clock }: Parts): void {
  app.post(
    '/password-resets',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        security: [],
        summary:
          'Ask for a mail with a link to choose a new password; the answer is the same for any address',
        body: AskPasswordReset,
        response: {
          202: z.undefined().describe('A mail goes there if an account has this address'),
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const { email } = request.body;
      await countGuess({ pool, secret, now: clock(), request, reply }, `reset ${email}`);
      await queueMail(pool, { task: 'mail-password-reset', payload: { email } });
      return reply.code(202).send();
    },
  );
}

function resetRoute(app: App, { signIn: { pool, auth } }: Parts): void {
  app.post(
    '/password-resets/accept',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Choose a new password by the link of the mail; ends all sessions',
        body: PasswordByLink,
        response: { 204: z.undefined().describe('Changed; sign in with it'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body;
      const { internalAdapter } = await auth.$context;
      const reset = await internalAdapter.findVerificationValue(`${RESET_PREFIX}${token}`);
      const account = reset === null ? null : await findAccount(pool, { authUserId: reset.value });
      if (account === null || account.disabledAt !== null) throw new Problem('MAIL_LINK_INVALID');
      refuseWeakPassword(password, account);
      request.audit.account = { accountId: account.accountId, name: account.name };
      const body = { token, newPassword: password };
      await askAuth(
        auth.api.resetPassword({ body, headers: headersFor(request), returnHeaders: true }),
        reply,
      );
      return reply.code(204).send();
    },
  );
}
