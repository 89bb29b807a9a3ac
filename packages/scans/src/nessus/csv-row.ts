import type { Identifier, Instant, Severity, Transport } from '@backcheck/core';
import type { Cell, CsvRow } from '../csv.ts';
import { englishInstant } from '../english-instant.ts';
import { hostIdentifier } from '../host-identifier.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds, cweIds } from '../weakness-ids.ts';
import { webPlace } from '../web-place.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { ReportItem } from './report-item.ts';

/**
 * One row, whichever product wrote it: Nessus ("Plugin ID", "Host"), Tenable Vulnerability Management before 2023
 * (the same and "Vulnerability State"), since then ("definition.id", "asset.name"), Security Center ("Plugin",
 * "IP Address"), Web App Scanning (protocol "http", the page in the output).
 */
export interface TenableRow {
  readonly item: ReportItem;
  readonly output: string;
  readonly locus: string;
  /** When the vendor's data base last had this; what is fixed, when a fitting test last had results. */
  readonly at: Instant | null;
  /** The row comes from the vendor's data base of all scans, not from one scan. */
  readonly aggregated: boolean;
  readonly fixed: boolean;
}

const PLUGIN = ['plugin id', 'plugin', 'definition.id'];

/** Null when the row names no plugin, protocol or port that can be used. */
export function readRow(cell: Cell, row: CsvRow): TenableRow | null {
  const text = (...names: readonly string[]): string => cell(row, ...names);
  const plugin = text(...PLUGIN);
  const service = serviceOf(text('protocol').toLowerCase(), text('port'));
  if (!/^\d{1,9}$/.test(plugin) || service === null) return null;
  const output = text('plugin output', 'output');
  const pluginType = text('plugin type', 'check type', 'definition.type').toLowerCase();
  const state = text('vulnerability state', 'state').toLowerCase();
  const lastSeen = text('last found', 'last_seen', 'last observed');
  const tested =
    pluginType === 'local' ? 'last authenticated results date' : 'last unauthenticated results date';
  return {
    item: {
      plugin,
      ...service,
      severity: severityOf(text('risk', 'severity')),
      title: text('name', 'plugin name', 'definition.name'),
      cve: cveIds(text('cve', 'definition.cve')),
      cwe: [
        ...cweIds(text('xref', 'cross references').replaceAll('#', '')),
        ...cweIds(...text('definition.cwe').split(',')),
      ],
      cvss: vectorsOf(text),
      // Words are of the plugin, and rows wait: see `wordsOf`.
      words: { description: '', solution: '' },
      pluginType,
      compliance: false,
    },
    output,
    locus: service.web ? webLocus(output) : '',
    at: instantOf(state === 'fixed' ? text(tested) : lastSeen),
    aggregated: state !== '' || lastSeen !== '',
    fixed: state === 'fixed',
  };
}

/** Rules of an audit policy are rows of one plugin, and their description is a result: `"1.1 …" : [FAILED]`. */
const AUDIT_RESULT = /\[(?:PASSED|FAILED|WARNING|ERROR)\]/;

/** What the row says of its plugin. */
export function wordsOf(cell: Cell, row: CsvRow): ReportItem['words'] {
  const description = cell(row, 'description', 'definition.description');
  if (AUDIT_RESULT.test(description)) return { description: '', solution: '' };
  return {
    description: description || cell(row, 'synopsis', 'definition.synopsis'),
    solution: cell(row, 'solution', 'definition.solution'),
  };
}

/** What was scanned first, then what else the row knows of it. */
export function identifiersOf(cell: Cell, row: CsvRow): Identifier[] {
  const text = (...names: readonly string[]): string => cell(row, ...names);
  const addressed = [
    text('host'),
    text('ip address', 'asset.display_ipv4_address'),
    text('fqdn', 'dns name', 'asset.display_fqdn'),
    text('asset.display_ipv6_address'),
  ].flatMap((name) => webPlace(name)?.identifier ?? hostIdentifier(name) ?? []);
  const macs = text('mac address', 'asset.display_mac_address').toLowerCase().match(MAC) ?? [];
  const agents = [text('agent id'), text('host id'), text('asset.id')].filter((id) => id !== '');
  if (addressed.length + agents.length === 0) return [];
  return [
    ...addressed,
    ...macs.map((value) => ({ kind: 'mac', value }) as const),
    ...agents.map((value) => ({ kind: 'agent', value }) as const),
  ];
}

const MAC = /\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g;

function instantOf(text: string): Instant | null {
  return zonedInstant(text) ?? englishInstant(text);
}

interface Service {
  readonly transport: Transport;
  readonly port: number;
  readonly web: boolean;
}

/** Web App Scanning writes "http" and leaves the port out where it is that of the scheme. */
function serviceOf(protocol: string, portText: string): Service | null {
  const web = protocol === 'http' || protocol === 'https';
  if (web && portText === '') return { transport: 'tcp', port: protocol === 'http' ? 80 : 443, web };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : -1;
  if (port < 0 || port > 65_535) return null;
  if (port === 0) return { transport: 'none', port, web };
  if (protocol === 'udp') return { transport: 'udp', port, web };
  return web || protocol === 'tcp' ? { transport: 'tcp', port, web } : null;
}

const GRADES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

function severityOf(text: string): Severity {
  return /^[0-4]$/.test(text) ? (GRADES[Number(text)] ?? 'info') : severityOfWord(text);
}

/** Tenable's version 3 vectors are of 3.0; some exports leave the prefix out. */
function vectorsOf(text: (...names: readonly string[]) => string): string[] {
  const two = text('cvss vector', 'cvss v2 vector', 'definition.cvss2.base_vector').replace(/^CVSS2#/, '');
  const three = text('cvss3 vector', 'cvss v3 vector', 'definition.cvss3.base_vector');
  return [two, three === '' || three.startsWith('CVSS:') ? three : `CVSS:3.0/${three}`].filter(
    (vector) => vector !== '',
  );
}

/** "… on URL 'http://www.example.org/search' by exploiting 'form' element named 'query' …": where the attack was made. */
function webLocus(output: string): string {
  const [, url, name] =
    /\bon URL '([^'\s]+)'(?: by exploiting '[^']*' element named '([^']*)')?/.exec(output) ?? [];
  const path = webPlace(url)?.path ?? '';
  return name === undefined || path === '' ? path : `${path}#${name}`;
}
