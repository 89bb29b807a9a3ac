import type { Instant } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';

/** Something that cites the bytes of a file. */
export interface Citation {
  /** Hex. */
  readonly sha256: string;
  readonly kind: string;
  readonly organizationId: number | null;
  readonly sizeBytes: number;
  /** From when its rule counts; null: it is needed, and no rule counts. */
  readonly since: Instant | null;
}

/** Closed by proof, every one of them; a finding that is no longer there under its id counts as open. */
const LAST_PROVEN = (part: string, whole: string): string => `
  case when not exists (
      select from ${part} p left join finding f on f.finding_id = p.finding_id
      where p.organization_id = w.organization_id and p.${whole} = w.${whole} and f.state is distinct from 'verified-fixed')
    then (select max(f.changed_at) from ${part} p join finding f on f.finding_id = p.finding_id
      where p.organization_id = w.organization_id and p.${whole} = w.${whole}) end`;

/**
 * Strict on purpose: a scan is needed as soon as one asset that it visited has a finding that is open or was ever proven.
 * That covers what certificates cite, what reopened them, and what a refold would read again.
 */
const SCAN_IS_NEEDED = `
  exists (select from certificate c where c.organization_id = s.organization_id and c.scan_id = s.scan_id)
  or exists (select from visit v join finding f on f.organization_id = v.organization_id and f.asset_id = v.asset_id
    where v.organization_id = s.organization_id and v.scan_id = s.scan_id
      and (f.state <> 'verified-fixed' or f.certificate_id is not null
        or exists (select from certificate c where c.finding_id = f.finding_id)))`;

/** Each place that cites files, as (sha256, kind, organization_id, size_bytes, since). `$1`: hashes. */
const CITATIONS = `
  select s.sha256, 'scan' as kind, s.organization_id,
    coalesce((select max(i.size_bytes) from import i where i.sha256 = s.sha256), 0) as size_bytes,
    case when not (${SCAN_IS_NEEDED}) then s.imported_at end as since
  from scan s where s.sha256 = any($1)
  union all
  select sha256, 'unused-import', organization_id, size_bytes,
    case when state in ('refused', 'discarded') then coalesce(finished_at, created_at) end
  from import where sha256 = any($1) and state <> 'done'
  union all
  select e.sha256, 'claim-evidence', e.organization_id, e.size_bytes, ${LAST_PROVEN('fix_claim_finding', 'fix_claim_id')}
  from fix_evidence e join fix_claim w using (organization_id, fix_claim_id) where e.sha256 = any($1)
  union all
  select e.sha256, 'reply-evidence', e.organization_id, e.size_bytes, ${LAST_PROVEN('reply_finding', 'reply_id')}
  from reply_evidence e join reply w using (organization_id, reply_id) where e.sha256 = any($1)
  union all
  select sha256, 'signed-copy', organization_id, size_bytes, added_at from notice_copy where sha256 = any($1)
  union all
  select sha256, 'notice-template', organization_id, size_bytes, retired_at from notice_template where sha256 = any($1)
  union all
  select document_sha256, 'authorization', organization_id, document_size, coalesce(revoked_at, expires_at)
  from test_authorization where document_sha256 = any($1)
  union all
  select sha256, 'register-sheet', organization_id, size_bytes,
    case when state not in ('staging', 'applying', 'undoing') then created_at end
  from register_import where sha256 = any($1)
  union all
  select sha256, 'upload', null, size_bytes, finished_at
  from upload where sha256 = any($1) and state in ('unscanned', 'ready') and attached_at is null`;

/** What the places above are read from, and columns of that name which are no hash of a file. */
const CLASSIFIED = [
  ...['scan.sha256', 'import.sha256', 'fix_evidence.sha256', 'reply_evidence.sha256', 'notice_copy.sha256'],
  ...[
    'notice_template.sha256',
    'test_authorization.document_sha256',
    'register_import.sha256',
    'upload.sha256',
  ],
  ...['expired_file.sha256', 'description.sha256', 'check_set.sha256', 'scan_profile.sha256'],
  ...['import.request_sha256', 'fix_claim.request_sha256', 'retest.request_sha256', 'reply.request_sha256'],
  ...['notice.request_sha256', 'notice.content_sha256', 'register_mapping.headers_sha256'],
  ...['look_back.population_sha256', 'look_back.drawn_sha256'],
];

/**
 * Columns that look as if they named a file and that nobody has classified yet: what stands in them is kept for good, so
 * that a feature which is added and forgotten here loses nothing.
 */
async function otherColumns(db: Db): Promise<{ table: string; column: string; type: string }[]> {
  const { rows } = await db.query<{ table: string; column: string; type: string }>(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
       and a.attname ~ 'sha256$' and a.atttypid in ('bytea'::regtype, 'text'::regtype)
       and c.relname || '.' || a.attname <> all($1) and has_column_privilege(c.oid, a.attnum, 'select')
     order by 1, 2`,
    [CLASSIFIED],
  );
  return rows;
}

const IDENTIFIER = /^[a-z_][a-z0-9_]*$/;

/** All that cites these files, by hash. A hash without any is cited by nothing. */
export async function citationsOf(db: Db, sha256: readonly string[]): Promise<Citation[]> {
  const others = (await otherColumns(db)).filter(({ table, column }) =>
    [table, column].every((one) => IDENTIFIER.test(one)),
  );
  const other = others.map(({ table, column, type }) => {
    const value = type === 'bytea' ? column : `decode(lower(${column}), 'hex')`;
    const isHash = type === 'bytea' ? '' : `${column} ~ '^[0-9a-fA-F]{64}$' and `;
    return `union all select ${value}, 'other', null, 0, null from ${table} where ${isHash}${value} = any($1)`;
  });
  const { rows } = await db.query<
    Omit<Citation, 'since' | 'sizeBytes'> & { since: Date | null; sizeBytes: string }
  >(
    `select encode(c.sha256, 'hex') as sha256, c.kind, c.organization_id as "organizationId",
       c.size_bytes as "sizeBytes", c.since
     from (${CITATIONS} ${other.join(' ')}) c`,
    [sha256.map((one) => Buffer.from(one, 'hex'))],
  );
  return rows.map(({ since, sizeBytes, ...rest }) => ({
    ...rest,
    sizeBytes: Number(sizeBytes),
    since: since?.toISOString() ?? null,
  }));
}

export interface RetentionRuleRow {
  readonly kind: string;
  readonly days: number | null;
  readonly setBy: { readonly id: string; readonly name: string } | null;
  readonly setAt: Instant;
}

/** The one in force of each kind that anybody has set. */
export async function retentionRules(db: Db): Promise<RetentionRuleRow[]> {
  const { rows } = await db.query<Omit<RetentionRuleRow, 'setAt'> & { setAt: Date }>(
    `select distinct on (kind) kind, days, set_at as "setAt",
       case when set_by is not null then jsonb_build_object('id', set_by::text, 'name', coalesce(account_name(set_by), '')) end as "setBy"
     from retention_rule order by kind, retention_rule_id desc`,
  );
  return rows.map((row) => ({ ...row, setAt: row.setAt.toISOString() }));
}

export async function insertRetentionRules(
  tx: Tx,
  rules: readonly { readonly kind: string; readonly days: number | null }[],
  { setBy, setAt }: { readonly setBy: number; readonly setAt: Instant },
): Promise<void> {
  await tx.query(
    `insert into retention_rule (kind, days, set_by, set_at)
     select kind, days, $3, $4 from unnest($1::text[], $2::integer[]) as r (kind, days)`,
    [rules.map(({ kind }) => kind), rules.map(({ days }) => days), setBy, setAt],
  );
}

/** Finished uploads that nothing took before this moment; whoever takes one at this moment keeps it. */
export async function deleteUntakenUploads(tx: Tx, finishedBefore: Instant): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from upload where attached_at is null and state <> 'receiving' and finished_at < $1`,
    [finishedBefore],
  );
  return rowCount ?? 0;
}

export interface ExpiredFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly kinds: readonly string[];
  readonly rule: string;
  readonly days: number;
  readonly expiredAt: Instant;
}

export async function insertExpiredFile(tx: Tx, file: ExpiredFile): Promise<void> {
  const { sha256, sizeBytes, kinds, rule, days, expiredAt } = file;
  await tx.query(
    `insert into expired_file (sha256, size_bytes, kinds, rule, days, expired_at) values (decode($1, 'hex'), $2, $3, $4, $5, $6)`,
    [sha256, sizeBytes, kinds, rule, days, expiredAt],
  );
}

/** The virus scanner has not answered for these: asked again, each once. */
export async function queueWaitingScans(db: Db): Promise<void> {
  await db.query(`select queue_scan(upload_id) from upload where state = 'unscanned'`);
}
