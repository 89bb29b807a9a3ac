import { type ClockStart, type Instant, type Policy, PRESETS, type WorkingCalendar } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { Db, Tx } from './pool.ts';
import { calendarsOf, type Raw, signer } from './working-calendars.ts';

/** What holds where nobody has assigned anything. */
export const DEFAULT_POLICY = 'cn-default';

export type AppliesTo = 'new' | 'open';

export interface PolicyRow {
  readonly id: string;
  /** Null: of the whole installation. */
  readonly organizationId: number | null;
  readonly version: number;
  readonly preset: boolean;
  readonly content: Policy;
  /** Null: a preset. */
  readonly draftedBy: Signer | null;
  readonly draftedAt: Instant;
  readonly approvedBy: Signer | null;
  /** Null: it cannot be assigned yet. */
  readonly approvedAt: Instant | null;
}

export interface AssignmentRow {
  readonly id: string;
  /** Null: the whole installation. */
  readonly organizationId: number | null;
  readonly organizationName: string | null;
  readonly policyId: string;
  readonly appliesTo: AppliesTo;
  readonly assignedBy: Signer | null;
  readonly assignedAt: Instant;
}

const POLICY = `select p.deadline_policy_id::text as id, p.organization_id as "organizationId", p.version, p.preset, p.content,
  ${signer('p.drafted_by')} as "draftedBy", p.drafted_at, ${signer('p.approved_by')} as "approvedBy", p.approved_at
  from deadline_policy p`;

const policyRow = ({
  drafted_at,
  approved_at,
  ...row
}: Raw<PolicyRow, 'draftedAt' | 'approvedAt'> & {
  readonly drafted_at: Date;
  readonly approved_at: Date | null;
}): PolicyRow => ({
  ...row,
  draftedAt: drafted_at.toISOString(),
  approvedAt: approved_at?.toISOString() ?? null,
});

/** All versions of all policies that the transaction sees, by code, the newest version first. */
export async function listPolicies(db: Db): Promise<PolicyRow[]> {
  const { rows } = await db.query<Parameters<typeof policyRow>[0]>(
    `${POLICY} order by p.preset desc, p.code, p.organization_id nulls first, p.version desc`,
  );
  return rows.map(policyRow);
}

export async function findPolicy(db: Db, id: string): Promise<PolicyRow | null> {
  const { rows } = await db.query<Parameters<typeof policyRow>[0]>(
    `${POLICY} where p.deadline_policy_id = $1::bigint`,
    [id],
  );
  return rows[0] === undefined ? null : policyRow(rows[0]);
}

interface NewPolicy {
  readonly organizationId: number | null;
  readonly content: Policy;
  readonly by: number;
  readonly at: Instant;
}

/** The next version of this code at this node, not approved. Returns its id. */
export async function insertPolicy(tx: Tx, { organizationId, content, by, at }: NewPolicy): Promise<string> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('deadline_policy:' || $1))`, [content.code]);
  const { rows } = await tx.query<{ id: string }>(
    `insert into deadline_policy (organization_id, code, version, content, drafted_by, drafted_at)
     select $1::int, $2::text, coalesce(max(version), 0) + 1, $3::jsonb, $4::int, $5::timestamptz from deadline_policy
       where organization_id is not distinct from $1::int and code = $2::text
     returning deadline_policy_id::text as id`,
    [organizationId, content.code, JSON.stringify(content), by, at],
  );
  return rows[0]?.id ?? '';
}

/** False: it is approved already. */
export async function approvePolicy(
  tx: Tx,
  id: string,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update deadline_policy set approved_by = $2, approved_at = $3 where deadline_policy_id = $1::bigint and approved_at is null',
    [id, by, at],
  );
  return rowCount === 1;
}

const ASSIGNMENT = `select s.policy_assignment_id::text as id, s.organization_id as "organizationId", o.name as "organizationName",
  s.deadline_policy_id::text as "policyId", s.applies_to as "appliesTo", ${signer('s.assigned_by')} as "assignedBy", s.assigned_at
  from policy_assignment s left join organization o on o.organization_id = s.organization_id`;

type RawAssignment = Raw<AssignmentRow, 'assignedAt'> & { readonly assigned_at: Date };
const assignmentRow = ({ assigned_at, ...row }: RawAssignment): AssignmentRow => ({
  ...row,
  assignedAt: assigned_at.toISOString(),
});

/** All that were ever made and that the transaction sees, the latest first. */
export async function listAssignments(db: Db): Promise<AssignmentRow[]> {
  const { rows } = await db.query<RawAssignment>(
    `${ASSIGNMENT} order by s.assigned_at desc, s.policy_assignment_id desc`,
  );
  return rows.map(assignmentRow);
}

export interface NewAssignment {
  readonly organizationId: number | null;
  readonly policyId: string;
  readonly appliesTo: AppliesTo;
  readonly at: Instant;
}

/** Queues the determination of what it concerns, by a trigger (0018_deadlines.sql). */
export async function insertAssignment(
  tx: Tx,
  { organizationId, policyId, appliesTo, at }: NewAssignment,
  by: number,
): Promise<void> {
  await tx.query(
    `insert into policy_assignment (organization_id, deadline_policy_id, applies_to, assigned_by, assigned_at)
     values ($1, $2::bigint, $3, $4, $5)`,
    [organizationId, policyId, appliesTo, by, at],
  );
}

/**
 * Presets and calendars that came with this version of the product, as rows of the installation. One whose content differs
 * from the newest row becomes its next version; where nothing differs nothing is written. Several servers may do it at once.
 */
export async function ensurePresets(
  db: Db,
  {
    policies,
    calendars,
  }: { readonly policies: readonly Policy[]; readonly calendars: readonly WorkingCalendar[] },
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into deadline_policy (code, version, content, preset, drafted_at, approved_at)
     select one ->> 'code', coalesce(last.version, 0) + 1, one, true, $2::timestamptz, $2::timestamptz
     from jsonb_array_elements($1::jsonb) one
     left join lateral (select p.version, p.content from deadline_policy p
       where p.organization_id is null and p.code = one ->> 'code' order by p.version desc limit 1) last on true
     where last.content is distinct from one on conflict do nothing`,
    [JSON.stringify(policies), at],
  );
  // A calendar that somebody replaced is theirs from then on.
  await db.query(
    `insert into working_calendar (code, version, content, taken_in_at, approved_at)
     select one ->> 'code', coalesce((select max(c.version) from working_calendar c
         where c.organization_id is null and c.code = one ->> 'code'), 0) + 1, one, $2::timestamptz, $2::timestamptz
     from jsonb_array_elements($1::jsonb) one
     left join lateral (select c.content, c.taken_in_by from working_calendar c
       where c.organization_id is null and c.code = one ->> 'code' and c.approved_at is not null
       order by c.version desc limit 1) last on true
     where last.taken_in_by is null and last.content is distinct from one on conflict do nothing`,
    [JSON.stringify(calendars), at],
  );
}

/** A policy with the calendar that its working days are counted by. */
export interface PolicyInForce {
  /** Null: the default, before the server has stored its presets. */
  readonly policyId: string | null;
  readonly policyVersion: number;
  readonly policy: Policy;
  readonly calendarId: string | null;
  readonly calendar: WorkingCalendar | null;
}

/** Everything that decides which policy holds for a finding of one organization. */
export interface PolicyBook {
  /** Those that have an assignment, the nearest first; of each the latest assignment first. */
  readonly nodes: readonly BookNode[];
  readonly default: PolicyInForce;
}

interface BookNode {
  /** How far above the organization; 0: itself. */
  readonly depth: number;
  readonly assignments: readonly BookAssignment[];
}

interface BookAssignment {
  readonly appliesTo: AppliesTo;
  readonly assignedAt: Instant;
  readonly inForce: PolicyInForce;
}

/** Where the whole installation stands: above every node. */
const TOP = 1_000_000;

/** How far the node stands above the organization; null: it does not. `nodeId` null: the whole installation. */
export async function depthAbove(
  db: Db,
  organizationId: number,
  nodeId: number | null,
): Promise<number | null> {
  if (nodeId === null) return TOP;
  const { rows } = await db.query<{ depth: number }>(
    'select depth from organization_ancestor where organization_id = $1 and ancestor_id = $2',
    [organizationId, nodeId],
  );
  return rows[0]?.depth ?? null;
}

/** As the book would be with one more assignment, the latest of its node. */
export function withAssignment(
  { nodes, ...book }: PolicyBook,
  depth: number,
  assignment: BookAssignment,
): PolicyBook {
  const here = nodes.find((node) => node.depth === depth)?.assignments ?? [];
  const others = nodes.filter((node) => node.depth !== depth);
  const changed = [...others, { depth, assignments: [assignment, ...here] }];
  return { ...book, nodes: changed.sort((a, b) => a.depth - b.depth) };
}

/**
 * The nearest node that says something about a finding of this cycle decides, there its latest word: an assignment to new
 * findings says nothing about a cycle that had begun before it.
 */
export function inForceFor(book: PolicyBook, cycleStart: Instant): PolicyInForce {
  for (const { assignments } of book.nodes) {
    const says = assignments.find(
      ({ appliesTo, assignedAt }) => appliesTo === 'open' || assignedAt <= cycleStart,
    );
    if (says !== undefined) return says.inForce;
  }
  return book.default;
}

const ASSIGNED = `
with place as (
  select ancestor_id, depth from organization_ancestor where organization_id = $1
  union all select null, ${TOP})
select p.depth, s.applies_to, s.assigned_at, s.deadline_policy_id::text as policy_id, d.version, d.content
from place p
join policy_assignment s on s.organization_id is not distinct from p.ancestor_id
join deadline_policy d using (deadline_policy_id)
order by p.depth, s.assigned_at desc, s.policy_assignment_id desc`;

const DEFAULT = `
select deadline_policy_id::text as policy_id, version, content from deadline_policy
where organization_id is null and preset and code = $1 order by version desc limit 1`;

interface StoredPolicy {
  readonly policy_id: string | null;
  readonly version: number;
  readonly content: Policy;
}

/**
 * The organization's nodes are told as far as the transaction sees them; jobs see all. `calendarId`: as if this draft of
 * a calendar were approved.
 */
export async function policyBook(
  db: Db,
  organizationId: number,
  calendarId: string | null = null,
): Promise<PolicyBook> {
  const assigned = await db.query<
    StoredPolicy & { readonly depth: number; readonly applies_to: AppliesTo; readonly assigned_at: Date }
  >(ASSIGNED, [organizationId]);
  const stored = await db.query<StoredPolicy>(DEFAULT, [DEFAULT_POLICY]);
  const calendars = await calendarsOf(db, organizationId, calendarId);
  const inForce = ({ policy_id, version, content }: StoredPolicy): PolicyInForce => ({
    policyId: policy_id,
    policyVersion: version,
    policy: content,
    ...calendars(content.calendar),
  });
  const byDepth = Map.groupBy(assigned.rows, ({ depth }) => depth);
  return {
    nodes: [...byDepth].map(([depth, rows]) => ({
      depth,
      assignments: rows.map((row) => ({
        appliesTo: row.applies_to,
        assignedAt: row.assigned_at.toISOString(),
        inForce: inForce(row),
      })),
    })),
    default: inForce(stored.rows[0] ?? { policy_id: null, version: 1, content: shippedPolicy() }),
  };
}

/** What holds before the server has stored its presets. */
export function shippedPolicy(): Policy {
  const preset = PRESETS.find(({ code }) => code === DEFAULT_POLICY);
  if (preset === undefined) throw new Error(`the preset ${DEFAULT_POLICY} is missing`);
  return preset;
}

/** As it would be in force at an organization, with the calendar that is nearest there. */
export async function inForceAt(
  db: Db,
  { id, version, content }: PolicyRow,
  organizationId: number,
): Promise<PolicyInForce> {
  const calendars = await calendarsOf(db, organizationId);
  return { policyId: id, policyVersion: version, policy: content, ...calendars(content.calendar) };
}

/** Clocks of these policies do not run before somebody was told. */
export const WAITS_FOR_NOTICE: readonly ClockStart[] = ['notified', 'acknowledged'];
