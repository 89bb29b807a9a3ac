import { NoticeProposal, WorkCounts, type WorkItem, WorkItemList } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { DeadlineWorld } from '../deadlines/deadline-world.fixture.ts';
import type { Visitor } from '../testing/running-app.ts';

const FIRST = '2026-06-01T02:00:00.000Z';

let world: DeadlineWorld;
let clinic: string;
beforeAll(async () => {
  world = await DeadlineWorld.start();
  clinic = await world.organization('Clinic');
  await world.scan(clinic, {
    at: FIRST,
    addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
    severity: 'critical',
  });
  const quiet = await world.organization('Quiet school');
  await world.scan(quiet, { at: FIRST, addresses: ['192.0.2.9'], severity: 'medium' });
});

const BOARD = '/api/v1/work';
const waitsFor = async (who: Pick<Visitor, 'get'>): Promise<WorkItem[]> =>
  WorkItemList.parse((await who.get(`${BOARD}/coordinator`)).json()).items;
const proposed = async (): Promise<readonly string[]> => {
  const url = `/api/v1/notices/proposal?kind=rectification&which=unnoticed-urgent&organizationId=${clinic}`;
  return NoticeProposal.parse((await world.running.get(url)).json()).draft.findingIds;
};

describe('critical and high findings that no notice names', () => {
  it('wait for the coordinator: one row for each organization, with how many and since when', async () => {
    expect(await waitsFor(world.lead)).toMatchObject([
      { kind: 'unnoticed', id: clinic, organization: { id: clinic }, findings: 3, since: FIRST },
    ]);
    expect(WorkCounts.parse((await world.lead.get(BOARD)).json()).coordinator).toBe(1);
    expect(await proposed()).toHaveLength(3);
  });

  it('are none of the business of the organization’s own board', async () => {
    const liaison = await world.running.visitor('Liaison', [
      { role: 'liaison', organizationId: Number(clinic) },
    ]);
    expect(await waitsFor(liaison)).toEqual([]);
    expect(WorkCounts.parse((await liaison.get(BOARD)).json()).coordinator).toBe(0);
  });

  it('are seen by the duty officer and the analyst of the city, and by nobody of another city', async () => {
    const elsewhere = await world.running.organization('Another city');
    for (const role of ['duty-officer', 'finding-analyst', 'campaign-manager'] as const) {
      const here = await world.running.visitor(`${role} here`, [
        { role, organizationId: Number(world.city) },
      ]);
      expect(await waitsFor(here)).toMatchObject([{ kind: 'unnoticed', findings: 3 }]);
      expect(WorkCounts.parse((await here.get(BOARD)).json()).coordinator).toBe(1);
      const there = await world.running.visitor(`${role} there`, [
        { role, organizationId: Number(elsewhere) },
      ]);
      expect(await waitsFor(there)).toEqual([]);
    }
  });

  it('come with the telephone of the 24x7 duty, for those who may read contacts', async () => {
    await world.owner.query(
      `insert into contact (organization_id, role, name, mobile, position, valid_to) values
         ($1, 'liaison', 'Li', '+86 531 555 0101', 1, null), ($1, 'duty-24x7', 'Former', '+86 531 555 0102', 2, '2026-01-01'),
         ($1, 'duty-24x7', 'Duty room', '+86 531 555 0103', 3, null)`,
      [clinic],
    );
    const [row] = await waitsFor(world.lead);
    expect(row?.organization?.call).toEqual({ name: 'Duty room', phone: '+86 531 555 0103' });
    const support = await world.running.visitor('Support', [{ role: 'technical-support' }]);
    expect((await waitsFor(support))[0]?.organization?.call).toBeNull();
  });

  it('are fewer by what a notice names, and gone when it names all', async () => {
    const all = await world.find(clinic);
    for (const [index, one] of all.entries()) {
      await world.notify(one, '2026-06-02T02:00:00.000Z');
      expect((await waitsFor(world.lead)).filter(({ kind }) => kind === 'unnoticed')).toMatchObject(
        index === 2 ? [] : [{ findings: 2 - index }],
      );
      expect(await proposed()).toHaveLength(2 - index);
    }
  });
});
