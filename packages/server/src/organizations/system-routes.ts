import { ById, ChangeSystem, CreateSystem, System, SystemList, SystemQuery } from '@backcheck/contract';
import {
  findSystem,
  insertRecord,
  listSystems,
  organizationExists,
  type Tx,
  updateRecord,
} from '@backcheck/db';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { after, KEY_ID, pageOf } from './keyset.ts';
import { readFields } from './read-fields.ts';
import { codeTaken, found, refusing } from './refusal.ts';
import { viewSystem } from './view.ts';

const SYSTEMS = ['Systems'];
const allow = (action: 'read' | 'create' | 'update') => ({ access: { object: 'asset', action } as const });

export function systemRoutes(app: App): void {
  app.get(
    '/systems',
    {
      config: allow('read'),
      schema: {
        tags: SYSTEMS,
        summary: 'Business systems, in the order in which they were registered',
        querystring: SystemQuery,
        response: { 200: SystemList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, q, cursor, limit } = request.query;
      const filter = {
        organizationId: organizationId === undefined ? undefined : Number(organizationId),
        q,
        after: after(cursor, KEY_ID),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listSystems(tx, filter));
      return pageOf(rows, limit, { view: viewSystem, key: ({ id }) => [id] });
    },
  );

  app.get(
    '/systems/:id',
    {
      config: allow('read'),
      schema: {
        tags: SYSTEMS,
        summary: 'One system',
        params: ById,
        response: { 200: System, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => systemOf(tx, request.params.id)),
  );

  writeRoutes(app);
}

function writeRoutes(app: App): void {
  app.post(
    '/systems',
    {
      config: allow('create'),
      schema: {
        tags: SYSTEMS,
        summary: 'Register a system',
        body: CreateSystem,
        response: { 201: System, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, fields } = request.body;
      const { changes } = readFields('system', fields);
      const made = await request.inScope(async (tx) => {
        await refuseUnknown(tx, organizationId);
        const besides = { organization_id: Number(organizationId) };
        const id = await refusing(insertRecord(tx, 'system', { changes, besides }), {
          CODE_TAKEN: codeTaken(changes['systemCode']),
        });
        return systemOf(tx, id);
      });
      return reply.code(201).send(made);
    },
  );

  app.patch(
    '/systems/:id',
    {
      config: allow('update'),
      schema: {
        tags: SYSTEMS,
        summary: 'Change what the register says of a system',
        params: ById,
        body: ChangeSystem,
        response: { 200: System, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { version, fields, status } = request.body;
      const { id } = request.params;
      return request.inScope(async (tx) => {
        const { record: stored } = found(await findSystem(tx, id));
        const { changes } = readFields('system', fields, { stored });
        const besides = status === undefined ? {} : { status };
        const changed = await refusing(updateRecord(tx, 'system', { id, version, changes, besides }), {
          CODE_TAKEN: codeTaken(changes['systemCode']),
        });
        if (!changed) throw new Problem('CHANGED_MEANWHILE');
        return systemOf(tx, id);
      });
    },
  );
}

const systemOf = async (tx: Tx, id: string): Promise<System> => viewSystem(found(await findSystem(tx, id)));

/** An organization that a record names and the caller may not write to is not there. */
export async function refuseUnknown(tx: Tx, organizationId: string): Promise<void> {
  if (!(await organizationExists(tx, Number(organizationId)))) {
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
  }
}
