import { createOwnerPool, createPool } from '@backcheck/db';
import { beforeAll, expect, test, vi } from 'vitest';
import { officeWorkbook } from '../testing/office-workbook.ts';
import { RegisterClient } from '../testing/register-client.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';
import { runRegisterImport } from './run-register-import.ts';

let running: RunningApp;
let visitor: Visitor;
let client: RegisterClient;

beforeAll(async () => {
  // No workers: each test runs the job itself.
  running = await RunningApp.start();
  visitor = await running.visitor('Manager', [{ role: 'campaign-manager' }]);
  client = new RegisterClient(visitor);
});

const signal = new AbortController().signal;
const run = (registerImportId: string, last = false) =>
  runRegisterImport(running.parts, { registerImportId, signal, last });

async function staged(by: Visitor, file: Uint8Array | string): Promise<string> {
  const { id, sheets } = await new RegisterClient(by).upload(file);
  const payload = {
    sheets: sheets.map(({ kind, columns }) => ({ kind, columns: columns.map(({ field }) => field) })),
  };
  expect(
    (await by.send({ method: 'PUT', url: `/api/v1/register-imports/${id}/mapping`, payload })).statusCode,
  ).toBe(202);
  await run(id);
  return id;
}

async function count(table: string): Promise<number> {
  const { rows } = await running.parts.widePool.query<{ n: number }>(
    `select count(*)::int as n from ${table}`,
  );
  return rows[0]?.n ?? -1;
}

test('a process that is killed in the middle of applying leaves nothing, and the next attempt does it all', async () => {
  const id = await staged(visitor, await officeWorkbook({ whole: true }));
  expect((await client.ask(id, 'apply')).json()).toMatchObject({ state: 'applying', counts: { new: 1200 } });
  const owner = createOwnerPool({ connectionString: running.connectionString });
  const other = await owner.connect();
  await other.query('begin; lock table contact in share mode');
  const attempt = run(id).catch((error: unknown) => error);
  await vi.waitFor(
    async () => {
      const killed = await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into contact%'`,
      );
      expect(killed.rowCount).toBe(1);
    },
    { timeout: 20_000 },
  );
  expect(await attempt).toBeInstanceOf(Error);
  await other.query('rollback');
  other.release();
  await owner.end();
  for (const table of ['organization', 'system', 'asset', 'contact', 'register_change']) {
    expect([table, await count(table)]).toEqual([table, 0]);
  }
  await run(id);
  expect(await client.settled(id)).toMatchObject({
    state: 'applied',
    progress: { rowsRead: 1200, rowsTotal: 1200 },
  });
  expect(await count('contact')).toBe(300);
});

test('an import waits for whoever holds one of its organizations, and has touched nothing by then', async () => {
  const id = await staged(visitor, '资产编号,单位编码,IP 地址\nL-1,DW-020,192.0.2.201\n');
  await client.ask(id, 'apply');
  const owner = createOwnerPool({ connectionString: running.connectionString });
  const other = await owner.connect();
  await other.query(`begin; select from organization where org_code = 'DW-020' for no key update`);
  const attempt = run(id);
  await vi.waitFor(
    async () => {
      const { rows } = await owner.query(
        `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows).toEqual([{ query: expect.stringContaining('from organization') }]);
    },
    { timeout: 20_000 },
  );
  // As a hand-over does: an asset, and with it the count of its organization.
  await other.query(
    `update asset set organization_id = (select organization_id from organization where org_code = 'DW-001'), system_id = null, asset_code = null
     where asset_id = (select min(asset_id) from asset join organization using (organization_id) where org_code = 'DW-020'); commit`,
  );
  other.release();
  await owner.end();
  await attempt;
  expect((await client.settled(id)).state).toBe('applied');
});

test('a right that ended between asking and writing counts no more: nothing is written and the rows say why', async () => {
  const { rows } = await running.parts.widePool.query<{ id: number }>(
    `select organization_id as id from organization where org_code = 'DW-020'`,
  );
  const former = await running.visitor('Liaison', [{ role: 'liaison', organizationId: rows[0]?.id ?? 0 }]);
  const id = await staged(former, '资产编号,单位编码,IP 地址\nN-1,DW-020,192.0.2.1\n');
  expect((await new RegisterClient(former).ask(id, 'apply')).statusCode).toBe(202);
  const assets = await count('asset');
  await running.parts.widePool.query('update access_grant set revoked_at = now() where account_id = $1', [
    former.accountId,
  ]);
  await run(id);
  expect(await count('asset')).toBe(assets);
  const looked = await client.settled(id);
  expect(looked).toMatchObject({
    state: 'ready',
    problem: { code: 'REGISTERS_CHANGED' },
    counts: { new: 0, error: 1 },
  });
  expect(await client.rows(id)).toMatchObject([{ problems: [{ code: 'UNKNOWN_ORGANIZATION' }] }]);
});

test('a fault in the last attempt gives the import back to be tried again', async () => {
  const id = await staged(visitor, '单位编码,单位名称,行业,上级单位编码\nG-1,新单位,教育,DW-001\n');
  await client.ask(id, 'apply');
  const nowhere = createPool({ connectionString: 'postgresql://127.0.0.1:1/none' });
  const broken = { ...running.parts, pool: nowhere };
  const attempt = (last: boolean) => runRegisterImport(broken, { registerImportId: id, signal, last });
  await expect(attempt(false)).rejects.toThrow();
  await attempt(true);
  await nowhere.end();
  expect(await client.settled(id)).toMatchObject({
    state: 'ready',
    problem: { code: 'REGISTER_IMPORT_FAILED' },
  });
  expect((await client.ask(id, 'apply')).statusCode).toBe(202);
  await run(id);
  expect((await client.settled(id)).state).toBe('applied');
});
