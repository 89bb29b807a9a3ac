import type { CoverageRecord, Fact, ObservationRecord, Transport } from '@backcheck/core';
import type { Explanations } from '../explanation.ts';
import type { NamesAsked } from './command-line.ts';
import type { Element } from './element.ts';
import { readHttpSecurityHeaders } from './http-security-headers.ts';
import type { ScanWindow, ScriptReader, ScriptVerdict } from './script-says.ts';
import { readSsh2EnumAlgos } from './ssh2-enum-algos.ts';
import { readSslCert } from './ssl-cert.ts';
import { readSslEnumCiphers } from './ssl-enum-ciphers.ts';
import { readVerdictTables } from './verdict-scripts.ts';
import { readVulners } from './vulners.ts';

/** Scripts with a table of their own; all others are read as the verdict tables of nselib/vulns.lua. */
const READERS: ReadonlyMap<string, ScriptReader> = new Map([
  ['ssl-enum-ciphers', readSslEnumCiphers],
  ['ssl-cert', readSslCert],
  ['http-security-headers', readHttpSecurityHeaders],
  ['ssh2-enum-algos', readSsh2EnumAlgos],
  ['vulners', readVulners],
]);

/** Scripts whose answer holds for the name that they asked for and no other (COVERAGE 5.2: virtual hosts, SNI). */
const BY_NAME = /^(?:(ssl|sslv2|tls)|https?)-/;

export interface ScriptPlace {
  readonly asset: string;
  readonly transport: Transport;
  readonly port: number;
  /** The DNS name by which the target was called. */
  readonly calledBy: string | undefined;
  readonly asked: NamesAsked;
  readonly window: ScanWindow;
  readonly explanations: Explanations;
}

/**
 * The facts in the output of one script. A script that printed nothing is not in the file, and nothing is
 * said about it: that is no evidence.
 */
export function scriptFacts(script: Element, place: ScriptPlace): Fact[] {
  const id = script.attributes['id'] ?? '';
  if (!/^[\w.-]{1,100}$/.test(id)) return [];
  const check = `nmap-script:${id}`;
  const service = { asset: place.asset, transport: place.transport, port: place.port };
  if (/^\s*ERROR\b/.test(script.attributes['output'] ?? '')) return [failedScript(service, check)];
  const {
    verdicts,
    answered,
    description = '',
  } = (READERS.get(id) ?? readVerdictTables)(script, place.window);
  const name = nameAsked(id, place);
  const facts: Fact[] = verdicts.map((verdict) => ({
    ...service,
    ...observation(check, locus(name, verdict.place), verdict),
  }));
  if (answered.length > 0) {
    const within = answered.map((one) => locus(name, one));
    facts.push({ ...coverage(service, check), evidence: 'E2', within });
  }
  return [...facts, ...place.explanations.of(check, () => ({ description }))];
}

function nameAsked(id: string, { calledBy, asked }: ScriptPlace): string | undefined {
  const match = BY_NAME.exec(id);
  if (match === null) return undefined;
  return (match[1] === undefined ? asked.http : asked.tls) ?? calledBy;
}

function locus(name: string | undefined, place: string): string {
  return [name ?? '', place].filter((part) => part !== '').join('#');
}

function observation(
  check: string,
  at: string,
  { verdict, title, severity, cve = [], cwe = [], cvss = [], method }: ScriptVerdict,
): Omit<ObservationRecord, 'asset' | 'transport' | 'port'> {
  const said = {
    record: 'observation',
    check,
    locus: at,
    verdict,
    title,
    severity,
    cve,
    cwe,
    cvss,
    at: null,
  } as const;
  return method === undefined ? said : { ...said, method };
}

type Service = Pick<CoverageRecord, 'asset'> & { readonly transport: Transport; readonly port: number };

function coverage({ asset, transport, port }: Service, check: string): Omit<CoverageRecord, 'evidence'> {
  const checks = { ids: [check] };
  return {
    record: 'coverage',
    asset,
    transport,
    ports: String(port),
    checks,
    method: 'remote',
    assumptions: [],
  };
}

/** "ERROR: Script execution failed": it ran into a fault and answers nothing. */
function failedScript(service: Service, check: string): Fact {
  return { ...coverage(service, check), evidence: 'E0', reason: 'CHECK_NOT_RUN' };
}
