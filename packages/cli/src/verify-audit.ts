import { createReadStream } from 'node:fs';
import {
  type AuditExportVerdict,
  INSTALLATION_CHAIN,
  opensAuditExport,
  type PublicKey,
  type ValidAuditExport,
  verifyAuditExport,
} from '@backcheck/core';
import { type Language, plain, verifyWords } from './verify-text.ts';

export type AuditFileVerdict =
  | AuditExportVerdict
  | { readonly verdict: 'unreadable'; readonly message: string };

/** An entry has at most a few kilobytes; a longer line is no line of ours. */
const MAX_LINE = 64 * 1024;

/** Whether these first bytes of a file are those of an audit export. */
export function looksLikeAuditExport(bytes: Uint8Array): boolean {
  const first = Buffer.from(bytes.subarray(0, MAX_LINE)).toString('utf8').split('\n', 1)[0] ?? '';
  return opensAuditExport(first);
}

/** Reads the file as a stream: an export may be larger than the memory. */
export async function verifyAuditFile(
  file: string,
  trustedKeys: readonly PublicKey[] | undefined,
): Promise<AuditFileVerdict> {
  try {
    return await verifyAuditExport(linesOf(file), trustedKeys === undefined ? {} : { trustedKeys });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { verdict: 'unreadable', message: String(error.code) };
  }
}

/** Only a newline ends a line: canonical JSON writes other separators as they are. Bytes that are no UTF-8 throw. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of createReadStream(file)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_LINE) break;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

interface AuditWords {
  readonly invalid: (line: number, message: string) => string;
  readonly all: string;
  readonly of: (organization: string) => string;
  readonly asked: (what: string, from: string, to: string, at: string) => string;
  readonly chain: (name: string, first: number, last: number, entries: number) => string;
  readonly head: (hash: string) => string;
  readonly sealed: (count: number) => string;
  readonly unsealed: (count: number) => string;
}

const WORDS: Readonly<Record<Language, AuditWords>> = {
  en: {
    invalid: (line, message) => `INVALID at line ${line}: ${message}`,
    all: 'all that could be read',
    of: (organization) =>
      organization === INSTALLATION_CHAIN ? 'the installation' : `organization ${organization}`,
    asked: (what, from, to, at) => `audit log of ${what}, from ${from} to ${to}, exported ${at}`,
    chain: (name, first, last, entries) =>
      `chain of ${name}: ledger entries ${first} to ${last} seal ${entries} of these entries`,
    head: (hash) => `hash of the last: ${hash}`,
    sealed: (count) => `sealed: ${count}`,
    unsealed: (count) => `not sealed yet: ${count}; for these only the signature of the file vouches`,
  },
  zh: {
    invalid: (line, message) => `无效，第 ${line} 行：${message}`,
    all: '可查看的全部内容',
    of: (organization) => (organization === INSTALLATION_CHAIN ? '本系统' : `单位 ${organization}`),
    asked: (what, from, to, at) => `审计日志：${what}，${from} 至 ${to}，导出于 ${at}`,
    chain: (name, first, last, entries) =>
      `${name}的哈希链：账本第 ${first} 至 ${last} 条，封存其中 ${entries} 条记录`,
    head: (hash) => `最后一条的哈希：${hash}`,
    sealed: (count) => `已封存：${count} 条`,
    unsealed: (count) => `尚未封存：${count} 条，仅由本文件的签名担保`,
  },
};

/** A verdict in words, one line or a block of them. */
export function auditVerdictText(file: string, verdict: AuditFileVerdict, language: Language): string {
  const words = verifyWords(language);
  switch (verdict.verdict) {
    case 'unreadable':
      return plain(`${file}: ${words.unreadable(verdict.message)}`);
    case 'invalid':
      return plain(`${file}: ${WORDS[language].invalid(verdict.line, verdict.message)}`);
    case 'valid':
      return [`${file}: ${words.valid}`, ...factsOf(verdict, language).map((line) => `  ${line}`)]
        .map(plain)
        .join('\n');
  }
}

function factsOf(
  { export: asked, chains, sealed, unsealed, key }: ValidAuditExport,
  language: Language,
): string[] {
  const audit = WORDS[language];
  const { labels, trusted, compare } = verifyWords(language);
  const what = asked.organization === null ? audit.all : audit.of(asked.organization);
  return [
    audit.asked(what, asked.from ?? '…', asked.to ?? '…', asked.at),
    ...chains.flatMap(({ organization, firstSeq, lastSeq, entries, head }) => [
      audit.chain(audit.of(organization), firstSeq, lastSeq, entries),
      audit.head(head),
    ]),
    audit.sealed(sealed),
    audit.unsealed(unsealed),
    `${labels.key}: ${key.fingerprint}`,
    key.trusted ? trusted : compare,
  ];
}
