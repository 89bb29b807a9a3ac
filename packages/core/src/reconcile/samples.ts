import { answerOf } from '../cover/answer.ts';
import { needOf } from '../cover/need.ts';
import type { Instant } from '../observe/record.ts';
import { SAMPLE_HOURS } from '../observe/register.ts';
import type { History } from './fold.ts';

const SPAN = SAMPLE_HOURS * 3_600_000;

const between = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);

/**
 * The first absences of one place, in the order of the proof, that are enough: one, or so many samples that the
 * last stands a day after the first. Empty when there are not enough.
 */
export function enoughAbsences<A extends { readonly at: Instant }>(
  absences: readonly A[],
  samples = 1,
): readonly A[] {
  const [first] = absences;
  if (first === undefined || samples === 1) return absences.slice(0, 1);
  const last = absences.slice(samples - 1).find((one) => between(first.at, one.at) >= SPAN);
  return last === undefined ? [] : [...absences.slice(0, samples - 1), last];
}

/**
 * Whether the finding was gone and back within a day: two machines may answer in turn (COVERAGE.md 5.3). An absence
 * counts that covers for one presence before it, while another presence follows within a day of that one. Each
 * presence is asked alone: by the need of all of them, one more presence could undo this, and so close (I7).
 */
export function alternated({ key, silent, sightings }: History): boolean {
  return sightings.some((before) => {
    const soon = sightings.filter(({ at }) => at > before.at && between(before.at, at) <= SPAN);
    const until = soon
      .map(({ at }) => at)
      .sort()
      .at(-1);
    const need = needOf([before]);
    if (until === undefined || need === null) return false;
    return silent.some((one) => {
      const visits = one.visits.filter(
        ({ startedAt }) => startedAt !== null && startedAt > before.at && startedAt < until,
      );
      return answerOf({ ...one, visits }, key, () => need)?.step === 'covers';
    });
  });
}
