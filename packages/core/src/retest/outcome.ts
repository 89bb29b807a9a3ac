import { type Answer, better } from '../cover/answer.ts';
import type { State } from '../finding/state.ts';
import type { Reason } from '../observe/record.ts';
import type { RetestObstacle, RetestOutcome } from './vocabulary.ts';

/** What a retest found out about one finding. */
export interface Looked {
  /** A scan of the retest saw it, by its own check or by an equivalent one. */
  readonly seen: boolean;
  /** What the scans of the retest that did not see it say; a stand-in's answer counts as one of these. */
  readonly answers: readonly Answer[];
  /** Whether these cover it from every place from which it was seen. */
  readonly everywhere: boolean;
  /** Whether it was closed when the retest was asked for: then the certificate owes nothing to this retest. */
  readonly closedBefore: boolean;
  /** The finding as everything together leaves it, with the fold's reason where it is not closed. */
  readonly state: State;
  readonly reason: Reason | null;
  /** Why tasks of this finding brought no file, in the order of the tasks. */
  readonly obstacles: readonly (RetestObstacle | Reason)[];
}

export type Concluded =
  | { readonly outcome: Exclude<RetestOutcome, 'inconclusive'>; readonly reason: null }
  | { readonly outcome: 'inconclusive'; readonly reason: RetestObstacle | Reason };

/**
 * What the retest says of a finding. Seen wins over everything. `proven` needs a covering absence of the retest's own
 * and the fold's consent: an absence that is not enough (another place, another machine behind the name) proves
 * nothing, and neither does a finding that some other scan closed. What was closed before may have come back where this
 * retest could not look, and the fold would not know: then the retest must cover every place by itself.
 */
export function outcomeOf(looked: Looked): Concluded {
  const { seen, answers, state, reason, obstacles } = looked;
  if (seen) return { outcome: 'still-present', reason: null };
  const covered = answers.some(({ step }) => step === 'covers');
  const whole = looked.everywhere || !looked.closedBefore;
  if (covered && whole && state === 'verified-fixed') return { outcome: 'proven', reason: null };
  const [obstacle] = obstacles;
  const short = fellShort(answers);
  // Where nothing failed, it was not asked from everywhere.
  if (covered) return { outcome: 'inconclusive', reason: obstacle ?? reason ?? short ?? 'OTHER_VANTAGE' };
  // Files that say nothing about the finding, and no obstacle: the check was not among what ran.
  return { outcome: 'inconclusive', reason: short ?? obstacle ?? 'CHECK_NOT_RUN' };
}

/** Why the answer that came furthest without covering fell short. */
function fellShort(answers: readonly Answer[]): Reason | undefined {
  const short = answers.filter(({ step }) => step !== 'covers');
  const best = short.length === 0 ? undefined : short.reduce(better);
  return best === undefined || best.step === 'covers' ? undefined : best.reason;
}
