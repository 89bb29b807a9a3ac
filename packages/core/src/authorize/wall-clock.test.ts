import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { startOfWallDay, wallDayAt } from './wall-clock.ts';

const HOUR = 3_600_000;
const dayOf = (text: string): number => Date.parse(text) / (24 * HOUR);
const startOf = (timeZone: string, day: string): string =>
  new Date(startOfWallDay(timeZone, dayOf(day))).toISOString();

describe('a day on the wall calendar', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-21', '2026-11-20T16:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-21', '2026-11-20T18:30:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    // at midnight of this Friday the clock of Cairo goes to one
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z'],
    // and at midnight before this one back to eleven: Thursday has 25 hours
    ['Africa/Cairo', '2026-10-30', '2026-10-29T22:00:00.000Z'],
    // 00:01 went back to 23:01: the day before is shown again, and ends an hour later
    ['America/St_Johns', '2010-11-07', '2010-11-07T03:30:00.000Z'],
    // 23:30 went to 00:30, and midnight never came
    ['America/Toronto', '1919-03-31', '1919-03-31T04:30:00.000Z'],
    // crossing the date line, Samoa had no 30 December
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
  ])('begins in %s on %s at %s', (timeZone, day, expected) => {
    expect(startOf(timeZone, day)).toBe(expected);
  });

  property.prop(
    [
      fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
      fc.integer({ min: dayOf('2000-01-01'), max: dayOf('2037-12-31') }),
    ],
    { numRuns: 500 },
  )('begins in every zone where the day before is over for good', (timeZone, day) => {
    const start = startOfWallDay(timeZone, day);
    expect(wallDayAt(timeZone, start - 1)).toBeLessThan(day);
    for (let after = 0; after <= 24; after += 1)
      expect(wallDayAt(timeZone, start + after * HOUR)).toBeGreaterThanOrEqual(day);
  });
});
