import {
  allowsMethod,
  coversTarget,
  type Instant,
  isInForce,
  type PlannedTask,
  type RetestObstacle,
  type TargetRefusal,
  type ToRetest,
  windowAt,
} from '@backcheck/core';
import type { AuthorizationRow } from '@backcheck/db';

/** Under what a task stands, or what keeps it from running. */
export type Standing =
  | {
      readonly authorizationId: string;
      /** Its share of the authorization's rate. */
      readonly rate: number;
      /** When its window opens; null: it is open. */
      readonly startsAt: Instant | null;
    }
  | { readonly obstacle: RetestObstacle };

/** So many tasks may run at once under one authorization, where their tools can go that slowly. */
const AT_ONCE = 8;

/**
 * The authorizations in force that cover an asset. A name counts when it is listed, or when an address that the asset
 * is known by is; where it really leads is for the runner to find out, which asks `coversTarget` again with that.
 */
export function coveringAuthorizations(
  { identifiers }: Pick<ToRetest, 'identifiers'>,
  authorizations: readonly AuthorizationRow[],
  at: Instant,
): AuthorizationRow[] {
  return authorizations.filter(
    (one) =>
      isInForce(one, at) && mayOpen(one, at) && identifiers.some((other) => refusalOf(one, other) === null),
  );
}

const mayOpen = (one: AuthorizationRow, at: Instant): boolean => {
  const window = windowAt(one, at);
  return window.open || window.opensAt !== null;
};

/** An ordinary address, so that only the name decides. */
const SOMEWHERE = '8.8.8.8';

function refusalOf(
  authorization: Pick<AuthorizationRow, 'ranges' | 'names'>,
  { kind, value }: ToRetest['identifiers'][number],
): TargetRefusal | null {
  if (kind === 'ip') return coversTarget(authorization, { host: value, address: value, ownAddresses: [] });
  if (kind !== 'fqdn') return 'NOT_AUTHORIZED';
  return coversTarget(
    { ...authorization, ranges: [] },
    { host: value, address: SOMEWHERE, ownAddresses: [] },
  );
}

interface Choice {
  /** Those that cover the asset. */
  readonly under: readonly AuthorizationRow[];
  readonly authorizations: readonly AuthorizationRow[];
  /** New connections a second that the tool needs. */
  readonly slowest: number;
  readonly at: Instant;
}

/** Of those that allow it the one under which it waits least: open soonest, then the shortest queue. */
export function chooseAuthorization(
  { host, method }: Pick<PlannedTask, 'host' | 'method'>,
  { under, authorizations, slowest, at }: Choice,
): Standing {
  const allowing = under.filter((one) => allowsMethod(one, method));
  if (allowing.length === 0)
    return { obstacle: under.length === 0 ? whyNot(host, authorizations) : 'NOT_AUTHORIZED' };
  const [best] = allowing
    .filter(({ rate }) => rate >= slowest)
    .map((one) => ({ one, opensAt: opening(one, at) }))
    .sort((a, b) => compare(a.opensAt ?? '', b.opensAt ?? '') || a.one.waiting - b.one.waiting);
  if (best === undefined) return { obstacle: 'RATE_TOO_LOW' };
  const { id, rate } = best.one;
  const share = Math.min(rate, Math.max(slowest, Math.ceil(rate / AT_ONCE)));
  return { authorizationId: id, rate: share, startsAt: best.opensAt };
}

function opening(one: AuthorizationRow, at: Instant): Instant | null {
  const window = windowAt(one, at);
  return window.open ? null : window.opensAt;
}

/** A special address is refused by what it is, whoever signed what. */
function whyNot(host: string, authorizations: readonly AuthorizationRow[]): RetestObstacle {
  const kind = host.includes(':') || /^[\d.]+$/.test(host) ? 'ip' : 'fqdn';
  const refusals = [{ ranges: [], names: [] }, ...authorizations].map((one) =>
    refusalOf(one, { kind, value: host }),
  );
  return refusals.every((one) => one === 'ADDRESS_REFUSED') ? 'ADDRESS_REFUSED' : 'NOT_AUTHORIZED';
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
