import type { SentFields } from '@backcheck/contract';
import {
  CATALOGUE,
  type CellProblem,
  cellProblemText,
  checkRecord,
  type Field,
  type FieldValue,
  fieldOf,
  parseCell,
  type RegisterKind,
  type RegisterRecord,
} from '@backcheck/core';
import { type FieldChanges, TABLES } from '@backcheck/db';
import { type FieldError, requestInvalid } from '../platform/problem.ts';

/** Which record it is part of is not said among its fields. */
const REFERENCES = ['organizationCode', 'parentCode', 'systemCode'];

interface Reading {
  readonly changes: Record<string, FieldValue | null>;
  readonly errors: FieldError[];
}

const at = (key: string, message: string): FieldError => ({ field: `fields.${key}`, message });
const said = (problem: CellProblem): string => cellProblemText(problem).en;

/**
 * Reads what a person filled in, by the catalogue, and how it fits to what stands there already. `whole`: a field that
 * must be filled in may not be missing from the record.
 * @throws Problem REQUEST_INVALID with every field that is wrong
 */
export function readFields(
  kind: RegisterKind,
  sent: SentFields,
  { stored = {}, whole = true }: { readonly stored?: RegisterRecord; readonly whole?: boolean } = {},
): { readonly changes: FieldChanges; readonly record: RegisterRecord } {
  const { changes, errors } = parseAll(kind, sent);
  const entries = Object.entries({ ...stored, ...changes });
  const record = Object.fromEntries(
    entries.flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  if (errors.length === 0) {
    if (whole) errors.push(...missing(kind, record));
    errors.push(...checkRecord(kind, record).map(({ field, problem }) => at(field, said(problem))));
  }
  if (errors.length > 0) throw requestInvalid(errors);
  return { changes, record };
}

function parseAll(kind: RegisterKind, sent: SentFields): Reading {
  const changes: Record<string, FieldValue | null> = {};
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const field = isReference(kind, key) ? undefined : fieldOf(kind, key);
    if (field === undefined) errors.push(at(key, 'is no field of this register'));
    else if (value === null) changes[key] = null;
    else {
      const read = parseValue(field, value);
      if ('message' in read) errors.push(read);
      else changes[key] = read.value;
    }
  }
  return { changes, errors };
}

const besides = (kind: RegisterKind): readonly string[] => TABLES[kind].besides;
const isReference = (kind: RegisterKind, key: string): boolean =>
  REFERENCES.includes(key) && besides(kind).includes(key);

/** The items of a list are read one by one: a single text would be divided at its commas. */
function parseValue(
  field: Field,
  value: NonNullable<SentFields[string]>,
): { value: FieldValue | null } | FieldError {
  if (!Array.isArray(value)) {
    const result = parseCell({ ...field, required: false }, value);
    return result.ok ? { value: result.value } : at(field.key, said(result.problem));
  }
  if (field.type.kind !== 'list') return at(field.key, 'is no list');
  const items = new Set<string>();
  for (const item of value) {
    const result = parseCell({ ...field, required: false }, item);
    if (!result.ok) return at(field.key, said(result.problem));
    if (Array.isArray(result.value)) for (const one of result.value) items.add(one);
  }
  return { value: items.size === 0 ? null : [...items] };
}

const missing = (kind: RegisterKind, record: RegisterRecord): FieldError[] =>
  CATALOGUE[kind].fields
    .filter(({ key, required }) => required && !isReference(kind, key) && !(key in record))
    .map(({ key }) => at(key, said({ code: 'CELL_REQUIRED', facts: {} })));
