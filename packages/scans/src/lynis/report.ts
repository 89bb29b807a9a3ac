import { isIP } from 'node:net';
import type { AssetRecord, Fact, Identifier, ObservationRecord } from '@backcheck/core';
import { AgreedWords } from '../agreed-words.ts';
import { HeldRows } from '../held-rows.ts';
import { hostIdentifier } from '../host-identifier.ts';
import type { ScanHead } from '../reader.ts';
import { cveIds } from '../weakness-ids.ts';

const ASSET = 'a1';
const MAX_ADDRESSES = 100;

/** One Lynis report while it is read. Who the machine is stands between its results, so these wait until the end. */
export class LynisReport {
  readonly #held = new HeldRows<ObservationRecord>();
  readonly #advice = new AgreedWords();
  readonly #seen = new Set<string>();
  readonly #exceptions = new Set<string>();
  readonly #addresses = new Set<string>();
  readonly #values = new Map<string, string>();
  #damaged = false;
  #replaced = false;

  line(text: string | null, line: number): Fact[] {
    if (text === null) return this.#bad('a line is longer than 4 million characters and was left out', line);
    if (!this.#replaced && text.includes('\ufffd')) {
      this.#replaced = true;
      const message = 'bytes that are no text were replaced';
      return [{ record: 'warning', code: 'WRONG_BYTES', message, line }, ...this.#read(text, line)];
    }
    return this.#read(text, line);
  }

  #read(text: string, line: number): Fact[] {
    const [, key = '', value = ''] = /^([\w-]+(?:\[\])?)=(.*)$/s.exec(text) ?? [];
    switch (key) {
      case 'warning[]':
      case 'suggestion[]':
        return this.#result(key, value, line);
      case 'exception_event[]':
        this.#exceptions.add(testOf(value.split('|', 1)[0]));
        return [];
      case 'network_ipv4_address[]':
      case 'network_ipv6_address[]':
        if (this.#addresses.size < MAX_ADDRESSES) this.#addresses.add(value.trim().toLowerCase());
        return [];
      default:
        return this.#keep(key, value, line);
    }
  }

  /** The asset, its results, and what silence stands for. */
  *facts(): Generator<Fact[]> {
    yield [this.#asset()];
    for (const rows of this.#held.batches()) yield rows;
    yield this.#advice.explanations();
    const ids = this.#silent();
    if (ids.length === 0) return;
    const known = this.#value('hostid') !== '';
    yield [
      {
        record: 'coverage',
        asset: ASSET,
        transport: 'none',
        ports: '0',
        checks: { ids },
        method: 'local',
        evidence: known ? 'E2' : 'E1',
        assumptions: known ? [] : ['A-host'],
      },
    ];
  }

  head(): ScanHead {
    const tool = { name: 'lynis', version: this.#value('lynis_version') || null, feed: null };
    // Its times are those of the machine's clock, without a zone.
    return { tool, startedAt: null, finishedAt: null, complete: this.#complete };
  }

  close(): void {
    this.#held.close();
  }

  get #complete(): boolean {
    return this.#value('finish') === 'true' && !this.#damaged;
  }

  /** "TEST|message|details|solution|"; before version 3 a grade stood in front of the message. */
  #result(key: string, value: string, line: number): Fact[] {
    const [test = '', ...rest] = value.split('|').map((part) => part.trim());
    const [message = '', ...more] = /^[LMH]$/.test(rest[0] ?? '') ? rest.slice(1) : rest;
    // Details may hold "|" themselves; behind them stand the solution and nothing.
    const details = more.slice(0, -2).join('|');
    if (test === '') return this.#bad('a result without a test was left out', line);
    this.#seen.add(test);
    // One test gives several results: only a solution that all of them share is of the test.
    const solution = more.length < 3 ? '' : (more.at(-2) ?? '').replace(/^(?:text|url):|^-$/, '');
    this.#advice.add(`lynis:${test}`, { advice: solution || null });
    this.#held.add({
      record: 'observation',
      asset: ASSET,
      transport: 'none',
      port: 0,
      check: `lynis:${test}`,
      // One test gives several results that only their texts tell apart.
      locus: details === '' || details === '-' ? message : details,
      verdict: 'present',
      title: message,
      severity: key === 'warning[]' ? 'medium' : 'low',
      cve: cveIds(message, details),
      cwe: [],
      cvss: [],
      at: null,
      method: 'local',
    });
    return [];
  }

  #keep(key: string, value: string, line: number): Fact[] {
    if (!KEPT.has(key)) return [];
    if (this.#values.has(key))
      return this.#bad(`"${key}" stands twice: the file holds several reports`, line);
    this.#values.set(key, value.trim());
    return [];
  }

  /** '' where the file does not have it. */
  #value(key: string): string {
    return this.#values.get(key) ?? '';
  }

  #bad(message: string, line: number): Fact[] {
    this.#damaged = true;
    return [{ record: 'warning', code: 'BAD_RECORD', message, line }];
  }

  get #executed(): readonly string[] {
    return this.#tests('tests_executed');
  }

  #tests(key: string): readonly string[] {
    return this.#value(key).match(/[\w-]+/g) ?? [];
  }

  /** Tests that ran, found nothing and met no trouble; what also stands among the skipped did not run whole. */
  #silent(): string[] {
    if (!this.#complete) return [];
    const skipped = new Set(this.#tests('tests_skipped'));
    const spoke = (test: string) => this.#seen.has(test) || this.#exceptions.has(test) || skipped.has(test);
    const silent = this.#executed.filter((test) => !spoke(test));
    return [...new Set(silent)].map((test) => `lynis:${test}`);
  }

  #asset(): AssetRecord {
    const times = { startedAt: null, finishedAt: null };
    const reason = this.#complete ? {} : ({ reason: 'INCOMPLETE' } as const);
    const identifiers = this.#identifiers();
    const credential = this.#executed.some((test) => ROOT_ONLY.has(test)) ? 'privileged' : 'none';
    return {
      record: 'asset',
      id: ASSET,
      identifiers,
      reached: true,
      ...times,
      credential,
      ...reason,
    };
  }

  #identifiers(): Identifier[] {
    const name = hostIdentifier(this.#value('hostname'));
    // From the MAC address, which containers share, and from the SSH key of the machine.
    const agents = ['hostid', 'hostid2'].map((key) => this.#value(key)).filter((id) => id !== '');
    const addresses = [...this.#addresses].filter(
      (one) => isIP(one) !== 0 && !/^(127\.|::1$|fe80:)/.test(one),
    );
    const identifiers: Identifier[] = [
      ...(name === undefined ? [] : [name]),
      ...agents.map((value) => ({ kind: 'agent', value }) as const),
      ...addresses.map((value) => ({ kind: 'ip', value }) as const),
    ];
    return identifiers.length > 0 ? identifiers : [{ kind: 'file', value: 'unnamed:lynis' }];
  }
}

const KEPT: ReadonlySet<string> = new Set([
  'report_version_major',
  'lynis_version',
  'hostname',
  'hostid',
  'hostid2',
  'tests_executed',
  'tests_skipped',
  'finish',
]);

/**
 * Tests that Lynis 3.1 registers with "--root-only YES". The report does not say who ran it, and without root some
 * other tests are silent because they could not look; one of these among the tests that ran shows that it was root.
 */
const ROOT_ONLY: ReadonlySet<string> = new Set([
  ...['ACCT-9630', 'AUTH-9216', 'AUTH-9218', 'AUTH-9229', 'AUTH-9252', 'AUTH-9254', 'AUTH-9288'],
  ...['BOOT-5102', 'BOOT-5106', 'BOOT-5108', 'BOOT-5109', 'BOOT-5116', 'BOOT-5140'],
  ...['CRYP-7930', 'CRYP-7931', 'FILE-6368', 'PKGS-7390', 'PKGS-7392'],
  ...['FIRE-4508', 'FIRE-4512', 'FIRE-4513', 'FIRE-4518', 'FIRE-4540', 'FIRE-4586'],
]);

/** "NETW-3006:2" names a place inside the test NETW-3006. */
function testOf(name = ''): string {
  return name.trim().split(':', 1)[0] ?? '';
}
