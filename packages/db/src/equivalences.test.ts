import type { Fact, ScanRecord } from '@backcheck/core';
import { beforeAll, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../tests/support/database.ts';
import { newOrganization } from '../../../tests/support/stored-world.ts';
import { listFindings } from './findings.ts';
import { migrate } from './migrate.ts';
import { inTransaction } from './pool.ts';
import { storeScan } from './store-scan.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});

const AT = '2026-03-01T00:00:00.000Z';
const presence = (check: string, cve: readonly string[] = []): Fact => ({
  record: 'observation',
  asset: 'a1',
  transport: 'tcp',
  port: 443,
  check,
  locus: '',
  verdict: 'present',
  title: check,
  severity: 'medium',
  cve,
  cwe: [],
  cvss: [],
  at: null,
});

async function* facts(tool: string, seen: readonly Fact[]): AsyncGenerator<Fact[], ScanRecord> {
  yield [
    {
      record: 'asset',
      id: 'a1',
      identifiers: [{ kind: 'ip', value: '192.0.2.1' }],
      reached: true,
      startedAt: AT,
      finishedAt: AT,
      credential: 'none',
    },
    ...seen,
  ];
  return {
    record: 'scan',
    format: tool,
    tool: { name: tool, version: null, feed: null },
    startedAt: AT,
    finishedAt: AT,
    timeSource: 'file',
    complete: true,
    sha256: Buffer.from(`${tool} ${seen.length}`).toString('hex').padStart(64, '0').slice(-64),
  };
}

const takeIn = (organizationId: number, tool: string, ...seen: Fact[]) =>
  inTransaction(database.pool, (tx) =>
    storeScan(
      tx,
      {
        organizationId,
        importedAt: AT,
        vantage: 'main',
        submittedBy: 'coordinator',
        declaredBy: null,
        fileName: tool,
      },
      facts(tool, seen),
    ),
  );

const problemOf = async (organizationId: number, check: string) => {
  const { items } = await listFindings(database.pool, {
    organizationId: `${organizationId}`,
    check,
    sort: '-severity',
    limit: 9,
  });
  return items[0]?.problem;
};

test('a version with other equivalences groups the findings that are there anew', async () => {
  const organizationId = await newOrganization(database.pool);
  await takeIn(organizationId, 'sslscan', presence('sslscan:tls1.0'));
  await takeIn(organizationId, 'testssl', presence('testssl:TLS1'));
  await database.pool.query(`delete from equivalence_member where equivalence = 'tls-1.0-offered'`);
  await database.pool.query('update finding set problem = finding_id');
  expect(await problemOf(organizationId, 'testssl:TLS1')).toMatchObject({ findings: 1 });
  await migrate({ connectionString: database.connectionString });
  expect(await problemOf(organizationId, 'testssl:TLS1')).toMatchObject({ findings: 2, tools: 2 });
});

test('a tool that names other CVEs of a finding moves it to the problem of these', async () => {
  const organizationId = await newOrganization(database.pool);
  await takeIn(
    organizationId,
    'nessus',
    presence('nessus:1', ['CVE-2026-1']),
    presence('nessus:2', ['CVE-2026-2']),
  );
  expect(await problemOf(organizationId, 'nessus:1')).toMatchObject({ findings: 1 });
  await takeIn(organizationId, 'nessus', presence('nessus:1', ['CVE-2026-2']));
  expect(await problemOf(organizationId, 'nessus:1')).toMatchObject({ findings: 2, tools: 1 });
});
