import { type CsvRow, columnsOf, walkCsv } from '../csv.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { EpssEntry, FeedHead, FeedWalk } from './feed-entry.ts';
import { flaw, refuseDamage } from './feed-flaw.ts';
import { cveAt, Ids } from './feed-values.ts';

/**
 * FIRST's EPSS scores as CSV: `cve,epss,percentile`, since model version 2 below a comment
 * `#model_version:v2025.03.14,score_date:2026-11-20T12:00:27Z`.
 */
export async function* walkEpss(bytes: AsyncIterable<Uint8Array>): FeedWalk<EpssEntry> {
  const walk = walkCsv(bytes);
  const ids = new Ids();
  let head: FeedHead = { version: null, publishedAt: null };
  let cell: ReturnType<typeof columnsOf> | undefined;
  for (;;) {
    const step = await walk.next();
    if (step.done === true) {
      refuseDamage(step.value.warnings);
      if (ids.size === 0)
        throw flaw(undefined, '文件中没有 EPSS 评分', 'there are no EPSS scores in the file');
      return head;
    }
    const entries: EpssEntry[] = [];
    for (const row of step.value) {
      if (row.cells[0]?.startsWith('#') === true) head = headOf(row);
      else if (cell === undefined) cell = headerOf(row);
      else entries.push(entryOf(row, cell, ids));
    }
    yield entries;
  }
}

function headOf({ cells }: CsvRow): FeedHead {
  const said = new Map(
    cells.map((cell) => [cell.replace(/^#/, '').split(':', 1)[0] ?? '', cell.replace(/^[^:]*:/, '')]),
  );
  const publishedAt = zonedInstant(said.get('score_date'));
  const model = said.get('model_version');
  // One model lives for years; its scores are new each day.
  const version =
    model === undefined ? null : `${model} ${publishedAt?.slice(0, 10) ?? ''}`.trim().slice(0, 100);
  return { version, publishedAt };
}

function headerOf(row: CsvRow): ReturnType<typeof columnsOf> {
  const names = row.cells.map((name) => name.trim().toLowerCase());
  if (!names.includes('cve') || !names.includes('epss'))
    throw flaw(
      row.line,
      '不是 EPSS 文件：缺少 cve 或 epss 列',
      'it is no EPSS file: there is no column cve or epss',
    );
  return columnsOf(row);
}

function entryOf(row: CsvRow, cell: ReturnType<typeof columnsOf>, ids: Ids): EpssEntry {
  const cve = cveAt(row.line, cell(row, 'cve'));
  ids.add(row.line, cve);
  const score = shareAt(row.line, 'epss', cell(row, 'epss'));
  const percentile = cell(row, 'percentile');
  return { cve, score, percentile: percentile === '' ? null : shareAt(row.line, 'percentile', percentile) };
}

function shareAt(line: number, name: string, text: string): number {
  const share = /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw flaw(line, `${name} 不是 0 到 1 之间的数：“${text}”`, `${name} is no number from 0 to 1: "${text}"`);
}
