import { fc, test as law } from '@fast-check/vitest';
import type pg from 'pg';
import { beforeAll, expect } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { ensureAccount } from './accounts.ts';
import { insertGrants } from './grants.ts';
import { createPool, createWidePool, inTransaction } from './pool.ts';
import { inScope, type Scope } from './scope.ts';
import { countWaiting, listWaiting, type WaitingKind, type WaitingPlace, workScope } from './work.ts';

/** A county with a school, and a county beside it. */
const SEED = `insert into organization (parent_id, name) values (null, 'County'), (1, 'School'), (null, 'Other county')`;

/** `$1` organization, or null, `$2` microseconds: how something of each kind comes about that waits since then. */
const AT = `'2026-01-01T00:00:00Z'::timestamptz + $2::int * interval '1 microsecond'`;
const reply = (kind: string, state: string, columns = '', values = '') =>
  `insert into reply (organization_id, kind, state, terms, text, made_by, made_at, request_sha256${columns})
   values (coalesce($1::int, 1), '${kind}', '${state}', '{}', '', 1, ${AT}, ''${values})`;
const batch = (columns: string, values: string) =>
  `insert into notice_batch (organization_id, kind, title, drafted_by, drafted_at, drafting_finished_at${columns})
   values ($1, 'inspection', 'check', 1, now(), ${AT}${values})`;
const notice = (state: string, columns: string, values: string) =>
  `insert into notice (organization_id, kind, state, draft, drafted_at, submitted_at${columns})
   values (coalesce($1::int, 1), 'inspection', '${state}', '{}', now(), ${AT}${values})`;
const MADE = {
  reply: reply('extension', 'made'),
  plan: reply('plan', 'made'),
  signature: reply('acceptance', 'drafted'),
  'batch-to-approve': batch('', ''),
  'batch-to-issue': batch(', approved_by, approved_at', `, 2, ${AT}`),
  'batch at work': batch(', approved_by, approved_at, issue_queued_at', `, 2, ${AT}, now()`),
  'batch given up': batch(', discarded_at', ', now()'),
  'notice-to-approve': notice('submitted', '', ''),
  'notice-to-issue': notice('approved', ', approved_by, approved_at', `, 2, ${AT}`),
  receipt: notice('issued', ', approved_by, issued_at, number', `, 2, ${AT}, gen_random_uuid()::text`),
} as const;
type Made = keyof typeof MADE;
const KINDS = [
  'reply',
  'signature',
  'batch-to-approve',
  'batch-to-issue',
  'notice-to-approve',
  'notice-to-issue',
  'receipt',
] as const satisfies readonly WaitingKind[];

let owner: pg.Pool;
let app: pg.Pool;
let people: readonly { readonly scope: Scope; readonly sees: (of: number | null) => boolean }[];
beforeAll(async () => {
  const { pool, connectionString } = await freshDatabase();
  owner = pool;
  app = createPool({ connectionString });
  const wide = createWidePool({ connectionString });
  await owner.query(SEED);
  const { accountId } = await ensureAccount(wide, 'reader');
  await ensureAccount(wide, 'another');
  const grant = {
    role: 'coordinator-lead',
    organizationId: 1,
    systemId: null,
    campaignId: null,
    expiresAt: null,
  };
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, { grants: [grant], grantedBy: null, at: new Date().toISOString() }),
  );
  people = [
    { scope: { accountId, via: 'session', grants: [], wide: true }, sees: () => true },
    { scope: { accountId, via: 'session', grants, wide: false }, sees: (of) => of === 1 || of === 2 },
  ];
  return () => Promise.all([wide.end(), app.end()]);
});

const things = fc.array(
  fc.record({
    what: fc.constantFrom(...(Object.keys(MADE) as Made[])),
    of: fc.constantFrom(1, 2, 3, null),
    at: fc.nat({ max: 3 }),
  }),
  { maxLength: 30 },
);
const isKind = (what: Made): what is (typeof KINDS)[number] => KINDS.some((kind) => kind === what);

law.prop([things, fc.integer({ min: 1, max: 7 })], { numRuns: 30 })(
  'whoever reads what waits page by page has each of it once, in the order of the list, whatever came at the same moment',
  async (all, limit) => {
    await owner.query('delete from reply; delete from notice; delete from notice_batch');
    for (const { what, of, at } of all) await owner.query(MADE[what], [of, at]);
    const inBatch = (what: Made) => what.startsWith('batch');
    for (const { scope, sees } of people)
      for (const asked of [undefined, 2]) {
        const expected = all
          .filter(({ what }) => isKind(what))
          .map((one) => ({ ...one, of: one.of ?? (inBatch(one.what) ? null : 1) }))
          .filter(({ of }) => sees(of) && (asked === undefined || of === asked))
          .map(({ what, of, at }) => `${at} ${what} ${of}`);
        const [listed, counted] = await inScope(app, scope, async (tx) => {
          const where = await workScope(tx, asked === undefined ? undefined : `${asked}`, new Date());
          const found: string[] = [];
          let after: WaitingPlace | undefined;
          for (;;) {
            const rows = await listWaiting(tx, KINDS, where, { after, limit });
            const page = rows.slice(0, limit);
            found.push(
              ...page.map(
                ({ kind, organization, place }) =>
                  `${Number(place.at) % 1_000_000} ${kind} ${organization?.id ?? null}`,
              ),
            );
            after = page.at(-1)?.place;
            if (rows.length <= limit) break;
          }
          return [found, await countWaiting(tx, KINDS, where, 1000)] as const;
        });
        expect(listed.toSorted()).toEqual(expected.toSorted());
        const kept = listed.map((one) => one.split(' ').slice(0, 2).join(' '));
        expect(kept).toEqual(kept.toSorted());
        expect(counted).toBe(expected.length);
      }
  },
);
