import { Account, AccountPage, AccountQuery, ById } from '@backcheck/contract';
import {
  asChanger,
  deleteSessions,
  deleteTwoFactor,
  disableAccount,
  enableAccount,
  findAccount,
  findVisibleAccount,
  listAccounts,
  type SignInAccount,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../access/guard.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { viewAccount } from './view.ts';

const TAGS = ['Accounts'];
const READ = { access: { object: 'account', action: 'read' } } as const;
const UPDATE = { access: { object: 'account', action: 'update' } } as const;

/** What changes an account; each answers 204. */
const CHANGES = {
  disable: { summary: 'Disable an account: its sessions and keys stop at once', change: disable },
  enable: { summary: 'Enable an account again; its keys work again, its sessions do not', change: enable },
  'end-sessions': { summary: 'End all sessions of an account', change: endSessions },
  'reset-two-factor': {
    summary: 'Take the second factor away from somebody who lost it; ends all sessions',
    change: resetTwoFactor,
  },
} as const;

export function accountRoutes(app: App, parts: Parts): void {
  readRoutes(app);
  changeRoutes(app, parts);
}

function readRoutes(app: App): void {
  app.get(
    '/accounts',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary:
          'Accounts that hold something where my grants reach, with those of their grants, newest first',
        querystring: AccountQuery,
        response: { 200: AccountPage, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { text, cursor, limit } = request.query;
      const before = cursor === undefined ? null : Number(readCursor(cursor));
      const rows = await request.inScope((tx) =>
        listAccounts(tx, { text: text ?? null, before, limit: limit + 1 }),
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map(viewAccount),
        nextCursor: last === undefined ? null : writeCursor(String(last.accountId)),
      };
    },
  );

  app.get(
    '/accounts/:id',
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: 'One account',
        params: ById,
        response: { 200: Account, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => viewAccount(await visible(request, request.params.id)),
  );
}

function changeRoutes(app: App, { signIn, clock }: Parts): void {
  for (const [name, { summary, change }] of Object.entries(CHANGES)) {
    app.post(
      `/accounts/:id/${name}`,
      {
        config: name === 'disable' || name === 'enable' ? { ...UPDATE, audited: name } : UPDATE,
        schema: {
          tags: TAGS,
          summary,
          params: ById,
          response: { 204: z.undefined().describe('Done'), ...PROBLEM_RESPONSES },
        },
      },
      async (request, reply) => {
        const { accountId, allWithin } = await visible(request, request.params.id);
        const { account, via } = callerOf(request);
        if (accountId === account.accountId) throw new Problem('ACCOUNT_OWN');
        if (!allWithin) throw new Problem('FORBIDDEN');
        await asChanger(signIn.pool, { accountId: account.accountId, via }, async (tx) => {
          const changed = await findAccount(tx, { accountId });
          if (changed !== null) await change(tx, changed, clock());
          await request.recordChange(tx);
        });
        return reply.code(204).send();
      },
    );
  }
}

/** Ids beyond the range of the column are of no account. */
const LARGEST_ID = 2 ** 31 - 1;

async function visible(request: FastifyRequest, id: string) {
  const accountId = Number(id);
  const row =
    accountId > LARGEST_ID ? null : await request.inScope((tx) => findVisibleAccount(tx, accountId));
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}

async function disable(tx: Tx, { accountId }: SignInAccount, now: Date): Promise<void> {
  await disableAccount(tx, accountId, now);
}

async function enable(tx: Tx, { accountId }: SignInAccount): Promise<void> {
  await enableAccount(tx, accountId);
}

async function endSessions(tx: Tx, { authUserId }: SignInAccount): Promise<void> {
  if (authUserId !== null) await deleteSessions(tx, authUserId);
}

async function resetTwoFactor(tx: Tx, { authUserId }: SignInAccount): Promise<void> {
  if (authUserId !== null) await deleteTwoFactor(tx, authUserId);
}
