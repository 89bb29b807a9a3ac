import { setImmediate as pause } from 'node:timers/promises';
import { type RegisterKind, recordKey } from '@backcheck/core';
import {
  endRegisterStep,
  findOrganization,
  inTransaction,
  noteRegisterProgress,
  type RegisterImportRow,
  type RowOutcome,
  type StagedRow,
  storeStagedRows,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { Draft, KEY_FIELD } from './draft.ts';
import { openStored } from './open-stored.ts';
import { paced } from './pace.ts';
import { OBJECT_OF, scopesNow } from './permissions.ts';
import { mappedSheet, readSheetRecord } from './sheet-record.ts';
import { stageOrganizations } from './stage-organizations.ts';
import { stageRecords, systemsByKey } from './stage-records.ts';

type Needs = Pick<Parts, 'pool' | 'widePool' | 'files' | 'clock'>;

/** Between two signs of progress, in rows. */
const PROGRESS_EVERY = 2000;

/** How staging ends: the state, and what is said to whoever looks at it. */
export interface StageEnd {
  readonly state: 'ready' | 'undone';
  readonly problem?: { readonly code: 'REGISTERS_CHANGED'; readonly facts: Record<string, never> };
}

/**
 * Compares the file with the registers as they are now and as the asking account may change them now. Nothing is
 * written but the difference.
 */
export async function stage(
  needs: Needs,
  row: RegisterImportRow,
  { end, signal }: { readonly end: StageEnd; readonly signal: AbortSignal },
): Promise<void> {
  const { pool, widePool, clock } = needs;
  const scopeOf = await scopesNow(needs, row.askedBy);
  const node = row.organizationId === null ? null : await findOrganization(widePool, row.organizationId);
  const below = node?.code ?? null;
  const drafts = await readDrafts(needs, row, { below, signal });
  markAssumed(drafts);
  markDuplicates(drafts);
  const of = (kind: RegisterKind) => drafts.filter((draft) => draft.kind === kind);
  const organizations = of('organization');
  const systems = of('system');
  const scopes = {
    create: scopeOf({ object: 'organization', action: 'create' }),
    update: scopeOf({ object: 'organization', action: 'update' }),
  };
  await stageOrganizations({ pool, widePool }, organizations, { scopes, below });
  const file = {
    organizations: new Map(organizations.map((draft) => [draft.text('organizationCode'), draft])),
    systems: systemsByKey(systems),
  };
  for (const kind of ['system', 'asset', 'contact'] as const) {
    signal.throwIfAborted();
    const scope = scopeOf({ object: OBJECT_OF[kind], action: 'create' });
    await stageRecords({ pool, widePool }, of(kind), { kind, scope, file });
  }
  const staged = await paced(drafts, (draft) => draft.staged());
  signal.throwIfAborted();
  await inTransaction(widePool, async (tx) => {
    await storeStagedRows(tx, row.registerImportId, staged);
    await endRegisterStep(tx, row.registerImportId, { ...end, counts: countsOf(staged), at: clock() });
  });
}

function countsOf(rows: readonly StagedRow[]): Record<RowOutcome, number> {
  const counts = { new: 0, changed: 0, same: 0, conflict: 0, error: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  return counts;
}

async function readDrafts(
  { widePool, files }: Needs,
  { registerImportId: id, sha256, sheets }: RegisterImportRow,
  { below, signal }: { readonly below: string | null; readonly signal: AbortSignal },
): Promise<Draft[]> {
  const file = await openStored(files, sha256);
  if ('refused' in file) throw new Error(`The file ${sha256} was read before and is now ${file.refused}`);
  const drafts: Draft[] = [];
  for (const [sheetNo, described] of sheets.entries()) {
    const sheet = file.sheets[sheetNo];
    const mapped = mappedSheet(sheetNo, described, below);
    if (sheet === undefined || mapped === null) continue;
    const refusal = await sheet.walk(async (lines) => {
      signal.throwIfAborted();
      for (const line of lines) {
        if (line.row <= mapped.table.headerRow) continue;
        drafts.push(new Draft(readSheetRecord(mapped, line)));
        if (drafts.length % PROGRESS_EVERY === 0) await noteRegisterProgress(widePool, id, drafts.length);
      }
      // Requests are answered between two batches.
      await pause();
    });
    if (refusal !== null)
      throw new Error(`The sheet ${described.name} was read before and is now ${refusal.refused}`);
  }
  await noteRegisterProgress(widePool, id, drafts.length);
  return drafts;
}

/**
 * Where rows of a sheet name several organizations, an empty cell may as well mean the one above it, as under cells that
 * were joined: nobody can tell.
 */
function markAssumed(drafts: readonly Draft[]): void {
  const sheets = Map.groupBy(drafts, ({ row }) => row.sheet.sheetNo);
  for (const rows of sheets.values()) {
    if (new Set(rows.map((draft) => draft.text('organizationCode'))).size < 2) continue;
    for (const draft of rows) {
      if (draft.row.assumed && draft.text('organizationCode') !== '') {
        draft.problem('organizationCode', 'CELL_REQUIRED');
      }
    }
  }
}

/** The same record twice: nobody can tell which row is right. */
function markDuplicates(drafts: readonly Draft[]): void {
  const rows = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const key = recordKey(draft.kind, draft.row.record);
    if (key === null) continue;
    const name = `${draft.kind} ${key}`;
    const others = rows.get(name);
    if (others === undefined) rows.set(name, [draft]);
    else others.push(draft);
  }
  for (const group of rows.values()) {
    const [first, second] = group;
    if (first === undefined || second === undefined) continue;
    for (const draft of group) {
      const { sheet, rowNo } = draft === first ? second.row : first.row;
      draft.problem(KEY_FIELD[draft.kind], 'DUPLICATE_ROW', { sheet: sheet.name, row: String(rowNo) });
    }
  }
}
