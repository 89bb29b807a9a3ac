import { expect, it } from 'vitest';
import { calendarDifference } from './calendar-difference.ts';

const day = (day: string, name = day) => ({ day, name: { zh: name, en: name } });

it('another version of a calendar differs by the days that it adds and takes away, whatever they are called', () => {
  const before = {
    holidays: [day('2026-10-01', 'National Day'), day('2026-10-08')],
    makeUpDays: [day('2026-10-10')],
  };
  const after = {
    holidays: [day('2026-10-01', 'Golden Week')],
    makeUpDays: [day('2026-10-10'), day('2026-09-27')],
  };
  const changes = calendarDifference(before, after).map((one) => [one.day, one.list, one.change]);
  expect(changes).toEqual([
    ['2026-09-27', 'makeUpDays', 'added'],
    ['2026-10-08', 'holidays', 'removed'],
  ]);
  expect(calendarDifference(before, before)).toEqual([]);
});

it('a day that was off and is worked now is taken away there and added here', () => {
  const changes = calendarDifference(
    { holidays: [day('2026-10-10')], makeUpDays: [] },
    { holidays: [], makeUpDays: [day('2026-10-10')] },
  );
  expect(changes.map(({ list, change }) => `${list} ${change}`)).toEqual([
    'holidays removed',
    'makeUpDays added',
  ]);
});
