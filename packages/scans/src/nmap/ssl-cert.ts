import { type Element, elemAt, tableAt } from './element.ts';
import type { ScanWindow, ScriptSays, ScriptVerdict } from './script-says.ts';

type Defect = Omit<ScriptVerdict, 'verdict'>;

const EXPIRED: Defect = {
  place: 'expired',
  title: 'The certificate has expired',
  severity: 'high',
  cwe: ['CWE-298'],
};
const WEAK_SIGNATURE: Defect = {
  place: 'weak-signature',
  title: 'The certificate is signed with a broken hash',
  severity: 'medium',
  cwe: ['CWE-328'],
};
const WEAK_KEY: Defect = {
  place: 'weak-key',
  title: 'The key of the certificate is too short',
  severity: 'medium',
  cwe: ['CWE-326'],
};
const SELF_SIGNED: Defect = {
  place: 'self-signed',
  title: 'The certificate is self-signed',
  severity: 'medium',
  cwe: ['CWE-295'],
};

/** Smallest key lengths of NIST SP 800-57 part 1, table 2, for 112 bits of strength. */
const MINIMUM_BITS: ReadonlyMap<string, number> = new Map([
  ['rsa', 2048],
  ['dsa', 2048],
  ['ec', 224],
]);

/**
 * ssl-cert prints the certificate field by field and judges nothing: true and false below are our reading
 * of its fields, undefined means that the field is not there, so that its silence proves nothing.
 */
export function readSslCert(script: Element, window: ScanWindow): ScriptSays {
  const judged: readonly (readonly [Defect, boolean | undefined])[] = [
    [EXPIRED, expired(script, window)],
    [WEAK_SIGNATURE, weakSignature(elemAt(script, 'sig_algo'))],
    [WEAK_KEY, weakKey(tableAt(script, 'pubkey'))],
    [SELF_SIGNED, selfSigned(tableAt(script, 'subject'), tableAt(script, 'issuer'))],
  ];
  const found = judged.filter(([, bad]) => bad === true);
  const verdicts = found.map(([defect]): ScriptVerdict => ({ verdict: 'present', ...defect }));
  const answered = judged.filter(([, bad]) => bad !== undefined).map(([defect]) => defect.place);
  return { verdicts, answered };
}

/** Undefined also when it expired during the scan. */
function expired(script: Element, { startedAt, finishedAt }: ScanWindow): boolean | undefined {
  const written = elemAt(tableAt(script, 'validity') ?? script, 'notAfter') ?? '';
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(written)?.[0];
  if (time === undefined || startedAt === null || finishedAt === null) return undefined;
  const end = `${time}.000Z`;
  if (end <= startedAt) return true;
  return end > finishedAt ? false : undefined;
}

function weakSignature(algorithm: string | undefined): boolean | undefined {
  if (algorithm === undefined || algorithm === '') return undefined;
  return /(?:md[245]|sha-?1)(?!\d)/i.test(algorithm);
}

function weakKey(key: Element | undefined): boolean | undefined {
  const minimum = MINIMUM_BITS.get(elemAt(key ?? EMPTY, 'type') ?? '');
  const bits = Number(elemAt(key ?? EMPTY, 'bits') ?? Number.NaN);
  return minimum === undefined || !Number.isInteger(bits) ? undefined : bits < minimum;
}

const EMPTY: Element = { name: 'table', attributes: {}, children: [], text: '' };

function selfSigned(subject: Element | undefined, issuer: Element | undefined): boolean | undefined {
  if (subject === undefined || issuer === undefined) return undefined;
  return nameText(subject) === nameText(issuer);
}

function nameText(name: Element): string {
  return name.children
    .map((part) => `${part.attributes['key'] ?? ''}=${part.text}`)
    .sort()
    .join('\n');
}
