import type { AccountRow } from './accounts.ts';
import type { Db } from './pool.ts';

export type KeyScope = 'read' | 'import' | 'all';

export interface ApiKeyRow {
  readonly apiKeyId: string;
  readonly name: string;
  readonly scope: KeyScope;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

const API_KEY = `api_key_id as "apiKeyId", name, scope, created_at as "createdAt", expires_at as "expiresAt",
  last_used_at as "lastUsedAt"`;

export interface NewApiKey {
  readonly accountId: number;
  readonly name: string;
  readonly scope: KeyScope;
  readonly expiresAt: Date;
  readonly hash: Buffer;
}

export async function insertApiKey(db: Db, key: NewApiKey): Promise<ApiKeyRow> {
  const inserted = await db.query<ApiKeyRow>(
    `insert into public.api_key (account_id, name, scope, expires_at, key_hash) values ($1, $2, $3, $4, $5)
     returning ${API_KEY}`,
    [key.accountId, key.name, key.scope, key.expiresAt, key.hash],
  );
  const [row] = inserted.rows;
  if (row === undefined) throw new Error('PostgreSQL returned no row for an insert');
  return row;
}

/** The keys of an account that were not revoked, newest first; also those whose time is over. */
export async function listApiKeys(db: Db, accountId: number): Promise<ApiKeyRow[]> {
  const found = await db.query<ApiKeyRow>(
    `select ${API_KEY} from public.api_key where account_id = $1 and revoked_at is null order by api_key_id desc`,
    [accountId],
  );
  return found.rows;
}

/** False when the account has no such key, or it was revoked before. */
export async function revokeApiKey(db: Db, accountId: number, apiKeyId: string): Promise<boolean> {
  const revoked = await db.query(
    `update public.api_key set revoked_at = now() where account_id = $1 and api_key_id = $2 and revoked_at is null`,
    [accountId, apiKeyId],
  );
  return revoked.rowCount === 1;
}

export interface KeyHolder {
  readonly account: AccountRow;
  readonly scope: KeyScope;
}

/**
 * Null for a key that is unknown, revoked or over its time, or whose account is disabled. Writes the time of use at
 * most once a minute: a busy sensor must not turn reads into writes.
 */
export async function findKeyHolder(db: Db, hash: Buffer, now: Date): Promise<KeyHolder | null> {
  const found = await db.query<AccountRow & { readonly scope: KeyScope }>(
    `with key as (
       select k.api_key_id, k.scope, k.last_used_at, a.account_id, a.name
       from public.api_key k join public.account a using (account_id)
       where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
         and a.disabled_at is null
     ), used as (
       update public.api_key k set last_used_at = $2 from key
        where k.api_key_id = key.api_key_id
          and (key.last_used_at is null or key.last_used_at < $2::timestamptz - interval '1 minute')
     )
     select account_id as "accountId", name, scope from key`,
    [hash, now],
  );
  const [row] = found.rows;
  return row === undefined
    ? null
    : { account: { accountId: row.accountId, name: row.name }, scope: row.scope };
}
