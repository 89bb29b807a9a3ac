import { describe, expect, test } from 'vitest';
import { RESCAN_INTERVALS, RESCAN_RISKS } from './rescan-interval.ts';

describe('the plan of rescans', () => {
  test('is this one, the most pressing first', () => {
    expect(
      RESCAN_RISKS.map((risk) => [risk, RESCAN_INTERVALS[risk].first, RESCAN_INTERVALS[risk].next]),
    ).toEqual([
      ['known-exploited', 3, 7],
      ['critical', 7, 7],
      ['claimed', 1, 7],
      ['high', 30, 30],
      ['medium', 90, 90],
      ['low', 180, 180],
    ]);
  });

  test('never lets a less pressing risk go before a more pressing one', () => {
    const priorities = RESCAN_RISKS.map((risk) => RESCAN_INTERVALS[risk].priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
  });
});
