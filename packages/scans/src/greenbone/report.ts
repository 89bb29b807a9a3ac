import type { Fact, Instant } from '@backcheck/core';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { oldestVersion } from '../oldest-version.ts';
import type { ScanHead } from '../reader.ts';
import { cveIds } from '../weakness-ids.ts';
import { parseFilter } from './filter.ts';
import { HostVisit } from './host-visit.ts';
import { presenceOf, type ResultTexts, wordsOf } from './result.ts';

/** Waits for the hosts, the status and the end of the scan, which stand behind the results. */
type HeldRow =
  | { readonly kind: 'fact'; readonly fact: Fact }
  | {
      readonly kind: 'closed';
      readonly asset: string;
      readonly oid: string;
      readonly title: string;
      readonly cve: string[];
    };

/** A `<detail>` of a `<host>`. */
export interface HostDetail {
  name: string;
  value: string;
  oid: string;
  title: string;
}

/** All that a file of Greenbone says, put together (COVERAGE.md section 1, row "Greenbone/OpenVAS XML"). */
export class Report {
  status = '';
  progress = '';
  filter = '';
  unpaged = false;
  scanStart: Instant | null = null;
  scanEnd: Instant | null = null;
  /** How many scans the file holds. What one says of its end says nothing of the others. */
  scans = 0;
  readonly explanations = new Explanations();
  readonly #visits = new Map<string, HostVisit>();
  readonly #held = new HeldRows<HeldRow>();
  #sound = true;

  /** `address` is what was scanned; null where that is no address or name. */
  visit(address: string, name = ''): HostVisit | null {
    const identifier = hostIdentifier(address);
    if (identifier === undefined) return null;
    const visit =
      this.#visits.get(identifier.value) ?? new HostVisit(`a${this.#visits.size + 1}`, identifier);
    this.#visits.set(identifier.value, visit);
    if (name !== '') visit.called(name);
    return visit;
  }

  /** Gives what explains the test, or a warning where it is no record. */
  result(result: ResultTexts): Fact[] {
    const visit = this.visit(result.get('result/host'), result.get('host/hostname'));
    const presence = visit === null ? null : presenceOf(result, visit.id);
    if (visit !== null && presence !== null) {
      if (presence.at !== null && presence.at > (visit.seenAt ?? '')) visit.seenAt = presence.at;
      this.#held.add({ kind: 'fact', fact: presence });
      return this.explanations.of(presence.check, () => wordsOf(result));
    }
    if (visit === null) this.#sound = false;
    else visit.damaged = true;
    const message = 'a result without a usable host, port or test was left out';
    return [{ record: 'warning', code: 'BAD_RECORD', message, line: result.line }];
  }

  /** A test that failed takes its own answer away, on whatever port it was at work; an error without a test all of them. */
  error(error: ResultTexts): void {
    const visit = this.visit(error.get('error/host'), error.get('host/hostname'));
    if (visit === null) this.#sound = false;
    else if (!/^[\w.-]{3,}$/.test(error.oid)) visit.damaged = true;
    else {
      const reason = /time[d -]*out/i.test(error.get('error/description')) ? 'TIMEOUT' : 'CHECK_NOT_RUN';
      const claim = {
        record: 'coverage',
        asset: visit.id,
        checks: { ids: [`greenbone:${error.oid}`] },
        method: 'remote',
        evidence: 'E0',
        assumptions: [],
        reason,
      } as const;
      this.#held.add({ kind: 'fact', fact: { ...claim, transport: 'none', ports: '0' } });
      this.#held.add({ kind: 'fact', fact: { ...claim, transport: 'tcp', ports: '1-65535' } });
      this.#held.add({ kind: 'fact', fact: { ...claim, transport: 'udp', ports: '1-65535' } });
    }
  }

  /** "Closed CVE": gvmd's word for a local security check that ran and found nothing (EXIT_NOTVULN). */
  detail(visit: HostVisit, { name, value, oid, title }: HostDetail): void {
    if (name !== 'Closed CVE') visit.detail(name, value);
    else if (/^[\d.]{3,}$/.test(oid))
      this.#held.add({ kind: 'closed', asset: visit.id, oid, title, cve: cveIds(value) });
  }

  *facts(truncated: boolean): Generator<Fact[]> {
    const whole = this.#complete(truncated);
    const { hides, minQod } = parseFilter(this.filter);
    const assumptions = [
      'A-config',
      ...(hides === 'nothing' ? [] : ['A-filter']),
      ...(minQod === 0 ? [] : ['A-qod']),
    ];
    const gap = !whole || !this.unpaged ? 'INCOMPLETE' : hides === 'findings' ? 'FILTERED_REPORT' : null;
    const times = { start: this.scanStart, end: this.scanEnd };
    const finished = new Set<string>();
    for (const visit of this.#visits.values()) {
      const answers = gap === null && visit.finished;
      if (answers) finished.add(visit.id);
      yield [visit.asset(gap, times), ...(answers ? visit.claims(assumptions) : [])];
    }
    const explicit = (asset: string): boolean => hides === 'nothing' && minQod === 0 && finished.has(asset);
    for (const rows of this.#held.batches()) {
      yield rows.flatMap((row) =>
        row.kind === 'fact' ? [row.fact] : explicit(row.asset) ? [closed(row)] : [],
      );
    }
  }

  head(truncated: boolean): ScanHead {
    const visits = [...this.#visits.values()];
    return {
      tool: {
        name: 'greenbone',
        version: oldestVersion(visits.map((one) => one.scanner)),
        feed: oldestVersion(visits.map((one) => one.feed)),
      },
      startedAt: this.scanStart,
      finishedAt: this.scanEnd,
      complete: this.#complete(truncated),
      truncated,
    };
  }

  close(): void {
    this.#held.close();
  }

  #complete(truncated: boolean): boolean {
    const done = this.status === 'Done' && /^(?:100(?:\.0+)?|-1)$/.test(this.progress);
    return done && this.scanEnd !== null && this.scans === 1 && this.#sound && !truncated;
  }
}

function closed({ asset, oid, title, cve }: Extract<HeldRow, { kind: 'closed' }>): Fact {
  return {
    record: 'observation',
    asset,
    transport: 'none',
    port: 0,
    check: `greenbone:${oid}`,
    locus: '',
    verdict: 'absent',
    title,
    severity: 'info',
    cve,
    cwe: [],
    cvss: [],
    at: null,
    method: 'local',
  };
}
