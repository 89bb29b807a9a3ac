import { ROLES, sideOf } from '@backcheck/core';
import fc from 'fast-check';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../tests/support/database.ts';
import { takeNumber } from './notice-changes.ts';
import { inTransaction } from './pool.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});

/** What one person at one of eight desks does: take a number, think for a while, and keep it or throw it away. */
const attempt = fc.record({ kept: fc.boolean(), pauses: fc.integer({ min: 0, max: 3 }) });

describe('numbers of notices', () => {
  it('have no gap and none twice, whichever of eight desks gives up in between', async () => {
    const pool = new pg.Pool({ connectionString: database.connectionString, max: 8 });
    let year = 2026;
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(attempt, { maxLength: 6 }), { minLength: 8, maxLength: 8 }),
          async (desks) => {
            year += 1;
            const kept: number[] = [];
            const at = (one: { readonly kept: boolean; readonly pauses: number }) =>
              inTransaction(pool, async (tx) => {
                const { sequence } = await takeNumber(tx, {
                  organizationId: null,
                  kind: 'rectification',
                  year,
                });
                for (let pause = 0; pause < one.pauses; pause += 1) await tx.query('select');
                if (!one.kept) throw new GivenUp();
                return sequence;
              });
            await Promise.all(
              desks.map(async (attempts) => {
                for (const one of attempts) {
                  try {
                    kept.push(await at(one));
                  } catch (error) {
                    if (!(error instanceof GivenUp)) throw error;
                  }
                }
              }),
            );
            const expected = Array.from({ length: kept.length }, (_, index) => index + 1);
            expect(kept.toSorted((a, b) => a - b)).toEqual(expected);
          },
        ),
        { numRuns: 25 },
      );
    } finally {
      await pool.end();
    }
  });

  it('begin anew for each kind, year and office', async () => {
    const take = (kind: 'closing' | 'circular', year: number) =>
      inTransaction(database.pool, (tx) => takeNumber(tx, { organizationId: null, kind, year }));
    const taken = [
      await take('closing', 2026),
      await take('closing', 2026),
      await take('closing', 2027),
      await take('circular', 2027),
    ];
    expect(taken.map(({ sequence }) => sequence)).toEqual([1, 2, 1, 1]);
  });
});

class GivenUp extends Error {}

it('drafts are shown to the roles of the side that inspects, and to no others', async () => {
  const { rows } = await database.pool.query<{ definition: string }>(
    `select pg_get_viewdef('coordinated_organization'::regclass) as definition`,
  );
  const definition = rows[0]?.definition ?? '';
  const shown = ROLES.filter((role) => definition.includes(`'${role}'`));
  expect(shown).toEqual(ROLES.filter((role) => sideOf(role) === 'coordinator'));
});
