import { isIP } from 'node:net';
import type { AssetRecord, Fact, Identifier, ObservationRecord } from '@backcheck/core';
import type { SslTest } from './ssl-test.ts';
import {
  CERTIFICATE,
  COMPRESSION,
  cipherSeverity,
  DEPRECATED,
  FALLBACK,
  HEARTBLEED,
  RENEGOTIATION,
  WEAK_CIPHER,
  type Weakness,
} from './weaknesses.ts';

type Said = Pick<ObservationRecord, 'check' | 'locus' | 'verdict' | 'title' | 'severity' | 'cve' | 'cwe'>;

/** The name or address that the tool was given comes first; the address behind a name follows. */
export function identifiersOf(host: string, address?: string): Identifier[] {
  const ip = address === undefined || isIP(address) === 0 ? undefined : address;
  if (isIP(host) !== 0) return [{ kind: 'ip', value: host }];
  const name = host.toLowerCase().replace(/\.$/, '');
  const named: Identifier[] = /^[\w-]+(?:\.[\w-]+)*$/.test(name) ? [{ kind: 'fqdn', value: name }] : [];
  return ip === undefined ? named : [...named, { kind: 'ip', value: ip }];
}

/** sslscan writes no time at all. */
export function sslAsset(id: string, identifiers: readonly Identifier[], reached: boolean): AssetRecord {
  const asset = {
    record: 'asset',
    id,
    identifiers,
    startedAt: null,
    finishedAt: null,
    credential: 'none',
  } as const;
  return reached ? { ...asset, reached } : { ...asset, reached, reason: 'NO_HOST' };
}

/** Undefined when the text is no port from 1 to 65535. */
export function portNumber(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/**
 * The facts of one test. `whole` is false when the file ends inside of it.
 * What is not there proves nothing unless a TLS conversation took place: against a plain HTTP port sslscan
 * writes all six protocols with enabled="0", word for word what a fixed server gives (nottls.xml of the corpus).
 */
export function testFacts(test: SslTest, asset: string, port: number, whole: boolean): Fact[] {
  const said = [...protocolSaid(test), ...cipherSaid(test), ...certificateSaid(test)];
  const observation = (one: Said): Fact => {
    const locus = locusOf(test, one.locus);
    return { record: 'observation', asset, transport: 'tcp', port, ...one, locus, cvss: [], at: null };
  };
  const present = said.filter((one) => one.verdict === 'present').map(observation);
  if (!whole) return present;
  const claim = {
    record: 'coverage',
    asset,
    transport: 'tcp',
    ports: String(port),
    method: 'remote',
    assumptions: [],
  } as const;
  if (test.failed || !spokeTls(test)) {
    return [...present, { ...claim, checks: { all: true }, evidence: 'E0', reason: 'CHECK_NOT_RUN' }];
  }
  const silent = silentAnswers(test).flatMap(({ check, places }): Fact[] => {
    const loci = places.map((place) => locusOf(test, place));
    return loci.length === 0 ? [] : [{ ...claim, checks: { ids: [check] }, evidence: 'E2', within: loci }];
  });
  return [...said.map(observation), ...silent];
}

function spokeTls(test: SslTest): boolean {
  const offered = [...test.protocols.values()].some((enabled) => enabled);
  return offered && (test.ciphers.length > 0 || test.certificates.length > 0);
}

/** Asked for another name than the target's (`--sni-name`), the answer holds for that name (COVERAGE 5.2). */
function locusOf(test: SslTest, place: string): string {
  const { host = '', sniname = '' } = test.attributes;
  const name = sniname === '' || sniname.toLowerCase() === host.toLowerCase() ? '' : sniname.toLowerCase();
  return [name, place].filter((part) => part !== '').join('#');
}

/**
 * Where silence is an answer (E2): a finished list of ciphers, or the refusal of the whole protocol, speaks for
 * every cipher of it; a refused protocol has no heartbeat either.
 */
function silentAnswers(test: SslTest): { readonly check: string; readonly places: string[] }[] {
  const refused = [...test.protocols].filter(([, enabled]) => !enabled).map(([protocol]) => protocol);
  const offered = [...test.protocols].filter(([, enabled]) => enabled).map(([protocol]) => protocol);
  const listed = offered.filter((protocol) => test.ciphers.some((row) => row.protocol === protocol));
  return [
    { check: WEAK_CIPHER.check, places: [...refused, ...listed] },
    { check: HEARTBLEED.check, places: refused },
  ];
}

function protocolSaid(test: SslTest): Said[] {
  const offered = [...test.protocols].flatMap(([protocol, enabled]) => {
    const known = DEPRECATED.get(protocol);
    return known === undefined ? [] : [say(known, enabled)];
  });
  const bleeding = [...test.heartbleed].map(([protocol, vulnerable]) =>
    say(HEARTBLEED, vulnerable, protocol),
  );
  const { renegotiation, compression, fallback } = test;
  return [
    ...offered,
    ...bleeding,
    ...(renegotiation === undefined
      ? []
      : [say(RENEGOTIATION, renegotiation.supported && !renegotiation.secure)]),
    ...(compression === undefined ? [] : [say(COMPRESSION, compression)]),
    ...(fallback === undefined ? [] : [say(FALLBACK, !fallback)]),
  ];
}

function cipherSaid(test: SslTest): Said[] {
  return test.ciphers.flatMap((row) => {
    const severity = cipherSeverity(row);
    if (severity === undefined) return [];
    const title = `Weak cipher ${row.cipher} is accepted over ${row.protocol}`;
    return [say({ ...WEAK_CIPHER, title, severity }, true, `${row.protocol}#${row.cipher}`)];
  });
}

/** With several certificates (RSA and ECDSA) one bad one is enough, and a good verdict needs all of them. */
function certificateSaid({ certificates }: SslTest): Said[] {
  return CERTIFICATE.flatMap(([weakness, judge]) => {
    const judged = certificates.map(judge);
    if (judged.includes(true)) return [say(weakness, true)];
    return judged.length > 0 && judged.every((bad) => bad === false) ? [say(weakness, false)] : [];
  });
}

function say(weakness: Weakness, present: boolean, locus = ''): Said {
  const verdict = present ? 'present' : 'absent';
  return { ...weakness, locus, verdict, severity: present ? weakness.severity : 'info' };
}
