import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { READERS } from '@backcheck/scans';
import { expect, test } from 'vitest';
import type { FuzzResult } from '../fuzz/run.ts';

const RUN = fileURLToPath(new URL('../fuzz/run.ts', import.meta.url));
const COUNT = Number(process.env['BACKCHECK_FUZZ'] ?? 10_000);
/** The same files in each run, so that what fails is what changed; other seeds look for what nobody has met yet. */
const SEED = Number(process.env['BACKCHECK_FUZZ_SEED'] ?? 1);
const HANG_MS = 5000;
const MOST_MB = 300;

/** Ends the process when a hundred files (a few milliseconds each) take as long as one may. */
function fuzz(format: string): Promise<FuzzResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=96', RUN, `${COUNT}`, `${SEED}`, format]);
    let out = '';
    let err = '';
    const hang = setTimeout(() => {
      child.kill('SIGKILL');
    }, HANG_MS * 4);
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      err = (err + data.toString()).slice(-4000);
      hang.refresh();
    });
    child.on('close', (code, signal) => {
      clearTimeout(hang);
      if (code === 0)
        resolve(JSON.parse(out) as FuzzResult); // written by run.ts
      else reject(new Error(`${format}, seed ${SEED}: ended with ${code ?? signal}\n${err}`));
    });
  });
}

test.concurrent.each(READERS.map((reader) => reader.format))(
  'damaged %s files end in facts, a warning or one clear refusal, in bounded time and memory',
  async (format) => {
    const result = await fuzz(format);
    expect(result.cases).toBe(COUNT);
    expect(result.slowestMs).toBeLessThan(HANG_MS);
    expect(result.maxRssMb).toBeLessThan(MOST_MB);
    // Were the files not damaged, or never read, the run would say nothing.
    expect(result.refused + result.warned).toBeGreaterThan(COUNT / 20);
    expect(result.warned + result.silent).toBeGreaterThan(COUNT / 20);
  },
);
