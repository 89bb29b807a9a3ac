import type { PublishLookBack } from '@backcheck/contract';
import type { LookBackStrata, Severity } from '@backcheck/core';

/** The form of a new look-back, as it is typed. */
export interface LookBackDraft {
  readonly organizationId: string | undefined;
  readonly title: string;
  readonly closedFrom: string | null;
  readonly closedUntil: string | null;
  readonly severities: readonly Severity[];
  readonly knownExploited: boolean;
  /** One check in a line. */
  readonly checks: string;
  readonly all: boolean;
  readonly sample: string;
  readonly strata: LookBackStrata;
  readonly seed: string;
}

export const EMPTY_DRAFT: LookBackDraft = {
  organizationId: undefined,
  title: '',
  closedFrom: null,
  closedUntil: null,
  severities: [],
  knownExploited: false,
  checks: '',
  all: false,
  sample: '50',
  strata: 'severity',
  seed: '',
};

export type DraftFlaw = 'title' | 'sample' | 'seed';

const MOST = 100_000;

/** The fields that cannot be sent so, in the order of the form. */
export function flawsOf({ title, all, sample, seed }: LookBackDraft): DraftFlaw[] {
  const size = Number(sample);
  const flaws: DraftFlaw[] = [];
  if (title.trim() === '') flaws.push('title');
  if (!all && !(Number.isInteger(size) && size >= 1 && size <= MOST)) flaws.push('sample');
  if (seed.trim() !== '' && !/^[0-9a-f]{64}$/i.test(seed.trim())) flaws.push('seed');
  return flaws;
}

/** What is sent; only for a draft without flaws. */
export function wantedOf(draft: LookBackDraft): PublishLookBack {
  const { organizationId, title, closedFrom, closedUntil, severities, knownExploited } = draft;
  const checks = draft.checks
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const seed = draft.seed.trim().toLowerCase();
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    title: title.trim(),
    rule: { closedFrom, closedUntil, severities: [...severities], knownExploited, checks },
    sample: draft.all ? null : Number(draft.sample),
    strata: draft.strata,
    ...(seed === '' ? {} : { seed }),
  };
}
