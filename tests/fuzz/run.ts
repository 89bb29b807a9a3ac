/**
 * `node tests/fuzz/run.ts COUNT SEED FORMAT…` reads COUNT damaged files, made from the project's own fixtures of these
 * formats, and prints one line of JSON. Exit 1 at the first file that does not end in facts or in one clear refusal.
 * `node tests/fuzz/run.ts --case SEED NUMBER FORMAT…` writes one of these files to standard output.
 */
import { readScan, UnreadableScan } from '@backcheck/scans';
import { ownScans } from '../support/shared-corpus.ts';
import { Chance, mutate } from './mutate.ts';

export interface FuzzResult {
  readonly cases: number;
  readonly refused: number;
  readonly warned: number;
  readonly silent: number;
  /** Of the slowest file. */
  readonly slowestMs: number;
  readonly maxRssMb: number;
}

interface Original {
  readonly format: string;
  readonly bytes: Buffer;
}

/** Larger fixtures say nothing more and cost time. */
const LARGEST = 100_000;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function originals(formats: readonly string[]): Promise<Original[]> {
  const all: Original[] = [];
  for (const file of ownScans()) {
    const bytes = file.bytes();
    if (bytes.length > LARGEST) continue;
    const format = await formatOf(bytes);
    if (formats.includes(format)) all.push({ format, bytes });
  }
  return all;
}

async function formatOf(bytes: Buffer): Promise<string> {
  const facts = readScan(once(bytes));
  for (;;) {
    const step = await facts.next();
    if (step.done === true) return step.value.format;
  }
}

/** The file of one number, and how it is read: half are told their format, because a damaged head hides it. */
function caseOf(
  files: readonly Original[],
  seed: number,
  number: number,
): { bytes: Buffer; format: string | undefined } {
  const chance = new Chance(seed * 1_000_003 + number);
  const file = files[number % files.length];
  if (file === undefined) throw new Error('the project has no fixture of these formats');
  const same = files.filter((one) => one.format === file.format);
  const other = same[chance.upTo(same.length)] ?? file;
  const bytes = mutate(file.bytes, other.bytes, chance);
  return { bytes, format: chance.upTo(2) === 0 ? file.format : undefined };
}

type Outcome = 'refused' | 'warned' | 'silent';

async function outcomeOf({ bytes, format }: ReturnType<typeof caseOf>): Promise<Outcome> {
  const assets = new Set<string>();
  let warnings = 0;
  try {
    const facts = readScan(once(bytes), format === undefined ? {} : { format });
    for (;;) {
      const step = await facts.next();
      if (step.done === true) return warnings > 0 ? 'warned' : 'silent';
      for (const fact of step.value) {
        if (fact.record === 'warning') {
          warnings += 1;
          if (fact.message === '') throw new Error(`a warning ${fact.code} without a word`);
        } else if (fact.record === 'asset') assets.add(fact.id);
      }
    }
  } catch (error) {
    if (error instanceof UnreadableScan && /^[^\n]{10,600}$/.test(error.message)) return 'refused';
    throw error;
  }
}

async function run(count: number, seed: number, formats: readonly string[]): Promise<FuzzResult> {
  const files = await originals(formats);
  const outcomes = { refused: 0, warned: 0, silent: 0 };
  let slowestMs = 0;
  for (let number = 0; number < count; number += 1) {
    // Whoever watches sees by the last line which file hangs.
    if (number % 100 === 0) process.stderr.write(`${number}\n`);
    const begin = performance.now();
    try {
      outcomes[await outcomeOf(caseOf(files, seed, number))] += 1;
    } catch (cause) {
      const again = `--case ${seed} ${number} ${formats.join(' ')}`;
      throw new Error(`file ${number} of seed ${seed} (${again}) is not survived`, { cause });
    }
    slowestMs = Math.max(slowestMs, performance.now() - begin);
  }
  const maxRssMb = process.resourceUsage().maxRSS / 1024;
  return { cases: count, ...outcomes, slowestMs: Math.round(slowestMs), maxRssMb: Math.round(maxRssMb) };
}

const [first = '', ...rest] = process.argv.slice(2);
if (first === '--case') {
  const [seed, number, ...formats] = rest;
  const { bytes, format } = caseOf(await originals(formats), Number(seed), Number(number));
  process.stderr.write(`read as ${format ?? 'what it is'}\n`);
  process.stdout.write(bytes);
} else {
  const [seed, ...formats] = rest;
  process.stdout.write(`${JSON.stringify(await run(Number(first), Number(seed), formats))}\n`);
}
