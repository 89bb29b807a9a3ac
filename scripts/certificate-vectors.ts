import {
  type Closure,
  canonical,
  type Envelope,
  envelopeText,
  type LedgerEntry,
  type LedgerPlace,
  leafHash,
  publicKeyOf,
  type Statement,
  sealEnvelope,
  statementOf,
  type Witness,
} from '@backcheck/core';
import {
  explicitClosure,
  placeOf,
  silentClosure,
  TEST_KEY,
} from '../packages/core/src/prove/closure.fixture.ts';

/** One file of fixtures/certificates and what a verifier must say about it. */
export interface Vector {
  /** Below fixtures/certificates. */
  readonly file: string;
  readonly text: string;
  /** A public key to pin, below fixtures/certificates; null: any key passes. */
  readonly key: string | null;
  readonly exit: 0 | 1 | 2;
  /** The failing step; null for valid and unreadable files. */
  readonly step: string | null;
  /** Where the step is "closure": the failing step of the review. */
  readonly review: string | null;
  readonly why: string;
}

interface WitnessChange {
  readonly scan?: Partial<Witness['scan']>;
  readonly visit?: Partial<Witness['visit']>;
  readonly claim?: Partial<Witness['claim']>;
}

/** The closure with every witness changed in the same way. */
export function rewitnessed(closure: Closure, { scan, visit, claim }: WitnessChange): Closure {
  const witnesses = closure.witnesses.map((witness) => ({
    scan: { ...witness.scan, ...scan },
    visit: { ...witness.visit, ...visit },
    claim: { ...witness.claim, ...claim },
  }));
  return { ...closure, witnesses };
}

export const seedOf = (key: string): Uint8Array => new Uint8Array(Buffer.from(key, 'hex'));

export function statementFor(closure: Closure, ledger: LedgerPlace = placeOf(closure)): Statement {
  return statementOf({ closure, ledger, publicKey: publicKeyOf(seedOf(TEST_KEY)) });
}

export function sealed(payload: string, key = TEST_KEY): Envelope {
  return sealEnvelope(new Uint8Array(Buffer.from(payload)), seedOf(key));
}

/** A certificate in which all is consistent, whatever the closure is worth. */
export function signed(statement: Statement): string {
  return envelopeText(sealed(canonical(statement)));
}

export const valid = (name: string, text: string, why: string): Vector => ({
  file: `valid/${name}.json`,
  text,
  key: null,
  exit: 0,
  step: null,
  review: null,
  why,
});

export const invalid = (name: string, step: string, text: string, why: string): Vector => ({
  ...valid(name, text, why),
  file: `broken/${name}.json`,
  exit: 1,
  step,
});

export const unreadable = (name: string, text: string, why: string): Vector => ({
  ...valid(name, text, why),
  file: `broken/${name}.json`,
  exit: 2,
});

/** Properly issued for a closure that does not stand: only the review can tell. */
export const unproven = (name: string, review: string, closure: Closure, why: string): Vector => ({
  ...invalid(name, 'closure', signed(statementFor(closure)), why),
  review,
});

const silent = silentClosure();
const statement = statementFor(silent);
const { ledger } = statement.predicate;
const otherLeaf = leafHash(explicitClosure());
const widened = rewitnessed(silent, { claim: { ports: '1-65535' } });

const replaced = (change: Partial<LedgerPlace>) => signed(statementFor(silent, { ...ledger, ...change }));
const withEntry = (change: Partial<LedgerEntry>) => replaced({ entry: { ...ledger.entry, ...change } });

type Row = readonly [name: string, step: string, text: string, why: string];

const FORGED: readonly Row[] = [
  [
    'changed-claim-old-leaf',
    'leaf',
    signed({ ...statement, predicate: { ...statement.predicate, closure: widened } }),
    'the claim was widened and the envelope signed again, but the subject still has the old leaf hash',
  ],
  [
    'changed-claim-new-leaf',
    'inclusion',
    signed(statementFor(widened, ledger)),
    'the claim was widened and leaf and signature made anew, but the ledger entry does not contain this leaf',
  ],
  [
    'subject-of-another-finding',
    'statement',
    signed({ ...statement, subject: statementFor(explicitClosure()).subject }),
    'the subjects are those of another closure',
  ],
  ['wrong-leaf-index', 'inclusion', replaced({ leafIndex: ledger.leafIndex + 1 }), 'leaf index one too high'],
  [
    'leaf-index-outside',
    'inclusion',
    replaced({ leafIndex: ledger.entry.leaves }),
    'leaf index equal to the number of leaves',
  ],
  [
    'proof-cut',
    'inclusion',
    replaced({ inclusionProof: ledger.inclusionProof.slice(0, -1) }),
    'the last step of the inclusion proof is missing',
  ],
  [
    'proof-too-long',
    'inclusion',
    replaced({ inclusionProof: [...ledger.inclusionProof, leafHash(silent)] }),
    'the inclusion proof has one step too many',
  ],
  ['other-root', 'inclusion', withEntry({ root: otherLeaf }), 'the root of the ledger entry is another one'],
  [
    'chain-previous-changed',
    'chain',
    replaced({ previousEntry: { ...ledger.entry, seq: 1, at: '2026-03-02T09:00:00.001Z' } }),
    'the entry before is another one, so the link does not hold',
  ],
  ['chain-previous-missing', 'chain', replaced({ previousEntry: null }), 'entry 2 without entry 1'],
  ['chain-gap', 'chain', withEntry({ seq: 3 }), 'entry 3 directly after entry 1'],
  [
    'chain-of-another-organization',
    'chain',
    withEntry({ organization: 'example-hospital' }),
    'the ledger entry belongs to another organization than the closure',
  ],
];

/** Somebody changed the file after it was signed, or signed it with what does not belong together. */
export const forgedVectors = (): Vector[] => FORGED.map((row) => invalid(...row));
