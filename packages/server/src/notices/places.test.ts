import { LANGUAGES } from '@backcheck/contract';
import { NOTICE_KINDS } from '@backcheck/core';
import { describe, expect, it } from 'vitest';
import { type Known, placesOf } from './places.ts';
import { fillPlaces, PROPOSED_WORDS } from './words.ts';

const DAY_ENDS = '2026-11-26T16:00:00.000Z';
const AT_NOON = '2026-11-30T04:00:00.000Z';
/** A mark that follows another one or a space, or two spaces. */
const DOUBLED = /[,.;:!?，。；：、！？] *[,.;:!?，。；：、！？]| [,.;:]| {2}/;

const facts = [1, 2].map((id) => ({ id: `${id}`, grade: 'high' as const, outcome: null }));
const known = (dates: readonly (string | null)[], changes: Partial<Known> = {}): Known => ({
  organization: { name: 'Lakeside Hospital', nameZh: '湖滨医院' },
  facts,
  dues: new Map(dates.map((dueAt, index) => [`${index + 1}`, { dueAt, basis: null }])),
  dueAt: null,
  number: null,
  at: '2026-11-21T02:00:00.000Z',
  timeZone: 'Asia/Shanghai',
  ...changes,
});

const CASES: readonly (readonly [string, Known])[] = [
  ['without a date', known([null, null])],
  ['with one date for all', known([DAY_ENDS, DAY_ENDS])],
  ['with a date to the minute', known([AT_NOON, AT_NOON])],
  ['with a date for each finding', known([DAY_ENDS, AT_NOON])],
  ['with dates to the minute', known([AT_NOON, '2026-11-30T06:00:00.000Z'])],
  [
    'with a date of its own that follows a notice',
    known([DAY_ENDS], { dueAt: AT_NOON, number: '〔2026〕第3号' }),
  ],
];

describe.each(NOTICE_KINDS)('the proposed words of the kind %s', (kind) => {
  it.each(CASES)('read as sentences %s', (_, of) => {
    const { title, body } = PROPOSED_WORDS[kind];
    for (const text of [title, body].map((words) => fillPlaces(words, placesOf(of))))
      for (const language of LANGUAGES) {
        expect(text[language]).not.toBe('');
        expect(text[language]).not.toMatch(/[{}]/);
        expect(text[language]).not.toMatch(DOUBLED);
      }
  });
});

describe('a proposal whose findings have dates of their own', () => {
  it('names the first of them in the middle of its sentence', () => {
    const { en } = fillPlaces(PROPOSED_WORDS.rectification.body, placesOf(known([DAY_ENDS, AT_NOON])));
    expect(en).toContain(
      'complete the work by the dates in the list, of which the first is 26 November 2026. ',
    );
  });
});
