import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuthSecret } from './auth-secret.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backcheck-secret-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the secret of sign-in', () => {
  it('is made at the first start, for its owner only, and stays the same', async () => {
    const path = join(folder, 'keys/auth-secret');
    const made = await openAuthSecret(path);
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await openAuthSecret(path)).toBe(made);
  });

  it('that was cut stops the start instead of being replaced', async () => {
    const path = join(folder, 'auth-secret');
    writeFileSync(path, 'short');
    await expect(openAuthSecret(path)).rejects.toThrow(/damaged/);
    expect(readFileSync(path, 'utf8')).toBe('short');
  });
});
