import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { newOrganization } from '../../../tests/support/stored-world.ts';
import { insertAuditEntry, insertAuditOfChange, listAudit, type NewAuditEntry } from './audit.ts';
import { sealAudit } from './audit-seal.ts';
import { insertGrants } from './grants.ts';
import { createPool, createSignInPool, createWidePool, inTransaction } from './pool.ts';
import { inScope, type Scope } from './scope.ts';

let pool: ReturnType<typeof createPool>;
let wide: ReturnType<typeof createWidePool>;
let accountId: number;
let organizationId: number;

beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createPool({ connectionString });
  wide = createWidePool({ connectionString });
  const { rows } = await wide.query<{ id: number }>(
    `insert into account (name) values ('An auditor') returning account_id as id`,
  );
  accountId = rows[0]?.id ?? 0;
});
beforeEach(async () => {
  await sealAudit(wide, AT);
  organizationId = await newOrganization(wide);
});
afterAll(async () => {
  await pool.end();
  await wide.end();
});

const AT = '2026-11-21T08:00:00.000Z';

const entry = (change: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  organizationId,
  at: AT,
  account: { accountId, name: 'An auditor' },
  via: 'session',
  address: '192.0.2.1',
  action: 'update',
  object: 'organization',
  objectId: '7',
  details: { operation: 'PATCH /api/v1/organizations/:id', outcome: 'done' },
  ...change,
});

async function scopeOn(...organizations: number[]): Promise<Scope> {
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, {
      grants: organizations.map((one) => ({
        role: 'security-auditor',
        organizationId: one,
        systemId: null,
        campaignId: null,
        expiresAt: null,
      })),
      grantedBy: null,
      at: AT,
    }),
  );
  return { accountId, via: 'session', grants, wide: false };
}

const listed = (organization: number) =>
  listAudit(wide, { organizationId: `${organization}`, limit: 50 }).then(({ items }) => items);

describe('an entry', () => {
  test('is committed with its change, and rolled back with it', async () => {
    const scope = await scopeOn(organizationId);
    const rename = (name: string, fail: boolean) =>
      inScope(pool, scope, async (tx) => {
        await tx.query('update organization set name = $2 where organization_id = $1', [
          organizationId,
          name,
        ]);
        expect(await insertAuditOfChange(tx, entry())).toBe(true);
        if (fail) throw new Error('the handler failed behind it');
      });
    await expect(rename('one', true)).rejects.toThrow('behind it');
    expect(await listed(organizationId)).toEqual([]);
    await rename('two', false);
    expect(await listed(organizationId)).toMatchObject([{ action: 'update', ledgerSeq: null }]);
  });

  test('is not written by a transaction that only looked', async () => {
    const wrote = await inScope(pool, await scopeOn(organizationId), async (tx) => {
      await tx.query('select from organization');
      return insertAuditOfChange(tx, entry());
    });
    expect(wrote).toBe(false);
  });

  test('cannot be changed or deleted by any role of the application', async () => {
    await insertAuditEntry(wide, entry());
    for (const role of [pool, wide]) {
      for (const statement of [
        `update audit_entry set details = '{}'`,
        'delete from audit_entry',
        'truncate audit_entry',
      ]) {
        await expect(role.query(statement)).rejects.toMatchObject({ code: '42501' });
      }
    }
    await expect(pool.query(`update audit_entry set ledger_seq = 1, leaf_index = 0`)).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('that is sealed cannot be sealed elsewhere, unsealed, or inserted as if it were sealed', async () => {
    await insertAuditEntry(wide, entry());
    await sealAudit(wide, AT);
    const moved = await wide.query('update audit_entry set ledger_seq = 9, leaf_index = 9');
    expect(moved.rowCount).toBe(0);
    await insertAuditEntry(wide, entry());
    await expect(
      wide.query('update audit_entry set ledger_seq = null, leaf_index = null'),
    ).rejects.toMatchObject({
      code: '42501',
    });
    await expect(
      wide.query(
        `insert into audit_entry (at, action, object, ledger_seq, leaf_index) values (now(), 'read', 'audit', 1, 5)`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('has no room for a whole piece of evidence', async () => {
    const details = { evidence: 'x'.repeat(3000) };
    await expect(insertAuditEntry(wide, entry({ details }))).rejects.toMatchObject({ code: '23514' });
  });
});

describe('whose entry it is', () => {
  test('is what the handler says when the transaction sees it', async () => {
    const other = await newOrganization(wide);
    const scope = await scopeOn(organizationId, other);
    await inScope(pool, scope, (tx) => insertAuditEntry(tx, entry({ organizationId: other })));
    expect(await listed(other)).toHaveLength(1);
  });

  test('is the organization of the system to which a contractor is limited', async () => {
    const scope = await scopeOn(organizationId);
    const ofSystem = await inTransaction(wide, (tx) =>
      insertGrants(tx, accountId, {
        grants: [{ role: 'contractor', organizationId, systemId: 71, campaignId: null, expiresAt: null }],
        grantedBy: null,
        at: AT,
      }),
    );
    await inScope(pool, { ...scope, grants: ofSystem }, (tx) =>
      insertAuditEntry(tx, entry({ organizationId: null })),
    );
    expect(await listed(organizationId)).toHaveLength(1);
  });

  test('is the installation for the role of sign-in, which sees no organization', async () => {
    const signIn = createSignInPool({ connectionString: wide.options.connectionString });
    await inTransaction(signIn, async (tx) => {
      await insertAuditEntry(tx, entry({ action: 'sign-in' }));
      await expect(tx.query('select from audit_entry')).rejects.toMatchObject({ code: '42501' });
      await tx.query('rollback');
      await tx.query('begin');
      await insertAuditEntry(tx, entry({ action: 'sign-in' }));
    });
    await signIn.end();
    expect((await listAudit(wide, { limit: 1 })).items[0]).toMatchObject({
      organization: null,
      action: 'sign-in',
    });
  });

  test('is the one organization of the scope when nobody says more, also when what was said is foreign', async () => {
    const foreign = await newOrganization(wide);
    const scope = await scopeOn(organizationId);
    for (const said of [null, foreign, 999_999])
      await inScope(pool, scope, (tx) => insertAuditEntry(tx, entry({ organizationId: said })));
    expect(await listed(organizationId)).toHaveLength(3);
    expect(await listed(foreign)).toEqual([]);
  });

  test('is the installation where the scope has several organizations, or all', async () => {
    const several = await scopeOn(organizationId, await newOrganization(wide));
    await inScope(pool, several, (tx) => insertAuditEntry(tx, entry({ organizationId: null })));
    const all = { ...(await scopeOn(organizationId)), wide: true };
    await inScope(pool, all, (tx) => insertAuditEntry(tx, entry({ organizationId: null })));
    expect(await listed(organizationId)).toEqual([]);
    const [newest, before] = (await listAudit(wide, { limit: 2 })).items;
    expect([newest?.organization, before?.organization]).toEqual([null, null]);
  });
});

describe('the log', () => {
  test('shows an auditor of one organization its entries, and those of the installation to nobody but its own', async () => {
    const other = await newOrganization(wide);
    for (const one of [organizationId, other, null])
      await insertAuditEntry(wide, entry({ organizationId: one }));
    const seen = await inScope(pool, await scopeOn(organizationId), (tx) => listAudit(tx, { limit: 50 }));
    expect(seen.items.map(({ organization }) => organization)).toEqual([`${organizationId}`]);
    expect(await pool.query('select from audit_entry')).toMatchObject({ rowCount: 0 });
  });

  test('is paged newest first without a gap, also within one millisecond', async () => {
    for (let number = 0; number < 7; number += 1)
      await insertAuditEntry(wide, entry({ objectId: `${number}` }));
    await insertAuditEntry(wide, entry({ objectId: 'early', at: '2026-11-20T00:00:00.000Z' }));
    const shown: (string | null)[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listAudit(wide, {
        organizationId: `${organizationId}`,
        limit: 3,
        ...(typeof cursor === 'string' ? { cursor } : {}),
      });
      shown.push(...page.items.map(({ objectId }) => objectId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(shown).toEqual(['6', '5', '4', '3', '2', '1', '0', 'early']);
  });

  test('is filtered by account, object, action and time', async () => {
    await insertAuditEntry(wide, entry({ object: 'finding', action: 'read' }));
    await insertAuditEntry(wide, entry({ account: null, via: null, action: 'sign-in', object: 'account' }));
    const mine = { organizationId: `${organizationId}`, limit: 50 };
    const count = async (filter: Parameters<typeof listAudit>[1]) =>
      (await listAudit(wide, filter)).items.length;
    expect(await count({ ...mine, accountId: `${accountId}` })).toBe(1);
    expect(await count({ ...mine, object: 'account' })).toBe(1);
    expect(await count({ ...mine, action: 'read' })).toBe(1);
    expect(await count({ ...mine, from: AT })).toBe(2);
    expect(await count({ ...mine, to: AT })).toBe(0);
  });
});
