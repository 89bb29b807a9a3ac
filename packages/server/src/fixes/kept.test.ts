import { inTransaction, quarantineScan } from '@backcheck/db';
import { fc } from '@fast-check/vitest';
import type { JobHelpers } from 'graphile-worker';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { assetsOf, give } from '../../../../tests/support/hand-over.ts';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { fixTasks } from './tasks.ts';

const STEP = fc.record({
  what: fc.constantFrom('import', 'import', 'claim', 'quarantine', 'hand over', 'move'),
  by: fc.nat(3),
  other: fc.nat(3),
  machines: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
  present: fc.boolean(),
});
/** `by` and `other` are organizations. */
interface Step {
  readonly what: string;
  readonly by: string;
  readonly other: string;
  readonly machines: readonly number[];
  readonly present: boolean;
}

/** What the tool calls its one check, another word each time: in orders that differ between alphabets. */
const TITLES = ['Zeta is offered', 'alpha is offered', 'Ärger', 'alpha is offered'];

let running: RunningApp;
let owner: pg.Pool;
let hours = 0;
let cities = 0;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  owner = new pg.Pool({ connectionString: running.connectionString });
});
afterAll(() => owner.end());

const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await running.parts.widePool.query<Row>(text, values)).rows;
const sum = () => fixTasks(running.parts)['sum-fixes']?.({}, {} as JobHelpers);

const STEPS: Record<string, (step: Step) => Promise<void>> = {
  import: async ({ by: organizationId, machines, present }) => {
    hours += 1;
    const at = new Date(Date.parse('2026-01-01T00:00:00Z') + hours * 3_600_000).toISOString();
    const assets = machines.map((n) => [{ kind: 'ip', value: `192.0.2.${n}` } as const]);
    const title = TITLES[hours % TITLES.length] ?? '';
    const file = houseScan({ at, present, assets }).replaceAll('Weak TLS is offered', title);
    const sent = (await running.upload(file, { organizationId, confirm: 'true' })).json();
    expect((await running.settled(sent.id)).problem).toBeNull();
  },
  claim: async ({ by }) => {
    await query(
      `insert into decision (organization_id, finding_id, kind, decided_at, decided_by, note)
       select organization_id, finding_id, 'claimed', '2026-06-01', 'Li', '' from finding where organization_id = $1 limit 2`,
      [by],
    );
  },
  quarantine: async ({ by }) => {
    const [scan] = await query<{ id: string }>(
      'select min(scan_id)::text as id from scan where organization_id = $1 and quarantined_at is null having count(*) > 0',
      [by],
    );
    if (scan === undefined) return;
    const which = { organizationId: Number(by), scanId: scan.id };
    await inTransaction(running.parts.widePool, (tx) =>
      quarantineScan(tx, which, '2026-11-21T00:00:00.000Z'),
    );
  },
  'hand over': async ({ by, other }) => {
    const assets = [...(await assetsOf(running.parts.widePool, Number(by))).values()].slice(0, 2);
    if (by === other || assets.length === 0) return;
    await give(running.parts.widePool, { from: Number(by), to: Number(other), assets });
  },
  move: async ({ by, other }) => {
    await query(
      `update organization set parent_id = $1 where organization_id = $2 and not exists (
         select from organization_ancestor where organization_id = $1 and ancestor_id = $2)`,
      [other, by],
    );
  },
};

/** No job is waiting or at work. */
const idle = () =>
  vi.waitFor(
    async () => {
      const { rows } = await owner.query(
        'select task_identifier from graphile_worker.jobs where run_at <= now()',
      );
      expect(rows).toEqual([]);
    },
    { timeout: 40_000, interval: 200 },
  );

interface Seen {
  readonly nodes: readonly number[];
  readonly organization: number;
  readonly fix: number;
  readonly asset: string;
  readonly open: boolean;
  readonly claimed: boolean;
  readonly worst: number;
  readonly priority: number | null;
  readonly due: string | null;
  readonly title: string;
}

const SEEN = `
select f.organization_id as organization, m.fix_id as fix, f.asset_id as asset, f.state <> 'verified-fixed' as open, f.severity as worst,
  exists (select from decision d where d.finding_id = f.finding_id and d.organization_id = f.organization_id) and f.state <> 'verified-fixed' as claimed,
  d.title, u.priority, u.due_at::text as due, array(select a.ancestor_id from organization_ancestor a where a.organization_id = f.organization_id
    and exists (select from organization o where o.parent_id = a.ancestor_id)) || 0 as nodes
from finding f join finding_fix m using (organization_id, finding_id) join description d using (description_id) left join finding_due u using (organization_id, finding_id)`;

const sumOf = (seen: readonly Seen[]) => ({
  findings: seen.length,
  open: seen.filter(({ open }) => open).length,
  claimed: seen.filter(({ claimed }) => claimed).length,
  assets: new Set(seen.map(({ organization, asset }) => `${organization} ${asset}`)).size,
  worst: Math.max(...seen.map(({ worst }) => worst)),
  priority: seen.flatMap(({ priority }) => priority ?? []).sort()[0] ?? null,
  due: seen.flatMap(({ due }) => due ?? []).sort()[0] ?? null,
  first_title: seen.map(({ title }) => title).sort()[0],
  last_title: seen
    .map(({ title }) => title)
    .sort()
    .at(-1),
});
const belowOf = (seen: readonly Seen[]) => ({
  ...sumOf(seen),
  organizations: new Set(seen.map(({ organization }) => organization)).size,
  open_in: new Set(seen.filter(({ open }) => open).map(({ organization }) => organization)).size,
});
const grouped = <Sum>(
  seen: readonly Seen[],
  nodes: (one: Seen) => readonly number[],
  of: (its: Seen[]) => Sum,
) => {
  const all = seen.flatMap((one) => nodes(one).map((node) => ({ key: `${node} ${one.fix}`, one })));
  return new Map(
    [...Map.groupBy(all, ({ key }) => key)].map(([key, its]) => [key, of(its.map(({ one }) => one))]),
  );
};

async function kept(table: string, node: string): Promise<Map<string, unknown>> {
  const rows = await query<{ key: string; row: unknown }>(
    `select ${node} || ' ' || fix_id as key, to_jsonb(s) - array['${node}', 'fix_id', 'due_at'] || jsonb_build_object('due', due_at::text) as row from ${table} s`,
  );
  return new Map(rows.map(({ key, row }) => [key, row]));
}

it('forgets a measure with its last finding, though nobody had determined a date for it', async () => {
  const school = await running.organization('School without dates');
  await STEPS['import']?.({ what: 'import', by: school, other: school, machines: [1], present: true });
  await idle();
  await query('delete from finding_due where organization_id = $1', [school]);
  await sum();
  const standing = () =>
    query<{ findings: number }>('select findings from fix_standing where organization_id = $1', [school]);
  expect(await standing()).toEqual([{ findings: 1 }]);
  await STEPS['quarantine']?.({ what: 'quarantine', by: school, other: school, machines: [], present: true });
  await sum();
  expect(await standing()).toEqual([]);
});

it('keeps of each measure, organization and node what a recount of the findings gives, whatever happened to them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 4, maxLength: 10 }), async (steps) => {
      cities += 1;
      const city = await running.organization(`City ${cities}`);
      const rows = await query<{ id: string }>(
        `insert into organization (parent_id, name) select $1, 'School ' || n from generate_series(1, 4) n returning organization_id::text as id`,
        [city],
      );
      const school = (n: number): string => rows[n]?.id ?? '';
      for (const step of steps) {
        await STEPS[step.what]?.({ ...step, by: school(step.by), other: school(step.other) });
        if (step.present) await sum();
      }
      await idle();
      await Promise.all([sum(), sum(), sum()]);
      const seen = await query<Seen & pg.QueryResultRow>(SEEN);
      expect(await kept('fix_standing', 'organization_id')).toEqual(
        grouped(seen, ({ organization }) => [organization], sumOf),
      );
      expect(await kept('fix_standing_below', 'node')).toEqual(grouped(seen, ({ nodes }) => nodes, belowOf));
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 120_000);
