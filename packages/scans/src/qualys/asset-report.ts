import type { Checks, Fact } from '@backcheck/core';
import { DatedVisits } from '../dated-visits.ts';
import { englishInstant } from '../english-instant.ts';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { parsePluginSet } from '../nessus/policy.ts';
import type { ScanHead } from '../reader.ts';
import { cveIds } from '../weakness-ids.ts';
import { zonedInstant } from '../zoned-instant.ts';
import { AssetVisit } from './asset-visit.ts';
import {
  ABOUT_THE_SCAN,
  assumedSilence,
  type CheckText,
  type Detection,
  identifiersOf,
  locusOf,
  presenceOf,
  serviceOf,
  severityOfLevel,
  UNKNOWN_CHECK,
  vectorIn,
  vendorSaysFixed,
  wordsOf,
} from './detection.ts';

/** Gives the text of a child element of the record at hand, '' where there is none. */
export type Texts = (name: string) => string;

interface HeldDetection extends Detection {
  readonly information: boolean;
  readonly fixed: boolean;
}

/** A monthly update of Windows has about a hundred. */
export const MOST_CVES = 500;

/** An ASSET_DATA_REPORT put together (COVERAGE.md section 1, row "Qualys ASSET_DATA_REPORT"). */
export class AssetReport {
  filter = '';
  selected = '';
  #visit: AssetVisit | null = null;
  readonly #visits: AssetVisit[] = [];
  readonly #glossary = new Map<string, CheckText>();
  readonly #held = new HeldRows<HeldDetection>();
  readonly #explanations = new Explanations();
  #sound = true;

  /** What stands before the detections of a HOST. */
  host(text: Texts): void {
    const identifiers = identifiersOf({
      ip: text('IP'),
      dns: text('DNS'),
      tracking: text('TRACKING_METHOD'),
      agent: text('QG_HOSTID'),
      cloud: text('EC2_INSTANCE_ID'),
    });
    this.#visit = null;
    if (identifiers.length === 0) return;
    this.#visit = new AssetVisit(
      `s${this.#visits.length + 1}`,
      identifiers,
      /AGENT$/i.test(text('TRACKING_METHOD')),
    );
    this.#visits.push(this.#visit);
  }

  /** Gives a warning where it is no record. */
  detection(text: Texts, line: number): Fact | null {
    const visit = this.#visit;
    const qid = text('QID');
    const service = serviceOf(text('PORT'), text('PROTOCOL'));
    if (visit === null || service === null || !/^\d{1,9}$/.test(qid)) {
      if (visit === null) this.#sound = false;
      else visit.damaged = true;
      const message = 'a detection without a usable address, port or QID was left out';
      return { record: 'warning', code: 'BAD_RECORD', message, line };
    }
    const at = zonedInstant(text('LAST_FOUND'));
    const information = text('TYPE') === 'Ig';
    visit.found(at, information);
    if (qid === '45038') visit.scanStart = scanStart(text('RESULT'));
    if (ABOUT_THE_SCAN.has(qid)) return null;
    const locus = locusOf(text('FQDN'), text('INSTANCE'));
    const fixed = text('VULN_STATUS') === 'Fixed';
    const place = { asset: visit.id, ...service, locus, local: visit.local };
    this.#held.add({ qid, ...place, at, information, fixed });
    return null;
  }

  /** Gives what explains it. */
  check(text: Texts, cves: readonly string[]): Fact[] {
    this.#glossary.set(text('QID'), {
      title: text('TITLE').slice(0, 500),
      severity: severityOfLevel(text('SEVERITY')),
      cve: cveIds(...cves),
      cwe: [],
      cvss: [...vectorIn(text('CVSS3_BASE'), 'CVSS:3.0/'), ...vectorIn(text('CVSS_BASE'), '')],
    });
    return this.#explanations.of(`qualys:${text('QID')}`, () => wordsOf(text));
  }

  *facts(truncated: boolean): Generator<Fact[]> {
    const checks = this.#checks();
    for (const visit of this.#visits) {
      const { id, local } = visit;
      const answers = visit.answers && !truncated && checks !== null;
      const assumptions = ['A-scan', 'A-filter'];
      yield [visit.asset(), ...(answers ? assumedSilence(id, { checks, local, assumptions }) : [])];
    }
    const visits = new Map(this.#visits.map((visit) => [visit.id, visit]));
    const seen = new DatedVisits();
    for (const rows of this.#held.batches()) {
      yield rows.flatMap((row) => {
        if (row.fixed) return [vendorSaysFixed(row)];
        // What an earlier scan found was there then, not at the time of the newest.
        const visit = seen.at(visits.get(row.asset)?.identifiers ?? [], row.at);
        const assets = visit.facts.map((asset) => ({ ...asset, reason: 'INCOMPLETE' as const }));
        return [...assets, this.#presence({ ...row, asset: visit.id })];
      });
    }
  }

  head(truncated: boolean): ScanHead {
    const times = this.#visits.map((visit) => visit.asset());
    const started = times.flatMap((one) => one.startedAt ?? []).reduce((a, b) => (b < a ? b : a), '~');
    const finished = times.flatMap((one) => one.finishedAt ?? []).reduce((a, b) => (b > a ? b : a), '');
    return {
      tool: { name: 'qualys', version: null, feed: null },
      startedAt: started === '~' ? null : started,
      finishedAt: finished === '' ? null : finished,
      complete: this.#sound && !truncated,
      truncated,
    };
  }

  close(): void {
    this.#held.close();
  }

  #presence(row: HeldDetection): Fact {
    const text = this.#glossary.get(row.qid) ?? UNKNOWN_CHECK;
    return presenceOf(row, row.information ? { ...text, severity: 'info' } : text);
  }

  /** What the template lets through; null where it hides findings that are still there. */
  #checks(): Checks | null {
    const statuses = /\bStatus:([^\n]*)/.exec(this.filter)?.[1] ?? 'New, Active, Re-Opened';
    if (!['New', 'Active', 'Re-Opened'].every((status) => statuses.includes(status))) return null;
    const ranges = parsePluginSet(this.selected);
    return ranges === null ? { all: true } : { ranges };
  }
}

/** "Scan duration: 268 seconds\n\nStart time: Wed, Jul 31 2019, 21:53:20 GMT\n\nEnd time: …". */
function scanStart(result: string): string | null {
  return englishInstant(/Start time: ([^\n]*)/.exec(result)?.[1] ?? '');
}
