import { FixList, FixOrganizationList } from '@backcheck/contract';
import {
  ensureAccount,
  inScope,
  insertGrants,
  inTransaction,
  listFixes,
  organizationsToGroup,
} from '@backcheck/db';
import type { JobHelpers } from 'graphile-worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { fixTasks } from './tasks.ts';

/** More than are counted at once; measures of three of them. */
const SCHOOLS = 60;

let running: RunningApp;
let city: string;
let schools: string[];
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  city = await running.organization('City of Lakes');
  const { rows } = await running.parts.widePool.query<{ id: string }>(
    `insert into organization (parent_id, name) select $1, 'School ' || n from generate_series(1, $2::int) n returning organization_id::text as id`,
    [city, SCHOOLS],
  );
  schools = rows.map(({ id }) => id);
  await send(school(0), scan({ at: '2026-10-01T10:00:00Z', assets: 3, present: true }));
  await send(school(1), scan({ at: '2026-10-01T10:00:00Z', assets: 2, present: true }));
  await send(school(2), scan({ at: '2026-10-01T10:00:00Z', assets: 1, present: true }));
  await send(city, scan({ at: '2026-10-01T10:00:00Z', assets: 1, present: true }));
});

const school = (n: number): string => schools[n] ?? '';
const scan = ({ assets, ...rest }: { at: string; assets: number; present: boolean }) =>
  houseScan({
    ...rest,
    assets: Array.from({ length: assets }, (_, i) => [{ kind: 'ip', value: `192.0.2.${i + 1}` } as const]),
  });

async function send(organizationId: string, file: string): Promise<void> {
  const sent = (await running.upload(file, { organizationId, confirm: 'true' })).json();
  expect((await running.settled(sent.id)).problem).toBeNull();
  await vi.waitFor(async () => expect(await organizationsToGroup(running.parts.widePool)).toEqual([]), {
    timeout: 20_000,
  });
}

const sum = () => fixTasks(running.parts)['sum-fixes']?.({}, {} as JobHelpers);
const fixes = async (query = '') => FixList.parse((await running.get(`/api/v1/fixes?${query}`)).json()).items;

describe('one measure in many organizations', () => {
  it('is one row over all of them, with how many it is to be taken in', async () => {
    await sum();
    const [one, ...others] = await fixes();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      organizationId: null,
      organizations: 4,
      openIn: 4,
      findings: 7,
      open: 7,
      claimed: 0,
      proven: 0,
      assets: 7,
      worst: 'high',
    });
  });

  it('names each of them, those with most to do first, by pages', async () => {
    const [one] = await fixes();
    const first = FixOrganizationList.parse(
      (await running.get(`/api/v1/fixes/${one?.id}/organizations?limit=3`)).json(),
    );
    expect(first.items.map(({ organization, open }) => [organization.id, open])).toEqual([
      [school(0), 3],
      [school(1), 2],
      [city, 1],
    ]);
    const second = FixOrganizationList.parse(
      (await running.get(`/api/v1/fixes/${one?.id}/organizations?limit=3&cursor=${first.nextCursor}`)).json(),
    );
    expect(second.items.map(({ organization }) => organization.id)).toEqual([school(2)]);
    expect(second.nextCursor).toBeNull();
  });

  it('follows what is proven, and is done when nothing is open anywhere', async () => {
    await send(school(0), scan({ at: '2026-10-02T10:00:00Z', assets: 3, present: false }));
    await send(school(1), scan({ at: '2026-10-02T10:00:00Z', assets: 1, present: false }));
    await sum();
    expect(await fixes()).toMatchObject([{ organizations: 4, openIn: 3, open: 3, proven: 4 }]);
    for (const [id, assets] of [
      [school(1), 2],
      [school(2), 1],
      [city, 1],
    ] as const)
      await send(id, scan({ at: '2026-10-03T10:00:00Z', assets, present: false }));
    await sum();
    expect(await fixes()).toEqual([]);
    expect(await fixes('done=true')).toMatchObject([{ organizations: 4, openIn: 0, proven: 7 }]);
  });

  it('has in the kept sums what the findings of each organization say, also after a branch moved', async () => {
    const { widePool } = running.parts;
    await send(school(5), scan({ at: '2026-10-04T10:00:00Z', assets: 4, present: true }));
    await widePool.query(`update organization set parent_id = $1 where organization_id = $2`, [
      school(6),
      school(5),
    ]);
    await sum();
    const { rows } = await widePool.query(
      'select node::text, open, assets from fix_standing_below where open > 0 order by node',
    );
    expect(rows).toEqual([
      { node: '0', open: 4, assets: 11 },
      { node: city, open: 4, assets: 11 },
      { node: school(6), open: 4, assets: 4 },
    ]);
    expect(await fixes(`organizationId=${school(5)}`)).toMatchObject([{ open: 4, organizations: 1 }]);
    const kept = `select organization_id, fix_id, findings, open, claimed, assets, worst, priority, due_at from fix_standing order by 1, 2`;
    // Its deadlines are determined by a job of their own, after which the sums follow again.
    await vi.waitFor(
      async () => {
        await sum();
        expect(await fixes()).toMatchObject([{ open: 4, priority: 'scheduled' }]);
      },
      { timeout: 20_000 },
    );
    const before = (await widePool.query(kept)).rows;
    await widePool.query('delete from fix_standing');
    await fixTasks(running.parts)['group-all-fixes']?.({}, {} as JobHelpers);
    expect((await widePool.query(kept)).rows).toEqual(before);
  });
});

describe('what is counted', () => {
  const seenUnder = async (
    role: string,
    organizationIds: string | null | readonly string[],
    campaignId: number | null = null,
  ) => {
    const { pool, widePool } = running.parts;
    const { accountId } = await ensureAccount(widePool, `${role} ${organizationIds} ${campaignId}`);
    const given = [organizationIds].flat().map((organizationId) => ({
      role,
      organizationId: organizationId === null ? null : Number(organizationId),
      systemId: null,
      campaignId,
      expiresAt: null,
    }));
    const grants = await inTransaction(widePool, (tx) =>
      insertGrants(tx, accountId, { grants: given, grantedBy: null, at: new Date().toISOString() }),
    );
    return inScope(pool, { accountId, via: 'session', grants, wide: false }, async (tx) =>
      (await listFixes(tx, null, { done: false, after: null, limit: 10 })).map(({ open, openIn }) => ({
        open,
        openIn,
      })),
    );
  };

  it('is what the caller may see: a node with all below it, one organization, a campaign, and nothing of neighbours', async () => {
    const { widePool } = running.parts;
    const other = await running.organization('Another city');
    await widePool.query(
      `insert into organization (parent_id, name) select $1, 'School ' || n from generate_series(1, $2::int) n`,
      [other, SCHOOLS],
    );
    await send(other, scan({ at: '2026-10-04T10:00:00Z', assets: 2, present: true }));
    await sum();
    const { rows } = await widePool.query<{ id: number }>(
      `with c as (insert into campaign (organization_id, code, title) values ($1, 'C', 'All schools of both') returning campaign_id),
         u as (insert into campaign_unit (campaign_id, organization_id) select c.campaign_id, o.organization_id from c, organization o where o.parent_id is not null)
       select campaign_id as id from c`,
      [city],
    );
    expect(await seenUnder('campaign-manager', city)).toEqual([{ open: 4, openIn: 1 }]);
    expect(await seenUnder('campaign-manager', other)).toEqual([{ open: 2, openIn: 1 }]);
    // a node with something below it, and beside it one organization that has nothing below it
    const alone = await running.organization('A hospital beside');
    await send(alone, scan({ at: '2026-10-04T10:00:00Z', assets: 1, present: true }));
    await sum();
    expect(await seenUnder('campaign-manager', [city, alone])).toEqual([{ open: 5, openIn: 2 }]);
    expect(await seenUnder('campaign-manager', null, rows[0]?.id ?? 0)).toEqual([{ open: 4, openIn: 1 }]);
    expect(await seenUnder('liaison', school(5))).toEqual([{ open: 4, openIn: 1 }]);
    expect(await seenUnder('liaison', school(1))).toEqual([]);
    expect(await fixes()).toMatchObject([{ open: 7, openIn: 3 }]);
  });

  it('is none of a measure that nobody can see', async () => {
    expect((await running.get('/api/v1/fixes/99999999999')).statusCode).toBe(404);
    expect((await running.get('/api/v1/fixes/99999999999/organizations')).statusCode).toBe(404);
    expect((await running.get('/api/v1/fixes/1/organizations?cursor=none')).statusCode).toBe(400);
  });
});
