import { REGISTER_KINDS, type RegisterKind } from '@backcheck/core';
import {
  applyChanged,
  applyNew,
  changeScope,
  countPlaceable,
  countUntouched,
  type ExpectedRows,
  endRegisterStep,
  expectedRows,
  inScope,
  lockOrganizationsOf,
  nameRegisterImport,
  noteRegisterProgress,
  type RegisterImportRow,
  type Scope,
  type Tx,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { OBJECT_OF, type ScopeOf, scopesNow } from './permissions.ts';

type Needs = Pick<Parts, 'pool' | 'widePool' | 'clock'>;

/** Leaves the transaction: the registers are not as they were when the difference was made. */
class Stale extends Error {}

/** Raised by the database for a code, a name or an identity that somebody else has taken, for a circle, for a foreign row. */
const TAKEN_MEANWHILE = ['23505', '23503', '23514', '42501'];

export const isTakenMeanwhile = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && TAKEN_MEANWHILE.includes(String(error.code));

/**
 * Writes what was staged, all of it in one transaction under what the asking account may do now. False: the registers
 * or the permissions changed since, and nothing was written.
 */
export async function apply(needs: Needs, row: RegisterImportRow): Promise<boolean> {
  const { pool, clock } = needs;
  const { registerImportId: id, askedBy: accountId } = row;
  const scopeOf = await scopesNow(needs, accountId);
  try {
    await inScope(pool, bookkeeping(accountId), async (tx) => {
      await nameRegisterImport(tx, id);
      await lockOrganizationsOf(tx, id);
      const expected = await expectedRows(tx, id);
      let done = 0;
      for (const kind of REGISTER_KINDS) {
        const rows = expected.get(kind);
        if (rows === undefined) continue;
        await applyKind(tx, { id, kind, rows, scopeOf });
        done += rows.new + rows.changed + rows.same;
        await noteRegisterProgress(needs.widePool, id, done);
      }
      await changeScope(tx, bookkeeping(accountId));
      await endRegisterStep(tx, id, { state: 'applied', at: clock() });
    });
    return true;
  } catch (error) {
    if (error instanceof Stale || isTakenMeanwhile(error)) return false;
    throw error;
  }
}

/** The import's own rows are nobody's register: a job reads and ends them whoever asked for it. */
export const bookkeeping = (accountId: number): Scope => ({ accountId, via: 'job', grants: [], wide: true });

interface OneKind {
  readonly id: string;
  readonly kind: RegisterKind;
  readonly rows: ExpectedRows;
  readonly scopeOf: ScopeOf;
}

async function applyKind(tx: Tx, { id, kind, rows, scopeOf }: OneKind): Promise<void> {
  const object = OBJECT_OF[kind];
  const create = scopeOf({ object, action: 'create' });
  // What is not an organization is changed by whoever may add to it.
  const update = kind === 'organization' ? scopeOf({ object, action: 'update' }) : create;
  if (rows.same + rows.changed > 0) {
    await enter(tx, update);
    if ((await countUntouched(tx, id, kind)) !== rows.same + rows.changed) throw new Stale();
  }
  // New organizations first: what is changed may move below them.
  if (rows.new > 0) {
    await enter(tx, create);
    if ((await applyNew(tx, id, kind)) !== rows.new) throw new Stale();
  }
  // Their own place in the tree is not theirs to change who may change an organization.
  if (rows.placed > 0) {
    await enter(tx, create);
    if ((await countPlaceable(tx, id)) !== rows.placed) throw new Stale();
  }
  if (rows.changed > 0) {
    await enter(tx, update);
    if ((await applyChanged(tx, id, kind)) !== rows.changed) throw new Stale();
  }
}

async function enter(tx: Tx, scope: Scope | null): Promise<void> {
  if (scope === null) throw new Stale();
  await changeScope(tx, scope);
}
