import type { AccountRow } from './accounts.ts';
import type { Db } from './pool.ts';

export async function insertSignInLink(
  db: Db,
  {
    hash,
    accountId,
    expiresAt,
  }: { readonly hash: Buffer; readonly accountId: number; readonly expiresAt: Date },
): Promise<void> {
  await db.query('insert into public.sign_in_link (token_hash, account_id, expires_at) values ($1, $2, $3)', [
    hash,
    accountId,
    expiresAt,
  ]);
}

/**
 * Uses a link up. One statement, so that of two requests with the same link only one gets the account.
 * Null when it is unknown, used or expired, or when its account is disabled.
 */
export async function useSignInLink(db: Db, hash: Buffer, now: Date): Promise<AccountRow | null> {
  const used = await db.query<AccountRow>(
    `update public.sign_in_link l set used_at = $2 from public.account a
      where l.token_hash = $1 and l.used_at is null and l.expires_at > $2 and a.account_id = l.account_id
        and a.disabled_at is null
      returning a.account_id as "accountId", a.name`,
    [hash, now],
  );
  return used.rows[0] ?? null;
}
