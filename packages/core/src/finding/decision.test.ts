import { describe, expect, test } from 'vitest';
import { type Decision, decidedOverlay, displayedState, isUnreachable } from './decision.ts';

const day = (n: number): string => new Date(Date.UTC(2026, 8, n)).toISOString();
const seenOn = (n: number) => ({ lastSeen: day(n), provenAbsent: null });
const decision = (kind: Decision['kind'], on: number, until: number | null = null): Decision => ({
  kind,
  decidedAt: day(on),
  expiresAt: until === null ? null : day(until),
});

describe('what people decide lies over the state and ends', () => {
  test('an accepted risk is accepted until its day and open again afterwards', () => {
    const decisions = [decision('accepted', 2, 10)];
    expect(decidedOverlay(decisions, seenOn(1), day(9))).toBe('accepted');
    expect(decidedOverlay(decisions, seenOn(1), day(10))).toBe('none');
  });

  test('an acceptance without an end is no acceptance', () => {
    expect(decidedOverlay([decision('accepted', 2)], seenOn(1), day(3))).toBe('none');
  });

  test('a claim of fix falls when a later scan sees the finding', () => {
    expect(decidedOverlay([decision('claimed', 2)], seenOn(1), day(3))).toBe('claimed');
    expect(decidedOverlay([decision('claimed', 2)], seenOn(3), day(4))).toBe('none');
  });

  test('a claim made after the last presence shows the finding as fixed but unverified', () => {
    expect(displayedState('open', 'claimed', false)).toBe('fixed-unverified');
  });

  test('a false positive stays one while the tool goes on reporting it, until it is revoked', () => {
    const decisions = [decision('false-positive', 2)];
    expect(decidedOverlay(decisions, seenOn(5), day(6))).toBe('false-positive');
    expect(decidedOverlay([...decisions, decision('revoked', 6)], seenOn(5), day(7))).toBe('none');
  });

  test('decisions count by when they were made, not by the order in which they were entered', () => {
    const decisions = [decision('revoked', 6), decision('false-positive', 2)];
    expect(decidedOverlay(decisions, seenOn(1), day(7))).toBe('none');
  });
});

describe('an asset that no scan reaches', () => {
  test('is unreachable after two attempts in a row', () => {
    const attempts = [1, 2].map((n) => ({ at: day(n), reached: false }));
    expect(isUnreachable(attempts, day(2))).toBe(true);
    expect(isUnreachable(attempts.slice(0, 1), day(2))).toBe(false);
  });

  test('is unreachable after one attempt and fourteen days', () => {
    expect(isUnreachable([{ at: day(1), reached: false }], day(15))).toBe(true);
  });

  test('is reachable again with the first contact', () => {
    const attempts = [1, 2].map((n) => ({ at: day(n), reached: false }));
    expect(isUnreachable([...attempts, { at: day(3), reached: true }], day(20))).toBe(false);
  });

  test('never counts as progress: a regressed finding stays regressed', () => {
    expect(displayedState('regressed', 'none', true)).toBe('regressed');
    expect(displayedState('open', 'none', true)).toBe('unreachable');
  });
});
