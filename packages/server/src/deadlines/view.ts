import type { DeterminedDeadline, FindingDeadline } from '@backcheck/contract';
import { FEEDS, type Instant, type Policy, priorityOf } from '@backcheck/core';
import {
  type DeterminationRow,
  type FindingFacts,
  type feedsInUse,
  type PolicyRow,
  shippedPolicy,
} from '@backcheck/db';
import { factsBy, priorityFacts } from './decide.ts';

/**
 * Date and rule as they were determined, facts and reasons as they are now: what moves no date leaves no row, a day that
 * counted and a new score as little as what somebody declared.
 */
export function viewPresent(
  { determination, ...row }: DeterminationRow,
  stored: PolicyRow | null,
  { now, at }: { readonly now: FindingFacts; readonly at: Instant },
): DeterminedDeadline {
  const policy = stored?.content ?? shippedPolicy();
  const { priority, rule, ...dates } = determination;
  const facts = factsBy(now, policy, at);
  return structuredClone({
    no: row.no,
    determinedAt: row.determinedAt,
    cause: row.cause,
    cycleStart: row.cycleStart,
    policy: row.policy === null ? null : { ...row.policy, ...about(policy) },
    calendar: row.calendar,
    rule: policy.rules.find(({ id }) => id === rule) ?? null,
    ...dates,
    counted: countedOf(now, policy),
    facts: facts.deadline,
    priority: { ...priorityOf(priorityFacts(facts)), priority },
    epss: facts.scoring.epss,
  }) as DeterminedDeadline;
}

/** When the clock ran although somebody waited for us, as far as the policy has anything to say about it. */
function countedOf(
  { facts: { grade, pauses }, counted }: FindingFacts,
  policy: Policy,
): DeterminedDeadline['counted'] {
  if (policy.neverPaused.includes(grade))
    return pauses
      .filter(({ kind }) => policy.pauses.includes(kind))
      .map(({ from, until }) => ({ from, until, why: 'grade' }));
  return policy.pauses.includes('retest') ? [...counted] : [];
}

const about = ({ title, source, timeZone }: Policy) => ({ title, source, timeZone });

export const viewHistory = ({
  no,
  determinedAt,
  cause,
  cycleStart,
  policy,
  determination: { dueAt, paused, priority, rule },
}: DeterminationRow): FindingDeadline['history'][number] => ({
  no,
  determinedAt,
  cause,
  cycleStart,
  dueAt,
  paused,
  priority,
  policy,
  rule,
});

export function viewFeeds(inUse: Awaited<ReturnType<typeof feedsInUse>>): FindingDeadline['feeds'] {
  const of = new Map(inUse.map((one) => [one.feed, one]));
  return FEEDS.map((feed) => {
    const { version = null, publishedAt = null, takenInAt = null } = of.get(feed) ?? {};
    return { feed, version, publishedAt, takenInAt };
  });
}
