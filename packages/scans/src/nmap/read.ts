import {
  type AssetRecord,
  type Fact,
  type Identifier,
  type Instant,
  identityOf,
  NO_PORTS,
  parsePorts,
} from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import { Explanations } from '../explanation.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { literalTargets, type NamesAsked, namesAsked } from './command-line.ts';
import { HostElement } from './host-element.ts';
import { readHost } from './host-facts.ts';
import { type Scope, transportOf } from './port-states.ts';

/**
 * Nmap's XML (nmap.dtd; versions 6.40 to 7.93 read in tests). It can prove that a port is closed (E3), that
 * a script with verdicts judged "not vulnerable" (E3), and what a printed table does not hold (E2).
 */
export const nmapReader: Reader = {
  format: 'nmap',
  detect: (head) => head.trimStart().startsWith('<') && /<nmaprun[\s>]/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new NmapRun();
    const truncated = yield* walkXml(bytes, run);
    const rest = run.finish(truncated);
    if (rest.length > 0) yield rest;
    return run.head(truncated);
  },
};

/** Assets without a time of their own that wait for the end of the run; more are given no end. */
const MAX_WAITING = 10_000;

class NmapRun implements XmlWalker {
  #facts: Fact[] = [];
  #version: string | null = null;
  #startedAt: Instant | null = null;
  #finishedAt: Instant | null = null;
  #succeeded = false;
  readonly #scopes: Scope[] = [];
  #asked: NamesAsked = { tls: undefined, http: undefined };
  /** Targets of the command line that no host answered for yet, by identity. */
  readonly #missing = new Map<string, Identifier>();
  #host: HostElement | undefined;
  #hosts = 0;
  readonly #waiting: AssetRecord[] = [];
  readonly #explanations = new Explanations();
  #started = false;

  open(name: string, attributes: XmlAttributes, line: number): boolean {
    if (!this.#started) this.#openRun(name, attributes);
    else if (this.#host !== undefined) return this.#host.open(name, attributes);
    else if (name === 'host') this.#host = new HostElement(attributes);
    else if (name === 'scaninfo') this.#openScope(attributes, line);
    else if (name === 'finished') {
      this.#finishedAt = epochInstant(attributes['time']);
      this.#succeeded = attributes['exit'] === 'success';
    }
    return false;
  }

  close(_name: string, text: string, line: number): void {
    const host = this.#host;
    if (host?.close(text) === true) this.#closeHost(host, !host.overfull, line);
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** What only the end of the file decides. */
  finish(truncated: boolean): Fact[] {
    if (this.#host !== undefined) this.#closeHost(this.#host, false);
    this.#facts.push(...this.#waiting.map((asset) => ({ ...asset, finishedAt: this.#finishedAt })));
    // An aborted run says nothing about targets that it did not come to.
    if (this.#succeeded && !truncated)
      this.#facts.push(...[...this.#missing.values()].map((one) => this.#silent(one)));
    return this.drain();
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'nmap', version: this.#version, feed: null };
    const times = { startedAt: this.#startedAt, finishedAt: this.#finishedAt };
    return { tool, ...times, complete: this.#succeeded && !truncated, truncated };
  }

  #openRun(name: string, attributes: XmlAttributes): void {
    if (name !== 'nmaprun')
      throw new UnreadableScan('UNKNOWN_FORMAT', `the file begins with <${name}>, not with <nmaprun>`);
    const args = attributes['args'] ?? '';
    this.#started = true;
    this.#version = attributes['version'] ?? null;
    this.#startedAt = epochInstant(attributes['start']);
    this.#asked = namesAsked(args);
    for (const target of literalTargets(args)) this.#missing.set(identityOf([target]), target);
  }

  #openScope(attributes: XmlAttributes, line: number): void {
    const transport = transportOf(attributes['protocol']);
    if (transport === undefined) return;
    const ports = parsePorts(attributes['services'] ?? '');
    this.#scopes.push({ transport, ports: ports ?? NO_PORTS });
    if (ports !== null) return;
    const message = 'the list of ports asked for is not readable; unlisted ports are not covered';
    this.#facts.push({ record: 'warning', code: 'BAD_PORTS', message, line });
  }

  #closeHost(host: HostElement, whole: boolean, line?: number): void {
    this.#host = undefined;
    this.#hosts += 1;
    const run = {
      startedAt: this.#startedAt,
      scopes: this.#scopes,
      asked: this.#asked,
      explanations: this.#explanations,
    };
    const reading = readHost(host.root, `a${this.#hosts}`, run, whole);
    if (reading === undefined) {
      const message = 'an asset without an IP address was left out';
      this.#facts.push({
        record: 'warning',
        code: 'BAD_RECORD',
        message,
        ...(line === undefined ? {} : { line }),
      });
      return;
    }
    const { asset, facts, calledBy } = reading;
    for (const one of asset.identifiers.filter(({ kind }) => kind === 'ip'))
      this.#missing.delete(identityOf([one]));
    for (const value of calledBy) this.#missing.delete(identityOf([{ kind: 'fqdn', value }]));
    if (asset.finishedAt === null && this.#waiting.length < MAX_WAITING) this.#waiting.push(asset);
    else this.#facts.push(asset);
    this.#facts.push(...facts);
  }

  #silent(target: Identifier): AssetRecord {
    this.#hosts += 1;
    return {
      record: 'asset',
      id: `a${this.#hosts}`,
      identifiers: [target],
      reached: false,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      credential: 'none',
      reason: 'NO_HOST',
    };
  }
}
