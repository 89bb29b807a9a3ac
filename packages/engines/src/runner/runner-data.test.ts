import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRunFolder } from './run-folder.ts';
import { openRunnerKey } from './runner-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'backcheck-runner-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what a killed runner left behind is removed a day later, and what runs is not', async () => {
  const path = join(folder, 'left');
  await openRunFolder(path, new Date());
  for (const name of ['old', 'running']) mkdirSync(join(path, name));
  utimesSync(join(path, 'old'), 0, 0);
  expect(await openRunFolder(path, new Date())).toBe(path);
  expect(readdirSync(path)).toEqual(['running']);
});

describe('the key of a runner', () => {
  test('is made once, readable by nobody else', async () => {
    const path = join(folder, 'another/runner-key');
    const made = await openRunnerKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await openRunnerKey(path)).toEqual(made);
  });

  test('is never replaced: a file that holds none is an error', async () => {
    const path = join(folder, 'broken-key');
    writeFileSync(path, 'not a key');
    await expect(openRunnerKey(path)).rejects.toThrow('holds no key');
    expect(existsSync(path)).toBe(true);
  });
});
