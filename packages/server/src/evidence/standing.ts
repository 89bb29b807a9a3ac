import { RETENTION_KINDS, type RetentionKind } from '@backcheck/contract';
import type { Citation } from '@backcheck/db';

/** Days by kind; null: for good. */
export type RetentionDays = Readonly<Record<RetentionKind, number | null>>;

/** How a file stands under the rules at one moment, and what it is counted as. */
export type Standing =
  | { readonly is: 'held'; readonly kind: RetentionKind }
  | { readonly is: 'kept'; readonly kind: RetentionKind }
  | { readonly is: 'over'; readonly kind: RetentionKind; readonly days: number };

const DAY = 86_400_000;

/**
 * All that cite a file must be over before it is: the one that keeps it longest decides. What needs it holds it whatever
 * the rules say, so no rule can be set that loses what a certificate cites.
 */
export function standingOf(
  citations: readonly Pick<Citation, 'kind' | 'since'>[],
  rules: RetentionDays,
  now: Date,
): Standing {
  const ends = citations.map(({ kind: named, since }) => {
    const kind = RETENTION_KINDS.find((one) => one === named);
    // Cited by a place that no rule speaks of.
    if (kind === undefined)
      return { kind: 'scan' as const, held: true, days: 0, end: Number.POSITIVE_INFINITY };
    const days = kind === 'upload' ? daysOfUpload(rules) : rules[kind];
    const end = since === null || days === null ? Number.POSITIVE_INFINITY : Date.parse(since) + days * DAY;
    return { kind, held: since === null, days: days ?? 0, end };
  });
  const holding = ends.find(({ held }) => held);
  if (holding !== undefined) return { is: 'held', kind: holding.kind };
  const [first, ...others] = ends;
  if (first === undefined) throw new Error('a file that nothing cites has no standing of its own');
  const { kind, days, end } = others.reduce((longest, one) => (one.end > longest.end ? one : longest), first);
  return end > now.getTime() ? { is: 'kept', kind } : { is: 'over', kind, days };
}

/** What nothing took has a day in any case: what takes it may be on its way. */
export const daysOfUpload = ({ upload }: Pick<RetentionDays, 'upload'>): number | null =>
  upload === null ? null : Math.max(upload, 1);

/** A file that nothing cites is as an upload that nothing took. */
export function standingOfUncited(putAt: Date, rules: RetentionDays, now: Date): Standing {
  const days = daysOfUpload(rules);
  const isOver = days !== null && putAt.getTime() + days * DAY <= now.getTime();
  return isOver ? { is: 'over', kind: 'upload', days } : { is: 'kept', kind: 'upload' };
}
