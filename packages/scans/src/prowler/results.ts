import type { CoverageRecord, Fact, Instant } from '@backcheck/core';
import { isOneCluster } from '../cluster-name.ts';
import { DatedVisits } from '../dated-visits.ts';
import { Explanations } from '../explanation.ts';
import type { ScanHead } from '../reader.ts';
import type { ProwlerRow } from './row.ts';

/** Checks by visit and region that are remembered; Prowler has some 1,000 checks, and an account 30 regions. */
const MAX_REMEMBERED = 300_000;

/**
 * What the rows of one file prove (COVERAGE.md section 1, row "Prowler OCSF"). The asset is the account, because a
 * resource that was deleted has no row of its own; the locus is `region#resource`.
 */
export class ProwlerResults {
  readonly #visits = new DatedVisits();
  readonly #explanations = new Explanations();
  readonly #ran = new Map<string, Map<string, Set<string>>>();
  #remembered = 0;
  #unnamed = 0;
  #bad = false;
  #version: string | null = null;
  #startedAt: Instant | null = null;
  #finishedAt: Instant | null = null;

  row(row: ProwlerRow, line: number): Fact[] {
    if (row.check === '' || row.resource === '') {
      this.#bad = true;
      return [{ record: 'warning', code: 'BAD_RECORD', message: BAD, line }];
    }
    this.#noteScan(row);
    const { check, verdict, title, severity, at } = row;
    const unnamed = !isOneCluster(row.account);
    const value = row.account || 'unnamed:prowler';
    const { id, facts } = this.#visits.at([{ kind: 'cloud', value }], at);
    if (unnamed) this.#unnamed += 1;
    else if (verdict !== 'error') this.#remember(id, withoutMark(row.region), `prowler:${check}`);
    if (unnamed && verdict === 'absent') return facts;
    return [
      ...facts,
      {
        record: 'observation',
        asset: id,
        transport: 'none',
        port: 0,
        check: `prowler:${check}`,
        locus: `${withoutMark(row.region)}#${withoutMark(row.resource)}`,
        verdict,
        title,
        severity,
        cve: [],
        cwe: [],
        cvss: [],
        at,
        method: 'local',
      },
      ...(verdict === 'present' ? this.#explanations.of(`prowler:${check}`, () => row.words) : []),
    ];
  }

  /** A resource without a row is gone, if its check had anything to say about others in the same account and region. */
  *silence(): Generator<Fact[]> {
    if (this.#unnamed > 0) {
      const message = `${this.#unnamed} results do not say of which account or cluster: they close nothing`;
      yield [{ record: 'warning', code: 'NO_ACCOUNT', message }];
    }
    if (this.#bad || this.#remembered > MAX_REMEMBERED) return;
    for (const [asset, regions] of this.#ran) {
      yield [...regions].map(([region, checks]) => coverageOf(asset, region, checks));
    }
  }

  head(truncated: boolean): ScanHead {
    return {
      tool: { name: 'prowler', version: this.#version, feed: null },
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      complete: !truncated && !this.#bad,
      truncated,
    };
  }

  #remember(visit: string, region: string, check: string): void {
    if (this.#remembered > MAX_REMEMBERED) return;
    const regions = this.#ran.get(visit) ?? new Map<string, Set<string>>();
    const checks = regions.get(region) ?? new Set();
    if (!checks.has(check)) this.#remembered += 1;
    this.#ran.set(visit, regions.set(region, checks.add(check)));
  }

  #noteScan({ at, version }: ProwlerRow): void {
    this.#version ??= version;
    if (at === null) return;
    if (this.#startedAt === null || at < this.#startedAt) this.#startedAt = at;
    if (this.#finishedAt === null || at > this.#finishedAt) this.#finishedAt = at;
  }
}

const BAD = 'a result without a check or a resource was left out';

/** "#" ends the place in a locus; what was said of "a" holds for "a#b" too. */
function withoutMark(part: string): string {
  return part.replaceAll('#', '%23');
}

function coverageOf(asset: string, region: string, checks: ReadonlySet<string>): CoverageRecord {
  return {
    record: 'coverage',
    asset,
    transport: 'none',
    ports: '0',
    checks: { ids: [...checks] },
    method: 'local',
    evidence: 'E1',
    assumptions: ['A-scope'],
    within: [region],
  };
}
