import { findAccount, findInvitationToSend, noteInvitationMail, renewInvitation } from '@backcheck/db';
import type { Task, TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { Mailer } from '../mail/mailer.ts';
import { writeMail } from '../mail/write-mail.ts';
import type { Parts } from '../parts.ts';
import type { SignIn } from './sign-in.ts';
import { newSecret, RESET_LIFETIME } from './tokens.ts';

/** How better-auth names the token of a reset. */
export const RESET_PREFIX = 'reset-password:';
const DAY = 24 * 3_600_000;

/** Behind `#`, so that the token is in no log and no Referer. */
export const invitationPath = (token: string): string => `/join#${token}`;
export const resetPath = (token: string): string => `/new-password#${token}`;

/**
 * The queue's mails; queued by `queue_mail` in 0008_sign_in.sql. The token is made here and not when the mail is queued,
 * so that none lies in the queue; an attempt that is repeated sends a new one.
 */
export function mailTasks({ signIn, clock }: Pick<Parts, 'signIn' | 'clock'>): TaskList {
  const task = (work: (payload: unknown, mailer: Mailer) => Promise<void>): Task => {
    return async (payload) => {
      // Without a mail server nothing queues a mail, but for one that was queued before it was taken away.
      if (signIn.mailer !== null) await work(payload, signIn.mailer);
    };
  };
  return {
    'mail-invitation': task((payload, mailer) => mailInvitation(signIn, { payload, mailer, now: clock() })),
    'mail-password-reset': task((payload, mailer) => mailReset(signIn, { payload, mailer, now: clock() })),
  };
}

interface Sending {
  readonly payload: unknown;
  readonly mailer: Mailer;
  readonly now: Date;
}

async function mailInvitation({ pool, publicUrl }: SignIn, { payload, mailer, now }: Sending): Promise<void> {
  const { invitationId } = z.object({ invitationId: z.number() }).parse(payload);
  const found = await findInvitationToSend(pool, invitationId, now);
  if (found === null) return;
  const { secret, hash } = newSecret();
  const { email, name, language, expiresAt, inviter } = found;
  await renewInvitation(pool, invitationId, { hash, expiresAt });
  const days = String(Math.max(1, Math.round((expiresAt.getTime() - now.getTime()) / DAY)));
  const facts = { link: `${publicUrl}${invitationPath(secret)}`, name, inviter, days };
  try {
    await mailer.send(writeMail('invitation', { language, to: email, facts }));
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    await noteInvitationMail(pool, invitationId, { at: now, failure: failure.slice(0, 500) });
    throw error;
  }
  await noteInvitationMail(pool, invitationId, { at: now, failure: null });
}

/** Looked up here and not in the request, so that the answer takes as long for an address that has no account. */
async function mailReset(
  { pool, publicUrl, auth }: SignIn,
  { payload, mailer, now }: Sending,
): Promise<void> {
  const { email } = z.object({ email: z.string() }).parse(payload);
  const account = await findAccount(pool, { email });
  if (account === null || account.authUserId === null || account.disabledAt !== null) return;
  const { secret } = newSecret();
  const { internalAdapter } = await auth.$context;
  await internalAdapter.createVerificationValue({
    identifier: `${RESET_PREFIX}${secret}`,
    value: account.authUserId,
    expiresAt: new Date(now.getTime() + RESET_LIFETIME),
  });
  const { name, language } = account;
  const facts = { link: `${publicUrl}${resetPath(secret)}`, name };
  await mailer.send(writeMail('password-reset', { language, to: email, facts }));
}
