import type { Identifier } from '@backcheck/core';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { assetsOf, give, HAND_OVER, isSound } from '../../../tests/support/hand-over.ts';
import { nessusScan } from '../../../tests/support/nessus-scan.ts';
import { listAll, newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { mergeAssets } from './asset-links.ts';
import { findCertificate } from './certificates.ts';
import { findingHistory } from './history.ts';
import { createWidePool, inTransaction } from './pool.ts';
import { quarantineScan } from './refold-all.ts';

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

const nessus = (day: number, seen: boolean, ...machines: Identifier[][]) =>
  nessusScan(`2026-09-0${day}`, seen, ...machines);
const ip = (value: string): Identifier => ({ kind: 'ip', value });
const agent = (value: string): Identifier => ({ kind: 'agent', value });

async function organizations(): Promise<[number, number, number]> {
  return [await newOrganization(pool), await newOrganization(pool), await newOrganization(pool)];
}
async function assetNamed(organizationId: number, identity: string): Promise<string> {
  const id = (await assetsOf(pool, organizationId)).get(identity);
  if (id === undefined) throw new Error(`no asset ${identity}`);
  return id;
}
async function stateAt(organizationId: number): Promise<string[]> {
  return (await listAll(pool, organizationId)).map(({ state }) => state).sort();
}
const merge = (organizationId: number, identity: string, target: string) =>
  inTransaction(pool, (tx) =>
    mergeAssets(tx, organizationId, {
      link: { identity, target, from: null, until: null },
      decision: HAND_OVER,
    }),
  );

describe('an asset that is handed over', () => {
  test('keeps its id and its findings theirs, and the receiver closes and reopens them', async () => {
    const [from, to] = await organizations();
    for (const seen of [true, false]) await takeIn(pool, from, nessus(seen ? 1 : 2, seen, [ip('192.0.2.7')]));
    const [before] = await listAll(pool, from);
    const id = await assetNamed(from, 'ip:192.0.2.7');
    expect((await give(pool, { from, to, assets: [id] })).changed).toEqual({
      visits: 2,
      findings: 1,
      superseded: 1,
      issued: 1,
    });
    expect(await listAll(pool, from)).toEqual([]);
    expect(await listAll(pool, to)).toMatchObject([
      { id: before?.id, asset: { id }, state: 'verified-fixed' },
    ]);
    const old = await findCertificate(pool, before?.certificateId ?? '');
    expect(old?.supersession).toMatchObject({ cause: 'register' });
    await takeIn(pool, to, nessus(3, true, [ip('192.0.2.7')]));
    expect(await stateAt(to)).toEqual(['regressed']);
    await takeIn(pool, to, nessus(4, false, [ip('192.0.2.7')]));
    expect(await stateAt(to)).toEqual(['verified-fixed']);
    for (const one of [from, to]) await isSound(pool, one);
  });

  test('brings what its register says of the machine, and nothing of what the giver wrote there', async () => {
    const [from, to] = await organizations();
    await takeIn(pool, from, nessus(1, true, [ip('192.0.2.7')]));
    const id = await assetNamed(from, 'ip:192.0.2.7');
    await pool.query(
      `update asset set asset_code = 'A-1', type = 'server', edge_device = true, register_state = 'confirmed', registered_at = now(),
         fields = '{"owner_person": "somebody"}' where asset_id = $1`,
      [id],
    );
    await give(pool, { from, to, assets: [id] });
    const { rows } = await pool.query(
      'select organization_id, asset_code, type, edge_device, register_state, fields from asset where asset_id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        organization_id: to,
        asset_code: null,
        type: 'server',
        edge_device: true,
        register_state: 'candidate',
        fields: {},
      },
    ]);
  });

  test('is one with the asset of its name that the receiver has, seen or registered; that one stays as it is registered', async () => {
    for (const seen of [true, false]) {
      const [from, to] = await organizations();
      await takeIn(pool, from, nessus(1, true, [ip('192.0.2.7')]));
      if (seen) await takeIn(pool, to, nessus(2, false, [ip('192.0.2.7')]));
      await pool.query(
        `insert into asset (organization_id, identity, identifiers, asset_code, register_state, registered_at)
         values ($1, 'ip:192.0.2.7', '[{"kind":"ip","value":"192.0.2.7"}]', 'B-1', 'confirmed', now())
         on conflict (organization_id, identity) do update set asset_code = excluded.asset_code, register_state = excluded.register_state`,
        [to],
      );
      const [id, own] = [await assetNamed(from, 'ip:192.0.2.7'), await assetNamed(to, 'ip:192.0.2.7')];
      const { outcomes } = await give(pool, { from, to, assets: [id] });
      expect(outcomes).toEqual([{ kind: 'handed-over', assetId: id, intoAssetId: own }]);
      expect(await listAll(pool, to)).toMatchObject([
        { asset: { id: own }, state: seen ? 'verified-fixed' : 'open' },
      ]);
      const { rows } = await pool.query(
        'select asset_code, register_state from asset where identity = $1 and organization_id = any ($2)',
        ['ip:192.0.2.7', [from, to]],
      );
      expect(rows).toEqual([{ asset_code: 'B-1', register_state: 'confirmed' }]);
      for (const one of [from, to]) await isSound(pool, one);
    }
  });

  test('of a file that the receiver imported itself changes nothing there', async () => {
    const [from, to] = await organizations();
    const file = nessus(1, true, [ip('192.0.2.7')], [ip('192.0.2.8')]);
    for (const one of [from, to]) await takeIn(pool, one, file);
    const before = await listAll(pool, to);
    expect(
      (await give(pool, { from, to, assets: [await assetNamed(from, 'ip:192.0.2.7')] })).outcomes,
    ).toMatchObject([{ kind: 'handed-over' }]);
    expect(await listAll(pool, to)).toEqual(before);
    expect(await stateAt(from)).toEqual(['open']);
    for (const one of [from, to]) await isSound(pool, one);
  });

  test('comes beside what another giver brought of the same file, even where the file was read in another order', async () => {
    const [one, other, to] = await organizations();
    const [a, b] = [[ip('192.0.2.7')], [ip('192.0.2.8')]];
    await takeIn(pool, one, nessus(1, true, a, b));
    await takeIn(pool, other, nessus(1, true, b, a));
    await give(pool, { from: one, to, assets: [await assetNamed(one, 'ip:192.0.2.7')] });
    await give(pool, { from: other, to, assets: [await assetNamed(other, 'ip:192.0.2.8')] });
    expect(await stateAt(to)).toEqual(['open', 'open']);
    await takeIn(pool, to, nessus(2, false, a, b));
    expect(await stateAt(to)).toEqual(['verified-fixed', 'verified-fixed']);
    await isSound(pool, to);
  });

  test('takes along the names that were merged into it', async () => {
    const [from, to] = await organizations();
    await takeIn(pool, from, nessus(1, true, [ip('192.0.2.7')]));
    await takeIn(pool, from, nessus(2, false, [agent('a-1'), ip('192.0.2.7')]));
    await merge(from, 'ip:192.0.2.7', 'agent:a-1');
    await give(pool, { from, to, assets: [await assetNamed(from, 'agent:a-1')] });
    expect(await stateAt(to)).toEqual(['verified-fixed']);
    await takeIn(pool, to, nessus(3, true, [ip('192.0.2.7')]));
    expect(await listAll(pool, to)).toMatchObject([
      { state: 'regressed', asset: { identifiers: [{ kind: 'agent' }, { kind: 'ip' }] } },
    ]);
    await takeIn(pool, from, nessus(4, true, [ip('192.0.2.7')]));
    expect([...(await assetsOf(pool, from)).keys()]).toEqual(['ip:192.0.2.7']);
    for (const one of [from, to]) await isSound(pool, one);
  });

  test('is refused where it would tear a merge apart, here or there, and then nothing has changed', async () => {
    const [from, to] = await organizations();
    await takeIn(pool, from, nessus(1, true, [ip('192.0.2.7')], [ip('192.0.2.8')]));
    await merge(from, 'ip:192.0.2.7', 'ip:192.0.2.8');
    const goes = await assetNamed(from, 'ip:192.0.2.7');
    expect((await give(pool, { from, to, assets: [goes] })).outcomes).toEqual([
      { kind: 'refused', assetId: goes, code: 'LINKED' },
    ]);
    await takeIn(pool, to, nessus(2, true, [ip('192.0.2.8')], [ip('192.0.2.9')]));
    await merge(to, 'ip:192.0.2.8', 'ip:192.0.2.9');
    const stays = await assetNamed(from, 'ip:192.0.2.8');
    expect((await give(pool, { from, to, assets: [stays] })).outcomes).toEqual([
      { kind: 'refused', assetId: stays, code: 'LINKED' },
    ]);
    const foreign = await assetNamed(to, 'ip:192.0.2.9');
    expect((await give(pool, { from, to, assets: [foreign] })).outcomes).toEqual([
      { kind: 'refused', assetId: foreign, code: 'NOT_HERE' },
    ]);
    expect(await stateAt(from)).toEqual(['open']);
    expect(
      (await pool.query('select from asset_hand_over where organization_id = $1', [from])).rowCount,
    ).toBe(0);
  });

  test('is refused where only one side put a file with its scans into quarantine: its finding would vanish, or count again', async () => {
    for (const distrusts of ['giver', 'receiver']) {
      const [from, to] = await organizations();
      for (const side of [from, to]) await takeIn(pool, side, nessus(1, true, [ip('192.0.2.7')]));
      const side = distrusts === 'giver' ? from : to;
      const { rows } = await pool.query<{ id: string }>(
        'select scan_id as id from scan where organization_id = $1',
        [side],
      );
      const scan = { organizationId: side, scanId: rows[0]?.id ?? '' };
      await inTransaction(pool, (tx) => quarantineScan(tx, scan, HAND_OVER.at));
      const assetId = await assetNamed(from, 'ip:192.0.2.7');
      const before = [await stateAt(from), await stateAt(to)];
      expect((await give(pool, { from, to, assets: [assetId] })).outcomes).toEqual([
        { kind: 'refused', assetId, code: 'DISTRUSTED' },
      ]);
      expect([await stateAt(from), await stateAt(to)]).toEqual(before);
    }
  });

  test('brings decisions along', async () => {
    const [from, to] = await organizations();
    await takeIn(pool, from, nessus(1, true, [ip('192.0.2.7')]));
    const [finding] = await listAll(pool, from);
    await pool.query(
      `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note) values ($1, $2, 'accepted', now(), 'lead', 'until May')`,
      [from, finding?.id],
    );
    await give(pool, { from, to, assets: [await assetNamed(from, 'ip:192.0.2.7')] });
    const kinds = (await findingHistory(pool, finding?.id ?? ''))?.map(({ kind }) => kind);
    expect(kinds).toContain('decision');
  });
});

test('two organizations that give each other assets at the same moment do not wait for each other for ever', async () => {
  const [a, b] = await organizations();
  const machines = [1, 2, 3, 4].map((n) => [ip(`192.0.2.${n}`)]);
  await takeIn(pool, a, nessus(1, true, ...machines));
  await takeIn(pool, b, nessus(1, true, ...machines.map(([one]) => [ip(`198.51.100.${one?.value.at(-1)}`)])));
  const [ours, theirs] = [[...(await assetsOf(pool, a)).values()], [...(await assetsOf(pool, b)).values()]];
  await Promise.all([
    ...ours.map((id) => give(pool, { from: a, to: b, assets: [id] })),
    ...theirs.map((id) => give(pool, { from: b, to: a, assets: [id] })),
  ]);
  expect([...(await assetsOf(pool, a)).values()].sort()).toEqual(theirs.sort());
  expect([...(await assetsOf(pool, b)).values()].sort()).toEqual(ours.sort());
  for (const one of [a, b]) await isSound(pool, one);
});
