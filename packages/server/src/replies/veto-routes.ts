import { ById, VetoCheck, VetoedCheck, VetoedCheckList } from '@backcheck/contract';
import {
  findVetoedCheck,
  insertVetoedCheck,
  listVetoedChecks,
  removeVetoedCheck,
  type VetoedCheckRow,
} from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const TAGS = ['Replies'];
/** A list of what must be fixed whatever it costs is short, or it is none. */
const MOST = 1000;
const may = (action: 'read' | 'approve') => ({ access: { object: 'policy', action } as const });

const view = (row: VetoedCheckRow): VetoedCheck => ({
  id: row.id,
  organizationId: row.organizationId === null ? null : `${row.organizationId}`,
  check: row.check,
  reason: row.reason,
  setBy: row.setBy,
  setAt: row.setAt.toISOString(),
});

export function vetoRoutes(app: App, parts: Parts): void {
  app.get(
    '/vetoed-checks',
    {
      config: may('read'),
      schema: {
        tags: TAGS,
        summary: 'Checks whose failure nobody may accept as a risk, where they hold for the caller',
        response: { 200: VetoedCheckList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => ({
      items: (await request.inScope((tx) => listVetoedChecks(tx, MOST))).map(view),
    }),
  );
  changeRoutes(app, parts);
}

function changeRoutes(app: App, { clock }: Parts): void {
  app.post(
    '/vetoed-checks',
    {
      config: may('approve'),
      schema: {
        tags: TAGS,
        summary: 'From now on nobody may accept it as a risk, at this node and below',
        body: VetoCheck,
        response: { 201: VetoedCheck, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, check, reason } = request.body;
      const node = organizationId === null ? null : Number(organizationId);
      const veto = await request.inScope(async (tx) => {
        const setBy = callerOf(request).account.accountId;
        const setAt = clock().toISOString();
        const id = await insertVetoedCheck(tx, { organizationId: node, check, reason, setBy, setAt });
        if (id === null) throw new Problem('VETO_EXISTS');
        request.audit.objectId = `vetoed-checks/${id}`;
        return findVetoedCheck(tx, id);
      });
      if (veto === null) throw new Error('A veto that was just set is not there');
      return reply.code(201).send(view(veto));
    },
  );
  app.delete(
    '/vetoed-checks/:id',
    {
      config: may('approve'),
      schema: {
        tags: TAGS,
        summary: 'Take a check off the list; what was refused before stays refused',
        params: ById,
        response: { 204: z.undefined().describe('Taken off'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await request.inScope(async (tx) => {
        const { organizationId = null } = (await findVetoedCheck(tx, id)) ?? {};
        if (organizationId !== null) request.audit.organizationId = organizationId;
        const removed = await removeVetoedCheck(tx, id, clock().toISOString());
        if (!removed) throw new Problem('NOT_FOUND');
      });
      return reply.code(204).send();
    },
  );
}
