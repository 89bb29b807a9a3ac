import {
  DueFindingList,
  MOST_COUNTED,
  WorkCounts,
  type WorkItem,
  WorkItemList,
  WorkItemQuery,
  WorkListQuery,
  type WorkOrganization,
  WorkQuery,
} from '@backcheck/contract';
import { type Permission, ROLES, sideOf } from '@backcheck/core';
import {
  contactsToCall,
  countDue,
  countWaiting,
  listDue,
  listWaiting,
  type Tx,
  type WaitingKind,
  type WaitingPlace,
  type WaitingRow,
  type WorkScope,
  workScope,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { KEY_ID, pageOf, readKeyset } from '../organizations/keyset.ts';
import { part, readParts } from '../organizations/read-parts.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';

const TAGS = ['Work'];
const may = (object: Permission['object']): Permission => ({ object, action: 'read' });
const READ = may('finding');

/** Whose turn it is, and with which right each kind is seen. */
const KINDS: readonly ({ readonly permission: Permission } & Readonly<
  Record<Turn, readonly WaitingKind[]>
>)[] = [
  { permission: may('reply'), coordinator: ['reply', 'review'], organization: ['signature'] },
  {
    permission: may('notice'),
    coordinator: [
      'batch-to-approve',
      'batch-to-issue',
      'notice-to-approve',
      'notice-to-issue',
      'delivery',
      'escalation',
    ],
    organization: ['receipt'],
  },
  { permission: may('retest'), coordinator: ['retest', 'inconclusive'], organization: ['returned'] },
];
type Turn = 'coordinator' | 'organization';

/** What nobody has told an organization is no business of its own board. */
const UNTOLD = { permission: READ, coordinator: ['unnoticed'], organization: [] } as const;
const COORDINATORS: readonly string[] = ROLES.filter((role) => sideOf(role) === 'coordinator');

const kindsOf = ({ grants }: FastifyRequest): typeof KINDS =>
  grants?.some(({ role }) => COORDINATORS.includes(role)) ? [...KINDS, UNTOLD] : KINDS;

export function workRoutes(app: App, { clock }: Parts): void {
  countsRoute(app, clock);
  for (const list of ['due-soon', 'overdue'] as const) dueRoute(app, list, clock);
  for (const turn of ['coordinator', 'organization'] as const) waitingRoute(app, turn, clock);
}

function countsRoute(app: App, clock: Parts['clock']): void {
  app.get(
    '/work',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: 'How much is due, overdue, and waiting for whom',
        querystring: WorkQuery,
        response: { 200: WorkCounts, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const scopeIn = scopes(request.query.organizationId, clock());
      const due = (list: 'due-soon' | 'overdue') =>
        part(READ, async (tx) => countDue(tx, list, await scopeIn(tx), MOST_COUNTED));
      const waiting = { coordinator: 0, organization: 0 };
      const count = (turn: Turn, kinds: readonly WaitingKind[]) => async (tx: Tx) => {
        // What is more than is shown already is not looked for.
        if (kinds.length === 0 || waiting[turn] > MOST_COUNTED) return;
        waiting[turn] += await countWaiting(tx, kinds, await scopeIn(tx), MOST_COUNTED);
      };
      const { dueSoon, overdue } = await readParts(request, {
        dueSoon: due('due-soon'),
        overdue: due('overdue'),
        ...partsOf(kindsOf(request), ({ coordinator, organization }) => async (tx) => {
          await count('coordinator', coordinator)(tx);
          await count('organization', organization)(tx);
        }),
      });
      const most = (found: number | null) => Math.min(found ?? 0, MOST_COUNTED + 1);
      return {
        dueSoon: most(dueSoon),
        overdue: most(overdue),
        coordinator: most(waiting.coordinator),
        organization: most(waiting.organization),
      };
    },
  );
}

function dueRoute(app: App, list: 'due-soon' | 'overdue', clock: Parts['clock']): void {
  app.get(
    `/work/${list}`,
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: list === 'overdue' ? 'Findings past their date' : 'Findings due within seven days',
        querystring: WorkListQuery,
        response: { 200: DueFindingList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, limit } = request.query;
      const rows = await request.inScope(async (tx) =>
        listDue(tx, list, await workScope(tx, organizationId, clock()), limit),
      );
      const called = await whoToCall(request, rows);
      return { items: rows.map((row) => ({ ...row, organization: called(row.organization) })) };
    },
  );
}

function waitingRoute(app: App, turn: Turn, clock: Parts['clock']): void {
  app.get(
    `/work/${turn}`,
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary: `What waits for the ${turn}`,
        querystring: WorkItemQuery,
        response: { 200: WorkItemList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, cursor, limit } = request.query;
      const page = { after: cursor === undefined ? undefined : readPlace(cursor), limit };
      const scopeIn = scopes(organizationId, clock());
      const kinds = kindsOf(request).filter((one) => one[turn].length > 0);
      const found = await readParts(
        request,
        partsOf(kinds, (one) => async (tx) => listWaiting(tx, one[turn], await scopeIn(tx), page)),
      );
      const rows = Object.values(found)
        .flatMap((one) => one ?? [])
        .sort((a, b) => inOrder(a.place, b.place));
      const { items, nextCursor } = pageOf(rows, limit, { view: (row) => row, key: keyOf });
      const called = await whoToCall(request, items);
      return { items: items.map((row) => viewItem(row, called)), nextCursor };
    },
  );
}

const keyOf = ({ place }: WaitingRow): readonly string[] => [place.at, place.kind, place.no];

/** @throws Problem CURSOR_INVALID */
function readPlace(cursor: string): WaitingPlace {
  const [at = '', kind = '', no = ''] = readKeyset(cursor, [/^[0-9]{1,16}$/, /^[a-z-]{1,40}$/, KEY_ID]);
  return { at, kind, no };
}

/** As each kind is read, for those of several. */
const inOrder = (a: WaitingPlace, b: WaitingPlace): number =>
  Number(a.at) - Number(b.at) || (a.kind === b.kind ? Number(a.no) - Number(b.no) : a.kind < b.kind ? -1 : 1);

/** Each kind under its own right: who reads no retests has none in the list. */
const partsOf = <T>(kinds: typeof KINDS, read: (of: (typeof KINDS)[number]) => (tx: Tx) => Promise<T>) =>
  Object.fromEntries(kinds.map((one) => [one.permission.object, part(one.permission, read(one))]));

/** The scope of each transaction, asked for once in it. */
function scopes(organizationId: string | undefined, now: Date): (tx: Tx) => Promise<WorkScope> {
  const known = new Map<Tx, Promise<WorkScope>>();
  return (tx) => {
    const scope = known.get(tx) ?? workScope(tx, organizationId, now);
    known.set(tx, scope);
    return scope;
  };
}

type Called = (organization: NonNullable<WaitingRow['organization']>) => WorkOrganization;

/** With whom to call there, for those who may read contacts. */
async function whoToCall(
  request: FastifyRequest,
  rows: readonly Pick<WaitingRow, 'organization'>[],
): Promise<Called> {
  const ids = new Set(rows.flatMap(({ organization }) => (organization === null ? [] : [organization.id])));
  const { calls } = await readParts(request, {
    calls: part(may('contact'), (tx) => contactsToCall(tx, [...ids].map(Number))),
  });
  return (organization) => ({ ...organization, call: calls?.get(organization.id) ?? null });
}

const viewItem = ({ place: _, organization, ...row }: WaitingRow, called: Called): WorkItem => ({
  ...row,
  organization: organization === null ? null : called(organization),
  what: DRAFTS.includes(row.kind) ? titleIn(row.what) : row.what,
});

const DRAFTS: readonly WaitingKind[] = ['notice-to-approve', 'notice-to-issue'];

/** A draft's title has both languages; one of them may be empty. */
function titleIn(what: string | null): string | null {
  if (what === null) return null;
  const { zh, en } = JSON.parse(what);
  return zh || en || null;
}
