import { createHash } from 'node:crypto';
import {
  type AuditEntry,
  type AuditExportHead,
  type AuditLine,
  auditLeaf,
  auditLine,
  type LedgerLine,
  type SealedLine,
  signExport,
  type UnsealedLine,
} from '@backcheck/core';
import { type AuditFilter, auditEntries, auditSpans, type ChainRow, chainPage, type Tx } from '@backcheck/db';
import { csvRow } from './csv-row.ts';

/** Rows of one read; each read is a transaction of its own, because a slow client may take an hour. */
const PAGE = 2000;

type Body = LedgerLine | SealedLine | UnsealedLine;
type Read = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
type ExportFilter = Pick<AuditFilter, 'organizationId' | 'from' | 'to'>;

/** Chain by chain all that is sealed, then what is not. Sealed rows never change, so pages of several reads fit together. */
async function* bodyOf(read: Read, filter: ExportFilter): AsyncGenerator<Body[]> {
  const spans = await read((tx) => auditSpans(tx, filter));
  for (const span of spans) {
    if (span.firstSeq === null) continue;
    let after = { seq: span.firstSeq, leaf: -2 };
    for (;;) {
      const rows = await read((tx) => chainPage(tx, span, after, PAGE));
      const last = rows.at(-1);
      if (last === undefined) break;
      yield rows.map(lineOf);
      after = { seq: last.seq, leaf: last.leaf };
    }
  }
  const unsealed = spans.flatMap((span) => span.unsealed);
  for (let at = 0; at < unsealed.length; at += PAGE) {
    const entries = await read((tx) => auditEntries(tx, unsealed.slice(at, at + PAGE)));
    yield entries.map((entry) => ({ record: 'unsealed', entry }));
  }
}

function lineOf(row: ChainRow): Body {
  return 'ledger' in row
    ? { record: 'ledger', ledger: row.ledger }
    : { record: 'sealed', leaf: row.leaf, hash: auditLeaf(row.entry), entry: row.entry };
}

/** The file that `backcheck verify` checks; docs/audit.md describes its lines. */
export async function* exportLines(
  read: Read,
  {
    filter,
    at,
    secretKey,
  }: { readonly filter: ExportFilter; readonly at: string; readonly secretKey: Uint8Array },
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const counts = { sealed: 0, unsealed: 0 };
  const written = (lines: readonly AuditLine[]): string => {
    const text = lines.map((line) => `${auditLine(line)}\n`).join('');
    digest.update(text);
    return text;
  };
  const head: AuditExportHead = {
    record: 'audit-export',
    version: 1,
    organization: filter.organizationId ?? null,
    from: filter.from ?? null,
    to: filter.to ?? null,
    at,
  };
  yield written([head]);
  for await (const lines of bodyOf(read, filter)) {
    for (const { record } of lines) if (record !== 'ledger') counts[record] += 1;
    yield written(lines);
  }
  yield `${auditLine(signExport({ ...counts, sha256: digest.digest('hex') }, secretKey))}\n`;
}

const COLUMNS = [
  'id',
  'at',
  'organization',
  'account',
  'accountName',
  'via',
  'address',
  'action',
  'object',
  'objectId',
  'operation',
  'outcome',
  'details',
  'sealed',
];

/** For reading in a spreadsheet program; nothing in it can be verified. */
export async function* exportCsv(read: Read, filter: ExportFilter): AsyncGenerator<string> {
  // The mark tells spreadsheet programs that it is UTF-8.
  yield `\ufeff${csvRow(COLUMNS)}`;
  for await (const lines of bodyOf(read, filter)) {
    yield lines.map((line) => (line.record === 'ledger' ? '' : csvOf(line.entry, line.record))).join('');
  }
}

function csvOf(entry: AuditEntry, record: 'sealed' | 'unsealed'): string {
  const { operation, outcome, ...details } = entry.details;
  return csvRow([
    entry.id,
    entry.at,
    entry.organization,
    entry.account?.id,
    entry.account?.name,
    entry.via,
    entry.address,
    entry.action,
    entry.object,
    entry.objectId,
    operation,
    outcome,
    JSON.stringify(details),
    record === 'sealed' ? 'yes' : 'no',
  ]);
}
