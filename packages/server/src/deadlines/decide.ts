import {
  dayOf,
  determine,
  type Instant,
  type Policy,
  type PriorityFacts,
  priorityOf,
  wallDayAt,
} from '@backcheck/core';
import {
  type Determined,
  type FindingFacts,
  inForceFor,
  type PolicyBook,
  type PolicyInForce,
  type StoredFacts,
  WAITS_FOR_NOTICE,
} from '@backcheck/db';

/** Core decides: the policy that holds for this finding, its deadline and its priority. */
export function decided(one: FindingFacts, book: PolicyBook, now: Instant): Determined {
  const { findingId, assetId, state, facts, waitsForUs, waiver } = one;
  const inForce = inForceFor(book, facts.detectedAt);
  const stored = factsBy(one, inForce.policy, now);
  const determination = determine(stored.deadline, inForce.policy, inForce.calendar, now);
  return {
    findingId,
    assetId,
    cycleStart: facts.detectedAt,
    policyId: inForce.policyId,
    calendarId: inForce.calendarId,
    determination: { ...determination, priority: priorityOf(priorityFacts(stored)).priority },
    facts: stored,
    turn: waitsForUs || isUntold(one, inForce) ? 'us' : 'them',
    returned: state === 'regressed',
    waiver,
  };
}

/** What a policy is asked with: key lists begin and end with a day where it counts its days. */
export function factsBy(
  { facts, listed, scoring }: FindingFacts,
  { timeZone }: Pick<Policy, 'timeZone'>,
  now: Instant,
): StoredFacts {
  const today = dayOf(wallDayAt(timeZone, Date.parse(now)));
  const inForce = listed.filter(
    ({ from, to }) => (from === null || from <= today) && (to === null || to >= today),
  );
  const keyLists = [...new Set(inForce.map(({ purpose }) => purpose))].sort();
  return { deadline: { ...facts, keyLists }, scoring };
}

/** The clock waits for a notice that nobody has issued yet. */
const isUntold = ({ facts }: FindingFacts, { policy }: PolicyInForce): boolean =>
  facts.notifiedAt === null && WAITS_FOR_NOTICE.includes(policy.clockStart);

/** What core's priority asks for, of stored facts as of fresh ones. */
export const priorityFacts = ({ deadline, scoring }: StoredFacts): PriorityFacts => ({
  class: deadline.class,
  grade: deadline.grade,
  cve: deadline.cve,
  kev: deadline.kev,
  exploitation: scoring.exploitation,
  automatable: deadline.automatable,
  cvss: scoring.cvss,
  exposed: deadline.exposed,
  level: deadline.level,
  criticalInfrastructure: deadline.criticalInfrastructure,
  importance: scoring.importance,
  keyLists: deadline.keyLists,
});
