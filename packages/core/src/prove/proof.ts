import { utf8ToBytes } from '@noble/hashes/utils.js';
import { canonical } from './canonical.ts';
import type { Closure } from './closure.ts';
import type { Sha256 } from './hash.ts';
import { hashLeaf } from './merkle.ts';
import { readClosure } from './read-closure.ts';
import { type ReviewStep, reviewClosure } from './review.ts';

/** Not exported: nobody outside this file can make a value that has it (DESIGN section 4, first lock). */
const reviewed: unique symbol = Symbol('reviewed');

/** A closure that was judged again and stands. The database takes nothing else for `verified-fixed`. */
export interface Proof {
  readonly kind: 'proof';
  readonly closure: Closure;
  /** `leafHash` of the closure: the ledger's leaf and the certificate's id. */
  readonly leaf: Sha256;
  /** The closure's canonical JSON: the bytes that `leaf` is the hash of. */
  readonly record: string;
  readonly [reviewed]: true;
}

export interface Refusal {
  readonly kind: 'refusal';
  /** The steps that failed; empty when the closure could not even be read. */
  readonly failed: readonly ReviewStep[];
  readonly message: string;
}

/**
 * The only way to a `Proof`: from a covering absence just found (`closureOf`) as well as from a closure
 * that was stored, which is why it reads the value again instead of trusting its type.
 */
export function proofOf(closure: unknown): Proof | Refusal {
  const read = readClosure(closure);
  if (!read.ok) return { kind: 'refusal', failed: [], message: read.message };
  const failed = reviewClosure(read.value).steps.filter((one) => !one.ok);
  const first = failed[0];
  if (first !== undefined) return { kind: 'refusal', failed, message: `${first.step}: ${first.message}` };
  const record = canonical(read.value);
  return {
    kind: 'proof',
    closure: read.value,
    record,
    leaf: hashLeaf(utf8ToBytes(record)),
    [reviewed]: true,
  };
}
