import type { Severity } from '@backcheck/core';
import { lookUp } from '../look-up.ts';
import { childrenOf, type Element, elemAt, tableAt } from './element.ts';
import { SAYS_NOTHING, type ScriptSays, type ScriptVerdict } from './script-says.ts';

const PROTOCOLS = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const DEPRECATED: Readonly<Record<string, { title: string; severity: Severity; cve: readonly string[] }>> = {
  SSLv3: { title: 'SSL 3.0 is offered', severity: 'high', cve: ['CVE-2014-3566'] },
  'TLSv1.0': { title: 'TLS 1.0 is offered', severity: 'medium', cve: [] },
  'TLSv1.1': { title: 'TLS 1.1 is offered', severity: 'medium', cve: [] },
};

/** Grades that nmap gives by key exchange and key length; it knows RC4 and the like only as warnings. */
const WEAK_GRADES: ReadonlyMap<string, Severity> = new Map([
  ['C', 'low'],
  ['D', 'medium'],
  ['E', 'medium'],
  ['F', 'high'],
]);
const WEAK_NAME = /_(?:NULL|anon|EXPORT|RC4|RC2|DES|3DES|IDEA|MD5)(?:_|$|\d)/;

/**
 * The table names every protocol and cipher that the server accepted; the script tries them all. What is
 * missing in a finished table ("least strength" is its last entry) was refused.
 * A protocol of its own is a finding at its name, a weak cipher at `TLSv1.0#TLS_RSA_WITH_RC4_128_SHA`.
 */
export function readSslEnumCiphers(script: Element): ScriptSays {
  const offered = PROTOCOLS.filter((name) => tableAt(script, name) !== undefined);
  if (offered.length === 0) return SAYS_NOTHING;
  const verdicts = offered.flatMap((protocol): ScriptVerdict[] => {
    const table = tableAt(script, protocol);
    return table === undefined ? [] : [...protocolVerdict(protocol), ...cipherVerdicts(protocol, table)];
  });
  return { verdicts, answered: elemAt(script, 'least strength') === undefined ? [] : PROTOCOLS };
}

function protocolVerdict(protocol: string): ScriptVerdict[] {
  const known = lookUp(DEPRECATED, protocol);
  return known === undefined ? [] : [{ place: protocol, verdict: 'present', cwe: ['CWE-327'], ...known }];
}

function cipherVerdicts(protocol: string, table: Element): ScriptVerdict[] {
  const ciphers = tableAt(table, 'ciphers');
  if (ciphers === undefined) return [];
  return childrenOf(ciphers, 'table').flatMap((row): ScriptVerdict[] => {
    const name = elemAt(row, 'name');
    if (name === undefined) return [];
    const grade = elemAt(row, 'strength') ?? 'unknown';
    const place = `${protocol}#${name}`;
    const severity = WEAK_GRADES.get(grade) ?? (WEAK_NAME.test(name) ? 'medium' : undefined);
    const title = `Weak cipher ${name} is accepted over ${protocol} (grade ${grade})`;
    if (severity !== undefined) return [{ place, verdict: 'present', title, severity, cwe: ['CWE-327'] }];
    // Offered but not graded: neither weak nor proven strong.
    return /^[AB]$/.test(grade) ? [] : [{ place, verdict: 'error', title, severity: 'info' }];
  });
}
