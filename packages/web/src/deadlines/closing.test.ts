import type { FindingDeadline } from '@backcheck/contract';
import { describe, expect, it } from 'vitest';
import { closing } from './closing.ts';

type Row = FindingDeadline['history'][number];
const ROW: Row = {
  no: 2,
  determinedAt: '2026-06-03T02:00:00.000Z',
  cause: 'facts',
  cycleStart: '2026-06-01T02:00:00.000Z',
  dueAt: '2026-06-15T16:00:00.000Z',
  paused: null,
  priority: 'scheduled',
  policy: null,
  rule: 'high',
};
const ended = (last: Partial<Row>, provenAt: string | null) => {
  const row = { ...ROW, ...last };
  const imported = '2026-06-18T02:00:00.000Z';
  return closing({ history: [{ ...row, no: 3, cause: 'closed' }, row], provenAt }, imported);
};

describe('a finding that is proven gone', () => {
  it('was gone in time by the scan that proves it, whenever that was taken in', () => {
    expect(ended({}, '2026-06-15T15:59:59.000Z')).toMatchObject({ isLate: false, stoodStill: false });
    expect(ended({}, '2026-06-15T16:00:00.000Z')).toMatchObject({ isLate: true, stoodStill: false });
    expect(ended({}, null)).toMatchObject({ isLate: true, at: '2026-06-18T02:00:00.000Z' });
  });

  it('was gone in time while the clock stood still: the date was the earliest one possible', () => {
    const late = '2026-06-17T02:00:00.000Z';
    expect(ended({ paused: 'retest' }, late)).toMatchObject({ isLate: false, stoodStill: true, at: late });
    expect(ended({ paused: 'retest' }, '2026-06-12T02:00:00.000Z')).toMatchObject({
      isLate: false,
      stoodStill: false,
    });
  });

  it('was neither early nor late where it had no date', () => {
    expect(ended({ dueAt: null }, null)).toMatchObject({ dueAt: null, isLate: false });
  });
});
