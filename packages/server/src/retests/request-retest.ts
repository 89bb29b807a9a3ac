import type { RetestObstacle, RetestOrigin } from '@backcheck/core';
import {
  insertRetest,
  insertRetestFindings,
  insertRetestTasks,
  type NewRetestTask,
  type RetestKey,
  type Tx,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { concludeRetest } from './conclude-retest.ts';
import { type PlannedUnder, planRetest, type RetestPlanned } from './plan-retest.ts';

/** Smaller is sooner. */
export const PRIORITY = { people: 10, lookBack: 50, urgentPlan: 60, plan: 100 } as const;

export interface RetestWanted {
  readonly organizationId: number;
  /** All of that organization; at most 500. */
  readonly findingIds: readonly string[];
  readonly origin: RetestOrigin;
  /** An account id: whose the imports of its files are. */
  readonly requestedBy: number;
  readonly priority: number;
  readonly note: string | null;
  readonly fixClaimId: string | null;
  readonly lookBackId: string | null;
  readonly now: Date;
  /** The Idempotency-Key header, with the SHA-256 of the request in hex. */
  readonly idempotency?: { readonly key: string; readonly sha256: string };
}

/** What was asked for and refused as a whole, for the audit log. */
export class NotAuthorized extends Problem {
  readonly targets: readonly string[];
  constructor(targets: readonly string[]) {
    super('NOT_AUTHORIZED');
    this.targets = targets;
  }
}

export interface RetestMade {
  readonly retestId: string;
  /** What was asked for beside it and is under no authorization: nobody looks there. */
  readonly refusedTargets: readonly string[];
}

/**
 * Plans a retest and queues its tasks in the caller's transaction; runners take them from there. What nothing here can
 * prove has its outcome at once, and a retest that nothing can run for ends at once. People are refused where nothing
 * of what they ask is authorized (`NotAuthorized`); campaigns and plans have it written down as the outcome.
 * Null when the account has already used the idempotency key.
 * @throws Problem NOT_FOUND, FINDINGS_OF_SEVERAL
 */
export async function requestRetest(
  tx: Tx,
  parts: Pick<Parts, 'log'>,
  wanted: RetestWanted & { readonly idempotency?: undefined },
): Promise<RetestMade>;
export async function requestRetest(
  tx: Tx,
  parts: Pick<Parts, 'log'>,
  wanted: RetestWanted,
): Promise<RetestMade | null>;
export async function requestRetest(
  tx: Tx,
  { log }: Pick<Parts, 'log'>,
  wanted: RetestWanted,
): Promise<RetestMade | null> {
  const { organizationId, now, priority, idempotency } = wanted;
  const plan = await planRetest(tx, wanted.findingIds, now);
  if (plan.organizationId !== organizationId) throw new Problem('FINDINGS_OF_SEVERAL');
  if (isRefused(plan, wanted.origin)) throw new NotAuthorized(targetsOf(plan));
  const retestId = await insertRetest(tx, {
    ...wanted,
    requestedAt: now.toISOString(),
    idempotencyKey: idempotency?.key ?? null,
    requestSha256: idempotency?.sha256 ?? null,
  });
  if (retestId === null) return null;
  const key: RetestKey = { organizationId, retestId };
  await insertRetestFindings(tx, key, findingsOf(plan));
  const tasks = plan.tasks.map(taskOf);
  await insertRetestTasks(tx, key, { tasks, priority, at: now.toISOString() });
  await concludeRetest(tx, key, now);
  log.info({ retestId, origin: wanted.origin, tasks: tasks.length }, 'retest requested');
  return { retestId, refusedTargets: refusedOf(plan) };
}

const UNSIGNED: readonly RetestObstacle[] = ['NOT_AUTHORIZED', 'ADDRESS_REFUSED'];

function isRefused({ tasks, unprovable }: RetestPlanned, origin: RetestOrigin): boolean {
  const people = origin === 'request' || origin === 'order';
  const obstacles = [
    ...tasks.map(({ standing }) => ('obstacle' in standing ? standing.obstacle : null)),
    ...unprovable.map(({ reason }) => reason),
  ];
  const runs = obstacles.includes(null);
  return people && !runs && obstacles.some((one) => one !== null && isUnsigned(one));
}

const targetsOf = ({ tasks, findings }: RetestPlanned): string[] => [
  ...new Set([
    ...tasks.map(({ host }) => host),
    ...findings.map(({ identifiers, key }) => identifiers[0]?.value ?? key.asset),
  ]),
];

const isUnsigned = (one: RetestObstacle): boolean => UNSIGNED.includes(one);

function refusedOf({ tasks, unprovable, findings }: RetestPlanned): string[] {
  const refused = new Set(unprovable.flatMap((one) => (isUnsigned(one.reason) ? [one.findingId] : [])));
  const hosts = tasks.flatMap(({ host, standing }) =>
    'obstacle' in standing && isUnsigned(standing.obstacle) ? [host] : [],
  );
  const known = findings.filter(({ findingId }) => refused.has(findingId));
  return [...new Set([...hosts, ...known.map(({ identifiers, key }) => identifiers[0]?.value ?? key.asset)])];
}

function findingsOf({ findings, unprovable }: RetestPlanned) {
  const reasons = new Map(unprovable.map((one) => [one.findingId, one]));
  return findings.map(({ findingId, assetId }) => {
    const found = reasons.get(findingId);
    const why = found === undefined ? null : { obstacle: found.reason, wouldProve: found.wouldProve };
    return { findingId, assetId, unprovable: why };
  });
}

function taskOf({ standing, ...task }: PlannedUnder): NewRetestTask {
  if ('obstacle' in standing) return { ...task, standsUnder: standing };
  const { authorizationId, rate } = standing;
  return { ...task, standsUnder: { authorizationId, rate } };
}
