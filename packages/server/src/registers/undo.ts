import { REGISTER_KINDS, type RegisterKind } from '@backcheck/core';
import {
  type AppliedChange,
  appliedChanges,
  type Blocker,
  changeScope,
  endRegisterStep,
  inScope,
  lockOrganizationsOf,
  lockRecords,
  markUndone,
  nameRegisterImport,
  type RegisterImportRow,
  removeRecords,
  restoreIdentifiers,
  restoreRecords,
  type Scope,
  type Tx,
  unregisterAssets,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { bookkeeping, isTakenMeanwhile } from './apply.ts';
import { OBJECT_OF, scopesNow } from './permissions.ts';

type Needs = Pick<Parts, 'pool' | 'widePool' | 'clock'>;

/** Leaves the transaction: nothing is half undone. */
class Blocked extends Error {
  readonly blockers: readonly Blocker[];
  constructor(blockers: readonly Blocker[]) {
    super('blocked');
    this.blockers = blockers;
  }
}

/** What is listed of the records in the way. */
const MOST_BLOCKERS = 100;

/** What lies in a record goes before it. */
const INSIDE_FIRST = [...REGISTER_KINDS].reverse();

/**
 * Puts every record back as it was before the import, all in one transaction. False: some were changed since or are in
 * use, which the import then says.
 */
export async function undo(needs: Needs, row: RegisterImportRow): Promise<boolean> {
  const { registerImportId: id, askedBy: accountId } = row;
  const scopeOf = await scopesNow(needs, accountId);
  try {
    await inScope(needs.pool, bookkeeping(accountId), async (tx) => {
      await nameRegisterImport(tx, id);
      await lockOrganizationsOf(tx, id);
      // Read twice: only the second time nobody can change them any more.
      for (const [kind, changes] of byKind(await appliedChanges(tx, id))) {
        await lockRecords(tx, kind, idsOf(changes));
      }
      const changes = await appliedChanges(tx, id);
      refuse(changes.filter(({ changedSince }) => changedSince).map((one) => ({ ...one, why: 'changed' })));
      const grouped = byKind(changes);
      const blockers: Blocker[] = [];
      for (const kind of INSIDE_FIRST) {
        const object = OBJECT_OF[kind];
        const scopes = {
          create: scopeOf({ object, action: 'create' }),
          update: scopeOf({ object, action: kind === 'organization' ? 'update' : 'create' }),
        };
        blockers.push(...(await undoKind(tx, id, { kind, changes: grouped.get(kind) ?? [], scopes })));
      }
      refuse(blockers);
      await changeScope(tx, bookkeeping(accountId));
      await markUndone(tx, id, needs.clock());
    });
    return true;
  } catch (error) {
    if (!(error instanceof Blocked) && !isTakenMeanwhile(error)) throw error;
    const problem = { code: 'REGISTER_UNDO_REFUSED', facts: {} };
    const blockers = error instanceof Blocked ? error.blockers.slice(0, MOST_BLOCKERS) : [];
    await endRegisterStep(needs.widePool, id, { state: 'applied', problem, blockers });
    return false;
  }
}

function refuse(blockers: readonly Blocker[]): void {
  const plain = blockers.map(({ kind, key, why }) => ({ kind, key, why }));
  if (plain.length > 0) throw new Blocked(plain);
}

const idsOf = (changes: readonly AppliedChange[]): string[] => changes.map(({ recordId }) => recordId);

function byKind(changes: readonly AppliedChange[]): Map<RegisterKind, AppliedChange[]> {
  const groups = new Map<RegisterKind, AppliedChange[]>();
  for (const change of changes) {
    const group = groups.get(change.kind);
    if (group === undefined) groups.set(change.kind, [change]);
    else group.push(change);
  }
  return groups;
}

interface OneKind {
  readonly kind: RegisterKind;
  readonly changes: readonly AppliedChange[];
  readonly scopes: { readonly create: Scope | null; readonly update: Scope | null };
}

/** Returns the records that stay because something belongs to them. */
async function undoKind(tx: Tx, id: string, { kind, changes, scopes }: OneKind): Promise<Blocker[]> {
  const going = (way: AppliedChange['way']) => changes.filter((change) => change.way === way);
  const [restored, removed, unregistered] = [going('restore'), going('remove'), going('unregister')];
  const placed = restored.filter((change) => change.placed);
  if (placed.length > 0) await enter(tx, scopes.create, { kind, changes: placed });
  if (restored.length > 0) {
    await enter(tx, scopes.update, { kind, changes: restored });
    await restoreRecords(tx, id, kind);
    if (kind === 'asset') await restoreIdentifiers(tx, idsOf(restored));
  }
  if (unregistered.length > 0) {
    await enter(tx, scopes.update, { kind, changes: unregistered });
    await unregisterAssets(tx, idsOf(unregistered));
  }
  if (removed.length === 0) return [];
  await enter(tx, scopes.create, { kind, changes: removed });
  const held = await removeRecords(tx, kind, removed);
  return removed
    .filter(({ recordId }) => held.has(recordId))
    .map(({ key }) => ({ kind, key, why: 'in-use' }));
}

/** Whoever may no longer change all of them undoes nothing. */
async function enter(
  tx: Tx,
  scope: Scope | null,
  { kind, changes }: Pick<OneKind, 'kind' | 'changes'>,
): Promise<void> {
  const seen =
    scope === null ? 0 : await changeScope(tx, scope).then(() => lockRecords(tx, kind, idsOf(changes)));
  if (seen !== changes.length) throw new Blocked(changes.map(({ key }) => ({ kind, key, why: 'not-yours' })));
}
