import type { AssetRecord, CoverageRecord, Fact, Identifier, Instant, Severity } from '@backcheck/core';
import { Explanations, plainOfHtml } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { portNumber } from '../port-number.ts';
import type { ScanHead } from '../reader.ts';
import { slugOf } from '../slug.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { webLocus } from '../web-locus.ts';
import { webPlace } from '../web-place.ts';

/** Fields of a site, an alert, an instance or an insight under ZAP's own names, the same in XML and JSON. */
export type Fields = Readonly<Record<string, string | undefined>>;

interface Site {
  readonly name: string;
  readonly identifier: Identifier;
  readonly port: number;
  /** An alert was raised here: somebody answered. */
  seen: boolean;
  /** Checks of which the report names some of the places only. */
  readonly sampled: string[];
}

interface Alert {
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
}

interface Instance {
  readonly site: number;
  /** Names the alert; see `addAlert`. */
  readonly alert: string;
  readonly locus: string;
  readonly attacked: boolean;
}

const SEVERITY: readonly Severity[] = ['info', 'low', 'medium', 'high'];

/** Rules whose texts name what they met on one site (a library with its version, directives), and no variant by number. */
const WORDS_OF_ONE_SITE: ReadonlySet<string> = new Set(['zap:10003', 'zap:10055']);

/** Percent of requests or sign-ins that failed (COVERAGE.md section 1, row "ZAP"). */
const MANY_FAILURES = 5;

/**
 * A traditional report, told at its end: CWE ids stand behind the instances of an alert, insights anywhere.
 * Silence is worth E1 at most: no report names the rules that ran and the addresses that were visited.
 */
export class ZapReport {
  version: string | null = null;
  /** When the report was written, not when the scan began: the latest moment of a presence, of no absence. */
  writtenAt: Instant | null = null;
  /** ZAP broke the scan off by itself, for instance after too many failures. */
  stopped = false;
  readonly #sites = new Map<number, Site>();
  readonly #alerts = new Map<string, Alert>();
  readonly #explanations = new Explanations();
  readonly #instances = new HeldRows<Instance>();
  readonly #answered = new Set<string>();
  readonly #failing = new Set<string>();
  #insights = false;
  #bad: { line: number | undefined; count: number } = { line: undefined, count: 0 };

  addSite(index: number, fields: Fields, line?: number): void {
    const place = webPlace(fields['name']);
    const identifier = hostIdentifier((fields['host'] ?? '').replace(/^\[|\]$/g, '')) ?? place?.identifier;
    const port = portNumber(fields['port']) ?? place?.port;
    if (identifier === undefined || port === undefined) return this.#noteBad(line);
    this.#sites.set(index, { name: fields['name'] ?? '', identifier, port, seen: false, sampled: [] });
  }

  /** `alert` is any name that is one alert's own in this file. */
  addInstance(site: number, alert: string, fields: Fields): void {
    const locus = webLocus(fields['uri'] ?? '', fields['method'], fields['param']);
    this.#instances.add({ site, alert, locus, attacked: (fields['attack'] ?? '').trim() !== '' });
  }

  /** Gives what explains the check. */
  addAlert(site: number, alert: string, fields: Fields, line?: number): Fact[] {
    const title = (fields['name'] || fields['alert'] || '').trim();
    const id = nativeId(fields, title);
    const here = this.#sites.get(site);
    if (id === undefined) {
      this.#noteBad(line);
      return [];
    }
    const check = `zap:${id}`;
    if (fields['systemic'] === 'true') here?.sampled.push(check);
    this.#alerts.set(alert, {
      check,
      title,
      severity: SEVERITY[Number(fields['riskcode'])] ?? 'info',
      cve: cveIds(title, fields['reference'], fields['tags']),
      cwe: cweIds(fields['cweid']),
    });
    if (WORDS_OF_ONE_SITE.has(check)) return [];
    return this.#explanations.of(check, () => ({
      description: plainOfHtml(fields['desc'] ?? ''),
      advice: plainOfHtml(fields['solution'] ?? ''),
    }));
  }

  addInsight(fields: Fields): void {
    const { key = '', site = '', statistic = '' } = fields;
    this.#insights = true;
    // Endpoints are counted also where nobody answered; only answers have a status code.
    if (key.startsWith('insight.code.')) this.#answered.add(site);
    const failures = /^insight\.(network|auth)\.failure$/.test(key) ? Number.parseFloat(statistic) : 0;
    if (failures >= MANY_FAILURES) this.#failing.add(site);
  }

  *facts(truncated: boolean): Generator<Fact[]> {
    for (const instances of this.#instances.batches()) {
      yield instances.flatMap((instance) => this.#observation(instance));
    }
    for (const [index, site] of this.#sites) yield this.#siteFacts(`a${index + 1}`, site, truncated);
    if (this.#bad.count > 0) {
      const message = `${this.#bad.count} sites or alerts without a usable address or id were left out`;
      const line = this.#bad.line === undefined ? {} : { line: this.#bad.line };
      yield [{ record: 'warning', code: 'BAD_RECORD', message, ...line }];
    }
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'zap', version: this.version, feed: null };
    const complete = !truncated && !this.stopped && this.#bad.count === 0;
    return { tool, startedAt: null, finishedAt: null, complete, truncated };
  }

  close(): void {
    this.#instances.close();
  }

  #noteBad(line: number | undefined): void {
    this.#bad = { line: this.#bad.line ?? line, count: this.#bad.count + 1 };
  }

  #observation(instance: Instance): Fact[] {
    const site = this.#sites.get(instance.site);
    const alert = this.#alerts.get(instance.alert);
    if (site === undefined || alert === undefined) return [];
    site.seen = true;
    const found = { record: 'observation', asset: `a${instance.site + 1}`, transport: 'tcp' } as const;
    const { locus, attacked } = instance;
    const rest = { locus, verdict: 'present', cvss: [], at: this.writtenAt } as const;
    return [{ ...found, port: site.port, ...alert, ...rest, ...(attacked ? { method: 'active' } : {}) }];
  }

  #siteFacts(id: string, site: Site, truncated: boolean): Fact[] {
    const reached = site.seen || this.#answered.has(site.name);
    const asset: AssetRecord = {
      record: 'asset',
      id,
      identifiers: [site.identifier],
      reached,
      startedAt: null,
      finishedAt: null,
      credential: 'none',
      // Without insights a site without alerts may be a clean one or one that never answered.
      ...(reached ? {} : { reason: this.#insights ? 'NO_HOST' : 'CHECK_NOT_RUN' }),
    };
    return reached && !truncated ? [asset, ...this.#coverage(id, site)] : [asset];
  }

  #coverage(asset: string, site: Site): CoverageRecord[] {
    const claim = {
      record: 'coverage',
      asset,
      transport: 'tcp',
      ports: `${site.port}`,
      method: 'active',
    } as const;
    const none = { ...claim, evidence: 'E0', assumptions: [] } as const;
    if (this.#failing.has(site.name) || this.#failing.has('')) {
      return [{ ...none, checks: { all: true }, reason: 'BLOCKED' }];
    }
    const assumptions = ['A-policy', 'A-crawl', ...(this.#insights ? [] : ['A-answered'])];
    const whole: CoverageRecord = { ...claim, checks: { all: true }, evidence: 'E1', assumptions };
    if (site.sampled.length === 0) return [whole];
    return [whole, { ...none, checks: { ids: [...new Set(site.sampled)] }, reason: 'FILTERED_REPORT' }];
  }
}

/** "10055-4", since ZAP 2.10; before that "10055". Alerts raised by hand or by a script have -1: their name must do. */
function nativeId(fields: Fields, title: string): string | undefined {
  const id = (fields['alertRef'] || fields['pluginid'] || '').trim();
  if (/^\d{1,9}(?:-\d{1,5})?$/.test(id)) return id;
  const name = slugOf(title);
  return name === '' ? undefined : `alert-${name}`;
}
