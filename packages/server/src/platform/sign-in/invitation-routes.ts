import { ById, CreateInvitation, InvitationList, SentInvitation } from '@backcheck/contract';
import {
  asChanger,
  findVisibleInvitation,
  type InvitationRow,
  insertInvitation,
  listInvitations,
  type NewGrant,
  queueMail,
  renewInvitation,
  type Tx,
  withdrawInvitation,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../access/guard.ts';
import { grantable } from '../access/routes.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../parts.ts';
import { Problem } from '../problem.ts';
import { invitationPath } from './send-mail.ts';
import type { SignIn } from './sign-in.ts';
import { INVITATION_LIFETIME, newSecret } from './tokens.ts';
import { viewInvitation } from './view.ts';

const TAGS = ['Accounts'];
const INVITE = { object: 'account', action: 'create' } as const;

export function invitationRoutes(app: App, parts: Parts): void {
  listRoute(app);
  inviteRoute(app, parts);
  resendRoute(app, parts);
  withdrawRoute(app, parts);
}

function listRoute(app: App): void {
  app.get(
    '/invitations',
    {
      config: { access: { object: 'account', action: 'read' } },
      schema: {
        tags: TAGS,
        summary: 'Invitations that nobody has accepted yet, newest first',
        response: { 200: InvitationList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => ({ items: (await request.inScope(listInvitations)).map(viewInvitation) }),
  );
}

function inviteRoute(app: App, { signIn, clock }: Parts): void {
  app.post(
    '/invitations',
    {
      config: { access: INVITE, audited: 'invite' },
      schema: {
        tags: TAGS,
        summary: 'Invite somebody by mail; the link works once, within 7 days',
        body: CreateInvitation,
        response: { 201: SentInvitation, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { email, name, language, twoFactorRequired } = request.body;
      const now = clock();
      const grants: NewGrant[] = [];
      for (const wanted of request.body.grants)
        grants.push(await grantable(request, wanted, now.toISOString()));
      const { account, via } = callerOf(request);
      const changer = { accountId: account.accountId, via };
      const sent = await asChanger(signIn.pool, changer, async (tx) => {
        const made = await insertInvitation(tx, {
          ...{ email, name, language, grants, twoFactorRequired },
          invitedBy: account.accountId,
          invitedAt: now,
          expiresAt: endOf(now),
        });
        if (made === 'taken') throw new Problem('ACCOUNT_EXISTS', { email });
        if (made === 'open') throw new Problem('INVITATION_EXISTS', { email });
        request.audit.objectId = String(made.invitationId);
        await request.recordChange(tx);
        return send(tx, signIn, { invitation: made, now });
      });
      return reply.code(201).header('cache-control', 'no-store').send(sent);
    },
  );
}

function resendRoute(app: App, { signIn, clock }: Parts): void {
  app.post(
    '/invitations/:id/resend',
    {
      config: { access: INVITE },
      schema: {
        tags: TAGS,
        summary: 'Send an invitation again with a new link; the one before no longer works',
        params: ById,
        response: { 200: SentInvitation, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { invitationId } = await visible(request);
      const now = clock();
      const { account, via } = callerOf(request);
      const changer = { accountId: account.accountId, via };
      const sent = await asChanger(signIn.pool, changer, async (tx) => {
        const invitation = await renewInvitation(tx, invitationId, { hash: null, expiresAt: endOf(now) });
        if (invitation === null) throw new Problem('NOT_FOUND');
        return send(tx, signIn, { invitation, now });
      });
      return reply.header('cache-control', 'no-store').send(sent);
    },
  );
}

function withdrawRoute(app: App, { signIn, clock }: Parts): void {
  app.delete(
    '/invitations/:id',
    {
      config: { access: INVITE },
      schema: {
        tags: TAGS,
        summary: 'Withdraw an invitation',
        params: ById,
        response: { 204: z.undefined().describe('Withdrawn'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { invitationId } = await visible(request);
      const { account, via } = callerOf(request);
      await asChanger(signIn.pool, { accountId: account.accountId, via }, (tx) =>
        withdrawInvitation(tx, invitationId, clock()),
      );
      return reply.code(204).send();
    },
  );
}

const endOf = (now: Date): Date => new Date(now.getTime() + INVITATION_LIFETIME);

/** Queues the mail; without a mail server the link is for whoever invites to pass on. */
async function send(
  tx: Tx,
  { mailer }: SignIn,
  { invitation, now }: { readonly invitation: InvitationRow; readonly now: Date },
): Promise<SentInvitation> {
  const { invitationId } = invitation;
  if (mailer !== null) {
    await queueMail(tx, { task: 'mail-invitation', payload: { invitationId } });
    return { ...viewInvitation(invitation), link: null };
  }
  const { secret, hash } = newSecret();
  await renewInvitation(tx, invitationId, { hash, expiresAt: endOf(now) });
  return { ...viewInvitation(invitation), link: invitationPath(secret) };
}

async function visible(request: FastifyRequest<{ Params: { id: string } }>): Promise<InvitationRow> {
  const invitationId = Number(request.params.id);
  const row = await request.inScope(async (tx) =>
    invitationId > 2 ** 31 - 1 ? null : findVisibleInvitation(tx, invitationId),
  );
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}
