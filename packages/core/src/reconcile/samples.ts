import type { Instant } from '../observe/record.ts';
import { SAMPLE_HOURS } from '../observe/register.ts';

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
