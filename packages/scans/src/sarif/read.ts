import { hash } from 'node:crypto';
import type { Fact, Instant, ObservationRecord, WarningRecord } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { type JsonElement, walkJson } from '../json.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { LineSpool } from '../line-spool.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { distill, type SarifResult } from './result.ts';
import { SarifRun } from './run.ts';

/**
 * SARIF 2.1.0 (OASIS), any tool. What it can prove and why: COVERAGE.md section 1, row "SARIF 2.1.0".
 * Rules, times and provenance may stand behind the results, so results wait in a spool until the file was read.
 */
export const sarifReader: Reader = {
  format: 'sarif',
  detect: (head) => /^\s*\{/.test(head) && SIGNS.some((sign) => sign.test(head)),
  async *read(bytes) {
    const spool = new LineSpool();
    try {
      const artifacts: string[][] = [];
      const walk = walkJson(bytes, ['runs.*.results', 'runs.*.artifacts']);
      for (;;) {
        const step = await walk.next();
        if (step.done !== true) {
          for (const element of step.value.elements) keep(element, spool, artifacts);
          continue;
        }
        const { document, truncated, warnings } = step.value;
        const runs = runsOf(document, artifacts);
        if (warnings.length > 0) yield [...warnings];
        for (const run of runs) yield run.facts();
        yield otherTools(runs);
        const said = { seen: new Map<string, Set<string>>(), explanations: new Explanations() };
        for (const lines of spool.batches()) yield resultFacts(lines, runs, said);
        return headOf(runs, truncated);
      }
    } finally {
      spool.close();
    }
  },
};

/** The schema is optional, and the version may stand behind the runs; so may everything but the first key of a run. */
const SIGNS = [
  /"\$schema"\s*:\s*"[^"]*sarif/i,
  /"runs"\s*:\s*\[\s*\{\s*"(tool|results|invocations|artifacts|columnKind|automationDetails|originalUriBaseIds)"\s*:/,
  /"version"\s*:\s*"2\.1\.\d+"[\s\S]*"runs"\s*:\s*(\[|null)/,
];

function keep({ keys, value }: JsonElement, spool: LineSpool, artifacts: string[][]): void {
  const run = Number(keys[1]);
  if (keys[2] === 'results') spool.add(JSON.stringify([run, distill(value)]));
  else {
    artifacts[run] ??= [];
    artifacts[run][Number(keys[3])] = textAt(value, 'location', 'uri') ?? '';
  }
}

function runsOf(document: unknown, artifacts: readonly (readonly string[])[]): SarifRun[] {
  const version = textAt(document, 'version');
  if (version !== undefined && !version.startsWith('2.1')) {
    throw new UnreadableScan('UNKNOWN_FORMAT', `the file is SARIF ${version}; only 2.1.0 is read`, 1);
  }
  if (valueAt(document, 'runs') === undefined)
    throw new UnreadableScan('DAMAGED', 'the file has no "runs"', 1);
  return listAt(document, 'runs').map((run, i) => new SarifRun(`a${i + 1}`, run, artifacts[i] ?? []));
}

/** What was said before. */
interface AlreadySaid {
  readonly seen: Map<string, Set<string>>;
  readonly explanations: Explanations;
}

function resultFacts(lines: readonly string[], runs: readonly SarifRun[], said: AlreadySaid): Fact[] {
  return lines.flatMap((line) => {
    const [index, result] = JSON.parse(line) as [number, SarifResult]; // written by `keep`
    const run = runs[index];
    const found = run?.observations(result).filter((one) => isNew(one, said.seen)) ?? [];
    const [first] = found;
    if (first?.verdict !== 'present') return found;
    return [...found, ...said.explanations.of(first.check, () => run?.wordsOf(result) ?? {})];
  });
}

/** Longer places are kept as a digest: results can be a million, and a hostile file's places long. */
const LONG = 200;

/** The same rule at the same place twice is one observation. `seen` holds places by asset, check and verdict. */
function isNew({ asset, check, locus, verdict }: ObservationRecord, seen: Map<string, Set<string>>): boolean {
  const group = `${asset} ${verdict} ${check}`;
  const places = seen.get(group) ?? new Set();
  const place = locus.length > LONG ? hash('sha1', locus, 'base64') : locus;
  if (places.has(place)) return false;
  seen.set(group, places.add(place));
  return true;
}

/** One scan record has one tool: the silence of a second tool in the file is not heard. */
function otherTools(runs: readonly SarifRun[]): WarningRecord[] {
  const others = new Set(runs.map((run) => run.tool).filter((tool) => tool !== runs[0]?.tool));
  if (others.size === 0) return [];
  const message = `the file holds runs of several tools; only ${runs[0]?.tool} can close findings here, not ${[...others].join(', ')}`;
  return [{ record: 'warning', code: 'SEVERAL_TOOLS', message }];
}

function headOf(runs: readonly SarifRun[], truncated: boolean): ScanHead {
  const first = runs[0];
  const times = (list: readonly (Instant | null)[]): Instant[] => list.filter((one) => one !== null).sort();
  return {
    tool: { name: first?.tool ?? 'unnamed-tool', version: first?.version ?? null, feed: null },
    startedAt: times(runs.map((run) => run.startedAt))[0] ?? null,
    finishedAt: times(runs.map((run) => run.finishedAt)).at(-1) ?? null,
    complete: runs.length > 0 && runs.every((run) => run.complete),
    truncated,
  };
}
