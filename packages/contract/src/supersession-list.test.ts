import { publicKeyOf } from '@backcheck/core';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readSupersessions, type SupersessionList, sealSupersessions } from './supersession-list.ts';

/** RFC 8032 section 7.1, test 1. */
const SEED = Uint8Array.from(
  ('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'.match(/../g) ?? []).map((byte) =>
    Number.parseInt(byte, 16),
  ),
);
const KEY = publicKeyOf(SEED);

const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const list: fc.Arbitrary<SupersessionList> = fc.record({
  issuedAt: instant,
  since: fc.option(instant),
  until: instant,
  entries: fc.array(
    fc.record({
      certificate: sha256,
      at: instant,
      cause: fc.constantFrom('regressed', 'quarantined', 'replaced', 'disallowed', 'register'),
    }),
    { maxLength: 5 },
  ),
});

describe('a list of superseded certificates', () => {
  test.prop([list])('reads as it was signed, and signs to the same bytes again', (one) => {
    const text = sealSupersessions(one, SEED);
    expect(readSupersessions(text, [KEY])).toEqual({ verdict: 'valid', list: one, publicKey: KEY });
    expect(sealSupersessions(one, SEED)).toBe(text);
  });

  test.prop([list, fc.nat(), fc.integer({ min: 32, max: 126 })])(
    'is not believed when any one byte of it is another',
    (one, place, byte) => {
      const text = sealSupersessions(one, SEED);
      const at = place % (text.length - 1);
      const changed = text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
      fc.pre(changed !== text);
      expect(readSupersessions(changed, [KEY]).verdict).toBe('invalid');
    },
  );

  test.prop([list])('is not believed when another key than the one asked for signed it', (one) => {
    expect(readSupersessions(sealSupersessions(one, SEED), ['0'.repeat(64)]).verdict).toBe('invalid');
  });

  test.prop([fc.string({ unit: 'binary' })])(
    'is refused and does not fail, whatever a file holds',
    (text) => {
      expect(readSupersessions(text, [KEY]).verdict).toBe('invalid');
    },
  );
});
