import type { Db, Tx } from './pool.ts';
import type { RecordOwner } from './systems.ts';

export interface KeyListContent {
  readonly name: string;
  readonly purpose: string;
  readonly reason: string | null;
  readonly approvedBy: string | null;
  /** "2026-11-21" */
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

export interface KeyListRow extends KeyListContent {
  readonly id: string;
  /** Null: of the whole installation. */
  readonly organizationId: number | null;
  readonly version: number;
  /** Those that the transaction sees. */
  readonly members: number;
}

const KEY_LIST = `select k.key_list_id::text as id, k.organization_id as "organizationId", k.version, k.name, k.purpose, k.reason,
  k.approved_by as "approvedBy", k.valid_from::text as "validFrom", k.valid_to::text as "validTo",
  (select count(*)::int from key_list_member m where m.key_list_id = k.key_list_id) as members from key_list k`;

/** `organizationId`: lists of it, and lists with a member in it. */
export async function listKeyLists(
  db: Db,
  {
    organizationId,
    after = '0',
    limit,
  }: {
    readonly organizationId?: number | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<KeyListRow[]> {
  const { rows } = await db.query<KeyListRow>(
    `${KEY_LIST} where k.key_list_id > $1::bigint and ($2::int is null or k.organization_id = $2
       or k.key_list_id in (select m.key_list_id from key_list_member m where m.organization_id = $2))
     order by k.key_list_id limit $3`,
    [after, organizationId ?? null, limit],
  );
  return rows;
}

export async function findKeyList(db: Db, id: string): Promise<KeyListRow | null> {
  const { rows } = await db.query<KeyListRow>(`${KEY_LIST} where k.key_list_id = $1::bigint`, [id]);
  return rows[0] ?? null;
}

const valuesOf = ({ name, purpose, reason, approvedBy, validFrom, validTo }: KeyListContent) => [
  name,
  purpose,
  reason,
  approvedBy,
  validFrom,
  validTo,
];

/**
 * Null when the organization has a list of this name.
 * @throws where the list is the installation's and the transaction does not see all of it; ask `mayLieBelow` first
 */
export async function insertKeyList(
  tx: Tx,
  organizationId: number | null,
  content: KeyListContent,
): Promise<KeyListRow | null> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into key_list (organization_id, name, purpose, reason, approved_by, valid_from, valid_to)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (organization_id, name) do nothing returning key_list_id::text as id`,
    [organizationId, ...valuesOf(content)],
  );
  return rows[0] === undefined ? null : findKeyList(tx, rows[0].id);
}

/**
 * False: it has another version by now.
 * @throws the database's error for a name that is taken (register-refusal.ts)
 */
export async function updateKeyList(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
  content: KeyListContent,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update key_list set name = $3, purpose = $4, reason = $5, approved_by = $6, valid_from = $7, valid_to = $8
     where key_list_id = $1::bigint and version = $2`,
    [id, version, ...valuesOf(content)],
  );
  return rowCount === 1;
}

export interface MemberKey {
  readonly kind: 'organization' | 'system' | 'asset';
  readonly id: string;
}

export interface MemberRow extends MemberKey {
  /** Name of the organization or system; of an asset its identity. */
  readonly name: string;
  readonly organization: RecordOwner;
}

/** In the order of kind and id. `after` is the last one of the page before. Those that have gone are left out. */
export async function listMembers(
  db: Db,
  keyListId: string,
  { after, limit }: { readonly after?: MemberKey | undefined; readonly limit: number },
): Promise<MemberRow[]> {
  const { rows } = await db.query<MemberRow>(
    `select m.member_kind as kind, m.member_id::text as id, coalesce(s.name, a.identity, o.name) as name,
       jsonb_build_object('organizationId', o.organization_id, 'name', o.name, 'nameZh', o.name_zh) as organization
     from key_list_member m join organization o using (organization_id)
     left join system s on m.member_kind = 'system' and s.organization_id = m.organization_id and s.system_id = m.member_id
     left join asset a on m.member_kind = 'asset' and a.organization_id = m.organization_id and a.asset_id = m.member_id
     where m.key_list_id = $1::bigint and (m.member_kind, m.member_id) > ($2, $3::bigint)
       and (m.member_kind = 'organization' or s.system_id is not null or a.asset_id is not null)
     order by m.member_kind, m.member_id limit $4`,
    [keyListId, after?.kind ?? '', after?.id ?? '0', limit],
  );
  return rows;
}

const MEMBER_TABLES: Readonly<Record<MemberKey['kind'], string>> = {
  organization: 'select organization_id from organization where organization_id = $1::bigint',
  system: 'select organization_id from system where system_id = $1::bigint',
  asset: 'select organization_id from asset where asset_id = $1::bigint',
};

/** False: there is no such record that the transaction sees. */
export async function addMember(tx: Tx, keyListId: string, { kind, id }: MemberKey): Promise<boolean> {
  const { rows } = await tx.query<{ organization_id: number }>(MEMBER_TABLES[kind], [id]);
  const organizationId = rows[0]?.organization_id;
  if (organizationId === undefined) return false;
  await tx.query(
    `insert into key_list_member (organization_id, key_list_id, member_kind, member_id) values ($1, $2::bigint, $3, $4::bigint) on conflict do nothing`,
    [organizationId, keyListId, kind, id],
  );
  return true;
}

/** Nothing happens where it is no member. */
export async function removeMember(tx: Tx, keyListId: string, { kind, id }: MemberKey): Promise<void> {
  await tx.query(
    'delete from key_list_member where key_list_id = $1::bigint and member_kind = $2 and member_id = $3::bigint',
    [keyListId, kind, id],
  );
}
