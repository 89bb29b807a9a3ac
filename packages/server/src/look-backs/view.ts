import type {
  KnownExploited,
  LookBack,
  LookBackDetail,
  LookBackReport,
  RescanPlan,
} from '@backcheck/contract';
import { regressionRate, worstCase } from '@backcheck/core';
import type {
  KnownExploitedList,
  LookBackRow,
  LookBackStratum,
  OrganizationRow,
  RescanPlan as RescanPlanRow,
} from '@backcheck/db';

export function viewLookBack({ counts, organizationId, rule, ...row }: LookBackRow): LookBack {
  return {
    ...row,
    organizationId: organizationId === null ? null : String(organizationId),
    rule: { ...rule, severities: [...rule.severities], checks: [...rule.checks] },
    report: counts === null ? null : reportOf(counts),
  };
}

/** `names`: of the organizations that are strata. */
export function viewLookBackDetail(row: LookBackRow, names: readonly OrganizationRow[]): LookBackDetail {
  const byId = new Map(names.map((one) => [String(one.organizationId), one]));
  return {
    ...viewLookBack(row),
    strataCounts: (row.counts ?? []).map((count) => {
      const named = row.strata === 'organization' ? byId.get(count.stratum) : undefined;
      const organization =
        named === undefined ? null : { id: count.stratum, name: named.name, nameZh: named.nameZh };
      return { ...count, organization };
    }),
  };
}

type Counted = 'population' | 'drawn' | 'proven' | 'regressed' | 'inconclusive';

function reportOf(strata: readonly LookBackStratum[]): LookBackReport {
  const sum = (member: Counted): number => strata.reduce((so, one) => so + one[member], 0);
  const [drawn, proven, regressed, inconclusive] = [
    sum('drawn'),
    sum('proven'),
    sum('regressed'),
    sum('inconclusive'),
  ];
  const estimate = regressionRate(strata);
  return {
    drawn,
    population: sum('population'),
    proven,
    regressed,
    inconclusive,
    waiting: drawn - proven - regressed - inconclusive,
    regressionRate: estimate?.rate ?? null,
    low: estimate?.low ?? null,
    high: estimate?.high ?? null,
    worstCase: worstCase(strata),
  };
}

export const viewRescanPlan = (plan: RescanPlanRow | null): RescanPlan => ({
  on: plan !== null,
  switchedOnBy: plan?.switchedOnBy ?? null,
  switchedOnAt: plan?.switchedOnAt ?? null,
});

const DAY = 86_400_000;

export function viewKnownExploited(list: KnownExploitedList | null, now: Date): KnownExploited {
  if (list === null) return { version: null, releasedAt: null, takenInAt: null, ageDays: null, entries: 0 };
  const age = Math.floor((now.getTime() - Date.parse(list.releasedAt)) / DAY);
  return { ...list, ageDays: Math.max(0, age) };
}
