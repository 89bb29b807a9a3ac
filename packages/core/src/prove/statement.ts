import { LEDGER_KINDS, type LedgerEntry } from './chain.ts';
import { type Closure, leafHash } from './closure.ts';
import type { PublicKey } from './dsse.ts';
import type { Sha256 } from './hash.ts';
import { closureShape } from './read-closure.ts';
import {
  instant,
  integer,
  list,
  nullable,
  oneOf,
  readShape,
  record,
  type Shape,
  type Shaped,
  sha256,
  some,
  text,
  word,
} from './shape.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** A name, not an address: nothing is ever fetched from it. */
export const PREDICATE_TYPE = 'https://backcheck.dev/closure/v1';

/** Where the closure stands in the ledger: leaf `leafIndex` of `entry.leaves` under `entry.root`. */
export interface LedgerPlace {
  readonly entry: LedgerEntry;
  /** The entry before, so that one link of the chain can be checked; null for the first. */
  readonly previousEntry: LedgerEntry | null;
  readonly leafIndex: number;
  readonly inclusionProof: readonly Sha256[];
}

export interface Predicate {
  readonly closure: Closure;
  readonly ledger: LedgerPlace;
  /** Of the signer. That it stands here does not make it trusted. */
  readonly publicKey: PublicKey;
}

export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: Sha256 };
}

/** An in-toto Statement v1 about a closure: the closure itself, then each scan file that it rests on. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly Subject[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: Predicate;
}

/** The subjects that belong to a closure, in order. */
export function subjectsOf(closure: Closure): Subject[] {
  const { asset, transport, port, check, locus } = closure.finding.key;
  const name = `${check} at ${asset} ${transport}/${port}${locus === '' ? '' : ` ${locus}`}`;
  const scans = closure.witnesses.map(({ scan }, index) => ({
    name: `scan ${index + 1} (${scan.format})`,
    digest: { sha256: scan.sha256 },
  }));
  return [{ name, digest: { sha256: leafHash(closure) } }, ...scans];
}

export function statementOf(predicate: Predicate): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(predicate.closure),
    predicateType: PREDICATE_TYPE,
    predicate,
  };
}

export const ledgerEntryShape: Shape<LedgerEntry> = record<LedgerEntry>({
  organization: word,
  seq: integer(1, Number.MAX_SAFE_INTEGER),
  previous: sha256,
  kind: oneOf(LEDGER_KINDS),
  at: instant,
  scan: nullable(sha256),
  leaves: integer(0, Number.MAX_SAFE_INTEGER),
  root: sha256,
});

const statementShape: Shape<Statement> = record<Statement>({
  _type: oneOf([STATEMENT_TYPE]),
  subject: some(record<Subject>({ name: text, digest: record<Subject['digest']>({ sha256 }) })),
  predicateType: oneOf([PREDICATE_TYPE]),
  predicate: record<Predicate>({
    closure: closureShape,
    ledger: record<LedgerPlace>({
      entry: ledgerEntryShape,
      previousEntry: nullable(ledgerEntryShape),
      leafIndex: integer(0, Number.MAX_SAFE_INTEGER),
      inclusionProof: list(sha256),
    }),
    publicKey: sha256,
  }),
});

export function readStatement(value: unknown): Shaped<Statement> {
  return readShape(statementShape, value, 'statement');
}
