import { open, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  type CertificateVerdict,
  MAX_CERTIFICATE_BYTES,
  type PublicKey,
  readPublicKey,
  type ValidCertificate,
  verifyCertificate,
} from '@backcheck/core';
import { auditVerdictText, looksLikeAuditExport, verifyAuditFile } from './verify-audit.ts';
import { type Language, languageOf, verdictText, verifyWords } from './verify-text.ts';

export interface VerifyOptions {
  /** Path of a file with the one public key to accept: PEM, or 64 hex digits. */
  readonly key?: string | undefined;
  /** One JSON object a line instead of words. */
  readonly json?: boolean | undefined;
}

export interface VerifyOutput {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly language: Language;
}

const terminal = (): VerifyOutput => ({
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  language: languageOf(process.env),
});

/**
 * `backcheck verify FILE…`, certificates and audit exports: needs no network, no database and no clock.
 * Returns the exit code: 0 all valid, 1 at least one invalid, 2 none invalid but something unreadable
 * (also the key file).
 */
export async function verifyCommand(
  files: readonly string[],
  options: VerifyOptions = {},
  output: VerifyOutput = terminal(),
): Promise<number> {
  const key = options.key === undefined ? undefined : await keyFrom(options.key);
  if (key === null) {
    output.err(verifyWords(output.language).badKey(options.key ?? ''));
    return 2;
  }
  const verdicts: CertificateVerdict['verdict'][] = [];
  for (const file of files) {
    const { verdict, json, text } = await verifyFile(file, key, output.language);
    output.out(options.json === true ? json : text);
    verdicts.push(verdict);
  }
  return verdicts.includes('invalid') ? 1 : verdicts.includes('unreadable') ? 2 : 0;
}

async function keyFrom(path: string): Promise<PublicKey | null> {
  try {
    return readPublicKey(await readFile(path, 'latin1'));
  } catch {
    return null;
  }
}

interface Outcome {
  readonly verdict: CertificateVerdict['verdict'];
  readonly json: string;
  readonly text: string;
}

/** What a file is, its content tells. */
async function verifyFile(file: string, key: PublicKey | undefined, language: Language): Promise<Outcome> {
  const trustedKeys = key === undefined ? undefined : [key];
  const bytes = await readBounded(file);
  if (typeof bytes !== 'string' && looksLikeAuditExport(bytes)) {
    const verdict = await verifyAuditFile(file, trustedKeys);
    const json = JSON.stringify({ record: 'audit-export', file, ...verdict });
    return { verdict: verdict.verdict, json, text: auditVerdictText(file, verdict, language) };
  }
  const verdict: CertificateVerdict =
    typeof bytes === 'string'
      ? { verdict: 'unreadable', message: bytes }
      : verifyCertificate(bytes, trustedKeys === undefined ? {} : { trustedKeys });
  return {
    verdict: verdict.verdict,
    json: jsonLine(file, verdict),
    text: verdictText(file, verdict, language),
  };
}

/** The first bytes of a file, one more than a certificate may have; the system's error code where it cannot be read. */
async function readBounded(file: string): Promise<Uint8Array | string> {
  try {
    await using handle = await open(file);
    const room = new Uint8Array(MAX_CERTIFICATE_BYTES + 1);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await handle.read(room, filled, room.length - filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === room.length) return room.subarray(0, filled);
    }
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function jsonLine(file: string, verdict: CertificateVerdict): string {
  return JSON.stringify({
    record: 'certificate',
    file,
    ...(verdict.verdict === 'valid' ? validFacts(verdict) : verdict),
  });
}

function validFacts({ verdict, leaf, closure, entry, entryHash, key }: ValidCertificate) {
  return { verdict, certificate: leaf, key, ledger: { ...entry, hash: entryHash }, closure };
}

if (import.meta.main) {
  const options = { key: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  process.exitCode = await verifyCommand(positionals, values);
}
