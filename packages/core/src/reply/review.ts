import type { Instant } from '../observe/record.ts';
import { REVIEW_AHEAD, type ReplyFlaw } from './limits.ts';

const DAY = 86_400_000;
/** Domain section 5.8 asks for review dates beside the end: a borne risk is looked at again at least so often. */
const LONGEST_REVIEW = 90 * DAY;

const later = (than: Instant, milliseconds: number): Instant =>
  new Date(Date.parse(than) + milliseconds).toISOString();

/** The latest moment at which a risk that is borne until then can be looked at again. */
export const latestReview = (until: Instant, now: Instant): Instant => {
  const latest = later(now, LONGEST_REVIEW);
  return latest < until ? latest : until;
};

/**
 * When a risk is looked at again where nobody says otherwise: when half of the time is over. Close to its end it is judged
 * anew as a whole (`REVIEW_AHEAD`), and halves of halves would ask every few days.
 */
export function usualReview(until: Instant, now: Instant): Instant {
  const left = Date.parse(until) - Date.parse(now);
  return left <= REVIEW_AHEAD ? until : later(now, Math.min(left / 2, LONGEST_REVIEW));
}

/** Why a risk that is borne until then is not looked at again at this moment; null: it can be. */
export function reviewFlaw(reviewAt: Instant, until: Instant, now: Instant): ReplyFlaw | null {
  if (reviewAt <= now) return { code: 'DATE_PAST' };
  const latest = latestReview(until, now);
  return reviewAt > latest ? { code: 'TOO_LONG', latest } : null;
}

/** `due` for a day, then `overdue`: the risk is borne all the same, because only its end was agreed. */
export type ReviewStanding = 'ahead' | 'due' | 'overdue';

export function reviewStanding(reviewAt: Instant, now: Instant): ReviewStanding {
  if (now < reviewAt) return 'ahead';
  return now < later(reviewAt, DAY) ? 'due' : 'overdue';
}
