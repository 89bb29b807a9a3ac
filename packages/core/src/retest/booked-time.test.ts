import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { bookedSeconds, type Waiting } from './booked-time.ts';

const BASE = Date.parse('2026-11-01T00:00:00Z');
const at = (second: number): string => new Date(BASE + second * 1000).toISOString();
const waiting = (from: number, until: number): Waiting => ({ from: at(from), until: at(until) });

describe('the waiting that is booked to the coordinator', () => {
  test('counts two retests at the same time once', () => {
    expect(bookedSeconds([waiting(0, 60), waiting(30, 90)])).toBe(90);
    expect(bookedSeconds([waiting(0, 60), waiting(10, 20)])).toBe(60);
  });

  test('leaves out the time between two retests', () => {
    expect(bookedSeconds([waiting(100, 110), waiting(0, 10)])).toBe(20);
    expect(bookedSeconds([])).toBe(0);
  });

  const spans = fc.array(
    fc.tuple(fc.nat(200), fc.nat(50)).map(([from, lasts]) => ({ from, until: from + lasts })),
    { maxLength: 12 },
  );

  test.prop([spans])('is the number of seconds in which anything was waited for', (all) => {
    const seconds = Array.from({ length: 260 }, (_, second) => second);
    const counted = seconds.filter((one) => all.some(({ from, until }) => from <= one && one < until));
    expect(bookedSeconds(all.map(({ from, until }) => waiting(from, until)))).toBe(counted.length);
  });

  test.prop([spans])('does not depend on the order', (all) => {
    const waitings = all.map(({ from, until }) => waiting(from, until));
    expect(bookedSeconds(waitings.toReversed())).toBe(bookedSeconds(waitings));
  });
});
