import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { daysLeft } from './days-left.ts';

/** 26 November in Shanghai, whole. */
const DUE = '2026-11-26T16:00:00.000Z';

test.each([
  ['2026-11-22T16:00:00.000Z', 3, '23 November, just after midnight'],
  ['2026-11-23T15:59:00.000Z', 3, '23 November, just before midnight'],
  ['2026-11-26T01:00:00.000Z', 0, 'the last day'],
  ['2026-11-26T15:59:59.999Z', 0, 'the last moment'],
  ['2026-11-26T16:00:00.000Z', -1, 'the day after'],
])('what is due until 26 November has at %s %i days left: %s', (at, left) => {
  expect(daysLeft(DUE, at, 'Asia/Shanghai')).toBe(left);
});

test('the days are those of the zone: at one moment it is due today there and tomorrow here', () => {
  const at = '2026-11-26T02:00:00.000Z';
  expect(daysLeft('2026-11-26T16:00:00.000Z', at, 'Asia/Shanghai')).toBe(0);
  expect(daysLeft('2026-11-26T16:00:00.000Z', at, 'America/New_York')).toBe(1);
});

test('a term of hours that ends today leaves no day, before its hour and after', () => {
  expect(daysLeft('2026-11-22T06:30:00.000Z', '2026-11-22T02:00:00.000Z', 'Asia/Shanghai')).toBe(0);
  expect(daysLeft('2026-11-22T06:30:00.000Z', '2026-11-22T08:00:00.000Z', 'Asia/Shanghai')).toBe(0);
});

property.prop([fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 86_399_999 })])(
  'is one less each day, whatever the hour at which one looks',
  (day, hour) => {
    const at = new Date(Date.parse(DUE) - day * 86_400_000 + hour).toISOString();
    expect(daysLeft(DUE, at, 'Asia/Shanghai')).toBe(day - 1);
  },
);
