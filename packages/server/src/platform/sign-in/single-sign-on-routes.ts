import { type ProblemCode, SingleSignOnStart } from '@backcheck/contract';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { askAuth, headersFor, passCookies } from './ask-auth.ts';
import { noteWho } from './sign-in-routes.ts';
import type { SingleSignOn } from './single-sign-on.ts';

const TAGS = ['Sign-in'];
/** What better-auth says when it knows who it is, and we do not. */
const UNKNOWN = ['signup_disabled', 'account_not_linked', 'email_not_found', 'unable_to_create_session'];

export function singleSignOnRoutes(app: App, parts: Parts): void {
  beginRoute(app, parts);
  callbackRoute(app, parts);
}

function beginRoute(app: App, { signIn }: Parts): void {
  app.post(
    '/sign-in/single-sign-on',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Begin single sign-on: the browser goes to `url`',
        response: { 200: SingleSignOnStart, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const provider = configured(signIn.singleSignOn);
      const auth = await provider.auth();
      const body = {
        provider: provider.providerId,
        callbackURL: '/',
        errorCallbackURL: '/',
        disableRedirect: true,
      };
      const headers = headersFor(request);
      const { url } = await askAuth(auth.api.signInSocial({ body, headers, returnHeaders: true }), reply);
      if (url === undefined) throw new Error('better-auth began single sign-on without an address');
      return { url };
    },
  );
}

function callbackRoute(app: App, { signIn }: Parts): void {
  app.get(
    '/sign-in/single-sign-on/callback',
    {
      config: { access: 'anyone', audited: 'sign-in' },
      exposeHeadRoute: false,
      schema: {
        tags: TAGS,
        security: [],
        summary: 'Where the identity provider sends the browser back to',
        querystring: z.object({
          code: z.string().max(4000).optional(),
          state: z.string().max(400).optional(),
          iss: z.string().max(400).optional(),
          error: z.string().max(400).optional(),
        }),
        response: {
          303: z.undefined().describe('To the first page: signed in, or with `?problem=` and a code'),
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const provider = configured(signIn.singleSignOn);
      const auth = await provider.auth();
      const answer = await auth.api.callbackOAuth({
        method: 'GET',
        params: { id: provider.providerId },
        query: request.query,
        headers: headersFor(request),
        asResponse: true,
      });
      const cookies = answer.headers.getSetCookie();
      passCookies(cookies, reply);
      const problem = problemIn(answer.headers.get('location'));
      const cookie = cookies.map((one) => one.split(';')[0]).join('; ');
      const session = await auth.api.getSession({ headers: new Headers({ cookie }) });
      if (session !== null) await noteWho(signIn.pool, request, { authUserId: session.user.id });
      request.audit.details = { by: 'single sign-on', problem };
      return reply.redirect(problem === null ? '/' : `/?problem=${problem}`, 303);
    },
  );
}

function configured(provider: SingleSignOn | null): SingleSignOn {
  if (provider === null) throw new Problem('SINGLE_SIGN_ON_OFF');
  return provider;
}

/** It says how it went only by where it sends the browser. */
function problemIn(location: string | null): ProblemCode | null {
  if (location === '/') return null;
  const error = new URL(location ?? '/?error=', 'http://localhost').searchParams.get('error');
  return UNKNOWN.includes(error ?? '') ? 'SINGLE_SIGN_ON_UNKNOWN' : 'SINGLE_SIGN_ON_REFUSED';
}
