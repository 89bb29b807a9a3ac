import {
  AssignPolicy,
  ById,
  DatesPreview,
  DeadlinePolicy,
  DeadlinePolicyList,
  DraftPolicy,
} from '@backcheck/contract';
import { flawsOf, type Policy, PRESETS } from '@backcheck/core';
import {
  approvePolicy,
  DEFAULT_POLICY,
  depthAbove,
  findPolicy,
  insertAssignment,
  insertPolicy,
  listAssignments,
  listCalendars,
  listPolicies,
  type PolicyRow,
  type Tx,
} from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { calendarRoutes } from './calendar-routes.ts';
import { preview } from './preview.ts';
import { previewRoutes } from './preview-routes.ts';
import { mustReach } from './reach.ts';

const POLICIES = ['Deadlines'];
const allow = (action: 'read' | 'create' | 'approve') => ({ access: { object: 'policy', action } as const });

export function policyRoutes(app: App, parts: Parts): void {
  listRoute(app);
  draftRoute(app, parts);
  approveRoute(app, parts);
  previewRoute(app, parts);
  assignRoute(app, parts);
  calendarRoutes(app, parts);
  previewRoutes(app);
}

const viewPolicy = ({ organizationId, ...row }: PolicyRow): DeadlinePolicy => ({
  ...row,
  organizationId: organizationId === null ? null : `${organizationId}`,
  content: mutable(row.content),
});

/** Core's lists are readonly; those of the wire are the same lists. */
const mutable = (policy: Policy): DeadlinePolicy['content'] =>
  structuredClone(policy) as DeadlinePolicy['content'];

async function listOf(tx: Tx): Promise<DeadlinePolicyList> {
  const assignments = await listAssignments(tx);
  return {
    items: (await listPolicies(tx)).map(viewPolicy),
    assignments: assignments.map(({ organizationId, ...row }) => ({
      ...row,
      organizationId: organizationId === null ? null : `${organizationId}`,
    })),
    defaultCode: DEFAULT_POLICY,
  };
}

function listRoute(app: App): void {
  app.get(
    '/deadline-policies',
    {
      config: allow('read'),
      schema: {
        tags: POLICIES,
        summary: 'Deadline policies in all versions, and where which one holds',
        response: { 200: DeadlinePolicyList, ...PROBLEM_RESPONSES },
      },
    },
    (request) => request.inScope(listOf),
  );
}

function draftRoute(app: App, { clock }: Parts): void {
  app.post(
    '/deadline-policies',
    {
      config: allow('create'),
      schema: {
        tags: POLICIES,
        summary:
          'Draft a policy, or the next version of one; it holds nowhere until it is approved and assigned',
        body: DraftPolicy,
        response: { 201: DeadlinePolicy, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { content, organizationId } = request.body;
      const node = organizationId === null ? null : Number(organizationId);
      const by = callerOf(request).account.accountId;
      const drafted = await request.inScope(async (tx) => {
        await mustReach(tx, node);
        await mustBeInOrder(tx, content, node);
        const at = clock().toISOString();
        const id = await insertPolicy(tx, { organizationId: node, content, by, at });
        if (node !== null) request.audit.organizationId = node;
        request.audit.objectId = id;
        return viewPolicy(found(await findPolicy(tx, id)));
      });
      return reply.code(201).send(drafted);
    },
  );
}

async function mustBeInOrder(tx: Tx, content: Policy, node: number | null): Promise<void> {
  if (PRESETS.some(({ code }) => code === content.code))
    throw new Problem('POLICY_CODE_OF_PRESET', { code: content.code });
  const calendars = await listCalendars(tx);
  const reaching = [];
  for (const { organizationId, approvedAt, content: calendar } of calendars) {
    if (approvedAt === null) continue;
    if (organizationId === null || (node !== null && (await depthAbove(tx, node, organizationId)) !== null))
      reaching.push(calendar);
  }
  const flaws = flawsOf(content, reaching);
  if (flaws.length === 0) return;
  throw new Problem('POLICY_INVALID', {
    flaws: flaws.map(({ field, text }) => `${field}: ${text.en}.`).join(' '),
    flawsZh: flaws.map(({ field, text }) => `${field}：${text.zh}。`).join(''),
  });
}

function approveRoute(app: App, { clock }: Parts): void {
  app.post(
    '/deadline-policies/:id/approve',
    {
      config: allow('approve'),
      schema: {
        tags: POLICIES,
        summary: 'Approve a drafted version: not for who drafted it',
        params: ById,
        response: { 200: DeadlinePolicy, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { id } = request.params;
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        const policy = found(await findPolicy(tx, id));
        await mustReach(tx, policy.organizationId);
        if (policy.organizationId !== null) request.audit.organizationId = policy.organizationId;
        if (policy.draftedBy?.id === `${by}`) throw new Problem('POLICY_NOT_YOURS_TO_APPROVE');
        if (!(await approvePolicy(tx, id, { by, at: clock().toISOString() })))
          throw new Problem('POLICY_APPROVED_BEFORE');
        return viewPolicy(found(await findPolicy(tx, id)));
      });
    },
  );
}

/** The policy, where it can hold at this node. */
async function assignable(tx: Tx, id: string, node: number | null): Promise<PolicyRow> {
  const policy = found(await findPolicy(tx, id));
  await mustReach(tx, node);
  if (policy.approvedAt === null) throw new Problem('POLICY_NOT_APPROVED');
  const { organizationId } = policy;
  const reaches =
    organizationId === null || (node !== null && (await depthAbove(tx, node, organizationId)) !== null);
  if (!reaches) throw new Problem('POLICY_NOT_OF_THIS_NODE');
  return policy;
}

function previewRoute(app: App, { clock }: Parts): void {
  app.post(
    '/deadline-policies/:id/preview',
    {
      config: allow('approve'),
      schema: {
        tags: POLICIES,
        summary: 'What an assignment would change; nothing is written',
        params: ById,
        body: AssignPolicy,
        response: { 200: DatesPreview, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, appliesTo } = request.body;
      const nodeId = organizationId === null ? null : Number(organizationId);
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        const { id: policyId } = await assignable(tx, request.params.id, nodeId);
        if (nodeId !== null) request.audit.organizationId = nodeId;
        const wish = { nodeId, policyId, appliesTo };
        return preview(tx, { wish, by, now: clock().toISOString() });
      });
    },
  );
}

function assignRoute(app: App, { clock }: Parts): void {
  app.put(
    '/deadline-policies/:id/assignment',
    {
      config: allow('approve'),
      schema: {
        tags: POLICIES,
        summary: 'The policy holds at a node and below it from now on; dates follow soon after',
        params: ById,
        body: AssignPolicy,
        response: { 200: DeadlinePolicyList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { organizationId, appliesTo } = request.body;
      const node = organizationId === null ? null : Number(organizationId);
      const by = callerOf(request).account.accountId;
      return request.inScope(async (tx) => {
        const { id: policyId } = await assignable(tx, request.params.id, node);
        if (node !== null) request.audit.organizationId = node;
        await insertAssignment(
          tx,
          { organizationId: node, policyId, appliesTo, at: clock().toISOString() },
          by,
        );
        return listOf(tx);
      });
    },
  );
}
