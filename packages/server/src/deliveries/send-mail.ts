import { randomUUID } from 'node:crypto';
import {
  claimDeliveries,
  type Ended,
  endAttempt,
  endOutdatedDeliveries,
  leave,
  type Outgoing,
  queueSending,
  recoverDeliveries,
} from '@backcheck/db';
import type { Task } from 'graphile-worker';
import type { Mailer } from '../platform/mail/mailer.ts';
import type { SmtpSession, Transmitted } from '../platform/mail/smtp-session.ts';
import type { Parts } from '../platform/parts.ts';
import { noticeMail } from './notice-mail.ts';
import { laterBy } from './pauses.ts';

/** Mails that one run holds at a time, and rounds of one run; the next job goes on. */
const AT_ONCE = 100;
const MOST_ROUNDS = 50;
/** A connection is opened for as many mails; a single mail needs one connection. */
const FOR_ONE_LINE = 10;
const MINUTE = 60_000;
/** RFC 5321 section 4.5.4.1: for at least four to five days, and seldom. */
const PAUSES = [1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440, 1440].map((minutes) => minutes * MINUTE);

type SenderParts = Pick<Parts, 'widePool' | 'clock' | 'log'> & {
  readonly mailer: Mailer;
  readonly publicUrl: string | null;
  readonly signal: AbortSignal | undefined;
};

/**
 * Empties the outbox of mails; docs/decisions/0018-exactly-once-mail.md. Runs in a queue of its own, one at a time, and
 * even two at once send nothing twice: a mail is written only after `leave` has committed that this run sends it.
 */
export function sendMailTask({ widePool, signIn, clock, log }: Parts): Task {
  return async (_payload, { abortSignal }) => {
    const sender = randomUUID();
    const left = await recoverDeliveries(widePool, { channel: 'mail', except: sender });
    if (left.again + left.unconfirmed > 0) log.warn(left, 'mails of a sender that is gone');
    const { mailer, publicUrl } = signIn;
    if (mailer === null) return endOutdatedDeliveries(widePool, 'mail');
    const parts = { widePool, clock, log, mailer, publicUrl, signal: abortSignal };
    const lines = Array.from({ length: mailer.connections }, () => new Line(parts));
    const begun = performance.now();
    let sent = 0;
    try {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        await endOutdatedDeliveries(widePool, 'mail');
        const at = clock().toISOString();
        const batch = await claimDeliveries(widePool, { channel: 'mail', sender, at, most: AT_ONCE });
        if (batch.length === 0) return;
        sent += await sendBatch(batch, lines, parts);
        if (abortSignal?.aborted === true) return;
      }
      await queueSending(widePool, 'mail');
    } finally {
      for (const line of lines) line.close();
      const seconds = (performance.now() - begun) / 1000;
      if (sent > 0) log.info({ sent, perSecond: Math.round(sent / seconds) }, 'mails sent');
    }
  };
}

/** How many were taken. @throws what the mail server or the network said when no line reaches it: the batch waits again */
async function sendBatch(
  batch: readonly Outgoing[],
  lines: readonly Line[],
  { widePool, signal }: SenderParts,
): Promise<number> {
  const queue = batch.values();
  const needed = lines.slice(0, Math.ceil(batch.length / FOR_ONE_LINE));
  const reached = await Promise.allSettled(needed.map((line) => line.empty(queue)));
  const sent = reached.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
  const failed = reached.find((one) => one.status === 'rejected');
  const why = failed === undefined ? null : String(failed.reason);
  // what no line took any more, because the server stops or none of them has a connection
  for (const one of queue) await endAttempt(widePool, one, { state: 'given-back', failure: why });
  if (failed !== undefined && sent === 0 && signal?.aborted !== true) throw failed.reason;
  return sent;
}

/** One connection to the mail server, opened with its first mail and again when it broke. */
class Line {
  readonly #parts: SenderParts;
  #session: SmtpSession | null = null;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  close(): void {
    this.#session?.close();
    this.#session = null;
  }

  /** Sends what it can take from the queue. @throws when there is no connection; the mail that it had waits again */
  async empty(queue: Iterator<Outgoing> & Iterable<Outgoing>): Promise<number> {
    const { widePool, signal } = this.#parts;
    let sent = 0;
    while (signal?.aborted !== true) {
      const { value: mail, done } = queue.next();
      if (done === true) break;
      const session = await this.#connected(mail);
      const ended = await this.#send(session, mail);
      await endAttempt(widePool, mail, ended);
      if (ended.state === 'sent') sent += 1;
    }
    return sent;
  }

  async #connected(mail: Outgoing): Promise<SmtpSession> {
    if (this.#session?.open === true) return this.#session;
    try {
      this.#session = await this.#parts.mailer.open();
      return this.#session;
    } catch (error) {
      await endAttempt(this.#parts.widePool, mail, { state: 'given-back', failure: String(error) });
      throw error;
    }
  }

  async #send(session: SmtpSession, mail: Outgoing): Promise<Ended> {
    const { widePool, clock, mailer, publicUrl } = this.#parts;
    if (mail.messageId === null) return { state: 'failed', failure: 'a mail without a Message-ID' };
    const composed = await mailer.compose(noticeMail(mail, publicUrl), mail.messageId);
    const outcome = await session.transmit(composed, () => leave(widePool, mail, clock().toISOString()));
    return endOf(outcome, mail, clock());
  }
}

function endOf(outcome: Transmitted, { attempts }: Outgoing, now: Date): Ended {
  if (outcome.kind === 'taken') return { state: 'sent', at: now.toISOString(), answer: outcome.answer };
  if (outcome.kind === 'unconfirmed') return { state: 'unconfirmed', failure: outcome.why };
  const failure = outcome.kind === 'refused' ? outcome.answer : outcome.why;
  const notBefore = laterBy(PAUSES[attempts - 1], now);
  const forGood = (outcome.kind === 'refused' && outcome.permanent) || notBefore === null;
  return forGood ? { state: 'failed', failure } : { state: 'again', notBefore, failure };
}
