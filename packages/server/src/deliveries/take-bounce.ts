import { createHash } from 'node:crypto';
import type { BounceTaken } from '@backcheck/contract';
import { confirmSent, findByMessageId, markBounced, type Tx } from '@backcheck/db';
import { type Bounce, readBounce } from './read-bounce.ts';

/** Mail servers return the head, or a mail of ours, which is small. */
export const MOST_REPORT_BYTES = 1_000_000;

/** A report about a mail, before it is known whether that was one of ours. */
export interface Report {
  readonly bounce: Exclude<Bounce, { kind: 'not-a-report' }>;
  readonly sha256: string;
}

/** Null: a mail that reports nothing, such as a holiday notice. @throws when it is no mail at all */
export async function readReport(message: Buffer): Promise<Report | null> {
  const bounce = await readBounce(message);
  if (bounce.kind === 'not-a-report') return null;
  return { bounce, sha256: createHash('sha256').update(message).digest('hex') };
}

interface Taken extends BounceTaken {
  readonly organizationId: number | null;
}

/** Only an unguessable Message-ID of ours means anything: whoever sends reports about others' mails changes nothing. */
export async function takeBounce(tx: Tx, { bounce, sha256 }: Report, at: string): Promise<Taken> {
  const delivery = await findByMessageId(tx, bounce.messageIds);
  if (delivery === null) return { outcome: 'unknown', noticeId: null, organizationId: null };
  if (bounce.kind === 'bounced') await markBounced(tx, delivery, { why: bounce.why, sha256, at });
  // the mail server had it after all
  if (bounce.kind === 'delivered' && delivery.state === 'unconfirmed') await confirmSent(tx, delivery, at);
  return { outcome: bounce.kind, noticeId: delivery.noticeId, organizationId: delivery.organizationId };
}
