import { type Identifier, type ImportedScan, identityOf } from '@backcheck/core';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { historyArb } from '../../../tests/support/histories.ts';
import { newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { createWidePool } from './pool.ts';

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

/** Registers an asset for each list of identifiers that names none yet. */
async function register(organizationId: number, assets: readonly (readonly Identifier[])[]): Promise<void> {
  for (const identifiers of assets) {
    await pool.query(
      `insert into asset (organization_id, identity, identifiers, register_state, registered_at) values ($1, $2, $3, 'confirmed', now())
       on conflict do nothing`,
      [organizationId, identityOf(identifiers), JSON.stringify(identifiers)],
    );
  }
}

/** All findings by the name that scans give their asset. */
async function findings(organizationId: number): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select a.identity, f.check_id, f.port, f.transport, f.locus, f.state, f.reason, f.first_seen, f.certificate_id is null as open
     from finding f join asset a using (organization_id, asset_id) where organization_id = $1 order by 1, 2, 3, 4, 5`,
    [organizationId],
  );
  return rows;
}

/** Mixes what the machines of a history show: registers are written by hand, and not always right. */
const entriesOf = (history: readonly ImportedScan[], picks: readonly number[]): Identifier[][] => {
  const all = history.flatMap(({ assets }) => assets.flatMap(({ identifiers }) => identifiers));
  const at = (pick: number): Identifier[] => all.slice(pick % all.length, (pick % all.length) + 1);
  const own = { kind: 'ip', value: '198.51.100.' } as const;
  return picks.map((pick, place) => [
    { ...own, value: `${own.value}${place}` },
    ...at(pick),
    ...(pick % 3 === 0 ? at(pick >> 4) : []),
  ]);
};

let met = 0;
test('whatever is registered, no finding of a scan has another state or another machine by it', async () => {
  await fc.assert(
    fc.asyncProperty(
      historyArb,
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 4 }),
      fc.nat(3),
      async (history, picks, when) => {
        const [plain, registered] = [await newOrganization(pool), await newOrganization(pool)];
        for (const [place, scan] of history.entries()) {
          if (place === when % history.length) await register(registered, entriesOf(history, picks));
          for (const organizationId of [plain, registered]) await takeIn(pool, organizationId, scan);
        }
        expect(await findings(registered)).toEqual(await findings(plain));
        const { rows } = await pool.query(
          `select from asset where organization_id = $1 and register_state is not null and not starts_with(identity, 'ip:198.51.100.')`,
          [registered],
        );
        met += rows.length;
      },
    ),
    { numRuns: Number(process.env.BACKCHECK_HISTORIES ?? 10) },
  );
  expect(met).toBeGreaterThan(0);
});
