import { isIP } from 'node:net';
import type { Fact, Identifier, ObservationRecord } from '@backcheck/core';
import type { AgreedWords } from '../agreed-words.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { packageLocus } from '../package-locus.ts';
import { severityOfWord } from '../severity.ts';
import type { VisitLog } from '../visit-log.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { webPlace } from '../web-place.ts';

/** What is read of one finding of DefectDojo's generic format, JSON or CSV. */
export interface Finding {
  readonly title: string;
  readonly severity: string;
  /** The rule, where the tool names one: else the title stands for the check. */
  readonly rule: string;
  readonly ids: readonly unknown[];
  readonly weaknesses: readonly unknown[];
  readonly vectors: readonly string[];
  /** Addresses as texts. */
  readonly endpoints: readonly string[];
  readonly file: string;
  readonly component: string;
  readonly param: string;
  /** Tells findings of one rule in one file apart. */
  readonly spot: string;
  readonly mitigated: boolean;
  readonly line: number;
}

/** `mitigated` findings are left out, and so are their words. Nothing in the format tells evidence from explanation. */
export function noteWords(
  said: AgreedWords,
  finding: Finding,
  words: Readonly<Record<'description' | 'harm' | 'advice', string>>,
): void {
  if (!finding.mitigated) said.add(ruleOf(finding), words);
}

/** The check without the name of its tool. */
const ruleOf = ({ rule, title }: Finding): string => rule || title;

type Where = Pick<ObservationRecord, 'transport' | 'port' | 'locus'> & { readonly addressed: Identifier };

/** An address from the parts that DefectDojo's endpoint object has. */
export function addressOf({
  protocol,
  host,
  port,
  path,
}: Readonly<Record<'protocol' | 'host' | 'port' | 'path', string>>): string {
  const scheme = /^[a-z][a-z\d+.-]*$/i.test(protocol) ? protocol : 'tcp';
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return `${scheme}://${name}${port === '' ? '' : `:${port}`}/${path.replace(/^\//, '')}`;
}

/** Turns findings into presences, and says at the end which have no place or count as mitigated. */
export class Findings {
  readonly #visits: VisitLog;
  #firstPlaceless: Finding | undefined;
  #placelessCount = 0;
  #mitigatedCount = 0;

  constructor(visits: VisitLog) {
    this.#visits = visits;
  }

  /** One presence for each endpoint, else one at the file or the component. */
  presences(finding: Finding, tool: string): ObservationRecord[] {
    if (finding.mitigated) {
      this.#mitigatedCount += 1;
      return [];
    }
    const places = placesOf(finding);
    if (places.length > 0) return places.map((place) => this.#presence(finding, place, tool));
    this.#placelessCount += 1;
    this.#firstPlaceless ??= finding;
    return [this.#presence(finding, unnamedPlace(finding, tool), tool)];
  }

  warnings(): Fact[] {
    const facts: Fact[] = [];
    const first = this.#firstPlaceless;
    if (first !== undefined) {
      const message = `${this.#placelessCount} findings name no endpoint, file or component and stand at an asset without a name; the first is "${first.title}"`;
      facts.push({ record: 'warning', code: 'NO_ASSET', message, line: first.line });
    }
    if (this.#mitigatedCount > 0) {
      const message = `${this.#mitigatedCount} findings that the file calls mitigated were left out: that word neither opens nor closes`;
      facts.push({ record: 'warning', code: 'MITIGATED', message });
    }
    return facts;
  }

  #presence(finding: Finding, { addressed, ...where }: Where, tool: string): ObservationRecord {
    const visit = this.#visits.visit(addressed);
    visit.reached = true;
    return {
      record: 'observation',
      asset: visit.id,
      ...where,
      check: `${tool}:${ruleOf(finding)}`,
      verdict: 'present',
      title: finding.title,
      severity: severityOfWord(finding.severity),
      cve: cveIds(finding.rule, ...finding.ids),
      cwe: cweIds(...finding.weaknesses),
      cvss: finding.vectors.filter((vector) => /^CVSS:[34]\.\d\//.test(vector)),
      // The date of a finding is the day of its discovery; the file says nothing of when it was last seen.
      at: null,
      method: ['fqdn', 'ip'].includes(addressed.kind) ? 'remote' : 'local',
    };
  }
}

function placesOf(finding: Finding): Where[] {
  const { file, component, param, spot } = finding;
  const endpoints = finding.endpoints.map((address) => endpointPlace(address, [param, component]));
  const found = endpoints.filter((place) => place !== undefined);
  if (found.length > 0) return found;
  const nowhere = { transport: 'none', port: 0 } as const;
  const name = { type: 'generic', name: component };
  if (file !== '') {
    const locus = component === '' ? located(file, [param, spot]) : packageLocus(file, name);
    return [{ ...nowhere, addressed: { kind: 'file', value: file }, locus }];
  }
  if (component === '') return [];
  return [{ ...nowhere, addressed: { kind: 'package', value: packageLocus('', name).slice(1) }, locus: '' }];
}

/** Nothing is lost for want of a name: such findings of one tool share one asset, and the format closes none of them. */
function unnamedPlace({ param, spot }: Finding, tool: string): Where {
  const addressed = { kind: 'file', value: `unnamed:${tool}` } as const;
  return { transport: 'none', port: 0, addressed, locus: located('', [param, spot]) };
}

function endpointPlace(address: string, details: readonly string[]): Where | undefined {
  const text = address.includes('://') ? address : `tcp://${address}`;
  const web = webPlace(text);
  if (web !== undefined)
    return { addressed: web.identifier, transport: 'tcp', port: web.port, locus: located(web.path, details) };
  if (!URL.canParse(text)) return undefined;
  // Without a port the finding is of the asset as a whole.
  const { hostname, pathname } = new URL(text);
  const addressed = hostIdentifier(hostname.replace(/^\[|\]$/g, ''));
  return addressed && { addressed, transport: 'none', port: 0, locus: located(pathname, details) };
}

function located(place: string, details: readonly string[]): string {
  const detail = details.filter((one) => one !== '').join(' ');
  return detail === '' ? place : `${place}#${detail}`;
}
