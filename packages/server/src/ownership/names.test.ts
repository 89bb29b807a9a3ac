import { AssetList, ClaimList, FindingList, Import, ImportList, QueueList } from '@backcheck/contract';
import { expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';

test('lists of findings, assets, imports and what lies in question name an organization in both languages', async () => {
  const running = await RunningApp.start();
  await running.work();
  const pool = await running.organization('County pool');
  await running.parts.widePool.query('update organization set collecting = true where organization_id = $1', [
    pool,
  ]);
  const owner = await running.organization('Ward Seven');
  const claim = { organizationId: owner, kind: 'range', value: '203.0.113.0/28', note: 'their network' };
  await running.send({ method: 'POST', url: '/api/v1/ownership/claims', payload: claim });
  const assets = [[{ kind: 'ip' as const, value: '203.0.113.3' }]];
  const file = houseScan({ at: '2026-09-01T00:00:00.000Z', assets, present: true });
  const sent = await running.upload(file, { organizationId: pool, confirm: 'true' });
  expect((await running.settled(Import.parse(sent.json()).id)).problem).toBeNull();

  const list = async (path: string): Promise<unknown> => (await running.get(`/api/v1/${path}`)).json();
  const { items: queue } = QueueList.parse(await list(`ownership/queue?organizationId=${pool}`));
  const lists = [
    queue,
    ImportList.parse(await list(`imports?organizationId=${pool}`)).items,
    AssetList.parse(await list(`assets?organizationId=${pool}`)).items,
    FindingList.parse(await list(`findings?organizationId=${pool}`)).items,
  ];
  for (const items of lists)
    expect(items).toMatchObject([{ organization: { id: pool, name: 'County pool', nameZh: '湖畔医院' } }]);
  expect(queue[0]?.guess).toEqual({ id: owner, name: 'Ward Seven', nameZh: '湖畔医院' });
  const { items: claims } = ClaimList.parse(await list(`ownership/claims?organizationId=${owner}`));
  expect(claims[0]?.organization.nameZh).toBe('湖畔医院');
});
