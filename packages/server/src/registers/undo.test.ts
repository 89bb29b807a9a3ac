import { Import } from '@backcheck/contract';
import type { Identifier } from '@backcheck/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RegisterClient } from '../testing/register-client.ts';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
let client: RegisterClient;

const csv = (...lines: string[]): string => `\ufeff${lines.join('\r\n')}\r\n`;
const organizations = (...lines: string[]) => csv('单位编码,单位名称,上级单位编码,行业', ...lines);
const assets = (...lines: string[]) => csv('资产编号,单位编码,IP 地址,类型,互联网暴露', ...lines);

async function select(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await running.parts.widePool.query(text, values)).rows;
}
const idOf = async (code: string): Promise<number> =>
  Number(
    (await select('select organization_id as id from organization where org_code = $1', [code]))[0]?.['id'],
  );
const assetOf = async (code: string) =>
  (
    await select(
      `select identity, identifiers, exposure, exposure_declared_at, exposure_declared_by, fields from asset where asset_code = $1`,
      [code],
    )
  )[0];

async function applied(file: string): Promise<string> {
  const staged = await client.stage(file);
  const done = await client.apply(staged.id);
  expect(done).toMatchObject({ state: 'applied', problem: null });
  return staged.id;
}

async function scan(organizationId: number, ...machines: Identifier[][]): Promise<void> {
  const file = houseScan({ at: '2026-10-01T00:00:00.000Z', assets: machines, present: true });
  const answer = await running.upload(file, { organizationId: String(organizationId), confirm: 'true' });
  expect((await running.settled(Import.parse(answer.json()).id)).problem).toBeNull();
}

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  client = new RegisterClient(await running.visitor('Manager', [{ role: 'campaign-manager' }]));
  await applied(organizations('Q,区,,政务', 'A,甲医院,Q,卫生', 'B,乙学校,Q,教育'));
});

describe('an import that is undone', () => {
  test('leaves no address behind by which a scan could meet the asset', async () => {
    await applied(assets('I1,A,192.0.2.1,,'));
    const id = await applied(assets('I1,A,192.0.2.1;192.0.2.2,,'));
    expect(await client.undo(id)).toMatchObject({ state: 'undone' });
    expect(await assetOf('I1')).toMatchObject({ identifiers: [{ kind: 'ip', value: '192.0.2.1' }] });
    await scan(await idOf('A'), [{ kind: 'ip', value: '192.0.2.2' }]);
    expect(await assetOf('I1')).toMatchObject({ identity: 'ip:192.0.2.1' });
  });

  test('removes assets although another organization claims their range', async () => {
    await select(
      `insert into ownership_claim (organization_id, kind, value, note, claimed_at, claimed_by) values ($1, 'range', '198.51.100.0/24', '', now(), 'Somebody')`,
      [await idOf('B')],
    );
    const id = await applied(assets('K1,A,198.51.100.1,,'));
    expect(await select('select reason from ownership_queue')).toEqual([{ reason: 'claimed-elsewhere' }]);
    expect(await client.undo(id)).toMatchObject({ state: 'undone', blockers: [] });
    expect(await select('select reason from ownership_queue')).toEqual([]);
  });

  test('says again who declared the exposure, and when', async () => {
    await applied(assets('X1,A,192.0.2.11,,是'));
    const before = await assetOf('X1');
    const id = await applied(assets('X1,A,192.0.2.11,,否'));
    await client.undo(id);
    expect(await assetOf('X1')).toEqual(before);
  });

  test('keeps what it took over from scans as scans know it, and can be applied again', async () => {
    await scan(await idOf('B'), [{ kind: 'ip', value: '192.0.2.21' }]);
    const look = () =>
      select(
        `select identity, identifiers, register_state, asset_code, fields, system_id, registered_at, exposure, exposure_declared_at from asset where identity = 'ip:192.0.2.21'`,
      );
    const before = await look();
    const staged = await client.stage(assets('T1,B,192.0.2.21;192.0.2.22,,是'));
    for (let round = 0; round < 2; round += 1) {
      expect(await client.apply(staged.id)).toMatchObject({ state: 'applied', counts: { changed: 1 } });
      expect(await assetOf('T1')).toMatchObject({ exposure: 'yes' });
      expect(await client.undo(staged.id)).toMatchObject({ state: 'undone' });
      expect(await look()).toEqual(before);
    }
    expect((await client.refused(client.ask(staged.id, 'undo'))).code).toBe('REGISTER_IMPORT_STATE');
  });

  test('puts a subtree back where it stood', async () => {
    await applied(organizations('M1,一局,Q,政务', 'M2,二局,Q,政务', 'M3,三科,M1,政务', 'M4,四股,M3,政务'));
    const tree = () =>
      select(
        `select o.org_code, p.org_code as above, a.depth from organization_ancestor a join organization o using (organization_id) join organization p on p.organization_id = a.ancestor_id order by 1, 3`,
      );
    const before = await tree();
    const id = await applied(organizations('M3,三科,M2,政务', 'M1,一局,M4,政务'));
    expect(await tree()).not.toEqual(before);
    expect(await client.undo(id)).toMatchObject({ state: 'undone' });
    expect(await tree()).toEqual(before);
  });

  test('does not take a system away to which somebody has a right', async () => {
    const id = await applied(
      csv('系统编号,单位编码,系统名称,等保级别,责任人,责任人电话', 'S1,A,门户,二级,王,110110'),
    );
    const [system] = await select(`select system_id as id from system where sys_code = 'S1'`);
    await running.visitor('Owner', [
      { role: 'system-owner', organizationId: await idOf('Q'), systemId: Number(system?.['id']) },
    ]);
    expect(await client.undo(id)).toMatchObject({
      state: 'applied',
      blockers: [{ kind: 'system', why: 'in-use' }],
    });
  });
});
