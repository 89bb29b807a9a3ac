import type { Fact, Identifier, Instant } from '@backcheck/core';
import { DatedVisits } from '../dated-visits.ts';
import { englishInstant } from '../english-instant.ts';
import { Explanations } from '../explanation.ts';
import { HeldRows } from '../held-rows.ts';
import { type Reader, UnreadableScan } from '../reader.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { webPlace } from '../web-place.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { type CheckText, presenceOf, severityOfLevel, UNKNOWN_CHECK, WORDS, wordsOf } from './detection.ts';

/**
 * Reports of Qualys Web Application Scanning in XML. They show what was found; which pages were visited stands in
 * free text, if at all, so their silence says nothing.
 */
export const qualysWasReader: Reader = {
  format: 'qualys-was',
  detect: (head) => /<WAS_(?:SCAN|WEBAPP)_REPORT[\s>]/.test(head),
  async *read(bytes) {
    const walker = new WasWalker();
    try {
      const truncated = yield* walkXml(bytes, walker);
      yield* walker.presences();
      const { first, last, sound } = walker;
      const tool = { name: 'qualys', version: null, feed: null };
      return { tool, startedAt: first, finishedAt: last, complete: sound && !truncated, truncated };
    } finally {
      walker.release();
    }
  },
};

const TEXTS: ReadonlySet<string> = new Set([
  ...['QID', 'URL', 'PARAM', 'DETECTION_DATE', 'LAST_TIME_DETECTED', 'STATUS'].map(
    (name) => `VULNERABILITY/${name}`,
  ),
  'REQUEST/METHOD',
  ...['QID', 'TITLE', 'SEVERITY', 'CWE', 'CVE', ...WORDS].map((name) => `QID/${name}`),
]);

/** Waits for the glossary, which stands behind the findings. */
interface HeldWebFinding {
  readonly identifier: Identifier;
  readonly port: number;
  readonly locus: string;
  readonly qid: string;
  readonly at: Instant | null;
}

class WasWalker implements XmlWalker {
  first: Instant | null = null;
  last: Instant | null = null;
  sound = true;
  readonly #held = new HeldRows<HeldWebFinding>();
  readonly #glossary = new Map<string, CheckText>();
  readonly #explanations = new Explanations();
  readonly #path: string[] = [];
  #texts = new Map<string, string>();
  #facts: Fact[] = [];
  #line = 0;

  open(name: string, _attributes: XmlAttributes, line: number): boolean {
    const parent = this.#path.at(-1);
    if (parent === undefined && !/^WAS_(?:SCAN|WEBAPP)_REPORT$/.test(name)) refuse(name);
    this.#path.push(name);
    const place = `${parent}/${name}`;
    if (place === 'VULNERABILITY_LIST/VULNERABILITY' || place === 'QID_LIST/QID') {
      this.#texts = new Map();
      this.#line = line;
    } else if (name === 'INFORMATION_GATHERED_LIST') {
      const message = 'information gathered names no address and is not read';
      this.#facts.push({ record: 'warning', code: 'NOT_READ', message, line });
    }
    return TEXTS.has(place);
  }

  close(name: string, text: string): void {
    this.#path.pop();
    const place = `${this.#path.at(-1)}/${name}`;
    if (place === 'VULNERABILITY_LIST/VULNERABILITY') this.#finding();
    else if (place === 'QID_LIST/QID') this.#check();
    // Several requests may prove one finding; the first names it.
    else if (text !== '' && !this.#texts.has(name)) this.#texts.set(name, text.trim());
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  *presences(): Generator<Fact[]> {
    const visits = new DatedVisits();
    for (const rows of this.#held.batches()) {
      yield rows.flatMap(({ identifier, ...row }) => {
        const visit = visits.at([identifier], row.at);
        const assets = visit.facts.map((asset) => ({ ...asset, reason: 'INCOMPLETE' as const }));
        const place = { ...row, asset: visit.id, transport: 'tcp', local: false } as const;
        const presence = presenceOf(place, this.#glossary.get(row.qid) ?? UNKNOWN_CHECK);
        return [...assets, { ...presence, method: 'active' as const }];
      });
    }
  }

  release(): void {
    this.#held.close();
  }

  #finding(): void {
    const place = webPlace(this.#text('URL'));
    const qid = this.#text('QID');
    if (place === undefined || !/^\d{1,9}$/.test(qid)) {
      this.sound = false;
      const message = 'a finding without a usable address or QID was left out';
      this.#facts.push({ record: 'warning', code: 'BAD_RECORD', message, line: this.#line });
      return;
    }
    // What the vendor calls fixed is no presence, and a web report does not say when it was last looked for.
    if (this.#text('STATUS').toUpperCase() === 'FIXED') return;
    const at = englishInstant(this.#text('LAST_TIME_DETECTED') || this.#text('DETECTION_DATE'));
    if (at !== null && at < (this.first ?? '~')) this.first = at;
    if (at !== null && at > (this.last ?? '')) this.last = at;
    const detail = `${this.#text('METHOD')} ${this.#text('PARAM')}`.trim();
    const locus = detail === '' ? place.path : `${place.path}#${detail}`;
    this.#held.add({ identifier: place.identifier, port: place.port, locus, qid, at });
  }

  #check(): void {
    const qid = this.#text('QID');
    this.#facts.push(...this.#explanations.of(`qualys:${qid}`, () => wordsOf((name) => this.#text(name))));
    this.#glossary.set(qid, {
      title: this.#text('TITLE').slice(0, 500),
      severity: severityOfLevel(this.#text('SEVERITY')),
      cve: cveIds(this.#text('CVE')),
      cwe: cweIds(this.#text('CWE')),
      cvss: [],
    });
  }

  #text(name: string): string {
    return this.#texts.get(name) ?? '';
  }
}

/** Only reached when a user names the format of a file that is of another. */
function refuse(name: string): never {
  const message = `a web report of Qualys begins with WAS_SCAN_REPORT or WAS_WEBAPP_REPORT, not with ${name}`;
  throw new UnreadableScan('UNKNOWN_FORMAT', message, 1);
}
