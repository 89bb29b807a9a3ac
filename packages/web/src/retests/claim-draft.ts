import type { ClaimFix, FixCause } from '@backcheck/contract';
import type { z } from 'zod';

/** A claim of fix as it is being written. */
export interface ClaimDraft {
  readonly cause: FixCause | null;
  readonly measure: string;
  /** `2026-11-21` */
  readonly fixedOn: string | null;
  readonly fixedBy: string;
  readonly answerable: string;
  readonly residualRisk: string;
  readonly similar: { readonly found: number; readonly fixed: number } | null;
}

export const EMPTY_CLAIM: ClaimDraft = {
  cause: null,
  measure: '',
  fixedOn: null,
  fixedBy: '',
  answerable: '',
  residualRisk: '',
  similar: null,
};

export const CAUSE = 'fix-cause';
export const MEASURE = 'fix-measure';

/** Ids of the fields that are missing, in the order of the form. */
export const missingOf = ({ cause, measure }: ClaimDraft): string[] => [
  ...(cause === null ? [CAUSE] : []),
  ...(measure.trim() === '' ? [MEASURE] : []),
];

/** Of a draft in which nothing is missing. Of similar ones no more can be fixed than were found. */
export function claimOf(
  draft: ClaimDraft,
  findingIds: readonly string[],
  uploadIds: readonly string[],
): z.input<typeof ClaimFix> {
  const { cause, measure, similar, fixedOn, fixedBy, answerable, residualRisk } = draft;
  const said = Object.entries({ fixedOn: fixedOn ?? '', fixedBy, answerable, residualRisk });
  return {
    findingIds: [...findingIds],
    uploadIds: [...uploadIds],
    cause: cause ?? 'other',
    measure: measure.trim(),
    similar: similar === null ? null : { ...similar, fixed: Math.min(similar.fixed, similar.found) },
    ...Object.fromEntries(
      said.map(([name, words]) => [name, words.trim()]).filter(([, words]) => words !== ''),
    ),
  };
}
