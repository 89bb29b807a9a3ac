import type { AuditDetails, AuditEntry, AuditVia, Instant } from '@backcheck/core';
import { BadCursor } from './findings.ts';
import type { Db } from './pool.ts';

export interface NewAuditEntry {
  /** Taken only when it exists and this transaction sees it; else whose records it changed; else the scope's only one. */
  readonly organizationId: number | null;
  readonly at: Instant;
  readonly account: { readonly accountId: number; readonly name: string } | null;
  readonly via: AuditVia | null;
  readonly address: string | null;
  readonly action: string;
  readonly object: string;
  readonly objectId: string | null;
  readonly details: AuditDetails;
}

/** Those of a scope. The views, not the table: row-level security would hash all of them to find one. */
const IN_SCOPE =
  '(select organization_id from visible_organization union all select organization_id from visible_system)';

/** A scope that sees every organization has no single one, whatever narrower grants it holds beside. */
const SINGLE_ORGANIZATION = `
select one.organization_id from (select organization_id from ${IN_SCOPE} v limit 1) one
where current_user <> 'backcheck_wide'
  and not exists (select from ${IN_SCOPE} v where v.organization_id <> one.organization_id)`;

const INSERT = `
insert into audit_entry (organization_id, at, account_id, account_name, via, address, action, object, object_id, details)
select coalesce(
    (select organization_id from ${IN_SCOPE} v where organization_id = $1 limit 1),
    (select organization_id from organization where organization_id = $1 and current_user = 'backcheck_wide'),
    nullif(nullif(current_setting('app.changed', true), ''), 'several')::integer,
    (${SINGLE_ORGANIZATION})),
  $2::timestamptz, $3::integer, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::jsonb`;

export async function insertAuditEntry(db: Db, entry: NewAuditEntry): Promise<void> {
  await db.query(INSERT, valuesOf(entry));
}

/** Inserts it when this transaction has changed something so far; says whether it did. */
export async function insertAuditOfChange(db: Db, entry: NewAuditEntry): Promise<boolean> {
  const { rowCount } = await db.query(
    `${INSERT} where pg_current_xact_id_if_assigned() is not null`,
    valuesOf(entry),
  );
  return rowCount === 1;
}

function valuesOf(entry: NewAuditEntry): unknown[] {
  const { organizationId, at, account, via, address, action, object, objectId, details } = entry;
  const who = [account?.accountId ?? null, account?.name ?? null];
  return [organizationId, at, ...who, via, address, action, object, objectId, JSON.stringify(details)];
}

/** What `auditEntryOf` reads. */
export const AUDIT_COLUMNS =
  'audit_entry_id, organization_id, at, account_id, account_name, via, address, action, object, object_id, details, ledger_seq, leaf_index';

export interface AuditColumns {
  readonly audit_entry_id: string;
  readonly organization_id: number | null;
  readonly at: Date;
  readonly account_id: number | null;
  readonly account_name: string | null;
  readonly via: AuditVia | null;
  readonly address: string | null;
  readonly action: string;
  readonly object: string;
  readonly object_id: string | null;
  readonly details: AuditDetails;
  readonly ledger_seq: number | null;
  readonly leaf_index: number | null;
}

/** The entry as it is hashed. */
export function auditEntryOf(row: AuditColumns): AuditEntry {
  const { account_id, account_name, organization_id } = row;
  return {
    kind: 'audit',
    id: row.audit_entry_id,
    organization: organization_id === null ? null : `${organization_id}`,
    at: row.at.toISOString(),
    account:
      account_id === null || account_name === null ? null : { id: `${account_id}`, name: account_name },
    via: row.via,
    address: row.address,
    action: row.action,
    object: row.object,
    objectId: row.object_id,
    details: row.details,
  };
}

export interface AuditFilter {
  readonly accountId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly object?: string | undefined;
  readonly action?: string | undefined;
  /** Inclusive. */
  readonly from?: Instant | undefined;
  /** Exclusive. */
  readonly to?: Instant | undefined;
}

export interface AuditRow extends AuditEntry {
  readonly organizationName: string | null;
  /** Number of the ledger entry that seals it; null while it is unsealed. */
  readonly ledgerSeq: number | null;
}

/** One page of what the transaction sees, newest first. @throws BadCursor */
export async function listAudit(
  db: Db,
  filter: AuditFilter & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly items: AuditRow[]; readonly nextCursor: string | null }> {
  // Without this an auditor of one organization would walk the entries of all to find theirs.
  const organizationId = filter.organizationId ?? (await singleOrganization(db));
  const { texts, values } = auditConditions({ ...filter, organizationId });
  if (filter.cursor !== undefined) {
    values.push(...readCursor(filter.cursor));
    texts.push(`(e.at, e.audit_entry_id) < ($${values.length - 1}::timestamptz, $${values.length}::bigint)`);
  }
  values.push(filter.limit + 1);
  const { rows } = await db.query<AuditColumns & { readonly organization_name: string | null }>(
    `with page as materialized (
       select ${AUDIT_COLUMNS} from audit_entry e where ${texts.join(' and ')}
       order by e.at desc, e.audit_entry_id desc limit $${values.length})
     select page.*, o.name as organization_name from page left join organization o using (organization_id)
     order by at desc, audit_entry_id desc`,
    values,
  );
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => ({
      ...auditEntryOf(row),
      organizationName: row.organization_name,
      ledgerSeq: row.ledger_seq,
    })),
    nextCursor:
      rows.length > shown.length && last !== undefined
        ? Buffer.from(`${last.at.toISOString()} ${last.audit_entry_id}`).toString('base64url')
        : null,
  };
}

async function singleOrganization(db: Db): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string | null }>(`select (${SINGLE_ORGANIZATION})::text as id`);
  return rows[0]?.id ?? undefined;
}

function readCursor(cursor: string): [string, string] {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (!/^\d{4}-[\d:.TZ-]+$/.test(at) || Number.isNaN(Date.parse(at)) || !/^\d{1,18}$/.test(id))
    throw new BadCursor(cursor);
  return [at, id];
}

/** Conditions on `audit_entry e`; at least one. */
export function auditConditions(filter: AuditFilter): { texts: string[]; values: unknown[] } {
  const texts = ['true'];
  const values: unknown[] = [];
  const add = (text: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    texts.push(text.replace('?', `$${values.length}`));
  };
  add('e.account_id = ?::integer', filter.accountId);
  add('e.organization_id = ?::integer', filter.organizationId);
  add('e.object = ?', filter.object);
  add('e.action = ?', filter.action);
  add('e.at >= ?::timestamptz', filter.from);
  add('e.at < ?::timestamptz', filter.to);
  return { texts, values };
}
