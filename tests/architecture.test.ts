import { describe, expect, it } from 'vitest';
import {
  defaultExportBreaches,
  fileLengthBreaches,
  functionBreaches,
  typeHoleBreaches,
} from './architecture/ceilings.ts';
import { EXCEPTIONS } from './architecture/exceptions.ts';
import { findingStateBreaches } from './architecture/finding-state.ts';
import { importBreaches, indexBreaches } from './architecture/imports.ts';
import { machineBreaches, nameBreaches } from './architecture/names.ts';
import { purityBreaches } from './architecture/purity.ts';
import { allPaths, isCode, isTest, parseSource, readText } from './architecture/source-file.ts';

const paths = allPaths();
const code = paths.filter(isCode).map((path) => parseSource(path, readText(path)));
const shipped = paths.filter((path) => /\.(ts|sql)$/.test(path) && /^packages\//.test(path) && !isTest(path));
const readable = paths.filter((path) =>
  /\.(ts|tsx|mjs|js|json|md|sql|yml|yaml|html|css|sh)$|^\.ci\/|^[A-Z]+$/.test(path),
);
const used = new Set<RegExp>();

/** What is left after the known exceptions. */
function unexcused(breaches: readonly string[]): string[] {
  return breaches.filter((breach) => {
    const known = EXCEPTIONS.find((exception) => exception.breach.test(breach));
    if (known !== undefined) used.add(known.breach);
    return known === undefined;
  });
}

describe('the project', () => {
  it('imports only what comes before it in the walk', () => {
    expect(unexcused(code.flatMap(importBreaches))).toEqual([]);
  });

  it('has one index.ts in each package and none inside', () => {
    expect(unexcused(indexBreaches(paths))).toEqual([]);
  });

  it('keeps the clock, chance and the world out of the rules in core', () => {
    expect(unexcused(code.flatMap(purityBreaches))).toEqual([]);
  });

  it('writes the state of a finding in one place', () => {
    expect(unexcused(shipped.flatMap((path) => findingStateBreaches(path, readText(path))))).toEqual([]);
  });

  it('has no file above 400 lines', () => {
    expect(unexcused(code.flatMap(fileLengthBreaches))).toEqual([]);
  });

  it('has no function above 60 lines (component 150) or 4 parameters', () => {
    expect(unexcused(code.flatMap(functionBreaches))).toEqual([]);
  });

  it('has no any and no non-null assertion', () => {
    expect(unexcused(code.flatMap(typeHoleBreaches))).toEqual([]);
  });

  it('exports by name', () => {
    expect(unexcused(code.flatMap(defaultExportBreaches))).toEqual([]);
  });

  it('names files and folders so that they can be found by guessing', () => {
    expect(unexcused(paths.flatMap(nameBreaches))).toEqual([]);
  });

  it('holds no path or registry of one machine', () => {
    expect(unexcused(readable.flatMap((path) => machineBreaches(path, readText(path))))).toEqual([]);
  });

  it('has no exception that excuses nothing', () => {
    expect(EXCEPTIONS.filter(({ breach }) => !used.has(breach))).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const core = (text: string) => parseSource('packages/core/src/prove/proof.ts', text);
  const server = (feature: string, from: string) =>
    importBreaches(
      parseSource(`packages/server/src/${feature}/view.ts`, `import { x } from '${from}'; x();`),
    );

  it.each([
    ['const now = Date.now();', 'core uses Date.now'],
    ['const now = new Date();', 'core asks the clock with Date'],
    ['const now = Date();', 'core asks the clock with Date'],
    ['const x = Math.random();', 'core uses Math.random'],
    ['const x = process.env.HOME;', 'core uses process'],
    ['const x = globalThis.performance;', 'core uses globalThis'],
    ['const clock = { performance };', 'core uses performance'],
  ])('find the world in `%s`', (text, problem) => {
    expect(purityBreaches(core(text))).toEqual([`packages/core/src/prove/proof.ts:1 ${problem}`]);
  });

  it('allow a time that is given, and fields that only share a name', () => {
    expect(
      purityBreaches(core('const t = new Date(text); const p = scan.process; const o = { process: 1 };')),
    ).toEqual([]);
  });

  it.each([
    ['packages/core/src/a.ts', "import fs from 'node:fs';"],
    ['packages/core/src/a.ts', "export * from '@backcheck/db';"],
    ['packages/core/src/a.ts', "import type { Pool } from '../../db/src/pool.ts';"],
    ['packages/scans/src/a.ts', "const pg = await import('pg');"],
    ['packages/web/src/a.ts', "import { pool } from '@backcheck/db';"],
    ['packages/cli/src/a.ts', "import { x } from '@backcheck/core/src/index.ts';"],
  ])('refuse in %s: %s', (path, text) => {
    expect(importBreaches(parseSource(path, text))).toHaveLength(1);
  });

  it('let a feature of the server look back along the walk, never ahead', () => {
    expect(server('findings', '../imports/import-scan.ts')).toEqual([]);
    expect(server('findings', '../config.ts')).toEqual([]);
    expect(server('imports', '../findings/list.ts')).toHaveLength(1);
    expect(server('findings', '../app.ts')).toHaveLength(1);
    expect(server('gadgets', '../platform/clock.ts')).toHaveLength(1);
  });

  it('see a statement that closes a finding elsewhere', () => {
    const statement = 'sql`update finding f set seen = now(), state = $1 where id = $2`';
    expect(findingStateBreaches('packages/server/src/findings/close.ts', statement)).toHaveLength(1);
    expect(findingStateBreaches('packages/db/src/settle.ts', statement)).toEqual([]);
    expect(
      findingStateBreaches('packages/db/src/resolve.ts', 'update finding set severity = 1 where state = 2'),
    ).toEqual([]);
  });

  it('count lines, parameters and holes in the types', () => {
    const long = `export function f() {\n${'  x();\n'.repeat(60)}}`;
    expect(functionBreaches(core(long))).toHaveLength(1);
    expect(functionBreaches(parseSource('packages/web/src/A.tsx', long.replace('f()', 'A()')))).toEqual([]);
    expect(functionBreaches(core('const f = (a, b, c, d, e) => a;'))).toHaveLength(1);
    expect(typeHoleBreaches(core('const x: any = y!;'))).toHaveLength(2);
    expect(fileLengthBreaches({ path: 'a.ts', text: 'x\n'.repeat(401) })).toHaveLength(1);
  });

  it.each([
    'packages/db/src/utils/x.ts',
    'packages/db/src/scan-helpers.ts',
    'packages/core/src/camelCase.ts',
  ])('refuse the name %s', (path) => {
    expect(nameBreaches(path)).toHaveLength(1);
  });
});
