import type { AssetRecord, Fact } from '@backcheck/core';
import { type Cell, type CsvRow, columnsOf, headerNames, walkCsv } from '../csv.ts';
import { Explanations } from '../explanation.ts';
import type { Reader } from '../reader.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds } from '../weakness-ids.ts';
import {
  ABOUT_THE_SCAN,
  type CheckText,
  identifiersOf,
  locusOf,
  presenceOf,
  serviceOf,
  severityOfLevel,
  vectorIn,
  vendorSaysFixed,
  wordsOf,
} from './detection.ts';

/** A title and some lines on the account stand above the header in files from the web console. */
const LINES_ABOVE = 50;

/**
 * Qualys' scan report in CSV, also that of its PCI service. Its dates name no zone, and a row stands only for what
 * was found, so nothing in it closes; what it calls fixed counts as assumed, at a declared time.
 */
export const qualysCsvReader: Reader = {
  format: 'qualys-csv',
  detect: (head) =>
    head
      .split('\n', LINES_ABOVE)
      .some((line) => line.length < 10_000 && /qid/i.test(line) && isHeader(headerNames(line))),
  async *read(bytes) {
    const sheet = new Sheet();
    const rows = walkCsv(bytes);
    for (;;) {
      const step = await rows.next();
      if (step.done === true) {
        const { truncated, warnings } = step.value;
        yield [...warnings];
        const tool = { name: 'qualys', version: null, feed: null };
        return { tool, startedAt: null, finishedAt: null, complete: !truncated && sheet.sound, truncated };
      }
      yield step.value.flatMap((row) => sheet.take(row));
    }
  },
};

function isHeader(names: readonly string[]): boolean {
  const has = (name: string): boolean => names.includes(name);
  return has('ip') && has('qid') && has('port') && (has('title') || has('vuln title'));
}

class Sheet {
  sound = true;
  #cell: Cell | null = null;
  readonly #assets = new Map<string, string>();
  readonly #explanations = new Explanations();

  take(row: CsvRow): Fact[] {
    if (this.#cell !== null) return this.#row(this.#cell, row);
    if (isHeader(row.cells.map((name) => name.trim().toLowerCase()))) this.#cell = columnsOf(row);
    return [];
  }

  #row(cell: Cell, row: CsvRow): Fact[] {
    const text = (...names: readonly string[]): string => cell(row, ...names);
    const tracking = text('tracking method');
    const identifiers = identifiersOf({ ip: text('ip'), dns: text('dns', 'hostname'), tracking });
    const [addressed] = identifiers;
    const reached = !/not (?:alive|scanned)/i.test(text('ip status'));
    const qid = text('qid');
    // Below the detections stand summaries without a QID.
    if (qid === '' && (addressed === undefined || reached)) return [];
    const service = serviceOf(text('port'), text('protocol'));
    if (addressed === undefined || service === null || !/^\d{0,9}$/.test(qid)) {
      this.sound = false;
      const message = 'a row without a usable address, port or QID was left out';
      return [{ record: 'warning', code: 'BAD_RECORD', message, line: row.line }];
    }
    const known = this.#assets.get(addressed.value);
    const id = known ?? `a${this.#assets.size + 1}`;
    this.#assets.set(addressed.value, id);
    const asset: AssetRecord = {
      record: 'asset',
      id,
      identifiers,
      reached,
      startedAt: null,
      finishedAt: null,
      credential: 'none',
      reason: reached ? 'INCOMPLETE' : 'NO_HOST',
    };
    const facts: Fact[] = known === undefined ? [asset] : [];
    if (qid === '' || ABOUT_THE_SCAN.has(qid)) return facts;
    const locus = locusOf(text('fqdn'), text('instance'));
    const detection = { asset: id, qid, ...service, locus, at: null, local: /AGENT$/i.test(tracking) };
    const fixed = text('vuln status').toLowerCase() === 'fixed';
    const explained = this.#explanations.of(`qualys:${qid}`, () => wordsOf(text));
    const said = fixed ? vendorSaysFixed(detection) : presenceOf(detection, checkText(text));
    return [...facts, said, ...explained];
  }
}

function checkText(text: (...names: readonly string[]) => string): CheckText {
  const level = text('q_severity', 'severity');
  const information = /^(?:ig|info)/i.test(text('type'));
  return {
    title: text('title', 'vuln title'),
    severity: information ? 'info' : /^[1-5]$/.test(level) ? severityOfLevel(level) : severityOfWord(level),
    cve: cveIds(text('cve id', 'cveid')),
    cwe: [],
    cvss: [
      ...vectorIn(text('cvss3.1 base'), 'CVSS:3.1/'),
      ...vectorIn(text('cvss3 base'), 'CVSS:3.0/'),
      ...vectorIn(text('cvss base'), ''),
    ],
  };
}
