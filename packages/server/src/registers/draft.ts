import type { RowProblemCode } from '@backcheck/contract';
import {
  CATALOGUE,
  checkRecord,
  type FieldValue,
  type Identifier,
  identifiersOf,
  identityOf,
  type RegisterKind,
  type RegisterRecord,
} from '@backcheck/core';
import { namesOf, type RowOutcome, type StagedRow, type StoredRecord, writtenOf } from '@backcheck/db';
import { problemAt, type SheetRecord } from './sheet-record.ts';

/** What a person decides; everything else that is wrong with a row is to be mended in the file. */
const CONFLICTS: readonly string[] = [
  'DUPLICATE_ROW',
  'CHANGED_SINCE_EXPORT',
  'SEVERAL_ASSETS',
  'OTHER_ASSET_CODE',
  'SEVERAL_CONTACTS',
] satisfies RowProblemCode[];

/** What an empty cell of these says. */
const WHEN_EMPTY: Readonly<Record<RegisterKind, RegisterRecord>> = {
  organization: { status: 'active' },
  system: {},
  asset: { state: 'confirmed' },
  contact: {},
};

/** One row on its way to a staged row: what is stored of its record, and what it will be. */
export class Draft {
  readonly row: SheetRecord;
  stored: StoredRecord | null = null;
  /** What it says once defaults are in; set by `compare`. */
  after: Record<string, FieldValue> = {};
  /** By field: before, after; set by `compare`. */
  changes: StagedRow['changes'] = {};
  /** Codes that cells left out: of the parent where the import names one. */
  readonly implied: Record<string, string> = {};

  constructor(row: SheetRecord) {
    this.row = row;
  }

  get kind(): RegisterKind {
    return this.row.sheet.kind;
  }

  /** The text in a field of the row, '' where there is none. */
  text(field: string): string {
    const value = this.row.record[field];
    return typeof value === 'string' ? value : '';
  }

  problem(field: string, code: RowProblemCode, facts: Readonly<Record<string, string>> = {}): void {
    const value = this.text(field);
    this.row.problems.push(problemAt(this.row.sheet, { field, code, facts: { value, ...facts }, value }));
  }

  get outcome(): RowOutcome {
    const { problems } = this.row;
    if (problems.some(({ code }) => !CONFLICTS.includes(code))) return 'error';
    if (problems.length > 0) return 'conflict';
    if (this.stored === null) return 'new';
    return Object.keys(this.changes).length === 0 ? 'same' : 'changed';
  }

  /** Lays the row over what is stored, and looks whether the whole fits together. */
  compare(): void {
    const { problems } = this.row;
    const { record, given } = this.kind === 'organization' ? namedByLanguage(this.row) : this.row;
    const empty = WHEN_EMPTY[this.kind];
    const after: Record<string, FieldValue> = { ...empty, ...this.stored?.record };
    for (const field of given) {
      const value = record[field] ?? empty[field];
      if (value !== undefined) after[field] = value;
      // An empty parent moves nobody: to the top of the tree an organization is moved by its page.
      else if (field !== 'parentCode') delete after[field];
    }
    Object.assign(after, this.implied);
    this.after = after;
    this.changes = changesOf(this.stored?.record ?? {}, after);
    if (problems.length > 0) return;
    if (this.stored === null) this.#requireAll();
    else this.#compareVersion(this.stored.version);
    for (const { field, problem } of checkRecord(this.kind, after)) {
      this.row.problems.push(problemAt(this.row.sheet, { field, ...problem, value: this.text(field) }));
    }
  }

  /** Two people changed one record: this file, and somebody after it was exported. */
  #compareVersion(stored: number): void {
    const { exported } = this.row;
    if (exported === null || stored <= exported || Object.keys(this.changes).length === 0) return;
    const facts = { exported: String(exported), stored: String(stored) };
    this.problem(KEY_FIELD[this.kind], 'CHANGED_SINCE_EXPORT', facts);
  }

  /** A new record needs what an update may leave out. */
  #requireAll(): void {
    for (const { key, required } of CATALOGUE[this.kind].fields) {
      if (required && this.after[key] === undefined) this.problem(key, 'CELL_REQUIRED');
    }
  }

  /** The names by which scans may know the asset, the one that it is kept under first. */
  identifiers(): Identifier[] {
    const found = identifiersOf(this.after);
    // A host name that no scanner could write is still a name.
    if (found.length === 0) found.push({ kind: 'fqdn', value: String(this.after['hostname']).toLowerCase() });
    return found;
  }

  staged(): StagedRow {
    const { sheet, rowNo, problems, warnings } = this.row;
    const { kind, stored, after, outcome } = this;
    const applied = outcome === 'new' || outcome === 'changed';
    return {
      sheetNo: sheet.sheetNo,
      rowNo,
      kind,
      outcome,
      organizationId: stored?.organizationId ?? null,
      recordId: stored?.recordId ?? null,
      version: stored?.version ?? null,
      key: this.text(KEY_FIELD[kind]),
      changes: outcome === 'same' || outcome === 'error' ? {} : this.changes,
      written: applied ? this.#written() : { columns: {}, fields: {} },
      refers: {
        organizationCode: codeOf(after, 'organizationCode'),
        parentCode: codeOf(after, 'parentCode'),
        systemCode: codeOf(after, 'systemCode'),
      },
      ...(applied && kind === 'asset' ? this.#named() : { identity: null, identifiers: null }),
      problems,
      warnings,
    };
  }

  #written(): StagedRow['written'] {
    const cleared = CATALOGUE[this.kind].fields.map(({ key }) => [key, null] as const);
    const { columns, fields } = writtenOf(this.kind, { ...Object.fromEntries(cleared), ...this.after });
    const kept = Object.entries(fields).filter(([, value]) => value !== null);
    const names = this.kind === 'organization' ? namesOf(this.after) : {};
    return { columns: { ...columns, ...names }, fields: Object.fromEntries(kept) };
  }

  #named(): Pick<StagedRow, 'identity' | 'identifiers'> {
    const identifiers = this.identifiers();
    const { stored } = this;
    // What scans know keeps the name that they gave it.
    if (stored === null || (!stored.visited && stored.record['state'] !== undefined))
      return { identity: identityOf(identifiers), identifiers };
    const known = new Set(stored.identifiers.map((one) => identityOf([one])));
    const added = identifiers.filter((one) => !known.has(identityOf([one])));
    return { identity: stored.identity, identifiers: [...stored.identifiers, ...added] };
  }
}

/** Where a person finds which record the row is. */
export const KEY_FIELD: Readonly<Record<RegisterKind, string>> = {
  organization: 'organizationCode',
  system: 'systemCode',
  asset: 'assetCode',
  contact: 'name',
};

function changesOf(before: RegisterRecord, after: RegisterRecord): StagedRow['changes'] {
  const changed: Record<string, readonly [FieldValue | null, FieldValue | null]> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[field] ?? null, after[field] ?? null];
    if (JSON.stringify(was) !== JSON.stringify(is)) changed[field] = [was, is];
  }
  return changed;
}

const codeOf = (record: RegisterRecord, field: string): string | null => {
  const value = record[field];
  return typeof value === 'string' ? value : null;
};

/** The register keeps one name without its language; its characters tell, whatever column it stands in. */
function namedByLanguage({ record, given }: SheetRecord): Pick<SheetRecord, 'record' | 'given'> {
  const { name, nameZh, ...others } = record;
  if ((name === undefined) === (nameZh === undefined)) return { record, given };
  const only = name ?? nameZh ?? '';
  const [key, other] = /\p{Script=Han}/u.test(String(only)) ? ['nameZh', 'name'] : ['name', 'nameZh'];
  return { record: { ...others, [key]: only }, given: [...given.filter((field) => field !== other), key] };
}
