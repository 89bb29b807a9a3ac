import type { Text } from '@backcheck/contract';
import { daysLeft, type Instant } from '@backcheck/core';

interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY = 86_400_000;

/** What a clock on the wall shows in an IANA zone, and how far it is from UTC: "UTC+8", "UTC-4:30". */
function wallAt(instant: Instant, timeZone: string): Wall & { readonly offset: string } {
  const parts = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    timeZoneName: 'shortOffset',
  }).formatToParts(new Date(instant));
  const read = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? '';
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(read(type));
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    offset: read('timeZoneName').replace('GMT', 'UTC').replace(/\+0$/, ''),
  };
}

const dayText = ({ year, month, day }: Pick<Wall, 'year' | 'month' | 'day'>): Text => ({
  zh: `${year}年${month}月${day}日`,
  en: `${day} ${MONTHS[month - 1]} ${year}`,
});

/** The day on which it was there: 2026年11月21日, 21 November 2026. */
export const dayOf = (instant: Instant, timeZone: string): Text => dayText(wallAt(instant, timeZone));

/** Days since 1970 of the day that is shown there. */
const dayNumber = ({ year, month, day }: Wall): number => Date.UTC(year, month - 1, day) / DAY;

const isMidnight = ({ hour, minute, second }: Wall): boolean => hour + minute + second === 0;

/** A deadline as people read it. `dueAt` is the first moment that is too late; a term of days ends with its last day. */
export interface DueText {
  /** "2026年11月21日", or with the time where the term does not end with a day. */
  readonly at: Text;
  /** In a sentence: "2026年11月21日（含当日）前", "by the end of 21 November 2026". */
  readonly within: Text;
}

export function dueText(dueAt: Instant, timeZone: string): DueText {
  const wall = wallAt(dueAt, timeZone);
  if (isMidnight(wall)) {
    const last = new Date((dayNumber(wall) - 1) * DAY);
    const day = dayText({
      year: last.getUTCFullYear(),
      month: last.getUTCMonth() + 1,
      day: last.getUTCDate(),
    });
    return { at: day, within: { zh: `${day.zh}（含当日）前`, en: `by the end of ${day.en}` } };
  }
  const time = [wall.hour, wall.minute].map((one) => String(one).padStart(2, '0')).join(':');
  const day = dayText(wall);
  return {
    at: { zh: `${day.zh} ${time}（${wall.offset}）`, en: `${day.en}, ${time} (${wall.offset})` },
    within: {
      zh: `${day.zh} ${time}（${wall.offset}）前`,
      en: `before ${time} (${wall.offset}) on ${day.en}`,
    },
  };
}

/** Whole days from the last day in time to the day of `at`; none before. */
export function daysOverdue(dueAt: Instant, at: Instant, timeZone: string): number {
  return Math.max(0, -daysLeft(dueAt, at, timeZone));
}
