import {
  type Available,
  ENGINES,
  type EngineName,
  engineOfCheck,
  type PlannedTask,
  type RetestObstacle,
  scopeOf,
  type ToRetest,
  type WayToProve,
} from '@backcheck/core';
import {
  type AuthorizationRow,
  type FindingToRetest,
  findingsToRetest,
  liveAuthorizations,
  type ToolInReach,
  type Tx,
  toolsInReach,
} from '@backcheck/db';
import { Problem } from '../platform/problem.ts';
import { chooseAuthorization, coveringAuthorizations, type Standing } from './choose-authorization.ts';

/** A runner that was not seen for so long is not counted on. */
const SEEN_LATELY = 15_000;

export interface PlannedUnder extends PlannedTask {
  readonly standing: Standing;
}

export interface UnprovableFinding {
  readonly findingId: string;
  readonly reason: RetestObstacle;
  readonly wouldProve: readonly WayToProve[];
  /** The package that brings the missing tool, where a runner could say so. */
  readonly install: string | null;
}

export interface RetestPlanned {
  readonly organizationId: number;
  readonly findings: readonly FindingToRetest[];
  readonly tasks: readonly PlannedUnder[];
  readonly unprovable: readonly UnprovableFinding[];
}

/** What a retest of these findings would do now: who looks at what, under which authorization. Writes nothing. */
export async function planRetest(tx: Tx, findingIds: readonly string[], now: Date): Promise<RetestPlanned> {
  const { organizationId, findings } = await findingsOfOne(tx, findingIds);
  const since = new Date(now.getTime() - SEEN_LATELY).toISOString();
  const tools = await toolsInReach(tx, organizationId, since);
  const at = now.toISOString();
  const authorizations = await liveAuthorizations(tx, organizationId, at);
  const covered = Map.groupBy(findings, (finding) =>
    coveringAuthorizations(finding, authorizations, at)
      .map(({ id }) => id)
      .join(),
  );
  const scopes = [...covered].map(([ids, group]) => {
    const under = authorizations.filter(({ id }) => ids.split(',').includes(id));
    return planUnder(group, { tools, under, authorizations, at });
  });
  return {
    organizationId,
    findings,
    tasks: scopes.flatMap(({ tasks }) => tasks),
    unprovable: scopes.flatMap(({ unprovable }) => unprovable),
  };
}

/** @throws Problem NOT_FOUND, FINDINGS_OF_SEVERAL */
export async function findingsOfOne(
  tx: Tx,
  findingIds: readonly string[],
): Promise<Pick<RetestPlanned, 'organizationId' | 'findings'>> {
  const findings = await findingsToRetest(tx, findingIds);
  const [first] = findings;
  const found = new Set(findings.flatMap(({ askedIds }) => askedIds));
  if (first === undefined || !findingIds.every((id) => found.has(id))) throw new Problem('NOT_FOUND');
  const { organizationId } = first;
  if (findings.some((one) => one.organizationId !== organizationId)) throw new Problem('FINDINGS_OF_SEVERAL');
  return { organizationId, findings };
}

interface Means {
  readonly tools: readonly ToolInReach[];
  /** Those that cover the targets of this group. */
  readonly under: readonly AuthorizationRow[];
  readonly authorizations: readonly AuthorizationRow[];
  readonly at: string;
}

/** Where nothing covers the targets, the scope is what an authorization would have to allow. */
function planUnder(
  group: readonly FindingToRetest[],
  { tools, under, authorizations, at }: Means,
): Pick<RetestPlanned, 'tasks' | 'unprovable'> {
  const available = tools.flatMap(availableOf);
  const authorized = {
    rate: Math.max(...under.map(({ rate }) => rate)),
    allows: (method: PlannedTask['method']) =>
      under.some((one) => one.allowed.includes(method) && !one.forbidden.includes(method)),
  };
  const scope = scopeOf(group, available, ...(under.length === 0 ? [] : [authorized]));
  return {
    tasks: scope.tasks.map((task) => {
      const slowest = slowestOf(task, group);
      return { ...task, standing: chooseAuthorization(task, { under, authorizations, slowest, at }) };
    }),
    unprovable: scope.unprovable.map(({ findingId, obstacle, wouldProve }) => ({
      findingId,
      reason: obstacle,
      wouldProve,
      install: obstacle === 'TOOL_MISSING' ? installOf(group, findingId, tools) : null,
    })),
  };
}

function availableOf({ engine, version, vantage }: ToolInReach): Available[] {
  const known = ENGINES.find((one) => one === engine);
  return known === undefined || version === null ? [] : [{ engine: known, version, vantage }];
}

/** New connections a second that the engine needs for this task. */
function slowestOf({ questions }: PlannedTask, group: readonly ToRetest[]): number {
  const needed = questions.flatMap(({ findingId, check, locus }) => {
    const key = group.find((one) => one.findingId === findingId)?.key;
    return key === undefined ? [] : (engineOfCheck(check)?.ability({ ...key, check, locus })?.slowest ?? []);
  });
  return Math.max(1, ...needed);
}

/** As if every runner had everything: what would be used then is what is missing. */
function installOf(
  group: readonly ToRetest[],
  findingId: string,
  tools: readonly ToolInReach[],
): string | null {
  const finding = group.find((one) => one.findingId === findingId);
  if (finding === undefined) return null;
  const everything = finding.need.vantages.flatMap((vantage) =>
    ENGINES.map((engine: EngineName): Available => ({ engine, version: '9999', vantage })),
  );
  const wanted = scopeOf([finding], everything).tasks.map(({ engine }) => engine);
  return (
    tools.find(({ engine, install }) => install !== null && wanted.some((one) => one === engine))?.install ??
    null
  );
}
