import type { Instant, RegisterRecord } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';
import { type JsonRow, recordOf } from './record-columns.ts';
import { OWNER, type RecordOwner } from './systems.ts';

export interface ContactRow {
  readonly id: string;
  readonly organization: RecordOwner;
  readonly version: number;
  readonly position: number;
  readonly record: RegisterRecord;
  /** `by` null: as a sheet says. */
  readonly verified: {
    readonly at: Instant;
    readonly by: { readonly accountId: number; readonly name: string } | null;
  } | null;
  /** Mails to this address that came back, since a later one was acknowledged. */
  readonly returned: { readonly count: number; readonly last: Instant; readonly why: string } | null;
}

interface Row extends Pick<ContactRow, 'id' | 'organization' | 'version' | 'position' | 'returned'> {
  readonly row: JsonRow;
  readonly verified_at: Date | null;
  readonly verified_by: number | null;
  readonly verified_by_name: string | null;
}

/** Whoever has a later mail to the address, and says so themself or by phone or on paper, clears it. */
const RETURNED = `(
  select case when count(*) > 0 then jsonb_build_object('count', count(*),
    'last', to_char(max(b.bounced_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'why', (array_agg(b.why order by b.bounced_at desc))[1]) end
  from mail_bounce b
  where b.organization_id = c.organization_id and b.address = lower(c.email) and not exists (
    select from notice_delivery d join notice_receipt r on r.organization_id = d.organization_id and r.notice_id = d.notice_id
    where d.organization_id = b.organization_id and d.address = b.address and d.channel = 'mail' and d.state = 'sent'
      and d.sent_at > b.bounced_at and r.received_at >= d.sent_at
      and (r.account_id = d.account_id or r.logged_by is not null and r.name = d.recipient)))`;

const CONTACT = `select c.contact_id::text as id, ${OWNER}, c.version, c.position, to_jsonb(c) as row, c.last_verified_at as verified_at,
  c.verified_by, account_name(c.verified_by) as verified_by_name, ${RETURNED} as returned
  from contact c join organization o using (organization_id)`;

function contactOf({ row, verified_at, verified_by, verified_by_name, ...rest }: Row): ContactRow {
  const by = verified_by === null ? null : { accountId: verified_by, name: verified_by_name ?? '' };
  return {
    ...rest,
    record: recordOf('contact', row),
    verified: verified_at === null ? null : { at: verified_at.toISOString(), by },
  };
}

/** In the order in which they are called; `after`: position and id of the last one of the page before. */
export async function listContacts(
  db: Db,
  {
    organizationId,
    after,
    limit,
  }: {
    readonly organizationId: number;
    readonly after?: { readonly position: number; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<ContactRow[]> {
  const { rows } = await db.query<Row>(
    `${CONTACT} where c.organization_id = $1 and (c.position, c.contact_id) > ($2, $3::bigint)
     order by c.position, c.contact_id limit $4`,
    [organizationId, after?.position ?? -1, after?.id ?? '0', limit],
  );
  return rows.map(contactOf);
}

export async function findContact(db: Db, id: string): Promise<ContactRow | null> {
  const { rows } = await db.query<Row>(`${CONTACT} where c.contact_id = $1::bigint`, [id]);
  return rows[0] === undefined ? null : contactOf(rows[0]);
}

export async function countContacts(db: Db, organizationId: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from contact where organization_id = $1',
    [organizationId],
  );
  return rows[0]?.count ?? 0;
}

/** Somebody made sure that this person answers. */
export async function verifyContact(
  tx: Tx,
  id: string,
  { accountId, at }: { readonly accountId: number; readonly at: Instant },
): Promise<void> {
  await tx.query('update contact set last_verified_at = $2, verified_by = $3 where contact_id = $1::bigint', [
    id,
    at,
    accountId,
  ]);
}

/** False: it has another version by now. */
export async function deleteContact(tx: Tx, id: string, version: number): Promise<boolean> {
  const { rowCount } = await tx.query('delete from contact where contact_id = $1::bigint and version = $2', [
    id,
    version,
  ]);
  return rowCount === 1;
}
