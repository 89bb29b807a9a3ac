import type { Method, ObservationRecord, Severity, Transport } from '@backcheck/core';
import { unbroken } from '../explanation.ts';
import { lookUp } from '../look-up.ts';
import { severityOfScore, severityOfWord } from '../severity.ts';
import { cveIds } from '../weakness-ids.ts';
import { zonedInstant } from '../zoned-instant.ts';

/** A monthly update of Windows has about a hundred. */
const MOST_REFERENCES = 500;

/** A `<result>` or an `<error>` while it is read: attributes and texts by "parent/name". */
export class ResultTexts {
  readonly line: number;
  oid = '';
  readonly #texts = new Map<string, string>();
  readonly references: string[] = [];

  constructor(line: number) {
    this.line = line;
  }

  refer(cve: string): void {
    if (this.references.length < MOST_REFERENCES) this.references.push(cve);
  }

  set(path: string, text: string): void {
    this.#texts.set(path, text.trim());
  }

  get(path: string): string {
    return this.#texts.get(path) ?? '';
  }
}

/** Elements below a result or an error whose text is used. */
export const RESULT_TEXTS: ReadonlySet<string> = new Set([
  ...['name', 'host', 'port', 'threat', 'severity', 'original_severity', 'creation_time'].map(
    (name) => `result/${name}`,
  ),
  'error/host',
  'host/hostname',
  'error/description',
  'nvt/name',
  'nvt/family',
  'nvt/cve',
  'qod/type',
  'severity/value',
]);

/** Those that explain the test: used once in a file. `<description>` is what was seen at one host. */
export const NVT_WORDS: ReadonlySet<string> = new Set(['nvt/tags', 'nvt/solution']);

/** In front of the text of a CVE, the CVE scanner writes what it met on the host. */
export function meaningOf(summary: string, insight: string): string {
  const ofHost = summary.startsWith('The host carries the product:');
  const general = ofHost
    ? summary
        .split(/\n\s*\n/)
        .slice(1)
        .join('\n\n')
    : summary;
  return unbroken(`${general}\n\n${insight}`);
}

/** `<tags>` is "summary=…|insight=…|impact=…|solution=…"; newer versions have the solution in an element of its own. */
export function wordsOf(result: ResultTexts) {
  const tags = result.get('nvt/tags').split(/\|(?=\w{1,40}=)/);
  const tag = (name: string): string =>
    tags.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return {
    description: meaningOf(tag('summary'), tag('insight')),
    harm: unbroken(tag('impact')),
    advice: unbroken(result.get('nvt/solution') || tag('solution')),
  };
}

export interface Service {
  readonly transport: Transport;
  readonly port: number;
}

const WHOLE_ASSET: Service = { transport: 'none', port: 0 };

/** "443/tcp"; "general/tcp", "general/CPE-T", "package" and nothing belong to the asset as a whole. */
export function serviceOf(text: string): Service | null {
  const [, number, transport] = /^(\d{1,5})\/(tcp|udp)$/i.exec(text) ?? [];
  if (number === undefined) return /^\d/.test(text) ? null : WHOLE_ASSET;
  const port = Number(number);
  if (port > 65_535) return null;
  return port === 0 ? WHOLE_ASSET : { transport: transport?.toLowerCase() === 'udp' ? 'udp' : 'tcp', port };
}

/** Greenbone's quality of detection types that look from inside, attack, or only read what a service says of itself. */
const METHOD_OF_TYPE: Readonly<Record<string, Method>> = {
  exploit: 'active',
  remote_vul: 'active',
  package: 'local',
  package_unreliable: 'local',
  registry: 'local',
  executable_version: 'local',
  executable_version_unreliable: 'local',
  remote_banner: 'banner',
  remote_banner_unreliable: 'banner',
};

/** gvmd's LSC_FAMILY_LIST: local security checks. */
const LOCAL_FAMILY = /Local Security Checks$|^Windows : Microsoft Bulletins$/;

/** The CVE scanner concludes from product versions that an earlier scan found. */
export function methodOf(oid: string, family: string, qodType: string): Method {
  if (oid.startsWith('CVE-')) return 'banner';
  if (LOCAL_FAMILY.test(family)) return 'local';
  return lookUp(METHOD_OF_TYPE, qodType) ?? 'remote';
}

/** Severity -1 is "false positive" by an override, -3 an error; then what the test itself said counts. */
export function severityOf(score: string, original: string, threat: string): Severity {
  const value = [score, original].find((text) => /^\d/.test(text));
  return value === undefined ? severityOfWord(threat) : severityOfScore(Number(value));
}

/** Null when it names no test or an impossible port. */
export function presenceOf(result: ResultTexts, asset: string): ObservationRecord | null {
  const service = serviceOf(result.get('result/port'));
  if (service === null || result.oid === '' || result.oid === '0') return null;
  const method = methodOf(result.oid, result.get('nvt/family'), result.get('qod/type'));
  const vector = result.get('severity/value');
  return {
    record: 'observation',
    asset,
    ...service,
    check: `greenbone:${result.oid}`,
    locus: '',
    verdict: 'present',
    title: result.get('result/name') || result.get('nvt/name'),
    severity: severityOf(
      result.get('result/severity'),
      result.get('result/original_severity'),
      result.get('result/threat'),
    ),
    cve: cveIds(...result.references, result.get('nvt/cve'), result.oid),
    cwe: [],
    cvss: vector === '' ? [] : [vector],
    at: zonedInstant(result.get('result/creation_time')),
    ...(method === 'remote' ? {} : { method }),
    // What was seen from the network needs no login to be seen again.
    ...(method === 'local' ? {} : { credential: 'none' as const }),
  };
}
