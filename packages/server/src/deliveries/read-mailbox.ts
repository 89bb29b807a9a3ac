import { inTransaction, lastMailRead, noteMailRead } from '@backcheck/db';
import type { Task } from 'graphile-worker';
import {
  type Mailbox,
  mailboxName,
  type OpenMailbox,
  openMailbox,
  SignInRefused,
} from '../platform/mail/mailbox.ts';
import type { Parts } from '../platform/parts.ts';
import { MOST_REPORT_BYTES, readReport, takeBounce } from './take-bounce.ts';

/** Mails of one run; the next run goes on behind them. */
const AT_ONCE = 200;

/** Each refused sign-in brings a server nearer to locking the account, from which notices may be sent too. */
const REST_AFTER_REFUSAL = 60 * 60_000;

/** Reads the mailbox to which mails come back, where one is configured. What is wrong with it is in the log. */
export function readMailboxTask(parts: Parts): Task {
  let restsUntil = 0;
  return async () => {
    const { mailbox = null, log, clock } = parts;
    if (mailbox === null || clock().getTime() < restsUntil) return;
    try {
      const done = await readMailbox(parts, mailbox);
      if (done.read > 0) log.info(done, 'mails that came back');
    } catch (error) {
      const refused = error instanceof SignInRefused;
      if (refused) restsUntil = clock().getTime() + REST_AFTER_REFUSAL;
      const next = refused ? 'in an hour, or when the server is started again' : 'in two minutes';
      log.error({ err: error }, `the mailbox of mails that come back was not read; it is tried ${next}`);
    }
  };
}

/**
 * Takes the reports among the mails that came since the last run. Killed at any moment, the next run begins with the same
 * mail again: its report counts once (`markBounced`). What is no report of a mail of ours stays as it is for people to read.
 */
export async function readMailbox(
  { widePool, clock, log }: Pick<Parts, 'widePool' | 'clock' | 'log'>,
  mailbox: Mailbox,
  open: (mailbox: Mailbox) => Promise<OpenMailbox> = openMailbox,
): Promise<{ readonly read: number; readonly taken: number }> {
  const folder = await open(mailbox);
  try {
    const place = { mailbox: mailboxName(mailbox), uidValidity: folder.uidValidity };
    const mails = await folder.next(await lastMailRead(widePool, place), AT_ONCE);
    let taken = 0;
    for (const { uid, bytes } of mails) {
      const report = bytes > MOST_REPORT_BYTES ? null : await reportIn(folder, uid);
      if (report !== null) {
        const at = clock().toISOString();
        const { outcome, noticeId } = await inTransaction(widePool, (tx) => takeBounce(tx, report, at));
        if (outcome !== 'unknown') {
          await folder.settle(uid);
          log.info({ noticeId, outcome }, 'a report about a mail was taken');
          taken += 1;
        }
      }
      await noteMailRead(widePool, place, uid);
    }
    return { read: mails.length, taken };
  } finally {
    await folder.close();
  }
}

/** Null: no report, no mail at all, or gone. */
async function reportIn(folder: OpenMailbox, uid: number) {
  const mail = await folder.read(uid);
  if (mail === null || mail.length > MOST_REPORT_BYTES) return null;
  return readReport(mail).catch(() => null);
}
