import {
  readSupersessions,
  type SupersededCertificate,
  type SupersessionList,
  supersessionOf,
} from '@backcheck/contract';
import {
  CERTIFICATE_STEPS,
  type CertificateStep,
  type CertificateVerdict,
  type PublicKey,
  readPublicKey,
  sha256Hex,
  verifyCertificate,
} from '@backcheck/core';

/** What somebody wants to know the certificate's key by. */
export type Pin =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  /** 64 hex digits are a key or a key's fingerprint; which, the certificate tells. */
  | { readonly kind: 'key'; readonly publicKey: PublicKey };

export interface Question {
  readonly certificate: Uint8Array;
  /** The hash on the paper; null: nobody gave one. */
  readonly expected: string | null;
  readonly pin: Pin;
  readonly lists: readonly string[];
}

/** `not-asked`: a step before it failed. */
export interface StepResult {
  readonly step: CertificateStep;
  readonly result: 'held' | 'failed' | 'not-asked';
}

export type Standing =
  | { readonly kind: 'no-list' }
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'not-listed'; readonly list: SupersessionList }
  | { readonly kind: 'superseded'; readonly entry: SupersededCertificate };

export interface Answer {
  readonly sha256: string;
  /** Whether the file is the one that the paper names. */
  readonly sameAsPaper: boolean | null;
  readonly verdict: CertificateVerdict;
  readonly steps: readonly StepResult[];
  readonly pinned: boolean;
  readonly standing: Standing;
}

export function readPin(text: string): Pin {
  if (text.trim() === '') return { kind: 'none' };
  const publicKey = readPublicKey(text);
  return publicKey === null ? { kind: 'unreadable' } : { kind: 'key', publicKey };
}

/** All that can be said about a certificate; asks no network. */
export function examine({ certificate, expected, pin, lists }: Question): Answer {
  const sha256 = sha256Hex(certificate);
  const verdict = verdictOf(certificate, pin);
  return {
    sha256,
    sameAsPaper: expected === null ? null : expected === sha256,
    verdict,
    steps: stepsOf(verdict),
    pinned: pin.kind === 'key' && verdict.verdict === 'valid',
    standing: verdict.verdict === 'valid' ? standingOf(verdict, lists) : { kind: 'no-list' },
  };
}

function verdictOf(certificate: Uint8Array, pin: Pin): CertificateVerdict {
  if (pin.kind !== 'key') return verifyCertificate(certificate);
  // With a fingerprint any key passes, and the key id, which is proved to be its fingerprint, is compared.
  const open = verifyCertificate(certificate);
  if (open.verdict === 'valid' && open.key.fingerprint === pin.publicKey) return open;
  return verifyCertificate(certificate, { trustedKeys: [pin.publicKey] });
}

function stepsOf(verdict: CertificateVerdict): StepResult[] {
  const failed =
    verdict.verdict === 'valid'
      ? CERTIFICATE_STEPS.length
      : CERTIFICATE_STEPS.findIndex((step) => verdict.verdict === 'invalid' && step === verdict.step);
  return CERTIFICATE_STEPS.map((step, index) => ({
    step,
    result: index < failed ? 'held' : index === failed ? 'failed' : 'not-asked',
  }));
}

/** A list counts only when the key signed it that signed the certificate; of those that do, the latest is shown. */
function standingOf(
  { leaf, key }: Extract<CertificateVerdict, { verdict: 'valid' }>,
  lists: readonly string[],
): Standing {
  const read = lists.map((text) => readSupersessions(text, [key.publicKey]));
  const good = read.flatMap((one) => (one.verdict === 'valid' ? [one.list] : []));
  const entry = good.map((list) => supersessionOf(list, leaf)).find((one) => one !== null);
  if (entry !== undefined) return { kind: 'superseded', entry };
  const unusable = read.find((one) => one.verdict === 'invalid');
  if (unusable !== undefined) return { kind: 'unusable', message: unusable.message };
  const list = good.toSorted((a, b) => (a.until < b.until ? -1 : 1)).at(-1);
  return list === undefined ? { kind: 'no-list' } : { kind: 'not-listed', list };
}
