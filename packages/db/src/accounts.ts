import type pg from 'pg';
import type { Db, Tx } from './pool.ts';
import { inTransaction } from './pool.ts';

export interface AccountRow {
  readonly accountId: number;
  readonly name: string;
}

/** The account of this name that has no address, made when it is missing: that of whoever starts the server. */
export async function ensureAccount(db: Db, name: string): Promise<AccountRow> {
  await db.query('insert into public.account (name) values ($1) on conflict do nothing', [name]);
  const found = await db.query<AccountRow>(
    'select account_id as "accountId", name from public.account where name = $1 and email is null',
    [name],
  );
  const [row] = found.rows;
  if (row === undefined) throw new Error('The account was removed while it was being made');
  return row;
}

/** What sign-in needs to know of an account. */
export interface SignInAccount extends AccountRow {
  /** Null: it signs in by a link only. */
  readonly email: string | null;
  readonly language: 'zh' | 'en';
  /** Its row in better-auth's table; null until the first sign-in. */
  readonly authUserId: string | null;
  readonly disabledAt: Date | null;
}

const SIGN_IN_ACCOUNT = `account_id as "accountId", name, email, language, auth_user_id as "authUserId",
  disabled_at as "disabledAt"`;

export type AccountKey =
  | { readonly accountId: number }
  | { readonly authUserId: string }
  | { readonly email: string };

export async function findAccount(db: Db, key: AccountKey): Promise<SignInAccount | null> {
  const [column, value] =
    'accountId' in key
      ? ['account_id', key.accountId]
      : 'email' in key
        ? ['email', key.email]
        : ['auth_user_id', key.authUserId];
  const found = await db.query<SignInAccount>(
    `select ${SIGN_IN_ACCOUNT} from public.account where ${column} = $1`,
    [value],
  );
  return found.rows[0] ?? null;
}

/**
 * The account's row in better-auth's table, made when it is missing. Null when there is no such account. An account
 * without an address gets one that nobody can know before, so that no identity provider can claim it.
 */
export function ensureAuthUser(pool: pg.Pool, accountId: number): Promise<string | null> {
  return inTransaction(pool, async (tx) => {
    const locked = await tx.query<SignInAccount>(
      `select ${SIGN_IN_ACCOUNT} from public.account where account_id = $1 for update`,
      [accountId],
    );
    const [account] = locked.rows;
    if (account === undefined) return null;
    return account.authUserId ?? insertAuthUser(tx, accountId, account);
  });
}

/** Whoever gets one has shown that the address is theirs: by a link that was sent there, or at the identity provider. */
export async function insertAuthUser(
  tx: Tx,
  accountId: number,
  { name, email }: { readonly name: string; readonly email: string | null },
): Promise<string> {
  const inserted = await tx.query<{ authUserId: string }>(
    `with made as (
       insert into auth."user" (name, email, "emailVerified")
       values ($2, coalesce($3, gen_random_uuid() || '@backcheck.invalid'), true) returning id
     )
     update public.account set auth_user_id = made.id from made where account_id = $1
     returning auth_user_id as "authUserId"`,
    [accountId, name, email],
  );
  const [row] = inserted.rows;
  if (row === undefined) throw new Error('The account was removed while it was signed in');
  return row.authUserId;
}

/** With a second factor on, the password alone is no sign-in yet. */
export async function noteSignIn(
  db: Db,
  authUserId: string,
  { at, passwordOnly }: { readonly at: Date; readonly passwordOnly: boolean },
): Promise<void> {
  await db.query(
    `update public.account a set last_sign_in_at = $2 from auth."user" u
      where a.auth_user_id = $1 and u.id = $1 and not ($3 and coalesce(u."twoFactorEnabled", false))`,
    [authUserId, at, passwordOnly],
  );
}

/** Who changes an account, for the audit log's triggers. */
export interface Changer {
  readonly accountId: number;
  readonly via: 'session' | 'api-key';
}

/** Runs `work` in one transaction that says whose it is. `pool` is one of `createSignInPool`. */
export function asChanger<T>(
  pool: pg.Pool,
  { accountId, via }: Changer,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (tx) => {
    await tx.query(`select set_config('app.account', $1, true), set_config('app.via', $2, true)`, [
      String(accountId),
      via,
    ]);
    return work(tx);
  });
}

/**
 * Ends its sessions too, and withdraws the invitations that it sent and nobody has accepted. Its keys stop because
 * each use looks at `disabled_at`, and come back with it.
 */
export async function disableAccount(tx: Tx, accountId: number, at: Date): Promise<void> {
  await tx.query('update public.account set disabled_at = $2 where account_id = $1 and disabled_at is null', [
    accountId,
    at,
  ]);
  await tx.query(
    `delete from auth.session s using public.account a where a.account_id = $1 and s."userId" = a.auth_user_id`,
    [accountId],
  );
  await tx.query(
    'update invitation set withdrawn_at = $2 where invited_by = $1 and accepted_at is null and withdrawn_at is null',
    [accountId, at],
  );
}

export async function enableAccount(tx: Tx, accountId: number): Promise<void> {
  await tx.query('update public.account set disabled_at = null where account_id = $1', [accountId]);
}

/** An account as the screen of people shows it; see the view in 0008_sign_in.sql. */
export interface VisibleAccount extends AccountRow {
  readonly email: string | null;
  readonly language: 'zh' | 'en';
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly lastSignInAt: Date | null;
  readonly twoFactor: boolean;
  /** Every grant of it is within reach; only then may it be changed. */
  readonly allWithin: boolean;
  /** Those within reach. Ids as text, times as ISO 8601. */
  readonly grants: readonly {
    readonly id: string;
    readonly role: string;
    readonly organizationId: string | null;
    readonly organizationName: string | null;
    readonly systemId: string | null;
    readonly campaignId: string | null;
    readonly expiresAt: string | null;
  }[];
}

const VISIBLE_ACCOUNT = `account_id as "accountId", name, email, language, created_at as "createdAt",
  disabled_at as "disabledAt", last_sign_in_at as "lastSignInAt", two_factor as "twoFactor",
  all_within as "allWithin", grants`;

/** Newest first; those before the account `before`. `text` is looked for in name and address. */
export async function listAccounts(
  tx: Tx,
  {
    text,
    before,
    limit,
  }: { readonly text: string | null; readonly before: number | null; readonly limit: number },
): Promise<VisibleAccount[]> {
  const found = await tx.query<VisibleAccount>(
    `select ${VISIBLE_ACCOUNT} from visible_account
      where ($1::text is null or position(lower($1) in lower(name)) > 0 or position(lower($1) in email) > 0)
        and ($2::integer is null or account_id < $2)
      order by account_id desc limit $3`,
    [text, before, limit],
  );
  return found.rows;
}

/** Null when the transaction's grants do not show it. */
export async function findVisibleAccount(tx: Tx, accountId: number): Promise<VisibleAccount | null> {
  const found = await tx.query<VisibleAccount>(
    `select ${VISIBLE_ACCOUNT} from visible_account where account_id = $1::bigint`,
    [accountId],
  );
  return found.rows[0] ?? null;
}
