import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditEntry,
  type AuditLine,
  auditLeaf,
  auditLine,
  merkleTree,
  NO_ENTRY,
  publicKeyOf,
  sha256Hex,
  signExport,
} from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { type VerifyOptions, verifyCommand } from './verify.ts';
import type { Language } from './verify-text.ts';

const KEY = new Uint8Array(32).fill(7);
const FOLDER = mkdtempSync(join(tmpdir(), 'backcheck-audit-'));

const entry: AuditEntry = {
  kind: 'audit',
  id: '1',
  organization: null,
  at: '2026-11-21T08:00:00.000Z',
  // a separator that some readers of lines take for an end of line
  account: { id: '3', name: '王\u2028Wang' },
  via: 'session',
  address: '192.0.2.1',
  action: 'update',
  object: 'account',
  objectId: null,
  details: {},
};

const BODY: readonly AuditLine[] = [
  {
    record: 'audit-export',
    version: 1,
    organization: null,
    from: null,
    to: null,
    at: '2026-11-21T09:00:00.000Z',
  },
  {
    record: 'ledger',
    ledger: {
      organization: '0',
      seq: 1,
      previous: NO_ENTRY,
      kind: 'audit',
      at: '2026-11-21T08:01:00.000Z',
      scan: null,
      leaves: 1,
      root: merkleTree([auditLeaf(entry)]).root,
    },
  },
  { record: 'sealed', leaf: 0, hash: auditLeaf(entry), entry },
  { record: 'unsealed', entry: { ...entry, id: '2' } },
];

const TEXT = BODY.map((line) => `${auditLine(line)}\n`).join('');
const FILE = `${TEXT}${auditLine(signExport({ sealed: 1, unsealed: 1, sha256: sha256Hex(TEXT) }, KEY))}\n`;

let files = 0;
function file(content: string | Uint8Array): string {
  files += 1;
  const path = join(FOLDER, `${files}.jsonl`);
  writeFileSync(path, content);
  return path;
}

async function verify(content: string | Uint8Array, options: VerifyOptions = {}, language: Language = 'en') {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const exit = await verifyCommand([file(content)], options, { out: write, err: write, language });
  return { exit, text: lines.join('\n') };
}

describe('backcheck verify of an audit export', () => {
  test('knows it by its content, and says what is sealed, what is not, and by which key', async () => {
    const { exit, text } = await verify(FILE, { key: file(publicKeyOf(KEY)) });
    expect(exit).toBe(0);
    for (const fact of [
      'valid',
      'chain of the installation: ledger entries 1 to 1 seal 1 of these entries',
      'not sealed yet: 1',
      'the key given with --key',
    ])
      expect(text).toContain(fact);
    expect((await verify(FILE, {}, 'zh')).text).toContain('尚未封存：1 条');
  });

  test('names the first line that does not fit', async () => {
    const { exit, text } = await verify(FILE.replace('"id":"1"', '"id":"9"'));
    expect(exit).toBe(1);
    expect(text).toContain('INVALID at line 3: the entry does not have the hash that stands beside it');
    expect(JSON.parse((await verify(FILE.slice(0, -2), { json: true })).text)).toMatchObject({
      record: 'audit-export',
      verdict: 'invalid',
      line: 5,
    });
  });

  test('refuses another key than the one that was asked for', async () => {
    const { exit, text } = await verify(FILE, { key: file('0'.repeat(64)) });
    expect([exit, text]).toEqual([1, expect.stringContaining('not the key that was asked for')]);
  });

  test('does not read a line without an end, and calls bytes that are no text unreadable', async () => {
    const endless = await verify(`${TEXT}${'x'.repeat(5_000_000)}`);
    expect([endless.exit, endless.text]).toEqual([1, expect.stringContaining('line 5')]);
    const bytes = Buffer.from(FILE);
    bytes[bytes.indexOf('王')] = 0xff;
    expect((await verify(bytes)).exit).toBe(2);
  });
});
