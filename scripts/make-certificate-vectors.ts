/**
 * Writes fixtures/certificates: certificates that a verifier must accept or refuse, in any language.
 * Deterministic; with `--check` it writes nothing and fails when a file differs from what it would write.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { publicKeyOf } from '@backcheck/core';
import { OTHER_TEST_KEY, TEST_KEY } from '../packages/core/src/prove/closure.fixture.ts';
import { forgedVectors, seedOf } from './certificate-vectors.ts';
import { unprovenVectors, validVectors } from './closure-vectors.ts';
import { envelopeVectors } from './envelope-vectors.ts';
import { identityVectors } from './identity-vectors.ts';
import { unsteadyVectors } from './unsteady-vectors.ts';
import { widerVectors } from './wider-closure-vectors.ts';

const FOLDER = new URL('../fixtures/certificates/', import.meta.url);

/** SubjectPublicKeyInfo (RFC 8410 section 4) as OpenSSL writes it. */
function pem(publicKey: string): string {
  const der = Buffer.from(`302a300506032b6570032100${publicKey}`, 'hex').toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
}

function allFiles(): Map<string, string> {
  const vectors = [
    ...validVectors(),
    ...forgedVectors(),
    ...envelopeVectors(),
    ...unprovenVectors(),
    ...identityVectors(),
    ...widerVectors(),
    ...unsteadyVectors(),
  ];
  const index = {
    about: 'Certificates for testing a verifier; docs/certificate.md explains the steps.',
    warning:
      'The secret keys are TEST KEYS from RFC 8032 section 7.1. A real certificate is never signed by them.',
    keys: { 'test-key.pem': { secretKey: TEST_KEY }, 'other-test-key.hex': { secretKey: OTHER_TEST_KEY } },
    vectors: vectors.map(({ text, ...expected }) => expected),
  };
  return new Map([
    ...vectors.map(({ file, text }): [string, string] => [file, text]),
    ['test-key.pem', pem(publicKeyOf(seedOf(TEST_KEY)))],
    ['other-test-key.hex', `${publicKeyOf(seedOf(OTHER_TEST_KEY))}\n`],
    ['vectors.json', `${JSON.stringify(index, null, 2)}\n`],
  ]);
}

function check(files: Map<string, string>): void {
  const stale = [...files].filter(([name, text]) => readFileSync(new URL(name, FOLDER), 'utf8') !== text);
  for (const [name] of stale)
    process.stderr.write(`fixtures/certificates/${name} is not what the script writes\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
}

function write(files: Map<string, string>): void {
  for (const folder of ['valid', 'broken']) {
    rmSync(new URL(folder, FOLDER), { recursive: true, force: true });
    mkdirSync(new URL(folder, FOLDER), { recursive: true });
  }
  for (const [name, text] of files) writeFileSync(new URL(name, FOLDER), text);
  process.stdout.write(`${files.size} files written\n`);
}

if (process.argv.includes('--check')) check(allFiles());
else write(allFiles());
