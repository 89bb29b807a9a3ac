import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { ensureAccount } from './accounts.ts';
import { insertGrants, type NewGrant } from './grants.ts';
import { createPool, createWidePool, inTransaction, type Tx } from './pool.ts';
import { inScope, type Scope } from './scope.ts';

/**
 *   county
 *   ├── north ─ school
 *   └── south ─ hospital
 */
const NAMES = ['county', 'north', 'south', 'school', 'hospital'] as const;
type Name = (typeof NAMES)[number];
const PARENT: Partial<Record<Name, Name>> = {
  north: 'county',
  south: 'county',
  school: 'north',
  hospital: 'south',
};

let pool: ReturnType<typeof createPool>;
let wide: ReturnType<typeof createWidePool>;
let accountId: number;
const ids = new Map<Name, number>();
const id = (name: Name): number => ids.get(name) ?? 0;

beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createPool({ connectionString });
  wide = createWidePool({ connectionString });
  accountId = (await ensureAccount(wide, 'Somebody')).accountId;
  for (const name of NAMES) {
    const parent = PARENT[name];
    const { rows } = await wide.query<{ id: number }>(
      'insert into organization (name, parent_id) values ($1, $2) returning organization_id as id',
      [name, parent === undefined ? null : id(parent)],
    );
    ids.set(name, rows[0]?.id ?? 0);
  }
});

const NOWHERE: NewGrant = {
  role: 'observer',
  organizationId: null,
  systemId: null,
  campaignId: null,
  expiresAt: null,
};

async function scopeWith(...limits: Partial<NewGrant>[]): Promise<Scope> {
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, {
      grants: limits.map((limit) => ({ ...NOWHERE, ...limit })),
      grantedBy: null,
      at: '2026-11-21T00:00:00Z',
    }),
  );
  return { accountId, via: 'session', grants, wide: false };
}

async function organizationsSeen(tx: Pick<Tx, 'query'>): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>('select name from organization order by organization_id');
  return rows.map(({ name }) => name);
}
const seenUnder = (scope: Scope) => inScope(pool, scope, organizationsSeen);

describe('a scope', () => {
  test('that is not there shows nothing', async () => {
    expect(await organizationsSeen(pool)).toEqual([]);
  });

  test('does not stay on the connection when its transaction is over', async () => {
    const one = createPool({ connectionString: pool.options.connectionString, max: 1 });
    expect(
      await inScope(one, await scopeWith({ organizationId: id('north') }), organizationsSeen),
    ).toHaveLength(2);
    expect(await organizationsSeen(one)).toEqual([]);
    await inScope(one, { accountId, via: 'session', grants: [], wide: true }, organizationsSeen);
    expect(await organizationsSeen(one)).toEqual([]);
    await one.end();
  });

  test('shows the node of a grant and all below it', async () => {
    expect(await seenUnder(await scopeWith({ organizationId: id('south') }))).toEqual(['south', 'hospital']);
    expect(await seenUnder(await scopeWith({ organizationId: id('county') }))).toEqual([...NAMES]);
  });

  test('joins what several grants show', async () => {
    const scope = await scopeWith({ organizationId: id('school') }, { organizationId: id('hospital') });
    expect(await seenUnder(scope)).toEqual(['school', 'hospital']);
  });

  test('is cut to the units of a campaign', async () => {
    const { rows } = await wide.query<{ id: number }>(
      `insert into campaign (code, title) values ('2026-1', 'Hospitals') returning campaign_id as id`,
    );
    const campaignId = rows[0]?.id ?? 0;
    await wide.query('insert into campaign_unit (campaign_id, organization_id) values ($1, $2)', [
      campaignId,
      id('hospital'),
    ]);
    expect(await seenUnder(await scopeWith({ organizationId: id('county'), campaignId }))).toEqual([
      'hospital',
    ]);
    expect(await seenUnder(await scopeWith({ campaignId }))).toEqual(['hospital']);
    expect(await seenUnder(await scopeWith({ organizationId: id('north'), campaignId }))).toEqual([]);
  });

  test('of one system shows its assets and no others of the organization', async () => {
    const { rows } = await wide.query<{ id: number }>(
      `insert into system (organization_id, sys_code, name) values ($1, 'S1', 'Laboratory') returning system_id as id`,
      [id('hospital')],
    );
    const systemId = rows[0]?.id ?? 0;
    await wide.query(
      `insert into asset (organization_id, identity, identifiers, system_id) values ($1, 'ip:192.0.2.1', '[]', $2), ($1, 'ip:192.0.2.2', '[]', null)`,
      [id('hospital'), systemId],
    );
    const scope = await scopeWith({ organizationId: id('hospital'), systemId });
    const seen = await inScope(pool, scope, (tx) =>
      tx.query<{ identity: string }>('select identity from asset'),
    );
    expect(seen.rows.map(({ identity }) => identity)).toEqual(['ip:192.0.2.1']);
    expect(await seenUnder(scope)).toEqual(['hospital']);
  });

  test('lets nobody write into an organization that it does not show', async () => {
    const scope = await scopeWith({ organizationId: id('north') });
    const insert = (organizationId: number) =>
      inScope(pool, scope, (tx) =>
        tx.query('insert into address_range (organization_id, cidr) values ($1, $2)', [
          organizationId,
          '192.0.2.0/24',
        ]),
      );
    await expect(insert(id('hospital'))).rejects.toMatchObject({ code: '42501' });
    await expect(insert(id('school'))).resolves.toMatchObject({ rowCount: 1 });
    const foreign = await inScope(pool, scope, (tx) =>
      tx.query(`update organization set name = 'mine' where organization_id = $1`, [id('hospital')]),
    );
    expect(foreign.rowCount).toBe(0);
  });

  test('lets somebody add an organization below a node of theirs and nowhere else', async () => {
    const scope = await scopeWith({ organizationId: id('north') });
    const add = (parentId: number | null) =>
      inScope(pool, scope, (tx) =>
        tx.query(`insert into organization (name, parent_id) values ('new', $1)`, [parentId]),
      );
    await expect(add(id('south'))).rejects.toMatchObject({ code: '42501' });
    await expect(add(null)).rejects.toMatchObject({ code: '42501' });
    await add(id('school'));
    expect(await seenUnder(scope)).toEqual(['north', 'school', 'new']);
    await wide.query(`delete from organization where name = 'new'`);
  });

  test('that covers the installation shows everything and still leaves the ledger alone', async () => {
    const scope: Scope = { accountId, via: 'session', grants: [], wide: true };
    expect(await seenUnder(scope)).toEqual([...NAMES]);
    await expect(inScope(pool, scope, (tx) => tx.query('delete from ledger'))).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('the tree', () => {
  test('moves what is below with what is moved, and refuses a circle', async () => {
    const move = (name: Name, parent: Name) =>
      wide.query('update organization set parent_id = $2 where organization_id = $1', [id(name), id(parent)]);
    await move('south', 'north');
    expect(await seenUnder(await scopeWith({ organizationId: id('north') }))).toEqual([
      'north',
      'south',
      'school',
      'hospital',
    ]);
    await expect(move('north', 'hospital')).rejects.toMatchObject({
      constraint: 'organization_not_below_itself',
    });
    await expect(move('north', 'north')).rejects.toMatchObject({
      constraint: 'organization_not_below_itself',
    });
    await move('south', 'county');
    expect(await seenUnder(await scopeWith({ organizationId: id('north') }))).toEqual(['north', 'school']);
  });
});

test('every table that belongs to an organization is under row-level security', async () => {
  const { rows } = await wide.query<{ name: string; secured: boolean }>(
    `select c.relname as name, c.relrowsecurity as secured from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attname = 'organization_id' and not a.attisdropped order by 1`,
  );
  expect(rows.length).toBeGreaterThan(20);
  // The tree is ids only; grants are read by nobody but the checks of access.
  expect(rows.filter(({ secured }) => !secured).map(({ name }) => name)).toEqual([
    'access_grant',
    'organization_ancestor',
  ]);
  const readable = await wide.query<{ readable: boolean }>(
    `select has_table_privilege('backcheck_app', 'access_grant', 'select') as readable`,
  );
  expect(readable.rows[0]?.readable).toBe(false);
});
