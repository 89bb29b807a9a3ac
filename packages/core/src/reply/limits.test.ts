import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { expires, grantFlaw, latestUntil, offerFlaw, type ReplyStanding, replyFlaw } from './limits.ts';
import { REPLY_KINDS } from './vocabulary.ts';

const NOW = '2026-11-21T00:00:00.000Z';
const DAY = 86_400_000;
const inDays = (days: number): string => new Date(Date.parse(NOW) + days * DAY).toISOString();

const STANDING: ReplyStanding = {
  severity: 'high',
  closed: false,
  dueAt: inDays(3),
  paused: false,
  term: 10 * DAY,
  extension: { most: 2, upToTerm: true, needsInterim: true },
  extensions: 0,
  interim: 'made',
  pending: [],
  grounds: [],
  vetoed: null,
};

const wish = (until: string | null, kind: (typeof REPLY_KINDS)[number] = 'extension') =>
  ({ kind, until, ground: null }) as const;
const code = (standing: Partial<ReplyStanding>, until = inDays(5)) =>
  replyFlaw(wish(until), { ...STANDING, ...standing }, NOW)?.code ?? 'may';

describe('more time', () => {
  test('is asked for before the date, for a date that is later', () => {
    expect(code({})).toBe('may');
    expect(code({ dueAt: NOW })).toBe('AFTER_DEADLINE');
    expect(code({ dueAt: inDays(-1) })).toBe('AFTER_DEADLINE');
    expect(code({ dueAt: null })).toBe('NO_DEADLINE');
    expect(code({}, inDays(3))).toBe('NOT_LATER');
    expect(code({}, inDays(-1))).toBe('DATE_PAST');
  });

  test('can be asked for while the clock stands still, whatever the date was', () => {
    expect(code({ dueAt: inDays(-1), paused: true })).toBe('may');
  });

  test('is at most the term itself once more, unless the policy says otherwise', () => {
    expect(replyFlaw(wish(inDays(13)), STANDING, NOW)).toBeNull();
    expect(replyFlaw(wish(inDays(14)), STANDING, NOW)).toEqual({ code: 'TOO_LONG', latest: inDays(13) });
    expect(code({ extension: { ...STANDING.extension, upToTerm: false } }, inDays(300))).toBe('may');
  });

  test('is given so many times as the policy says', () => {
    expect(code({ extensions: 1 })).toBe('may');
    expect(code({ extensions: 2 })).toBe('EXTENSIONS_USED');
    expect(code({ extension: { ...STANDING.extension, most: 0 } })).toBe('EXTENSIONS_USED');
  });

  test('needs an interim measure: filed to ask, verified to be granted; of critical findings always', () => {
    expect(code({ interim: null })).toBe('NEEDS_INTERIM');
    const freely = { ...STANDING.extension, needsInterim: false };
    expect(code({ interim: null, extension: freely })).toBe('may');
    expect(code({ interim: null, extension: freely, severity: 'critical' })).toBe('NEEDS_INTERIM');
    const granted = (interim: ReplyStanding['interim']) =>
      grantFlaw({ ...wish(inDays(5)), wished: inDays(5) }, { ...STANDING, interim }, NOW)?.code ?? 'may';
    expect([granted('made'), granted('verified')]).toEqual(['INTERIM_UNVERIFIED', 'may']);
  });

  test('can be granted after the date that it was asked for before', () => {
    const late = { ...STANDING, dueAt: inDays(-1), interim: 'verified' } as const;
    expect(grantFlaw({ ...wish(inDays(5)), wished: inDays(5) }, late, NOW)).toBeNull();
  });
});

describe('a risk', () => {
  test('is borne for 180 days at most', () => {
    expect(replyFlaw(wish(inDays(180), 'acceptance'), STANDING, NOW)).toBeNull();
    expect(replyFlaw(wish(inDays(181), 'acceptance'), STANDING, NOW)?.code).toBe('TOO_LONG');
  });

  test('of a vetoed check is never borne, also where the veto came after the wish', () => {
    const vetoed = { ...STANDING, vetoed: 'weak passwords are never acceptable' };
    expect(offerFlaw('acceptance', vetoed, NOW)?.code).toBe('VETOED');
    const granting = { ...wish(inDays(30), 'acceptance'), wished: inDays(30) };
    expect(grantFlaw(granting, vetoed, NOW)?.code).toBe('VETOED');
    expect(grantFlaw(granting, STANDING, NOW)).toBeNull();
  });
});

test('a false positive is looked at again within a year', () => {
  expect(replyFlaw(wish(inDays(365), 'false-positive'), STANDING, NOW)).toBeNull();
  expect(replyFlaw(wish(inDays(366), 'false-positive'), STANDING, NOW)?.code).toBe('TOO_LONG');
});

test('a ground is decided once in a cycle; another ground is another objection', () => {
  const standing = { ...STANDING, grounds: ['grade'] } as const;
  const object = (ground: 'grade' | 'fact') =>
    replyFlaw({ ...wish(null, 'objection'), ground }, standing, NOW);
  expect([object('grade')?.code, object('fact')]).toEqual(['GROUND_DECIDED', null]);
});

test.each(REPLY_KINDS)('%s: nothing is said to a closed finding, and not twice at a time', (kind) => {
  expect(offerFlaw(kind, { ...STANDING, closed: true }, NOW)?.code).toBe('FINDING_CLOSED');
  expect(offerFlaw(kind, { ...STANDING, pending: [kind] }, NOW)?.code).toBe('PENDING');
});

test('what lies over a finding ends by itself; a date that was moved does not', () => {
  expect(REPLY_KINDS.filter((kind) => expires(kind, null))).toEqual(['acceptance', 'false-positive']);
  expect([expires('objection', 'fact'), expires('objection', 'deadline')]).toEqual([true, false]);
});

const standings = fc.record({
  severity: fc.constantFrom('low', 'high', 'critical'),
  closed: fc.boolean(),
  dueAt: fc.option(fc.integer({ min: -30, max: 30 }).map(inDays)),
  paused: fc.boolean(),
  term: fc.option(fc.integer({ min: 1, max: 60 }).map((days) => days * DAY)),
  extension: fc.record({ most: fc.nat({ max: 3 }), upToTerm: fc.boolean(), needsInterim: fc.boolean() }),
  extensions: fc.nat({ max: 3 }),
  interim: fc.constantFrom('made', 'verified', null),
  pending: fc.subarray([...REPLY_KINDS]),
  grounds: fc.constant([]),
  vetoed: fc.constantFrom(null, 'must be fixed'),
}) satisfies fc.Arbitrary<ReplyStanding>;

law.prop([fc.constantFrom(...REPLY_KINDS), standings, fc.integer({ min: -10, max: 800 })])(
  'what is taken was offered, and names no later date than was said before',
  (kind, standing, days) => {
    const until = inDays(days);
    if (replyFlaw(wish(until, kind), standing, NOW) !== null) return;
    expect(offerFlaw(kind, standing, NOW)).toBeNull();
    const latest = latestUntil(kind, standing, NOW);
    if (latest !== null) expect(until <= latest).toBe(true);
    if (kind === 'acceptance') expect(standing.vetoed).toBeNull();
    if (kind === 'extension') expect(standing.extensions).toBeLessThan(standing.extension.most);
  },
);
