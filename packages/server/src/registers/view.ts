import {
  PROBLEM_CODES,
  problemTexts,
  type RegisterImport,
  ROW_PROBLEMS,
  type RegisterImportRow as Row,
  type RowProblem,
  type RowProblemCode,
  type Text,
} from '@backcheck/contract';
import { CELL_PROBLEMS, type CellProblemCode, cellProblemText } from '@backcheck/core';
import type {
  ListedRow,
  RegisterImportRow,
  StoredProblem,
  StoredRowProblem,
  StoredSheet,
} from '@backcheck/db';
import type { Looker } from './permissions.ts';
import { columnLetter } from './spreadsheet/spreadsheet.ts';

const instant = (time: Date | null): string | null => time?.toISOString() ?? null;

/** Cells of a file are shown to whoever sent it. */
export function viewRegisterImport(row: RegisterImportRow, { accountId, mayRead }: Looker): RegisterImport {
  const counts = { new: 0, changed: 0, same: 0, conflict: 0, error: 0, ...row.counts };
  return {
    id: row.registerImportId,
    organizationId: row.organizationId === null ? null : String(row.organizationId),
    fileName: row.fileName,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.sha256,
    state: row.state,
    sheets: row.sheets.map((sheet) => viewSheet(sheet, row.sentBy === accountId)),
    progress: { rowsRead: row.rowsRead, rowsTotal: row.rowsTotal },
    counts,
    skip: [...row.skip],
    problem: row.problem === null ? null : viewProblem(row.problem),
    blockers: row.blockers.filter(({ kind }) => mayRead(kind)),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    stagedAt: instant(row.stagedAt),
    appliedAt: instant(row.appliedAt),
    undoneAt: instant(row.undoneAt),
  };
}

function viewSheet(sheet: StoredSheet, own: boolean): RegisterImport['sheets'][number] {
  const { name, rows, kind, remembered, headers, columns, samples } = sheet;
  return {
    name,
    rows,
    kind,
    remembered,
    columns: headers.map((header, at) => ({
      letter: columnLetter(at),
      header,
      samples: own ? samples.map((values) => values[at] ?? '') : [],
      field: columns[at] ?? null,
    })),
  };
}

function viewProblem({ code, facts, position }: StoredProblem): RegisterImport['problem'] {
  const known = PROBLEM_CODES.find((one) => one === code);
  if (known === undefined)
    throw new Error(`A register import holds the problem code ${code}, which the contract does not`);
  return { code: known, ...problemTexts(known, facts), ...(position === undefined ? {} : { position }) };
}

/** `sheets`: those of the row's import. */
export function viewStagedRow(row: ListedRow, sheets: readonly StoredSheet[]): Row {
  return {
    sheet: sheets[row.sheetNo]?.name ?? '',
    row: row.rowNo,
    kind: row.kind,
    outcome: row.outcome,
    key: row.key,
    changes: Object.entries(row.changes).map(([field, [before, after]]) => ({
      field,
      before: plain(before),
      after: plain(after),
    })),
    problems: row.problems.map(viewRowProblem),
    warnings: row.warnings.map(viewRowProblem),
  };
}

type Value = Row['changes'][number]['before'];

const plain = (value: ListedRow['changes'][string][0]): Value =>
  typeof value === 'object' && value !== null ? [...value] : value;

export function viewRowProblem({ column, field, code, facts, value }: StoredRowProblem): RowProblem {
  const known = codeOf(code);
  return { column, field, code: known, text: textOf(known, facts), value };
}

function codeOf(code: string): RowProblemCode {
  if (isCellProblem(code) || isRowProblem(code)) return code;
  throw new Error(`A staged row holds the problem code ${code}, which the contract does not`);
}

const isCellProblem = (code: string): code is CellProblemCode => Object.hasOwn(CELL_PROBLEMS, code);
const isRowProblem = (code: string): code is keyof typeof ROW_PROBLEMS => Object.hasOwn(ROW_PROBLEMS, code);

function textOf(code: RowProblemCode, facts: StoredRowProblem['facts']): Text {
  if (isCellProblem(code)) return cellProblemText({ code, facts });
  const { zh, en } = ROW_PROBLEMS[code];
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(facts[name] ?? place));
  return { zh: fill(zh), en: fill(en) };
}
