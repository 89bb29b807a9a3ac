/** `node tests/fuzz/long-line.ts NAME` reads a fixture with a hundred megabytes of "x" in its middle and prints what came of it. */
import { readScan, UnreadableScan } from '@backcheck/scans';
import { ownScans } from '../support/shared-corpus.ts';

const BLOCK = Buffer.alloc(1024 * 1024, 0x78);

async function* withLongLine(file: Buffer): AsyncGenerator<Uint8Array> {
  const middle = Math.floor(file.length / 2);
  yield file.subarray(0, middle);
  for (let megabytes = 0; megabytes < 100; megabytes += 1) yield BLOCK;
  yield file.subarray(middle);
}

async function outcomeOf(file: Buffer): Promise<string> {
  const warnings: string[] = [];
  try {
    const facts = readScan(withLongLine(file));
    for (;;) {
      const step = await facts.next();
      if (step.done === true) return warnings.length === 0 ? 'silent' : `warned: ${warnings[0]}`;
      for (const fact of step.value) if (fact.record === 'warning') warnings.push(fact.message);
    }
  } catch (error) {
    if (error instanceof UnreadableScan) return `refused: ${error.message}`;
    throw error;
  }
}

const [name] = process.argv.slice(2);
const file = ownScans().find((one) => one.name === name);
if (file === undefined) throw new Error(`no fixture ${name}`);
const outcome = await outcomeOf(file.bytes());
process.stdout.write(JSON.stringify({ outcome, rssMb: process.resourceUsage().maxRSS / 1024 }));
