import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPublicKey } from './public-key.ts';
import { verifyCertificate } from './verify-certificate.ts';

const FOLDER = new URL('../../../../fixtures/certificates/', import.meta.url);

interface Vector {
  readonly file: string;
  readonly key: string | null;
  readonly exit: 0 | 1 | 2;
  readonly step: string | null;
  readonly review: string | null;
  readonly why: string;
}

// Boundary: our own file, written by scripts/make-certificate-vectors.ts.
const { vectors } = JSON.parse(readFileSync(new URL('vectors.json', FOLDER), 'utf8')) as {
  vectors: Vector[];
};

function verdictOn({ file, key }: Vector) {
  const bytes = new Uint8Array(readFileSync(new URL(file, FOLDER)));
  const pinned = key === null ? null : readPublicKey(readFileSync(new URL(key, FOLDER), 'utf8'));
  return verifyCertificate(bytes, pinned === null ? {} : { trustedKeys: [pinned] });
}

describe('the certificate vectors', () => {
  test.each(vectors.filter((one) => one.exit === 0))('$file is valid: $why', (vector) => {
    expect(verdictOn(vector)).toMatchObject({ verdict: 'valid', key: { trusted: vector.key !== null } });
  });

  test.each(vectors.filter((one) => one.exit === 1))('$file fails at "$step": $why', (vector) => {
    const verdict = verdictOn(vector);
    expect(verdict).toMatchObject({ verdict: 'invalid', step: vector.step });
    if (vector.review !== null)
      expect(verdict).toHaveProperty('message', expect.stringMatching(`^${vector.review}: `));
  });

  test.each(vectors.filter((one) => one.exit === 2))('$file is unreadable: $why', (vector) => {
    expect(verdictOn(vector)).toMatchObject({ verdict: 'unreadable' });
  });
});
