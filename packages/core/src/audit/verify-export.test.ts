import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryHash, type LedgerEntry, NO_ENTRY } from '../prove/chain.ts';
import { publicKeyOf } from '../prove/dsse.ts';
import { sha256Hex } from '../prove/hash.ts';
import { EMPTY_ROOT, merkleTree } from '../prove/merkle.ts';
import { type AuditEntry, auditLeaf, INSTALLATION_CHAIN } from './entry.ts';
import { type AuditLine, auditLine, signExport } from './export.ts';
import { verifyAuditExport } from './verify-export.ts';

const KEY = new Uint8Array(32).fill(7);

const anEntry = (id: number, organization: string | null): AuditEntry => ({
  kind: 'audit',
  id: `${id}`,
  organization,
  at: '2026-11-21T08:00:00.000Z',
  account: { id: '3', name: '王 Wang' },
  via: 'session',
  address: '192.0.2.1',
  action: 'update',
  object: 'organization',
  objectId: '7',
  details: { operation: 'PATCH /api/v1/organizations/:id', outcome: 'done' },
});

const anImport: Omit<LedgerEntry, 'organization' | 'seq' | 'previous'> = {
  kind: 'import',
  at: '2026-11-21T08:00:30.000Z',
  scan: sha256Hex('a scan'),
  leaves: 0,
  root: EMPTY_ROOT,
};

/** A chain of an organization: `null` is an import, a list the ids of the entries of one batch. */
function chain(organization: string | null, batches: readonly (readonly number[] | null)[]): AuditLine[] {
  const lines: AuditLine[] = [];
  let before: LedgerEntry | null = null;
  for (const ids of batches) {
    const entries = (ids ?? []).map((id) => anEntry(id, organization));
    const hashes = entries.map(auditLeaf);
    const ledger: LedgerEntry = {
      ...anImport,
      ...(ids === null
        ? {}
        : { kind: 'audit', scan: null, leaves: ids.length, root: merkleTree(hashes).root }),
      organization: organization ?? INSTALLATION_CHAIN,
      seq: (before?.seq ?? 0) + 1,
      previous: before === null ? NO_ENTRY : entryHash(before),
    };
    lines.push({ record: 'ledger', ledger });
    for (const [leaf, entry] of entries.entries())
      lines.push({ record: 'sealed', leaf, hash: auditLeaf(entry), entry });
    before = ledger;
  }
  return lines;
}

/** The lines of a whole file, signed as they stand. */
function signed(body: readonly AuditLine[]): string[] {
  const head: AuditLine = {
    record: 'audit-export',
    version: 1,
    organization: null,
    from: null,
    to: null,
    at: '2026-11-21T09:00:00.000Z',
  };
  const lines = [head, ...body].map(auditLine);
  const count = (record: AuditLine['record']) => body.filter((line) => line.record === record).length;
  const end = signExport(
    {
      sealed: count('sealed'),
      unsealed: count('unsealed'),
      sha256: sha256Hex(lines.map((line) => `${line}\n`).join('')),
    },
    KEY,
  );
  return [...lines, auditLine(end)];
}

const BODY: readonly AuditLine[] = [
  ...chain(null, [[1, 2]]),
  ...chain('7', [[3, 4, 5], null, [6]]),
  { record: 'unsealed', entry: anEntry(8, '7') },
];
const FILE = signed(BODY);

/** Body line by its place in the file, from 1. */
const without = (line: number) => signed(BODY.filter((_, index) => index + 2 !== line));
const swapped = (line: number) => {
  const [one, two] = [BODY[line - 2], BODY[line - 1]];
  if (one === undefined || two === undefined) throw new Error('two lines');
  return signed(BODY.map((each, index) => (index === line - 2 ? two : index === line - 1 ? one : each)));
};

describe('an audit export', () => {
  test('holds as it was written, and says what is not sealed', async () => {
    expect(await verifyAuditExport(FILE)).toMatchObject({
      verdict: 'valid',
      sealed: 6,
      unsealed: 1,
      chains: [
        { organization: '0', firstSeq: 1, lastSeq: 1, entries: 2 },
        { organization: '7', firstSeq: 1, lastSeq: 3, entries: 4 },
      ],
      key: { publicKey: publicKeyOf(KEY), trusted: false },
    });
  });

  test('holds when it begins in the middle of a chain', async () => {
    const [head, ...rest] = chain('7', [null, [3], [4]]);
    expect(head?.record).toBe('ledger');
    expect(await verifyAuditExport(signed(rest))).toMatchObject({
      verdict: 'valid',
      chains: [{ firstSeq: 2, lastSeq: 3 }],
    });
  });

  test('breaks by any changed character of any line', async () => {
    const places = fc.integer({ min: 0, max: FILE.length - 1 }).chain((line) =>
      fc.record({
        line: fc.constant(line),
        at: fc.integer({ min: 0, max: (FILE[line] ?? '').length - 1 }),
        by: fc.constantFrom('0', '7', 'a', ' ', '"', '}', '王', '\u2028'),
      }),
    );
    await fc.assert(
      fc.asyncProperty(places, async ({ line, at, by }) => {
        const text = FILE[line] ?? '';
        const changed = `${text.slice(0, at)}${by}${text.slice(at + 1)}`;
        if (changed === text) return;
        const lines = FILE.map((each, index) => (index === line ? changed : each));
        expect(await verifyAuditExport(lines)).toMatchObject({ verdict: 'invalid' });
      }),
      { numRuns: 500 },
    );
  });

  test('names the line of an entry that was changed, also when the file was signed again', async () => {
    const changed = BODY.map((line, index) =>
      index === 5 && line.record === 'sealed' ? { ...line, entry: { ...line.entry, objectId: '8' } } : line,
    );
    expect(await verifyAuditExport(signed(changed))).toEqual({
      verdict: 'invalid',
      line: 7,
      message: 'the entry does not have the hash that stands beside it',
    });
  });

  test('names the ledger entry whose root does not fit, when the hash was changed too', async () => {
    const changed = BODY.map((line, index) => {
      if (index !== 5 || line.record !== 'sealed') return line;
      const entry = { ...line.entry, objectId: '8' };
      return { ...line, entry, hash: auditLeaf(entry) };
    });
    expect(await verifyAuditExport(signed(changed))).toMatchObject({
      line: 5,
      message: 'ledger entry 1 has another root than its entries',
    });
  });

  test.each([
    ['one of a sealed batch', without(7), 7, 'it is leaf 2 where 1 belongs'],
    ['the last of a sealed batch', without(8), 5, 'ledger entry 1 seals 3 entries; 2 are here'],
    ['a ledger entry between two batches', without(9), 9, 'ledger entry 3: its number is 3 where 2 belongs'],
    ['the ledger entry over a batch', without(5), 5, 'it is leaf 0 where 2 belongs'],
  ])('breaks when %s is left out, though it was signed again', async (_, file, line, message) => {
    expect(await verifyAuditExport(file)).toEqual({
      verdict: 'invalid',
      line,
      message: expect.stringContaining(message),
    });
  });

  test.each([3, 4, 6, 7, 8, 9, 10])(
    'breaks when lines %i and the next change places, though signed again',
    async (line) => {
      expect(await verifyAuditExport(swapped(line))).toMatchObject({ verdict: 'invalid' });
    },
  );

  test('breaks when its end is missing, at whatever line it was cut', async () => {
    for (let length = 0; length < FILE.length; length += 1) {
      expect(await verifyAuditExport(FILE.slice(0, length))).toMatchObject({
        verdict: 'invalid',
        line: length + 1,
      });
    }
  });

  test('breaks when something stands behind its end, or a chain comes twice', async () => {
    expect(await verifyAuditExport([...FILE, ''])).toMatchObject({ line: FILE.length + 1 });
    const twice = [...chain('7', [[1]]), ...chain('8', [[2]]), ...chain('7', [[1]])];
    expect(await verifyAuditExport(signed(twice))).toMatchObject({
      line: 6,
      message: 'the chain of 7 was left before',
    });
  });

  test('of another key is refused when a key is asked for', async () => {
    expect(await verifyAuditExport(FILE, { trustedKeys: [publicKeyOf(KEY)] })).toMatchObject({
      verdict: 'valid',
      key: { trusted: true },
    });
    expect(await verifyAuditExport(FILE, { trustedKeys: ['0'.repeat(64)] })).toMatchObject({
      verdict: 'invalid',
      line: FILE.length,
    });
  });

  test('is answered with a verdict whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.string(), fc.constantFrom(...FILE))),
        async (lines) => {
          expect((await verifyAuditExport(lines)).verdict).toBe('invalid');
        },
      ),
    );
  });
});
