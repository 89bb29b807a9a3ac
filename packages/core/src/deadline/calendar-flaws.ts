import { isTimeZone } from '../authorize/wall-clock.ts';
import type { Text } from '../observe/text.ts';
import type { NamedDay, WorkingCalendar } from './calendar.ts';
import { dayNumber, weekdayOf } from './day.ts';

/** What can be wrong with a working calendar, as people read it. */
export const CALENDAR_FLAWS = {
  CODE_MALFORMED: {
    zh: '代码只能由小写字母、数字和连字符组成，最长60个字符',
    en: 'A code has lower-case letters, digits and hyphens only, at most 60',
  },
  TEXT_MISSING: { zh: '中文和英文都要填写', en: 'Is needed in Chinese and in English' },
  TIME_ZONE_UNKNOWN: {
    zh: '不是已知的时区，应写成如 Asia/Shanghai 的形式',
    en: 'Is no known time zone; write it like Asia/Shanghai',
  },
  WEEKEND: {
    zh: '每周休息日应为1至7中不重复的数字，且不能每天都休息',
    en: 'The weekend has days from 1 to 7, none twice, and leaves a day to work on',
  },
  YEARS: {
    zh: '起止年份应为1970至9999，且起不晚于止',
    en: 'Years are from 1970 to 9999, the first one first',
  },
  DAY_MALFORMED: {
    zh: '不是有效日期，应写成如 2026-10-01 的形式',
    en: 'Is no day; write it like 2026-10-01',
  },
  DAY_OUTSIDE: { zh: '不在起止年份之内', en: 'Is outside of the years of the calendar' },
  DAY_REPEATED: { zh: '日期重复', en: 'The day is there twice' },
  DAY_OUT_OF_ORDER: { zh: '日期应按先后排列', en: 'Days are in order of time' },
  MAKE_UP_ON_WORKING_DAY: {
    zh: '调休上班日本来就是工作日',
    en: 'A make-up working day is on a working day',
  },
  MAKE_UP_ON_HOLIDAY: {
    zh: '该日既是节假日又是调休上班日',
    en: 'The day is a holiday and a make-up working day at once',
  },
} as const satisfies Record<string, Text>;
export type CalendarFlawCode = keyof typeof CALENDAR_FLAWS;

export interface CalendarFlaw {
  /** "weekend", "holidays.3" */
  readonly field: string;
  readonly code: CalendarFlawCode;
  readonly text: Text;
}

/** What has to be put right before days can be counted by it, in the order of its fields; empty when nothing has. */
export function flawsOfCalendar(calendar: WorkingCalendar): CalendarFlaw[] {
  const { code, title, source, timeZone, validFrom, validTo } = calendar;
  const years =
    isYear(validFrom) && isYear(validTo) && validFrom <= validTo && validFrom >= 1970 && validTo <= 9999;
  return [
    ...flaw('code', /^[a-z0-9]+(-[a-z0-9]+)*$/.test(code) && code.length <= 60 ? null : 'CODE_MALFORMED'),
    ...flaw('title', isWritten(title) ? null : 'TEXT_MISSING'),
    ...flaw('source', isWritten(source) ? null : 'TEXT_MISSING'),
    ...flaw('timeZone', timeZone === null || isTimeZone(timeZone) ? null : 'TIME_ZONE_UNKNOWN'),
    ...flaw('weekend', isWeekend(calendar.weekend) ? null : 'WEEKEND'),
    ...flaw('validFrom', years ? null : 'YEARS'),
    ...dayFlaws(calendar, 'holidays'),
    ...dayFlaws(calendar, 'makeUpDays'),
  ];
}

function flaw(field: string, code: CalendarFlawCode | null): CalendarFlaw[] {
  return code === null ? [] : [{ field, code, text: CALENDAR_FLAWS[code] }];
}

const isYear = (year: number): boolean => Number.isInteger(year);
const isWritten = ({ zh, en }: Text): boolean => zh.trim() !== '' && en.trim() !== '';

function isWeekend(weekend: readonly number[]): boolean {
  const inWeek = weekend.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
  return inWeek && weekend.length < 7 && new Set(weekend).size === weekend.length;
}

function dayFlaws(calendar: WorkingCalendar, list: 'holidays' | 'makeUpDays'): CalendarFlaw[] {
  const holidays = new Set(calendar.holidays.map(({ day }) => day));
  return calendar[list].flatMap((named, index, days) => {
    const field = `${list}.${index}`;
    const order = dayFlaw(named, days[index - 1], calendar);
    if (order !== null || list === 'holidays') return flaw(field, order);
    if (holidays.has(named.day)) return flaw(field, 'MAKE_UP_ON_HOLIDAY');
    const off = calendar.weekend.includes(weekdayOf(dayNumber(named.day) ?? 0));
    return flaw(field, off ? null : 'MAKE_UP_ON_WORKING_DAY');
  });
}

function dayFlaw(
  { day, name }: NamedDay,
  before: NamedDay | undefined,
  { validFrom, validTo }: WorkingCalendar,
): CalendarFlawCode | null {
  if (dayNumber(day) === null) return 'DAY_MALFORMED';
  const year = Number(day.slice(0, 4));
  if (year < validFrom || year > validTo) return 'DAY_OUTSIDE';
  if (!isWritten(name)) return 'TEXT_MISSING';
  if (before === undefined) return null;
  if (before.day === day) return 'DAY_REPEATED';
  return before.day > day ? 'DAY_OUT_OF_ORDER' : null;
}
