import { canonical, type Envelope, envelopeText } from '@backcheck/core';
import { OTHER_TEST_KEY, silentClosure } from '../packages/core/src/prove/closure.fixture.ts';
import { invalid, sealed, signed, statementFor, unreadable, type Vector } from './certificate-vectors.ts';

const statement = statementFor(silentClosure());
const payload = canonical(statement);
const envelope = sealed(payload);
const good = signed(statement);

/** The order of the Ed25519 group (RFC 8032 section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const [{ keyid, sig } = { keyid: '', sig: '' }] = envelope.signatures;
const [byOther = { keyid, sig }] = sealed(payload, OTHER_TEST_KEY).signatures;
const [ofOther = { keyid, sig }] = sealed(`${payload} `).signatures;

const withSignature = (change: Partial<Envelope['signatures'][number]>): string =>
  envelopeText({ ...envelope, signatures: [{ keyid, sig, ...change }] });

/** The same signature with S + L for S: equal modulo the order, so a careless verifier accepts both. */
function malleable(): string {
  const bytes = Buffer.from(sig, 'base64');
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + ORDER;
  const tail = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([bytes.subarray(0, 32), tail]).toString('base64');
}

const nextDigit = (digit: string): string => String.fromCharCode(digit.charCodeAt(0) + 1);

/** The unused last bits set: decodes to the same 64 bytes. */
const looseBase64 = `${sig.slice(0, -3)}${nextDigit(sig.at(-3) ?? 'A')}==`;
const flipped = (sig.startsWith('A') ? 'B' : 'A') + sig.slice(1);

type Row = readonly [name: string, step: string, text: string, why: string];

const SIGNATURES: readonly Row[] = [
  ['signature-flipped', 'signature', withSignature({ sig: flipped }), 'one digit changed'],
  [
    'signature-of-another-key',
    'signature',
    withSignature({ sig: byOther.sig }),
    'signed by another key, under the name of this one',
  ],
  [
    'signature-of-another-payload',
    'signature',
    withSignature({ sig: ofOther.sig }),
    'a good signature by this key over other bytes',
  ],
  [
    'signature-malleable',
    'signature',
    withSignature({ sig: malleable() }),
    'S + L in place of S: RFC 8032 section 5.1.7 demands S < L',
  ],
  [
    'signature-loose-base64',
    'envelope',
    withSignature({ sig: looseBase64 }),
    'the unused bits of the last base64 digit are set',
  ],
  [
    'key-id-of-another-key',
    'key',
    withSignature({ keyid: byOther.keyid }),
    'the key id is not the fingerprint of the public key in the payload',
  ],
];

const resealed = (text: string): string => envelopeText(sealed(text));

const PAYLOADS: readonly Row[] = [
  ['payload-with-space', 'payload', resealed(payload.replace(':', ': ')), 'signed, but one space too many'],
  [
    'payload-member-twice',
    'payload',
    resealed(payload.replace('"at":', '"at":"2026-01-01T00:00:00.000Z","at":')),
    'signed, but one member stands twice',
  ],
  [
    'payload-order',
    'payload',
    resealed(JSON.stringify(statement)),
    'signed, but the members are not in canonical order',
  ],
  [
    'payload-lone-surrogate',
    'payload',
    resealed(payload.replace('"title":"', '"title":"\\ud800')),
    'signed, but one text holds half of a surrogate pair',
  ],
  [
    'statement-unknown-member',
    'statement',
    resealed(canonical({ ...statement, remark: 'all clear' })),
    'signed and canonical, but with a member that the format does not have',
  ],
  [
    'statement-proto-member',
    'statement',
    resealed(payload.replace('{"_type"', '{"__proto__":{},"_type"')),
    'signed and canonical, with a member named __proto__',
  ],
  [
    'statement-other-predicate',
    'statement',
    resealed(canonical({ ...statement, predicateType: 'https://slsa.dev/provenance/v1' })),
    'a statement about something else',
  ],
  [
    'statement-impossible-day',
    'statement',
    resealed(payload.replaceAll('2026-04-11T08:00', '2026-02-30T08:00')),
    'a time that does not exist',
  ],
];

const fileOf = (value: unknown): string => `${canonical(value)}\n`;

const FILES: readonly Row[] = [
  ['envelope-pretty', 'envelope', `${JSON.stringify(envelope, null, 2)}\n`, 'white space in the envelope'],
  ['envelope-two-newlines', 'envelope', `${good}\n`, 'a second newline at the end'],
  [
    'envelope-two-signatures',
    'envelope',
    fileOf({ ...envelope, signatures: [...envelope.signatures, byOther] }),
    'two signatures, of which only the first would be looked at',
  ],
  ['envelope-unknown-member', 'envelope', fileOf({ ...envelope, remark: '' }), 'an unknown member'],
  [
    'envelope-other-type',
    'envelope',
    fileOf({ ...envelope, payloadType: 'application/json' }),
    'another payload type',
  ],
  [
    'envelope-member-twice',
    'envelope',
    good.replace('{"payload"', '{"payload":"","payload"'),
    'the payload stands twice; a lax parser takes the last one',
  ],
];

const UNREADABLE: readonly (readonly [name: string, text: string, why: string])[] = [
  ['cut', good.slice(0, good.length / 2), 'cut in the middle'],
  ['cut-last-bytes', good.slice(0, -3), 'the last bytes are missing'],
  ['empty', '', 'an empty file'],
  ['trailing-bytes', `${good}{}`, 'something follows the envelope'],
  ['not-a-certificate', '{"record":"scan"}\n', 'JSON, but no envelope'],
  ['not-json', 'PK\u0003\u0004 not JSON at all\n', 'no JSON'],
  ['byte-order-mark', `\ufeff${good}`, 'a byte order mark before the envelope'],
];

/** The file, the envelope or the payload is not of the one form that it must have. */
export function envelopeVectors(): Vector[] {
  const pinned = invalid(
    'not-the-pinned-key',
    'key',
    good,
    'valid in itself, but the reader asked for another key',
  );
  return [
    ...[...SIGNATURES, ...PAYLOADS, ...FILES].map((row) => invalid(...row)),
    { ...pinned, key: 'other-test-key.hex' },
    ...UNREADABLE.map((row) => unreadable(...row)),
  ];
}
