import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, NotCanonical } from './canonical.ts';

describe('the canonical form (RFC 8785)', () => {
  test('is that of the example in section 3.2.2 of the RFC', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022\u002f",
      literals: [null, true, false],
    };
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts members by UTF-16 code units, as section 3.2.3 shows', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonical(value)) as object)).toHaveLength(7);
    const order = [
      '"\\r":2',
      '"1":4',
      '"\u0080":6',
      '"\u00f6":7',
      '"\u20ac":1',
      '"\ud83d\ude00":5',
      '"\ufb33":3',
    ];
    expect(canonical(value)).toBe(`{${order.join(',')}}`);
  });

  test.each([
    ['an undefined member', { a: { b: undefined } }, '$.a.b: undefined is no JSON value'],
    ['a hole in a list', { a: [1, undefined] }, '$.a[1]: undefined is no JSON value'],
    ['NaN', [Number.NaN], '$[0]: NaN is no JSON number'],
    ['Infinity', { a: Number.POSITIVE_INFINITY }, '$.a: Infinity is no JSON number'],
    ['a lone surrogate', { a: '\ud800' }, '$.a: a lone surrogate has no UTF-8 form'],
    ['a lone surrogate in a name', { '\udc00': 1 }, '$: a lone surrogate has no UTF-8 form'],
    ['a big integer', { a: 1n }, '$.a: bigint is no JSON value'],
    ['a function', () => 1, '$: function is no JSON value'],
    ['a date', { a: new Date(0) }, '$.a: not a plain object'],
    ['a map', new Map(), '$: not a plain object'],
    ['an object that says it is another', { toJSON: () => 1 }, '$: not a plain object'],
  ])('refuses %s and says where', (_, value, message) => {
    expect(() => canonical(value)).toThrow(new NotCanonical(message));
  });

  test('refuses what is nested without end instead of exhausting the stack', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(() => canonical(deep)).toThrow(NotCanonical);
  });

  test('does not depend on the order in which members were set, and survives a parse', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 })), (value) => {
        if (!Object.keys(value).every((name) => name.isWellFormed())) return;
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        const text = canonical(value);
        expect(canonical(backwards)).toBe(text);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
