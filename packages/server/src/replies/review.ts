import type { ReviewReply } from '@backcheck/contract';
import { findingsToAnswer, reviewReply, type Tx } from '@backcheck/db';
import type { z } from 'zod';
import { Problem } from '../platform/problem.ts';
import { reviewAtOf } from './decide.ts';
import { problemOfFlaw } from './refusals.ts';
import type { Taking } from './taking.ts';

/**
 * Writes down that a borne risk still holds, and when it is looked at next. Asked again here, because it was granted on
 * what held then: a check that was vetoed since leaves revoking it. @throws Problem ACCEPTANCE_VETOED, REPLY_STATE, and
 * what core says of the date
 */
export async function review(tx: Tx, taking: Taking, body: z.output<typeof ReviewReply>): Promise<void> {
  const { row, at } = taking;
  const answered = await findingsToAnswer(tx, row.findingIds);
  const findings = answered.filter((one) => one.organizationId === row.organizationId && !one.closed);
  const until = row.grantedUntil?.toISOString() ?? null;
  // it has ended, or its findings are proven gone or another organization's: nobody bears it any more
  if (until === null || until <= at) throw new Problem('REPLY_STATE');
  for (const finding of findings)
    if (finding.vetoed !== null) throw problemOfFlaw({ code: 'VETOED', reason: finding.vetoed }, finding);
  const next = reviewAtOf(body, until, { findings, at });
  if (next === null) throw new Problem('REPLY_STATE');
  await reviewReply(tx, row, { ...taking, text: body.text, next });
}
