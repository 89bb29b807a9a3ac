import type { Text } from '../observe/text.ts';
import type { DecisionPoint, DecisionTable } from './decision-table.ts';

/** The JSON is no complete decision table; `message` says where and why. */
export class DecisionTableFlaw extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DecisionTableFlaw';
  }
}

/** A table has as many rows as its inputs have combinations; more than this nobody can read. */
const MOST_ROWS = 100_000;

/**
 * A decision table as CERT/CC publishes it (DecisionTable, schema 2.0.0) in our form. Names are in English only.
 * @throws DecisionTableFlaw for what is no such table, a key that its point does not have, a combination of inputs
 *   that has no row or two rows
 */
export function readDecisionTable(json: unknown): DecisionTable {
  const table = recordOf(json, 'the table');
  const code = ['namespace', 'key', 'version'].map((key) => textOf(table[key], key)).join(':');
  const points = Object.entries(recordOf(table['decision_points'], 'decision_points')).map(([key, point]) =>
    readPoint(key, recordOf(point, key)),
  );
  const wanted = textOf(table['outcome'], 'outcome');
  const outcome = points.find((point) => point.code === wanted);
  if (outcome === undefined) throw new DecisionTableFlaw(`outcome: there is no point ${wanted}`);
  const inputs = points.filter((point) => point !== outcome);
  const all = [...inputs, outcome];
  const rows = listOf(table['mapping'], 'mapping').map((row, i) =>
    readRow(recordOf(row, `row ${i}`), all, i),
  );
  refuseGaps(inputs, rows);
  return { code, title: inEnglish(textOf(table['name'], 'name')), inputs, outcome, rows };
}

function readPoint(code: string, point: Readonly<Record<string, unknown>>): DecisionPoint {
  const values = listOf(point['values'], `${code}: values`).map((one) => {
    const value = recordOf(one, `${code}: a value`);
    const key = textOf(value['key'], `${code}: key`);
    if (/\s/.test(key)) throw new DecisionTableFlaw(`${code}: the key "${key}" has a blank in it`);
    return { key, name: inEnglish(textOf(value['name'], `${code}: name`)) };
  });
  return { code, name: inEnglish(textOf(point['name'], `${code}: name`)), values };
}

function readRow(
  row: Readonly<Record<string, unknown>>,
  points: readonly DecisionPoint[],
  index: number,
): string {
  const keys = points.map(({ code, values }) => {
    const key = textOf(row[code], `row ${index}: ${code}`);
    if (!values.some((value) => value.key === key))
      throw new DecisionTableFlaw(`row ${index}: ${code} has no value "${key}"`);
    return key;
  });
  return keys.join(' ');
}

/** All keys are known, so as many different rows as there are combinations are all of them. */
function refuseGaps(inputs: readonly DecisionPoint[], rows: readonly string[]): void {
  const combinations = inputs.reduce((product, { values }) => product * values.length, 1);
  const different = new Set(rows.map((row) => row.slice(0, row.lastIndexOf(' '))));
  if (combinations > MOST_ROWS) throw new DecisionTableFlaw(`more than ${MOST_ROWS} combinations of inputs`);
  if (different.size !== rows.length)
    throw new DecisionTableFlaw('two rows answer the same combination of inputs');
  if (different.size !== combinations)
    throw new DecisionTableFlaw(`${combinations} combinations of inputs, but ${different.size} rows`);
}

const inEnglish = (text: string): Text => ({ zh: text, en: text });

function recordOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DecisionTableFlaw(`${place}: an object is needed`);
  return value as Readonly<Record<string, unknown>>; // an object that is no array, as just seen
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new DecisionTableFlaw(`${place}: a list is needed`);
  return value;
}

function textOf(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw new DecisionTableFlaw(`${place}: a text is needed`);
  return value;
}
