import { describe, expect, it } from 'vitest';
import { isWorkingDay, type WorkingCalendar } from './calendar.ts';
import { flawsOfCalendar } from './calendar-flaws.ts';
import { CN } from './calendars/cn.ts';
import { US_FEDERAL } from './calendars/us-federal.ts';
import { CALENDARS } from './calendars.ts';
import { dayNumber, weekdayOf } from './day.ts';

const number = (day: string): number => dayNumber(day) ?? Number.NaN;

function workingDaysOf(calendar: WorkingCalendar, year: number): number {
  const [first, last] = [number(`${year}-01-01`), number(`${year}-12-31`)];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((day) =>
    isWorkingDay(calendar, day),
  ).length;
}

describe('the calendars that come with the product', () => {
  it.each(CALENDARS.map((calendar) => [calendar.code, calendar] as const))(
    '%s has no flaw',
    (_code, calendar) => {
      expect(flawsOfCalendar(calendar)).toEqual([]);
    },
  );

  it('make up in China on days of a weekend only, within a fortnight of the holiday', () => {
    const holidays = CN.holidays.map(({ day }) => number(day));
    for (const { day } of CN.makeUpDays) {
      expect([6, 7]).toContain(weekdayOf(number(day)));
      expect(Math.min(...holidays.map((off) => Math.abs(off - number(day))))).toBeLessThanOrEqual(13);
    }
  });

  it('have each holiday in China in one piece', () => {
    const pieces = CN.holidays.filter(
      ({ day, name }, index) =>
        CN.holidays[index - 1]?.name !== name ||
        number(CN.holidays[index - 1]?.day ?? '') !== number(day) - 1,
    );
    const perYear = [2024, 2025, 2026].map(
      (year) => pieces.filter(({ day }) => day.startsWith(String(year))).length,
    );
    // 2025: National Day and Mid-Autumn were one
    expect(perYear).toEqual([7, 6, 7]);
  });

  it.each([
    // 366 days, 104 on weekends, 8 make-up days, and holidays from Monday to Friday:
    // 1 + 5 (12 to 16 February) + 2 (4, 5 April) + 3 (1 to 3 May) + 1 + 2 (16, 17 September) + 5
    [2024, 366 - 104 + 8 - 19],
    // 365, 104, 5, and 1 + 6 (28 January to 4 February) + 1 + 3 (1, 2, 5 May) + 1 + 6 (1 to 8 October)
    [2025, 365 - 104 + 5 - 18],
    // 365, 104, 6, and 2 + 6 (16 to 20, 23 February) + 1 + 3 (1, 4, 5 May) + 1 + 1 + 5
    [2026, 365 - 104 + 6 - 19],
  ])('leave China the working days of %i', (year, expected) => {
    expect(workingDaysOf(CN, year)).toBe(expected);
  });

  it('know the eleven federal holidays of 2026, observed', () => {
    expect(US_FEDERAL.holidays.map(({ day }) => day).filter((day) => day.startsWith('2026'))).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
  });

  it('never have a federal holiday on a weekend, and have 77 of seven years', () => {
    expect(US_FEDERAL.holidays.filter(({ day }) => weekdayOf(number(day)) > 5)).toEqual([]);
    expect(US_FEDERAL.holidays).toHaveLength(77);
  });
});

describe('a calendar of somebody else', () => {
  const named = (...days: string[]) => days.map((day) => ({ day, name: { zh: '节', en: 'Feast' } }));

  it.each<[Partial<WorkingCalendar>, string, string]>([
    [{ code: 'China 2026' }, 'code', 'CODE_MALFORMED'],
    [{ title: { zh: '中国', en: ' ' } }, 'title', 'TEXT_MISSING'],
    [{ source: { zh: '', en: 'x' } }, 'source', 'TEXT_MISSING'],
    [{ timeZone: 'Beijing' }, 'timeZone', 'TIME_ZONE_UNKNOWN'],
    [{ weekend: [1, 2, 3, 4, 5, 6, 7], makeUpDays: [] }, 'weekend', 'WEEKEND'],
    [{ weekend: [6, 7, 7] }, 'weekend', 'WEEKEND'],
    [{ weekend: [0, 6, 7] }, 'weekend', 'WEEKEND'],
    [{ validFrom: 2027, holidays: [], makeUpDays: [] }, 'validFrom', 'YEARS'],
    [{ holidays: named('2026-02-29') }, 'holidays.0', 'DAY_MALFORMED'],
    [{ holidays: named('2026-2-1') }, 'holidays.0', 'DAY_MALFORMED'],
    [{ holidays: named('2023-12-31') }, 'holidays.0', 'DAY_OUTSIDE'],
    [{ holidays: named('2026-01-02', '2026-01-02') }, 'holidays.1', 'DAY_REPEATED'],
    [{ holidays: named('2026-01-02', '2026-01-01') }, 'holidays.1', 'DAY_OUT_OF_ORDER'],
    [{ makeUpDays: named('2026-01-05') }, 'makeUpDays.0', 'MAKE_UP_ON_WORKING_DAY'],
    [
      { holidays: named('2026-01-04'), makeUpDays: named('2026-01-04') },
      'makeUpDays.0',
      'MAKE_UP_ON_HOLIDAY',
    ],
  ])('with %j has at %s %s', (change, field, code) => {
    const flaws = flawsOfCalendar({ ...CN, ...change });
    expect(flaws).toContainEqual(expect.objectContaining({ field, code }));
    expect(flaws.every(({ text }) => text.zh !== '' && text.en !== '')).toBe(true);
  });
});
