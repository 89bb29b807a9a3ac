import type { Severity, State } from '@backcheck/core';
import { severityCode } from './codes.ts';
import { type FixRow, findFix } from './fixes.ts';
import type { Db } from './pool.ts';

/** Another finding of the same problem. */
export interface SiblingRow {
  readonly id: string;
  readonly check: string;
  readonly locus: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: State;
}

/** More than a problem has in practice; a hostile file may name one CVE at every place. */
const MOST_SIBLINGS = 100;

/** The other findings of the finding's problem, worst first. Empty when there is no such finding. */
export async function listSiblings(db: Db, findingId: string): Promise<SiblingRow[]> {
  const { rows } = await db.query<Omit<SiblingRow, 'severity'> & { readonly severity: number }>(
    `select s.finding_id as id, k.name as check, s.locus, d.title, s.severity, s.state
     from finding f
     join finding s on s.organization_id = f.organization_id and s.asset_id = f.asset_id and s.problem = f.problem
     join check_definition k on k.check_id = s.check_id
     join description d on d.description_id = s.description_id
     where f.finding_id = $1 and s.finding_id <> f.finding_id
     order by s.severity desc, s.finding_id limit ${MOST_SIBLINGS}`,
    [findingId],
  );
  return rows.map((row) => ({ ...row, severity: severityCode.decode(row.severity) }));
}

/** The measure that mends the finding, as far as it is in the finding's organization; null: it was not grouped yet. */
export async function fixOfFinding(
  db: Db,
  findingId: string,
): Promise<(FixRow & { readonly organizationId: string }) | null> {
  const { rows } = await db.query<{ readonly organizationId: string; readonly fixId: string }>(
    `select organization_id::text as "organizationId", fix_id::text as "fixId" from finding_fix where finding_id = $1`,
    [findingId],
  );
  const [of] = rows;
  if (of === undefined) return null;
  const fix = await findFix(db, of.organizationId, of.fixId);
  return fix === null ? null : { ...fix, organizationId: of.organizationId };
}
