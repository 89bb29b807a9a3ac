import {
  type Closure,
  canonical,
  type Envelope,
  envelopeText,
  leafHash,
  type LedgerPlace,
  publicKeyOf,
  sealEnvelope,
  type Statement,
  statementOf,
  type Witness,
} from '@backcheck/core';
import { explicitClosure, placeOf, silentClosure, TEST_KEY } from '../packages/core/src/prove/closure.fixture.ts';

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

export type Draft<T> = { -readonly [K in keyof T]: Draft<T[K]> };

export function edited<T>(value: T, edit: (draft: Draft<T>) => void): T {
  const copy = structuredClone(value);
  // Boundary: the copy is ours alone, so its readonly members may be changed.
  edit(copy as Draft<T>);
  return copy;
}

export function editedWitness(closure: Closure, edit: (draft: Draft<Witness>) => void): Closure {
  return edited(closure, (draft) => {
    for (const witness of draft.witnesses) edit(witness);
  });
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

const explicit = explicitClosure();
const silent = silentClosure();

const moved = editedWitness(silent, ({ claim }) => {
  claim.ports = '1-65535';
});

/** Somebody changed the file after it was signed, or signed it with what does not belong together. */
export function forgedVectors(): Vector[] {
  const statement = statementFor(silent);
  const { ledger } = statement.predicate;
  const withLedger = (edit: (draft: Draft<LedgerPlace>) => void) => signed(statementFor(silent, edited(ledger, edit)));
  return [
    invalid(
      'changed-claim-old-leaf',
      'leaf',
      signed({ ...statement, predicate: { ...statement.predicate, closure: moved } }),
      'the claim was widened and the envelope signed again, but the subject still has the old leaf hash',
    ),
    invalid(
      'changed-claim-new-leaf',
      'inclusion',
      signed(statementFor(moved, ledger)),
      'the claim was widened and leaf and signature made anew, but the ledger entry does not contain this leaf',
    ),
    invalid(
      'subject-of-another-finding',
      'statement',
      signed({ ...statement, subject: statementFor(explicit).subject }),
      'the subjects are those of another closure',
    ),
    invalid('wrong-leaf-index', 'inclusion', withLedger((draft) => void (draft.leafIndex += 1)), 'leaf index one too high'),
    invalid(
      'leaf-index-outside',
      'inclusion',
      withLedger((draft) => void (draft.leafIndex = draft.entry.leaves)),
      'leaf index equal to the number of leaves',
    ),
    invalid(
      'proof-cut',
      'inclusion',
      withLedger((draft) => void draft.inclusionProof.pop()),
      'the last step of the inclusion proof is missing',
    ),
    invalid(
      'proof-too-long',
      'inclusion',
      withLedger((draft) => void draft.inclusionProof.push(leafHash(silent))),
      'the inclusion proof has one step too many',
    ),
    invalid(
      'other-root',
      'inclusion',
      withLedger((draft) => void (draft.entry.root = leafHash(explicit))),
      'the root of the ledger entry is another one',
    ),
    invalid(
      'chain-previous-changed',
      'chain',
      withLedger((draft) => {
        if (draft.previousEntry !== null) draft.previousEntry.at = '2026-03-02T09:00:00.001Z';
      }),
      'the entry before was changed by one millisecond, so the link does not hold',
    ),
    invalid(
      'chain-previous-missing',
      'chain',
      withLedger((draft) => void (draft.previousEntry = null)),
      'entry 2 without entry 1',
    ),
    invalid(
      'chain-gap',
      'chain',
      withLedger((draft) => void (draft.entry.seq = 3)),
      'entry 3 directly after entry 1',
    ),
    invalid(
      'chain-of-another-organization',
      'chain',
      withLedger((draft) => void (draft.entry.organization = 'example-hospital')),
      'the ledger entry belongs to another organization than the closure',
    ),
  ];
}
