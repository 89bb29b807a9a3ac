import {
  ById,
  ChangeContact,
  Contact,
  ContactList,
  ContactQuery,
  CreateContact,
  RemoveContact,
} from '@backcheck/contract';
import {
  deleteContact,
  findContact,
  insertRecord,
  listContacts,
  type Tx,
  updateRecord,
  verifyContact,
} from '@backcheck/db';
import { z } from 'zod';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { KEY_ID, pageOf, readKeyset } from './keyset.ts';
import { readFields } from './read-fields.ts';
import { found } from './refusal.ts';
import { refuseUnknown } from './system-routes.ts';
import { viewContact } from './view.ts';

const CONTACTS = ['Contacts'];
const allow = (action: 'read' | 'create' | 'update') => ({ access: { object: 'contact', action } as const });
const POSITION = /^\d{1,4}$/;

export function contactRoutes(app: App, parts: Parts): void {
  app.get(
    '/contacts',
    {
      config: allow('read'),
      schema: {
        tags: CONTACTS,
        summary: 'Emergency contacts of an organization, in the order in which they are called',
        querystring: ContactQuery,
        response: { 200: ContactList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const wanted = {
        organizationId: Number(organizationId),
        after: afterContact(cursor),
        limit: limit + 1,
      };
      const rows = await request.inScope((tx) => listContacts(tx, wanted));
      return pageOf(rows, limit, { view: viewContact, key: ({ position, id }) => [String(position), id] });
    },
  );

  app.post(
    '/contacts',
    {
      config: allow('create'),
      schema: {
        tags: CONTACTS,
        summary: 'Register a contact',
        body: CreateContact,
        response: { 201: Contact, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { organizationId, fields } = request.body;
      const { changes } = readFields('contact', fields);
      const made = await request.inScope(async (tx) => {
        await refuseUnknown(tx, organizationId);
        const besides = { organization_id: Number(organizationId) };
        return contactOf(tx, await insertRecord(tx, 'contact', { changes, besides }));
      });
      return reply.code(201).send(made);
    },
  );

  oneContactRoutes(app);
  verifyRoute(app, parts);
}

function oneContactRoutes(app: App): void {
  app.patch(
    '/contacts/:id',
    {
      config: allow('update'),
      schema: {
        tags: CONTACTS,
        summary: 'Change a contact',
        params: ById,
        body: ChangeContact,
        response: { 200: Contact, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { version, fields } = request.body;
      const { id } = request.params;
      return request.inScope(async (tx) => {
        const { record: stored } = found(await findContact(tx, id));
        const { changes } = readFields('contact', fields, { stored });
        // A date that a person typed is not the word of whoever verified before.
        const besides = 'lastVerifiedAt' in changes ? { verified_by: null } : {};
        if (!(await updateRecord(tx, 'contact', { id, version, changes, besides }))) {
          throw new Problem('CHANGED_MEANWHILE');
        }
        return contactOf(tx, id);
      });
    },
  );

  app.delete(
    '/contacts/:id',
    {
      config: allow('update'),
      schema: {
        tags: CONTACTS,
        summary: 'Remove a contact; the history keeps it',
        params: ById,
        querystring: RemoveContact,
        response: { 204: z.undefined().describe('Removed'), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await request.inScope(async (tx) => {
        found(await findContact(tx, id));
        if (!(await deleteContact(tx, id, request.query.version))) throw new Problem('CHANGED_MEANWHILE');
      });
      return reply.code(204).send();
    },
  );
}

function verifyRoute(app: App, { clock }: Parts): void {
  app.post(
    '/contacts/:id/verify',
    {
      config: allow('update'),
      schema: {
        tags: CONTACTS,
        summary: 'The caller made sure right now that this person answers',
        params: ById,
        response: { 200: Contact, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { accountId } = callerOf(request).account;
      return request.inScope(async (tx) => {
        found(await findContact(tx, id));
        await verifyContact(tx, id, { accountId, at: clock().toISOString() });
        return contactOf(tx, id);
      });
    },
  );
}

const contactOf = async (tx: Tx, id: string): Promise<Contact> =>
  viewContact(found(await findContact(tx, id)));

function afterContact(cursor: string | undefined): { position: number; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [position = '', id = ''] = readKeyset(cursor, [POSITION, KEY_ID]);
  return { position: Number(position), id };
}
