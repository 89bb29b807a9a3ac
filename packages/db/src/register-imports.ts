import type { RegisterKind } from '@backcheck/core';
import type { StoredProblem } from './imports.ts';
import type { Db, Tx } from './pool.ts';

export type RegisterImportState =
  | 'uploaded'
  | 'staging'
  | 'ready'
  | 'applying'
  | 'applied'
  | 'undoing'
  | 'undone';

export type RowOutcome = 'new' | 'changed' | 'same' | 'conflict' | 'error';

/** One sheet of the file, and what a person took its columns for. */
export interface StoredSheet {
  readonly name: string;
  readonly rows: number;
  /** As the spreadsheet counts. */
  readonly headerRow: number;
  readonly headers: readonly string[];
  /** Texts of the first rows, by column. */
  readonly samples: readonly (readonly string[])[];
  /** What holds where a row says nothing, by the key of its field. */
  readonly preset: Readonly<Record<string, string>>;
  /** Null: ignored. */
  readonly kind: RegisterKind | null;
  readonly columns: readonly (string | null)[];
  readonly remembered: boolean;
}

/** A record for which undoing was refused. */
export interface Blocker {
  readonly kind: RegisterKind;
  readonly key: string;
  readonly why: 'changed' | 'in-use' | 'not-yours';
}

export interface RegisterImportRow {
  readonly registerImportId: string;
  readonly organizationId: number | null;
  readonly fileName: string;
  readonly sizeBytes: string;
  readonly sha256: string;
  readonly state: RegisterImportState;
  readonly sheets: readonly StoredSheet[];
  readonly rowsRead: number;
  readonly rowsTotal: number;
  readonly counts: Readonly<Partial<Record<RowOutcome, number>>>;
  readonly skip: readonly RowOutcome[];
  readonly problem: StoredProblem | null;
  readonly blockers: readonly Blocker[];
  readonly askedBy: number;
  /** Account, and its name. */
  readonly sentBy: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly stagedAt: Date | null;
  readonly appliedAt: Date | null;
  readonly undoneAt: Date | null;
}

const ROW = `register_import_id as "registerImportId", organization_id as "organizationId", file_name as "fileName",
  size_bytes as "sizeBytes", encode(sha256, 'hex') as sha256, state, sheets, rows_read as "rowsRead",
  rows_total as "rowsTotal", counts, skip, problem, blockers, asked_by as "askedBy",
  created_by as "sentBy", account_name(created_by) as "createdBy", created_at as "createdAt", staged_at as "stagedAt",
  applied_at as "appliedAt", undone_at as "undoneAt"`;

export interface NewRegisterImport {
  readonly organizationId: number | null;
  readonly createdBy: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly sheets: readonly StoredSheet[];
}

export async function insertRegisterImport(tx: Tx, made: NewRegisterImport): Promise<RegisterImportRow> {
  const { rows } = await tx.query<RegisterImportRow>(
    `insert into register_import (organization_id, created_by, asked_by, file_name, size_bytes, sha256, sheets, rows_total)
     values ($1, $2, $2, $3, $4, decode($5, 'hex'), $6, $7) returning ${ROW}`,
    [
      made.organizationId,
      made.createdBy,
      made.fileName,
      made.sizeBytes,
      made.sha256,
      JSON.stringify(made.sheets),
      made.sheets.reduce((total, sheet) => total + (sheet.kind === null ? 0 : sheet.rows), 0),
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('A register import was not inserted');
  return row;
}

export async function findRegisterImport(db: Db, id: string): Promise<RegisterImportRow | null> {
  const { rows } = await db.query<RegisterImportRow>(
    `select ${ROW} from register_import where register_import_id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Newest first. */
export async function listRegisterImports(
  db: Db,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<RegisterImportRow[]> {
  const { rows } = await db.query<RegisterImportRow>(
    `select ${ROW} from register_import where $1::bigint is null or register_import_id < $1
     order by register_import_id desc limit $2`,
    [before, limit],
  );
  return rows;
}

/** A step that somebody asks for: from which states, to which, and what is kept of the wish. */
interface Step {
  readonly from: readonly RegisterImportState[];
  readonly to: RegisterImportState;
  readonly askedBy: number;
  readonly sheets?: readonly StoredSheet[];
  readonly skip?: readonly RowOutcome[];
}

/**
 * Moves the import on and queues its job, in the caller's transaction. Null when it is in another state, so of two
 * requests at once only one is carried out.
 */
export async function askRegisterImport(tx: Tx, id: string, step: Step): Promise<RegisterImportRow | null> {
  const { from, to, askedBy, sheets, skip } = step;
  const { rows } = await tx.query<RegisterImportRow>(
    `update register_import set state = $3, asked_by = $4, problem = null, blockers = '[]', rows_read = 0,
       sheets = coalesce($5, sheets), skip = coalesce($6, skip), rows_total = coalesce($7, rows_total)
     where register_import_id = $1 and state = any ($2) returning ${ROW}`,
    [
      id,
      from,
      to,
      askedBy,
      sheets === undefined ? null : JSON.stringify(sheets),
      skip ?? null,
      sheets?.reduce((total, sheet) => total + (sheet.kind === null ? 0 : sheet.rows), 0) ?? null,
    ],
  );
  const [row] = rows;
  if (row === undefined) return null;
  await tx.query('select queue_register_import($1, $2)', [id, to !== 'staging']);
  return row;
}

export async function noteRegisterProgress(db: Db, id: string, rowsRead: number): Promise<void> {
  await db.query(
    `update register_import set rows_read = $2 where register_import_id = $1 and state in ('staging', 'applying')`,
    [id, rowsRead],
  );
}

/** How a step ended. What is not given stays as it is. */
interface Ending {
  readonly state: RegisterImportState;
  readonly counts?: Readonly<Record<RowOutcome, number>>;
  readonly problem?: StoredProblem;
  readonly blockers?: readonly Blocker[];
  readonly at?: Date;
}

/** Which time each state leaves behind. */
const TIMES: Partial<Record<RegisterImportState, string>> = {
  ready: 'staged_at',
  applied: 'applied_at',
  undone: 'staged_at',
};

/** In the transaction of what the step did, so that neither stands without the other. */
export async function endRegisterStep(db: Db, id: string, ending: Ending): Promise<void> {
  const { state, counts, problem, blockers = [], at } = ending;
  const time = at === undefined ? undefined : TIMES[state];
  await db.query(
    `update register_import set state = $2, counts = coalesce($3, counts), problem = $4, blockers = $5
       ${time === undefined ? '' : `, ${time} = $6`} ${state === 'ready' || state === 'undone' ? ", skip = '{}'" : ''}
       ${state === 'applied' ? ', rows_read = rows_total, undone_at = null' : ''}
     where register_import_id = $1`,
    [
      id,
      state,
      counts === undefined ? null : JSON.stringify(counts),
      problem === undefined ? null : JSON.stringify(problem),
      JSON.stringify(blockers),
      ...(time === undefined ? [] : [at]),
    ],
  );
}

/** The changes of this application are undone: the next step stages the file anew. */
export async function markUndone(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query(
    `update register_import set state = 'staging', undone_at = $2, applied_at = null, rows_read = 0, problem = null, blockers = '[]',
       undone_through = coalesce((select max(register_change_id) from register_change where register_import_id = $1), 0)
     where register_import_id = $1`,
    [id, at],
  );
}

/** Imports whose step no job will take up any more: each attempt took the process down with it. `owner` owns the queue. */
export async function findAbandonedRegisterImports(owner: Db): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(
    `select register_import_id as id from register_import
     where state in ('staging', 'applying', 'undoing') and not exists (
       select from graphile_worker.jobs j
       where j.key = 'register-import:' || register_import_id and (j.attempts < j.max_attempts or j.locked_by is not null))`,
  );
  return rows.map(({ id }) => id);
}
