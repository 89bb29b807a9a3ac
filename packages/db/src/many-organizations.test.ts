import { fc, test as law } from '@fast-check/vitest';
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { ensureAccount } from './accounts.ts';
import type { FindingFilter } from './finding-conditions.ts';
import { listFindings } from './findings.ts';
import { insertGrants } from './grants.ts';
import { createPool, createWidePool, inTransaction } from './pool.ts';
import { endRetest } from './retest-conclusion.ts';
import { insertRetest, insertRetestFindings } from './retests.ts';
import { inScope, type Scope } from './scope.ts';
import { countWaiting, listWaiting, workScope } from './work.ts';

/** A county sees all but a few: more than are named by themselves, and of most filters more findings than are looked up by id. */
const ORGANIZATIONS = 60;
const EACH = 50;
/** Closed without the certificate that its foreign key asks for. */
const unproven = (statement: string): string =>
  `begin; set local session_replication_role = replica; ${statement}; commit`;
const SEED = [
  `insert into organization (name, name_zh) values ('County', '县')`,
  `insert into organization (parent_id, name) select case when n <= 55 then 1 end, 'School ' || n from generate_series(1, ${ORGANIZATIONS}) n`,
  `insert into check_definition (name, prefix, number) select 'nessus:' || n, 'nessus', n from generate_series(1, 7) n`,
  `insert into description (sha256, title, severity, cve, cwe, cvss)
   select sha256(n::text::bytea), 'Weakness ' || n, n % 5, '{}', '{}', '{}' from generate_series(1, 7) n`,
  `insert into asset (organization_id, identity, identifiers)
   select organization_id, 'ip:192.0.2.' || n, jsonb_build_array(jsonb_build_object('kind', 'ip', 'value', '192.0.2.' || n))
   from organization, generate_series(1, 5) n where organization_id > 1`,
  // Two findings of a problem on each asset, one of them worse; a tenth is closed.
  unproven(`insert into finding (organization_id, asset_id, check_id, port, transport, locus_key, locus, description_id, described_at, severity,
     first_seen, state, certificate_id, changed_at, problem)
   select organization_id, asset_id, 1 + n % 7, n, 0, '', '', 1 + n % 7, now(), (n * 7 + asset_id) % 5, date_trunc('hour', now()) - (n * 11 + asset_id) % 97 * interval '1 hour',
     case when closed then 'verified-fixed' else 'open' end, case when closed then 1 end, date_trunc('hour', now()) - (n * 13 + asset_id) % 89 * interval '1 hour', n / 2
   from asset, generate_series(1, ${EACH / 5}) n, lateral (select (n + asset_id) % 10 = 0 as closed) s`),
  `insert into finding_due (organization_id, finding_id, asset_id, determination_no, due_at, priority, epss, grade, paused, turn)
   select organization_id, finding_id, asset_id, 1, case when finding_id % 31 <> 0 then now() + case when finding_id % 20 = 0 then 3 else -20 end * interval '1 day' end,
     case when finding_id % 40 = 0 then 0 else 2 + finding_id % 2 end, (finding_id % 10) / 10.0, severity, case when finding_id % 60 = 1 then 'retest' end,
     case when finding_id % 7 = 0 then 'us' else 'them' end
   from finding where state <> 'verified-fixed'`,
];

let owner: pg.Pool;
let app: pg.Pool;
let people: readonly {
  readonly name: string;
  readonly scope: Scope;
  readonly sees: (id: number) => boolean;
}[];
beforeAll(async () => {
  const { pool, connectionString } = await freshDatabase();
  owner = pool;
  const wide = createWidePool({ connectionString });
  app = createPool({ connectionString });
  for (const statement of SEED) await owner.query(statement);
  const { accountId } = await ensureAccount(wide, 'reader');
  const grant = { role: 'analyst', organizationId: 1, systemId: null, campaignId: null, expiresAt: null };
  const at = new Date().toISOString();
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, { grants: [grant], grantedBy: null, at }),
  );
  const via = 'session';
  people = [
    { name: 'all', scope: { accountId, via, grants: [], wide: true }, sees: () => true },
    { name: 'county', scope: { accountId, via, grants, wide: false }, sees: (id) => id <= 56 },
  ];
  return () => Promise.all([wide.end(), app.end()]);
});

interface Plain {
  readonly id: string;
  readonly of: number;
  readonly asset: string;
  readonly problem: number;
  readonly severity: number;
  readonly seen: number;
  readonly closed: boolean;
  readonly days: number | null;
  readonly paused: boolean;
  readonly priority: number | null;
  readonly turn: string | null;
}
const PLAIN = `select f.finding_id as id, f.organization_id as of, f.asset_id as asset, f.problem, f.severity, extract(epoch from f.first_seen)::float as seen,
  f.state = 'verified-fixed' as closed, extract(epoch from u.due_at - now())::float / 86400 as days, u.paused is not null as paused, u.priority, u.turn
  from finding f left join finding_due u using (organization_id, finding_id)`;
const NAMES = ['immediate', 'out-of-cycle', 'scheduled', 'defer'] as const;

const FILTERS: readonly Omit<FindingFilter, 'sort' | 'limit'>[] = [
  { due: 'overdue' },
  { due: '7d' },
  { priority: ['immediate'] },
  { priority: ['scheduled', 'immediate'] },
  { turn: 'us' },
  { due: 'overdue', turn: 'them', priority: ['defer'] },
];

function fits({ due, priority, turn }: Omit<FindingFilter, 'sort' | 'limit'>, one: Plain): boolean {
  if (one.priority === null) return false;
  const name = NAMES[one.priority];
  return (
    (due !== 'overdue' || (one.days !== null && one.days <= 0 && !one.paused)) &&
    (due !== '7d' || (one.days !== null && one.days > 0 && one.days <= 7)) &&
    (priority === undefined || (name !== undefined && priority.includes(name))) &&
    (turn === undefined || one.turn === turn)
  );
}

/** Of each problem the worst, the oldest by id. */
const leadersOf = (all: readonly Plain[]): Plain[] =>
  [...Map.groupBy(all, ({ asset, problem }) => `${asset} ${problem}`).values()].flatMap((same) =>
    same.sort((a, b) => b.severity - a.severity || Number(a.id) - Number(b.id)).slice(0, 1),
  );

async function pages(scope: Scope, filter: FindingFilter): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < 20 && cursor !== null; page += 1) {
    const asked = { ...filter, ...(cursor === undefined ? {} : { cursor }) };
    const { items, nextCursor } = await inScope(app, scope, (tx) => listFindings(tx, asked));
    found.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  }
  return found;
}

describe('the findings of many organizations whose deadlines say so', () => {
  test.each(FILTERS)(
    'are those of each organization together, in the order of the list: %o',
    async (filter) => {
      const { rows } = await owner.query<Plain>(PLAIN);
      for (const { name, scope, sees } of people)
        for (const groupBy of ['check', 'problem'] as const) {
          const matching = rows.filter((one) => sees(one.of) && fits(filter, one));
          const shown = groupBy === 'problem' ? leadersOf(matching) : matching;
          const worst = shown.toSorted((a, b) => b.severity - a.severity || Number(b.id) - Number(a.id));
          const oldest = shown.toSorted((a, b) => a.seen - b.seen || Number(a.id) - Number(b.id));
          for (const [sort, expected] of [
            ['-severity', worst],
            ['-age', oldest],
          ] as const)
            expect([name, sort, await pages(scope, { ...filter, groupBy, sort, limit: 200 })]).toEqual([
              name,
              sort,
              expected.map(({ id }) => id),
            ]);
        }
    },
  );
});

/** What the board says, searched for among all that was ever asked for. */
const LATEST = `
select case q.outcome when 'inconclusive' then 'inconclusive' else 'returned' end as kind, q.finding_id as id from retest r
join retest_finding q using (organization_id, retest_id)
join finding f on f.organization_id = q.organization_id and f.finding_id = q.finding_id and f.state <> 'verified-fixed'
where r.origin = 'request' and r.finished_at > now() - interval '60 days' and q.outcome in ('inconclusive', 'still-present')
  and r.organization_id = any ($1::int[])
  and not exists (select from retest_finding l join retest s using (organization_id, retest_id)
    where l.finding_id = q.finding_id and l.retest_id > r.retest_id and s.origin = 'request')`;

const steps = fc.array(
  fc.record({
    act: fc.constantFrom('request', 'request', 'plan', 'end', 'end', 'close', 'open'),
    organization: fc.integer({ min: 56, max: 57 }),
    findings: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
    outcome: fc.constantFrom('proven', 'still-present', 'inconclusive'),
    daysAgo: fc.constantFrom(0, 59, 61),
    one: fc.nat({ max: 5 }),
  }),
  { maxLength: 25 },
);

law.prop([steps], { numRuns: 25 })(
  'the board has the findings whose latest retest that somebody asked for found them or could not say, whatever was asked for in which order',
  async (history) => {
    await owner.query(`delete from retest_finding; delete from retest;
      update finding set state = 'open', certificate_id = null where organization_id in (56, 57)`);
    const { rows: all } = await owner.query<{ of: number; id: string; asset: string }>(
      'select organization_id as of, finding_id as id, asset_id as asset from finding where organization_id in (56, 57) order by finding_id',
    );
    const running: { organizationId: number; retestId: string; findings: string[] }[] = [];
    for (const { act, organization: organizationId, findings, outcome, daysAgo, one } of history) {
      const at = new Date(Date.now() - daysAgo * 86_400_000);
      const chosen = findings
        .map((n) => all.filter(({ of }) => of === organizationId)[n])
        .filter((f) => f !== undefined);
      const ids = chosen.map(({ id }) => id);
      if (act === 'end') {
        const [ended] = running.splice(one % Math.max(running.length, 1), 1);
        if (ended === undefined) continue;
        const outcomes = ended.findings.map((askedId) => ({
          askedId,
          outcome,
          reason: outcome === 'inconclusive' ? ('NO_HOST' as const) : null,
          scanId: null,
          certificateId: null,
        }));
        await inTransaction(owner, (tx) => endRetest(tx, ended, { at, stoppedBy: null, outcomes }));
      } else if (act === 'request' || act === 'plan')
        await inTransaction(owner, async (tx) => {
          const retestId = await insertRetest(tx, {
            organizationId,
            origin: act,
            fixClaimId: null,
            lookBackId: null,
            priority: 1,
            note: null,
            requestedBy: 1,
            requestedAt: new Date(at.getTime() - 86_400_000).toISOString(),
            idempotencyKey: null,
            requestSha256: null,
          });
          if (retestId === null) throw new Error('a retest without a key is a new one');
          const asked = chosen.map(({ id, asset }) => ({ findingId: id, assetId: asset, unprovable: null }));
          await insertRetestFindings(tx, { organizationId, retestId }, asked);
          running.push({ organizationId, retestId, findings: ids });
        });
      else
        await owner.query(
          unproven(
            `update finding set ${act === 'close' ? `state = 'verified-fixed', certificate_id = 1` : `state = 'regressed', certificate_id = null`}
             where finding_id in (${ids.join()})`,
          ),
        );
    }
    for (const { scope, sees } of people)
      for (const asked of [undefined, 56, 57].filter((id) => id === undefined || sees(id))) {
        const { rows } = await owner.query<{ kind: string; id: string }>(LATEST, [
          (asked === undefined ? [56, 57] : [asked]).filter(sees),
        ]);
        const [listed, counted] = await inScope(app, scope, async (tx) => {
          const where = await workScope(tx, asked === undefined ? undefined : `${asked}`, new Date());
          const kinds = ['inconclusive', 'returned'] as const;
          return [
            await listWaiting(tx, kinds, where, { limit: 100 }),
            await countWaiting(tx, kinds, where, 100),
          ] as const;
        });
        const texts = (some: readonly { kind: string; id: string }[]) =>
          some.map(({ kind, id }) => `${kind} ${id}`).sort();
        expect(texts(listed)).toEqual(texts(rows));
        expect(counted).toBe(rows.length);
      }
  },
);
