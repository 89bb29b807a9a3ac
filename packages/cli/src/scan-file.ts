import { createReadStream } from 'node:fs';
import type { Fact, Instant, ScanRecord } from '@backcheck/core';
import { FutureScan, readScan, refuseFuture, UnreadableScan } from '@backcheck/scans';
import type { Terminal } from './terminal.ts';
import type { Language } from './verify-text.ts';

/** `FILE` or `FILE@TIME`. */
export interface ScanFile {
  readonly path: string;
  readonly declaredAt: Instant | null;
}

const TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** What follows the last "@" is a time when it is a full ISO 8601 instant with its zone; else it is part of the name. */
export function parseScanFile(argument: string): ScanFile {
  const mark = argument.lastIndexOf('@');
  const declaredAt = mark > 0 ? parseInstant(argument.slice(mark + 1)) : null;
  return declaredAt === null ? { path: argument, declaredAt } : { path: argument.slice(0, mark), declaredAt };
}

function parseInstant(text: string): Instant | null {
  const day = TIME.exec(text)?.[1];
  const time = Date.parse(text);
  if (day === undefined || Number.isNaN(time)) return null;
  // Date takes 30 February for 2 March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? new Date(time).toISOString() : null;
}

/** Throws `UnreadableScan`, `FutureScan` or the system's error. */
export function openScan(
  file: ScanFile,
  now: Instant,
  format?: string | undefined,
): AsyncGenerator<Fact[], ScanRecord> {
  const bytes: AsyncIterable<Uint8Array> = createReadStream(file.path);
  const options = {
    ...(file.declaredAt === null ? {} : { declaredAt: file.declaredAt }),
    ...(format === undefined ? {} : { format }),
  };
  return refuseFuture(readScan(bytes, options), now);
}

const REFUSALS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  UNKNOWN_FORMAT: { en: 'unknown format', zh: '无法识别的格式' },
  DAMAGED: { en: 'damaged', zh: '文件已损坏' },
  EMPTY: { en: 'empty', zh: '文件是空的' },
  ENCODING: { en: 'unknown encoding', zh: '无法识别的编码' },
  TOO_LARGE: { en: 'too large', zh: '解压后过大' },
  SEVERAL_FILES: { en: 'several files', zh: '压缩包内有多个文件' },
  FROM_FUTURE: { en: 'from the future', zh: '扫描时间在未来' },
  ENOENT: { en: 'no such file', zh: '文件不存在' },
  EACCES: { en: 'no permission to read it', zh: '没有读取权限' },
  EISDIR: { en: 'a folder, not a file', zh: '这是文件夹，不是文件' },
};

/** Says in one sentence why a file cannot be read. Any other error is a fault of ours and goes on. */
export function complainOf(file: ScanFile, error: unknown, { complain, language }: Terminal): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = REFUSALS[code]?.[language];
  if (words === undefined) throw error;
  const line = error instanceof UnreadableScan && error.line !== undefined ? `:${error.line}` : '';
  const ours = error instanceof UnreadableScan || error instanceof FutureScan;
  const hint = code === 'ENOENT' && /@\d{4}-\d\d-\d\d[^@]*$/.test(file.path) ? ZONE_HINT[language] : '';
  complain(`${file.path}${line}: ${words}${ours ? `: ${error.message}` : ''}${hint}`);
}

const ZONE_HINT = {
  en: '; a declared time is written in full with its zone, as in @2026-11-21T02:20:00Z',
  zh: '；声明时间须完整并带时区，例如 @2026-11-21T02:20:00Z',
} as const;
