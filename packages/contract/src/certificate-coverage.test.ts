import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Closure, verifyCertificate } from '@backcheck/core';
import { describe, expect, it } from 'vitest';
import { assumptionTexts, coverageRows } from './certificate-coverage.ts';

const FOLDER = join(import.meta.dirname, '../../../fixtures/certificates/valid');
const NAMES = readdirSync(FOLDER);

function closureOf(name: string): Closure {
  const verdict = verifyCertificate(readFileSync(join(FOLDER, name)));
  if (verdict.verdict !== 'valid') throw new Error(`${name}: ${verdict.message}`);
  return verdict.closure;
}

const rowsOf = (name: string, index = 0) => {
  const closure = closureOf(name);
  const witness = closure.witnesses[index];
  if (witness === undefined) throw new Error(`${name} has no witness ${index}`);
  return Object.fromEntries(
    coverageRows(closure, witness).map(({ condition, needed, brought }) => [
      condition.en,
      [needed.en, brought.en],
    ]),
  );
};

describe('the conditions of coverage in words', () => {
  it.each(NAMES)('of %s are all there, in Chinese and English', (name) => {
    const closure = closureOf(name);
    for (const witness of closure.witnesses) {
      const rows = coverageRows(closure, witness);
      expect(rows.length).toBeGreaterThanOrEqual(12);
      for (const { condition, needed, brought } of rows) {
        expect(condition.zh).toMatch(/\p{Script=Han}/u);
        expect(condition.en).not.toMatch(/\p{Script=Han}/u);
        for (const text of [needed.zh, needed.en, brought.zh, brought.en]) expect(text).not.toBe('');
      }
    }
  });

  it('show a needed version as people write it', () => {
    expect(rowsOf('explicit.json')['Tool not older']).toEqual(['3.0.8 or newer', 'testssl 3.0.8']);
  });

  it('name the check that stood in, and by which equivalence', () => {
    expect(rowsOf('stand-in.json')['Same check run']?.join()).toMatch(/stands in for .+ by .+/);
  });

  it('say how many samples an asset with several machines needs', () => {
    expect(rowsOf('five-samples.json')['Same vantage']?.[0]).toMatch(/, 5 times each, \d+ hours or more/);
  });

  it('name who declared a time, and the assumption under which it holds', () => {
    expect(rowsOf('declared-time.json')['Not the word of the inspected']?.[1]).toContain(
      'declared by: Coordinator',
    );
    const closure = closureOf('declared-time.json');
    expect(closure.witnesses.flatMap(assumptionTexts).map(({ en }) => en)).toEqual([
      'A-time: The time of the scan was declared; the file has none',
    ]);
  });
});
