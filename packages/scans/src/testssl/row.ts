import { isIP } from 'node:net';
import type { Identifier } from '@backcheck/core';

/** One finding as testssl writes it; `id` without the number of the certificate. */
export interface Row {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
}

/** Whom the rows speak of. */
export interface Target {
  readonly identifiers: readonly Identifier[];
  /** As written; judged when the rows are used. */
  readonly port: string;
}

/** Characters. Only whole certificates are longer, and nothing is read from them. */
const LONGEST_FINDING = 2_000;

/** Undefined when the value is no row at all. */
export function rowOf(value: unknown): Row | undefined {
  const id = textAt(value, 'id');
  const severity = textAt(value, 'severity');
  const finding = textAt(value, 'finding');
  if (id === undefined || severity === undefined || finding === undefined) return undefined;
  if (id.length > 200) return undefined;
  // "cert_keySize <cert#2>": which certificate is the second may change from run to run.
  const plain = id.replace(/ <(?:hostC|c)ert#\d+>$/, '');
  if (!/^[\w.<>#:+ -]+$/.test(plain)) return undefined;
  return {
    id: plain,
    severity,
    finding: finding.slice(0, LONGEST_FINDING),
    cve: words(textAt(value, 'cve'), /^CVE-\d{4}-\d{4,}$/),
    cwe: words(textAt(value, 'cwe'), /^CWE-\d{1,5}$/),
  };
}

function words(text: string | undefined, shape: RegExp): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => shape.test(word));
}

/** A property of a parsed JSON value as text; numbers are written out, all else is undefined. */
export function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found: unknown = Reflect.get(value, key);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' ? found : undefined;
}

/** Flat rows write "www.example.org/192.0.2.7", and "192.0.2.7/192.0.2.7" when no name was given. */
export function targetOfPair(pair: string, port: string): Target {
  const slash = pair.lastIndexOf('/');
  // A CSV that was edited may have lost the address.
  if (slash < 0) return targetOf(pair, '', port);
  return targetOf(pair.slice(0, slash), pair.slice(slash + 1), port);
}

/** The name comes first where the tool was given one: its answers hold for that name (SNI). */
export function targetOf(name: string, address: string, port: string): Target {
  const ip = address.replace(/^\[|\]$/g, '');
  const called = name.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const named = isIP(called) === 0 && /^[\w-]+(?:\.[\w-]+)*$/.test(called);
  const identifiers: Identifier[] = named ? [{ kind: 'fqdn', value: called }] : [];
  if (isIP(ip) !== 0) identifiers.push({ kind: 'ip', value: ip });
  else if (isIP(called) !== 0) identifiers.push({ kind: 'ip', value: called });
  return { identifiers, port };
}
