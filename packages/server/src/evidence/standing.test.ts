import { RETENTION_DEFAULTS, RETENTION_KINDS } from '@backcheck/contract';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { standingOf, standingOfUncited } from './standing.ts';

const now = new Date('2026-11-21T00:00:00Z');
const since = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const rules = { ...RETENTION_DEFAULTS };

describe('how a file stands', () => {
  it.each([
    ['an upload of yesterday', [{ kind: 'upload', since: since(1) }], { is: 'kept', kind: 'upload' }],
    [
      'an upload of a week ago',
      [{ kind: 'upload', since: since(7) }],
      { is: 'over', kind: 'upload', days: 7 },
    ],
    ['a scan that is needed', [{ kind: 'scan', since: null }], { is: 'held', kind: 'scan' }],
    ['a scan that is not', [{ kind: 'scan', since: since(9999) }], { is: 'kept', kind: 'scan' }],
    [
      'evidence whose finding was proven three years ago',
      [{ kind: 'claim-evidence', since: since(1095) }],
      { is: 'over', kind: 'claim-evidence', days: 1095 },
    ],
    [
      'the same bytes as evidence and as a signed copy',
      [
        { kind: 'claim-evidence', since: since(1100) },
        { kind: 'signed-copy', since: since(1100) },
      ],
      { is: 'kept', kind: 'signed-copy' },
    ],
    [
      'an authorization that ends next year',
      [{ kind: 'authorization', since: since(-365) }],
      { is: 'kept', kind: 'authorization' },
    ],
    ['what a place cites that no rule knows', [{ kind: 'other', since: null }], { is: 'held', kind: 'scan' }],
  ] as const)('%s', (_name, citations, standing) => {
    expect(standingOf(citations, rules, now)).toEqual(standing);
  });

  it('as an upload that nothing took it has a day under any rule', () => {
    const hostile = { ...rules, upload: 0 };
    const upload = (days: number) => [{ kind: 'upload', since: since(days) }];
    expect(standingOf(upload(0.9), hostile, now)).toEqual({ is: 'kept', kind: 'upload' });
    expect(standingOf(upload(1), hostile, now)).toEqual({ is: 'over', kind: 'upload', days: 1 });
  });

  it('without anything that cites it is as an upload, with a day in any case', () => {
    const at = (days: number) => new Date(since(days));
    expect(standingOfUncited(at(6), rules, now).is).toBe('kept');
    expect(standingOfUncited(at(7), rules, now).is).toBe('over');
    const hostile = { ...rules, upload: 0 };
    expect(standingOfUncited(at(0.9), hostile, now).is).toBe('kept');
    expect(standingOfUncited(at(1), hostile, now).is).toBe('over');
    expect(standingOfUncited(at(9999), { ...rules, upload: null }, now).is).toBe('kept');
  });

  const citation = fc.record({
    kind: fc.constantFrom(...RETENTION_KINDS, 'other'),
    since: fc.option(fc.integer({ min: -500, max: 20_000 }).map(since)),
  });
  const anyRules = fc
    .tuple(...RETENTION_KINDS.map(() => fc.option(fc.integer({ min: 0, max: 36_500 }))))
    .map(
      (days) => Object.fromEntries(RETENTION_KINDS.map((kind, n) => [kind, days[n] ?? null])) as typeof rules,
    );

  test.prop([fc.array(citation, { minLength: 1, maxLength: 6 }), anyRules])(
    'is never over while one of those that cite it needs it or keeps it',
    (citations, any) => {
      if (standingOf(citations, any, now).is !== 'over') return;
      for (const one of citations) {
        expect(one.since).not.toBeNull();
        expect(standingOf([one], any, now).is).toBe('over');
      }
    },
  );
});
