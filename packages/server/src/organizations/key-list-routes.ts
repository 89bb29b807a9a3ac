import {
  ById,
  ChangeKeyList,
  CreateKeyList,
  KeyList,
  KeyListList,
  KeyListMemberKey,
  KeyListMemberList,
  KeyListMemberQuery,
  KeyListQuery,
  MEMBER_KINDS,
} from '@backcheck/contract';
import {
  addMember,
  findKeyList,
  insertKeyList,
  listKeyLists,
  listMembers,
  type MemberKey,
  mayLieBelow,
  removeMember,
  type Tx,
  updateKeyList,
} from '@backcheck/db';
import { z } from 'zod';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { after, KEY_ID, pageOf, readKeyset } from './keyset.ts';
import { found, refusing } from './refusal.ts';
import { viewKeyList, viewMember } from './view.ts';

const KEY_LISTS = ['Key lists'];
const allow = (action: 'read' | 'update') => ({ access: { object: 'organization', action } as const });

export function keyListRoutes(app: App): void {
  app.get(
    '/key-lists',
    {
      config: allow('read'),
      schema: {
        tags: KEY_LISTS,
        summary: 'Key lists that the caller sees: of its organizations, or with a member among them',
        querystring: KeyListQuery,
        response: { 200: KeyListList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const wanted = {
        organizationId: organizationId === undefined ? undefined : Number(organizationId),
        after: after(cursor, KEY_ID),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listKeyLists(tx, wanted));
      return pageOf(rows, limit, { view: viewKeyList, key: ({ id }) => [id] });
    },
  );

  app.get(
    '/key-lists/:id',
    {
      config: allow('read'),
      schema: {
        tags: KEY_LISTS,
        summary: 'One key list',
        params: ById,
        response: { 200: KeyList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) =>
      request.inScope(async (tx) => viewKeyList(found(await findKeyList(tx, request.params.id)))),
  );

  writeRoutes(app);
  memberRoutes(app);
}

function writeRoutes(app: App): void {
  app.post(
    '/key-lists',
    {
      config: allow('update'),
      schema: {
        tags: KEY_LISTS,
        summary: 'Make a key list',
        body: CreateKeyList,
        response: { 201: KeyList, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, ...content } = request.body;
      const owner = organizationId === undefined ? null : Number(organizationId);
      const row = await request.inScope(async (tx) => {
        await refuseOwner(tx, owner);
        return insertKeyList(tx, owner, content);
      });
      if (row === null) throw new Problem('KEY_LIST_NAME_TAKEN', { name: content.name });
      return reply.code(201).send(viewKeyList(row));
    },
  );

  app.patch(
    '/key-lists/:id',
    {
      config: allow('update'),
      schema: {
        tags: KEY_LISTS,
        summary: 'Change the content of a key list',
        params: ById,
        body: ChangeKeyList,
        response: { 200: KeyList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { version, ...content } = request.body;
      const { id } = request.params;
      return request.inScope(async (tx) => {
        await refuseOwner(tx, found(await findKeyList(tx, id)).organizationId);
        const changed = await refusing(updateKeyList(tx, { id, version }, content), {
          NAME_TAKEN: () => new Problem('KEY_LIST_NAME_TAKEN', { name: content.name }),
        });
        if (!changed) throw new Problem('CHANGED_MEANWHILE');
        return viewKeyList(found(await findKeyList(tx, id)));
      });
    },
  );
}

const MEMBER = {
  params: ById.extend({ kind: z.enum(MEMBER_KINDS), memberId: KeyListMemberKey.shape.id }),
  response: { 204: z.undefined().describe('Done'), ...PROBLEM_RESPONSES },
};

function memberRoutes(app: App): void {
  app.get(
    '/key-lists/:id/members',
    {
      config: allow('read'),
      schema: {
        tags: KEY_LISTS,
        summary: 'The members of a key list that the caller sees, by kind and id',
        params: ById,
        querystring: KeyListMemberQuery,
        response: { 200: KeyListMemberList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const { id } = request.params;
      const rows = await request.inScope(async (tx) => {
        found(await findKeyList(tx, id));
        return listMembers(tx, id, { after: afterMember(cursor), limit: limit + 1 });
      });
      return pageOf(rows, limit, { view: viewMember, key: (row) => [row.kind, row.id] });
    },
  );

  app.put(
    '/key-lists/:id/members/:kind/:memberId',
    {
      config: allow('update'),
      schema: { tags: KEY_LISTS, summary: 'Put an organization, system or asset on a key list', ...MEMBER },
    },
    async (request, reply) => {
      const { id, kind, memberId } = request.params;
      await request.inScope(async (tx) => {
        await refuseOwner(tx, found(await findKeyList(tx, id)).organizationId);
        if (!(await addMember(tx, id, { kind, id: memberId }))) throw new Problem('NOT_FOUND');
      });
      return reply.code(204).send();
    },
  );

  app.delete(
    '/key-lists/:id/members/:kind/:memberId',
    {
      config: allow('update'),
      schema: { tags: KEY_LISTS, summary: 'Take a member off a key list', ...MEMBER },
    },
    async (request, reply) => {
      const { id, kind, memberId } = request.params;
      await request.inScope(async (tx) => {
        await refuseOwner(tx, found(await findKeyList(tx, id)).organizationId);
        await removeMember(tx, id, { kind, id: memberId });
      });
      return reply.code(204).send();
    },
  );
}

/** A list of the installation, or of an organization that the caller sees but through a member of it, is not theirs to write. */
async function refuseOwner(tx: Tx, organizationId: number | null): Promise<void> {
  if (!(await mayLieBelow(tx, organizationId))) throw new Problem('FORBIDDEN');
}

function afterMember(cursor: string | undefined): MemberKey | undefined {
  if (cursor === undefined) return undefined;
  const [kind = '', id = ''] = readKeyset(cursor, [new RegExp(`^(${MEMBER_KINDS.join('|')})$`), KEY_ID]);
  const known = MEMBER_KINDS.find((one) => one === kind);
  if (known === undefined) throw new Problem('CURSOR_INVALID');
  return { kind: known, id };
}
