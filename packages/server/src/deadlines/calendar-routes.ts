import { ById, type CalendarContent, CalendarList, DatesPreview, TakeInCalendar } from '@backcheck/contract';
import { flawsOfCalendar, type WorkingCalendar } from '@backcheck/core';
import {
  approveCalendar,
  type CalendarRow,
  calendarsOf,
  findCalendar,
  insertCalendar,
  listCalendars,
  listPolicies,
  type PolicyRow,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { calendarWithDays } from './calendar-csv.ts';
import { preview } from './preview.ts';
import { mustReach } from './reach.ts';

const CALENDARS = ['Deadlines'];
const MOST_BYTES = 2_000_000;

/** Which days are working days. A version is never changed: the next one takes its place, and dates follow. */
export function calendarRoutes(app: App, parts: Parts): void {
  readRoute(app);
  takeInRoute(app, parts);
  stepRoutes(app, parts);
}

function readRoute(app: App): void {
  app.get(
    '/working-calendars',
    {
      config: { access: { object: 'policy', action: 'read' } },
      schema: {
        tags: CALENDARS,
        summary: 'Working calendars in all versions, and which policies count by them',
        response: { 200: CalendarList, ...PROBLEM_RESPONSES },
      },
    },
    (request) => request.inScope(listOf),
  );
}

function takeInRoute(app: App, { clock }: Parts): void {
  app.put(
    '/working-calendars',
    {
      bodyLimit: MOST_BYTES,
      config: { access: { object: 'policy', action: 'create' } },
      schema: {
        tags: CALENDARS,
        summary:
          'Take in the next version of a calendar, whole or some years of it as CSV; it counts nothing until somebody else approves it',
        body: TakeInCalendar,
        response: { 200: CalendarList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId } = request.body;
      const node = organizationId === null ? null : Number(organizationId);
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        await mustReach(tx, node);
        const content = await contentOf(tx, request.body, node);
        const flaws = flawsOfCalendar(content);
        if (flaws.length > 0)
          throw new Problem('CALENDAR_INVALID', {
            flaws: flaws.map(({ field, text }) => `${field}: ${text.en}.`).join(' '),
            flawsZh: flaws.map(({ field, text }) => `${field}：${text.zh}。`).join(''),
          });
        if (node !== null) request.audit.organizationId = node;
        const at = clock().toISOString();
        request.audit.objectId = await insertCalendar(tx, { organizationId: node, content, by, at });
        return listOf(tx);
      });
    },
  );
}

const APPROVE = { access: { object: 'policy', action: 'approve' } } as const;

function stepRoutes(app: App, { clock }: Parts): void {
  app.post(
    '/working-calendars/:id/preview',
    {
      config: APPROVE,
      schema: {
        tags: CALENDARS,
        summary: 'How many dates a draft of a calendar would move which way; no date is written',
        params: ById,
        response: { 200: DatesPreview, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        const { id: calendarId, organizationId: nodeId } = await approvable(tx, request);
        return preview(tx, { wish: { nodeId, calendarId }, by, now: clock().toISOString() });
      });
    },
  );
  app.post(
    '/working-calendars/:id/approve',
    {
      config: APPROVE,
      schema: {
        tags: CALENDARS,
        summary: 'The draft counts from now on, and dates follow soon after: not for who took it in',
        params: ById,
        response: { 200: CalendarList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        const calendar = await approvable(tx, request);
        if (calendar.takenInBy?.id === `${by}`) throw new Problem('CALENDAR_NOT_YOURS_TO_APPROVE');
        if (!(await approveCalendar(tx, calendar, { by, at: clock().toISOString() })))
          throw new Problem('CALENDAR_APPROVED_BEFORE');
        return listOf(tx);
      });
    },
  );
}

async function approvable(
  tx: Tx,
  request: FastifyRequest<{ Params: z.infer<typeof ById> }>,
): Promise<CalendarRow> {
  const calendar = found(await findCalendar(tx, request.params.id));
  await mustReach(tx, calendar.organizationId);
  if (calendar.organizationId !== null) request.audit.organizationId = calendar.organizationId;
  return calendar;
}

/** Of CSV the calendar of this code that counts at the node, with other days in these years. */
async function contentOf(tx: Tx, body: TakeInCalendar, node: number | null): Promise<WorkingCalendar> {
  if ('content' in body) return body.content;
  const { calendar } = (await calendarsOf(tx, node))(body.code);
  if (calendar === null) throw new Problem('POLICY_CALENDAR_UNKNOWN', { code: body.code });
  return calendarWithDays(calendar, body.csv);
}

async function listOf(tx: Tx): Promise<CalendarList> {
  const policies = await listPolicies(tx);
  const items = [];
  for (const row of await listCalendars(tx)) {
    const { organizationId, approvedAt, content } = row;
    const isDraft = approvedAt === null;
    const replacesId = isDraft ? (await calendarsOf(tx, organizationId))(content.code).calendarId : null;
    items.push({ ...viewCalendar(row, policies), replacesId });
  }
  return { items };
}

function viewCalendar({ organizationId, content, ...row }: CalendarRow, policies: readonly PolicyRow[]) {
  return {
    ...row,
    organizationId: organizationId === null ? null : `${organizationId}`,
    content: structuredClone(content) as CalendarContent,
    usedBy: newestOf(policies)
      .filter((policy) => policy.content.calendar === content.code)
      .map(({ id, version, content: { code, title } }) => ({ id, version, code, title: { ...title } })),
  };
}

/** They come with the newest version of each first. */
const newestOf = (policies: readonly PolicyRow[]): PolicyRow[] =>
  policies.filter(
    ({ content: { code }, organizationId }, index) =>
      policies.findIndex((one) => one.content.code === code && one.organizationId === organizationId) ===
      index,
  );
