import { ApiKeyList, ById, CreateApiKey, CreatedApiKey, SESSION_COOKIE, Session } from '@backcheck/contract';
import {
  deleteSession,
  insertApiKey,
  insertSession,
  listApiKeys,
  revokeApiKey,
  useSignInLink,
} from '@backcheck/db';
import { z } from 'zod';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { accountOf } from './guard.ts';
import { API_KEY_PREFIX, hashOf, newSecret, SESSION_LIFETIME } from './tokens.ts';
import { viewApiKey } from './view.ts';

const SIGN_IN = ['Sign-in'];

/** `GET /sign-in?token=`: outside the guard. The token must not stay in a history, a log or a Referer. */
export function signInLink(app: App, { widePool: pool, clock, secureCookie }: Parts): void {
  app.get(
    '/sign-in',
    {
      // A HEAD, as link previews send it, would use the link up.
      exposeHeadRoute: false,
      schema: {
        tags: SIGN_IN,
        security: [],
        summary: 'Exchange a one-time link for a session cookie',
        querystring: z.object({ token: z.string().min(1).max(200) }),
        response: { 303: z.undefined().describe('To the first page, signed in'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const now = clock();
      const account = await useSignInLink(pool, hashOf(request.query.token), now);
      if (account === null) {
        // A person gets the page that says how to come by a new link, a program the problem.
        if (request.headers.accept?.includes('text/html')) return reply.redirect('/', 303);
        throw new Problem('SIGN_IN_LINK_INVALID');
      }
      const { secret, hash } = newSecret();
      const expiresAt = new Date(now.getTime() + SESSION_LIFETIME);
      await insertSession(pool, { hash, accountId: account.accountId, expiresAt });
      return reply
        .setCookie(SESSION_COOKIE, secret, {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: secureCookie,
          expires: expiresAt,
        })
        .header('cache-control', 'no-store')
        .redirect('/', 303);
    },
  );
}

export function sessionRoutes(app: App, { widePool: pool, secureCookie }: Parts): void {
  app.get(
    '/session',
    {
      config: { access: 'self' },
      schema: {
        tags: SIGN_IN,
        summary: 'Who is signed in',
        response: { 200: Session, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { accountId, name } = accountOf(request);
      return { account: { id: String(accountId), name } };
    },
  );

  app.delete(
    '/session',
    {
      config: { access: 'self' },
      schema: {
        tags: SIGN_IN,
        summary: 'Sign out',
        response: { 204: z.undefined().describe('Signed out'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) await deleteSession(pool, hashOf(token));
      return reply.clearCookie(SESSION_COOKIE, { path: '/', secure: secureCookie }).code(204).send();
    },
  );
}

export function apiKeyRoutes(app: App, { widePool: pool }: Parts): void {
  app.post(
    '/api-keys',
    {
      config: { access: 'self' },
      schema: {
        tags: SIGN_IN,
        summary: 'Create an API key; it is shown only in this answer',
        body: CreateApiKey,
        response: { 201: CreatedApiKey, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { secret, hash } = newSecret(API_KEY_PREFIX);
      const { accountId } = accountOf(request);
      const row = await insertApiKey(pool, { accountId, name: request.body.name, hash });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...viewApiKey(row), key: secret });
    },
  );

  app.get(
    '/api-keys',
    {
      config: { access: 'self' },
      schema: { tags: SIGN_IN, summary: 'My API keys', response: { 200: ApiKeyList, ...PROBLEM_RESPONSES } },
    },
    async (request) => ({ items: (await listApiKeys(pool, accountOf(request).accountId)).map(viewApiKey) }),
  );

  app.delete(
    '/api-keys/:id',
    {
      config: { access: 'self' },
      schema: {
        tags: SIGN_IN,
        summary: 'Revoke an API key',
        params: ById,
        response: { 204: z.undefined().describe('Revoked'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const revoked = await revokeApiKey(pool, accountOf(request).accountId, request.params.id);
      if (!revoked) throw new Problem('NOT_FOUND');
      return reply.code(204).send();
    },
  );
}
