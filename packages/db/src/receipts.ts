import type { Channel, Instant } from '@backcheck/core';
import type { Signer } from './authorizations.ts';
import type { DeliveredNotice } from './deliveries.ts';
import type { Db, Tx } from './pool.ts';

export interface ReceiptRow {
  readonly no: number;
  readonly channel: Channel;
  readonly accountId: number | null;
  readonly name: string;
  readonly receivedAt: Instant;
  readonly loggedBy: Signer | null;
  readonly note: string | null;
}

export async function listReceipts(db: Db, noticeId: string): Promise<ReceiptRow[]> {
  const { rows } = await db.query<ReceiptRow>(
    `select r.receipt_no as no, r.channel, r.account_id as "accountId", r.name,
       to_char(r.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt",
       case when r.logged_by is not null then jsonb_build_object('id', r.logged_by::text, 'name', coalesce(account_name(r.logged_by), '')) end as "loggedBy",
       r.note
     from notice_receipt r join notice n using (organization_id, notice_id) where n.notice_id = $1 order by r.receipt_no limit 1000`,
    [noticeId],
  );
  return rows;
}

export interface NewReceipt {
  readonly channel: Channel;
  /** Null: only a name in the log. */
  readonly accountId: number | null;
  readonly name: string;
  readonly receivedAt: Instant;
  readonly loggedBy: number | null;
  readonly note: string | null;
}

/**
 * A receipt is never changed or taken back. False: this account has acknowledged the notice before. Two at once get two
 * numbers; the lock is no row lock, so that an acknowledgement does not wait for whoever changes the notice.
 */
export async function insertReceipt(
  tx: Tx,
  { organizationId, noticeId }: DeliveredNotice,
  receipt: NewReceipt,
): Promise<boolean> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('notice-receipt:' || $1, 0))`, [noticeId]);
  const { rowCount } = await tx.query(
    `insert into notice_receipt (organization_id, notice_id, receipt_no, channel, account_id, name, received_at, logged_by, note)
     select $1, $2, coalesce(max(receipt_no), 0) + 1, $3, $4, $5, $6, $7, $8 from notice_receipt
     where organization_id = $1 and notice_id = $2
     on conflict (organization_id, notice_id, channel, account_id) where account_id is not null and logged_by is null do nothing`,
    [
      organizationId,
      noticeId,
      receipt.channel,
      receipt.accountId,
      receipt.name,
      receipt.receivedAt,
      receipt.loggedBy,
      receipt.note,
    ],
  );
  return rowCount === 1;
}
