import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EVIDENCE, REASONS } from '../observe/record.ts';
import { type Answer, better, STEPS } from './answer.ts';
import { type Claim, namesPlace } from './claim.ts';

const times = fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');

const failing: fc.Arbitrary<Answer> = fc.record({
  step: fc.constantFrom(...STEPS.filter((step) => step !== 'covers')),
  reason: fc.constantFrom(...REASONS),
  at: fc.option(times),
});

const claim = {
  visit: {
    asset: 'ip:192.0.2.1',
    identifiers: [],
    strong: [],
    reached: true,
    reason: null,
    startedAt: null,
    finishedAt: null,
    credential: 'none',
    leased: false,
  },
  transport: 'tcp',
  ports: [],
  checks: { kind: 'ids', ids: new Set<string>() },
  within: null,
  method: 'remote',
  credential: 'none',
  evidence: 'E2',
  reason: null,
  assumptions: [],
  explicit: false,
} as const;

const covering: fc.Arbitrary<Answer> = fc.record({
  step: fc.constant('covers' as const),
  evidence: fc.constantFrom(...EVIDENCE),
  at: times,
  claim: fc.constant(claim),
});

const answers = fc.oneof(failing, covering);

test('which of two answers of a scan counts does not depend on their order in the file', () => {
  fc.assert(
    fc.property(answers, answers, (a, b) => {
      expect(better(a, b)).toEqual(better(b, a));
    }),
  );
});

test('of three answers the same one counts in whatever order they are compared', () => {
  fc.assert(
    fc.property(answers, answers, answers, (a, b, c) => {
      expect(better(better(a, b), c)).toEqual(better(a, better(b, c)));
    }),
  );
});

test('an answer that covers counts before any that does not', () => {
  fc.assert(
    fc.property(covering, failing, (covers, fails) => {
      expect(better(fails, covers).step).toBe('covers');
    }),
  );
});

test('an explicit absence at a place is not that of the details of the place', () => {
  const absence: Claim = { ...claim, within: ['a'], explicit: true, evidence: 'E3' };
  expect([namesPlace(absence, 'a'), namesPlace(absence, 'a#b')]).toEqual([true, false]);
  expect(namesPlace({ ...absence, explicit: false }, 'a#b')).toBe(true);
  expect(namesPlace({ ...absence, evidence: 'E0' }, 'a#b')).toBe(true);
});
