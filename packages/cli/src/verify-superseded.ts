import { readFile, stat } from 'node:fs/promises';
import {
  readSupersessions,
  SUPERSESSION_LABELS,
  type SupersededCertificate,
  supersessionOf,
} from '@backcheck/contract';
import type { ValidCertificate } from '@backcheck/core';
import type { Language } from './verify-text.ts';

/** An entry has 170 bytes, as base64 230: a quarter of a million of them. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What a list of superseded certificates says of one certificate; `unusable`: nothing, and why. */
export type Standing =
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'not-listed'; readonly issuedAt: string; readonly until: string }
  | { readonly kind: 'superseded'; readonly issuedAt: string; readonly entry: SupersededCertificate };

/** The text of the list's file, or why there is none. */
export async function readList(path: string): Promise<{ text: string } | { message: string }> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) return { message: `larger than ${MOST_BYTES} bytes` };
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    return { message: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
}

/** The list counts only when the key signed it that signed the certificate. */
export function standingOf({ leaf, key }: ValidCertificate, list: string): Standing {
  const read = readSupersessions(list, [key.publicKey]);
  if (read.verdict === 'invalid') return { kind: 'unusable', message: read.message };
  const { issuedAt, until } = read.list;
  const entry = supersessionOf(read.list, leaf);
  return entry === null ? { kind: 'not-listed', issuedAt, until } : { kind: 'superseded', issuedAt, entry };
}

export function standingText(standing: Standing, language: Language): string {
  const zh = language === 'zh';
  switch (standing.kind) {
    case 'unusable':
      return zh
        ? `失效清单不可用：${standing.message}`
        : `list of superseded certificates not usable: ${standing.message}`;
    case 'not-listed':
      return zh
        ? `${standing.issuedAt} 签发的失效清单（截至 ${standing.until}）未列入`
        : `not on the list of superseded certificates of ${standing.issuedAt} (all until ${standing.until})`;
    case 'superseded': {
      const cause = SUPERSESSION_LABELS[standing.entry.cause];
      return zh
        ? `已失效，自 ${standing.entry.at} 起：${cause.zh}`
        : `SUPERSEDED since ${standing.entry.at}: ${cause.en}`;
    }
  }
}
