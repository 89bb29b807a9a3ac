import { useSignInLink } from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { headersFor, passCookies } from './ask-auth.ts';
import { openSession } from './open-session.ts';
import { hashOf } from './tokens.ts';

/** `GET /sign-in?token=`: outside the guard. The token must not stay in a history, a log or a Referer. */
export function signInLink(app: App, { signIn, clock }: Parts): void {
  app.get(
    '/sign-in',
    {
      // A HEAD, as link previews send it, would use the link up.
      exposeHeadRoute: false,
      config: { audited: 'sign-in' },
      schema: {
        tags: ['Sign-in'],
        security: [],
        summary: 'Exchange the one-time link of a start for a session cookie',
        querystring: z.object({ token: z.string().min(1).max(200) }),
        response: { 303: z.undefined().describe('To the first page, signed in'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const account = await useSignInLink(signIn.pool, hashOf(request.query.token), clock());
      const cookies = account && (await openSession(signIn, account.accountId, headersFor(request)));
      if (cookies === null) {
        // A person gets the page that says how to come by a new link, a program the problem.
        if (request.headers.accept?.includes('text/html')) return reply.redirect('/', 303);
        throw new Problem('SIGN_IN_LINK_INVALID');
      }
      if (account !== null) request.audit.account = account;
      request.audit.details = { by: 'link' };
      passCookies(cookies, reply);
      return reply.redirect('/', 303);
    },
  );
}
