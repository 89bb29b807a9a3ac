import {
  type ImportedScan,
  issueCertificate,
  type LedgerEntry,
  verifyCertificate,
  verifyChain,
} from '@backcheck/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { insertAuditEntry, type NewAuditEntry } from './audit.ts';
import { auditSpans, chainPage } from './audit-export.ts';
import { INSTALLATION, sealAudit, sealChain } from './audit-seal.ts';
import { findCertificate } from './certificates.ts';
import { insertGrants } from './grants.ts';
import { createPool, createWidePool, inTransaction } from './pool.ts';
import { inScope, type Scope } from './scope.ts';

let pool: ReturnType<typeof createPool>;
let wide: ReturnType<typeof createWidePool>;
let owner: Awaited<ReturnType<typeof freshDatabase>>['pool'];
let accountId: number;
let organizationId: number;

beforeAll(async () => {
  const database = await freshDatabase();
  owner = database.pool;
  pool = createPool({ connectionString: database.connectionString });
  wide = createWidePool({ connectionString: database.connectionString });
  const { rows } = await wide.query<{ id: number }>(
    `insert into account (name) values ('An auditor') returning account_id as id`,
  );
  accountId = rows[0]?.id ?? 0;
});
beforeEach(async () => {
  await sealAudit(wide, AT);
  organizationId = await newOrganization(wide);
});
afterAll(async () => {
  await pool.end();
  await wide.end();
});

const AT = '2026-11-21T08:00:00.000Z';

const entry = (change: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  organizationId,
  at: AT,
  account: { accountId, name: 'An auditor' },
  via: 'session',
  address: '192.0.2.1',
  action: 'update',
  object: 'organization',
  objectId: '7',
  details: { operation: 'PATCH /api/v1/organizations/:id', outcome: 'done' },
  ...change,
});

async function scopeOn(...organizations: number[]): Promise<Scope> {
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, {
      grants: organizations.map((one) => ({
        role: 'security-auditor',
        organizationId: one,
        systemId: null,
        campaignId: null,
        expiresAt: null,
      })),
      grantedBy: null,
      at: AT,
    }),
  );
  return { accountId, via: 'session', grants, wide: false };
}

async function ledger(chain: number): Promise<LedgerEntry[]> {
  const { rows } = await wide.query<{ entry: LedgerEntry }>(
    'select entry from ledger where organization_id = $1 order by seq',
    [chain],
  );
  return rows.map((row) => row.entry);
}

const day = (n: number, hour: number): string => new Date(Date.UTC(2026, 8, n, hour)).toISOString();

/** A complete Nessus run over one asset; `seen`: the plugin reported. */
function nessusScan(on: number, seen: boolean): ImportedScan {
  return {
    scan: {
      record: 'scan',
      format: 'nessus',
      tool: { name: 'nessus', version: '10.8', feed: null },
      startedAt: day(on, 0),
      finishedAt: day(on, 2),
      timeSource: 'file',
      complete: true,
      sha256: `${on}`.padStart(64, '0'),
    },
    assets: [
      {
        record: 'asset',
        id: 'a',
        identifiers: [{ kind: 'ip', value: '192.0.2.7' }],
        reached: true,
        startedAt: day(on, 0),
        finishedAt: day(on, 1),
        credential: 'none',
      },
    ],
    coverage: [
      {
        record: 'coverage',
        asset: 'a',
        transport: 'tcp',
        ports: '1-65535',
        checks: { ranges: '104743' },
        method: 'remote',
        evidence: 'E2',
        assumptions: [],
      },
    ],
    observations: seen ? [PRESENT] : [],
    warnings: [],
    importedAt: day(on, 3),
    vantage: 'main',
    submittedBy: 'coordinator',
    declaredBy: null,
    quarantined: false,
  };
}

const PRESENT: ImportedScan['observations'][number] = {
  record: 'observation',
  asset: 'a',
  transport: 'tcp',
  port: 443,
  check: 'nessus:104743',
  locus: '',
  verdict: 'present',
  title: 'TLS 1.0 is offered',
  severity: 'medium',
  cve: [],
  cwe: [],
  cvss: [],
  at: null,
};

describe('sealing', () => {
  test('makes one ledger entry of each chain, and the second time none', async () => {
    const before = (await ledger(INSTALLATION)).length;
    for (const one of [organizationId, null, organizationId])
      await insertAuditEntry(wide, entry({ organizationId: one }));
    expect(await sealAudit(wide, AT)).toBe(3);
    expect(await sealAudit(wide, AT)).toBe(0);
    expect(await ledger(organizationId)).toMatchObject([{ seq: 1, kind: 'audit', leaves: 2, at: AT }]);
    expect((await ledger(INSTALLATION)).slice(before)).toMatchObject([
      { organization: '0', kind: 'audit', leaves: 1 },
    ]);
    expect(verifyChain(await ledger(INSTALLATION))).toMatchObject({ intact: true });
  });

  test('by two at once seals each entry once', async () => {
    for (let number = 0; number < 20; number += 1) await insertAuditEntry(wide, entry());
    const counts = await Promise.all([sealAudit(wide, AT), sealAudit(wide, AT), sealAudit(wide, AT)]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect((await ledger(organizationId)).map(({ leaves }) => leaves)).toEqual([20]);
  });

  test('that is killed in the middle leaves nothing behind, and the next one seals all', async () => {
    await insertAuditEntry(wide, entry());
    const client = await wide.connect();
    client.on('error', () => undefined);
    await client.query('begin');
    expect(await sealChain(client, organizationId, AT)).toBe(1);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await expect(client.query('commit')).rejects.toThrow();
    client.release(true);
    expect(await ledger(organizationId)).toEqual([]);
    // The killed backend gives its lock back a moment later.
    while ((await sealAudit(wide, AT)) === 0);
    expect(await ledger(organizationId)).toMatchObject([{ seq: 1, leaves: 1 }]);
  });

  test('leaves the chain of an organization that an import holds for the next time, and does the others', async () => {
    const other = await newOrganization(wide);
    for (const one of [organizationId, other]) await insertAuditEntry(wide, entry({ organizationId: one }));
    await inTransaction(wide, async (tx) => {
      await tx.query('select from organization where organization_id = $1 for no key update', [
        organizationId,
      ]);
      expect(await sealAudit(wide, AT)).toBe(1);
    });
    expect(await ledger(other)).toHaveLength(1);
    expect(await sealAudit(wide, AT)).toBe(1);
  });

  test('stands between two imports in one chain, and the certificate of the later one holds', async () => {
    await takeIn(wide, organizationId, nessusScan(1, true));
    await insertAuditEntry(wide, entry());
    await sealAudit(wide, AT);
    await takeIn(wide, organizationId, nessusScan(5, false));
    const chain = await ledger(organizationId);
    expect(chain.map(({ kind }) => kind)).toEqual(['import', 'audit', 'import']);
    expect(verifyChain(chain)).toMatchObject({ intact: true });
    const { rows } = await wide.query<{ id: string }>(
      'select certificate_id as id from certificate where organization_id = $1',
      [organizationId],
    );
    const stored = await findCertificate(wide, rows[0]?.id ?? '');
    if (stored === null) throw new Error('no certificate');
    expect(stored.ledger.previousEntry?.kind).toBe('audit');
    expect(verifyCertificate(issueCertificate(stored, new Uint8Array(32).fill(7)))).toMatchObject({
      verdict: 'valid',
    });
  });
});

describe('what is exported', () => {
  test('is whole batches with the ledger entries between them, page by page', async () => {
    for (const at of ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'])
      await insertAuditEntry(wide, entry({ at }));
    await sealAudit(wide, AT);
    await takeIn(wide, organizationId, nessusScan(1, true));
    await insertAuditEntry(wide, entry());
    await sealAudit(wide, AT);
    await insertAuditEntry(wide, entry());
    const filter = { organizationId: `${organizationId}`, from: '2026-11-02T00:00:00.000Z' };
    const [span] = await auditSpans(wide, filter);
    if (span === undefined) throw new Error('no span');
    expect(span).toMatchObject({
      chain: organizationId,
      firstSeq: 1,
      lastSeq: 3,
      unsealed: [expect.any(String)],
    });
    const places: [number, number][] = [];
    let after = { seq: 1, leaf: -2 };
    for (;;) {
      const page = await chainPage(wide, span, after, 2);
      if (page.length === 0) break;
      for (const { seq, leaf } of page) {
        places.push([seq, leaf]);
        after = { seq, leaf };
      }
    }
    expect(places).toEqual([
      [1, -1],
      [1, 0],
      [1, 1],
      [2, -1],
      [3, -1],
      [3, 0],
    ]);
  });

  test('holds no chain of an organization that the asker does not see', async () => {
    const other = await newOrganization(wide);
    for (const one of [organizationId, other, null])
      await insertAuditEntry(wide, entry({ organizationId: one }));
    await sealAudit(wide, AT);
    await inScope(pool, await scopeOn(organizationId), async (tx) => {
      expect((await auditSpans(tx, {})).map(({ chain }) => chain)).toEqual([organizationId]);
      expect(await chainPage(tx, { chain: other, lastSeq: 9 }, { seq: 0, leaf: -2 }, 9)).toEqual([]);
      expect(await chainPage(tx, { chain: INSTALLATION, lastSeq: 9 }, { seq: 0, leaf: -2 }, 9)).toEqual([]);
    });
  });
});
