import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Instant } from '../observe/record.ts';
import { canonical, canonicalOrNull } from '../prove/canonical.ts';
import type { LedgerEntry } from '../prove/chain.ts';
import { type PublicKey, preAuthEncoding, publicKeyOf } from '../prove/dsse.ts';
import type { Sha256 } from '../prove/hash.ts';
import {
  instant,
  integer,
  membersOf,
  nullable,
  oneOf,
  readShape,
  record,
  type Shape,
  type Shaped,
  sha256,
  text,
  word,
  wrong,
} from '../prove/shape.ts';
import { ledgerEntryShape } from '../prove/statement.ts';
import { AUDIT_VIAS, type AuditDetails, type AuditEntry } from './entry.ts';

/** First line: what was asked for. `organization` null: everything that the asker may read. */
export interface AuditExportHead {
  readonly record: 'audit-export';
  readonly version: 1;
  readonly organization: string | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
  readonly at: Instant;
}

/** A link of a chain; where it is of kind audit, its entries are the next lines. */
export interface LedgerLine {
  readonly record: 'ledger';
  readonly ledger: LedgerEntry;
}

export interface SealedLine {
  readonly record: 'sealed';
  /** Place among the leaves of the ledger entry above, from 0. */
  readonly leaf: number;
  readonly hash: Sha256;
  readonly entry: AuditEntry;
}

/** An entry that no ledger entry vouches for yet. */
export interface UnsealedLine {
  readonly record: 'unsealed';
  readonly entry: AuditEntry;
}

/** Last line. `sha256` is that of all bytes before this line; without this line the file was cut. */
export interface AuditExportEnd {
  readonly record: 'end';
  readonly sealed: number;
  readonly unsealed: number;
  readonly sha256: Sha256;
  readonly publicKey: PublicKey;
  /** 128 hex digits: Ed25519 over the pre-authentication encoding of `sha256`. */
  readonly signature: string;
}

export type AuditLine = AuditExportHead | LedgerLine | SealedLine | UnsealedLine | AuditExportEnd;

/** A line of the file without its newline. */
export const auditLine = (line: AuditLine): string => canonical(line);

const SIGNATURE_TYPE = 'application/vnd.backcheck.audit-export';

const signedBytes = (digest: Sha256): Uint8Array => preAuthEncoding(SIGNATURE_TYPE, utf8ToBytes(digest));

/** The last line. `secretKey`: the 32-byte seed of RFC 8032. */
export function signExport(
  counts: Pick<AuditExportEnd, 'sealed' | 'unsealed' | 'sha256'>,
  secretKey: Uint8Array,
): AuditExportEnd {
  const signature = bytesToHex(ed25519.sign(signedBytes(counts.sha256), secretKey));
  return { record: 'end', ...counts, publicKey: publicKeyOf(secretKey), signature };
}

/** False also for anything that is no key or no signature. */
export function exportSignedBy({ sha256: digest, publicKey, signature }: AuditExportEnd): boolean {
  try {
    const key = hexToBytes(publicKey);
    return ed25519.verify(hexToBytes(signature), signedBytes(digest), key, { zip215: false });
  } catch {
    return false;
  }
}

const detail: Shape<AuditDetails[string]> = (value, place) =>
  value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string'
    ? value
    : wrong(place, 'a text, a number, true, false or null');

const details: Shape<AuditDetails> = (value, place) =>
  Object.fromEntries(
    Object.entries(membersOf(value, place)).map(([name, one]) => [name, detail(one, `${place}.${name}`)]),
  );

const entry = record<AuditEntry>({
  kind: oneOf(['audit']),
  id: word,
  organization: nullable(word),
  at: instant,
  account: nullable(record<NonNullable<AuditEntry['account']>>({ id: word, name: text })),
  via: nullable(oneOf(AUDIT_VIAS)),
  address: nullable(text),
  action: word,
  object: word,
  objectId: nullable(text),
  details,
});

const count = integer(0, Number.MAX_SAFE_INTEGER);

const AUDIT_LINES = ['audit-export', 'ledger', 'sealed', 'unsealed', 'end'] as const;

const SHAPES: Readonly<Record<(typeof AUDIT_LINES)[number], Shape<AuditLine>>> = {
  'audit-export': record<AuditExportHead>({
    record: oneOf(['audit-export']),
    version: (value, place) => (value === 1 ? value : wrong(place, '1, the version that is known here')),
    organization: nullable(word),
    from: nullable(instant),
    to: nullable(instant),
    at: instant,
  }),
  ledger: record<LedgerLine>({ record: oneOf(['ledger']), ledger: ledgerEntryShape }),
  sealed: record<SealedLine>({ record: oneOf(['sealed']), leaf: count, hash: sha256, entry }),
  unsealed: record<UnsealedLine>({ record: oneOf(['unsealed']), entry }),
  end: record<AuditExportEnd>({
    record: oneOf(['end']),
    sealed: count,
    unsealed: count,
    sha256,
    publicKey: sha256,
    signature: word,
  }),
};

const anyLine: Shape<AuditLine> = (value, place) => {
  const name = membersOf(value, place)['record'];
  const known = AUDIT_LINES.find((one) => one === name);
  return known === undefined ? wrong(place, 'a line of an audit export') : SHAPES[known](value, place);
};

/** A line without its newline. Only the canonical text of a line is one: so no byte of it can be another. */
export function readAuditLine(text: string): Shaped<AuditLine> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'not JSON' };
  }
  return canonicalOrNull(value) === text
    ? readShape(anyLine, value, 'line')
    : { ok: false, message: 'not in its canonical form (RFC 8785)' };
}

/** Whether a file that begins with this line says that it is an audit export. */
export function opensAuditExport(firstLine: string): boolean {
  try {
    const value: unknown = JSON.parse(firstLine);
    return (
      typeof value === 'object' && value !== null && 'record' in value && value.record === 'audit-export'
    );
  } catch {
    return false;
  }
}
