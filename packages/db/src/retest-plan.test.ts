import { identityOf, keyText, needOf } from '@backcheck/core';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { historyArb, severalToolsArb } from '../../../tests/support/histories.ts';
import { listAll, newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { loadHistory } from './history.ts';
import { createWidePool, inTransaction } from './pool.ts';
import { quarantineScan } from './refold-all.ts';
import { findingsToRetest } from './retest-plan.ts';

const HISTORIES = Number(process.env.BACKCHECK_HISTORIES ?? 15);

const severalTools = severalToolsArb.map((scans) => scans.map(({ scan }) => scan));

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

test('what closing a finding needs is the same in one statement for all as from the history of each', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(historyArb, severalTools), async (scans) => {
      const organizationId = await newOrganization(pool);
      for (const scan of scans) await takeIn(pool, organizationId, scan);
      const findings = await listAll(pool, organizationId);
      const asked = await findingsToRetest(
        pool,
        findings.map(({ id }) => id),
      );
      expect(asked).toHaveLength(findings.length);
      for (const { findingId, key, need, identifiers } of asked) {
        const history = await loadHistory(pool, findingId);
        const whole = needOf(history?.sightings ?? []);
        if (history === null || whole === null) throw new Error('a finding that nothing saw');
        const { methods, credential, feedKey, versionKey, vantages } = whole;
        expect(need).toEqual({ methods, credential, feedKey, versionKey, vantages });
        expect(keyText(key)).toBe(keyText(history.key));
        expect(identityOf(identifiers.slice(0, 1))).toBe(key.asset);
        compared += 1;
      }
    }),
    { numRuns: HISTORIES },
  );
  expect(compared).toBeGreaterThan(HISTORIES);
}, 120_000);

test('a scan in quarantine is no part of what closing a finding needs', async () => {
  await fc.assert(
    fc.asyncProperty(historyArb, async (scans) => {
      const organizationId = await newOrganization(pool);
      for (const scan of scans) await takeIn(pool, organizationId, scan);
      const { rows } = await pool.query(
        'select scan_id as "scanId" from scan where organization_id = $1 limit 1',
        [organizationId],
      );
      const scan = { organizationId, scanId: rows[0]?.scanId };
      await inTransaction(pool, (tx) => quarantineScan(tx, scan, '2027-01-01T00:00:00.000Z'));
      const findings = await listAll(pool, organizationId);
      const asked = await findingsToRetest(
        pool,
        findings.map(({ id }) => id),
      );
      for (const { findingId, need } of asked) {
        const whole = needOf((await loadHistory(pool, findingId))?.sightings ?? []);
        expect(need.vantages).toEqual(whole?.vantages ?? []);
        expect(need.methods).toBe(whole?.methods ?? 0);
      }
    }),
    { numRuns: 5 },
  );
}, 60_000);
