import { DueFindingList, FindingList, FixList, NoticeProposal, WorkCounts } from '@backcheck/contract';
import { organizationsToGroup } from '@backcheck/db';
import { fc, test as law } from '@fast-check/vitest';
import { beforeAll, expect, vi } from 'vitest';
import { DeadlineWorld } from '../deadlines/deadline-world.fixture.ts';

const DAY = 86_400_000;
const MACHINES = 12;
const BOARD = '/work';

let world: DeadlineWorld;
let shops: string[];
let places: { readonly finding: string; readonly shop: string }[];
beforeAll(async () => {
  world = await DeadlineWorld.start();
  shops = [await world.organization('Shop'), await world.organization('Yard')];
  const addresses = Array.from({ length: MACHINES / 2 }, (_, no) => `192.0.2.${no + 1}`);
  for (const shop of shops) await world.scan(shop, { at: '2026-06-01T02:00:00.000Z', addresses });
  const found = await Promise.all(shops.map((shop) => world.find(shop)));
  places = found.flat().map(({ id, organization }) => ({ finding: id, shop: organization.id }));
  const ungrouped = () => organizationsToGroup(world.running.parts.widePool);
  await vi.waitFor(async () => expect(await ungrouped()).toEqual([]), { timeout: 20_000 });
});

/** How one open finding stands: days from now to its date, half a day off so that no run meets a bound. */
const standings = fc.record({
  days: fc.option(fc.integer({ min: -20, max: 20 })),
  paused: fc.constantFrom('retest', 'objection', null),
});
type Standing = typeof standings extends fc.Arbitrary<infer T> ? T : never;

const dueAt = ({ days }: Standing, now: number): Date | null =>
  days === null ? null : new Date(now + (days + 0.5) * DAY);
const isOverdue = ({ days, paused }: Standing) => days !== null && days < 0 && paused === null;
const isSoon = ({ days }: Standing) => days !== null && days >= 0 && days < 7;

law.prop([fc.array(standings, { minLength: MACHINES, maxLength: MACHINES })], { numRuns: 12 })(
  'the board, the list of findings, the measures and a reminder count the same findings as somebody who counts by hand',
  async (all) => {
    const now = Date.now();
    const stand = places.map((place, index) => ({ ...place, ...(all[index] as Standing) }));
    for (const one of stand)
      await world.owner.query('update finding_due set due_at = $2, paused = $3 where finding_id = $1', [
        one.finding,
        dueAt(one, now),
        one.paused,
      ]);
    const get = async (path: string): Promise<unknown> => (await world.running.get(`/api/v1${path}`)).json();
    for (const shop of [undefined, ...shops]) {
      const here = stand.filter((one) => shop === undefined || one.shop === shop);
      const [overdue, soon] = [here.filter(isOverdue), here.filter(isSoon)];
      const of = shop === undefined ? '' : `organizationId=${shop}`;
      expect(WorkCounts.parse(await get(`${BOARD}?${of}`))).toMatchObject({
        overdue: overdue.length,
        dueSoon: soon.length,
      });
      const ids = (list: { items: readonly { id: string }[] }) => list.items.map(({ id }) => id).sort();
      const byHand = overdue.map(({ finding }) => finding).sort();
      expect(ids(DueFindingList.parse(await get(`${BOARD}/overdue?${of}`)))).toEqual(byHand);
      expect(ids(FindingList.parse(await get(`/findings?due=overdue&${of}`)))).toEqual(byHand);
      if (shop === undefined) continue;
      const [fix] = FixList.parse(await get(`/fixes?${of}`)).items;
      const dates = here.flatMap((one) => dueAt(one, now)?.toISOString() ?? []).sort();
      expect(fix).toMatchObject({ open: here.length, findings: here.length, dueAt: dates[0] ?? null });
      const { draft } = NoticeProposal.parse(await get(`/notices/proposal?kind=reminder&${of}`));
      expect([...draft.findingIds].sort()).toEqual(byHand);
    }
  },
);
