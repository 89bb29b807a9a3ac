import { createHash } from 'node:crypto';
import {
  type DrawEntry,
  type DrawPlan,
  drawnText,
  drawSample,
  LOOK_BACK_STRATA,
  type LookBackStrata,
  readDrawLine,
  type Sha256,
} from '@backcheck/core';
import { type Terminal, terminal } from './terminal.ts';
import { linesOf } from './verify-audit.ts';

export interface DrawOptions {
  readonly seed: string;
  /** Left out: all. */
  readonly sample?: string;
  readonly strata?: string;
}

interface Words {
  readonly seed: string;
  readonly sample: string;
  readonly strata: string;
  readonly line: (file: string, line: number) => string;
  readonly twice: (file: string, line: number) => string;
  readonly unreadable: (file: string, why: string) => string;
  readonly population: (size: number, sha256: string) => string;
  readonly drawn: (size: number, sha256: string) => string;
}

const WORDS: Readonly<Record<Terminal['language'], Words>> = {
  en: {
    seed: '--seed is 64 lower-case hex digits, as published',
    sample: '--sample is a whole number from 1',
    strata: `--strata is one of ${LOOK_BACK_STRATA.join(', ')}`,
    line: (file, line) => `${file}: line ${line} is not one of a population list`,
    twice: (file, line) => `${file}: line ${line} names a certificate for the second time`,
    unreadable: (file, why) => `${file}: cannot be read (${why})`,
    population: (size, sha256) => `population: ${size}, sha256 ${sha256}`,
    drawn: (size, sha256) => `drawn: ${size}, sha256 ${sha256}`,
  },
  zh: {
    seed: '--seed 应为公布的 64 位小写十六进制数',
    sample: '--sample 应为不小于 1 的整数',
    strata: `--strata 应为 ${LOOK_BACK_STRATA.join('、')} 之一`,
    line: (file, line) => `${file}：第 ${line} 行不是抽样总体清单的内容`,
    twice: (file, line) => `${file}：第 ${line} 行的证明重复出现`,
    unreadable: (file, why) => `${file}：无法读取（${why}）`,
    population: (size, sha256) => `总体：${size} 项，sha256 ${sha256}`,
    drawn: (size, sha256) => `抽中：${size} 项，sha256 ${sha256}`,
  },
};

/**
 * Repeats the draw of a look-back offline: ids of the drawn findings on standard output, one in a line, by certificate;
 * the hashes of both lists, to be compared with the published ones, on standard error.
 * Returns the exit code: 0 drawn, 2 the list or an option is not usable.
 */
export async function drawCommand(
  file: string,
  options: DrawOptions,
  { print, complain, language }: Pick<Terminal, 'print' | 'complain' | 'language'> = terminal(),
): Promise<number> {
  const words = WORDS[language];
  const plan = planOf(options, words);
  if (typeof plan === 'string') return refuse(plan);
  const list = await readList(file, words);
  if (typeof list === 'string') return refuse(list);
  const text = drawnText(drawSample(list.entries, plan));
  await print(text);
  complain(words.population(list.entries.length, list.sha256));
  complain(words.drawn(text.split('\n').length - 1, createHash('sha256').update(text).digest('hex')));
  return 0;

  function refuse(why: string): number {
    complain(why);
    return 2;
  }
}

/** A text says what is wrong. */
function planOf({ seed, sample, strata = 'none' }: DrawOptions, words: Words): DrawPlan | string {
  const known = LOOK_BACK_STRATA.find((one): one is LookBackStrata => one === strata);
  if (!/^[0-9a-f]{64}$/.test(seed)) return words.seed;
  if (sample !== undefined && !/^[1-9][0-9]{0,8}$/.test(sample)) return words.sample;
  if (known === undefined) return words.strata;
  return { seed, sample: sample === undefined ? null : Number(sample), strata: known };
}

interface PopulationList {
  readonly entries: readonly DrawEntry[];
  /** Of the lines with their ends. */
  readonly sha256: Sha256;
}

async function readList(file: string, words: Words): Promise<PopulationList | string> {
  const entries: DrawEntry[] = [];
  const known = new Set<Sha256>();
  const hash = createHash('sha256');
  try {
    for await (const line of linesOf(file)) {
      const entry = readDrawLine(line);
      if (entry === null) return words.line(file, entries.length + 1);
      if (known.has(entry.certificate)) return words.twice(file, entries.length + 1);
      known.add(entry.certificate);
      entries.push(entry);
      hash.update(`${line}\n`);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return words.unreadable(file, String(error.code));
  }
  return { entries, sha256: hash.digest('hex') };
}
