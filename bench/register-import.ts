import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { RegisterRecord } from '@backcheck/core';
import {
  createPool,
  createWidePool,
  ensureAccount,
  findRegisterImport,
  insertGrants,
  insertRegisterImport,
  inTransaction,
  migrate,
  type Pool,
} from '@backcheck/db';
import { pino } from 'pino';
import { openEvidence, standardEvidence } from '../packages/server/src/platform/files/evidence-parts.ts';
import { startPostgres } from '../packages/server/src/platform/postgres/start-postgres.ts';
import { describeSheets } from '../packages/server/src/registers/describe-sheets.ts';
import { openStored } from '../packages/server/src/registers/open-stored.ts';
import { runRegisterImport } from '../packages/server/src/registers/run-register-import.ts';
import { writeRegister } from '../packages/server/src/registers/spreadsheet/write-workbook.ts';

/**
 * A workbook of 25,000 assets of 500 organizations: read and mapped, compared, applied, compared again, undone. Against
 * an insert of as many bare assets, in the same run.
 */
const ROWS = Number(process.env['BENCH_ROWS'] ?? 25_000);
const ORGANIZATIONS = 500;

const records = Array.from(
  { length: ROWS },
  (_, n): RegisterRecord => ({
    assetCode: `ZC-${n}`,
    organizationCode: `DW-${n % ORGANIZATIONS}`,
    name: `服务器 ${n}`,
    type: 'server',
    hostname: `srv-${n}`,
    ips: [`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`],
    macs: [
      `02:00:00:${[n >> 16, (n >> 8) & 255, n & 255].map((one) => one.toString(16).padStart(2, '0')).join(':')}`,
    ],
    vendor: '某厂商',
    os: 'Debian',
    osVersion: '13',
    virtual: n % 2 === 0,
    location: `机房 ${n % 40}`,
    exposure: n % 9 === 0 ? 'yes' : 'no',
    supportEndOn: '2028-06-30',
    ownerPerson: `责任人 ${n % 300}`,
    notes: '由台账导入',
  }),
);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`${what.padEnd(34)} ${seconds.toFixed(2)} s, ${Math.round(ROWS / seconds)} rows/s\n`);
  return result;
}

async function seed(wide: Pool): Promise<number> {
  const { accountId } = await ensureAccount(wide, 'Bench');
  const everywhere = { organizationId: null, systemId: null, campaignId: null, expiresAt: null };
  const grants = [{ ...everywhere, role: 'campaign-manager' }];
  await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, { grants, grantedBy: null, at: new Date().toISOString() }),
  );
  await wide.query(
    `insert into organization (org_code, name) select 'DW-' || n, 'Organization ' || n from generate_series(0, ${ORGANIZATIONS - 1}) n`,
  );
  return accountId;
}

async function bare(wide: Pool): Promise<void> {
  await inTransaction(wide, async (tx) => {
    await tx.query(
      `insert into asset (organization_id, identity, identifiers) select 1 + n % ${ORGANIZATIONS}, 'bare:' || n, '[]' from generate_series(1, ${ROWS}) n`,
    );
  });
  await wide.query(`delete from asset where identity like 'bare:%'`);
}

const folder = await mkdtemp(join(tmpdir(), 'backcheck-bench-'));
const server = await startPostgres({
  dataDir: folder,
  onCrash: (fault) => process.stderr.write(`${fault.message}\n`),
});
const connection = { connectionString: server.connectionString };
await migrate(connection);
const [pool, widePool] = [createPool(connection), createWidePool(connection)];
try {
  const accountId = await seed(widePool);
  const { files } = await openEvidence(join(folder, 'files'), standardEvidence(folder), new Date());
  const parts = { pool, widePool, files, clock: () => new Date(), log: pino({ level: 'warn' }) };
  const bytes = await timed('workbook written', () => writeRegister('asset', records, 'zh'));
  const file = await files.receive(Readable.from([Buffer.from(bytes)]));
  await file.keep();
  const sheets = await timed('read, columns proposed', async () => {
    const opened = await openStored(files, file.sha256);
    const found = 'refused' in opened ? opened : await describeSheets(opened);
    if ('refused' in found) throw new Error(found.refused);
    return found;
  });
  const made = await inTransaction(widePool, (tx) =>
    insertRegisterImport(tx, {
      ...file,
      organizationId: null,
      createdBy: accountId,
      fileName: 'bench.xlsx',
      sheets,
    }),
  );
  const { registerImportId } = made;
  const step = async (state: string) => {
    await widePool.query('update register_import set state = $2 where register_import_id = $1', [
      registerImportId,
      state,
    ]);
    await runRegisterImport(parts, { registerImportId, signal: new AbortController().signal, last: false });
  };
  const tell = async () => {
    const row = await findRegisterImport(widePool, registerImportId);
    process.stdout.write(`  ${row?.state} ${JSON.stringify(row?.counts)}\n`);
  };
  const start = performance.now();
  await timed('compared, all new', () => step('staging'));
  await tell();
  await timed('applied', () => step('applying'));
  const ours = performance.now() - start;
  await tell();
  await timed('compared, all the same', () => step('staging'));
  await tell();
  await timed('undone and compared', () => step('undoing'));
  await tell();
  const bareStart = performance.now();
  await timed('bare insert and delete', () => bare(widePool));
  const ratio = ours / (performance.now() - bareStart);
  const most = Math.round(process.memoryUsage.rss() / 1024 ** 2);
  process.stdout.write(
    `compared and applied: ${(ours / 1000).toFixed(1)} s, ${ratio.toFixed(1)} x the bare rows; ${most} MB\n`,
  );
} finally {
  await pool.end();
  await widePool.end();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
