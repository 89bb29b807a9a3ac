import { type DecidedOverlay, type Decision, decidedOverlay, type Instant } from '@backcheck/core';
import type { Tx } from './pool.ts';

/** What decides the overlay of one finding. */
export interface OverlayFacts {
  /** As PostgreSQL writes them in JSON; null: none. */
  readonly decisions: readonly Decision[] | null;
  readonly lastSeen: Date;
  readonly provenAbsent: Date | null;
  readonly now: Date;
}

export interface OverlayNow {
  readonly kind: Exclude<DecidedOverlay, 'none'>;
  /** Null: until somebody or a scan ends it. */
  readonly until: Instant | null;
}

/** Somebody decided that nothing is due: a risk is borne, or there is none. The clock is not stopped by it. */
export interface Waiver {
  readonly kind: 'accepted' | 'false-positive' | 'not-applicable';
  /** The first moment in which it holds no more; null: until it is revoked, or a scan contradicts it. */
  readonly until: Instant | null;
}

/** A claim of fix says that the work was done, not that there is none to do. */
export const waiverOf = (overlay: OverlayNow | undefined): Waiver | null =>
  overlay === undefined || overlay.kind === 'claimed' ? null : { kind: overlay.kind, until: overlay.until };

/** No decision is of the future: where the clocks of server and database differ, the later one counts. */
export function overlayNow({ decisions, lastSeen, provenAbsent, now }: OverlayFacts): OverlayNow | null {
  if (decisions === null) return null;
  const decided = decisions.map(
    ({ kind, decidedAt, expiresAt }): Decision => ({
      kind,
      decidedAt: new Date(decidedAt).toISOString(),
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    }),
  );
  const moments = { lastSeen: lastSeen.toISOString(), provenAbsent: provenAbsent?.toISOString() ?? null };
  const latest = [now.toISOString(), ...decided.map(({ decidedAt }) => decidedAt)].sort().at(-1) ?? '';
  const kind = decidedOverlay(decided, moments, latest);
  return kind === 'none' ? null : { kind, until: untilOf(kind, decided, latest) };
}

/** The end of the one of this kind that was decided last among those that have not ended. */
function untilOf(kind: OverlayNow['kind'], decided: readonly Decision[], now: Instant): Instant | null {
  const [last] = decided
    .filter((one) => one.kind === kind && (one.expiresAt === null || one.expiresAt > now))
    .sort((a, b) => (a.decidedAt < b.decidedAt ? 1 : -1));
  return last?.expiresAt ?? null;
}

/** When a finding `f` was seen last, as `last_seen`. */
export const LAST_SEEN = `
  select max(coalesce(v.finished_at, c.imported_at)) as last_seen
  from sighting g
  join visit v on v.organization_id = g.organization_id and v.scan_id = g.scan_id and v.visit_no = g.visit_no
  join scan c on c.organization_id = g.organization_id and c.scan_id = g.scan_id
  where g.organization_id = f.organization_id and g.asset_id = f.asset_id and f.finding_id = any (g.finding_ids) and c.quarantined_at is null`;

/** When the certificate of a finding `f` was given. */
export const PROVEN_ABSENT = `(
  select w.at from certificate w where w.organization_id = f.organization_id and w.certificate_id = f.certificate_id)`;

/** Everything that was decided about a finding `f`, as `decisions`. */
export const DECISIONS = `
  select jsonb_agg(jsonb_build_object('kind', x.kind, 'decidedAt', x.decided_at, 'expiresAt', x.expires_at)) as decisions
  from decision x where x.finding_id = f.finding_id and x.organization_id = f.organization_id`;

const OVERLAID = `
select f.finding_id as id, f.first_seen, l.last_seen, x.decisions, ${PROVEN_ABSENT} as proven_absent
from finding f
cross join lateral (${DECISIONS}) x
cross join lateral (${LAST_SEEN}) l
where f.organization_id = $1 and f.finding_id = any (array(
  select finding_id from decision where organization_id = $1 and finding_id = any ($2::bigint[])))`;

/** What lies over these findings of one organization; one that nothing lies over is missing. */
export async function overlaysOf(
  tx: Tx,
  of: { readonly organizationId: number; readonly findingIds: readonly string[]; readonly now: Instant },
): Promise<Map<string, OverlayNow>> {
  const { rows } = await tx.query<{
    readonly id: string;
    readonly first_seen: Date;
    readonly last_seen: Date | null;
    readonly decisions: Decision[] | null;
    readonly proven_absent: Date | null;
  }>(OVERLAID, [of.organizationId, of.findingIds]);
  const overlays = new Map<string, OverlayNow>();
  for (const { id, first_seen, last_seen, decisions, proven_absent } of rows) {
    const overlay = overlayNow({
      decisions,
      lastSeen: last_seen ?? first_seen,
      provenAbsent: proven_absent,
      now: new Date(of.now),
    });
    if (overlay !== null) overlays.set(id, overlay);
  }
  return overlays;
}
