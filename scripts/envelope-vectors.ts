import { canonical, type Envelope, envelopeText } from '@backcheck/core';
import { OTHER_TEST_KEY, silentClosure, TEST_KEY } from '../packages/core/src/prove/closure.fixture.ts';
import {
  type Draft,
  edited,
  invalid,
  sealed,
  signed,
  statementFor,
  unreadable,
  type Vector,
} from './certificate-vectors.ts';

const statement = statementFor(silentClosure());
const payload = canonical(statement);
const envelope = sealed(payload);
const good = signed(statement);

/** The order of the Ed25519 group (RFC 8032 section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

function withSignature(edit: (draft: Draft<Envelope['signatures'][number]>) => void): string {
  return envelopeText(
    edited(envelope, (draft) => {
      for (const signature of draft.signatures) edit(signature);
    }),
  );
}

/** The same signature with S + L for S: equal modulo the order, so a careless verifier accepts both. */
function malleable(sig: string): string {
  const bytes = Buffer.from(sig, 'base64');
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + ORDER;
  const tail = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([bytes.subarray(0, 32), tail]).toString('base64');
}

/** The unused last bits set: decodes to the same 64 bytes. */
const looseBase64 = (sig: string): string => `${sig.slice(0, -3)}${nextDigit(sig.at(-3) ?? 'A')}==`;
const nextDigit = (digit: string): string => String.fromCharCode(digit.charCodeAt(0) + 1);

function signatureVectors(): Vector[] {
  const flip = (sig: string) => (sig.startsWith('A') ? 'B' : 'A') + sig.slice(1);
  return [
    invalid('signature-flipped', 'signature', withSignature((one) => void (one.sig = flip(one.sig))), 'one digit changed'),
    invalid(
      'signature-of-another-key',
      'signature',
      withSignature((one) => void (one.sig = sealed(payload, OTHER_TEST_KEY).signatures[0]?.sig ?? '')),
      'signed by another key, under the name of this one',
    ),
    invalid(
      'signature-of-another-payload',
      'signature',
      withSignature((one) => void (one.sig = sealed(`${payload} `).signatures[0]?.sig ?? '')),
      'a good signature by this key over other bytes',
    ),
    invalid(
      'signature-malleable',
      'signature',
      withSignature((one) => void (one.sig = malleable(one.sig))),
      'S + L in place of S: RFC 8032 section 5.1.7 demands S < L',
    ),
    invalid(
      'signature-loose-base64',
      'envelope',
      withSignature((one) => void (one.sig = looseBase64(one.sig))),
      'the unused bits of the last base64 digit are set',
    ),
    invalid(
      'key-id-of-another-key',
      'key',
      withSignature((one) => void (one.keyid = sealed(payload, OTHER_TEST_KEY).signatures[0]?.keyid ?? '')),
      'the key id is not the fingerprint of the public key in the payload',
    ),
    {
      ...invalid('not-the-pinned-key', 'key', good, 'valid in itself, but the reader asked for another key'),
      key: 'other-test-key.hex',
    },
  ];
}

function payloadVectors(): Vector[] {
  const resealed = (text: string) => envelopeText(sealed(text, TEST_KEY));
  const twice = payload.replace('"at":', '"at":"2026-01-01T00:00:00.000Z","at":');
  return [
    invalid('payload-with-space', 'payload', resealed(payload.replace(':', ': ')), 'signed, but not canonical: one space'),
    invalid('payload-member-twice', 'payload', resealed(twice), 'signed, but one member stands twice'),
    invalid(
      'payload-order',
      'payload',
      resealed(JSON.stringify(statement)),
      'signed, but the members are not in canonical order',
    ),
    invalid(
      'payload-lone-surrogate',
      'payload',
      resealed(payload.replace('"title":"', '"title":"\\ud800')),
      'signed, but one text holds half of a surrogate pair',
    ),
    invalid(
      'statement-unknown-member',
      'statement',
      resealed(canonical({ ...statement, remark: 'all clear' })),
      'signed and canonical, but with a member that the format does not have',
    ),
    invalid(
      'statement-proto-member',
      'statement',
      resealed(payload.replace('{"_type"', '{"__proto__":{},"_type"')),
      'signed and canonical, with a member named __proto__',
    ),
    invalid(
      'statement-other-predicate',
      'statement',
      resealed(canonical({ ...statement, predicateType: 'https://slsa.dev/provenance/v1' })),
      'a statement about something else',
    ),
    invalid(
      'statement-impossible-day',
      'statement',
      resealed(payload.replaceAll('2026-04-11T08:00', '2026-02-30T08:00')),
      'a time that does not exist',
    ),
  ];
}

function fileVectors(): Vector[] {
  const more = { ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] };
  return [
    invalid('envelope-pretty', 'envelope', `${JSON.stringify(envelope, null, 2)}\n`, 'white space in the envelope'),
    invalid('envelope-two-newlines', 'envelope', `${good}\n`, 'a second newline at the end'),
    invalid('envelope-two-signatures', 'envelope', `${canonical(more)}\n`, 'two signatures'),
    invalid('envelope-unknown-member', 'envelope', `${canonical({ ...envelope, remark: '' })}\n`, 'an unknown member'),
    invalid(
      'envelope-other-type',
      'envelope',
      `${canonical({ ...envelope, payloadType: 'application/json' })}\n`,
      'another payload type',
    ),
    invalid(
      'envelope-member-twice',
      'envelope',
      good.replace('{"payload"', '{"payload":"","payload"'),
      'the payload stands twice; a lax parser takes the last one',
    ),
    unreadable('cut', good.slice(0, good.length / 2), 'cut in the middle'),
    unreadable('cut-last-bytes', good.slice(0, -3), 'the last bytes are missing'),
    unreadable('empty', '', 'an empty file'),
    unreadable('trailing-bytes', `${good}{}`, 'something follows the envelope'),
    unreadable('not-a-certificate', '{"record":"scan"}\n', 'JSON, but no envelope'),
    unreadable('not-json', 'PK\u0003\u0004 not JSON at all\n', 'no JSON'),
    unreadable('byte-order-mark', `\ufeff${good}`, 'a byte order mark before the envelope'),
  ];
}

export function envelopeVectors(): Vector[] {
  return [...signatureVectors(), ...payloadVectors(), ...fileVectors()];
}
