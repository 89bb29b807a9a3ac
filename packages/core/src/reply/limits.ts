import type { Policy } from '../deadline/policy.ts';
import type { Instant, Severity } from '../observe/record.ts';
import type { ObjectionGround, ReplyKind } from './vocabulary.ts';

const DAY = 86_400_000;
/** Domain section 5.8: a risk is borne for at most half a year, then judged anew. */
const LONGEST_ACCEPTANCE = 180 * DAY;
/** A tool learns: what it reports wrongly today is looked at again within a year. */
const LONGEST_FALSE_POSITIVE = 365 * DAY;

/** Of domain section 6.7; where no policy holds, nobody gets more than where one does. */
export const USUAL_EXTENSION: Policy['extension'] = { most: 2, upToTerm: true, needsInterim: true };

/** A finding as it stands when somebody answers it. */
export interface ReplyStanding {
  readonly severity: Severity;
  /** Proven gone: there is nothing to answer. */
  readonly closed: boolean;
  /** The first moment that is too late; null: it has no date. */
  readonly dueAt: Instant | null;
  /** The clock stands still: the date moves on meanwhile. */
  readonly paused: boolean;
  /** Milliseconds from the start of the clock to the date before any extension; null: unknown. */
  readonly term: number | null;
  readonly extension: Policy['extension'];
  /** Granted since the present cycle began. */
  readonly extensions: number;
  /** The interim measure of this cycle: filed, or verified as well. */
  readonly interim: 'made' | 'verified' | null;
  /** Kinds of which one is open. */
  readonly pending: readonly ReplyKind[];
  /** Grounds of objections that were decided in this cycle. */
  readonly grounds: readonly ObjectionGround[];
  /** Why nobody may accept its risk; null: one may. */
  readonly vetoed: string | null;
}

export interface ReplyWish {
  readonly kind: ReplyKind;
  /** The first moment that it no longer holds; null: the kind has none. */
  readonly until: Instant | null;
  readonly ground: ObjectionGround | null;
}

/** Why a reply is not taken, with what the person needs to know. */
export type ReplyFlaw =
  | { readonly code: 'FINDING_CLOSED' | 'PENDING' | 'GROUND_DECIDED' | 'DATE_PAST' | 'NO_DEADLINE' }
  | { readonly code: 'AFTER_DEADLINE'; readonly due: Instant }
  | { readonly code: 'NOT_LATER'; readonly due: Instant }
  | { readonly code: 'EXTENSIONS_USED'; readonly most: number }
  | { readonly code: 'TOO_LONG'; readonly latest: Instant }
  | { readonly code: 'NEEDS_INTERIM' | 'INTERIM_UNVERIFIED' }
  | { readonly code: 'VETOED'; readonly reason: string };

/** Whether such a reply may be made at all, whatever it will say; null: it may. */
export function offerFlaw(kind: ReplyKind, standing: ReplyStanding, now: Instant): ReplyFlaw | null {
  if (standing.closed) return { code: 'FINDING_CLOSED' };
  if (standing.pending.includes(kind)) return { code: 'PENDING' };
  if (kind === 'acceptance' && standing.vetoed !== null) return { code: 'VETOED', reason: standing.vetoed };
  return kind === 'extension' ? extensionFlaw(standing, now) : null;
}

function extensionFlaw(standing: ReplyStanding, now: Instant): ReplyFlaw | null {
  const { dueAt, paused, extensions, extension, interim } = standing;
  if (dueAt === null) return { code: 'NO_DEADLINE' };
  if (now >= dueAt && !paused) return { code: 'AFTER_DEADLINE', due: dueAt };
  if (extensions >= extension.most) return { code: 'EXTENSIONS_USED', most: extension.most };
  return interim === null && needsInterim(standing) ? { code: 'NEEDS_INTERIM' } : null;
}

/** For a later date: always where the finding is critical, else where the policy says so. */
export const needsInterim = ({ severity, extension }: Pick<ReplyStanding, 'severity' | 'extension'>) =>
  severity === 'critical' || extension.needsInterim;

/** The latest moment that a reply of this kind can name; null: any. */
export function latestUntil(kind: ReplyKind, standing: ReplyStanding, now: Instant): Instant | null {
  const { dueAt, term, extension } = standing;
  if (kind === 'acceptance') return later(now, LONGEST_ACCEPTANCE);
  if (kind === 'false-positive') return later(now, LONGEST_FALSE_POSITIVE);
  if (kind !== 'extension' || dueAt === null || term === null || !extension.upToTerm) return null;
  return later(dueAt, term);
}

const later = (than: Instant, milliseconds: number): Instant =>
  new Date(Date.parse(than) + milliseconds).toISOString();

/** Whether this reply may be made; null: it may. */
export function replyFlaw(wish: ReplyWish, standing: ReplyStanding, now: Instant): ReplyFlaw | null {
  const { kind, until, ground } = wish;
  const offer = offerFlaw(kind, standing, now);
  if (offer !== null) return offer;
  if (ground !== null && standing.grounds.includes(ground)) return { code: 'GROUND_DECIDED' };
  return until === null ? null : untilFlaw({ kind, until }, standing, now);
}

function untilFlaw(
  { kind, until }: { readonly kind: ReplyKind; readonly until: Instant },
  standing: ReplyStanding,
  now: Instant,
): ReplyFlaw | null {
  const { dueAt } = standing;
  if (until <= now) return { code: 'DATE_PAST' };
  if (kind === 'extension' && dueAt !== null && until <= dueAt) return { code: 'NOT_LATER', due: dueAt };
  const latest = latestUntil(kind, standing, now);
  return latest !== null && until > latest ? { code: 'TOO_LONG', latest } : null;
}

/**
 * Whether it may be granted until then; null: it may. Asked again at the decision, because a veto, another extension or
 * the end of the day may have come since. A coordinator grants at most what was wished.
 */
export function grantFlaw(
  wish: ReplyWish & { readonly wished: Instant | null },
  standing: ReplyStanding,
  now: Instant,
): ReplyFlaw | null {
  const { kind, until, wished } = wish;
  if (kind === 'acceptance' && standing.vetoed !== null) return { code: 'VETOED', reason: standing.vetoed };
  if (kind === 'extension') {
    const { extensions, extension, interim } = standing;
    if (extensions >= extension.most) return { code: 'EXTENSIONS_USED', most: extension.most };
    if (interim !== 'verified' && needsInterim(standing)) return { code: 'INTERIM_UNVERIFIED' };
  }
  if (until === null) return null;
  if (wished !== null && until > wished) return { code: 'TOO_LONG', latest: wished };
  // its length was judged when it was wished, against the date that held then
  return kind === 'extension'
    ? until <= now
      ? { code: 'DATE_PAST' }
      : null
    : untilFlaw({ kind, until }, standing, now);
}

/** What lies over a finding and ends by itself. */
export const expires = (kind: ReplyKind, ground: ObjectionGround | null): boolean =>
  kind === 'acceptance' || kind === 'false-positive' || (kind === 'objection' && ground === 'fact');

/** How many milliseconds before its end a granted reply is shown to be judged anew. */
export const REVIEW_AHEAD = 14 * DAY;
