import { InvitationGreeting, MailTokenOnly, PasswordByLink, SignedIn } from '@backcheck/contract';
import { acceptInvitation, findOpenInvitation, type InvitationRow } from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { headersFor, passCookies } from './ask-auth.ts';
import { openSession } from './open-session.ts';
import { hashPassword } from './password-hash.ts';
import { refuseWeakPassword } from './password-policy.ts';
import { hashOf } from './tokens.ts';

const TAGS = ['Sign-in'];

/** For an invited person, who has nothing but the link. */
export function joinRoutes(app: App, { signIn, clock }: Parts): void {
  app.post(
    '/invitations/look',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Whom an invitation is for; uses nothing up',
        body: MailTokenOnly,
        response: { 200: InvitationGreeting, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { email, name, language, expiresAt } = await invitationOf(request.body.token);
      return { email, name, language, expiresAt: expiresAt.toISOString() };
    },
  );

  app.post(
    '/invitations/accept',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Choose a password and sign in; a second factor may have to be set up next',
        body: PasswordByLink,
        response: { 200: SignedIn, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body;
      const invitation = await invitationOf(token);
      refuseWeakPassword(password, invitation);
      const passwordHash = await hashPassword(password);
      const accountId = await acceptInvitation(signIn.pool, invitation.invitationId, {
        passwordHash,
        now: clock(),
      });
      if (accountId === null) throw new Problem('MAIL_LINK_INVALID');
      request.audit.account = { accountId, name: invitation.name };
      const cookies = await openSession(signIn, accountId, headersFor(request));
      if (cookies === null) throw new Problem('SIGN_IN_REFUSED');
      passCookies(cookies, reply);
      return { next: 'signed-in' as const };
    },
  );

  async function invitationOf(token: string): Promise<InvitationRow> {
    const invitation = await findOpenInvitation(signIn.pool, { hash: hashOf(token) }, clock());
    if (invitation === null) throw new Problem('MAIL_LINK_INVALID');
    return invitation;
  }
}
