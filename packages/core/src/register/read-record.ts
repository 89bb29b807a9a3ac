import { identifiersOf } from './asset-identifiers.ts';
import { CATALOGUE } from './catalogue.ts';
import { type CellProblem, type CellProblemCode, cellProblem } from './cell-problem.ts';
import type { Cell, Field, FieldValue, RegisterKind, RegisterRecord } from './field.ts';
import { parseCell } from './parse-cell.ts';

/** A problem and the field whose cell it is at. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: CellProblem;
}

/**
 * One row, read. A cell with a problem has no value in `record`; the row is usable only when `problems` is empty.
 * `empty` are the fields whose cells are there and say nothing, so that an update can tell "cleared" from "not in
 * this sheet".
 */
export interface ReadRecord {
  readonly record: RegisterRecord;
  readonly empty: readonly string[];
  readonly problems: readonly FieldProblem[];
  readonly warnings: readonly FieldProblem[];
}

/** Reads the cells of one row, by the keys of their fields, and then how they fit together. */
export function readRecord(kind: RegisterKind, cells: ReadonlyMap<string, Cell>): ReadRecord {
  const record: Record<string, FieldValue> = {};
  const empty: string[] = [];
  const problems: FieldProblem[] = [];
  const warnings: FieldProblem[] = [];
  for (const field of CATALOGUE[kind].fields) {
    const cell = cells.get(field.key);
    if (cell === undefined) continue;
    const result = parseCell(field, cell);
    if (!result.ok) problems.push({ field: field.key, problem: result.problem });
    else if (result.value === null) empty.push(field.key);
    else record[field.key] = result.value;
    if (result.ok) warnings.push(...result.warnings.map((problem) => ({ field: field.key, problem })));
  }
  // What a wrong cell would have said is not known: the rules would only blame the row for it a second time.
  if (problems.length === 0) problems.push(...checkRecord(kind, record));
  return { record, empty, problems, warnings };
}

/** Whether the fields of one whole record fit together. Each problem stands at the field to mend. */
export function checkRecord(kind: RegisterKind, record: RegisterRecord): FieldProblem[] {
  switch (kind) {
    case 'organization':
      return checkOrganization(record);
    case 'system':
      return [];
    case 'asset':
      return identifiersOf(record).length > 0 || 'hostname' in record
        ? []
        : [at('ips', 'ROW_WITHOUT_IDENTIFIER')];
    case 'contact':
      return checkContact(record);
  }
}

const at = (field: string, code: CellProblemCode): FieldProblem => ({ field, problem: cellProblem(code) });

function checkOrganization(record: RegisterRecord): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!('nameZh' in record || 'name' in record)) problems.push(at('nameZh', 'ROW_WITHOUT_NAME'));
  const { organizationCode, parentCode } = record;
  if (parentCode !== undefined && parentCode === organizationCode)
    problems.push(at('parentCode', 'ROW_IS_ITS_OWN_PARENT'));
  return problems;
}

/** Which of its fields a preferred channel can use. */
const REACHED_BY: Readonly<Record<string, readonly string[]>> = {
  phone: ['mobile', 'phone'],
  sms: ['mobile'],
  email: ['email'],
  im: ['im'],
};

function checkContact(record: RegisterRecord): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { channel, validFrom, validTo } = record;
  const reaches = (fields: readonly string[]): boolean => fields.some((field) => field in record);
  if (!reaches(['mobile', 'phone', 'email', 'im'])) problems.push(at('mobile', 'ROW_WITHOUT_CHANNEL'));
  else if (channel !== undefined && !reaches(REACHED_BY[String(channel)] ?? []))
    problems.push(at('channel', 'ROW_CHANNEL_EMPTY'));
  if (validFrom !== undefined && validTo !== undefined && validTo < validFrom)
    problems.push(at('validTo', 'ROW_ENDS_BEFORE_START'));
  return problems;
}

/** Fields without which no record of this kind is new, and that no column holds. */
export function missingColumns(kind: RegisterKind, mapping: readonly (string | null)[]): Field[] {
  return CATALOGUE[kind].fields.filter(({ key, required }) => required && !mapping.includes(key));
}
