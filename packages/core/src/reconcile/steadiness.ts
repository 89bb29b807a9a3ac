import { answerOf } from '../cover/answer.ts';
import { newer } from '../cover/feed.ts';
import { type NeedAt, needOf, type Sighting, type Unsteadiness } from '../cover/need.ts';
import type { Instant } from '../observe/record.ts';
import type { History } from './fold.ts';

/** Runs that say opposite things within so many hours disagree (COVERAGE.md 5.3). */
export const DISAGREEMENT_HOURS = 24;
/** Two returns within so many hours, 90 days, are flapping (COVERAGE.md 5.15). */
export const FLAPPING_HOURS = 90 * 24;

/**
 * A scan of the finding's own tool did not see it when it was known already, and a presence came later that this scan
 * would have shown: it looked from the same place, as deeply, at the same machine.
 */
export interface Contradiction {
  readonly absentAt: Instant;
  readonly presentAt: Instant;
}

const hoursBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

/** Null stands first: a presence that states no feed asks for none. */
const oldest = (keys: readonly (string | null)[]): string | null =>
  keys.reduce((a, b) => (a === null || b === null ? null : newer(a, b) ? b : a), keys[0] ?? null);

/**
 * What an absence must bring to contradict `later`: its method, credential, vantage and machine, and a feed and version
 * no older than the oldest that saw the finding by then. Not those of all presences before it: with these, a presence
 * that is added could take a contradiction away, and so close a finding (I7).
 */
function needToContradict(sightings: readonly Sighting[], later: Sighting): NeedAt {
  const need = needOf([later]);
  if (need === null) throw new Error('a sighting without a need');
  return (at) => {
    const before = sightings.filter((one) => at !== null && one.at < at);
    const first = before.map((one) => one.at).sort()[0];
    // Before the first presence nothing is contradicted: `need` refuses it as STALE.
    if (first === undefined) return need;
    const feedKey = oldest(before.map((one) => one.scan.feedKey));
    return {
      ...need,
      first,
      last: first,
      feedKey,
      versionKey: oldest(before.map((one) => one.scan.versionKey)),
    };
  };
}

/** All of them; each visit of a scan counts by itself. What another tool says in a check's place is no contradiction. */
export function contradictionsOf({
  key,
  sightings,
  silent,
}: Pick<History, 'key' | 'sightings' | 'silent'>): Contradiction[] {
  return sightings.flatMap((later) => {
    const needAt = needToContradict(sightings, later);
    return silent.flatMap((scan) =>
      scan.visits.flatMap((visit): Contradiction[] => {
        const answer = answerOf({ ...scan, visits: [visit] }, key, needAt);
        if (answer?.step !== 'covers' || answer.at >= later.at) return [];
        return [{ absentAt: answer.at, presentAt: later.at }];
      }),
    );
  });
}

/** Whether one return came after the other, and both within the time of flapping: open, gone, open, gone, open. */
const flap = (a: Contradiction, b: Contradiction): boolean =>
  a.presentAt < b.absentAt && hoursBetween(a.absentAt, b.presentAt) <= FLAPPING_HOURS;

/** In the order of UNSTEADINESS; empty for nearly every finding. */
export function unsteadinessOf(contradictions: readonly Contradiction[]): Unsteadiness[] {
  const disagree = contradictions.some(
    (one) => hoursBetween(one.absentAt, one.presentAt) <= DISAGREEMENT_HOURS,
  );
  const flapping = contradictions.some((a) => contradictions.some((b) => flap(a, b)));
  return [...(disagree ? (['disagreement'] as const) : []), ...(flapping ? (['flapping'] as const) : [])];
}
