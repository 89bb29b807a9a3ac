/** Days that a register can speak of. Excel takes a bare year for a day of 1905, and a lost digit for one of 202. */
export const FIRST_DAY = '1970-01-01';
export const LAST_DAY = '2099-12-31';

const DAY_MS = 86_400_000;
/** Day 0 of Excel's count (ECMA-376 part 1, 18.17.4.1), for days after its false 29 February 1900. */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
const LAST_SERIAL = 2_958_465;

const WRITTEN =
  /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/;

/**
 * The day that a cell names, as "2026-11-21": year first, with any usual separators, or a number as Excel counts days.
 * Null when it is none; "3/4/2026" is none, because nobody knows which of the two is the month.
 */
export function readDay(cell: string | number | Date): string | null {
  if (cell instanceof Date) return dayOf(cell.getTime());
  if (typeof cell === 'number' && cell >= 1 && cell < LAST_SERIAL + 1)
    return dayOf(EXCEL_EPOCH + Math.floor(cell) * DAY_MS);
  const [, year = '', month, day, shortMonth, shortDay] = WRITTEN.exec(String(cell).normalize('NFKC')) ?? [];
  const written = [
    year,
    (month ?? shortMonth ?? '').padStart(2, '0'),
    (day ?? shortDay ?? '').padStart(2, '0'),
  ];
  const text = written.join('-');
  return dayOf(Date.parse(`${text}T00:00:00Z`)) === text ? text : null;
}

function dayOf(time: number): string | null {
  const inRange = time >= Date.UTC(0, 0, 1) && time < Date.UTC(10_000, 0, 1);
  return inRange ? new Date(time).toISOString().slice(0, 10) : null;
}
