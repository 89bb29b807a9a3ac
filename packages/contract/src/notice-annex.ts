import type { NoticeKind } from '@backcheck/core';
import { z } from 'zod';

/** What tools say of the checks of the findings of a notice, each check once; core's `annex` of a NoticeContent. */
export const NoticeAnnex = z.object({
  explanations: z.array(
    z.object({ check: z.string(), description: z.string(), harm: z.string(), advice: z.string() }),
  ),
  more: z.int().min(0).describe('Checks that are explained too, beyond what one paper has room for'),
});

/** A circular tells of weaknesses that its reader may never have heard of; other papers refer to what is known. */
export const hasAnnex = (draft: {
  readonly kind: NoticeKind;
  readonly annex?: boolean | undefined;
}): boolean => draft.annex ?? draft.kind === 'circular';
