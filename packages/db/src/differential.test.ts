import {
  type Closure,
  foldWorld,
  type ImportedScan,
  keyText,
  problemOf,
  type Witness,
  withProfile,
} from '@backcheck/core';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { historyArb, sampledHistoryArb, severalToolsArb } from '../../../tests/support/histories.ts';
import { afterEvent, EMPTY_REGISTER, registerEventArb } from '../../../tests/support/register-events.ts';
import {
  applyEvent,
  databaseOf,
  keyOf,
  modelOf,
  newOrganization,
  takeIn,
} from '../../../tests/support/twin-worlds.ts';
import { listFindings } from './findings.ts';
import { createWidePool, inTransaction } from './pool.ts';
import { setCrossTool } from './proof-rules.ts';
import { differencesOnRefold, quarantineScan } from './refold-all.ts';

/** Each history meets a database that already holds all earlier ones, each in an organization of its own. */
const HISTORIES = Number(process.env.BACKCHECK_HISTORIES ?? 80);

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

async function witnessesOf(organizationId: number): Promise<readonly Witness[]> {
  const { rows } = await pool.query<{ record: string }>(
    `select record from ledger_leaf where organization_id = $1 and record like '%"witnesses"%'`,
    [organizationId],
  );
  return rows.flatMap(({ record }) => (JSON.parse(record) as Closure).witnesses);
}

/** The keys of findings that are one problem, sorted. */
const groups = (list: readonly { readonly group: string; readonly key: string }[]): string[] =>
  [...Map.groupBy(list, (one) => one.group).values()]
    .map((one) =>
      one
        .map(({ key }) => key)
        .sort()
        .join(' '),
    )
    .sort();

async function problemsOf(organizationId: number): Promise<string[]> {
  const { items } = await listFindings(pool, {
    organizationId: `${organizationId}`,
    sort: '-severity',
    limit: 200,
  });
  return groups(items.map((row) => ({ group: row.problem.key, key: keyText(keyOf(row)) })));
}

const modelProblems = (scans: readonly ImportedScan[]): string[] =>
  groups(
    foldWorld(scans).map(({ key, observation }) => ({
      group: `${key.asset} ${problemOf(observation).key}`,
      key: keyText(key),
    })),
  );
/** Which identifiers the assets had and when, as stored and as all visits tell it. */
async function identifierRows(organizationId: number): Promise<{ stored: unknown[]; derived: unknown[] }> {
  const stored = await pool.query(
    `select a.identity, i.kind, i.value, i.first_seen, i.last_seen from asset_identifier i join asset a using (organization_id, asset_id)
     where organization_id = $1 order by 1, 2, 3`,
    [organizationId],
  );
  const derived = await pool.query(
    `select a.identity, i.kind, lower(i.value) as value, min(coalesce(v.started_at, s.imported_at)) as first_seen,
       max(coalesce(v.finished_at, v.started_at, s.imported_at)) as last_seen
     from visit v join scan s using (organization_id, scan_id) join asset a using (organization_id, asset_id)
     cross join lateral jsonb_to_recordset(v.identifiers) as i(kind text, value text)
     where organization_id = $1 and v.reached and s.quarantined_at is null group by 1, 2, 3 order by 1, 2, 3`,
    [organizationId],
  );
  return { stored: stored.rows, derived: derived.rows };
}

/** After how many scans an event comes: rather late, when there is something to change. */
const placeOf = (early: number, scans: number): number =>
  Math.min(scans, Math.floor((1 - (early / 100) ** 2) * (scans + 1)));

describe('the database folds in bulk what core folds one by one', () => {
  test('after every import, in any order, states, reasons and proofs are those of the model', {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(historyArb, async (history) => {
        const organizationId = await newOrganization(pool);
        const taken: ImportedScan[] = [];
        for (const scan of history) {
          await takeIn(pool, organizationId, scan);
          taken.push(scan);
          expect(await databaseOf(pool, organizationId)).toEqual(modelOf(taken));
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  test('so it does with scan profiles, and across tools where the organization wants it', {
    timeout: 900_000,
  }, async () => {
    const standIns = new Set<string>();
    const profiles = new Set<string>();
    await fc.assert(
      fc.asyncProperty(severalToolsArb, fc.boolean(), async (sent, crossTool) => {
        const organizationId = await newOrganization(pool, { crossTool });
        const taken: ImportedScan[] = [];
        for (const { scan, profile } of sent) {
          await takeIn(pool, organizationId, scan, profile);
          taken.push(profile === null ? scan : withProfile(scan, profile));
          expect(await databaseOf(pool, organizationId)).toEqual(modelOf(taken, { crossTool }));
        }
        expect(await problemsOf(organizationId)).toEqual(modelProblems(taken));
        const switched = { organizationId, crossTool: !crossTool };
        await inTransaction(pool, (tx) => setCrossTool(tx, switched, '2026-11-21T03:00:00.000Z'));
        expect(await databaseOf(pool, organizationId)).toEqual(modelOf(taken, switched));
        for (const witness of await witnessesOf(organizationId)) {
          if (witness.standIn !== undefined) standIns.add(witness.standIn.check);
          if (witness.profile !== undefined) profiles.add(witness.profile.name);
        }
      }),
      { numRuns: HISTORIES },
    );
    if (HISTORIES < 100) return;
    expect(standIns.size).toBeGreaterThan(0);
    expect(profiles.size).toBeGreaterThan(0);
  });

  test('a full refold finds nothing that the imports left different', { timeout: 900_000 }, async () => {
    const { rows } = await pool.query<{ id: number }>('select organization_id as id from organization');
    expect(rows.length).toBeGreaterThanOrEqual(HISTORIES);
    for (const { id } of rows) expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, id))).toBe(0);
  });

  test('importing a file again changes nothing and quarantining it is as if it had never come', {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(historyArb, fc.nat(), async (history, pick) => {
        const organizationId = await newOrganization(pool);
        const ids: string[] = [];
        for (const scan of history) ids.push(await takeIn(pool, organizationId, scan));
        for (const scan of history) await takeIn(pool, organizationId, scan);
        expect(await databaseOf(pool, organizationId)).toEqual(modelOf(history));
        const out = pick % history.length;
        const scanId = ids[out] ?? '';
        await inTransaction(pool, (tx) =>
          quarantineScan(tx, { organizationId, scanId }, '2026-11-21T03:00:00.000Z'),
        );
        const rest = history.map((scan, index) => (index === out ? { ...scan, quarantined: true } : scan));
        expect(await databaseOf(pool, organizationId)).toEqual(modelOf(rest));
        expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
      }),
      { numRuns: Math.ceil(HISTORIES / 3) },
    );
  });

  test('merges, splits, DHCP ranges and back ends lead to the same states whether they come before the scans or after (I13)', {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        sampledHistoryArb,
        fc.array(fc.tuple(registerEventArb, fc.integer({ min: 0, max: 99 })), { minLength: 1, maxLength: 8 }),
        async (history, events) => {
          const organizationId = await newOrganization(pool);
          let register = EMPTY_REGISTER;
          const taken: ImportedScan[] = [];
          for (let place = 0; place <= history.length; place += 1) {
            for (const [event] of events.filter(([, early]) => placeOf(early, history.length) === place)) {
              const after = afterEvent(register, event);
              const outcome = await applyEvent(pool, organizationId, event);
              expect(outcome === 'refused').toBe(after === null);
              register = after ?? register;
              expect(await databaseOf(pool, organizationId)).toEqual(modelOf(taken, { register }));
            }
            const scan = history[place];
            if (scan === undefined) continue;
            await takeIn(pool, organizationId, scan);
            taken.push(scan);
          }
          expect(await databaseOf(pool, organizationId)).toEqual(modelOf(taken, { register }));
          expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
          const { stored, derived } = await identifierRows(organizationId);
          expect(stored).toEqual(derived);
        },
      ),
      { numRuns: Math.max(60, Math.ceil(HISTORIES / 3)) },
    );
    // Else the worlds above were too tame to say anything.
    const moved = await pool.query('select from visit where named_asset_id is not null');
    expect(moved.rowCount).toBeGreaterThan(0);
  });
});
