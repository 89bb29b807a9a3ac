import type {
  AssetRecord,
  Fact,
  Identifier,
  Instant,
  ObservationRecord,
  Severity,
  WarningRecord,
} from '@backcheck/core';
import { DatedVisits } from '../dated-visits.ts';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import type { ScanHead } from '../reader.ts';
import { slugOf } from '../slug.ts';
import { cveIds } from '../weakness-ids.ts';
import { webLocus } from '../web-locus.ts';
import { type WebPlace, webPlace } from '../web-place.ts';

/** One finding as Wapiti writes it, under its class ("Cross Site Scripting"). */
interface Entry {
  readonly category: string;
  readonly method: string;
  readonly path: string;
  /** "0" to "4". */
  readonly level: string;
  readonly parameter: string;
  readonly info: string;
  /** `curl "https://…"`: the only place where the name and port stand that were asked. */
  readonly curl: string;
}

export type EntryFields = { readonly [K in keyof Entry]: string | undefined };

/** What stands about the run as a whole. */
export interface RunInfo {
  readonly target: string | undefined;
  readonly version: string | undefined;
  /** RFC 5322, when the attacks began: the crawl is over, the report is not yet written. */
  readonly date: string | undefined;
  readonly loggedIn: boolean;
  /** Undefined before Wapiti 3.1. */
  readonly pages: number | undefined;
}

/** What is said of a class. */
export interface ClassWords {
  readonly cwe: readonly string[];
  readonly description: string | undefined;
  readonly solution: string | undefined;
}

const SEVERITY: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** Told at its end: in JSON the target stands behind everything, in XML the classes' references before their entries. */
export class WapitiReport {
  readonly #entries = new HeldRows<Entry>();
  /** Addresses that the crawler was given a page for. */
  readonly #pages = new HeldRows<string>();
  readonly #cwe = new Map<string, readonly string[]>();
  readonly #explanations = new Explanations();
  #crawled = false;
  #bad: WarningRecord | undefined;

  addEntry(fields: EntryFields, line: number): void {
    const { category = '', method = '', path, level = '', parameter = '', info = '', curl = '' } = fields;
    if (path !== undefined && category !== '') {
      this.#entries.add({ category, method, path, level, parameter, info, curl });
      return;
    }
    const message = 'entries without a path were left out; the first of them stands here';
    this.#bad ??= { record: 'warning', code: 'BAD_RECORD', message, line };
  }

  /** A page that was refused or in fault was not examined: errors and redirections to a login are no silence. */
  addPage(url: string, status: number | undefined): void {
    if (status === undefined || status < 200 || status > 299) return;
    this.#crawled = true;
    this.#pages.add(url);
  }

  /** Gives what explains the class. */
  addClass(category: string, { cwe, description = '', solution = '' }: ClassWords): Fact[] {
    if (cwe.length > 0) this.#cwe.set(category, cwe);
    return this.#explanations.of(checkOf(category), () => ({ description, advice: solution }));
  }

  *facts(run: RunInfo, truncated: boolean): Generator<Fact[]> {
    const visits = new Visits(run, this.#crawled);
    const target = webPlace(run.target);
    for (const entries of this.#entries.batches()) {
      yield entries.flatMap((entry) => {
        const place = webPlace(/^curl "([^"]+)"/.exec(entry.curl)?.[1]) ?? target;
        if (place === undefined) return [];
        const { id, facts } = visits.at(place.identifier);
        return [...facts, this.#observation(entry, id, place.port)];
      });
    }
    if (!truncated && !/\b3\.0\./.test(run.version ?? '')) yield* this.#coverage(visits);
    if (target !== undefined) yield visits.unseen(target.identifier);
    if (this.#bad !== undefined) yield [this.#bad];
  }

  head(run: RunInfo, truncated: boolean): ScanHead {
    const version = /\d[\w.-]{0,30}/.exec(run.version ?? '')?.[0] ?? null;
    const tool = { name: 'wapiti', version, feed: null };
    const complete = !truncated && this.#bad === undefined && webPlace(run.target) !== undefined;
    return { tool, startedAt: instantOf(run.date), finishedAt: null, complete, truncated };
  }

  close(): void {
    this.#entries.close();
    this.#pages.close();
  }

  #observation(entry: Entry, asset: string, port: number): ObservationRecord {
    const { category, parameter, info, path, method } = entry;
    const check = checkOf(category);
    // The name and password that were guessed are nobody's business here.
    const guessed = check === 'wapiti:weak-credentials';
    return {
      record: 'observation',
      asset,
      transport: 'tcp',
      port,
      check,
      locus: webLocus(path, method, guessed ? '' : parameter || subjectOf(info)),
      verdict: 'present',
      title: guessed || info === '' ? category : `${category}: ${info}`,
      severity: SEVERITY[Number(entry.level || 'none')] ?? 'info',
      cve: cveIds(category, info),
      cwe: this.#cwe.get(category) ?? [],
      cvss: [],
      at: null,
      ...(parameter === '' ? {} : { method: 'active' }),
    };
  }

  /** Which modules ran stands nowhere, nor whether one was skipped or timed out: E1. */
  *#coverage(visits: Visits): Generator<Fact[]> {
    for (const pages of this.#pages.batches()) {
      const services = new Map<string, { place: WebPlace; paths: Set<string> }>();
      for (const place of pages.map(webPlace)) {
        if (place === undefined) continue;
        const name = `${place.identifier.value} ${place.port}`;
        const service = services.get(name) ?? { place, paths: new Set() };
        services.set(name, service);
        service.paths.add(webLocus(place.path));
      }
      yield [...services.values()].flatMap(({ place, paths }): Fact[] => {
        const { id, facts } = visits.at(place.identifier);
        const claim = { record: 'coverage', asset: id, transport: 'tcp', ports: `${place.port}` } as const;
        const e1 = { method: 'active', evidence: 'E1', assumptions: ['A-modules'] } as const;
        return [...facts, { ...claim, checks: { all: true }, ...e1, within: [...paths] }];
      });
    }
  }
}

function checkOf(category: string): string {
  return `wapiti:${slugOf(category)}`;
}

/** The names that were visited, each told once. */
class Visits {
  readonly #known = new DatedVisits();
  readonly #run: RunInfo;
  readonly #crawled: boolean;

  constructor(run: RunInfo, crawled: boolean) {
    this.#run = run;
    this.#crawled = crawled;
  }

  at(identifier: Identifier): { id: string; facts: AssetRecord[] } {
    const { id, facts } = this.#known.at([identifier], instantOf(this.#run.date), null);
    return { id, facts: facts.map((one) => this.#described(one)) };
  }

  /** The target where nothing of it stands in the report: a clean server gives the same as a closed port. */
  unseen(target: Identifier): AssetRecord[] {
    const reason = this.#run.pages === 0 ? 'NO_HOST' : 'CHECK_NOT_RUN';
    return this.at(target).facts.map((one) => ({ ...one, reached: false, reason }));
  }

  #described(asset: AssetRecord): AssetRecord {
    const known: AssetRecord = { ...asset, credential: this.#run.loggedIn ? 'user' : 'none' };
    return this.#crawled ? known : { ...known, reason: 'CHECK_NOT_RUN' };
  }
}

/** What tells the findings of one class on one page apart: a technology by its name without its version, else the text. */
function subjectOf(info: string): string {
  const named = /"name"\s*:\s*"([^"]{1,100})"/.exec(info)?.[1];
  return named ?? cveIds(info)[0] ?? info;
}

const MAIL_DATE = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;

/** RFC 5322, as in "Sat, 21 Nov 2026 02:12:35 +0000". */
function instantOf(date: string | undefined): Instant | null {
  const at = new Date(MAIL_DATE.test(date ?? '') ? (date ?? '') : Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
