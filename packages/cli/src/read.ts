import type { Fact, ScanRecord } from '@backcheck/core';
import { LineSpool } from '@backcheck/scans';
import { complainOf, openScan, parseScanFile } from './scan-file.ts';
import { type Terminal, terminal } from './terminal.ts';

export interface ReadCommandOptions {
  readonly format?: string | undefined;
}

/**
 * `backcheck read FILE[@TIME]`: prints what a file says, as JSON Lines (docs/read-records.schema.json): the scan,
 * then assets, coverage, observations and warnings, then a count. Needs no database.
 * Returns the exit code: 0 read (also with warnings), 2 not readable.
 */
export async function readCommand(
  argument: string,
  options: ReadCommandOptions = {},
  to: Terminal = terminal(),
): Promise<number> {
  const file = parseScanFile(argument);
  // The scan record comes first and is known last; the rest waits, in a temporary file where it is long.
  const spool = new LineSpool();
  try {
    const counts = { asset: 0, observation: 0, coverage: 0, warning: 0 };
    const scan = await readInto(spool, counts, openScan(file, to.now(), options.format));
    await to.print(`${JSON.stringify(scan)}\n`);
    for (const block of spool.bytes()) await to.print(block);
    const { asset: assets, observation: observations, coverage, warning: warnings } = counts;
    await to.print(`${JSON.stringify({ record: 'end', assets, observations, coverage, warnings })}\n`);
    return 0;
  } catch (error) {
    complainOf(file, error, to);
    return 2;
  } finally {
    spool.close();
  }
}

async function readInto(
  spool: LineSpool,
  counts: Record<Fact['record'], number>,
  facts: AsyncGenerator<Fact[], ScanRecord>,
): Promise<ScanRecord> {
  for (;;) {
    const step = await facts.next();
    if (step.done === true) return step.value;
    for (const fact of step.value) {
      counts[fact.record] += 1;
      spool.add(JSON.stringify(fact));
    }
  }
}
