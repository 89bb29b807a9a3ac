import type { FieldValue, Identifier, RegisterKind } from '@backcheck/core';
import { copyLine, copyLines } from './copy.ts';
import type { Db, Tx } from './pool.ts';
import type { Written } from './record-columns.ts';
import type { RowOutcome } from './register-imports.ts';

/** What is wrong with a row, at the field to mend. `facts` fill the text of the code; a text in two languages is one fact. */
export interface StoredRowProblem {
  readonly column: string | null;
  readonly field: string;
  readonly code: string;
  readonly facts: Readonly<Record<string, string | { readonly zh: string; readonly en: string }>>;
  readonly value: string | null;
}

export interface StagedRow {
  readonly sheetNo: number;
  /** As the spreadsheet counts. */
  readonly rowNo: number;
  readonly kind: RegisterKind;
  readonly outcome: RowOutcome;
  /** Where the stored record is; null: there is none. */
  readonly organizationId: number | null;
  readonly recordId: string | null;
  readonly version: number | null;
  /** For the screen. */
  readonly key: string;
  /** By field: before, after. */
  readonly changes: Readonly<Record<string, readonly [FieldValue | null, FieldValue | null]>>;
  /** The whole record as it will be. */
  readonly written: Written;
  readonly refers: {
    readonly organizationCode: string | null;
    readonly parentCode: string | null;
    readonly systemCode: string | null;
  };
  readonly identity: string | null;
  readonly identifiers: readonly Identifier[] | null;
  readonly problems: readonly StoredRowProblem[];
  readonly warnings: readonly StoredRowProblem[];
}

/** Rows of one COPY. */
const BATCH = 2000;

/** Puts the rows in place of those staged before. */
export async function storeStagedRows(tx: Tx, id: string, rows: readonly StagedRow[]): Promise<void> {
  await tx.query('delete from register_import_row where register_import_id = $1', [id]);
  await tx.query('create temp table st_row (like register_import_row) on commit drop');
  for (let at = 0; at < rows.length; at += BATCH) {
    const lines = rows
      .slice(at, at + BATCH)
      .map((row) =>
        copyLine([
          id,
          row.sheetNo,
          row.rowNo,
          row.kind,
          row.outcome,
          row.organizationId,
          row.recordId,
          row.version,
          row.key,
          JSON.stringify(row.changes),
          JSON.stringify(row.written.columns),
          JSON.stringify(row.written.fields),
          row.refers.organizationCode,
          row.refers.parentCode,
          row.refers.systemCode,
          row.identity,
          row.identifiers === null ? null : JSON.stringify(row.identifiers),
          JSON.stringify(row.problems),
          JSON.stringify(row.warnings),
        ]),
      );
    await copyLines(tx, 'st_row', lines);
  }
  await tx.query('insert into register_import_row select * from st_row');
}

export interface StagedPage {
  readonly outcome: RowOutcome | null;
  /** Null: rows of any kind that speak of no stored record. */
  readonly kind: RegisterKind | null;
  /** Sheet and row of the last one of the page before. */
  readonly after: readonly [number, number];
  readonly limit: number;
}

export type ListedRow = Pick<
  StagedRow,
  'sheetNo' | 'rowNo' | 'kind' | 'outcome' | 'key' | 'changes' | 'problems' | 'warnings'
>;

/** In the order of the file. */
export async function listStagedRows(
  db: Db,
  id: string,
  { outcome, kind, after, limit }: StagedPage,
): Promise<ListedRow[]> {
  const { rows } = await db.query<ListedRow>(
    `select sheet_no as "sheetNo", row_no as "rowNo", kind, outcome, key, changes, problems, warnings
     from register_import_row
     where register_import_id = $1 and ($2::text is null or outcome = $2) and (sheet_no, row_no) > ($3, $4)
       and case when $6::text is null then record_id is null else kind = $6 end
     order by sheet_no, row_no limit $5`,
    [id, outcome, ...after, limit, kind],
  );
  return rows;
}
