import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES, PROBLEMS, problemTexts } from './problems.ts';

const ROOT = join(import.meta.dirname, '../../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/problems.md'), 'utf8');

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

const SERVER = sources(join(ROOT, 'packages/server/src')).join('\n');

describe('every problem code', () => {
  it.each(PROBLEM_CODES)('%s is explained in docs/problems.md with its status', (code) => {
    expect(DOCUMENT).toMatch(
      new RegExp(`^\\| \`${code}\` \\| ${PROBLEMS[code].status} \\| .+ \\| .+ \\|$`, 'm'),
    );
  });

  it.each(PROBLEM_CODES)('%s is used by the server', (code) => {
    expect(SERVER).toContain(`'${code}'`);
  });

  it.each(PROBLEM_CODES)('%s speaks Chinese and English', (code) => {
    const { title, detail } = PROBLEMS[code];
    for (const text of [title.zh, detail.zh]) expect(text).toMatch(/\p{Script=Han}/u);
    for (const text of [title.en, detail.en]) expect(text).not.toMatch(/\p{Script=Han}/u);
  });
});

it('docs/problems.md explains no code that does not exist', () => {
  const explained = [...DOCUMENT.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(explained.sort()).toEqual([...PROBLEM_CODES].sort());
});

describe('the detail of a problem', () => {
  it.each(['SCAN_UNKNOWN_FORMAT', 'SCAN_EMPTY'] as const)('of %s says it all in Chinese too', (code) => {
    const { detail } = problemTexts(code, { message: 'the sentence of the reader' });
    expect(detail.zh).not.toContain('the sentence of the reader');
    expect(detail.en).toContain('the sentence of the reader');
  });

  it('is filled from the facts of the case', () => {
    expect(problemTexts('FILE_TOO_LARGE', { most: 10 }).detail.en).toContain('At most 10 bytes');
  });

  it('shows what a hostile file says as it is, without filling it again', () => {
    const { detail } = problemTexts('SCAN_DAMAGED', { message: 'line 1 holds {message} and $&' });
    expect(detail.en).toBe('Nothing was imported: line 1 holds {message} and $&.');
  });
});
