import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { TEST_KEY } from './closure.fixture.ts';
import {
  fingerprintOf,
  openEnvelope,
  PAYLOAD_TYPE,
  preAuthEncoding,
  publicKeyOf,
  RUN_PAYLOAD_TYPE,
  sealEnvelope,
  signedBy,
} from './dsse.ts';
import { readPublicKey } from './public-key.ts';
import { fromUtf8 } from './utf8.ts';

const seed = Uint8Array.from(TEST_KEY.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

describe('the DSSE envelope', () => {
  test('signs the pre-authentication encoding of the DSSE protocol', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', utf8ToBytes('hello world'));
    expect(fromUtf8(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('counts bytes, not characters', () => {
    expect(fromUtf8(preAuthEncoding('é', utf8ToBytes('弱')))).toBe('DSSEv1 2 é 3 弱');
  });

  test('is opened and verified by the key that sealed it, and by no other', () => {
    const opened = openEnvelope(sealEnvelope(utf8ToBytes('{}'), seed));
    if (!opened.ok) throw new Error(opened.message);
    const publicKey = publicKeyOf(seed);
    expect(publicKey).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(opened.value.keyid).toBe(fingerprintOf(publicKey));
    expect(signedBy(opened.value, publicKey)).toBe(true);
    expect(signedBy(opened.value, fingerprintOf(publicKey))).toBe(false);
    expect(signedBy({ ...opened.value, signature: new Uint8Array(63) }, publicKey)).toBe(false);
    expect(signedBy({ ...opened.value, payload: utf8ToBytes('{ }') }, publicKey)).toBe(false);
  });

  test('of one payload type is none of another, and no signature over it is one over the other', () => {
    const run = sealEnvelope(utf8ToBytes('{}'), seed, RUN_PAYLOAD_TYPE);
    expect(openEnvelope(run).ok).toBe(false);
    const renamed = openEnvelope({ ...run, payloadType: PAYLOAD_TYPE });
    if (!renamed.ok) throw new Error(renamed.message);
    expect(signedBy(renamed.value, publicKeyOf(seed))).toBe(false);
    const opened = openEnvelope(run, RUN_PAYLOAD_TYPE);
    if (!opened.ok) throw new Error(opened.message);
    expect(signedBy(opened.value, publicKeyOf(seed))).toBe(true);
  });

  test('does not accept a key of small order, under which anything would be signed', () => {
    const opened = openEnvelope(sealEnvelope(utf8ToBytes('{}'), seed));
    if (!opened.ok) throw new Error(opened.message);
    const identity = `01${'00'.repeat(31)}`;
    const signature = new Uint8Array(64);
    signature[0] = 1;
    expect(signedBy({ ...opened.value, signature }, identity)).toBe(false);
  });
});

describe('base64', () => {
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('of "%s" is "%s" (RFC 4648 section 10)', (text, encoded) => {
    expect(toBase64(utf8ToBytes(text))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(utf8ToBytes(text));
  });

  test('of any bytes comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['Zg', 'Zg=', 'Zh==', 'Zm9', 'Zm9=', '=', '====', 'Zg==Zg==', 'Zm 9', 'Zm-_', 'Zg==\n'])(
    'refuses "%s"',
    (text) => {
      expect(fromBase64(text)).toBeNull();
    },
  );
});

describe('UTF-8', () => {
  test('comes back as the text it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed());
        expect(fromUtf8(utf8ToBytes(text))).toBe(text);
      }),
    );
  });

  test.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe5, 0xbc]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a lone continuation', [0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(fromUtf8(Uint8Array.from(bytes))).toBeNull();
  });
});

describe('a public key file', () => {
  const hex = publicKeyOf(seed);
  const der = toBase64(
    Uint8Array.from(`302a300506032b6570032100${hex}`.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  );

  test('may be PEM or hex, with any line ends', () => {
    expect(readPublicKey(`-----BEGIN PUBLIC KEY-----\r\n${der}\r\n-----END PUBLIC KEY-----\r\n`)).toBe(hex);
    expect(readPublicKey(`  ${hex.toUpperCase()}\n`)).toBe(hex);
  });

  test('must hold one Ed25519 public key and nothing else', () => {
    const p256 = toBase64(Uint8Array.from({ length: 91 }, () => 48));
    for (const file of [
      '',
      hex.slice(2),
      `${hex}00`,
      der,
      `-----BEGIN PUBLIC KEY-----\n${p256}\n-----END PUBLIC KEY-----`,
    ]) {
      expect(readPublicKey(file)).toBeNull();
    }
    expect(readPublicKey(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----`)).toBeNull();
    expect(bytesToHex(seed)).toBe(TEST_KEY);
  });
});
