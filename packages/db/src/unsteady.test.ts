import type { ImportedScan, WorldSettings } from '@backcheck/core';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { nessusScan } from '../../../tests/support/nessus-scan.ts';
import {
  applyEvent,
  databaseOf,
  decision,
  modelOf,
  newOrganization,
  takeIn,
} from '../../../tests/support/twin-worlds.ts';
import { unsteadyHistoryArb } from '../../../tests/support/unsteady-histories.ts';
import { createWidePool, inTransaction } from './pool.ts';
import { setSteadyProof } from './proof-rules.ts';
import { differencesOnRefold, quarantineScan } from './refold-all.ts';

const HISTORIES = Math.ceil(Number(process.env.BACKCHECK_HISTORIES ?? 80) / 2);

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

test('the database folds as core does where unsteady findings need several absences, and when that is switched', {
  timeout: 900_000,
}, async () => {
  const rules = new Set<string>();
  await fc.assert(
    fc.asyncProperty(unsteadyHistoryArb, fc.boolean(), fc.nat(), async (history, balanced, pick) => {
      const settings: WorldSettings = {
        steadyProof: true,
        register: { balanced: balanced ? [{ identity: 'ip:192.0.2.1', backends: 2 }] : [] },
      };
      const organizationId = await newOrganization(pool, settings);
      if (balanced)
        await applyEvent(pool, organizationId, { kind: 'balanced', identity: 'ip:192.0.2.1', backends: 2 });
      const taken: ImportedScan[] = [];
      const ids: string[] = [];
      for (const scan of history) {
        ids.push(await takeIn(pool, organizationId, scan));
        taken.push(scan);
        const model = modelOf(taken, settings);
        expect(await databaseOf(pool, organizationId)).toEqual(model);
        for (const { proof, reason } of model.values()) rules.add(`${reason} ${proof?.unsteady}`);
      }
      for (const steadyProof of [false, true]) {
        const switched = { organizationId, steadyProof };
        await inTransaction(pool, (tx) => setSteadyProof(tx, switched, decision.at));
        expect(await databaseOf(pool, organizationId)).toEqual(modelOf(taken, { ...settings, steadyProof }));
        expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
      }
      const out = pick % history.length;
      const scanId = ids[out] ?? '';
      await inTransaction(pool, (tx) => quarantineScan(tx, { organizationId, scanId }, decision.at));
      const rest = history.filter((_, index) => index !== out);
      expect(await databaseOf(pool, organizationId)).toEqual(modelOf(rest, settings));
    }),
    { numRuns: HISTORIES },
  );
  expect(rules).toContain('UNSTEADY undefined');
  if (HISTORIES < 100) return;
  for (const unsteady of ['disagreement', 'flapping', 'disagreement,flapping'])
    expect(rules).toContain(`null ${unsteady}`);
});

const MACHINE = [{ kind: 'ip' as const, value: '192.0.2.7' }];
/** A scan of one day, or of one hour of it: "2026-05-01T09:00Z". */
const on = (day: string, seen: boolean): ImportedScan => nessusScan(day, seen, MACHINE);

test('a certificate ceases to stand when the organization asks for steadiness, and another one when it no longer asks', async () => {
  const organizationId = await newOrganization(pool);
  const days = ['2026-05-01', '2026-05-11', '2026-05-21', '2026-05-31', '2026-06-10', '2026-06-20'];
  for (const [index, day] of days.entries()) await takeIn(pool, organizationId, on(day, index % 2 === 0));
  const states = async () => [...(await databaseOf(pool, organizationId)).values()];
  const gone = await states();
  expect(gone).toMatchObject([{ state: 'verified-fixed', proof: { unsteady: [] } }]);

  const switchTo = (steadyProof: boolean) =>
    inTransaction(pool, (tx) => setSteadyProof(tx, { organizationId, steadyProof }, decision.at));
  await switchTo(true);
  expect(await states()).toMatchObject([{ state: 'regressed', reason: 'UNSTEADY', proof: null }]);
  await takeIn(pool, organizationId, on('2026-06-23', false));
  expect(await states()).toMatchObject([
    {
      state: 'verified-fixed',
      reason: null,
      proof: { unsteady: ['flapping'], at: '2026-06-23T01:00:00.000Z' },
    },
  ]);
  await switchTo(false);
  expect(await states()).toEqual(gone);

  const { rows } = await pool.query<{ kind: string; causes: string[] }>(
    `select l.entry ->> 'kind' as kind, array(select cause from supersession x where x.organization_id = l.organization_id and x.seq = l.seq) as causes
     from ledger l where organization_id = $1 order by seq`,
    [organizationId],
  );
  expect(rows.slice(-3)).toEqual([
    { kind: 'decision', causes: ['disallowed'] },
    { kind: 'import', causes: [] },
    { kind: 'decision', causes: ['replaced'] },
  ]);
});

test('a certificate ceases to stand when any scan that it rests on is taken out, and when an earlier absence comes late', async () => {
  const organizationId = await newOrganization(pool, { steadyProof: true });
  const proof = async () => [...(await databaseOf(pool, organizationId)).values()][0]?.proof;
  const absent = ['2026-06-10', '2026-06-12', '2026-06-20'].map((day) => on(day, false));
  const [earliest, first, last] = absent as [ImportedScan, ImportedScan, ImportedScan];
  const flapping = ['2026-05-01', '2026-05-11', '2026-05-21', '2026-05-31'];
  for (const [index, day] of [...flapping, '2026-06-05'].entries())
    await takeIn(pool, organizationId, on(day, index % 2 === 0));
  await takeIn(pool, organizationId, first);
  await takeIn(pool, organizationId, last);
  expect((await proof())?.witnesses).toEqual([first.scan.sha256, last.scan.sha256]);

  const scanId = await takeIn(pool, organizationId, earliest);
  expect((await proof())?.witnesses).toEqual([earliest.scan.sha256, last.scan.sha256]);

  await inTransaction(pool, (tx) => quarantineScan(tx, { organizationId, scanId }, decision.at));
  expect((await proof())?.witnesses).toEqual([first.scan.sha256, last.scan.sha256]);
  expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
});

test('a new organization asks for steadiness', async () => {
  const { rows } = await pool.query(
    `insert into organization (name) values ('a new one') returning steady_proof`,
  );
  expect(rows).toEqual([{ steady_proof: true }]);
});
