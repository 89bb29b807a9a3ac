import { line } from '@backcheck/contract';
import { z } from 'zod';

export const IdempotencyKey = z.object({
  'idempotency-key': line(200)
    .optional()
    .describe('A name for this request: sent again with the same name it is not carried out again'),
});
