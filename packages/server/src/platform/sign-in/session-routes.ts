import { BySessionId, OpenSessionList, SESSION_COOKIE, Session } from '@backcheck/contract';
import { deleteSession, deleteSessions, findAccount, listSessions, secondFactorOf } from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { sessionOf } from './guard.ts';
import { viewSession } from './view.ts';

const TAGS = ['Sign-in'];
const OWN = { access: 'self', beforeTwoFactor: true } as const;

export function sessionRoutes(app: App, parts: Parts): void {
  whoAmI(app, parts);
  signOut(app, parts);
  listMine(app, parts);
  endOne(app, parts);
  endOthers(app, parts);
}

function whoAmI(app: App, { signIn: { pool } }: Parts): void {
  app.get(
    '/session',
    {
      config: OWN,
      schema: { tags: TAGS, summary: 'Who is signed in', response: { 200: Session, ...PROBLEM_RESPONSES } },
    },
    async (request) => {
      const { accountId, name } = callerOf(request).account;
      const account = await findAccount(pool, { accountId });
      const { password, twoFactor } =
        typeof account?.authUserId === 'string'
          ? await secondFactorOf(pool, account.authUserId)
          : { password: false, twoFactor: false };
      const missing = request.session?.twoFactorMissing === true;
      return {
        account: { id: String(accountId), name },
        email: account?.email ?? null,
        language: account?.language ?? 'zh',
        twoFactor: missing ? ('required' as const) : twoFactor ? ('on' as const) : ('off' as const),
        hasPassword: password,
      };
    },
  );
}

function signOut(app: App, { signIn: { pool }, secureCookie }: Parts): void {
  app.delete(
    '/session',
    {
      config: { ...OWN, audited: 'sign-out' },
      schema: {
        tags: TAGS,
        summary: 'Sign out',
        response: { 204: z.undefined().describe('Signed out'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { session } = request;
      if (session !== null) await deleteSession(pool, session.authUserId, session.sessionId);
      return reply.clearCookie(SESSION_COOKIE, { path: '/', secure: secureCookie }).code(204).send();
    },
  );
}

function listMine(app: App, { signIn: { pool }, clock }: Parts): void {
  app.get(
    '/sessions',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'Where I am signed in',
        response: { 200: OpenSessionList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { authUserId, sessionId } = sessionOf(request);
      const rows = await listSessions(pool, authUserId, clock());
      return { items: rows.map((row) => viewSession(row, sessionId)) };
    },
  );
}

function endOne(app: App, { signIn: { pool } }: Parts): void {
  app.delete(
    '/sessions/:id',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'End one of my sessions',
        params: BySessionId,
        response: { 204: z.undefined().describe('Ended'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const ended = await deleteSession(pool, sessionOf(request).authUserId, request.params.id);
      if (!ended) throw new Problem('NOT_FOUND');
      return reply.code(204).send();
    },
  );
}

function endOthers(app: App, { signIn: { pool } }: Parts): void {
  app.delete(
    '/sessions',
    {
      config: { access: 'self' },
      schema: {
        tags: TAGS,
        summary: 'End all my sessions but this one',
        response: { 204: z.undefined().describe('Ended'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { authUserId, sessionId } = sessionOf(request);
      await deleteSessions(pool, authUserId, sessionId);
      return reply.code(204).send();
    },
  );
}
