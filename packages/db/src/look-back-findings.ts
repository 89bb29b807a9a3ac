import {
  type Reason,
  type RetestObstacle,
  type RetestOutcome,
  SEVERITIES,
  type Severity,
} from '@backcheck/core';
import { severityCode } from './codes.ts';
import { OUTCOME_OF, RETEST_OF, stratumSql } from './look-backs.ts';
import type { Db, Tx } from './pool.ts';

export interface LookBackFindingRow {
  readonly findingId: string;
  readonly organization: { readonly id: string; readonly name: string; readonly nameZh: string | null };
  /** Null: it is not there any more. */
  readonly title: string | null;
  /** What names its asset first. */
  readonly asset: string | null;
  readonly port: number | null;
  readonly severity: Severity;
  readonly stratum: string;
  readonly certificateId: string;
  readonly superseded: boolean;
  readonly retestId: string | null;
  readonly outcome: RetestOutcome | null;
  readonly reason: Reason | RetestObstacle | null;
}

/** What came back first, then what could not be told, what is proved again, and what is waited for. */
const RANK = `case ${OUTCOME_OF} when 'still-present' then 0 when 'inconclusive' then 1 when 'proven' then 2 else 3 end`;

const DRAWN = `
select * from (
  select m.finding_id::text as "findingId", json_build_object('id', o.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) as organization,
    d.title, a.identifiers -> 0 ->> 'value' as asset, f.port, m.severity, ${stratumSql('m', 'l.strata', '$2')} as stratum, m.certificate_id::text as "certificateId",
    exists (select from supersession s where s.organization_id = m.organization_id and s.certificate_id = m.certificate_id) as superseded, m.retest_id::text as "retestId",
    ${OUTCOME_OF} as outcome, x.reason, ${RANK} as rank
  from look_back l join look_back_finding m using (look_back_id)
  join organization o on o.organization_id = m.organization_id
  left join finding f on f.organization_id = m.organization_id and f.finding_id = m.finding_id
  left join description d on d.description_id = f.description_id
  left join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
  ${RETEST_OF}
  where l.look_back_id = $1 and m.drawn) one
where $3::int is null or (rank, "findingId"::bigint) > ($3, $4::bigint)
order by rank, "findingId"::bigint limit $5`;

/** Where a row stands in the list. */
export interface LookBackFindingKey {
  readonly rank: number;
  readonly findingId: string;
}

/** What was drawn, what came back first. The order moves while retests end; a page begins behind the last key. */
export async function listLookBackFindings(
  db: Db,
  id: string,
  { after, limit }: { readonly after: LookBackFindingKey | null; readonly limit: number },
): Promise<(LookBackFindingRow & LookBackFindingKey)[]> {
  const { rows } = await db.query<
    Omit<LookBackFindingRow, 'severity'> & LookBackFindingKey & { readonly severity: number }
  >(DRAWN, [id, SEVERITIES, after?.rank ?? null, after?.findingId ?? null, limit]);
  return rows.map((row) => ({ ...row, severity: severityCode.decode(row.severity) }));
}

/** Of one organization, so many as one retest takes, whose retest has not been asked for; locked. */
const PENDING = `
select m.organization_id, m.finding_id::text as finding, f.finding_id is not null as there
from look_back_finding m
left join finding f on f.organization_id = m.organization_id and f.finding_id = m.finding_id
where m.look_back_id = $1 and m.drawn and m.retest_id is null and not m.gone and m.organization_id = (
  select n.organization_id from look_back_finding n
  where n.look_back_id = $1 and n.drawn and n.retest_id is null and not n.gone order by n.organization_id limit 1)
order by m.finding_id limit $2 for no key update of m`;

export interface PendingBatch {
  readonly organizationId: number;
  readonly findingIds: readonly string[];
}

/**
 * The next drawn findings to ask a retest for; null: all have been. What was drawn and is not there any more, because it
 * was handed over or merged, is noted as gone. `limit`: the most that one request takes.
 */
export async function nextPending(tx: Tx, id: string, limit: number): Promise<PendingBatch | null> {
  for (;;) {
    const { rows } = await tx.query<{ organization_id: number; finding: string; there: boolean }>(PENDING, [
      id,
      limit,
    ]);
    const [first] = rows;
    if (first === undefined) return null;
    const there = rows.filter((row) => row.there).map(({ finding }) => finding);
    const gone = rows.filter((row) => !row.there).map(({ finding }) => finding);
    if (gone.length > 0)
      await tx.query(
        'update look_back_finding set gone = true where look_back_id = $1 and organization_id = $2 and finding_id = any ($3::bigint[])',
        [id, first.organization_id, gone],
      );
    if (there.length > 0) return { organizationId: first.organization_id, findingIds: there };
  }
}

export async function noteRetest(
  tx: Tx,
  id: string,
  { organizationId, findingIds, retestId }: PendingBatch & { readonly retestId: string },
): Promise<void> {
  await tx.query(
    `update look_back_finding set retest_id = $4
     where look_back_id = $1 and organization_id = $2 and finding_id = any ($3::bigint[])`,
    [id, organizationId, findingIds, retestId],
  );
}

/** Who started it; null: it is not running, or everything has been asked for. */
export async function lookBackToRequest(
  tx: Tx,
  id: string,
): Promise<{ startedBy: number; title: string } | null> {
  const { rows } = await tx.query<{ startedBy: number; title: string }>(
    `select started_by as "startedBy", title from look_back where look_back_id = $1 and started_at is not null and requested_at is null`,
    [id],
  );
  return rows[0] ?? null;
}

export async function noteAllRequested(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query('update look_back set requested_at = $2 where look_back_id = $1 and requested_at is null', [
    id,
    at,
  ]);
}
