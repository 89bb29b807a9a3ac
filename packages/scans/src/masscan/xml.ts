import type { Fact, Instant } from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import { type Reader, type ScanHead, UnreadableScan } from '../reader.ts';
import { VisitLog } from '../visit-log.ts';
import { walkXml, type XmlAttributes, type XmlWalker } from '../xml.ts';
import { portFacts } from './row.ts';

/**
 * Masscan's XML (`-oX`): the shape of Nmap's, without what was asked for. An open port is a presence, a closed one
 * (`--show closed`) an absence; nothing else is said.
 */
export const masscanXmlReader: Reader = {
  format: 'masscan-xml',
  detect: (head) =>
    head.trimStart().startsWith('<') && /<nmaprun\s[^>]*\bscanner\s*=\s*["']masscan["']/.test(head),
  async *read(bytes): AsyncGenerator<Fact[], ScanHead> {
    const run = new MasscanRun();
    const truncated = yield* walkXml(bytes, run);
    yield* run.visits.assets();
    return run.head(truncated);
  },
};

class MasscanRun implements XmlWalker {
  readonly visits = new VisitLog();
  #facts: Fact[] = [];
  #depth = 0;
  #version: string | null = null;
  #startedAt: Instant | null = null;
  #finishedAt: Instant | null = null;
  #finished = false;
  /** The attributes of the host and port at hand. */
  #time = '';
  #address = '';
  #port: XmlAttributes = {};
  #status = '';
  #service: XmlAttributes = {};

  open(name: string, attributes: XmlAttributes): boolean {
    this.#depth += 1;
    if (this.#depth === 1) this.#openRun(name, attributes);
    else if (name === 'host') {
      this.#time = attributes['endtime'] ?? '';
    } else if (name === 'address' && attributes['addrtype'] !== 'mac')
      this.#address = attributes['addr'] ?? '';
    else if (name === 'port') {
      this.#port = attributes;
      this.#status = '';
      this.#service = {};
    } else if (name === 'state') this.#status = attributes['state'] ?? '';
    else if (name === 'service') this.#service = attributes;
    else if (name === 'finished') {
      this.#finished = true;
      this.#finishedAt = epochInstant(attributes['time']);
    }
    return false;
  }

  close(name: string, _text: string, line: number): void {
    this.#depth -= 1;
    if (name === 'host') this.#address = '';
    if (name !== 'port') return;
    const row = {
      address: this.#address,
      time: this.#time,
      protocol: this.#port['protocol'] ?? '',
      port: this.#port['portid'] ?? '',
      status: this.#status,
      service: this.#service['name'] ?? '',
      banner: this.#service['banner'] ?? '',
    };
    const message = 'a port without a usable address and number';
    this.#facts.push(
      ...(portFacts(row, this.visits) ?? [{ record: 'warning', code: 'BAD_RECORD', message, line } as const]),
    );
  }

  drain(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  head(truncated: boolean): ScanHead {
    const tool = { name: 'masscan', version: this.#version, feed: null };
    const times = { startedAt: this.#startedAt, finishedAt: this.#finishedAt };
    return { tool, ...times, complete: this.#finished && !truncated, truncated };
  }

  #openRun(name: string, attributes: XmlAttributes): void {
    if (name !== 'nmaprun')
      throw new UnreadableScan('UNKNOWN_FORMAT', `the file begins with <${name}>, not with <nmaprun>`);
    this.#version = attributes['version'] ?? null;
    this.#startedAt = epochInstant(attributes['start']);
  }
}
