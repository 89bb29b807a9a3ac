import {
  type AssetRecord,
  type CoverageRecord,
  type Fact,
  formatPorts,
  type Identifier,
  type Instant,
  type ObservationRecord,
  unionPorts,
} from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import { commonPlan, isAddress, type PortPlan } from './policy.ts';
import { observationOf, type ReportItem } from './report-item.ts';
import { ScanAccount } from './scan-account.ts';
import { ABOUT_THE_SCAN, type ScanInformation } from './scan-information.ts';
import { silence } from './silence.ts';

/** What the policy in front of the report says. */
export interface Policy {
  /** Enabled plugins as ranges. */
  readonly plugins: string | null;
  /** Null where the policy is not in the file. */
  readonly ports: PortPlan | null;
  readonly udpScanner: boolean;
  /** The scan asked every address first whether it is alive, as it does unless it is told not to. */
  readonly pinged: boolean;
}

/** HostProperties that are read. */
export const HOST_TAGS: ReadonlySet<string> = new Set([
  'HOST_START_TIMESTAMP',
  'HOST_END_TIMESTAMP',
  'HOST_END',
  'Credentialed_Scan',
  'host-ip',
  'host-fqdn',
  'host-fqdns',
  'mac-address',
  'host-uuid',
  'HOST-uuid',
]);

/** One ReportHost while it is read: the visit of the scan to one asset. */
export class HostVisit {
  readonly id: string;
  readonly name: string;
  readonly #account = new ScanAccount();
  readonly #tags = new Map<string, string>();
  readonly #seen = new Set<string>();
  startedAt: Instant | null = null;
  finishedAt: Instant | null = null;

  constructor(id: string, name: string) {
    this.id = id;
    this.name = name;
  }

  get information(): ScanInformation | null {
    return this.#account.information;
  }

  tag(name: string, value: string): void {
    this.#tags.set(name, value.trim());
    // HOST_START and HOST_END without "_TIMESTAMP" are local times without a zone: no time at all.
    if (name === 'HOST_START_TIMESTAMP') this.startedAt = epochInstant(value);
    if (name === 'HOST_END_TIMESTAMP') this.finishedAt = epochInstant(value);
  }

  /** An item that could not be read: the silence of its plugin is none, and which plugin it was is not known. */
  spoil(): void {
    this.#account.damaged = true;
  }

  /** The observation of an item; null when it reports on the scan itself or was there before. */
  item(item: ReportItem): ObservationRecord | null {
    this.#account.item(item);
    if (item.compliance || ABOUT_THE_SCAN.has(item.plugin)) return null;
    const key = `${item.plugin}/${item.transport}/${item.port}`;
    if (this.#seen.has(key)) return null;
    this.#seen.add(key);
    return observationOf(item, { asset: this.id, at: this.finishedAt, loggedIn: this.#loggedIn });
  }

  output(plugin: string, text: string): void {
    this.#account.output(plugin, text);
  }

  /** The asset and, where the visit came to its end, what it can answer for. `whole`: the element was closed. */
  facts(policy: Policy, whole: boolean): Fact[] {
    const ended = this.#tags.has('HOST_END') || this.#tags.has('HOST_END_TIMESTAMP');
    const reason = this.#account.gap(whole && ended, policy.pinged);
    const asset: AssetRecord = {
      record: 'asset',
      id: this.id,
      identifiers: this.#identifiers(),
      reached: this.#account.reached(policy.pinged),
      startedAt: this.startedAt,
      finishedAt: this.finishedAt,
      credential: this.#loggedIn ? (this.information?.login ?? 'user') : 'none',
      ...(reason === null ? {} : { reason }),
    };
    return reason === null ? [asset, ...this.#coverage(policy, asset)] : [asset];
  }

  get #loggedIn(): boolean {
    return this.#tags.get('Credentialed_Scan')?.toLowerCase() === 'true';
  }

  #coverage(policy: Policy, asset: AssetRecord): CoverageRecord[] {
    const ranges = this.#account.launched ?? policy.plugins;
    if (ranges === null) return [];
    // A look from inside answers for the look from outside as well, so one record for each transport is enough.
    const inside = asset.credential !== 'none' && this.#account.inside;
    const launched = this.#account.launched !== null;
    return silence(this.#examined(policy), {
      asset: this.id,
      checks: { ranges },
      method: inside ? 'local' : 'remote',
      evidence: launched ? 'E2' : 'E1',
      assumptions: launched ? [] : ['A-launched'],
    });
  }

  /** Ports that the plan names, and those where some plugin reported something in this run. */
  #examined(policy: Policy): { tcp: string; udp: string } {
    const plan = commonPlan(policy.ports, this.information?.ports ?? null);
    const udp = policy.udpScanner ? (plan.udp ?? []) : [];
    const seen = this.#account.ports;
    return {
      tcp: formatPorts(unionPorts(plan.tcp ?? [], seen.tcp)),
      udp: formatPorts(unionPorts(udp, seen.udp)),
    };
  }

  #identifiers(): Identifier[] {
    const tag = (name: string): string[] =>
      (this.#tags.get(name) ?? '').split(/[\s,]+/).filter((one) => one !== '');
    const names = [...tag('host-fqdn'), ...fqdnsOf(this.#tags.get('host-fqdns') ?? '')];
    return [
      identifierOf(this.name),
      ...tag('host-ip').map((value) => ({ kind: 'ip', value }) as const),
      ...names.map((value) => ({ kind: 'fqdn', value }) as const),
      ...tag('mac-address').map((value) => ({ kind: 'mac', value: value.toLowerCase() }) as const),
      ...[...tag('host-uuid'), ...tag('HOST-uuid')].map((value) => ({ kind: 'agent', value }) as const),
    ];
  }
}

/** What the scan was pointed at: an address, a name or, for web scans, a URL. */
export function identifierOf(target: string): Identifier {
  if (isAddress(target)) return { kind: 'ip', value: target };
  return { kind: /^https?:/i.test(target) ? 'url' : 'fqdn', value: target };
}

/** `[{"FQDN":"www.example.org","sources":["get_host_fqdn()"]}]`; nothing when it is anything else. */
function fqdnsOf(json: string): string[] {
  if (json === '') return [];
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list)
      ? list.map((one) => String(one?.FQDN ?? '')).filter((name) => name !== '')
      : [];
  } catch {
    return [];
  }
}
