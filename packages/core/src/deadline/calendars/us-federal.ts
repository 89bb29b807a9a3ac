import type { Text } from '../../observe/text.ts';
import type { NamedDay, WorkingCalendar } from '../calendar.ts';
import { dayNumber, dayOf, weekdayOf } from '../day.ts';

const [FIRST, LAST] = [2024, 2030];
const [MONDAY, THURSDAY, SATURDAY, SUNDAY] = [1, 4, 6, 7];

/** On a fixed date: off is the Friday before a Saturday, the Monday after a Sunday. */
const FIXED: readonly { readonly date: string; readonly name: Text }[] = [
  { date: '01-01', name: { zh: '元旦', en: "New Year's Day" } },
  { date: '06-19', name: { zh: '六月节', en: 'Juneteenth National Independence Day' } },
  { date: '07-04', name: { zh: '独立日', en: 'Independence Day' } },
  { date: '11-11', name: { zh: '退伍军人节', en: 'Veterans Day' } },
  { date: '12-25', name: { zh: '圣诞节', en: 'Christmas Day' } },
];

/** The `nth` such day of the week on or after a date. */
const MOVING: readonly {
  readonly from: string;
  readonly weekday: number;
  readonly nth: number;
  readonly name: Text;
}[] = [
  {
    from: '01-01',
    weekday: MONDAY,
    nth: 3,
    name: { zh: '马丁·路德·金纪念日', en: 'Birthday of Martin Luther King, Jr.' },
  },
  { from: '02-01', weekday: MONDAY, nth: 3, name: { zh: '华盛顿诞辰日', en: "Washington's Birthday" } },
  // the last Monday of May
  { from: '05-25', weekday: MONDAY, nth: 1, name: { zh: '阵亡将士纪念日', en: 'Memorial Day' } },
  { from: '09-01', weekday: MONDAY, nth: 1, name: { zh: '劳动节', en: 'Labor Day' } },
  { from: '10-01', weekday: MONDAY, nth: 2, name: { zh: '哥伦布日', en: 'Columbus Day' } },
  { from: '11-01', weekday: THURSDAY, nth: 4, name: { zh: '感恩节', en: 'Thanksgiving Day' } },
];

function observed(year: number, date: string): number {
  const day = dayNumber(`${year}-${date}`) ?? 0;
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return day - 1;
  return weekday === SUNDAY ? day + 1 : day;
}

function holidaysOf(year: number): { day: number; name: Text }[] {
  return [
    ...FIXED.map(({ date, name }) => ({ day: observed(year, date), name })),
    ...MOVING.map(({ from, weekday, nth, name }) => {
      const first = dayNumber(`${year}-${from}`) ?? 0;
      return { day: first + ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7, name };
    }),
  ];
}

/** A year from FIRST to LAST may be observed in the one before: 1 January 2028 on 31 December 2027. */
function allHolidays(): NamedDay[] {
  return Array.from({ length: LAST - FIRST + 2 }, (_, index) => holidaysOf(FIRST + index))
    .flat()
    .sort((a, b) => a.day - b.day)
    .map(({ day, name }) => ({ day: dayOf(day), name }))
    .filter(({ day }) => day <= `${LAST}-12-31`);
}

export const US_FEDERAL: WorkingCalendar = {
  code: 'us-federal',
  title: { zh: '美国联邦政府假日', en: 'United States: federal holidays' },
  source: {
    zh: '依据《美国法典》第5编第6103条及第11582号行政令计算（遇周六提前至周五，遇周日顺延至周一）。总统临时宣布的放假日及总统就职日不在其内。',
    en: 'By 5 U.S.C. 6103 and Executive Order 11582 (Saturday is observed on Friday, Sunday on Monday). Days off that a President orders for one occasion, and Inauguration Day, are not among them.',
  },
  timeZone: 'America/New_York',
  weekend: [SATURDAY, SUNDAY],
  holidays: allHolidays(),
  makeUpDays: [],
  validFrom: FIRST,
  validTo: LAST,
};
