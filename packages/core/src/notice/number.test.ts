import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { makesSameNumbers, noticeNumber, numbersLike, numberTemplateFlaw, yearIn } from './number.ts';
import { DEFAULT_OFFICE } from './office.ts';
import { NOTICE_KINDS } from './vocabulary.ts';

describe('the number of a notice', () => {
  it.each([
    ['湖城网安整改〔{yyyy}〕第{seq}号', 7, '湖城网安整改〔2026〕第7号'],
    ['LK-{yyyy}-{seq:4}', 7, 'LK-2026-0007'],
    ['LK-{yyyy}-{seq:4}', 12_345, 'LK-2026-12345'],
    ['{seq}/{yyyy}', 1, '1/2026'],
  ])('%s of the %i. is %s', (template, sequence, number) => {
    expect(numberTemplateFlaw(template)).toBeNull();
    expect(noticeNumber(template, { year: 2026, sequence })).toBe(number);
  });

  it.each([
    ['第{seq}号', 'NO_YEAR'],
    ['〔{yyyy}〕号', 'NO_SEQUENCE'],
    ['〔{yyyy}〕第{seq:0}号', 'NO_SEQUENCE'],
    ['{kind}〔{yyyy}〕第{seq}号', 'UNKNOWN_PLACE'],
  ])('is not made from %s: %s', (template, flaw) => {
    expect(numberTemplateFlaw(template)).toBe(flaw);
  });

  const template = fc
    .tuple(fc.string(), fc.constantFrom('{seq}', '{seq:1}', '{seq:4}', '{seq:9}'), fc.string())
    .map(([before, sequence, behind]) => `${before}{yyyy}/${sequence}${behind}`)
    .filter((text) => numberTemplateFlaw(text) === null);
  const place = fc.record({
    year: fc.integer({ min: 2000, max: 9999 }),
    sequence: fc.integer({ min: 1, max: 1_000_000 }),
  });
  test.prop([template, place, place])('is another one for each year and each place in it', (text, a, b) => {
    const same = a.year === b.year && a.sequence === b.sequence;
    expect(noticeNumber(text, a) === noticeNumber(text, b)).toBe(same);
  });

  test.prop([template, fc.constantFrom('{seq}', '{seq:4}', '{seq:9}')])(
    'of two templates that differ in their zeros is one in common',
    (text, sequence) => {
      const other = text.replace(/\{seq(:\d)?\}/, sequence);
      expect(makesSameNumbers(text, other)).toBe(true);
      expect(makesSameNumbers(text, `${other}.`)).toBe(false);
      const late = { year: 2026, sequence: 123_456_789 };
      expect(noticeNumber(text, late)).toBe(noticeNumber(other, late));
    },
  );

  it.each([
    ['LK{yyyy}-{seq}', 'LK2026-{seq}/{yyyy}', false],
    ['K{yyyy}-1{seq}', 'K{yyyy}-{seq}', true],
    ['{yyyy}{seq}', '{seq}{yyyy}', true],
    ['湖城整改〔{yyyy}〕第{seq}号', '湖城催办〔{yyyy}〕第{seq}号', false],
    ['A{yyyy}/{seq:3}', 'A{seq}/{yyyy}', true],
    ['A{yyyy}/{seq}', 'A{yyyy}/{seq}a', false],
  ])('of %s and of %s: the same one can come of both is %s', (one, other, same) => {
    expect([makesSameNumbers(one, other), makesSameNumbers(other, one)]).toEqual([same, same]);
  });

  const tight = fc
    .array(fc.constantFrom('{yyyy}', '{seq}', '{seq:3}', '1', '20', '-', '.*', '号'), { maxLength: 6 })
    .map((pieces) => pieces.join(''))
    .filter((text) => numberTemplateFlaw(text) === null);
  const low = fc.record({ year: fc.constantFrom(2020, 2021), sequence: fc.integer({ min: 1, max: 120 }) });
  test.prop([tight, tight, low, low], { numRuns: 2000 })(
    'is never the same of two templates that are told to differ',
    (one, other, a, b) => {
      if (noticeNumber(one, a) === noticeNumber(other, b)) expect(makesSameNumbers(one, other)).toBe(true);
    },
  );
  test.prop([tight, tight, low])('is known by the look of its template', (text, other, at) => {
    expect(noticeNumber(text, at)).toMatch(new RegExp(numbersLike(text)));
    if (new RegExp(numbersLike(other)).test(noticeNumber(text, at)))
      expect(makesSameNumbers(text, other)).toBe(true);
  });

  it('tells the kinds apart before anybody has set words of their own', () => {
    const numbers = NOTICE_KINDS.map((kind) =>
      noticeNumber(DEFAULT_OFFICE.numbers[kind], { year: 2026, sequence: 1 }),
    );
    expect(new Set(numbers).size).toBe(NOTICE_KINDS.length);
  });

  it('carries the year of the office, not of the server', () => {
    const at = new Date('2026-12-31T16:30:00.000Z');
    expect(yearIn('Asia/Shanghai', at)).toBe(2027);
    expect(yearIn('UTC', at)).toBe(2026);
    expect(yearIn('America/New_York', new Date('2027-01-01T04:59:59.999Z'))).toBe(2026);
  });
});
