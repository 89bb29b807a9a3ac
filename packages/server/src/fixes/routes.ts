import {
  ById,
  Fix,
  FixFindingList,
  FixFindingQuery,
  FixList,
  FixOrganizationList,
  FixOrganizationQuery,
  FixQuery,
} from '@backcheck/contract';
import {
  type FixFindingPlace,
  type FixFindingRow,
  type FixPlace,
  findFix,
  listFixes,
  listFixFindings,
  listFixOrganizations,
} from '@backcheck/db';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const TAGS = ['Fixes'];
const READ = { object: 'finding', action: 'read' } as const;

export function fixRoutes(app: App): void {
  app.get(
    '/fixes',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'Measures, of one organization or over all that the caller sees, with how far they are',
        querystring: FixQuery,
        response: { 200: FixList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId = null, done, cursor, limit } = request.query;
      const after = cursor === undefined ? null : readFix(cursor);
      const rows = await request.inScope((tx) => listFixes(tx, organizationId, { done, after, limit }));
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map((row) => ({ ...row, organizationId })),
        nextCursor: last === undefined ? null : writeFix(last),
      };
    },
  );
  app.get(
    '/fixes/:id',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'One measure, in one organization or over all that the caller sees',
        params: ById,
        querystring: FixQuery.pick({ organizationId: true }),
        response: { 200: Fix, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId = null } = request.query;
      const row = await request.inScope((tx) => findFix(tx, organizationId, request.params.id));
      if (row === null) throw new Problem('NOT_FOUND');
      return { ...row, organizationId };
    },
  );
  organizationsRoute(app);
  findingsRoute(app);
}

function organizationsRoute(app: App): void {
  app.get(
    '/fixes/:id/organizations',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'In which organizations a measure is to be taken, and how far each of them is',
        params: ById,
        querystring: FixOrganizationQuery,
        response: { 200: FixOrganizationList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const after = cursor === undefined ? null : readCursor(cursor);
      const asked = { fixId: request.params.id, after, limit: limit + 1 };
      const rows = await request.inScope((tx) => listFixOrganizations(tx, asked));
      if (rows.length === 0 && after === null) throw new Problem('NOT_FOUND');
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const more = rows.length > limit && last !== undefined;
      return { items, nextCursor: more ? written(last.open, last.organization.id) : null };
    },
  );
}

function findingsRoute(app: App): void {
  app.get(
    '/fixes/:id/findings',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'The findings that a measure mends, each with its own proof',
        params: ById,
        querystring: FixFindingQuery,
        response: { 200: FixFindingList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const after = cursor === undefined ? null : readPlace(cursor);
      const asked = { fixId: request.params.id, after, limit: limit + 1 };
      const rows = await request.inScope((tx) => listFixFindings(tx, organizationId, asked));
      if (rows.length === 0 && after === null) throw new Problem('NOT_FOUND');
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit && last !== undefined ? writePlace(last) : null };
    },
  );
}

const written = (...parts: readonly (string | number)[]): string =>
  Buffer.from(parts.join(' ')).toString('base64url');

/** @throws Problem CURSOR_INVALID for everything that was not written so. */
function read(cursor: string, pattern: RegExp): RegExpExecArray {
  const found = pattern.exec(Buffer.from(cursor, 'base64url').toString());
  if (found === null) throw new Problem('CURSOR_INVALID');
  return found;
}

const writeFix = ({ open, dueAt, findings, id }: FixPlace): string =>
  written(open, dueAt ?? 'never', findings, id);

function readFix(cursor: string): FixPlace {
  const [, open, at, findings, id = ''] = read(
    cursor,
    /^(\d{1,9}) (never|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\d{1,9}) ([1-9]\d{0,9})$/,
  );
  return { open: Number(open), dueAt: dateOf(at), findings: Number(findings), id };
}

function readCursor(cursor: string): { readonly open: number; readonly id: number } {
  const [, open, id] = read(cursor, /^(\d{1,9}) ([1-9]\d{0,8})$/);
  return { open: Number(open), id: Number(id) };
}

const writePlace = ({ state, dueAt, id }: FixFindingRow): string =>
  written(state === 'verified-fixed' ? 'proven' : 'open', dueAt ?? 'never', id);

function readPlace(cursor: string): FixFindingPlace {
  const [, state, at, id = ''] = read(
    cursor,
    /^(proven|open) (never|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([1-9]\d{0,17})$/,
  );
  return { proven: state === 'proven', dueAt: dateOf(at), id };
}

/** @throws Problem CURSOR_INVALID for what is no day. */
function dateOf(at: string | undefined): string | null {
  if (at === undefined || at === 'never') return null;
  const date = new Date(at);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== at) throw new Problem('CURSOR_INVALID');
  return at;
}
