import type { AuthorizationTerms } from '@backcheck/contract';
import {
  type AuthorizationFlawCode,
  PROBE_METHODS,
  type ProbeMethod,
  readAuthorizationFlaws,
  type TestWindow,
} from '@backcheck/core';
import type { z } from 'zod';

/** An authorization as it is being written down. */
export interface TermsDraft {
  readonly organizationId: string | undefined;
  readonly title: string;
  /** One range or name a line. */
  readonly targets: string;
  readonly allowed: readonly ProbeMethod[];
  readonly forbidden: readonly ProbeMethod[];
  readonly windows: readonly TestWindow[];
  readonly timeZone: string;
  readonly rate: number;
  /** One a line. */
  readonly sources: string;
  readonly contactName: string;
  readonly contactPhone: string;
  readonly signedBy: string;
  readonly expiresAt: string | null;
  readonly file: File | null;
}

export const emptyDraft = (timeZone: string): TermsDraft => ({
  organizationId: undefined,
  title: '',
  targets: '',
  allowed: PROBE_METHODS.filter((one) => one !== 'crawl'),
  forbidden: [],
  windows: [],
  timeZone,
  rate: 20,
  sources: '',
  contactName: '',
  contactPhone: '',
  signedBy: '',
  expiresAt: null,
  file: null,
});

/** The parts of a form that can be missing, in its order. */
export const DRAFT_FIELDS = [
  'organizationId',
  'title',
  'targets',
  'allowed',
  'contactName',
  'contactPhone',
  'signedBy',
  'expiresAt',
  'file',
] as const;
export type DraftField = (typeof DRAFT_FIELDS)[number];

const isEmpty = (value: TermsDraft[DraftField]): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0);

export const missingFields = (draft: TermsDraft): DraftField[] =>
  DRAFT_FIELDS.filter((field) => isEmpty(draft[field]));

const entries = (text: string): string[] =>
  text
    .split(/[\s,;，；、]+/)
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');

const isAddress = (text: string): boolean => /^[0-9.]+(\/\d+)?$/.test(text) || text.includes(':');

/** A single address is a range of one. */
const asRange = (text: string): string =>
  text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;

/** What is sent. */
export function termsOf(draft: TermsDraft, now: string): z.input<typeof AuthorizationTerms> {
  const targets = entries(draft.targets);
  return {
    title: draft.title.trim(),
    ranges: targets.filter(isAddress).map(asRange),
    names: targets.filter((one) => !isAddress(one)),
    allowed: [...draft.allowed],
    forbidden: [...draft.forbidden],
    windows: draft.windows.map(({ days, from, until }) => ({ days: [...days], from, until })),
    timeZone: draft.timeZone,
    rate: draft.rate,
    sourceAddresses: entries(draft.sources),
    stopContact: { name: draft.contactName.trim(), phone: draft.contactPhone.trim() },
    signedBy: draft.signedBy.trim(),
    validFrom: now,
    expiresAt: draft.expiresAt ?? now,
  };
}

/** A field that is filled in and not in order. */
export interface DraftFlaw {
  readonly field: DraftField | 'windows' | 'timeZone' | 'rate';
  readonly code: AuthorizationFlawCode;
  /** What was written, where the field holds several. */
  readonly value: string | null;
}

/** By the rule of core, so that the form says at once and at its place what the server would refuse. */
export function flawsOf(draft: TermsDraft, now: string): DraftFlaw[] {
  const terms = termsOf(draft, now);
  const forbidden = terms.forbidden ?? [];
  return readAuthorizationFlaws({ ...terms, forbidden, windows: draft.windows }).map(({ field, code }) => {
    const [name = '', index] = field.split('.');
    const at = Number(index ?? Number.NaN);
    if (name === 'ranges' || name === 'names')
      return { field: 'targets', code, value: terms[name][at] ?? null };
    return { field: FLAWED.find((one) => one === name) ?? 'targets', code, value: null };
  });
}

const FLAWED = ['allowed', 'windows', 'timeZone', 'rate', 'expiresAt'] as const;
