import { neutralised } from '../neutralise.ts';

/** A row of RFC 4180. Names of accounts and paths are what others typed: an apostrophe keeps them from being run. */
export function csvRow(cells: readonly (string | number | boolean | null | undefined)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number | boolean | null | undefined): string {
  const safe = neutralised(String(value ?? ''));
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
