import { type CellProblem, type CellProblemCode, cellProblem } from './cell-problem.ts';
import type { ItemKind } from './field.ts';
import { cleanText, isFormulaError, saysNothing } from './fold-text.ts';
import { readDomain, readIp, readMac, readUrl } from './network-names.ts';
import type { CellResult } from './parse-cell.ts';

const MAX_ITEMS = 200;
const MAX_ITEM = 200;
const SEPARATOR = /[;；,，、\n]/;
/** Addresses of pages hold commas and semicolons: those separate only in front of a space or of the next address. */
const URL_SEPARATOR = /[；，、\s]+|[;,](?=\s|$|https?:)/i;

const READERS = {
  ip: [readIp, 'CELL_NOT_AN_IP'],
  mac: [readMac, 'CELL_NOT_A_MAC'],
  domain: [readDomain, 'CELL_NOT_A_DOMAIN'],
  url: [readUrl, 'CELL_NOT_A_URL'],
} as const satisfies Record<Exclude<ItemKind, 'text'>, [(raw: string) => string | null, CellProblemCode]>;

/** Several values in one cell, each once, in their order. */
export function parseList(of: ItemKind, text: string): CellResult {
  const parts = splitList(of, text);
  if (parts.length > MAX_ITEMS)
    return { ok: false, problem: cellProblem('CELL_TOO_MANY_ITEMS', { max: String(MAX_ITEMS) }) };
  const values = new Set<string>();
  const warnings: CellProblem[] = [];
  for (const part of parts) {
    const item = readItem(of, part);
    if (typeof item !== 'string') return { ok: false, problem: item };
    if (of === 'url' && !/^https?:/i.test(part))
      warnings.push(cellProblem('CELL_URL_WITHOUT_SCHEME', { value: part }));
    values.add(item);
  }
  return { ok: true, value: values.size === 0 ? null : [...values], warnings };
}

function splitList(of: ItemKind, text: string): string[] {
  const parts =
    of === 'url'
      ? text.split(URL_SEPARATOR).map((part) => part.replace(/[;,]+$/, ''))
      : text.split(SEPARATOR);
  return parts.map(cleanText).filter((part) => part !== '' && !saysNothing(part));
}

function readItem(of: ItemKind, part: string): string | CellProblem {
  if (isFormulaError(part)) return cellProblem('CELL_FORMULA_ERROR', { value: part });
  if (of === 'text')
    return part.length > MAX_ITEM ? cellProblem('CELL_TOO_LONG', { max: String(MAX_ITEM) }) : part;
  const [read, code] = READERS[of];
  const plain = part.normalize('NFKC');
  const item = read(of === 'url' && !plain.includes('://') ? `http://${plain}` : plain);
  return item ?? cellProblem(code, { value: part });
}
