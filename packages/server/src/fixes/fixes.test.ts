import { type Fix, type FixFinding, FixFindingList, FixList } from '@backcheck/contract';
import { organizationsToGroup } from '@backcheck/db';
import type { JobHelpers } from 'graphile-worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { fixTasks } from './tasks.ts';

const MACHINES = Array.from({ length: 42 }, (_, i) => [{ kind: 'ip', value: `192.0.2.${i + 1}` } as const]);

let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  organizationId = await running.organization('Lakeside Hospital');
  await send(houseScan({ at: '2026-10-01T10:00:00Z', assets: MACHINES, present: true }));
});

async function send(file: string): Promise<void> {
  const sent = (await running.upload(file, { organizationId, confirm: 'true' })).json();
  const { problem } = await running.settled(sent.id);
  expect(problem).toBeNull();
  await vi.waitFor(async () => expect(await organizationsToGroup(running.parts.widePool)).toEqual([]), {
    timeout: 20_000,
  });
}

async function fixes(done = false) {
  const url = `/api/v1/fixes?organizationId=${organizationId}&done=${done}`;
  return FixList.parse((await running.get(url)).json()).items;
}

async function findingsOf(one: Fix | undefined): Promise<readonly FixFinding[]> {
  const url = `/api/v1/fixes/${one?.id}/findings?organizationId=${organizationId}`;
  return FixFindingList.parse((await running.get(url)).json()).items;
}

/** As a merge of assets leaves it behind: the finding is of another asset now. */
it('follows a finding to the asset that it was merged into', async () => {
  const { widePool } = running.parts;
  const stale =
    'select count(*)::int as n from finding_fix m join finding f using (finding_id) where m.asset_id <> f.asset_id';
  await widePool.query(`update finding_fix set asset_id = 0 where organization_id = $1`, [organizationId]);
  expect((await widePool.query(stale)).rows).toEqual([{ n: 42 }]);
  await fixTasks(running.parts)['group-all-fixes']?.({}, {} as JobHelpers);
  expect((await widePool.query(stale)).rows).toEqual([{ n: 0 }]);
});

describe('one weakness on 42 assets', () => {
  it('is one task with 42 findings, none of them proven', async () => {
    const [one, ...others] = await fixes();
    expect(others).toEqual([]);
    expect(one).toMatchObject({ findings: 42, open: 42, proven: 0, assets: 42, worst: 'high' });
    expect(one?.subject.en).toBe('Weak TLS is offered');
  });

  it('has as many proofs as assets were seen to be mended, each with its certificate', async () => {
    await send(houseScan({ at: '2026-10-02T10:00:00Z', assets: MACHINES.slice(0, 40), present: false }));
    const [one] = await fixes();
    expect(one).toMatchObject({ findings: 42, open: 2, proven: 40 });
    const items = await findingsOf(one);
    expect(items.filter(({ certificateId }) => certificateId !== null)).toHaveLength(40);
    expect(items.filter(({ state }) => state === 'open').map(({ asset }) => asset)).toEqual([
      '192.0.2.41',
      '192.0.2.42',
    ]);
  });

  it('is done when the last of them is proven, and comes back with the one that comes back', async () => {
    await send(houseScan({ at: '2026-10-03T10:00:00Z', assets: MACHINES, present: false }));
    expect(await fixes()).toEqual([]);
    expect(await fixes(true)).toMatchObject([{ findings: 42, open: 0, proven: 42 }]);
    await send(houseScan({ at: '2026-10-04T10:00:00Z', assets: MACHINES.slice(0, 1), present: true }));
    expect(await fixes()).toMatchObject([{ open: 1, proven: 41 }]);
  });

  it('has its findings by pages, each once, what is to be done first: the earliest date, then the others, then what is proven', async () => {
    const [one] = await fixes();
    const open = (await findingsOf(one)).filter(({ state }) => state !== 'verified-fixed');
    await send(houseScan({ at: '2026-10-05T10:00:00Z', assets: MACHINES.slice(0, 20), present: true }));
    const returned = (await findingsOf(one)).filter(({ state }) => state !== 'verified-fixed');
    expect(returned).toHaveLength(open.length + 19);
    await vi.waitFor(
      async () => {
        const { rowCount } = await running.parts.widePool.query(
          `update finding_due set due_at = timestamptz '2026-12-01T00:00:00Z' - finding_id % 7 * interval '1 day' where organization_id = $1 and finding_id % 2 = 0`,
          [organizationId],
        );
        expect(rowCount).toBe(returned.filter(({ id }) => Number(id) % 2 === 0).length);
      },
      { timeout: 20_000 },
    );
    const seen: FixFinding[] = [];
    let cursor = '';
    do {
      const url = `/api/v1/fixes/${one?.id}/findings?organizationId=${organizationId}&limit=17${cursor}`;
      const page = FixFindingList.parse((await running.get(url)).json());
      seen.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(seen.map(({ id }) => id)).size).toBe(42);
    expect(seen).toHaveLength(42);
    const place = ({ state, dueAt, id }: FixFinding) =>
      `${state === 'verified-fixed' ? 1 : 0} ${dueAt ?? 'none'} ${id.padStart(9, '0')}`;
    expect(seen).toEqual(seen.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)));
    expect(seen.filter(({ dueAt }) => dueAt !== null).length).toBeGreaterThan(5);
  });
});
