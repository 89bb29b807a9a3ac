/** What a spreadsheet program takes for the start of a formula (OWASP, "CSV injection"); wide ones too. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/** A row of RFC 4180. Names of accounts and paths are what others typed: an apostrophe keeps them from being run. */
export function csvRow(cells: readonly (string | number | boolean | null | undefined)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? '');
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
