import type { ClaimFix, FixCause } from '@backcheck/contract';
import type { z } from 'zod';

/** A claim of fix as it is being written. */
export interface ClaimDraft {
  readonly cause: FixCause;
  readonly measure: string;
  readonly similar: { readonly found: number; readonly fixed: number } | null;
}

export const EMPTY_CLAIM: ClaimDraft = { cause: 'misconfiguration', measure: '', similar: null };

/** Of similar ones no more can be fixed than were found. */
export const claimOf = (
  { cause, measure, similar }: ClaimDraft,
  findingIds: readonly string[],
): z.input<typeof ClaimFix> => ({
  findingIds: [...findingIds],
  cause,
  measure: measure.trim(),
  similar: similar === null ? null : { ...similar, fixed: Math.min(similar.fixed, similar.found) },
});
