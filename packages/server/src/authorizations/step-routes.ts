import { Authorization, ById } from '@backcheck/contract';
import type { Permission } from '@backcheck/core';
import {
  type AuthorizationRow,
  type AuthorizationStep,
  changeAuthorization,
  endUncoveredTasks,
  lockAuthorization,
  seesOrganization,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { authorizationOf } from './routes.ts';
import { authorizationState, stepFrom } from './state.ts';
import { viewAuthorization } from './view.ts';

const may = (action: Permission['action']) => ({ object: 'authorization', action }) as const;
const schemaOf = (summary: string) => ({
  tags: ['Authorizations'],
  summary,
  params: ById,
  response: { 200: Authorization, ...PROBLEM_RESPONSES },
});

export function authorizationStepRoutes(app: App, parts: Parts): void {
  const { clock } = parts;
  app.post(
    '/authorizations/:id/approve',
    { config: { access: may('approve') }, schema: schemaOf('Approve it: not for who drafted it') },
    (request) => request.inScope((tx) => take(tx, clock(), { request, step: 'approve', refuse: isDrafter })),
  );
  app.post(
    '/authorizations/:id/stop',
    {
      config: { access: may('update') },
      schema: schemaOf('The emergency stop: what runs under it ends within 5 seconds, and nothing starts'),
    },
    (request) => request.inScope((tx) => take(tx, clock(), { request, step: 'stop', refuse: nobody })),
  );
  app.post(
    '/authorizations/:id/resume',
    {
      config: { access: may('approve') },
      schema: schemaOf('Approve it anew after an emergency stop: not for who drafted it'),
    },
    (request) => request.inScope((tx) => take(tx, clock(), { request, step: 'resume', refuse: isDrafter })),
  );
  revokeRoute(app, parts);
}

function revokeRoute(app: App, { clock }: Parts): void {
  app.post(
    '/authorizations/:id/revoke',
    {
      config: { access: may('read'), audited: 'revoke' },
      schema: schemaOf('Revoke it for good: for who drafted it, and for who may approve'),
    },
    async (request) => {
      const revoke = (refuse: Refuse) => (tx: Tx) => take(tx, clock(), { request, step: 'revoke', refuse });
      try {
        return await request.inScopeOf(may('approve'), revoke(nobody));
      } catch (error) {
        // Who approves elsewhere may still have drafted this one.
        if (!(error instanceof Problem && ['FORBIDDEN', 'NOT_FOUND'].includes(error.code))) throw error;
        return request.inScopeOf(may('create'), revoke(isSomebodyElse));
      }
    },
  );
}

type Refuse = (row: AuthorizationRow, accountId: number) => Problem | null;

const nobody: Refuse = () => null;
const isDrafter: Refuse = ({ draftedBy }, accountId) =>
  draftedBy.id === `${accountId}` ? new Problem('AUTHORIZATION_NOT_YOURS_TO_APPROVE') : null;
const isSomebodyElse: Refuse = ({ draftedBy }, accountId) =>
  draftedBy.id === `${accountId}` ? null : new Problem('FORBIDDEN');

interface Step {
  readonly request: FastifyRequest<{ Params: { id: string } }>;
  readonly step: AuthorizationStep;
  readonly refuse: Refuse;
}

async function take(tx: Tx, now: Date, { request, step, refuse }: Step): Promise<Authorization> {
  const { id } = request.params;
  const { accountId } = callerOf(request).account;
  const at = now.toISOString();
  const row = await lockAuthorization(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  request.audit = { ...request.audit, organizationId: row.organizationId, details: { step } };
  // It is the word of the whole organization. Who sees one of its systems may stop it in an emergency, and no more.
  if (step !== 'stop' && !(await seesOrganization(tx, row.organizationId))) throw new Problem('FORBIDDEN');
  const refusal = refuse(row, accountId);
  if (refusal !== null) throw refusal;
  const state = authorizationState(row, at);
  const what = stepFrom(state, step);
  if (what === 'refuse') throw new Problem('AUTHORIZATION_NOT_READY', { state });
  if (what === 'take') await changeAuthorization(tx, { id, step, at, by: accountId });
  if (what === 'take' && step === 'revoke') await endUncoveredTasks(tx, { at, authorizationId: id });
  return viewAuthorization(await authorizationOf(tx, id), at);
}
