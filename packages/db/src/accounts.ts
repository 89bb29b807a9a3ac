import type { Db } from './pool.ts';

export interface AccountRow {
  readonly accountId: number;
  readonly name: string;
}

/** The account of this name, made when it is missing. */
export async function ensureAccount(db: Db, name: string): Promise<AccountRow> {
  await db.query('insert into account (name) values ($1) on conflict do nothing', [name]);
  const found = await db.query<AccountRow>(
    'select account_id as "accountId", name from account where name = $1',
    [name],
  );
  const [row] = found.rows;
  if (row === undefined) throw new Error('The account was removed while it was being made');
  return row;
}

interface NewToken {
  readonly hash: Buffer;
  readonly accountId: number;
  readonly expiresAt: Date;
}

export async function insertSignInLink(db: Db, { hash, accountId, expiresAt }: NewToken): Promise<void> {
  await db.query('insert into sign_in_link (token_hash, account_id, expires_at) values ($1, $2, $3)', [
    hash,
    accountId,
    expiresAt,
  ]);
}

/**
 * Uses a link up. One statement, so that of two requests with the same link only one gets the account.
 * Null when it is unknown, used or expired.
 */
export async function useSignInLink(db: Db, hash: Buffer, now: Date): Promise<AccountRow | null> {
  const used = await db.query<AccountRow>(
    `update sign_in_link l set used_at = $2 from account a
      where l.token_hash = $1 and l.used_at is null and l.expires_at > $2 and a.account_id = l.account_id
      returning a.account_id as "accountId", a.name`,
    [hash, now],
  );
  return used.rows[0] ?? null;
}

export async function insertSession(db: Db, { hash, accountId, expiresAt }: NewToken): Promise<void> {
  await db.query('insert into session (token_hash, account_id, expires_at) values ($1, $2, $3)', [
    hash,
    accountId,
    expiresAt,
  ]);
}

export async function findSession(db: Db, hash: Buffer, now: Date): Promise<AccountRow | null> {
  const found = await db.query<AccountRow>(
    `select a.account_id as "accountId", a.name from session s join account a using (account_id)
      where s.token_hash = $1 and s.expires_at > $2`,
    [hash, now],
  );
  return found.rows[0] ?? null;
}

export async function deleteSession(db: Db, hash: Buffer): Promise<void> {
  await db.query('delete from session where token_hash = $1', [hash]);
}

/** Removes what can no longer sign anybody in. */
export async function deleteExpiredTokens(db: Db, now: Date): Promise<void> {
  await db.query('delete from session where expires_at <= $1', [now]);
  await db.query('delete from sign_in_link where expires_at <= $1', [now]);
}

export interface ApiKeyRow {
  readonly apiKeyId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

const API_KEY = `api_key_id as "apiKeyId", name, created_at as "createdAt", last_used_at as "lastUsedAt"`;

export async function insertApiKey(
  db: Db,
  key: { readonly accountId: number; readonly name: string; readonly hash: Buffer },
): Promise<ApiKeyRow> {
  const inserted = await db.query<ApiKeyRow>(
    `insert into api_key (account_id, name, key_hash) values ($1, $2, $3) returning ${API_KEY}`,
    [key.accountId, key.name, key.hash],
  );
  const [row] = inserted.rows;
  if (row === undefined) throw new Error('PostgreSQL returned no row for an insert');
  return row;
}

/** The keys of an account that still work, newest first. */
export async function listApiKeys(db: Db, accountId: number): Promise<ApiKeyRow[]> {
  const found = await db.query<ApiKeyRow>(
    `select ${API_KEY} from api_key where account_id = $1 and revoked_at is null order by api_key_id desc`,
    [accountId],
  );
  return found.rows;
}

/** False when the account has no such key that still works. */
export async function revokeApiKey(db: Db, accountId: number, apiKeyId: string): Promise<boolean> {
  const revoked = await db.query(
    `update api_key set revoked_at = now() where account_id = $1 and api_key_id = $2 and revoked_at is null`,
    [accountId, apiKeyId],
  );
  return revoked.rowCount === 1;
}

/** Writes the time of use at most once a minute: a busy sensor must not turn reads into writes. */
export async function findApiKeyAccount(db: Db, hash: Buffer, now: Date): Promise<AccountRow | null> {
  const found = await db.query<AccountRow>(
    `with key as (
       select api_key_id, account_id, last_used_at from api_key where key_hash = $1 and revoked_at is null
     ), used as (
       update api_key k set last_used_at = $2 from key
        where k.api_key_id = key.api_key_id
          and (key.last_used_at is null or key.last_used_at < $2::timestamptz - interval '1 minute')
     )
     select a.account_id as "accountId", a.name from key join account a using (account_id)`,
    [hash, now],
  );
  return found.rows[0] ?? null;
}
