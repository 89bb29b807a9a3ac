import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ASSUMPTIONS } from '@backcheck/contract';
import { ASSUMED_IDENTITY, ASSUMED_TIME, MISSING_PART } from '@backcheck/core';
import { READERS } from '@backcheck/scans';
import { expect, test } from 'vitest';
import { gather } from '../../packages/scans/src/testing/gather.ts';
import { ownScans } from '../support/shared-corpus.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = join(PROJECT, 'packages/scans/src');

/** Names in the readers, also those that no file of the project shows. */
function namesInReaders(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  return files.flatMap(
    (name) => readFileSync(join(SOURCES, name), 'utf8').match(/(?<=')A-[a-z-]+(?=')/g) ?? [],
  );
}

test('every assumption that a reader names has its sentence, and no sentence is of a name that nobody uses', async () => {
  const named = new Set(namesInReaders());
  expect(named.size).toBeGreaterThan(20);
  expect(Object.keys(ASSUMPTIONS).sort()).toEqual([...named, ASSUMED_TIME, ASSUMED_IDENTITY].sort());
  for (const file of ownScans()) {
    const { coverage } = await gather(file.bytes());
    const unknown = coverage.flatMap(({ assumptions }) => assumptions).filter((name) => !named.has(name));
    expect(unknown, file.name).toEqual([]);
  }
});

test('every assumption that stands for a reason is one that a reader names', () => {
  expect(Object.keys(MISSING_PART).filter((name) => !Object.hasOwn(ASSUMPTIONS, name))).toEqual([]);
});

test('every sentence is in Chinese and in English', () => {
  for (const [name, { zh, en }] of Object.entries(ASSUMPTIONS)) {
    expect([name, zh]).toEqual([name, expect.stringMatching(/\p{Script=Han}/u)]);
    expect([name, en]).toEqual([name, expect.stringMatching(/^\p{ASCII}{20,120}$/u)]);
  }
});

test('docs/formats.md tells of every format and every assumption', () => {
  const document = readFileSync(join(PROJECT, 'docs/formats.md'), 'utf8');
  const names = [...READERS.map(({ format }) => format), ...Object.keys(ASSUMPTIONS)];
  expect(names.filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
});
