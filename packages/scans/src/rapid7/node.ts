import type { AssetRecord, CoverageRecord, Identifier, Method, Transport, Verdict } from '@backcheck/core';
import { hostIdentifier } from '../host-identifier.ts';
import { portNumber } from '../port-number.ts';
import type { XmlAttributes } from '../xml.ts';

/** One `<test>`: a check at one place, with the verdict that we hear in its status. */
export interface TestRow {
  readonly asset: string;
  readonly transport: Transport;
  readonly port: number;
  /** Lower case: test and definition are not always written alike. */
  readonly id: string;
  /** Which of several instances at this place: a page, a parameter, a user; '' for the place as such. */
  readonly key: string;
  readonly verdict: Verdict;
  readonly method: Method;
}

interface Endpoint {
  readonly transport: Transport;
  readonly port: number;
  readonly open: boolean;
}

/** Tests outside of any endpoint speak of the whole asset. */
const WHOLE: Endpoint = { transport: 'none', port: 0, open: true };
/** Coverage records are given out when they name this many checks. */
const MAX_IDS = 5_000;
const MAX_NAMES = 100;
/** Clean, or not tested at all; every other status that is no presence says that the test came to nothing. */
const NOT_AN_ERROR = /^(?:not-vulnerable|skipped|overridden)(?:-|$)/;
/** A probe that nothing came back to is no verdict (COVERAGE.md section 1: generic-icmp-netmask). */
const NO_ANSWER = /\bno response\b|\btime[ds]?[ -]?out\b/i;

/** One `<node>`: what the scan did at one asset. */
export class Node {
  readonly #id: string;
  readonly #address: Identifier;
  readonly #attributes: XmlAttributes;
  readonly #scan: string | undefined;
  readonly #names: Identifier[] = [];
  #endpoint: Endpoint | undefined = WHOLE;
  #test: XmlAttributes | undefined;
  #tests: TestRow[] = [];
  #coverage: CoverageRecord[] = [];
  /** Checks that are clean at this endpoint as a whole, by what has to be assumed. */
  #clean = new Map<string, string[]>();

  /**
   * `scan` is the id of the only scan of the report. A report of several scans, or of no known one, leaves
   * open which of them a declared time speaks of; then it is undefined.
   */
  constructor(
    id: string,
    address: Identifier,
    node: { attributes: XmlAttributes; scan: string | undefined },
  ) {
    this.#id = id;
    this.#address = address;
    this.#attributes = { ...node.attributes };
    this.#scan = node.scan;
  }

  open(name: string, attributes: XmlAttributes): boolean {
    if (name === 'endpoint') {
      this.#flush();
      this.#endpoint = endpointOf(attributes);
    } else if (name === 'test') {
      this.#test = { ...attributes };
      return attributes['status'] === 'not-vulnerable';
    }
    return name === 'name';
  }

  close(name: string, text: string): 'bad' | undefined {
    if (name === 'endpoint') {
      this.#flush();
      this.#endpoint = WHOLE;
    } else if (name === 'name') this.#name(text);
    else if (name === 'test' && this.#test !== undefined) return this.#closeTest(this.#test, text);
    return undefined;
  }

  takeTests(): TestRow[] {
    const tests = this.#tests;
    this.#tests = [];
    return tests;
  }

  takeCoverage(): CoverageRecord[] {
    const coverage = this.#coverage;
    this.#coverage = [];
    return coverage;
  }

  asset(): AssetRecord {
    this.#flush();
    const mac = /^[\da-f]{12}$/i.exec(this.#attributes['hardware-address'] ?? '')?.[0].toLowerCase();
    const macs: Identifier[] =
      mac === undefined ? [] : [{ kind: 'mac', value: mac.replace(/..(?=.)/g, '$&:') }];
    const asset = {
      record: 'asset',
      id: this.#id,
      identifiers: [this.#address, ...macs, ...this.#names],
      startedAt: null,
      finishedAt: null,
      credential: 'none',
    } as const;
    return this.#alive ? { ...asset, reached: true } : { ...asset, reached: false, reason: 'NO_HOST' };
  }

  get #alive(): boolean {
    return this.#attributes['status'] === 'alive';
  }

  #name(text: string): void {
    const name = hostIdentifier(text);
    if (name !== undefined && this.#names.length < MAX_NAMES) this.#names.push(name);
  }

  #closeTest(test: XmlAttributes, evidence: string): 'bad' | undefined {
    this.#test = undefined;
    const { id = '', status = '', key = '' } = test;
    const endpoint = this.#endpoint;
    if (id === '' || endpoint === undefined) return 'bad';
    const name = id.toLowerCase();
    const row = { asset: this.#id, ...place(endpoint), id: name, key: key.trim() };
    const seen = /^(?:exception-)?vulnerable(?:-(\w+))?/.exec(status);
    if (seen !== null) {
      const guessed = seen[1] === 'version' || seen[1] === 'potential';
      this.#tests.push({ ...row, verdict: 'present', method: guessed ? 'banner' : 'remote' });
    } else if (!NOT_AN_ERROR.test(status)) {
      this.#tests.push({ ...row, verdict: 'error', method: 'remote' });
    } else if (status === 'not-vulnerable' && this.#alive && endpoint.open) {
      this.#closeClean(row, { dated: this.#ofTheScan(test), answered: !NO_ANSWER.test(evidence) });
    }
    return undefined;
  }

  #ofTheScan(test: XmlAttributes): boolean {
    return this.#scan !== undefined && (test['scan-id'] || this.#scan) === this.#scan;
  }

  #closeClean(row: Omit<TestRow, 'verdict' | 'method'>, is: { dated: boolean; answered: boolean }): void {
    if (is.dated && is.answered) this.#tests.push({ ...row, verdict: 'absent', method: 'remote' });
    if (row.key !== '') return;
    // A clean verdict on the place as such says of each page or user there no more than the assumption says.
    const assumed = ['A-key', ...(is.dated ? [] : ['A-scan']), ...(is.answered ? [] : ['A-response'])];
    const ids = this.#clean.get(assumed.join(' ')) ?? [];
    ids.push(`rapid7:${row.id}`);
    this.#clean.set(assumed.join(' '), ids);
    if (ids.length >= MAX_IDS) this.#flush();
  }

  #flush(): void {
    const { transport, port } = this.#endpoint ?? WHOLE;
    for (const [assumed, ids] of this.#clean) {
      this.#coverage.push({
        record: 'coverage',
        asset: this.#id,
        transport,
        ports: String(port),
        checks: { ids },
        method: 'remote',
        evidence: 'E1',
        assumptions: assumed.split(' '),
      });
    }
    this.#clean.clear();
  }
}

function place({ transport, port }: Endpoint): Pick<TestRow, 'transport' | 'port'> {
  return { transport, port };
}

function endpointOf(attributes: XmlAttributes): Endpoint | undefined {
  const port = portNumber(attributes['port']);
  const transport = attributes['protocol']?.toLowerCase();
  if (port === undefined || (transport !== 'tcp' && transport !== 'udp')) return undefined;
  return { transport, port, open: attributes['status'] === 'open' };
}
