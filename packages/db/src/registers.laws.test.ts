import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';

let pool: Awaited<ReturnType<typeof freshDatabase>>['pool'];
beforeAll(async () => {
  ({ pool } = await freshDatabase());
});
afterAll(() => pool.end());

/** `$1` to `$3` are any numbers; a record of some place is taken by them. */
const any = (table: string, id: string, number: string) =>
  `(select ${id} from ${table} order by ${id} offset ${number} % greatest(1, (select count(*) from ${table})) limit 1)`;
const organization = (number: string) => any('organization', 'organization_id', number);

/** What people, sheets, scans and hand-overs do to the registers, several records at a time. */
const OPERATIONS: readonly string[] = [
  `insert into organization (name, parent_id, fields) select gen_random_uuid()::text, ${organization('$1')}, '{"address":"a"}' from generate_series(0, $2 % 3), (select $3) u`,
  `update organization set parent_id = ${organization('$1')} where organization_id in (${organization('$2')}, ${organization('$3')})`,
  `update organization set parent_id = null where organization_id = ${organization('$1')} and $2 > 0 and $3 > 0`,
  `update organization set parent_id = case organization_id when ${organization('$1')} then ${organization('$2')} else ${organization('$3')} end
    where organization_id in (${organization('$1')}, ${organization('$2')})`,
  `update organization set sector = 'n' || $1 % 3, fields = jsonb_build_object('n', $2 % 3) where organization_id % 4 = $3 % 4`,
  `delete from organization o where organization_id = ${organization('$1')} and $2 > 0 and $3 > 0 and not exists (select from organization c where c.parent_id = o.organization_id)
    and not exists (select from asset a where a.organization_id = o.organization_id) and not exists (select from contact a where a.organization_id = o.organization_id)`,
  `insert into asset (organization_id, identity, identifiers, register_state, exposure) select ${organization('$1')}, gen_random_uuid()::text, '[]',
    case when $2 % 2 = 0 then 'confirmed' end, case when $3 % 2 = 0 then 'yes' end from generate_series(0, $3 % 4)`,
  `update asset set register_state = case when $1 % 3 = 0 then null else 'confirmed' end, asset_code = null where asset_id % 5 = $2 % 5 and $3 > 0`,
  `update asset set organization_id = ${organization('$1')}, fields = '{}' where asset_id % 7 = $2 % 7 and $3 > 0`,
  `update asset set exposure = 'no', fields = fields || jsonb_build_object('ips', array['192.0.2.' || $1 % 9]) where asset_id % 3 = $2 % 3 and $3 > 0`,
  `delete from asset where asset_id = ${any('asset', 'asset_id', '$1')} and $2 > 0 and $3 > 0`,
  `insert into contact (organization_id, role, name) select ${organization('$1')}, 'leader', 'n' || $2 where $3 > 0`,
  `update contact set name = 'n' || $1 % 2, organization_id = ${organization('$2')} where contact_id % 3 = $3 % 3`,
  `delete from contact where contact_id = ${any('contact', 'contact_id', '$1')} and $2 > 0 and $3 > 0`,
  `insert into finding (organization_id, asset_id, check_id, port, transport, locus_key, locus, description_id, described_at, severity, first_seen, state, changed_at)
    select a.organization_id, a.asset_id, 1, 443, 0, gen_random_uuid()::text::bytea, '', 1, now(), $2 % 5, now(), case when $3 % 3 = 0 then 'verified-fixed' else 'open' end, now()
    from asset a where a.asset_id % 4 = $1 % 4`,
  `update finding set severity = $1 % 5, state = case when $2 % 2 = 0 then 'regressed' else state end where finding_id % 4 = $3 % 4`,
  `update finding set organization_id = ${organization('$1')} where finding_id % 6 = $2 % 6 and $3 > 0`,
  `delete from finding where finding_id % 9 = $1 % 9 and $2 > 0 and $3 > 0`,
];

const number = fc.integer({ min: 1, max: 1000 });
const history = fc.array(fc.tuple(fc.nat(OPERATIONS.length - 1), number, number, number), {
  minLength: 10,
  maxLength: 30,
});

/** The tree refuses circles; a reference that is still used is refused too. */
const REFUSED = ['23514', '23503'];

type Fields = Record<string, unknown>;

async function replayed(kind: string): Promise<Map<string, Fields>> {
  const { rows } = await pool.query<{ id: string; action: string; before: Fields; after: Fields }>(
    'select record_id as id, action, before, after from register_change where record_kind = $1 order by register_change_id',
    [kind],
  );
  const records = new Map<string, Fields>();
  for (const { id, action, before, after } of rows) {
    const kept = Object.entries(records.get(id) ?? {}).filter(([key]) => !(key in before));
    if (action === 'deleted') records.delete(id);
    else records.set(id, { ...Object.fromEntries(kept), ...after });
  }
  return records;
}

async function stored(kind: string, condition: string): Promise<Map<string, Fields>> {
  const { rows } = await pool.query<{ id: string; fields: Fields }>(
    `select ${kind}_id::text as id, record_fields(to_jsonb(n)) as fields from ${kind} n where ${condition}`,
  );
  return new Map(rows.map(({ id, fields }) => [id, fields]));
}

/** Rows of the first that are not in the second, and the other way round. */
const differences = async (one: string, other: string) =>
  (await pool.query(`(${one} except ${other}) union all (${other} except ${one})`)).rows;

const COUNTED =
  'select * from organization_count where (assets, info, low, medium, high, critical) <> (0, 0, 0, 0, 0, 0)';
const RECOUNTED = `
  select o.* from (
    select o.organization_id, (select count(*)::int from asset a where a.organization_id = o.organization_id) as assets,
      ${['info', 'low', 'medium', 'high', 'critical'].map((name, at) => `(select count(*)::int from finding f where f.organization_id = o.organization_id and f.state <> 'verified-fixed' and f.severity = ${at}) as ${name}`).join(', ')}
    from organization o) o where (assets, info, low, medium, high, critical) <> (0, 0, 0, 0, 0, 0)`;
const PLACED = 'select organization_id, ancestor_id, depth::int from organization_ancestor';
const WALKED = `
  select * from (with recursive way as (
    select organization_id, organization_id as ancestor_id, 0 as depth from organization
    union all
    select w.organization_id, o.parent_id, w.depth + 1 from way w join organization o on o.organization_id = w.ancestor_id where o.parent_id is not null)
  select * from way) w`;

test('after any history the versions replay to the registers, the counts are a recount, and the tree is what its parents say', async () => {
  await pool.query(`insert into organization (name) values ('one'), ('two'), ('three')`);
  let done = 0;
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      for (const [at, ...numbers] of steps) {
        try {
          done += (await pool.query(OPERATIONS[at] ?? '', numbers)).rowCount ?? 0;
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && REFUSED.includes(String(error.code))))
            throw error;
        }
      }
      for (const kind of ['organization', 'asset', 'contact']) {
        const condition = kind === 'asset' ? 'register_state is not null' : 'true';
        expect(await replayed(kind)).toEqual(await stored(kind, condition));
      }
      expect(await differences(COUNTED, RECOUNTED)).toEqual([]);
      expect(await differences(PLACED, WALKED)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  expect(done).toBeGreaterThan(500);
});
