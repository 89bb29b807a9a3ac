import { expect, test } from 'vitest';
import { problemOfFlaw, refusalText } from './refusals.ts';

const FLAWS = [
  { code: 'FINDING_CLOSED' },
  { code: 'PENDING' },
  { code: 'GROUND_DECIDED' },
  { code: 'NO_DEADLINE' },
  { code: 'AFTER_DEADLINE', due: '2026-12-31T16:00:00.000Z' },
  { code: 'NOT_LATER', due: '2026-12-31T16:00:00.000Z' },
  { code: 'EXTENSIONS_USED', most: 2 },
  { code: 'NEEDS_INTERIM' },
  { code: 'INTERIM_UNVERIFIED' },
  { code: 'VETOED', reason: 'weak passwords' },
] as const;

test.each(FLAWS)('beside its finding the refusal $code names no number', (flaw) => {
  const problem = problemOfFlaw(flaw, { findingId: '4711', timeZone: 'Asia/Shanghai' });
  const { zh, en } = refusalText(problem);
  expect(zh + en).not.toContain('4711');
  expect([zh, en]).toEqual([expect.stringContaining('该问题'), expect.stringMatching(/this finding/i)]);
});
