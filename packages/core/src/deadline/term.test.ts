import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CN } from './calendars/cn.ts';
import { EU_NONE } from './calendars/eu-none.ts';
import { US_FEDERAL } from './calendars/us-federal.ts';
import { CALENDARS } from './calendars.ts';
import type { Term } from './policy.ts';
import { calendarDays, hours, months, workingDays } from './presets/terms.ts';
import { endOfTerm, type Reckoning, termEnd } from './term.ts';

const SHANGHAI: Reckoning = { timeZone: 'Asia/Shanghai', calendar: CN };
const NEW_YORK: Reckoning = { timeZone: 'America/New_York', calendar: US_FEDERAL };
const weekdaysIn = (timeZone: string): Reckoning => ({ timeZone, calendar: EU_NONE });

type Row = readonly [why: string, how: Reckoning, from: string, term: Term, until: string];

/** Every date is reckoned by hand; a day in Shanghai ends at 16:00 UTC. */
const ROWS: readonly Row[] = [
  // an ordinary week of November 2026: Monday is the 23rd
  ['Tuesday', SHANGHAI, '2026-11-23T02:00:00.000Z', workingDays(1), '2026-11-24T16:00:00.000Z'],
  [
    'a moment before midnight is Monday still',
    SHANGHAI,
    '2026-11-23T15:59:59.999Z',
    workingDays(1),
    '2026-11-24T16:00:00.000Z',
  ],
  ['midnight is Tuesday', SHANGHAI, '2026-11-23T16:00:00.000Z', workingDays(1), '2026-11-25T16:00:00.000Z'],
  ['Friday, then Monday', SHANGHAI, '2026-11-27T02:00:00.000Z', workingDays(1), '2026-11-30T16:00:00.000Z'],
  ['from a Sunday: Monday', SHANGHAI, '2026-11-22T02:00:00.000Z', workingDays(1), '2026-11-23T16:00:00.000Z'],
  [
    'a Sunday counts as a day',
    SHANGHAI,
    '2026-11-27T02:00:00.000Z',
    calendarDays(2),
    '2026-11-29T16:00:00.000Z',
  ],

  // Spring Festival 2026: off from Sunday 15 to Monday 23 February, work on Saturday 14 and Saturday 28
  [
    'Fri 13, Sat 14, Tue 24',
    SHANGHAI,
    '2026-02-12T02:00:00.000Z',
    workingDays(3),
    '2026-02-24T16:00:00.000Z',
  ],
  [
    'Sat 14, Tue 24, Wed 25, Thu 26, Fri 27',
    SHANGHAI,
    '2026-02-13T08:00:00.000Z',
    workingDays(5),
    '2026-02-27T16:00:00.000Z',
  ],
  ['and Sat 28', SHANGHAI, '2026-02-13T08:00:00.000Z', workingDays(6), '2026-02-28T16:00:00.000Z'],
  [
    'and not Sun 1 March but Mon 2',
    SHANGHAI,
    '2026-02-13T08:00:00.000Z',
    workingDays(7),
    '2026-03-02T16:00:00.000Z',
  ],
  [
    'from within the festival: Tue 24',
    SHANGHAI,
    '2026-02-17T01:00:00.000Z',
    workingDays(1),
    '2026-02-24T16:00:00.000Z',
  ],
  [
    'calendar days know no festival',
    SHANGHAI,
    '2026-02-13T08:00:00.000Z',
    calendarDays(3),
    '2026-02-16T16:00:00.000Z',
  ],
  ['hours neither', SHANGHAI, '2026-02-13T08:00:00.000Z', hours(72), '2026-02-16T08:00:00.000Z'],

  // National Day 2026: off from 1 to 7 October, work on Sunday 20 September and Saturday 10 October
  ['Thu 8, Fri 9, Sat 10', SHANGHAI, '2026-09-30T15:59:59.999Z', workingDays(3), '2026-10-10T16:00:00.000Z'],
  [
    'and not Sun 11 but Mon 12',
    SHANGHAI,
    '2026-09-30T15:59:59.999Z',
    workingDays(4),
    '2026-10-12T16:00:00.000Z',
  ],
  [
    'from the holiday itself',
    SHANGHAI,
    '2026-09-30T16:00:00.000Z',
    workingDays(3),
    '2026-10-10T16:00:00.000Z',
  ],
  ['Sun 20 September', SHANGHAI, '2026-09-18T02:00:00.000Z', workingDays(1), '2026-09-20T16:00:00.000Z'],

  // over year ends
  [
    '1 to 3 January off, work on Sunday 4',
    SHANGHAI,
    '2025-12-31T02:00:00.000Z',
    workingDays(1),
    '2026-01-04T16:00:00.000Z',
  ],
  ['New Year is a day', SHANGHAI, '2025-12-31T02:00:00.000Z', calendarDays(1), '2026-01-01T16:00:00.000Z'],
  ['a month over the year end', SHANGHAI, '2026-12-15T02:00:00.000Z', months(1), '2027-01-15T16:00:00.000Z'],
  [
    '1 January 2028 is a Saturday: off on Friday 31',
    NEW_YORK,
    '2027-12-30T17:00:00.000Z',
    workingDays(1),
    '2028-01-04T05:00:00.000Z',
  ],

  // federal holidays
  [
    'Thanksgiving is off, Friday is not',
    NEW_YORK,
    '2026-11-25T17:00:00.000Z',
    workingDays(1),
    '2026-11-28T05:00:00.000Z',
  ],
  [
    '4 July 2026 is a Saturday: off on Friday 3',
    NEW_YORK,
    '2026-07-02T16:00:00.000Z',
    workingDays(1),
    '2026-07-07T04:00:00.000Z',
  ],

  // daylight saving in New York: from Sunday 8 March to Sunday 1 November 2026
  [
    'into summer: the 10th begins at 04:00',
    NEW_YORK,
    '2026-03-06T17:00:00.000Z',
    calendarDays(3),
    '2026-03-10T04:00:00.000Z',
  ],
  ['48 hours are 48 hours', NEW_YORK, '2026-03-07T17:00:00.000Z', hours(48), '2026-03-09T17:00:00.000Z'],
  [
    'the day of the change has 23 hours',
    NEW_YORK,
    '2026-03-07T17:00:00.000Z',
    calendarDays(1),
    '2026-03-09T04:00:00.000Z',
  ],
  [
    'into winter: the 2nd begins at 05:00',
    NEW_YORK,
    '2026-10-31T16:00:00.000Z',
    calendarDays(1),
    '2026-11-02T05:00:00.000Z',
  ],
  [
    'before midnight in summer',
    NEW_YORK,
    '2026-07-01T03:59:59.999Z',
    calendarDays(1),
    '2026-07-02T04:00:00.000Z',
  ],
  [
    'at midnight in summer',
    NEW_YORK,
    '2026-07-01T04:00:00.000Z',
    calendarDays(1),
    '2026-07-03T04:00:00.000Z',
  ],

  // and in Berlin: from Sunday 29 March to Sunday 25 October 2026
  [
    'into winter',
    weekdaysIn('Europe/Berlin'),
    '2026-10-20T10:00:00.000Z',
    calendarDays(14),
    '2026-11-03T23:00:00.000Z',
  ],
  [
    'into summer',
    weekdaysIn('Europe/Berlin'),
    '2026-03-28T11:00:00.000Z',
    calendarDays(1),
    '2026-03-29T22:00:00.000Z',
  ],
  [
    '24 hours over the day of 25',
    weekdaysIn('Europe/Berlin'),
    '2026-10-24T22:00:00.000Z',
    hours(24),
    '2026-10-25T22:00:00.000Z',
  ],

  // zones that are half an hour off
  [
    'before midnight in Kolkata',
    weekdaysIn('Asia/Kolkata'),
    '2026-05-10T18:29:59.999Z',
    calendarDays(1),
    '2026-05-11T18:30:00.000Z',
  ],
  [
    'at midnight in Kolkata',
    weekdaysIn('Asia/Kolkata'),
    '2026-05-10T18:30:00.000Z',
    calendarDays(1),
    '2026-05-12T18:30:00.000Z',
  ],
  [
    'Adelaide leaves summer on 5 April',
    weekdaysIn('Australia/Adelaide'),
    '2026-04-04T00:00:00.000Z',
    calendarDays(1),
    '2026-04-05T14:30:00.000Z',
  ],
  [
    'Shanghai has no summer time',
    SHANGHAI,
    '2026-03-28T02:00:00.000Z',
    calendarDays(1),
    '2026-03-29T16:00:00.000Z',
  ],

  // leap days and month ends
  [
    '29 February 2028',
    weekdaysIn('UTC'),
    '2028-02-28T12:00:00.000Z',
    calendarDays(1),
    '2028-03-01T00:00:00.000Z',
  ],
  [
    '31 January: the last of February',
    weekdaysIn('UTC'),
    '2026-01-31T12:00:00.000Z',
    months(1),
    '2026-03-01T00:00:00.000Z',
  ],
  ['of a leap year', weekdaysIn('UTC'), '2028-01-31T12:00:00.000Z', months(1), '2028-03-01T00:00:00.000Z'],
  [
    '31 August and six months',
    weekdaysIn('UTC'),
    '2026-08-31T12:00:00.000Z',
    months(6),
    '2027-03-01T00:00:00.000Z',
  ],
  [
    'a year from a leap day',
    weekdaysIn('UTC'),
    '2024-02-29T12:00:00.000Z',
    months(12),
    '2025-03-01T00:00:00.000Z',
  ],
  [
    '31 March and one month',
    weekdaysIn('UTC'),
    '2026-03-31T12:00:00.000Z',
    months(1),
    '2026-05-01T00:00:00.000Z',
  ],
];

describe('a term ends', () => {
  it.each(ROWS)('%s', (...[, how, from, term, until]) => {
    expect(termEnd(from, term, how)).toBe(until);
  });

  it('says from which day on the calendar is not known, and only where working days are counted', () => {
    const from = Date.parse('2026-12-30T02:00:00.000Z');
    const ends = (term: Term) => endOfTerm(from, term, SHANGHAI).calendarEnds;
    // Thursday 31 December is the last that is known; then Friday 1 and Monday 4 January are guessed from weekends
    expect(ends(workingDays(1))).toBeNull();
    expect(ends(workingDays(3))).toBe('2026-12-31');
    expect(termEnd('2026-12-30T02:00:00.000Z', workingDays(3), SHANGHAI)).toBe('2027-01-04T16:00:00.000Z');
    expect(ends(calendarDays(30))).toBeNull();
    expect(ends(hours(999))).toBeNull();
    expect(ends(months(2))).toBeNull();
  });

  it('says so of a start before the first year of the calendar as well', () => {
    const end = endOfTerm(Date.parse('2023-12-28T02:00:00.000Z'), workingDays(1), SHANGHAI);
    expect(end.calendarEnds).toBe('2023-12-31');
    // of the day of the start itself nothing has to be known
    const known = endOfTerm(Date.parse('2023-12-31T02:00:00.000Z'), workingDays(1), SHANGHAI);
    expect(known.calendarEnds).toBeNull();
  });

  it('counts by weekends and says so when the calendar is missing', () => {
    const end = endOfTerm(Date.parse('2026-11-27T02:00:00.000Z'), workingDays(1), {
      ...SHANGHAI,
      calendar: null,
    });
    expect(end).toEqual({ at: Date.parse('2026-11-30T16:00:00.000Z'), calendarEnds: '2026-11-27' });
  });

  it('comes to an end by any calendar, even one without a working day', () => {
    const never = { ...CN, weekend: [1, 2, 3, 4, 5, 6, 7], makeUpDays: [] };
    expect(termEnd('2026-01-01T00:00:00.000Z', workingDays(1), { ...SHANGHAI, calendar: never })).toMatch(
      /^2126/,
    );
  });

  property.prop(
    [
      fc.constantFrom(...CALENDARS),
      fc.date({ min: new Date('2024-01-01'), max: new Date('2026-11-01'), noInvalidDate: true }),
      fc.integer({ min: 1, max: 120 }),
    ],
    { numRuns: 300 },
  )('where somebody who strikes out day after day arrives', (calendar, from, amount) => {
    const off = new Set(calendar.holidays.map(({ day }) => day));
    const on = new Set(calendar.makeUpDays.map(({ day }) => day));
    const at = new Date(from);
    for (let left = amount; left > 0; ) {
      at.setUTCDate(at.getUTCDate() + 1);
      const day = at.toISOString().slice(0, 10);
      const isWeekend = calendar.weekend.includes(at.getUTCDay() === 0 ? 7 : at.getUTCDay());
      if (on.has(day) || !(off.has(day) || isWeekend)) left -= 1;
    }
    at.setUTCDate(at.getUTCDate() + 1);
    const expected = `${at.toISOString().slice(0, 10)}T00:00:00.000Z`;
    expect(termEnd(from.toISOString(), workingDays(amount), { timeZone: 'UTC', calendar })).toBe(expected);
  });
});
