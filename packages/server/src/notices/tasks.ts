import { findNoticeBatch } from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';
import { draftBatch } from './draft-batch.ts';
import { issueBatch } from './issue-batch.ts';

const Payload = z.object({ noticeBatchId: z.int() });

/** The queue's tasks `draft-notices` and `issue-notices`, queued in 0019_notices.sql. */
export const noticeTasks = (parts: Pick<Parts, 'widePool' | 'clock' | 'log'>): TaskList => ({
  'draft-notices': (payload, { abortSignal }) =>
    draftBatch(parts, `${Payload.parse(payload).noticeBatchId}`, abortSignal),
  'issue-notices': async (payload, { abortSignal }) => {
    const batch = await findNoticeBatch(parts.widePool, `${Payload.parse(payload).noticeBatchId}`);
    if (batch !== null) await issueBatch(parts, batch, abortSignal);
  },
});
