import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openEvidenceKeys } from '../../server/src/platform/keys/evidence-keys.ts';

const CLI = fileURLToPath(new URL('main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'backcheck-rotate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function rotate(keyFile: string) {
  const env = { PATH: process.env['PATH'], EVIDENCE_KEY_FILE: keyFile };
  return spawnSync(process.execPath, [CLI, 'keys', 'rotate'], { env, encoding: 'utf8' });
}

describe('backcheck keys rotate', () => {
  it('adds a key that a running server takes up, and says to back it up', async () => {
    const keyFile = join(folder, 'keys.json');
    const keys = await openEvidenceKeys(keyFile, new Date());
    const before = await keys.current();
    const run = rotate(keyFile);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toMatch(/Back this file up/);
    expect(run.stdout).toMatch(/备份/);
    expect((await keys.current()).id).not.toBe(before.id);
    expect(await keys.find(before.id)).toEqual(before);
    const { keys: stored } = JSON.parse(readFileSync(keyFile, 'utf8'));
    expect(stored).toHaveLength(2);
    expect(run.stdout).not.toContain(stored[1].secret);
  });

  it('makes no key where there is none: that is another folder than the server’s', () => {
    const run = rotate(join(folder, 'elsewhere.json'));
    expect([run.status, run.stderr.trim()]).toEqual([1, expect.stringMatching(/elsewhere.json is gone/)]);
  });
});
