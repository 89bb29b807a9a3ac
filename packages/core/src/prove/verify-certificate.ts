import { canonicalOrNull } from './canonical.ts';
import { brokenLink, entryHash, type LedgerEntry } from './chain.ts';
import { type Closure, leafHash } from './closure.ts';
import { fingerprintOf, type OpenedEnvelope, openEnvelope, type PublicKey, signedBy } from './dsse.ts';
import type { Sha256 } from './hash.ts';
import { verifyInclusion } from './merkle.ts';
import { type Review, reviewClosure } from './review.ts';
import { membersOf, readShape } from './shape.ts';
import { type LedgerPlace, readStatement, type Statement, subjectsOf } from './statement.ts';
import { fromUtf8 } from './utf8.ts';

/** In the order in which they are asked; docs/certificate.md explains each. */
export const CERTIFICATE_STEPS = [
  'envelope',
  'key',
  'signature',
  'payload',
  'statement',
  'leaf',
  'inclusion',
  'chain',
  'closure',
] as const;
export type CertificateStep = (typeof CERTIFICATE_STEPS)[number];

/** `trusted`: whether the key is one of those that the caller named; false also when he named none. */
export interface ValidCertificate {
  readonly verdict: 'valid';
  /** The certificate's id. */
  readonly leaf: Sha256;
  readonly closure: Closure;
  readonly entry: LedgerEntry;
  readonly entryHash: Sha256;
  readonly key: { readonly publicKey: PublicKey; readonly fingerprint: Sha256; readonly trusted: boolean };
  readonly review: Review;
}

export type CertificateVerdict =
  | ValidCertificate
  | { readonly verdict: 'invalid'; readonly step: CertificateStep; readonly message: string }
  | { readonly verdict: 'unreadable'; readonly message: string };

export interface VerifyOptions {
  /** Public keys (64 hex digits). Without them any key passes, and the reader compares the fingerprint. */
  readonly trustedKeys?: readonly PublicKey[];
}

/** A certificate has a few kilobytes; an inclusion proof of 2^53 leaves would add four. */
export const MAX_CERTIFICATE_BYTES = 1024 * 1024;

/**
 * Verifies a certificate from nothing but its own bytes. The input is hostile: whatever it holds, the
 * answer is a verdict. Every step may rely on those before it.
 */
export function verifyCertificate(
  file: Uint8Array | string,
  { trustedKeys }: VerifyOptions = {},
): CertificateVerdict {
  try {
    const envelope = checkEnvelope(file);
    const publicKey = checkKey(envelope, trustedKeys);
    checkSignature(envelope, publicKey);
    const statement = checkStatement(checkPayload(envelope));
    const { closure, ledger } = statement.predicate;
    const leaf = checkLeaf(statement);
    checkInclusion(leaf, ledger);
    const hash = checkChain(closure, ledger);
    const review = checkClosure(closure);
    const key = { publicKey, fingerprint: envelope.keyid, trusted: trustedKeys !== undefined };
    return { verdict: 'valid', leaf, closure, entry: ledger.entry, entryHash: hash, key, review };
  } catch (error) {
    if (error instanceof Failed) return error.verdict;
    throw error;
  }
}

/** Ends the walk at the first step that does not hold; caught in `verifyCertificate` and nowhere else. */
class Failed extends Error {
  readonly verdict: Exclude<CertificateVerdict, ValidCertificate>;

  constructor(verdict: Exclude<CertificateVerdict, ValidCertificate>) {
    super(verdict.message);
    this.verdict = verdict;
  }
}

const invalid = (step: CertificateStep, message: string) => new Failed({ verdict: 'invalid', step, message });
const unreadable = (message: string) => new Failed({ verdict: 'unreadable', message });

/** Exactly the canonical text of an envelope, with at most one newline after it. */
function checkEnvelope(file: Uint8Array | string): OpenedEnvelope {
  if (file.length > MAX_CERTIFICATE_BYTES) throw unreadable(`larger than ${MAX_CERTIFICATE_BYTES} bytes`);
  const text = typeof file === 'string' ? file : fromUtf8(file);
  const value = text === null ? undefined : parsed(text);
  if (text === null || value === undefined) throw unreadable('not JSON; the file may be cut');
  const members = readShape(membersOf, value, 'file');
  const names = ['payload', 'payloadType', 'signatures'];
  if (!members.ok || !names.every((name) => Object.hasOwn(members.value, name))) {
    throw unreadable('not a certificate: a DSSE envelope has payload, payloadType and signatures');
  }
  const opened = openEnvelope(value);
  if (!opened.ok) throw invalid('envelope', opened.message);
  if (canonicalOrNull(value) !== text.replace(/\n$/, ''))
    throw invalid('envelope', 'not in its canonical form');
  return opened.value;
}

/**
 * The key that the certificate names. It is read from the payload before the signature is checked, since
 * DSSE leaves no other place for it; nothing else of the payload is believed until then.
 */
function checkKey({ payload, keyid }: OpenedEnvelope, trustedKeys: VerifyOptions['trustedKeys']): PublicKey {
  const statement = readShape(membersOf, parsed(fromUtf8(payload) ?? ''), 'payload');
  const predicate = statement.ok
    ? readShape(membersOf, statement.value['predicate'], 'predicate')
    : statement;
  const publicKey = predicate.ok ? predicate.value['publicKey'] : undefined;
  if (typeof publicKey !== 'string' || !/^[0-9a-f]{64}$/.test(publicKey)) {
    throw invalid('key', 'the payload names no public key');
  }
  if (fingerprintOf(publicKey) !== keyid)
    throw invalid('key', 'the key id is not the fingerprint of the public key');
  if (trustedKeys !== undefined && !trustedKeys.includes(publicKey)) {
    throw invalid('key', `signed by ${keyid}, which is not the key that was asked for`);
  }
  return publicKey;
}

function checkSignature(envelope: OpenedEnvelope, publicKey: PublicKey): void {
  if (!signedBy(envelope, publicKey))
    throw invalid('signature', 'the signature does not belong to this payload and key');
}

/** Canonical bytes: so a member that stands twice, or in two spellings, cannot mean one thing here and another there. */
function checkPayload({ payload }: OpenedEnvelope): unknown {
  const text = fromUtf8(payload);
  const value = text === null ? undefined : parsed(text);
  if (value === undefined || canonicalOrNull(value) !== text)
    throw invalid('payload', 'not canonical JSON (RFC 8785)');
  return value;
}

/** Its subjects are those of the closure; the digest of the first is the next step. */
function checkStatement(payload: unknown): Statement {
  const read = readStatement(payload);
  if (!read.ok) throw invalid('statement', read.message);
  const { subject, predicate } = read.value;
  const expected = subjectsOf(predicate.closure);
  const same = expected.every(({ name, digest }, index) => {
    const given = subject[index];
    return given?.name === name && (index === 0 || given.digest.sha256 === digest.sha256);
  });
  if (!same || subject.length !== expected.length)
    throw invalid('statement', 'its subjects are not those of the closure');
  return read.value;
}

function checkLeaf({ subject, predicate }: Statement): Sha256 {
  const leaf = leafHash(predicate.closure);
  if (subject[0]?.digest.sha256 !== leaf)
    throw invalid('leaf', `the closure hashes to ${leaf}, not to its subject`);
  return leaf;
}

function checkInclusion(leaf: Sha256, { entry, leafIndex, inclusionProof }: LedgerPlace): void {
  const place = { leaf, index: leafIndex, size: entry.leaves, proof: inclusionProof, root: entry.root };
  if (!verifyInclusion(place))
    throw invalid('inclusion', `the closure is not leaf ${leafIndex} of the ledger entry`);
}

/** Returns the hash of the entry, to be compared with a ledger that one has seen elsewhere. */
function checkChain({ organization }: Closure, { entry, previousEntry }: LedgerPlace): Sha256 {
  if (entry.organization !== organization.id)
    throw invalid('chain', 'the ledger entry belongs to another organization');
  const why = brokenLink(previousEntry, entry);
  if (why !== null) throw invalid('chain', `ledger entry ${entry.seq}: ${why}`);
  return entryHash(entry);
}

function checkClosure(closure: Closure): Review {
  const review = reviewClosure(closure);
  const failed = review.steps.find((one) => !one.ok);
  if (failed !== undefined) throw invalid('closure', `${failed.step}: ${failed.message}`);
  return review;
}

/** Undefined where the text is no JSON, which no JSON text parses to. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
