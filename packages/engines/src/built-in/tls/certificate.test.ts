import { describe, expect, it } from 'vitest';
import { weakSignature } from './certificate.ts';

describe('the hash under a certificate', () => {
  // as OpenSSL calls them
  it.each([
    ['sha1WithRSAEncryption', true],
    ['ecdsa-with-SHA1', true],
    ['md5WithRSAEncryption', true],
    ['sha256WithRSAEncryption', false],
    ['ecdsa-with-SHA384', false],
    ['ED25519', false],
    // its parameters name the hash; SHA-1 where there are none
    ['rsassaPss', undefined],
    [undefined, undefined],
  ])('of %s is weak: %s', (signatureAlgorithm, weak) => {
    expect(weakSignature({ signatureAlgorithm })).toBe(weak);
  });
});
