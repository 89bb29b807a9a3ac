import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { brokenLink, entryHash, type LedgerEntry } from '../prove/chain.ts';
import { fingerprintOf, type PublicKey } from '../prove/dsse.ts';
import type { Sha256 } from '../prove/hash.ts';
import { merkleTree } from '../prove/merkle.ts';
import { auditLeaf, chainOf } from './entry.ts';
import {
  type AuditExportEnd,
  type AuditExportHead,
  type AuditLine,
  exportSignedBy,
  type LedgerLine,
  readAuditLine,
  type SealedLine,
} from './export.ts';

/** One chain of the file. `head` is the hash of its last entry: to be compared with one noted elsewhere. */
export interface CheckedChain {
  readonly organization: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly head: Sha256;
  /** Audit entries that it seals. */
  readonly entries: number;
}

export interface ValidAuditExport {
  readonly verdict: 'valid';
  readonly export: AuditExportHead;
  readonly chains: readonly CheckedChain[];
  readonly sealed: number;
  /** Entries that nothing vouches for but the signature of the file. */
  readonly unsealed: number;
  readonly key: { readonly publicKey: PublicKey; readonly fingerprint: Sha256; readonly trusted: boolean };
}

export type AuditExportVerdict =
  | ValidAuditExport
  /** `line` from 1: the first that does not fit. */
  | { readonly verdict: 'invalid'; readonly line: number; readonly message: string };

/** Ends the walk at the first line that does not fit; caught in `verifyAuditExport` and nowhere else. */
class Misfit extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Verifies an audit export from nothing but its own lines, each without its newline. The input is hostile: whatever it
 * holds, the answer is a verdict. Holds one batch in memory, not the file.
 */
export async function verifyAuditExport(
  lines: Iterable<string> | AsyncIterable<string>,
  { trustedKeys }: { readonly trustedKeys?: readonly PublicKey[] } = {},
): Promise<AuditExportVerdict> {
  const walk = new Walk(trustedKeys);
  try {
    for await (const line of lines) walk.take(line);
    return walk.finish();
  } catch (error) {
    if (error instanceof Misfit) return { verdict: 'invalid', line: error.line, message: error.message };
    throw error;
  }
}

/** A ledger entry of kind audit whose leaves are being read. */
interface Batch {
  readonly line: number;
  readonly entry: LedgerEntry;
  readonly hashes: Sha256[];
}

class Walk {
  readonly #trustedKeys: readonly PublicKey[] | undefined;
  readonly #digest = sha256.create();
  readonly #chains = new Map<string, CheckedChain>();
  #line = 0;
  #head: AuditExportHead | null = null;
  #end: AuditExportEnd | null = null;
  #last: LedgerEntry | null = null;
  #batch: Batch | null = null;
  #sealed = 0;
  #unsealed = 0;

  constructor(trustedKeys: readonly PublicKey[] | undefined) {
    this.#trustedKeys = trustedKeys;
  }

  take(text: string): void {
    this.#line += 1;
    if (this.#end !== null) this.#misfit('it stands behind the end');
    const read = readAuditLine(text);
    if (!read.ok) this.#misfit(read.message);
    const line = read.value;
    if ((this.#head === null) !== (line.record === 'audit-export'))
      this.#misfit('the first line, and no other, says what was exported');
    if (line.record !== 'sealed') this.#closeBatch();
    this.#step(line);
    if (line.record !== 'end') this.#digest.update(utf8ToBytes(`${text}\n`));
  }

  #step(line: AuditLine): void {
    switch (line.record) {
      case 'audit-export':
        this.#head = line;
        return;
      case 'ledger':
        return this.#link(line);
      case 'sealed':
        return this.#leaf(line);
      case 'unsealed':
        this.#unsealed += 1;
        return;
      case 'end':
        return this.#closeFile(line);
    }
  }

  finish(): ValidAuditExport {
    const [head, end] = [this.#head, this.#end];
    if (head === null || end === null)
      throw new Misfit(this.#line + 1, 'the file was cut: its last line is missing');
    return {
      verdict: 'valid',
      export: head,
      chains: [...this.#chains.values()],
      sealed: this.#sealed,
      unsealed: this.#unsealed,
      key: {
        publicKey: end.publicKey,
        fingerprint: fingerprintOf(end.publicKey),
        trusted: this.#trustedKeys !== undefined,
      },
    };
  }

  /** Chains stand one after the other, each without a gap, so that no sealed batch can be left out between two. */
  #link({ ledger }: LedgerLine): void {
    if (this.#unsealed > 0) this.#misfit('a ledger entry stands behind unsealed ones');
    const { organization, seq } = ledger;
    const before = this.#last?.organization === organization ? this.#last : null;
    const chain = this.#chains.get(organization);
    if (before === null && chain !== undefined) this.#misfit(`the chain of ${organization} was left before`);
    // The first of a chain hangs on an entry that is not in the file, unless it is the very first.
    const why = before !== null || seq === 1 ? brokenLink(before, ledger) : null;
    if (why !== null) this.#misfit(`ledger entry ${seq}: ${why}`);
    const { firstSeq, entries } = chain ?? { firstSeq: seq, entries: 0 };
    this.#chains.set(organization, {
      organization,
      firstSeq,
      lastSeq: seq,
      head: entryHash(ledger),
      entries,
    });
    this.#last = ledger;
    if (ledger.kind === 'audit') this.#batch = { line: this.#line, entry: ledger, hashes: [] };
  }

  #leaf({ leaf, hash, entry }: SealedLine): void {
    const batch = this.#batch;
    if (batch === null) this.#misfit('no ledger entry of kind audit stands before it');
    if (leaf !== batch.hashes.length) this.#misfit(`it is leaf ${leaf} where ${batch.hashes.length} belongs`);
    if (chainOf(entry) !== batch.entry.organization) this.#misfit('it belongs to another chain');
    if (auditLeaf(entry) !== hash) this.#misfit('the entry does not have the hash that stands beside it');
    batch.hashes.push(hash);
    this.#sealed += 1;
  }

  #closeBatch(): void {
    const batch = this.#batch;
    if (batch === null) return;
    this.#batch = null;
    const { organization, seq, leaves, root } = batch.entry;
    const have = batch.hashes.length;
    if (have !== leaves)
      throw new Misfit(batch.line, `ledger entry ${seq} seals ${leaves} entries; ${have} are here`);
    if (merkleTree(batch.hashes).root !== root)
      throw new Misfit(batch.line, `ledger entry ${seq} has another root than its entries`);
    const chain = this.#chains.get(organization);
    if (chain !== undefined) this.#chains.set(organization, { ...chain, entries: chain.entries + have });
  }

  #closeFile(end: AuditExportEnd): void {
    if (end.sealed !== this.#sealed || end.unsealed !== this.#unsealed)
      this.#misfit(
        `it counts ${end.sealed} sealed and ${end.unsealed} unsealed entries; here are ${this.#sealed} and ${this.#unsealed}`,
      );
    if (end.sha256 !== bytesToHex(this.#digest.digest()))
      this.#misfit('the lines before it are not those that were signed');
    if (!exportSignedBy(end)) this.#misfit('the signature does not belong to this file and key');
    if (this.#trustedKeys !== undefined && !this.#trustedKeys.includes(end.publicKey))
      this.#misfit(`signed by ${fingerprintOf(end.publicKey)}, which is not the key that was asked for`);
    this.#end = end;
  }

  #misfit(message: string): never {
    throw new Misfit(this.#line, message);
  }
}
