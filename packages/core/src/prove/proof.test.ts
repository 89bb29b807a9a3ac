import { describe, expect, test } from 'vitest';
import {
  CLEAN_BY_TESTSSL,
  closureBetween,
  explicitClosure,
  SEEN_BY_TESTSSL,
  silentClosure,
} from './closure.fixture.ts';
import { type Closure, leafHash, type Supersession } from './closure.ts';
import { type Proof, proofOf } from './proof.ts';
import { readClosure } from './read-closure.ts';
import { REVIEW_STEPS, reviewClosure } from './review.ts';

const seenFromTwoPlaces = [
  SEEN_BY_TESTSSL,
  { ...SEEN_BY_TESTSSL, day: '03-03', from: { vantage: 'internet' } },
];
const cleanFromTwoPlaces = [
  CLEAN_BY_TESTSSL,
  { ...CLEAN_BY_TESTSSL, day: '04-12', from: { vantage: 'internet' } },
];

describe('a closure', () => {
  test('is the same bytes whatever the order of its witnesses', () => {
    const forwards = closureBetween(seenFromTwoPlaces, cleanFromTwoPlaces);
    const backwards = closureBetween(seenFromTwoPlaces, cleanFromTwoPlaces.toReversed());
    expect(leafHash(backwards)).toBe(leafHash(forwards));
    expect(forwards.witnesses.map(({ scan }) => scan.vantage)).toEqual(['office', 'internet']);
    expect(forwards.at).toBe('2026-04-12T08:00:00.000Z');
  });

  test('names the assumption when somebody declared the time of its scan', () => {
    const look = {
      ...CLEAN_BY_TESTSSL,
      scan: { timeSource: 'declared' },
      from: { declaredBy: 'coordinator' },
    } as const;
    const closure = closureBetween([SEEN_BY_TESTSSL], [look]);
    expect(closure.witnesses[0]?.claim.assumptions).toEqual(['A-time']);
    expect(proofOf(closure).kind).toBe('proof');
  });

  test('cannot be put together from a witness without a time', () => {
    const look = { ...CLEAN_BY_TESTSSL, from: { assets: [] } };
    expect(() => closureBetween([SEEN_BY_TESTSSL], [look])).toThrow('the scan claims nothing');
    expect(() => closureBetween([SEEN_BY_TESTSSL], [])).toThrow('a closure needs a witness that has a time');
  });

  test('has another leaf than its supersession', () => {
    const closure = explicitClosure();
    const supersession: Supersession = {
      kind: 'supersession',
      certificate: leafHash(closure),
      finding: closure.finding.id,
      at: '2026-05-01T00:00:00.000Z',
      scan: closure.need.scan,
      cause: 'regressed',
    };
    expect(leafHash(supersession)).not.toBe(leafHash(closure));
  });
});

describe('a proof', () => {
  test.each([
    ['an explicit absence', explicitClosure],
    ['a silence that the file accounts for', silentClosure],
    [
      'an absence at every place from which it was seen',
      () => closureBetween(seenFromTwoPlaces, cleanFromTwoPlaces),
    ],
  ])('comes from %s', (_, make) => {
    const closure = make();
    expect(proofOf(closure)).toMatchObject({ kind: 'proof', leaf: leafHash(closure), closure });
  });

  test('comes again from the closure as it was stored', () => {
    const stored: unknown = JSON.parse(JSON.stringify(silentClosure()));
    expect(proofOf(stored)).toMatchObject({ kind: 'proof', leaf: leafHash(silentClosure()) });
  });

  test('is refused, with all that is wrong, for a closure that does not stand', () => {
    const [witness] = silentClosure().witnesses;
    if (witness === undefined) throw new Error('no witness');
    const claim = { ...witness.claim, ports: '80', evidence: 'E1' as const };
    const closure: Closure = { ...silentClosure(), witnesses: [{ ...witness, claim }] };
    const answer = proofOf(closure);
    expect(answer).toMatchObject({ kind: 'refusal', message: 'port: the claim does not contain tcp/443' });
    expect(answer.kind === 'refusal' && answer.failed.map((one) => one.step)).toEqual(['port', 'covers']);
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'closure: not an object'],
    [
      'a closure by another rule',
      { ...silentClosure(), rule: 'mine' },
      'closure.rule: not one of backcheck/closure-by-proof/v1, backcheck/closure-by-proof/v2, backcheck/closure-by-proof/v3',
    ],
    ['a closure that says more', { ...silentClosure(), remark: '' }, 'closure: unknown member "remark"'],
    [
      'a closure that says less',
      { ...silentClosure(), at: undefined },
      'closure.at: not a UTC time with milliseconds',
    ],
    [
      'a closure without witnesses',
      { ...silentClosure(), witnesses: [] },
      'closure.witnesses: not a list of at least one',
    ],
  ])('is refused for %s', (_, value, message) => {
    expect(proofOf(value)).toEqual({ kind: 'refusal', failed: [], message });
  });

  test('cannot be written by hand', () => {
    const closure = silentClosure();
    // @ts-expect-error the brand is missing, and only proof.ts has it
    const forged: Proof = { kind: 'proof', closure, leaf: leafHash(closure) };
    expect(forged.kind).toBe('proof');
  });
});

describe('the review', () => {
  test('asks every step, also after one failed', () => {
    expect(new Set(reviewClosure(silentClosure()).steps.map((one) => one.step))).toEqual(
      new Set(REVIEW_STEPS),
    );
    const foreign = { ...silentClosure(), at: '2026-01-01T00:00:00.000Z' };
    expect(reviewClosure(foreign).steps).toHaveLength(REVIEW_STEPS.length);
  });

  test('reads a closure without changing it', () => {
    expect(readClosure(silentClosure())).toEqual({ ok: true, value: silentClosure() });
  });

  test.each<[string, (closure: Record<string, unknown>) => void]>([
    ['a need without a method', (closure) => Object.assign(closure['need'] as object, { methods: 0 })],
    ['a day that does not exist', (closure) => Object.assign(closure, { at: '2026-02-30T00:00:00.000Z' })],
    [
      'a time that would not compare as text',
      (closure) => Object.assign(closure, { at: '2026-04-11T08:00:00Z' }),
    ],
    ['a need without a vantage', (closure) => Object.assign(closure['need'] as object, { vantages: [] })],
  ])('does not begin with %s', (_, change) => {
    const closure = structuredClone(silentClosure()) as unknown as Record<string, unknown>;
    change(closure);
    expect(readClosure(closure).ok).toBe(false);
  });
});
