import { line } from '@backcheck/contract';
import type { LockedNotice } from '@backcheck/db';
import { z } from 'zod';
import { Problem } from '../platform/problem.ts';

/** The tag stands in the body and in no `ETag`: a proxy that compresses makes that a weak one, which matches nothing. */
export const IfMatch = z.object({
  'if-match': line(1000)
    .optional()
    .describe(
      'The `tag` of the notice as it was read, in double quotes (RFC 9110 section 13.1.1): somebody else has changed it since → NOTICE_CHANGED. Left out, or `*`: whatever it says now',
    ),
});
export type IfMatch = z.infer<typeof IfMatch>;

/** A weak tag matches nothing. @throws Problem NOTICE_CHANGED */
export function refuseChanged({ tag }: Pick<LockedNotice, 'tag'>, { 'if-match': wanted }: IfMatch): void {
  if (wanted === undefined || wanted === '*') return;
  if (!wanted.split(',').some((one) => one.trim() === `"${tag}"`)) throw new Problem('NOTICE_CHANGED');
}
