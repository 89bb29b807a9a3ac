import type { Db } from './pool.ts';

/** How far a folder was read. UIDs are one server's as long as their validity is the same (RFC 9051 section 2.3.1.1). */
export interface MailboxPlace {
  /** User, server and folder. */
  readonly mailbox: string;
  readonly uidValidity: string;
}

/** The last mail that was read; 0: none, or the server numbers them anew. */
export async function lastMailRead(db: Db, { mailbox, uidValidity }: MailboxPlace): Promise<number> {
  const { rows } = await db.query<{ uid: string }>(
    'select last_uid::text as uid from mailbox_place where mailbox = $1 and uid_validity = $2',
    [mailbox, uidValidity],
  );
  return Number(rows[0]?.uid ?? 0);
}

export async function noteMailRead(
  db: Db,
  { mailbox, uidValidity }: MailboxPlace,
  uid: number,
): Promise<void> {
  await db.query(
    `insert into mailbox_place (mailbox, uid_validity, last_uid) values ($1, $2, $3)
     on conflict (mailbox) do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid`,
    [mailbox, uidValidity, uid],
  );
}
