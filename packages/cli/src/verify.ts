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
import type { Standing } from './verify-superseded.ts';
import { type Language, languageOf, plain, verdictText, verifyWords } from './verify-text.ts';

export interface VerifyOptions {
  /** Path of a file with the one public key to accept: PEM, or 64 hex digits. */
  readonly key?: string | undefined;
  /** Path of a list of superseded certificates (docs/certificate.md section 9). */
  readonly superseded?: string | undefined;
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
 * Returns the exit code: 0 all valid, 1 at least one invalid or superseded, 2 none of these but something unreadable
 * (also the key file and the list).
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
  const judge = options.superseded === undefined ? undefined : await judgeBy(options.superseded, output);
  if (judge === null) return 2;
  const verdicts: Outcome['verdict'][] = [];
  for (const file of files) {
    const { verdict, json, text } = await verifyFile(file, { key, judge, language: output.language });
    output.out(options.json === true ? json : text);
    verdicts.push(verdict);
  }
  if (verdicts.includes('invalid') || verdicts.includes('superseded')) return 1;
  return verdicts.includes('unreadable') ? 2 : 0;
}

type Judge = (certificate: ValidCertificate) => { readonly standing: Standing; readonly text: string };

/** Null when the list cannot be read, which is said. Loaded only when it is asked for, like all that needs the labels. */
async function judgeBy(path: string, { err, language }: VerifyOutput): Promise<Judge | null> {
  const { readList, standingOf, standingText } = await import('./verify-superseded.ts');
  const list = await readList(path);
  if ('message' in list) {
    err(`${path}: ${verifyWords(language).unreadable(list.message)}`);
    return null;
  }
  return (certificate) => {
    const standing = standingOf(certificate, list.text);
    return { standing, text: plain(standingText(standing, language)) };
  };
}

async function keyFrom(path: string): Promise<PublicKey | null> {
  try {
    return readPublicKey(await readFile(path, 'latin1'));
  } catch {
    return null;
  }
}

interface Outcome {
  readonly verdict: CertificateVerdict['verdict'] | 'superseded';
  readonly json: string;
  readonly text: string;
}

interface Asked {
  readonly key: PublicKey | undefined;
  readonly judge: Judge | undefined;
  readonly language: Language;
}

/** What a file is, its content tells. */
async function verifyFile(file: string, { key, judge, language }: Asked): Promise<Outcome> {
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
  const judged = verdict.verdict === 'valid' ? judge?.(verdict) : undefined;
  const text = verdictText(file, verdict, language);
  return {
    verdict: judged === undefined ? verdict.verdict : OUTCOMES[judged.standing.kind],
    json: jsonLine(file, verdict, judged?.standing),
    text: judged === undefined ? text : `${text}\n  ${judged.text}`,
  };
}

/** A list that cannot be used says nothing: neither that the certificate stands nor that it does not. */
const OUTCOMES = { unusable: 'unreadable', 'not-listed': 'valid', superseded: 'superseded' } as const;

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

function jsonLine(file: string, verdict: CertificateVerdict, standing?: Standing): string {
  return JSON.stringify({
    record: 'certificate',
    file,
    ...(verdict.verdict === 'valid' ? validFacts(verdict) : verdict),
    ...(standing === undefined ? {} : { standing }),
  });
}

function validFacts({ verdict, leaf, closure, entry, entryHash, key }: ValidCertificate) {
  return { verdict, certificate: leaf, key, ledger: { ...entry, hash: entryHash }, closure };
}

if (import.meta.main) {
  const options = {
    key: { type: 'string' },
    superseded: { type: 'string' },
    json: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  process.exitCode = await verifyCommand(positionals, values);
}
