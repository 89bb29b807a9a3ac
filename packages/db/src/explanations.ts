import type { ExplanationRecord, Instant } from '@backcheck/core';
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';

/** What a tool says of the check of a finding, and the scan whose file said so. "" where it says nothing. */
export interface Explanation extends Pick<ExplanationRecord, 'description' | 'harm' | 'advice'> {
  readonly tool: string;
  readonly scanId: string;
  readonly importedAt: Instant;
}

/** The latest file counts that a coordinator or runner handed in; the inspected organization's own only where there is no other. */
const EXPLAINED = `
select f.finding_id as id, e.description, e.harm, e.advice, e.tool, e.scan_id, e.imported_at
from finding f
cross join lateral (
  select t.description, t.harm, t.advice, s.tool, s.scan_id, s.imported_at
  from scan_explanation x
  join scan s on s.organization_id = x.organization_id and s.scan_id = x.scan_id and s.quarantined_at is null
  join explanation t on t.explanation_id = x.explanation_id
  where x.organization_id = f.organization_id and x.check_id = f.check_id
  order by s.submitted_by = 'organization', s.scan_id desc limit 1) e
where f.finding_id = any ($1::bigint[])`;

interface Row {
  readonly id: string;
  readonly description: string;
  readonly harm: string;
  readonly advice: string;
  readonly tool: string;
  readonly scan_id: string;
  readonly imported_at: Date;
}

/** By finding, of whichever organization; one that no file explains, or that is not visible, is missing. */
export async function findExplanations(
  db: Db,
  findingIds: readonly string[],
): Promise<ReadonlyMap<string, Explanation>> {
  const { rows } = await db.query<Row>(prepared(EXPLAINED, [findingIds]));
  return new Map(
    rows.map(({ id, scan_id, imported_at, ...said }) => [
      id,
      { ...said, scanId: scan_id, importedAt: imported_at.toISOString() },
    ]),
  );
}
