import { createHash } from 'node:crypto';
import { line } from '@backcheck/contract';
import { z } from 'zod';

export const IdempotencyKey = z.object({
  'idempotency-key': line(200)
    .optional()
    .describe('A name for this request: sent again with the same name it is not carried out again'),
});

/** Of a request that carries a key, in hex: the same name for another request is refused. */
export const requestSha256 = (body: unknown): string =>
  createHash('sha256').update(JSON.stringify(body)).digest('hex');
