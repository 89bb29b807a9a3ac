import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DrawEntry, drawLine, SEVERITIES, sha256Hex } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { type DrawOptions, drawCommand } from './draw.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'backcheck-draw-'));
const SEED = 'ab'.repeat(32);

/** The population of core's golden vector. */
const LINES = Array.from({ length: 40 }, (_, at): DrawEntry => {
  const finding = at + 1;
  const severity = SEVERITIES[finding % SEVERITIES.length] ?? 'info';
  return {
    certificate: sha256Hex(`closure ${finding}`),
    finding: `${finding}`,
    organization: `${1 + (at % 3)}`,
    severity,
  };
})
  .map(drawLine)
  .sort();
const LIST = LINES.map((line) => `${line}\n`).join('');

let files = 0;
async function draw(
  content: string | Uint8Array | null,
  options: Partial<DrawOptions> = {},
  language: 'en' | 'zh' = 'en',
) {
  files += 1;
  const file = join(FOLDER, `${files}.jsonl`);
  if (content !== null) writeFileSync(file, content);
  const printed: string[] = [];
  const complained: string[] = [];
  const exit = await drawCommand(
    file,
    { seed: SEED, ...options },
    {
      print: async (text) => void printed.push(String(text)),
      complain: (line) => void complained.push(`${line}\n`),
      language,
    },
  );
  return { exit, printed: printed.join(''), complained: complained.join('') };
}

describe('backcheck draw', () => {
  test('draws what the published plan draws, and prints the hashes to compare', async () => {
    const { exit, printed, complained } = await draw(LIST, { sample: '6', strata: 'severity' });
    expect(exit).toBe(0);
    expect(printed).toBe('22\n26\n19\n7\n33\n30\n');
    expect(complained).toBe(
      `population: 40, sha256 ${sha256Hex(LIST)}\ndrawn: 6, sha256 ${sha256Hex(printed)}\n`,
    );
  });

  test('draws all where no number is given, and the same from a list in another order', async () => {
    expect((await draw(LIST)).printed.split('\n')).toHaveLength(41);
    const turned = `${LINES.toReversed().join('\n')}\n`;
    expect((await draw(turned, { sample: '7' })).printed).toBe((await draw(LIST, { sample: '7' })).printed);
  });

  test.each([
    ['a seed that is none', LIST, { seed: 'AB'.repeat(32) }, '--seed is 64'],
    ['no number', LIST, { sample: '0' }, '--sample is a whole number'],
    ['a division that there is not', LIST, { strata: 'colour' }, '--strata is one of'],
    ['another file', 'certificate,finding\n', {}, 'line 1 is not one of'],
    ['lines that Windows ended', LIST.replaceAll('\n', '\r\n'), {}, 'line 1 is not one of'],
    ['a line that stands twice', `${LIST}${LINES[3]}\n`, {}, 'line 41 names a certificate'],
    ['a file that is not there', null, {}, 'ENOENT'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0x0a]), {}, 'cannot be read'],
  ])('refuses %s with one line, and draws nothing', async (_, content, options, why) => {
    const { exit, printed, complained } = await draw(content, options);
    expect([exit, printed]).toEqual([2, '']);
    expect(complained).toContain(why);
    expect(complained.trim().split('\n')).toHaveLength(1);
  });

  test('speaks Chinese to whoever reads it', async () => {
    expect((await draw(LIST, { sample: '6' }, 'zh')).complained).toContain('抽中：6 项');
  });
});
