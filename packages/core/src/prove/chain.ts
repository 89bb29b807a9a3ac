import type { Instant } from '../observe/record.ts';
import { canonical } from './canonical.ts';
import { type Sha256, sha256Hex } from './hash.ts';
import { EMPTY_ROOT } from './merkle.ts';

export const LEDGER_KINDS = [
  'import',
  'quarantine',
  'decision',
  'merge',
  'split',
  'register',
  'audit',
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** `previous` of the first entry. */
export const NO_ENTRY: Sha256 = '0'.repeat(64);

/**
 * One link of an organization's ledger: what happened, and the Merkle root over the leaves that it brought
 * (closures and supersessions; for `audit` the entries of the audit log that it seals). `at` is the ledger's own time; `scan` the file that caused the entry.
 */
export interface LedgerEntry {
  readonly organization: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** `entryHash` of the entry before. */
  readonly previous: Sha256;
  readonly kind: LedgerKind;
  readonly at: Instant;
  readonly scan: Sha256 | null;
  /** How many leaves; the size of the tree. */
  readonly leaves: number;
  readonly root: Sha256;
}

/** SHA-256 of the entry's canonical JSON. */
export function entryHash({
  organization,
  seq,
  previous,
  kind,
  at,
  scan,
  leaves,
  root,
}: LedgerEntry): Sha256 {
  return sha256Hex(canonical({ organization, seq, previous, kind, at, scan, leaves, root }));
}

/** Why `entry` cannot follow `before` (null: cannot be the first); null when it can. */
export function brokenLink(before: LedgerEntry | null, entry: LedgerEntry): string | null {
  const seq = (before?.seq ?? 0) + 1;
  if (entry.seq !== seq) return `its number is ${entry.seq} where ${seq} belongs`;
  if (before !== null && before.organization !== entry.organization)
    return 'it belongs to another organization';
  if (entry.previous !== (before === null ? NO_ENTRY : entryHash(before))) {
    return before === null
      ? 'the first entry names a previous one'
      : 'its previous hash is not that of the entry before';
  }
  if (entry.leaves === 0 && entry.root !== EMPTY_ROOT) return 'it has no leaves and yet a root';
  return null;
}

/** `head` is the hash of the last entry: whoever notes it can later show that nothing before was changed. */
export type ChainVerdict =
  | { readonly intact: true; readonly entries: number; readonly head: Sha256 }
  | { readonly intact: false; readonly seq: number; readonly why: string };

/** Walks one organization's whole ledger in order. `seq` of a break is the place where it was expected. */
export function verifyChain(entries: Iterable<LedgerEntry>): ChainVerdict {
  let before: LedgerEntry | null = null;
  let count = 0;
  for (const entry of entries) {
    count += 1;
    const why = brokenLink(before, entry);
    if (why !== null) return { intact: false, seq: count, why };
    before = entry;
  }
  return { intact: true, entries: count, head: before === null ? NO_ENTRY : entryHash(before) };
}
