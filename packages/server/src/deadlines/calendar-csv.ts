import { dayNumber, type NamedDay, type WorkingCalendar } from '@backcheck/core';
import { walkCsv } from '@backcheck/scans';
import { Problem } from '../platform/problem.ts';

const KINDS = { holiday: 'holidays', 'make-up': 'makeUpDays' } as const;
type Kind = keyof typeof KINDS;

interface Line extends NamedDay {
  readonly kind: Kind;
  /** Its number in the text. */
  readonly line: number;
}

/**
 * The calendar with the days of these lines, `day,name,kind`, in the years that they name; all other years stay. A header
 * is skipped. @throws Problem CALENDAR_INVALID with the line that cannot be read
 */
export async function calendarWithDays(calendar: WorkingCalendar, csv: string): Promise<WorkingCalendar> {
  const lines = await linesOf(csv);
  refuseGap(calendar, lines);
  const years = [...new Set(lines.map(yearOf))];
  const days = (kind: Kind): NamedDay[] =>
    [
      ...calendar[KINDS[kind]].filter((named) => !years.includes(yearOf(named))),
      ...lines.filter((line) => line.kind === kind).map(({ day, name }) => ({ day, name })),
    ].sort((a, b) => (a.day < b.day ? -1 : 1));
  return {
    ...calendar,
    holidays: days('holiday'),
    makeUpDays: days('make-up'),
    validFrom: Math.min(calendar.validFrom, ...years),
    validTo: Math.max(calendar.validTo, ...years),
  };
}

const yearOf = ({ day }: Pick<NamedDay, 'day'>): number => Number(day.slice(0, 4));

/** Of the years between nothing would be known, and the calendar would say that it knows them. */
function refuseGap({ validFrom, validTo }: WorkingCalendar, lines: readonly Line[]): void {
  const years = new Set(lines.map(yearOf));
  const step = (from: number, by: 1 | -1): number => (years.has(from + by) ? step(from + by, by) : from);
  const [first, last] = [step(validFrom, -1), step(validTo, 1)];
  const far = lines.find((line) => yearOf(line) < first || yearOf(line) > last);
  if (far === undefined) return;
  const year = yearOf(far);
  throw wrong(
    far.line,
    `${year} 年与已知的 ${first}～${last} 年之间有缺失的年份`,
    `there are years missing between ${year} and ${first}-${last}, which are known`,
  );
}

async function linesOf(csv: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const rows of walkCsv(bytesOf(csv))) {
    for (const { cells, line } of rows) {
      const [day = '', name = '', kind = ''] = cells.map((cell) => cell.trim());
      if (line === 1 && dayNumber(day) === null) continue;
      if (dayNumber(day) === null) throw wrong(line, '日期无效', 'this is no day');
      if (name === '') throw wrong(line, '缺少名称', 'the name is missing');
      if (kind !== 'holiday' && kind !== 'make-up') throw wrong(line, '类型无效', 'this is no kind');
      lines.push({ day, name: { zh: name, en: name }, kind, line });
    }
  }
  if (lines.length === 0) throw wrong(1, '没有日期', 'there are no days');
  return lines;
}

/** A last line without its break is as good as any other in a text that came whole. */
async function* bytesOf(csv: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${csv.replace(/^\uFEFF/, '').trimEnd()}\n`);
}

const wrong = (line: number, textZh: string, text: string): Problem =>
  new Problem('CALENDAR_INVALID', { flaws: `Line ${line}: ${text}.`, flawsZh: `第 ${line} 行：${textZh}。` });
