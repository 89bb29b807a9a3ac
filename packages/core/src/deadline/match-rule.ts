import type { DeadlineFacts } from './determination.ts';
import type { Condition, Policy, PolicyRule } from './policy.ts';

type Matched = Omit<DeadlineFacts, 'detectedAt' | 'notifiedAt' | 'acknowledgedAt' | 'pauses' | 'extensions'>;

/** The first rule of the policy that holds for these facts; null: the policy says nothing about such a finding. */
export function ruleFor(facts: Matched, policy: Policy): PolicyRule | null {
  const { exposed, automatable, technicalImpact } = facts;
  const known = {
    ...facts,
    exposed: exposed ?? policy.unknownExposure,
    automatable: automatable ?? policy.unknownAutomatable,
    technicalImpact: technicalImpact ?? policy.unknownTechnicalImpact,
  };
  return (
    policy.rules.find(({ when }) => when.length === 0 || when.some((condition) => holds(condition, known))) ??
    null
  );
}

function holds(condition: Condition, facts: Matched): boolean {
  const { grade, keyList, levelFrom, cveYearFrom } = condition;
  return (
    (grade === undefined || grade.includes(facts.grade)) &&
    (condition.class === undefined || condition.class.includes(facts.class)) &&
    is(condition.kev, facts.kev !== null) &&
    is(condition.exposed, facts.exposed) &&
    is(condition.automatable, facts.automatable) &&
    is(condition.technicalImpact, facts.technicalImpact) &&
    is(condition.criticalInfrastructure, facts.criticalInfrastructure) &&
    is(condition.hasCve, facts.cve.length > 0) &&
    (levelFrom === undefined || (facts.level !== null && facts.level >= levelFrom)) &&
    (keyList === undefined || keyList.some((purpose) => facts.keyLists.includes(purpose))) &&
    (cveYearFrom === undefined || newestYear(facts.cve) >= cveYearFrom)
  );
}

function is<Value>(wanted: Value | undefined, value: Value): boolean {
  return wanted === undefined || wanted === value;
}

/** "CVE-2021-44228": the year in which the number was reserved. */
function newestYear(cve: readonly string[]): number {
  return Math.max(0, ...cve.map((one) => Number(/^CVE-(\d{4})-/.exec(one)?.[1] ?? 0)));
}
