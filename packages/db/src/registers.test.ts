import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { ensureAccount } from './accounts.ts';
import { insertGrants } from './grants.ts';
import { createPool, createWidePool, inTransaction } from './pool.ts';
import { listChanges } from './register-changes.ts';
import { inScope, type Scope } from './scope.ts';

let owner: Awaited<ReturnType<typeof freshDatabase>>['pool'];
let pool: ReturnType<typeof createPool>;
let accountId: number;
let scope: Scope;
const [CITY, COUNTY] = [1, 2];
const EVERY_KIND = ['organization', 'system', 'asset', 'contact', 'key_list'] as const;

beforeAll(async () => {
  const database = await freshDatabase();
  owner = database.pool;
  pool = createPool({ connectionString: database.connectionString });
  const wide = createWidePool({ connectionString: database.connectionString });
  accountId = (await ensureAccount(wide, 'Somebody')).accountId;
  await owner.query(`insert into organization (name, parent_id) values ('city', null), ('county', 1)`);
  const grant = {
    role: 'campaign-manager',
    organizationId: CITY,
    systemId: null,
    campaignId: null,
    expiresAt: null,
  };
  const at = '2026-11-21T00:00:00Z';
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, { grants: [grant], grantedBy: null, at }),
  );
  scope = { accountId, via: 'session', grants, wide: false };
  await wide.end();
});

const changes = async (organizationId = COUNTY) =>
  (
    await inScope(pool, scope, (tx) => listChanges(tx, { organizationId, kinds: EVERY_KIND, limit: 100 }))
  ).map(({ kind, action, by, fields }) => ({ kind, action, by: by?.name ?? null, fields }));

describe('the history of the registers', () => {
  test('keeps a change that was made by a plain statement, past the application', async () => {
    await owner.query(
      `update organization set sector = 'health', fields = '{"address":"Lake Road 1"}' where organization_id = $1`,
      [COUNTY],
    );
    expect((await changes())[0]).toEqual({
      kind: 'organization',
      action: 'updated',
      by: null,
      fields: [
        { field: 'sector', before: null, after: 'health' },
        { field: 'address', before: null, after: 'Lake Road 1' },
      ],
    });
  });

  test('says who, where a request made it', async () => {
    await inScope(pool, scope, (tx) =>
      tx.query(
        `insert into contact (organization_id, role, name, mobile) values ($1, 'leader', 'Wang', '110')`,
        [COUNTY],
      ),
    );
    await inScope(pool, scope, (tx) => tx.query('delete from contact where organization_id = $1', [COUNTY]));
    const [deleted, created] = await changes();
    expect([created?.kind, created?.action, created?.by]).toEqual(['contact', 'created', 'Somebody']);
    expect(deleted?.fields).toContainEqual({ field: 'mobile', before: '110', after: null });
  });

  test('has one entry for each of many records that one statement changed, and none where nothing changed', async () => {
    await owner.query(
      `insert into system (organization_id, sys_code, name) select $1, 'S' || n, 'S' from generate_series(1, 3) n`,
      [COUNTY],
    );
    const before = (await changes()).length;
    await owner.query(`update system set name = 'T' where sys_code <> 'S1'`);
    await owner.query(`update system set name = 'T' where sys_code <> 'S1'`);
    expect((await changes()).length - before).toBe(2);
  });

  test('leaves out assets that only scans know, and what scans change of the others', async () => {
    await owner.query(
      `insert into asset (organization_id, identity, identifiers, register_state) values ($1, 'ip:192.0.2.1', '[]', null), ($1, 'ip:192.0.2.2', '[]', 'confirmed')`,
      [COUNTY],
    );
    await owner.query(`update asset set identity = 'fqdn:example.org' where identity = 'ip:192.0.2.2'`);
    expect((await changes()).filter(({ kind }) => kind === 'asset').map(({ action }) => action)).toEqual([
      'created',
    ]);
  });

  test('of an asset that is handed over is known to both organizations', async () => {
    await owner.query(`update asset set organization_id = $1 where identity = 'fqdn:example.org'`, [CITY]);
    for (const organizationId of [CITY, COUNTY]) {
      expect((await changes(organizationId))[0]?.fields).toContainEqual({
        field: 'organizationId',
        before: COUNTY,
        after: CITY,
      });
    }
  });

  test('cannot be written or changed by the application', async () => {
    for (const statement of [
      'delete from register_change',
      `update register_change set account_id = null`,
      `insert into register_change (organization_id, record_kind, record_id, action, before, after) values (2, 'system', 1, 'updated', '{}', '{}')`,
    ]) {
      await expect(
        inScope(pool, { ...scope, wide: true }, (tx) => tx.query(statement)),
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});

test('the version of a record rises with each change, however it is made', async () => {
  const version = async () =>
    (await owner.query('select version from system where system_id = 1')).rows[0]?.version;
  const before = await version();
  await owner.query(`update system set criticality = 'vital', version = 1 where system_id = 1`);
  expect(await version()).toBe(before + 1);
});

test('who declared the exposure of an asset is kept with the time, whoever writes it', async () => {
  await inScope(pool, scope, (tx) =>
    tx.query(`update asset set exposure = 'yes' where identity = 'ip:192.0.2.1'`),
  );
  const { rows } = await owner.query(
    `select exposure_declared_by as by, exposure_declared_at as at from asset where identity = 'ip:192.0.2.1'`,
  );
  expect(rows[0]).toEqual({ by: accountId, at: expect.any(Date) });
});

test('an asset is in a system of its own organization only', async () => {
  await expect(
    owner.query(`update asset set system_id = 1 where organization_id = $1`, [CITY]),
  ).rejects.toMatchObject({ code: '23503' });
});

test('counts of assets and open findings follow every statement', async () => {
  const SQL = `insert into finding (organization_id, asset_id, check_id, port, transport, locus_key, locus, description_id, described_at, severity, first_seen, state, changed_at)
    select $1, 1, n, 443, 0, '', '', 1, now(), n % 5, now(), 'open', now() from generate_series(1, 20) n`;
  const counted = async () => {
    const { rows } = await owner.query(
      `select assets, info, low, medium, high, critical from organization_count where organization_id = $1`,
      [COUNTY],
    );
    return rows[0];
  };
  const recounted = async () => {
    const of = (severity: number) =>
      `count(*) filter (where severity = ${severity} and state <> 'verified-fixed')::int`;
    const { rows } = await owner.query(
      `select (select count(*)::int from asset where organization_id = $1) as assets, ${of(0)} as info, ${of(1)} as low, ${of(2)} as medium,
         ${of(3)} as high, ${of(4)} as critical from finding where organization_id = $1`,
      [COUNTY],
    );
    return rows[0];
  };
  await owner.query(SQL, [COUNTY]);
  expect(await counted()).toEqual(await recounted());
  await owner.query(`update finding set severity = 4 where check_id < 8`);
  await owner.query(`delete from finding where check_id > 15`);
  await owner.query(`update finding set organization_id = $1 where check_id = 1`, [CITY]);
  await owner.query(`delete from asset where identity = 'ip:192.0.2.1'`);
  expect(await counted()).toEqual(await recounted());
  expect(await counted()).toMatchObject({ assets: 0, critical: 8 });
});
