import type { AssetRecord, Fact, Instant, ObservationRecord, Severity } from '@backcheck/core';
import { SEVERITIES } from '@backcheck/core';
import type { Row, Target } from './row.ts';
import { titleOf } from './titles.ts';
import {
  needsNoCipher,
  type RowVerdict,
  refusalsBehind,
  rowVerdict,
  tellsOfLocalLook,
  witnessed,
} from './witness.ts';

/** More checks than testssl has, times ten. */
const MAX_CHECKS = 5_000;

/** Rows about the run and not about the server. */
const ABOUT_THE_RUN = new Set([
  'engine_problem',
  'old_fart',
  'too_old_openssl',
  'scanTime',
  'service',
  'optimal_proto',
  'scanProblem',
]);

/** A server that offers none of them stopped answering; a real one speaks at least one. */
const PROTOCOLS = ['SSLv2', 'SSLv3', 'TLS1', 'TLS1_1', 'TLS1_2', 'TLS1_3'];

/** Of two rows of one check (two certificates) the worse counts; one that says nothing spoils a good one. */
const RANK: readonly RowVerdict[] = ['absent', 'none', 'error', 'present'];

interface CheckSaid {
  readonly verdict: RowVerdict;
  readonly row: Row;
}

/** Gathers the rows of one target: one name, address and port. */
export class TargetRows {
  readonly target: Target;
  readonly #checks = new Map<string, CheckSaid>();
  #fatal = false;
  #notTls = false;
  #localLook: boolean;
  readonly #refused = new Set<string>();

  /** `localLook`: known from elsewhere than the rows to be the look of the local OpenSSL (`tellsOfLocalLook`). */
  constructor(target: Target, localLook: boolean) {
    this.target = target;
    this.#localLook = localLook;
  }

  add(row: Row): void {
    if (row.severity === 'FATAL') this.#fatal = true;
    if (row.id === 'optimal_proto' && row.severity === 'WARN') {
      this.#notTls ||= /doesn't seem to be a TLS|cannot connect to/.test(row.finding);
    }
    if (ABOUT_THE_RUN.has(row.id)) return;
    this.#localLook ||= tellsOfLocalLook(row);
    if (PROTOCOLS.includes(row.id) && /^(?:likely )?not offered/.test(row.finding)) this.#refused.add(row.id);
    const verdict = rowVerdict(row);
    this.#say(row.id, { verdict, row });
    if (verdict !== 'absent') return;
    for (const id of witnessed(row.id)) this.#say(id, { verdict, row: { ...row, id } });
  }

  #say(id: string, said: CheckSaid): void {
    const known = this.#checks.get(id);
    if (known === undefined && this.#checks.size >= MAX_CHECKS) return;
    if (known === undefined || worse(said, known)) this.#checks.set(id, said);
  }

  /** An absence counts with what it rests on: the server's own refusals in the rows of this target. */
  #grounded(id: string, { verdict, row }: CheckSaid): RowVerdict {
    if (verdict !== 'absent') return verdict;
    if (this.#localLook && !needsNoCipher(id)) return 'error';
    return refusalsBehind(row.finding).every((protocol) => this.#refuses(protocol)) ? verdict : 'error';
  }

  #refuses(protocol: string): boolean {
    return /^not offered/.test(this.#checks.get(protocol)?.row.finding ?? '');
  }

  /** The asset; nothing of it was reached when there is only the report of a fault. */
  asset(id: string, startedAt: Instant | null, finishedAt: Instant | null): AssetRecord {
    const { identifiers } = this.target;
    const asset = { record: 'asset', id, identifiers, startedAt, finishedAt, credential: 'none' } as const;
    const reached = !this.#fatal || this.#checks.size > 0;
    return reached ? { ...asset, reached } : { ...asset, reached, reason: 'NO_HOST' };
  }

  /**
   * One observation for each check that has a verdict. There is no coverage by silence: testssl leaves out
   * rows when it is interrupted, restricted (`-U`) or not answered.
   */
  facts(asset: string, port: number): Fact[] {
    const broken = this.#fatal || this.#notTls || this.#refused.size === PROTOCOLS.length;
    const facts: Fact[] = [];
    for (const [id, said] of this.#checks) {
      const { row } = said;
      const verdict = this.#grounded(id, said);
      // A server that went away in the middle refuses everything: its "not offered" is no verdict.
      if (verdict === 'none' || (broken && verdict !== 'present')) continue;
      facts.push({ ...observation(id, row, verdict), asset, transport: 'tcp', port });
    }
    const reached = !this.#fatal || this.#checks.size > 0;
    return broken && reached ? [...facts, noAnswer(asset, port, this.#notTls)] : facts;
  }
}

function worse(a: CheckSaid, b: CheckSaid): boolean {
  const byVerdict = RANK.indexOf(a.verdict) - RANK.indexOf(b.verdict);
  return byVerdict !== 0 ? byVerdict > 0 : severityRank(a.row) > severityRank(b.row);
}

function severityOf(row: Row): Severity {
  return SEVERITIES.find((one) => one.toUpperCase() === row.severity) ?? 'info';
}

function severityRank(row: Row): number {
  return SEVERITIES.indexOf(severityOf(row));
}

function observation(
  id: string,
  row: Row,
  verdict: Exclude<RowVerdict, 'none'>,
): Omit<ObservationRecord, 'asset' | 'transport' | 'port'> {
  const severity = verdict === 'present' ? severityOf(row) : 'info';
  const title = titleOf(id, row.finding);
  const { cve, cwe } = row;
  return {
    record: 'observation',
    check: `testssl:${id}`,
    locus: '',
    verdict,
    title,
    severity,
    cve,
    cwe,
    cvss: [],
    at: null,
  };
}

function noAnswer(asset: string, port: number, notTls: boolean): Fact {
  const reason = notTls ? 'CHECK_NOT_RUN' : 'INCOMPLETE';
  const checks = { all: true } as const;
  const claim = {
    record: 'coverage',
    asset,
    transport: 'tcp',
    ports: String(port),
    checks,
    method: 'remote',
  } as const;
  return { ...claim, evidence: 'E0', assumptions: [], reason };
}
