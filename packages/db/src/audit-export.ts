import type { AuditEntry, LedgerEntry } from '@backcheck/core';
import {
  AUDIT_COLUMNS,
  type AuditColumns,
  type AuditFilter,
  auditConditions,
  auditEntryOf,
} from './audit.ts';
import { INSTALLATION } from './audit-seal.ts';
import type { Db } from './pool.ts';

/** What an export holds of one chain: whole batches, so that what was sealed together is shown together. */
export interface AuditSpan {
  /** An organization's id; 0 is the installation. */
  readonly chain: number;
  /** Ledger entries from the first batch to the last; null where nothing is sealed. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** Ids of what is not sealed. */
  readonly unsealed: readonly string[];
}

/** One statement, hence one moment: an entry that is sealed meanwhile is neither left out nor counted twice. */
export async function auditSpans(
  db: Db,
  filter: Pick<AuditFilter, 'organizationId' | 'from' | 'to'>,
): Promise<AuditSpan[]> {
  const { texts, values } = auditConditions(filter);
  const { rows } = await db.query<AuditSpan>(
    `select coalesce(e.organization_id, ${INSTALLATION}) as chain, min(e.ledger_seq) as "firstSeq", max(e.ledger_seq) as "lastSeq",
       coalesce(array_agg(e.audit_entry_id::text order by e.audit_entry_id) filter (where e.ledger_seq is null), '{}') as unsealed
     from audit_entry e where ${texts.join(' and ')} group by 1 order by 1`,
    values,
  );
  return rows;
}

/** A ledger entry, or, behind the one that seals it, an audit entry as leaf `leaf`. */
export type ChainRow =
  | { readonly seq: number; readonly leaf: -1; readonly ledger: LedgerEntry }
  | { readonly seq: number; readonly leaf: number; readonly entry: AuditEntry };

/** The next rows of a chain behind `after`, in the order in which they are exported; empty at the end of the span. */
export async function chainPage(
  db: Db,
  { chain, lastSeq }: Pick<AuditSpan, 'chain' | 'lastSeq'>,
  after: { readonly seq: number; readonly leaf: number },
  limit: number,
): Promise<ChainRow[]> {
  const { rows } = await db.query<
    AuditColumns & { readonly seq: number; readonly leaf: number; readonly ledger: LedgerEntry | null }
  >(
    `(select e.ledger_seq as seq, e.leaf_index as leaf, null::jsonb as ledger, ${AUDIT_COLUMNS}
      from audit_entry e where coalesce(e.organization_id, ${INSTALLATION}) = $1 and e.ledger_seq <= $2
        and (e.ledger_seq, e.leaf_index) > ($3, $4) order by 1, 2 limit $5)
     union all
     (select l.seq, -1, l.entry, ${NO_COLUMNS}
      from ledger l where l.organization_id = $1 and l.seq <= $2 and (l.seq, -1) > ($3, $4) order by 1 limit $5)
     order by 1, 2 limit $5`,
    [chain, lastSeq, after.seq, after.leaf, limit],
  );
  return rows.map((row) =>
    row.ledger === null
      ? { seq: row.seq, leaf: row.leaf, entry: auditEntryOf(row) }
      : { seq: row.seq, leaf: -1, ledger: row.ledger },
  );
}

/** A ledger entry has none of an audit entry's columns. */
const NO_COLUMNS = `null::bigint, null::integer, null::timestamptz, null::integer, null::text, null::text, null::text,
  null::text, null::text, null::text, null::jsonb, null::integer, null::integer`;

/** Entries by their ids, in that order; those that the transaction does not see are left out. */
export async function auditEntries(db: Db, ids: readonly string[]): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditColumns>(
    `select ${AUDIT_COLUMNS} from audit_entry where audit_entry_id = any ($1::bigint[]) order by audit_entry_id`,
    [ids],
  );
  return rows.map(auditEntryOf);
}
