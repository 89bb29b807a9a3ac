import type { Instant, RetestOutcome, Text } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import { prepared } from './prepared.ts';

/** What the ledger says of a finding beside its row in the list; null: nothing of the kind is known. */
export interface LedgerRow {
  readonly organization: {
    readonly code: string | null;
    readonly name: string;
    readonly nameZh: string | null;
  };
  /** Of the scan that saw it first. */
  readonly source: {
    readonly tool: string;
    readonly version: string | null;
    readonly submittedBy: 'coordinator' | 'runner' | 'organization';
    /** Who imported it. */
    readonly reporter: string | null;
  } | null;
  /** Vectors, as scanners or feeds gave them. */
  readonly cvss: readonly string[];
  readonly cwe: readonly string[];
  /** The latest that somebody said: it is fixed. */
  readonly claimed: { readonly at: Instant; readonly by: string } | null;
  /** The latest retest that ended. */
  readonly tested: { readonly at: Instant; readonly outcome: RetestOutcome } | null;
  readonly provenAt: Instant | null;
  readonly dueBasis: { readonly policy: Text; readonly version: number; readonly rule: string | null } | null;
}

const LEDGER = `
select f.finding_id as id, jsonb_build_object('code', o.org_code, 'name', o.name, 'nameZh', o.name_zh) as organization, s.source,
  d.cvss, d.cwe, x.decided_at as claimed_at, x.decided_by as claimed_by, r.outcome, r.finished_at as tested_at, w.at as proven_at,
  case when u.due_at is not null and p.deadline_policy_id is not null
    then jsonb_build_object('policy', p.content -> 'title', 'version', p.version, 'rule', e.determination ->> 'rule') end as "dueBasis"
from finding f
join organization o on o.organization_id = f.organization_id
join description d on d.description_id = f.description_id
left join lateral (
  select jsonb_build_object('tool', c.tool, 'version', c.tool_version, 'submittedBy', c.submitted_by, 'reporter', (
      select account_name(i.created_by) from import i where i.organization_id = c.organization_id and i.scan_id = c.scan_id order by i.import_id limit 1)) as source
  from sighting g join scan c on c.organization_id = g.organization_id and c.scan_id = g.scan_id
  where g.organization_id = f.organization_id and g.asset_id = f.asset_id and f.finding_id = any (g.finding_ids) and c.quarantined_at is null
  order by coalesce(c.started_at, c.imported_at), c.scan_id limit 1) s on true
left join lateral (
  select decided_at, decided_by from decision x where x.organization_id = f.organization_id and x.finding_id = f.finding_id and x.kind = 'claimed'
  order by decided_at desc, decision_id desc limit 1) x on true
left join lateral (
  select q.outcome, t.finished_at from retest_finding q join retest t on t.organization_id = q.organization_id and t.retest_id = q.retest_id
  where q.organization_id = f.organization_id and q.finding_id = f.finding_id and q.outcome is not null and t.finished_at is not null
  order by t.finished_at desc, t.retest_id desc limit 1) r on true
left join certificate w on w.organization_id = f.organization_id and w.certificate_id = f.certificate_id
left join finding_due u on u.organization_id = f.organization_id and u.finding_id = f.finding_id
left join finding_determination e on e.organization_id = u.organization_id and e.finding_id = u.finding_id and e.determination_no = u.determination_no
left join deadline_policy p on p.deadline_policy_id = e.deadline_policy_id
where f.finding_id = any ($1::bigint[])`;

type Row = Pick<LedgerRow, 'organization' | 'source' | 'cvss' | 'cwe' | 'dueBasis'> & {
  readonly id: string;
  readonly claimed_at: Date | null;
  readonly claimed_by: string | null;
  readonly outcome: RetestOutcome | null;
  readonly tested_at: Date | null;
  readonly proven_at: Date | null;
};

/** All further statements see what the first one saw: pages in an order that imports change would miss what moves. */
export async function seeOneMoment(tx: Tx): Promise<void> {
  await tx.query('set transaction isolation level repeatable read');
}

/** By the findings' ids; one that the transaction does not see is missing. */
export async function ledgerRows(db: Db, findingIds: readonly string[]): Promise<Map<string, LedgerRow>> {
  const { rows } = await db.query<Row>(prepared(LEDGER, [findingIds]));
  return new Map(rows.map((row) => [row.id, rowOf(row)]));
}

function rowOf(row: Row): LedgerRow {
  const { organization, source, cvss, cwe, dueBasis, claimed_at, claimed_by, tested_at, outcome } = row;
  return {
    organization,
    source,
    cvss,
    cwe,
    dueBasis,
    claimed: claimed_at === null ? null : { at: claimed_at.toISOString(), by: claimed_by ?? '' },
    tested: tested_at === null || outcome === null ? null : { at: tested_at.toISOString(), outcome },
    provenAt: row.proven_at?.toISOString() ?? null,
  };
}
