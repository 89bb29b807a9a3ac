import { type DeliveredNotice, findDeliveredNotice, type Tx } from '@backcheck/db';
import { Problem } from '../platform/problem.ts';

/** @throws Problem NOT_FOUND */
export async function noticeOf(tx: Tx, id: string): Promise<DeliveredNotice> {
  const notice = await findDeliveredNotice(tx, id);
  if (notice === null) throw new Problem('NOT_FOUND');
  return notice;
}

/** One that was issued and still stands. @throws Problem NOT_FOUND, NOTICE_NOT_ISSUED */
export async function standingNotice(tx: Tx, id: string): Promise<DeliveredNotice> {
  const notice = await noticeOf(tx, id);
  if (notice.state !== 'issued') throw new Problem('NOTICE_NOT_ISSUED', { state: notice.state });
  return notice;
}
