import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type VerifyOptions, verifyCommand } from './verify.ts';
import { type Language, languageOf } from './verify-text.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = join(ROOT, 'fixtures/certificates');
const fixture = (name: string): string => join(FOLDER, name);

interface Vector {
  readonly file: string;
  readonly key: string | null;
  readonly exit: number;
  readonly step: string | null;
}

// Boundary: our own file, written by scripts/make-certificate-vectors.ts.
const { vectors } = JSON.parse(readFileSync(fixture('vectors.json'), 'utf8')) as { vectors: Vector[] };

async function verify(files: readonly string[], options: VerifyOptions = {}, language: Language = 'en') {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const exit = await verifyCommand(files, options, { out: write, err: write, language });
  return { exit, text: lines.join('\n') };
}

describe('backcheck verify', () => {
  test.each(vectors)('says of $file: exit $exit, step $step', async ({ file, key, exit, step }) => {
    const pinned = key === null ? {} : { key: fixture(key) };
    const run = await verify([fixture(file)], { ...pinned, json: true });
    expect(run.exit).toBe(exit);
    expect(JSON.parse(run.text)).toMatchObject(
      exit === 0
        ? { verdict: 'valid' }
        : exit === 1
          ? { verdict: 'invalid', step }
          : { verdict: 'unreadable' },
    );
  });

  test('tells a person what was found, where, and what proved it gone', async () => {
    const { text } = await verify([fixture('valid/explicit.json')]);
    for (const fact of [
      'POODLE, SSL (CVE-2014-3566) [high] CVE-2014-3566',
      'testssl:POODLE_SSL tcp/443',
      'ip 192.0.2.7, fqdn www.example.org',
      'testssl 3.0.8 at 2026-04-11T08:00:00.000Z from "office"; E3',
      'assumptions: none',
      'compare this fingerprint',
      '21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9',
    ]) {
      expect(text).toContain(fact);
    }
  });

  test('names the assumption under which the time holds, and who made it', async () => {
    const { text } = await verify([fixture('valid/declared-time.json')]);
    expect(text).toContain(
      'A-time: the file does not say when it was made; the time was declared by: coordinator',
    );
  });

  test('names the failing step and the reason', async () => {
    const { text } = await verify([fixture('broken/self-submitted.json')]);
    expect(text).toContain('INVALID at step "closure"');
    expect(text).toContain('SELF_SUBMITTED');
  });

  test('speaks Chinese where the locale does', async () => {
    const { text } = await verify(
      [fixture('valid/declared-time.json'), fixture('broken/wrong-leaf-index.json')],
      {},
      'zh',
    );
    for (const fact of ['有效', '存证账本', '时间由其申报', '未通过的步骤：inclusion'])
      expect(text).toContain(fact);
    expect(languageOf({ LANG: 'zh_CN.UTF-8' })).toBe('zh');
    expect(languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toBe('en');
    expect(languageOf({})).toBe('en');
  });

  test('does not let a name in a certificate write to the terminal', async () => {
    const { text } = await verify([fixture('valid/awkward-title.json')]);
    for (const trick of ['\u0007', '\u2028']) expect(text).not.toContain(trick);
    expect(text).toContain('弱口令, 😀');
  });

  test('is valid only when every file is; an invalid one outweighs an unreadable one', async () => {
    const [good, bad, cut] = ['valid/silent.json', 'broken/port-outside.json', 'broken/cut.json'].map(
      fixture,
    );
    if (good === undefined || bad === undefined || cut === undefined) throw new Error('three files');
    expect((await verify([good, good])).exit).toBe(0);
    expect((await verify([good, bad, good])).exit).toBe(1);
    expect((await verify([cut, good])).exit).toBe(2);
    expect((await verify([cut, bad])).exit).toBe(1);
  });

  test('calls a missing file, a folder and a key file without a key unreadable', async () => {
    expect(await verify([fixture('valid/none.json')])).toEqual({
      exit: 2,
      text: expect.stringContaining('ENOENT'),
    });
    expect(await verify([FOLDER])).toEqual({ exit: 2, text: expect.stringContaining('EISDIR') });
    const key = fixture('valid/silent.json');
    expect(await verify([key], { key })).toEqual({
      exit: 2,
      text: `${key}: no Ed25519 public key (PEM, or 64 hex digits)`,
    });
  });

  test('does not read a file beyond the size of a certificate', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'backcheck-verify-')), 'large.json');
    writeFileSync(file, ' '.repeat(5_000_000));
    expect(await verify([file])).toEqual({ exit: 2, text: `${file}: unreadable: larger than 1048576 bytes` });
  });

  test('runs as a program of its own', () => {
    const program = fileURLToPath(new URL('./verify.ts', import.meta.url));
    const env = { ...process.env, LC_ALL: 'C' };
    const run = (...args: string[]) => spawnSync('node', [program, ...args], { encoding: 'utf8', env });
    expect(run(fixture('valid/silent.json'), '--key', fixture('test-key.pem'))).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('the key given with --key'),
    });
    expect(run(fixture('broken/assumed-silence.json')).status).toBe(1);
    expect(run('--json', fixture('broken/cut.json')).status).toBe(2);
  });
});

describe('the certificate vectors', () => {
  test('are what their script writes', () => {
    execFileSync('node', [join(ROOT, 'scripts/make-certificate-vectors.ts'), '--check'], { stdio: 'pipe' });
  });
});
