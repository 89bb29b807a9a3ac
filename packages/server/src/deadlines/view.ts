import type { DeterminedDeadline, FindingDeadline } from '@backcheck/contract';
import { FEEDS, type Policy, PRESETS, priorityOf } from '@backcheck/core';
import {
  DEFAULT_POLICY,
  type DeterminationRow,
  type FindingFacts,
  type feedsInUse,
  type PolicyRow,
} from '@backcheck/db';
import { priorityFacts } from './decide.ts';

/**
 * The reasons of a priority are said anew from the facts that were kept: the function has no other input. `now`: as they
 * are, because a day that counted changed no date and so left no row.
 */
export function viewPresent(
  row: DeterminationRow,
  stored: PolicyRow | null,
  now: FindingFacts | null,
): DeterminedDeadline {
  const { determination, facts, policy: of } = row;
  const policy = stored?.content ?? PRESETS.find(({ code }) => code === DEFAULT_POLICY);
  const { priority: _, rule, ...dates } = determination;
  const said = priorityOf(priorityFacts(facts));
  return structuredClone({
    no: row.no,
    determinedAt: row.determinedAt,
    cause: row.cause,
    cycleStart: row.cycleStart,
    policy: of === null || policy === undefined ? null : { ...of, ...about(policy) },
    calendar: row.calendar,
    rule: policy?.rules.find(({ id }) => id === rule) ?? null,
    ...dates,
    counted: policy === undefined || now === null ? [] : countedOf(now, policy),
    facts: facts.deadline,
    priority: { ...said, priority: determination.priority },
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
  determination: { dueAt, priority, rule },
}: DeterminationRow): FindingDeadline['history'][number] => ({
  no,
  determinedAt,
  cause,
  cycleStart,
  dueAt,
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
