import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { readCommand } from './read.ts';
import { replayCommand } from './replay.ts';
import { parseScanFile } from './scan-file.ts';
import type { Terminal } from './terminal.ts';
import { type Listener, listener } from './testing/listener.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const FIXTURES = `${PROJECT}fixtures/scans/`;

const records = (heard: Listener): Record<string, unknown>[] =>
  heard.printed
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function schemas() {
  const ajv = new Ajv2020({ allErrors: true });
  const load = async (name: string) =>
    JSON.parse(await readFile(`${PROJECT}docs/${name}.schema.json`, 'utf8'));
  const read = ajv.compile(await load('read-records'));
  const replay = ajv.compile(await load('replay-records'));
  return { read, replay };
}

async function fixtureFiles(): Promise<string[]> {
  const entries = await readdir(FIXTURES, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.(ts|md|sh)$/.test(entry.name));
  return files.map((entry) => `${entry.parentPath}/${entry.name}`).sort();
}

test('every line that read and replay print of the fixtures is of the published schema', async () => {
  const { read, replay } = await schemas();
  const readable: string[] = [];
  for (const file of await fixtureFiles()) {
    const heard = listener();
    if ((await readCommand(`${file}@2026-11-21T02:20:00Z`, {}, heard)) !== 0) continue;
    readable.push(file);
    for (const record of records(heard)) {
      expect({ file, record, errors: read(record) ? null : read.errors }).toMatchObject({ errors: null });
    }
  }
  expect(readable.length).toBeGreaterThan(10);
  const heard = listener();
  expect(await replayCommand(readable, { json: true }, heard)).toBe(0);
  for (const record of records(heard)) {
    expect({ record, errors: replay(record) ? null : replay.errors }).toMatchObject({ errors: null });
  }
});

test('read prints of a cut file what it saw, and nothing that anybody could take for proof', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backcheck-read-'));
  try {
    for (const [name, file, most] of [
      ['nessus/before.nessus', 'cut.nessus', 0.9],
      ['testssl/after.json', 'cut.json', 0.7],
    ] as const) {
      const whole = await readFile(`${FIXTURES}${name}`);
      await writeFile(join(folder, file), whole.subarray(0, Math.floor(whole.length * most)));
      const heard = listener();
      expect(await readCommand(join(folder, file), {}, heard)).toBe(0);
      const printed = records(heard);
      expect(printed[0]).toMatchObject({ record: 'scan', complete: false, truncated: true });
      expect(printed.filter((one) => one['record'] === 'coverage' && one['evidence'] !== 'E0')).toEqual([]);
      expect(printed.filter((one) => one['verdict'] === 'absent')).toEqual([]);
      const observations = printed.filter((one) => one['record'] === 'observation').length;
      expect(observations).toBeGreaterThan(0);
      expect(printed.at(-1)).toMatchObject({ record: 'end', observations });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('read prints the scan first and the counts last', async () => {
  const heard = listener();
  expect(await readCommand(`${FIXTURES}nessus/before.nessus`, {}, heard)).toBe(0);
  const all = records(heard);
  expect(all[0]).toMatchObject({ record: 'scan', format: 'nessus', timeSource: 'file', complete: true });
  expect(all.at(-1)).toEqual({
    record: 'end',
    assets: 2,
    observations: 5,
    coverage: 2,
    explanations: 5,
    warnings: 0,
  });
  expect(all.length).toBe(2 + 2 + 5 + 2 + 5);
});

test('replay gives the same findings whatever the order of the files and however often one is named', async () => {
  const [before, after] = [`${FIXTURES}nessus/before.nessus`, `${FIXTURES}nessus/after-clean.nessus`];
  const outputs = await Promise.all(
    [
      [before, after],
      [after, before],
      [before, after, before],
    ].map(async (files) => {
      const heard = listener();
      await replayCommand(files, { json: true }, heard);
      return records(heard);
    }),
  );
  expect(outputs[0]?.at(-1)).toEqual({
    record: 'end',
    scans: 2,
    findings: 5,
    open: 1,
    'verified-fixed': 4,
    regressed: 0,
    'fixed-unverified': 0,
  });
  expect(outputs[1]).toEqual(outputs[0]);
  expect(outputs[2]).toEqual(outputs[0]);
});

test('replay without --json is a table for people', async () => {
  const heard = listener();
  await replayCommand(
    [`${FIXTURES}nessus/before.nessus`, `${FIXTURES}nessus/after-narrow-ports.nessus`],
    {},
    heard,
  );
  expect(heard.printed.join('')).toMatch(/^open +PORT_OUTSIDE +192\.0\.2\.10 +445\/tcp +nessus:57608 +SMB/m);
});

for (const [what, argument, complaint] of [
  ['a file that is no scan', `${PROJECT}README-that-is-no-scan`, 'no such file'],
  ['a folder', FIXTURES, 'a folder'],
  ['a source file', fileURLToPath(import.meta.url), 'unknown format'],
  ['a scan of the future', `${FIXTURES}nessus/before.nessus`, 'from the future'],
] as const) {
  test(`${what} is refused with one line and exit code 2`, async () => {
    for (const command of [
      readCommand,
      (file: string, _: object, to: Terminal) => replayCommand([file], {}, to),
    ]) {
      const heard = listener('2026-08-31T00:00:00.000Z');
      expect(await command(argument, {}, heard)).toBe(2);
      expect(heard.printed).toEqual([]);
      expect(heard.complaints).toEqual([expect.stringContaining(complaint)]);
    }
  });
}

test('the same file with two declared times is refused, because the order of files must not decide', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backcheck-test-'));
  const file = join(folder, 'untimed.sarif');
  await writeFile(file, '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[]}]}');
  const heard = listener();
  expect(
    await replayCommand([`${file}@2026-11-21T02:20:00Z`, `${file}@2026-11-22T02:20:00Z`], {}, heard),
  ).toBe(2);
  expect(heard.complaints).toEqual([expect.stringContaining('two')]);
  expect(
    await replayCommand([`${file}@2026-11-21T02:20:00Z`, `${file}@2026-11-21T10:20:00+08:00`], {}, heard),
  ).toBe(0);
  await rm(folder, { recursive: true });
});

test('the command starts from its file, prints to a pipe and tells a refusal by its exit code', async () => {
  const bin = `${PROJECT}packages/cli/bin/backcheck.mjs`;
  const run = (file: string) => spawnSync(process.execPath, [bin, 'read', file], { encoding: 'utf8' });
  const read = run(`${FIXTURES}nessus/before.nessus`);
  expect([read.status, read.stderr, read.stdout.split('\n')[0]?.slice(0, 16)]).toEqual([
    0,
    '',
    '{"record":"scan"',
  ]);
  const refused = run(bin);
  expect([refused.status, refused.stdout, refused.stderr.split('\n').length]).toEqual([2, '', 2]);
});

test('what follows the last @ is a time only when it is a full instant with its zone', () => {
  const time = (argument: string) => parseScanFile(argument).declaredAt;
  expect(time('a.xml@2026-11-21T10:20:00+08:00')).toBe('2026-11-21T02:20:00.000Z');
  expect(time('me@home/a.xml@2026-11-21T02:20Z')).toBe('2026-11-21T02:20:00.000Z');
  for (const name of [
    'me@home.xml',
    'a.xml@2026-11-21',
    'a.xml@2026-11-21T02:20:00',
    'a.xml@2026-02-30T00:00:00Z',
    'a.xml@',
    'a.xml@2026-13-01T00:00:00Z',
  ]) {
    expect(parseScanFile(name)).toEqual({ path: name, declaredAt: null });
  }
});
