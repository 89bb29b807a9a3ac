import type { Fact } from '@backcheck/core';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { SslTest } from './ssl-test.ts';
import { identifiersOf, portNumber, sslAsset, testFacts } from './test-facts.ts';

/**
 * The XML of sslscan (rbsec; 1.11 and 2.0 read in tests). Each protocol, heartbeat and certificate field is
 * stated with yes or no (E3); ciphers are stated by a finished list (E2). The file has no time.
 */
export const sslscanReader: Reader = {
  format: 'sslscan',
  detect: (head) => head.trimStart().startsWith('<') && /<document[^<>]*\stitle="SSLScan Results"/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new SslscanRun();
    const truncated = yield* walkXml(bytes, run);
    const rest = run.finish();
    if (rest.length > 0) yield rest;
    const tool = { name: 'sslscan', version: run.version, feed: null };
    return { tool, startedAt: null, finishedAt: null, complete: !truncated, truncated };
  },
};

const NO_CONNECTION = /^Could not open a connection to host (\S+) \((\S+)\) on port (\d+)\.$/;
const NO_NAME = /^Could not resolve hostname (\S+)\.$/;

class SslscanRun implements XmlWalker {
  version: string | null = null;
  #facts: Fact[] = [];
  #test: SslTest | undefined;
  #assets = 0;
  #started = false;

  open(name: string, attributes: XmlAttributes): boolean {
    if (!this.#started) {
      if (name !== 'document') {
        throw new UnreadableScan('UNKNOWN_FORMAT', `the file begins with <${name}>, not with <document>`);
      }
      this.#started = true;
      this.version = attributes['version'] ?? null;
      return false;
    }
    if (this.#test !== undefined) return this.#test.open(name, attributes);
    if (name === 'ssltest') this.#test = new SslTest(attributes);
    return name === 'error';
  }

  close(name: string, text: string, line: number): void {
    if (name === 'ssltest' && this.#test !== undefined) this.#closeTest(this.#test, true, line);
    else if (this.#test !== undefined) this.#test.close(name, text);
    else if (name === 'error') this.#closeError(text.trim(), line);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** The test that a cut file ends in. */
  finish(): Fact[] {
    if (this.#test !== undefined) this.#closeTest(this.#test, false);
    return this.drain();
  }

  #closeTest(test: SslTest, whole: boolean, line?: number): void {
    this.#test = undefined;
    const identifiers = identifiersOf(test.attributes['host'] ?? '');
    const port = portNumber(test.attributes['port']);
    if (identifiers.length === 0 || port === undefined) {
      this.#warn('BAD_RECORD', 'a test without a usable name or address and port was left out', line);
      return;
    }
    const asset = this.#nextAsset();
    this.#facts.push(sslAsset(asset, identifiers, true), ...testFacts(test, asset, port, whole));
  }

  /** An error outside of a test is all that the file says about a target that did not answer. */
  #closeError(text: string, line: number): void {
    const [, host, address] = NO_CONNECTION.exec(text) ?? NO_NAME.exec(text) ?? [];
    const identifiers = host === undefined ? [] : identifiersOf(host, address);
    if (identifiers.length > 0) this.#facts.push(sslAsset(this.#nextAsset(), identifiers, false));
    else this.#warn('TOOL_ERROR', `sslscan says: ${text.slice(0, 200)}`, line);
  }

  #nextAsset(): string {
    this.#assets += 1;
    return `a${this.#assets}`;
  }

  #warn(code: string, message: string, line: number | undefined): void {
    this.#facts.push({ record: 'warning', code, message, ...(line === undefined ? {} : { line }) });
  }
}
