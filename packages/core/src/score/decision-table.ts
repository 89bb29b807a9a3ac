import type { Text } from '../observe/text.ts';

/** One question of a table, or its answer. `code` is `namespace:key:version`, as SSVC names it. */
export interface DecisionPoint {
  readonly code: string;
  readonly name: Text;
  /** In rising order. */
  readonly values: readonly { readonly key: string; readonly name: Text }[];
}

/**
 * A decision table of SSVC (Stakeholder-Specific Vulnerability Categorization) as data. A row is the keys of the
 * inputs in their order and then that of the outcome, separated by blanks: "A O Y VH I". Rows are counted from 0.
 */
export interface DecisionTable {
  readonly code: string;
  readonly title: Text;
  readonly inputs: readonly DecisionPoint[];
  readonly outcome: DecisionPoint;
  readonly rows: readonly string[];
}

export interface Decided {
  readonly row: number;
  /** Key of the outcome. */
  readonly value: string;
}

/**
 * What the table says for these values, by the code of each of its inputs.
 * @throws RangeError where a value is missing, is none of its point, or no row answers
 */
export function decide(table: DecisionTable, values: Readonly<Record<string, string>>): Decided {
  const keys = table.inputs.map(({ code }) => values[code] ?? '?').join(' ');
  const found = indexOf(table).get(keys);
  if (found === undefined) throw new RangeError(`${table.code} has no row for "${keys}"`);
  return found;
}

/** The name of a value of a point; its key where the point has no such value. */
export function nameOf(point: DecisionPoint, key: string): Text {
  return point.values.find((value) => value.key === key)?.name ?? { zh: key, en: key };
}

const indexes = new WeakMap<DecisionTable, ReadonlyMap<string, Decided>>();

function indexOf(table: DecisionTable): ReadonlyMap<string, Decided> {
  const known = indexes.get(table);
  if (known !== undefined) return known;
  const index = new Map<string, Decided>();
  for (const [row, text] of table.rows.entries()) {
    const end = text.lastIndexOf(' ');
    index.set(text.slice(0, end), { row, value: text.slice(end + 1) });
  }
  indexes.set(table, index);
  return index;
}
