import type { Fact, Identifier, Reason } from '@backcheck/core';
import { portNumber } from '../port-number.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { webPlace } from '../web-place.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { checkOf, identifiersOf, observationOf } from './item.ts';

/**
 * Nikto's XML (2.1 to 2.6). What it can prove: COVERAGE.md section 1, row "Nikto". The numbers `errors` and
 * `itemstested` are written before the first request, so a run that gave up halfway has the same: A-db and A-finished.
 */
export const niktoReader: Reader = {
  format: 'nikto',
  detect: (head) => head.trimStart().startsWith('<') && /<niktoscans?[\s>/]/.test(head),
  async *read(bytes) {
    const walker = new NiktoWalker();
    const truncated = yield* walkXml(bytes, walker);
    const rest = walker.end();
    if (rest.length > 0) yield rest;
    return walker.head(truncated);
  },
};

const ITEM_TEXTS = new Set(['description', 'uri', 'references']);

/** Options that make a run see less than one without them (nikto -H). */
const NARROWING = /(?:^|\s)-(?:T|Tuning|Plugins|maxtime|until|no404|Userdbs?|root|r)\b/i;

/** One `scandetails`: Nikto writes it only for a port where somebody answered. */
interface Target {
  readonly id: string;
  readonly identifiers: readonly Identifier[];
  readonly port: number;
  /** The run was no whole look at the server. */
  readonly narrow: boolean;
  readonly failed: boolean;
  items: number;
  statistics: XmlAttributes | undefined;
}

class NiktoWalker implements XmlWalker {
  #root = '';
  #facts: Fact[] = [];
  #version: string | null = null;
  #options = '';
  #targets = 0;
  #target: Target | null = null;
  #item: Record<string, string> | null = null;
  #sound = true;

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    if (this.#root === '') this.#root = rootOf(name);
    if (name === 'niktoscan') {
      this.#version = attributes['version'] ?? this.#version;
      this.#options = attributes['options'] ?? '';
    } else if (name === 'scandetails') this.#openTarget(attributes, line);
    else if (name === 'statistics' && this.#target !== null) this.#target.statistics = attributes;
    else if (name === 'item') this.#item = { id: attributes['id'] ?? '', method: attributes['method'] ?? '' };
    else return this.#item !== null && ITEM_TEXTS.has(name);
    return false;
  }

  close(name: string, text: string, line: number): void {
    if (name === 'scandetails') this.#closeTarget();
    else if (name === 'item') this.#closeItem(line);
    else if (text !== '' && this.#item !== null) this.#item[name] = text.trim();
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  end(): Fact[] {
    this.#closeTarget();
    return this.drain();
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'nikto', version: this.#version, feed: null };
    // The times in the file are local ones without a zone.
    return { tool, startedAt: null, finishedAt: null, complete: !truncated && this.#sound, truncated };
  }

  #openTarget(attributes: XmlAttributes, line: number): void {
    this.#closeTarget();
    const { hostheader, targethostname, targetip, targetport, sitename = '', errors } = attributes;
    const identifiers = [...identifiersOf(hostheader, targethostname), ...identifiersOf(undefined, targetip)];
    const port = portNumber(targetport);
    if (identifiers.length === 0 || port === undefined) {
      this.#warn('targets without a usable name and port were left out; the first of them stands here', line);
      return;
    }
    this.#targets += 1;
    this.#target = {
      id: `a${this.#targets}`,
      identifiers,
      port,
      narrow: NARROWING.test(this.#options) || (webPlace(sitename)?.path ?? '/') !== '/',
      failed: errors !== undefined && errors.trim() !== '0',
      items: 0,
      statistics: undefined,
    };
  }

  #closeItem(line: number): void {
    const item = this.#item;
    this.#item = null;
    if (item === null || this.#target === null) return;
    const check = checkOf(item['id']);
    if (check === undefined) {
      this.#warn('items without a number were left out; the first of them stands here', line);
      return;
    }
    const { uri = '', description = '', references = '', method = '' } = item;
    const { id, port } = this.#target;
    this.#target.items += 1;
    this.#facts.push(observationOf(id, port, { check, uri, method, message: description, references }));
  }

  #closeTarget(): void {
    const target = this.#target;
    this.#target = null;
    if (target === null) return;
    const { id, identifiers, port } = target;
    const reason = gapOf(target);
    const none = { startedAt: null, finishedAt: null, credential: 'none' } as const;
    const asset = { record: 'asset', id, identifiers, reached: true, ...none } as const;
    if (reason !== undefined) {
      this.#facts.push({ ...asset, reason });
      return;
    }
    this.#facts.push(asset, {
      record: 'coverage',
      asset: id,
      transport: 'tcp',
      ports: `${port}`,
      // Numbers only: what the CSV calls by its message is written here under a number.
      checks: { ranges: '0-999999999' },
      method: 'remote',
      evidence: 'E1',
      assumptions: ['A-db', 'A-finished'],
    });
  }

  #warn(message: string, line: number): void {
    if (this.#sound) this.#facts.push({ record: 'warning', code: 'BAD_RECORD', message, line });
    this.#sound = false;
  }
}

function gapOf({ statistics, narrow, failed, items }: Target): Reason | undefined {
  if (statistics === undefined || failed || !(Number(statistics['itemstested']) > 0)) return 'INCOMPLETE';
  // Some versions leave the number empty.
  if (Number(statistics['itemsfound'] ?? '') > items) return 'FILTERED_REPORT';
  return narrow ? 'CHECK_NOT_RUN' : undefined;
}

/** Only reached when a user names the format of a file that is of another. */
function rootOf(name: string): string {
  if (name === 'niktoscan' || name === 'niktoscans') return name;
  const message = `a Nikto report begins with niktoscan, not with ${name}`;
  throw new UnreadableScan('UNKNOWN_FORMAT', message, 1);
}
