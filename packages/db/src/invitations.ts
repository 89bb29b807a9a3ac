import { rolesThatMay } from '@backcheck/core';
import type pg from 'pg';
import { insertAuthUser } from './accounts.ts';
import { insertGrants, liveGrants, type NewGrant } from './grants.ts';
import { type Db, inTransaction, type Tx } from './pool.ts';

export interface InvitationRow {
  readonly invitationId: number;
  readonly email: string;
  readonly name: string;
  readonly language: 'zh' | 'en';
  readonly grants: readonly NewGrant[];
  readonly twoFactorRequired: boolean;
  readonly invitedBy: number;
  readonly invitedAt: Date;
  readonly expiresAt: Date;
  readonly sentAt: Date | null;
  readonly mailFailure: string | null;
}

const INVITATION = `invitation_id as "invitationId", email, name, language, grants,
  totp_required as "twoFactorRequired", invited_by as "invitedBy", invited_at as "invitedAt", expires_at as "expiresAt",
  sent_at as "sentAt", mail_failure as "mailFailure"`;
const OPEN = 'accepted_at is null and withdrawn_at is null';

export type NewInvitation = Omit<InvitationRow, 'invitationId' | 'sentAt' | 'mailFailure'>;

/** `taken`: an account has the address; `open`: an invitation is under way. */
export async function insertInvitation(
  tx: Tx,
  invitation: NewInvitation,
): Promise<InvitationRow | 'taken' | 'open'> {
  const { email, name, language, grants, twoFactorRequired, invitedBy, invitedAt, expiresAt } = invitation;
  const account = await tx.query('select from public.account where email = $1', [email]);
  if (account.rowCount !== 0) return 'taken';
  const inserted = await tx.query<InvitationRow>(
    `insert into invitation (email, name, language, grants, totp_required, invited_by, invited_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning ${INVITATION}`,
    [email, name, language, JSON.stringify(grants), twoFactorRequired, invitedBy, invitedAt, expiresAt],
  );
  return inserted.rows[0] ?? 'open';
}

/** The open ones that the transaction's grants show, newest first. */
export async function listInvitations(tx: Tx): Promise<InvitationRow[]> {
  const found = await tx.query<InvitationRow>(
    `select ${INVITATION} from visible_invitation order by invitation_id desc limit 1000`,
  );
  return found.rows;
}

export async function findVisibleInvitation(tx: Tx, invitationId: number): Promise<InvitationRow | null> {
  const found = await tx.query<InvitationRow>(
    `select ${INVITATION} from visible_invitation where invitation_id = $1`,
    [invitationId],
  );
  return found.rows[0] ?? null;
}

/** Gives an open invitation a new link; the one before no longer works. Null when it is not open. */
export async function renewInvitation(
  db: Db,
  invitationId: number,
  { hash, expiresAt }: { readonly hash: Buffer | null; readonly expiresAt: Date },
): Promise<InvitationRow | null> {
  const renewed = await db.query<InvitationRow>(
    `update invitation set token_hash = $2, expires_at = $3, sent_at = null, mail_failure = null
      where invitation_id = $1 and ${OPEN} returning ${INVITATION}`,
    [invitationId, hash, expiresAt],
  );
  return renewed.rows[0] ?? null;
}

/** With the name of whoever invites. Null when it is no longer open. */
export async function findInvitationToSend(
  db: Db,
  invitationId: number,
  now: Date,
): Promise<(InvitationRow & { readonly inviter: string }) | null> {
  const found = await db.query<InvitationRow & { readonly inviter: string }>(
    `select ${INVITATION}, (select a.name from public.account a where a.account_id = invited_by) as inviter
     from invitation where invitation_id = $1 and ${OPEN} and expires_at > $2`,
    [invitationId, now],
  );
  return found.rows[0] ?? null;
}

/** The mail server took it, or said why not. */
export async function noteInvitationMail(
  db: Db,
  invitationId: number,
  { at, failure }: { readonly at: Date; readonly failure: string | null },
): Promise<void> {
  await db.query('update invitation set sent_at = $2, mail_failure = $3 where invitation_id = $1', [
    invitationId,
    failure === null ? at : null,
    failure,
  ]);
}

export async function withdrawInvitation(tx: Tx, invitationId: number, at: Date): Promise<void> {
  await tx.query(`update invitation set withdrawn_at = $2 where invitation_id = $1 and ${OPEN}`, [
    invitationId,
    at,
  ]);
}

export type InvitationKey = { readonly hash: Buffer } | { readonly email: string };

/** An invitation that can be accepted now. */
export async function findOpenInvitation(
  db: Db,
  key: InvitationKey,
  now: Date,
): Promise<InvitationRow | null> {
  const [column, value] = 'hash' in key ? ['token_hash', key.hash] : ['email', key.email];
  const found = await db.query<InvitationRow>(
    `select ${INVITATION} from invitation where ${column} = $1 and ${OPEN} and expires_at > $2`,
    [value, now],
  );
  return found.rows[0] ?? null;
}

/**
 * Makes the account with its way to sign in and its grants, in one transaction. Null when the invitation was accepted
 * or withdrawn in the meantime, or whoever sent it may no longer give all of it. `pool` is one of `createSignInPool`;
 * without a password it signs in elsewhere.
 */
export function acceptInvitation(
  pool: pg.Pool,
  invitationId: number,
  { passwordHash, now }: { readonly passwordHash: string | null; readonly now: Date },
): Promise<number | null> {
  return inTransaction(pool, async (tx) => {
    const locked = await tx.query<InvitationRow>(
      `select ${INVITATION} from invitation where invitation_id = $1 and ${OPEN} and expires_at > $2 for update`,
      [invitationId, now],
    );
    const [invitation] = locked.rows;
    if (invitation === undefined || !(await inviterStillMay(tx, invitation, now))) return null;
    const accountId = await insertInvited(tx, invitation, now);
    const authUserId = await insertAuthUser(tx, accountId, invitation);
    if (passwordHash !== null) {
      await tx.query(
        `insert into auth.account ("accountId", "providerId", "userId", password, "updatedAt")
         values ($1::uuid::text, 'credential', $1, $2, $3)`,
        [authUserId, passwordHash, now],
      );
    }
    const { grants, invitedBy } = invitation;
    await insertGrants(tx, accountId, { grants, grantedBy: invitedBy, at: now.toISOString() });
    await tx.query(
      'update invitation set accepted_at = $2, account_id = $3, token_hash = null where invitation_id = $1',
      [invitationId, now, accountId],
    );
    return accountId;
  });
}

async function inviterStillMay(tx: Tx, { invitedBy, grants }: InvitationRow, now: Date): Promise<boolean> {
  const roles: readonly string[] = rolesThatMay({ object: 'account', action: 'create' });
  const own = (await liveGrants(tx, invitedBy, now)).filter(
    ({ role, systemId, campaignId }) => roles.includes(role) && systemId === null && campaignId === null,
  );
  if (own.length === 0) return false;
  if (own.some(({ organizationId }) => organizationId === null)) return true;
  await tx.query(`select set_config('app.grants', $1, true)`, [
    `{${own.map(({ grantId }) => grantId).join()}}`,
  ]);
  const outside = await tx.query(
    `select from unnest($1::int[]) as given(id)
     where id is null or id not in (select organization_id from visible_organization)`,
    [grants.map(({ organizationId }) => organizationId)],
  );
  await tx.query(`select set_config('app.grants', '', true)`);
  return outside.rowCount === 0;
}

async function insertInvited(
  tx: Tx,
  { name, email, language, twoFactorRequired }: InvitationRow,
  now: Date,
): Promise<number> {
  const made = await tx.query<{ accountId: number }>(
    `insert into public.account (name, email, language, totp_required, created_at)
     values ($1, $2, $3, $4, $5) returning account_id as "accountId"`,
    [name, email, language, twoFactorRequired, now],
  );
  const [account] = made.rows;
  if (account === undefined) throw new Error('PostgreSQL returned no row for an insert');
  return account.accountId;
}

/** Queues a mail in the caller's transaction; see `queue_mail` in 0008_sign_in.sql. */
export async function queueMail(
  db: Db,
  mail:
    | { readonly task: 'mail-invitation'; readonly payload: { readonly invitationId: number } }
    | { readonly task: 'mail-password-reset'; readonly payload: { readonly email: string } },
): Promise<void> {
  await db.query('select queue_mail($1, $2)', [mail.task, JSON.stringify(mail.payload)]);
}
