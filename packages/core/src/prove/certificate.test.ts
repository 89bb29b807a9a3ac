import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { issueCertificate } from './certificate.ts';
import { entryHash } from './chain.ts';
import {
  explicitClosure,
  ORGANIZATION,
  placeOf,
  proven,
  silentClosure,
  TEST_KEY,
} from './closure.fixture.ts';
import { leafHash } from './closure.ts';
import { fingerprintOf, publicKeyOf } from './dsse.ts';
import { MAX_CERTIFICATE_BYTES, verifyCertificate } from './verify-certificate.ts';

const seed = Uint8Array.from(TEST_KEY.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const publicKey = publicKeyOf(seed);
const closure = silentClosure();
const certificate = issueCertificate({ proof: proven(closure), ledger: placeOf(closure) }, TEST_KEY);
const bytes = utf8ToBytes(certificate);

function withByte(at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = change(copy[at] ?? 0);
  return copy;
}

describe('a certificate', () => {
  test('is accepted, and says what it proves and who signed it', () => {
    expect(verifyCertificate(bytes)).toMatchObject({
      verdict: 'valid',
      leaf: leafHash(closure),
      closure,
      entry: { organization: ORGANIZATION.id, seq: 2 },
      entryHash: entryHash(placeOf(closure).entry),
      key: { publicKey, fingerprint: fingerprintOf(publicKey), trusted: false },
      review: { ok: true },
    });
  });

  test('is trusted only by a reader who named its key', () => {
    expect(verifyCertificate(bytes, { trustedKeys: [publicKey] })).toMatchObject({
      verdict: 'valid',
      key: { trusted: true },
    });
    for (const trustedKeys of [[], [fingerprintOf(publicKey)]]) {
      expect(verifyCertificate(bytes, { trustedKeys })).toMatchObject({ verdict: 'invalid', step: 'key' });
    }
  });

  test('is the same bytes each time it is issued, from text or bytes of the key', () => {
    const again = { proof: proven(silentClosure()), ledger: placeOf(silentClosure()) };
    expect(issueCertificate(again, seed)).toBe(certificate);
  });

  test('holds a finding that is described in any language', () => {
    const proof = proven({
      ...explicitClosure(),
      organization: { id: ORGANIZATION.id, name: '示例市 😀 \u0000' },
    });
    const text = issueCertificate({ proof, ledger: placeOf(proof.closure) }, TEST_KEY);
    expect(verifyCertificate(text)).toMatchObject({ verdict: 'valid', closure: proof.closure });
  });

  // Thousands of signatures to check: 6 s alone, longer beside other work.
  test('breaks at whichever byte one bit is turned', { timeout: 120_000 }, () => {
    const passed: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const bit = 1 << (at % 8);
      if (verifyCertificate(withByte(at, (byte) => byte ^ bit)).verdict === 'valid') passed.push(at);
    }
    expect(passed).toEqual([]);
  });

  test('breaks at any byte with any other value', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        expect(verifyCertificate(withByte(at, (byte) => byte ^ mask)).verdict).not.toBe('valid');
      }),
      { numRuns: 1000 },
    );
  });

  test('breaks wherever it is cut', () => {
    for (let length = 0; length < bytes.length - 1; length += 7) {
      expect(verifyCertificate(bytes.slice(0, length)).verdict).toBe('unreadable');
    }
    expect(verifyCertificate(bytes.slice(0, -1)).verdict).toBe('valid');
  });

  test('breaks with a byte put in or taken out', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 2 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const longer = Uint8Array.from([...bytes.slice(0, at), byte, ...bytes.slice(at)]);
        const shorter = Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)]);
        expect(verifyCertificate(longer).verdict).not.toBe('valid');
        expect(verifyCertificate(shorter).verdict).not.toBe('valid');
      }),
      { numRuns: 500 },
    );
  });
});

describe('hostile input', () => {
  test('is answered with a verdict, whatever bytes it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(verifyCertificate(noise).verdict).toBe('unreadable');
      }),
    );
  });

  test('is answered with a verdict, whatever JSON it is', () => {
    const envelope = fc.record({
      payload: fc.oneof(fc.base64String(), fc.jsonValue()),
      payloadType: fc.oneof(fc.constant('application/vnd.in-toto+json'), fc.jsonValue()),
      signatures: fc.oneof(
        fc.array(fc.record({ keyid: fc.string(), sig: fc.base64String() })),
        fc.jsonValue(),
      ),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          envelope.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(verifyCertificate(text).verdict).not.toBe('valid');
        },
      ),
    );
  });

  test.each<[string, string]>([
    ['nested without end', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    [
      'an envelope nested without end',
      `{"payload":${'['.repeat(9000)}${']'.repeat(9000)},"payloadType":"","signatures":[]}`,
    ],
    ['a number beyond all', '{"payload":1e999,"payloadType":"","signatures":[]}'],
    ['half a surrogate pair', '\ud800'],
    ['a prototype', '{"__proto__":{"payload":"","payloadType":"","signatures":[]}}'],
  ])('is no certificate: %s', (_, text) => {
    expect(verifyCertificate(text).verdict).not.toBe('valid');
  });

  test('is not read beyond the size that a certificate can have', () => {
    const large = new Uint8Array(MAX_CERTIFICATE_BYTES + 1).fill(32);
    expect(verifyCertificate(large)).toEqual({ verdict: 'unreadable', message: 'larger than 1048576 bytes' });
  });
});
