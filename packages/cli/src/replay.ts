import {
  foldWorld,
  type ImportedScan,
  type Instant,
  profileObstacle,
  type State,
  type WorldFinding,
  withProfile,
} from '@backcheck/core';
import { collectScan } from '@backcheck/scans';
import { readProfile } from './read-profile.ts';
import { findingsTable } from './replay-table.ts';
import { complainOf, openScan, parseScanFile } from './scan-file.ts';
import { type Terminal, terminal } from './terminal.ts';

export interface ReplayOptions {
  /** JSON Lines (docs/replay-records.schema.json) instead of a table. */
  readonly json?: boolean | undefined;
  readonly format?: string | undefined;
  /** A scan profile (docs/profiles.md). Whoever names it here vouches that the scans of its tool were run by it. */
  readonly profile?: string | undefined;
}

/**
 * `backcheck replay FILE[@TIME]…`: folds the files as one world, in memory; their order never matters.
 * Returns the exit code: 0, or 2 when a file is not readable or is given with two different times.
 */
export async function replayCommand(
  files: readonly string[],
  options: ReplayOptions = {},
  to: Terminal = terminal(),
): Promise<number> {
  const now = to.now();
  const profile = options.profile === undefined ? null : await readProfile(options.profile, to);
  if (profile === undefined) return 2;
  const scans = new Map<string, ImportedScan>();
  for (const argument of files) {
    const file = parseScanFile(argument);
    const scan = await imported(argument, options.format, now, to);
    if (scan === null) return 2;
    const twin = scans.get(scan.scan.sha256);
    if (twin !== undefined && twin.scan.startedAt !== scan.scan.startedAt) {
      to.complain(`${file.path}: ${TWO_TIMES[to.language]}`);
      return 2;
    }
    const fits = profile !== null && profileObstacle(profile, scan.scan) === null;
    scans.set(scan.scan.sha256, fits ? withProfile(scan, profile) : scan);
  }
  const findings = foldWorld([...scans.values()]);
  const end = { record: 'end', scans: scans.size, findings: findings.length, ...countStates(findings) };
  if (options.json === true) {
    for (const finding of findings) await to.print(`${JSON.stringify(findingRecord(finding))}\n`);
    await to.print(`${JSON.stringify(end)}\n`);
  } else await to.print(findingsTable(findings, end, to.language));
  return 0;
}

const TWO_TIMES = {
  en: 'the same file is given with two different times',
  zh: '同一文件以不同的时间给出了两次',
} as const;

/** On the command line one person vouches for files and times, and all scans count as seen from one place. */
async function imported(
  argument: string,
  format: string | undefined,
  now: Instant,
  to: Terminal,
): Promise<ImportedScan | null> {
  const file = parseScanFile(argument);
  try {
    const facts = await collectScan(openScan(file, now, format));
    const declaredBy = facts.scan.timeSource === 'declared' ? 'coordinator' : null;
    return {
      ...facts,
      importedAt: now,
      vantage: 'main',
      submittedBy: 'coordinator',
      declaredBy,
      quarantined: false,
    };
  } catch (error) {
    complainOf(file, error, to);
    return null;
  }
}

/** One line of the output; the key order is that of DESIGN section 7. */
function findingRecord({ key, identifiers, state, reason, reasonScan, need, closing }: WorldFinding) {
  return {
    record: 'finding',
    asset: identifiers,
    transport: key.transport,
    port: key.port,
    check: key.check,
    locus: key.locus,
    state,
    reason,
    reasonScan,
    firstSeen: need.first,
    lastSeen: need.last,
    proof: closing === null ? null : { scan: closing.scan, evidence: closing.evidence, at: closing.at },
  };
}

export type StateCounts = Record<State, number>;

function countStates(findings: readonly WorldFinding[]): StateCounts {
  const order: readonly State[] = ['open', 'verified-fixed', 'regressed', 'fixed-unverified'];
  const counts = order.map((state) => [state, findings.filter((one) => one.state === state).length] as const);
  return Object.fromEntries(counts) as StateCounts; // one entry for each state, as `order` names them all
}
