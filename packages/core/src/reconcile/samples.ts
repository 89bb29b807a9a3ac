import type { Need, Unsteadiness } from '../cover/need.ts';
import type { Instant } from '../observe/record.ts';
import { SAMPLE_HOURS, SAMPLES } from '../observe/register.ts';

/** What an unsteady finding asks of each vantage: so many absences, and so long from the first to the last. */
const DEMANDS: Readonly<Record<Unsteadiness, { readonly samples: number; readonly hours: number }>> = {
  disagreement: { samples: SAMPLES, hours: SAMPLE_HOURS },
  flapping: { samples: 2, hours: 72 },
};

/** The part of a need that says how many absences must show it. */
export type SampleNeed = Pick<Need, 'samples' | 'unsteady'>;

/** The fewest absences that all these reasons together are content with. */
export const fewestSamples = (unsteady: readonly Unsteadiness[] = []): number =>
  Math.max(1, ...unsteady.map((one) => DEMANDS[one].samples));

/** How long, in hours, from the first of several absences of a vantage to the last. */
export const sampleHours = ({ unsteady = [] }: SampleNeed): number =>
  Math.max(SAMPLE_HOURS, ...unsteady.map((one) => DEMANDS[one].hours));

/** The need for samples: `registered` are those that the register asks for. Several reasons must all be met. */
export function sampleNeedOf(registered: number, unsteady: readonly Unsteadiness[]): SampleNeed {
  const samples = Math.max(registered, fewestSamples(unsteady));
  return {
    ...(samples === 1 ? {} : { samples }),
    ...(unsteady.length === 0 ? {} : { unsteady }),
  };
}

const hoursBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

/**
 * The first absences of one place, in the order of the proof, that are enough: one, or so many samples that the
 * last stands long enough after the first. Empty when there are not enough.
 */
export function enoughAbsences<A extends { readonly at: Instant }>(
  absences: readonly A[],
  need: SampleNeed,
): readonly A[] {
  const { samples = 1 } = need;
  const [first] = absences;
  if (first === undefined || samples === 1) return absences.slice(0, 1);
  const hours = sampleHours(need);
  const last = absences.slice(samples - 1).find((one) => hoursBetween(first.at, one.at) >= hours);
  return last === undefined ? [] : [...absences.slice(0, samples - 1), last];
}
