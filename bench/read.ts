import { execFileSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { READERS, readScan } from '@backcheck/scans';
import { SaxesParser } from 'saxes';
import { GENERATORS, type Sample } from './samples/scans.ts';

/**
 * Reads generated scan files of 200 MB, and a .nessus of 1 GB, and prints how fast that is against a bare tokenizer
 * over the same file in the same run: saxes without handlers for XML, JSON.parse for JSON. Each reading is a process
 * of its own, so that its memory is seen. The best of three of each counts: other work on the machine only slows.
 * BENCH_MB sets another size.
 */
const SELF = fileURLToPath(import.meta.url);
const MB = 1024 * 1024;
const SIZE = Number(process.env['BENCH_MB'] ?? 200) * MB;

interface Reading {
  readonly seconds: number;
  readonly rssMb: number;
  readonly records: number;
}

/** Tokens only, nothing kept. */
async function bareXml(path: string): Promise<number> {
  const parser = new SaxesParser();
  let elements = 0;
  parser.on('opentag', () => {
    elements += 1;
  });
  for await (const piece of createReadStream(path, { encoding: 'utf8' })) parser.write(piece as string);
  parser.close();
  return elements;
}

/** V8's own parser over the whole text: nothing in JavaScript is faster, and it needs the file in memory. */
async function bareJson(path: string): Promise<number> {
  return Object.keys(JSON.parse(readFileSync(path, 'utf8')) as object).length;
}

async function bareJsonLines(path: string): Promise<number> {
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    JSON.parse(line);
    lines += 1;
  }
  return lines;
}

const BARE = { xml: bareXml, json: bareJson, 'json-lines': bareJsonLines } as const;

async function ours(path: string): Promise<number> {
  let observations = 0;
  const facts = readScan(createReadStream(path));
  for (;;) {
    const step = await facts.next();
    if (step.done === true) {
      if (!step.value.complete) throw new Error('the generated file was not read as complete');
      return observations;
    }
    for (const fact of step.value) {
      if (fact.record === 'observation') observations += 1;
      else if (fact.record === 'warning') throw new Error(`warning ${fact.code}: ${fact.message}`);
    }
  }
}

async function measure(how: string, shape: keyof typeof BARE, path: string): Promise<Reading> {
  const begin = performance.now();
  const records = how === 'bare' ? await BARE[shape](path) : await ours(path);
  const seconds = (performance.now() - begin) / 1000;
  return { seconds, records, rssMb: process.resourceUsage().maxRSS / 1024 };
}

function write(sample: Sample, path: string, size: number): void {
  const file = openSync(path, 'w');
  try {
    let written = writeSync(file, sample.head);
    for (let index = 0; written < size; index += 1) written += writeSync(file, sample.chunk(index));
    writeSync(file, sample.tail);
  } finally {
    closeSync(file);
  }
}

function inOwnProcess(how: string, { shape }: Sample, path: string): Reading {
  return JSON.parse(
    execFileSync(process.execPath, [SELF, how, shape, path], { encoding: 'utf8' }),
  ) as Reading;
}

function compare(sample: Sample, size: number, folder: string): void {
  const path = join(folder, 'scan');
  write(sample, path, size);
  const megabytes = statSync(path).size / MB;
  const rounds = [1, 2, 3].map(() => ({
    bare: inOwnProcess('bare', sample, path),
    own: inOwnProcess('ours', sample, path),
  }));
  const best = (pick: (round: (typeof rounds)[number]) => number): number => Math.min(...rounds.map(pick));
  const bare = best(({ bare }) => bare.seconds);
  const own = best((round) => round.own.seconds);
  const rss = Math.max(...rounds.map((round) => round.own.rssMb));
  const records = rounds[0]?.own.records ?? 0;
  process.stdout.write(
    `${sample.format.padEnd(8)} ${megabytes.toFixed(0).padStart(5)} MB  ${records} observations in ${own.toFixed(1)} s, ` +
      `${(megabytes / own).toFixed(0)} MB/s; bare ${bare.toFixed(1)} s; ratio ${(bare / own).toFixed(2)}; most memory ${rss.toFixed(0)} MB\n`,
  );
}

const [how = '', shape = '', path = ''] = process.argv.slice(2);
if (how === 'bare' || how === 'ours') {
  process.stdout.write(JSON.stringify(await measure(how, shape as keyof typeof BARE, path)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-bench-'));
  try {
    const known: readonly string[] = READERS.map((reader) => reader.format);
    const samples = GENERATORS.filter(
      ({ format }) => known.includes(format) && (shape === '' || shape === format),
    );
    for (const sample of samples) compare(sample, SIZE, folder);
    const nessus = samples.find(({ format }) => format === 'nessus');
    if (nessus !== undefined) compare(nessus, SIZE * 5, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
