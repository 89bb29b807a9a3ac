import { describe, expect, test } from 'vitest';
import { dayOf, daysOverdue, dueText } from './dates.ts';

describe('a deadline on paper', () => {
  test.each([
    [
      'the first moment of a day is the end of the day before',
      '2026-11-26T16:00:00.000Z',
      'Asia/Shanghai',
      { zh: '2026年11月26日', en: '26 November 2026' },
    ],
    [
      'over the end of a year',
      '2026-12-31T16:00:00.000Z',
      'Asia/Shanghai',
      { zh: '2026年12月31日', en: '31 December 2026' },
    ],
    [
      'the same moment elsewhere is an hour of another day',
      '2026-12-31T16:00:00.000Z',
      'UTC',
      { zh: '2026年12月31日 16:00（UTC）', en: '31 December 2026, 16:00 (UTC)' },
    ],
    [
      'the day on which clocks go forward',
      '2026-03-09T04:00:00.000Z',
      'America/New_York',
      { zh: '2026年3月8日', en: '8 March 2026' },
    ],
    [
      'the hour after clocks went back has its own offset',
      '2026-11-01T07:30:00.000Z',
      'America/New_York',
      { zh: '2026年11月1日 02:30（UTC-5）', en: '1 November 2026, 02:30 (UTC-5)' },
    ],
    [
      'an offset of a quarter of an hour',
      '2026-11-21T02:20:00.000Z',
      'Asia/Kathmandu',
      { zh: '2026年11月21日 08:05（UTC+5:45）', en: '21 November 2026, 08:05 (UTC+5:45)' },
    ],
    [
      'the end of February in a leap year',
      '2028-02-29T16:00:00.000Z',
      'Asia/Shanghai',
      { zh: '2028年2月29日', en: '29 February 2028' },
    ],
  ])('%s', (_, dueAt, zone, shown) => {
    expect(dueText(dueAt, zone).at).toEqual(shown);
  });

  test('in a sentence says whether its last day is in time', () => {
    expect(dueText('2026-11-26T16:00:00.000Z', 'Asia/Shanghai').within).toEqual({
      zh: '2026年11月26日（含当日）前',
      en: 'by the end of 26 November 2026',
    });
    expect(dueText('2026-11-22T06:30:00.000Z', 'Asia/Shanghai').within).toEqual({
      zh: '2026年11月22日 14:30（UTC+8）前',
      en: 'before 14:30 (UTC+8) on 22 November 2026',
    });
  });
});

test('a day is that of the office, not of the server', () => {
  expect(dayOf('2026-12-31T16:00:00.000Z', 'Asia/Shanghai').en).toBe('1 January 2027');
  expect(dayOf('2026-12-31T16:00:00.000Z', 'America/New_York').en).toBe('31 December 2026');
});

test.each([
  ['2026-11-26T15:59:59.000Z', 0],
  ['2026-11-26T16:00:00.000Z', 1],
  ['2026-11-30T02:00:00.000Z', 4],
  ['2026-11-20T02:00:00.000Z', 0],
])('what was due until 26 November is, at %s, overdue by %i days', (at, days) => {
  expect(daysOverdue('2026-11-26T16:00:00.000Z', at, 'Asia/Shanghai')).toBe(days);
});
