import type { AccountRow } from './accounts.ts';
import type { Db } from './pool.ts';

/** Which accounts with a password need a second factor: all, those with the named roles, or none. */
export interface TwoFactorRule {
  readonly of: 'all' | 'privileged' | 'none';
  readonly privilegedRoles: readonly string[];
}

export interface FoundSession extends AccountRow {
  readonly sessionId: string;
  readonly authUserId: string;
  readonly startedAt: Date;
  /** It must set up a second factor before it may do anything else. */
  readonly twoFactorMissing: boolean;
}

/**
 * The session of a token, with its account, in one statement at each request: an account that was disabled or a
 * session that was ended is gone at the next one. Prepared once for each connection: to plan it took most of its time.
 * `updatedAt` is the time of last use, written once a minute.
 */
export async function findSession(
  db: Db,
  token: string,
  { now, rule }: { readonly now: Date; readonly rule: TwoFactorRule },
): Promise<FoundSession | null> {
  const found = await db.query<FoundSession>({
    name: 'find-session',
    text: `with found as (
       select s.id, s."userId", s."createdAt", s."updatedAt", a.account_id, a.name,
         $3 <> 'none' and not coalesce(u."twoFactorEnabled", false)
           and exists (select from auth.account w where w."userId" = u.id and w."providerId" = 'credential')
           and ($3 = 'all' or a.totp_required or exists (
             select from access_grant g where g.account_id = a.account_id and g.revoked_at is null
               and (g.expires_at is null or g.expires_at > $2) and g.role = any ($4))) as missing
       from auth.session s
       join auth."user" u on u.id = s."userId"
       join public.account a on a.auth_user_id = s."userId"
       where s.token = $1 and s."expiresAt" > $2 and a.disabled_at is null
     ), seen as (
       update auth.session s set "updatedAt" = $2 from found f
        where s.id = f.id and f."updatedAt" < $2::timestamptz - interval '1 minute'
     )
     select id as "sessionId", "userId" as "authUserId", "createdAt" as "startedAt", account_id as "accountId", name,
       missing as "twoFactorMissing"
     from found`,
    values: [token, now, rule.of, rule.privilegedRoles],
  });
  return found.rows[0] ?? null;
}

export interface SessionRow {
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** The sessions of an account that still hold, the last used first. */
export async function listSessions(db: Db, authUserId: string, now: Date): Promise<SessionRow[]> {
  const found = await db.query<SessionRow>(
    `select id as "sessionId", "createdAt" as "startedAt", "updatedAt" as "seenAt", "expiresAt",
       nullif("ipAddress", '') as address, nullif("userAgent", '') as "userAgent"
     from auth.session where "userId" = $1 and "expiresAt" > $2 order by "updatedAt" desc, id`,
    [authUserId, now],
  );
  return found.rows;
}

/** False when the account has no such session. */
export async function deleteSession(db: Db, authUserId: string, sessionId: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from auth.session where "userId" = $1 and id = $2', [
    authUserId,
    sessionId,
  ]);
  return rowCount === 1;
}

/** Ends all sessions of an account, but for the one that is kept. */
export async function deleteSessions(db: Db, authUserId: string, keep: string | null = null): Promise<void> {
  await db.query('delete from auth.session where "userId" = $1 and id is distinct from $2::uuid', [
    authUserId,
    keep,
  ]);
}

/** Takes the second factor away, for somebody who has lost it, and ends the sessions. */
export async function deleteTwoFactor(db: Db, authUserId: string): Promise<void> {
  await db.query('delete from auth."twoFactor" where "userId" = $1', [authUserId]);
  await db.query('update auth."user" set "twoFactorEnabled" = false where id = $1', [authUserId]);
  await deleteSessions(db, authUserId);
}

export interface SecondFactor {
  readonly password: boolean;
  readonly twoFactor: boolean;
}

export async function secondFactorOf(db: Db, authUserId: string): Promise<SecondFactor> {
  const found = await db.query<SecondFactor>(
    `select exists (select from auth.account where "userId" = u.id and "providerId" = 'credential') as password,
       coalesce("twoFactorEnabled", false) as "twoFactor"
     from auth."user" u where id = $1`,
    [authUserId],
  );
  return found.rows[0] ?? { password: false, twoFactor: false };
}

/** False when the same code was used before. A code holds for at most 90 seconds; two minutes are remembered. */
export async function useCodeOnce(
  db: Db,
  { authUserId, hash, now }: { readonly authUserId: string; readonly hash: Buffer; readonly now: Date },
): Promise<boolean> {
  await db.query(
    `delete from auth.used_code where user_id = $1 and used_at < $2::timestamptz - interval '2 minutes'`,
    [authUserId, now],
  );
  const { rowCount } = await db.query(
    'insert into auth.used_code (user_id, code_hash, used_at) values ($1, $2, $3) on conflict do nothing',
    [authUserId, hash, now],
  );
  return rowCount === 1;
}

/** Removes what can no longer sign anybody in. */
export async function deleteExpiredTokens(db: Db, now: Date): Promise<void> {
  await db.query('delete from auth.session where "expiresAt" <= $1', [now]);
  await db.query('delete from auth.verification where "expiresAt" <= $1', [now]);
  await db.query('delete from public.sign_in_link where expires_at <= $1', [now]);
  await db.query('delete from public.sign_in_attempt where forget_at <= $1', [now]);
}
