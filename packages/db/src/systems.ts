import type { RegisterRecord } from '@backcheck/core';
import type { Db } from './pool.ts';
import { type JsonRow, recordOf } from './record-columns.ts';

/** The organization that a record belongs to, as lists show it. */
export interface RecordOwner {
  readonly organizationId: number;
  readonly name: string;
  readonly nameZh: string | null;
}

/** Of an organization `o`. */
export const OWNER = `jsonb_build_object('organizationId', o.organization_id, 'name', o.name, 'nameZh', o.name_zh) as organization`;

export interface SystemRow {
  readonly id: string;
  readonly organization: RecordOwner;
  readonly version: number;
  readonly status: 'active' | 'retired';
  /** Those that the transaction sees. */
  readonly assets: number;
  readonly record: RegisterRecord;
}

const SYSTEM = `select s.system_id::text as id, ${OWNER}, s.version, s.status, to_jsonb(s) as row,
  (select count(*)::int from asset a where a.system_id = s.system_id and a.organization_id = s.organization_id) as assets
  from system s join organization o using (organization_id)`;

const systemOf = ({ row, ...rest }: Omit<SystemRow, 'record'> & { readonly row: JsonRow }): SystemRow => ({
  ...rest,
  record: recordOf('system', row),
});

export interface SystemFilter {
  readonly organizationId?: number | undefined;
  /** Part of the name or of the code. */
  readonly q?: string | undefined;
  /** Id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** In the order in which they were registered. */
export async function listSystems(
  db: Db,
  { organizationId, q, after = '0', limit }: SystemFilter,
): Promise<SystemRow[]> {
  const { rows } = await db.query<Parameters<typeof systemOf>[0]>(
    `${SYSTEM} where s.system_id > $1 and ($2::int is null or s.organization_id = $2)
       and ($3::text is null or position($3 in lower(s.name || ' ' || s.sys_code)) > 0)
     order by s.system_id limit $4`,
    [after, organizationId ?? null, q?.toLowerCase() ?? null, limit],
  );
  return rows.map(systemOf);
}

export async function findSystem(db: Db, id: string): Promise<SystemRow | null> {
  const { rows } = await db.query<Parameters<typeof systemOf>[0]>(
    `${SYSTEM} where s.system_id = $1::bigint`,
    [id],
  );
  return rows[0] === undefined ? null : systemOf(rows[0]);
}

export async function countSystems(db: Db, organizationId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from system where organization_id = $1',
    [organizationId],
  );
  return rows[0]?.count ?? 0;
}
