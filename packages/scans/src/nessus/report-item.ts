import type { Method, ObservationRecord, Severity, Transport } from '@backcheck/core';
import { unbroken } from '../explanation.ts';
import { lookUp } from '../look-up.ts';
import type { XmlAttributes } from '../xml.ts';

const SEVERITY: Readonly<Record<string, Severity>> = {
  '0': 'info',
  '1': 'low',
  '2': 'medium',
  '3': 'high',
  '4': 'critical',
};

/** Child elements of a ReportItem whose text is used for each of them. */
export const ITEM_TEXTS: ReadonlySet<string> = new Set([
  'cve',
  'cwe',
  'xref',
  'cvss_vector',
  'cvss3_vector',
  'cvss4_vector',
  'plugin_type',
]);

/** Those that explain the plugin: used once in a file. */
export const ITEM_WORDS: ReadonlySet<string> = new Set(['description', 'solution']);

/** One ReportItem while it is read. */
export interface ReportItem {
  readonly plugin: string;
  readonly transport: Transport;
  readonly port: number;
  readonly severity: Severity;
  readonly title: string;
  readonly cve: string[];
  readonly cwe: string[];
  readonly cvss: string[];
  readonly words: { description: string; solution: string };
  pluginType: string;
  /** Results of an audit policy; they are one item for each rule, all of the same plugin. */
  compliance: boolean;
}

/** Null when the item has no usable plugin, port or severity. Items at port 0 belong to the whole asset. */
export function startItem(attributes: XmlAttributes): ReportItem | null {
  const plugin = attributes['pluginID'] ?? '';
  const port = /^\d{1,5}$/.test(attributes['port'] ?? '') ? Number(attributes['port']) : -1;
  const protocol = attributes['protocol']?.toLowerCase();
  const transport = port === 0 ? 'none' : protocol === 'tcp' || protocol === 'udp' ? protocol : undefined;
  const severity = lookUp(SEVERITY, attributes['severity'] ?? '');
  if (!/^\d{1,9}$/.test(plugin) || port < 0 || port > 65_535) return null;
  if (transport === undefined || severity === undefined) return null;
  const title = attributes['pluginName'] ?? '';
  return {
    plugin,
    transport,
    port,
    severity,
    title,
    cve: [],
    cwe: [],
    cvss: [],
    words: { description: '', solution: '' },
    pluginType: '',
    compliance: false,
  };
}

export function addText(item: ReportItem, name: string, text: string): void {
  const value = text.trim();
  if (name === 'plugin_type') item.pluginType = value;
  else if (name === 'description' || name === 'solution') item.words[name] = value;
  else if (name === 'cve') addOnce(item.cve, /^CVE-\d{4}-\d{4,}$/i.test(value) ? value.toUpperCase() : '');
  else if (name === 'cwe' || name === 'xref') addOnce(item.cwe, weakness(name, value));
  // Nessus writes version 2 vectors as "CVSS2#AV:N/…"; FIRST's notation has no prefix for them.
  else addOnce(item.cvss, value.replace(/^CVSS2#/, ''));
}

/** Lines are broken to a width in the file. */
export const explanationOf = ({ words: { description, solution } }: Pick<ReportItem, 'words'>) => ({
  description: unbroken(description),
  advice: unbroken(solution),
});

function weakness(name: string, value: string): string {
  const number = (name === 'cwe' ? /^(?:CWE[-:])?(\d{1,5})$/i : /^CWE[-:](\d{1,5})$/i).exec(value)?.[1];
  return number === undefined ? '' : `CWE-${number}`;
}

function addOnce(list: string[], value: string): void {
  if (value !== '' && !list.includes(value)) list.push(value);
}

/**
 * How the plugin looked. `combined` plugins look from inside where they can log in; which of both gave the
 * result is not in the file, so the stronger way is what a later scan must match.
 */
function methodOf(pluginType: string, loggedIn: boolean): Method {
  if (pluginType === 'local') return 'local';
  const either = pluginType === 'combined' || pluginType === '';
  return either && loggedIn ? 'local' : 'remote';
}

export interface ItemPlace {
  readonly asset: string;
  readonly at: string | null;
  /** The scan logged in on this asset. */
  readonly loggedIn: boolean;
}

export function observationOf(item: ReportItem, { asset, at, loggedIn }: ItemPlace): ObservationRecord {
  const method = methodOf(item.pluginType, loggedIn);
  return {
    record: 'observation',
    asset,
    transport: item.transport,
    port: item.port,
    check: `nessus:${item.plugin}`,
    locus: '',
    verdict: 'present',
    title: item.title,
    severity: item.severity,
    cve: item.cve,
    cwe: item.cwe,
    cvss: item.cvss,
    at,
    ...(method === 'local' ? { method } : {}),
    // What was seen from the network needs no login to be seen again.
    ...(method === 'remote' && loggedIn ? { credential: 'none' as const } : {}),
  };
}
