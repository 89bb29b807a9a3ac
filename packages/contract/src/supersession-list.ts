import {
  canonical,
  canonicalOrNull,
  envelopeText,
  fingerprintOf,
  type Instant,
  openEnvelope,
  type PublicKey,
  publicKeyOf,
  type Sha256,
  STATEMENT_TYPE,
  SUPERSESSION_CAUSES,
  type Supersession,
  sealEnvelope,
  sha256Hex,
  signedBy,
} from '@backcheck/core';

/** A name, not an address: nothing is ever fetched from it. */
const LIST_TYPE = 'https://backcheck.dev/supersessions/v1';

/** One certificate that no longer stands, by its number: the leaf hash of its closure. Nothing else of it is told. */
export interface SupersededCertificate {
  readonly certificate: Sha256;
  readonly at: Instant;
  readonly cause: Supersession['cause'];
}

/**
 * Which certificates no longer stand: all that were superseded from `since` (null: ever) up to and with `until`, as the
 * signer knew it at `issuedAt`. docs/certificate.md section 9.
 */
export interface SupersessionList {
  readonly issuedAt: Instant;
  readonly since: Instant | null;
  readonly until: Instant;
  /** By time, then by number; each once. */
  readonly entries: readonly SupersededCertificate[];
}

/** Milliseconds: a large import records what it supersedes as of its start, and is seen when it ends. */
export const SETTLED_AFTER = 60 * 60 * 1000;

/** Whether it goes as far as a list can; else the next one begins at its `until`. */
export const isUpToDate = ({ issuedAt, until }: SupersessionList): boolean =>
  Date.parse(issuedAt) - Date.parse(until) <= SETTLED_AFTER;

export type SupersessionVerdict =
  | { readonly verdict: 'valid'; readonly list: SupersessionList; readonly publicKey: PublicKey }
  | { readonly verdict: 'invalid'; readonly message: string };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** The list as the text of its file: a DSSE envelope, as a certificate has. `seed`: the 32 bytes of RFC 8032. */
export function sealSupersessions(list: SupersessionList, seed: Uint8Array): string {
  const payload = canonical(statementOf(list, publicKeyOf(seed)));
  return envelopeText(sealEnvelope(new TextEncoder().encode(payload), seed));
}

/** Whether a text claims to be such a list; what it says is not yet believed. */
export function looksLikeSupersessions(text: string): boolean {
  const payload = payloadOf(text);
  return payload !== null && member(payload.statement, 'predicateType') === LIST_TYPE;
}

/**
 * `trusted`: the keys of which one must have signed, normally the one that signed the certificate. `any` key is enough
 * only for what no verdict rests on.
 */
export function readSupersessions(text: string, trusted: readonly PublicKey[] | 'any'): SupersessionVerdict {
  const opened = payloadOf(text);
  if (opened === null) return invalid('not a DSSE envelope around JSON');
  const { envelope, payload, statement } = opened;
  const predicate = member(statement, 'predicate');
  const publicKey = member(predicate, 'publicKey');
  if (typeof publicKey !== 'string' || !SHA256.test(publicKey)) return invalid('it names no public key');
  const known = trusted === 'any' || trusted.includes(publicKey);
  if (fingerprintOf(publicKey) !== envelope.keyid || !known)
    return invalid(`signed by ${envelope.keyid}, which is not the key that was asked for`);
  if (!signedBy(envelope, publicKey)) return invalid('the signature does not belong to this list and key');
  const list = listIn(predicate);
  // Written again it must be the same text: so nothing unknown, twice, or in another order stands in it.
  if (list === null || canonical(statementOf(list, publicKey)) !== payload)
    return invalid('not a list of superseded certificates in its exact form');
  return { verdict: 'valid', list, publicKey };
}

/** The entry of a certificate; null where the list does not name it. */
export function supersessionOf(
  { entries }: SupersessionList,
  certificate: Sha256,
): SupersededCertificate | null {
  return entries.findLast((one) => one.certificate === certificate) ?? null;
}

function statementOf({ issuedAt, since, until, entries }: SupersessionList, publicKey: PublicKey) {
  const sha256 = sha256Hex(canonical(entries));
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'superseded certificates', digest: { sha256 } }],
    predicateType: LIST_TYPE,
    predicate: { issuedAt, since, until, entries, publicKey },
  };
}

const invalid = (message: string): SupersessionVerdict => ({ verdict: 'invalid', message });

function payloadOf(text: string) {
  const value = parsed(text);
  if (value === undefined || canonicalOrNull(value) !== text.replace(/\n$/, '')) return null;
  const opened = openEnvelope(value);
  if (!opened.ok) return null;
  // A byte that is no UTF-8 becomes U+FFFD, and the text no longer the one that is written again.
  const payload = new TextDecoder('utf-8', { ignoreBOM: true }).decode(opened.value.payload);
  return { envelope: opened.value, payload, statement: parsed(payload) };
}

function listIn(predicate: unknown): SupersessionList | null {
  const [issuedAt, since, until, entries] = ['issuedAt', 'since', 'until', 'entries'].map((name) =>
    member(predicate, name),
  );
  if (!isInstant(issuedAt) || !isInstant(until) || !(since === null || isInstant(since))) return null;
  if (!Array.isArray(entries)) return null;
  const read = entries.map(entryIn);
  return read.every((one) => one !== null) ? { issuedAt, since, until, entries: read } : null;
}

function entryIn(value: unknown): SupersededCertificate | null {
  const [certificate, at, cause] = ['certificate', 'at', 'cause'].map((name) => member(value, name));
  const known = SUPERSESSION_CAUSES.find((one) => one === cause);
  return typeof certificate === 'string' && SHA256.test(certificate) && isInstant(at) && known !== undefined
    ? { certificate, at, cause: known }
    : null;
}

const isInstant = (value: unknown): value is Instant => typeof value === 'string' && INSTANT.test(value);

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** Undefined where the text is no JSON, which no JSON text parses to. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
