import type { Fact, ScanRecord } from '@backcheck/core';
import { LineSpool } from '@backcheck/scans';
import { complainOf, openScan, parseScanFile } from './scan-file.ts';
import { type Terminal, terminal } from './terminal.ts';

export interface ReadCommandOptions {
  readonly format?: string | undefined;
}

/** How long a fact stands: always; only if the scan is complete; only if the file is not damaged. */
type Standing = 'always' | 'complete' | 'undamaged';

function standingOf(fact: Fact): Standing {
  if (fact.record === 'coverage' && fact.evidence !== 'E0') return 'complete';
  return fact.record === 'observation' && fact.verdict === 'absent' ? 'undamaged' : 'always';
}

const NONE = { asset: 0, observation: 0, coverage: 0, explanation: 0, warning: 0 };

/** Lines wait here, in temporary files where they are many: only the end of a file shows which of them stand. */
class Waiting {
  private readonly spools: Record<Standing, LineSpool> = {
    always: new LineSpool(),
    undamaged: new LineSpool(),
    complete: new LineSpool(),
  };
  private readonly counts: Record<Standing, Record<Fact['record'], number>> = {
    always: { ...NONE },
    undamaged: { ...NONE },
    complete: { ...NONE },
  };

  add(fact: Fact): void {
    const standing = standingOf(fact);
    this.counts[standing][fact.record] += 1;
    this.spools[standing].add(JSON.stringify(fact));
  }

  /** What an unfinished or damaged file claimed is left out, so that nobody takes it for proof. */
  async print(scan: ScanRecord, to: Terminal): Promise<void> {
    const standing: Standing[] = ['always'];
    if (scan.truncated !== true) standing.push('undamaged');
    if (scan.truncated !== true && scan.complete) standing.push('complete');
    for (const one of standing) for (const block of this.spools[one].bytes()) await to.print(block);
    const total = (record: Fact['record']): number =>
      standing.reduce((sum, one) => sum + this.counts[one][record], 0);
    const [assets, observations] = [total('asset'), total('observation')];
    const [coverage, explanations, warnings] = [total('coverage'), total('explanation'), total('warning')];
    await to.print(
      `${JSON.stringify({ record: 'end', assets, observations, coverage, explanations, warnings })}\n`,
    );
  }

  close(): void {
    for (const spool of Object.values(this.spools)) spool.close();
  }
}

/**
 * `backcheck read FILE[@TIME]`: prints what a file says, as JSON Lines (docs/read-records.schema.json): the scan
 * first, then assets, observations, coverage, explanations and warnings, then a count. Needs no database.
 * Returns the exit code: 0 read (also with warnings), 2 not readable.
 */
export async function readCommand(
  argument: string,
  options: ReadCommandOptions = {},
  to: Terminal = terminal(),
): Promise<number> {
  const file = parseScanFile(argument);
  const waiting = new Waiting();
  try {
    const scan = await readInto(waiting, openScan(file, to.now(), options.format));
    await to.print(`${JSON.stringify(scan)}\n`);
    await waiting.print(scan, to);
    return 0;
  } catch (error) {
    complainOf(file, error, to);
    return 2;
  } finally {
    waiting.close();
  }
}

async function readInto(waiting: Waiting, facts: AsyncGenerator<Fact[], ScanRecord>): Promise<ScanRecord> {
  for (;;) {
    const step = await facts.next();
    if (step.done === true) return step.value;
    for (const fact of step.value) waiting.add(fact);
  }
}
