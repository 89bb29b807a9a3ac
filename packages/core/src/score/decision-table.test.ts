import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type DecisionTable, decide, nameOf } from './decision-table.ts';
import { DecisionTableFlaw, readDecisionTable } from './read-decision-table.ts';
import { BOD_26_04_TABLE, DECISION_TABLES, DEPLOYER_TABLE } from './tables.ts';

const CORPUS = fileURLToPath(new URL('../../../../../shared/corpus/standards/ssvc', import.meta.url));
const published = existsSync(CORPUS) ? globSync(`${CORPUS}/json/decision_tables/*/*.json`).sort() : [];
const sheetOf = (path: string) => path.replace('/json/decision_tables/', '/csv/').replace('.json', '.csv');

const jsonOf = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The sheet names each value in lower case, as its point does, and each column after its point: `Exploitation v1.1.0`. */
function answersOfSheet(path: string, table: DecisionTable): string[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const columns = cellsOf(header).slice(1);
  const points = [...table.inputs, table.outcome];
  const places = columns.map((column) =>
    points.find(({ code, name }) => column.startsWith(`${name.en} v${code.split(':')[2]}`)),
  );
  expect(places).not.toContain(undefined);
  return lines.map((line) => {
    const [row, ...cells] = cellsOf(line);
    const keys = cells.map((cell, i) => {
      const value = places[i]?.values.find(({ name }) => name.en.toLowerCase() === cell.toLowerCase());
      return [places[i]?.code ?? '', value?.key ?? `no value ${cell}`] as const;
    });
    const given = Object.fromEntries(keys);
    const wanted = given[table.outcome.code];
    const got = decide(table, given).value;
    return got === wanted ? '' : `row ${row}: ${got} and not ${wanted}`;
  });
}

const cellsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => (quoted ?? plain ?? '').trim());

describe.skipIf(published.length === 0)('decision tables as CERT/CC publishes them', () => {
  test('there are 16 of them', () => {
    expect(published).toHaveLength(16);
  });

  test.each(published)('%s is loaded, and each row of its sheet is answered as it says', (path) => {
    const table = readDecisionTable(jsonOf(path));
    const sheet = sheetOf(path);
    if (!existsSync(sheet)) return;
    const wrong = answersOfSheet(sheet, table);
    expect(wrong.length).toBe(table.rows.length);
    expect(wrong.filter(Boolean)).toEqual([]);
  });

  test.each(DECISION_TABLES.map((table) => [table.code, table] as const))(
    'the carried %s answers every combination as the published one',
    (code, carried) => {
      const theirs = published
        .map((path) => readDecisionTable(jsonOf(path)))
        .find((one) => one.code === code);
      if (theirs === undefined) throw new Error(`${code} is not published`);
      expect(carried.rows).toHaveLength(theirs.rows.length);
      for (const row of theirs.rows) {
        const keys = row.split(' ');
        const given = Object.fromEntries(theirs.inputs.map(({ code: point }, i) => [point, keys[i] ?? '']));
        expect([row, decide(carried, given).value]).toEqual([row, keys.at(-1)]);
      }
    },
  );
});

describe('carried tables', () => {
  test.each(DECISION_TABLES.map((table) => [table.code, table] as const))(
    '%s has one row for each combination, and names in both languages',
    (_, { inputs, outcome, rows }) => {
      expect(new Set(rows.map((row) => row.slice(0, row.lastIndexOf(' ')))).size).toBe(
        inputs.reduce((product, { values }) => product * values.length, 1),
      );
      for (const { name, values } of [...inputs, outcome])
        for (const text of [name, ...values.map((value) => value.name)]) {
          expect(text.zh).toMatch(/\p{Script=Han}|^\d+ 天$/u);
          expect(text.en).toMatch(/^\p{ASCII}+$/u);
        }
    },
  );

  test('row 15 of BOD 26-04 asks for three days and forensic triage', () => {
    const all = { 'cisa:KEV:1.0.0': 'Y', 'cisa:PE:1.0.0': 'Y', 'ssvc:A:2.0.0': 'Y', 'ssvc:TI:1.0.0': 'T' };
    expect(decide(BOD_26_04_TABLE, all)).toEqual({ row: 15, value: '3DF' });
    expect(nameOf(BOD_26_04_TABLE.outcome, '3DF').en).toBe('3 days and forensic triage');
  });

  test('a value that a point does not have is no answer', () => {
    expect(() => decide(DEPLOYER_TABLE, { 'ssvc:E:1.1.0': 'Z' })).toThrow(RangeError);
  });
});

describe('a table with a defect is refused with its place', () => {
  const point = (key: string, ...keys: readonly string[]) => ({
    name: key,
    values: keys.map((one) => ({ key: one, name: one })),
  });
  const sound = {
    namespace: 'x',
    key: 'T',
    version: '1.0.0',
    name: 'T',
    outcome: 'x:O:1',
    decision_points: { 'x:A:1': point('A', 'N', 'Y'), 'x:O:1': point('O', 'a', 'b') },
    mapping: [
      { 'x:A:1': 'N', 'x:O:1': 'a' },
      { 'x:A:1': 'Y', 'x:O:1': 'b' },
    ],
  };

  test('a sound one is not', () => {
    expect(decide(readDecisionTable(sound), { 'x:A:1': 'Y' })).toEqual({ row: 1, value: 'b' });
  });

  test.each([
    ['no object', 17, /the table: an object/],
    ['no outcome', { ...sound, outcome: 'x:Z:1' }, /no point x:Z:1/],
    ['a row short', { ...sound, mapping: sound.mapping.slice(1) }, /2 combinations of inputs, but 1 rows/],
    ['a row twice', { ...sound, mapping: [...sound.mapping, sound.mapping[0]] }, /two rows answer/],
    [
      'an unknown key',
      { ...sound, mapping: [{ 'x:A:1': 'Q', 'x:O:1': 'a' }] },
      /row 0: x:A:1 has no value "Q"/,
    ],
    ['a row without a point', { ...sound, mapping: [{ 'x:O:1': 'a' }] }, /row 0: x:A:1: a text is needed/],
  ])('%s', (_, json, message) => {
    expect(() => readDecisionTable(json)).toThrow(DecisionTableFlaw);
    expect(() => readDecisionTable(json)).toThrow(message);
  });
});
