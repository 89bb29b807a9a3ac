import type { Language, RegisterFields, SentFields } from '@backcheck/contract';
import {
  CATALOGUE,
  type CellProblem,
  cellProblem,
  checkRecord,
  type Field,
  type FieldValue,
  fieldOf,
  parseCell,
  type RegisterKind,
  renderCell,
} from '@backcheck/core';

/** What stands in the inputs of a form, by the keys of the fields. An empty one may be missing. */
export type Texts = Readonly<Record<string, string>>;

/** Which record it is part of is chosen beside its fields. */
const REFERENCES: Readonly<Record<RegisterKind, readonly string[]>> = {
  organization: ['parentCode'],
  system: ['organizationCode'],
  asset: ['organizationCode', 'systemCode'],
  contact: ['organizationCode'],
};

/** The fields that a person fills in. */
export const fieldsOf = (kind: RegisterKind): readonly Field[] =>
  CATALOGUE[kind].fields.filter(({ key }) => !REFERENCES[kind].includes(key));

/** A value as its input holds it: an entry of a list on a line of its own. */
const textOf = (value: FieldValue): string => (typeof value === 'object' ? value.join('\n') : String(value));

export const textsOf = (record: RegisterFields): Texts =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, textOf(value)]));

/** A value as a person reads it. */
export function shownValue(field: Field, value: FieldValue, language: Language): string {
  // The history of a record keeps the moment, of which the field is the day.
  if (field.type.kind === 'date') return String(value).slice(0, 'yyyy-mm-dd'.length);
  return String(renderCell(field, value, language) ?? '');
}

interface ReadForm {
  /** What differs from the record; null clears a field. */
  readonly changes: SentFields;
  /** By the keys of the fields. */
  readonly problems: ReadonlyMap<string, CellProblem>;
}

/** Reads a form as the server will. `record` is what it was filled in from; null: a new one. */
export function readForm(kind: RegisterKind, texts: Texts, record: RegisterFields | null): ReadForm {
  const before = textsOf(record ?? {});
  const changes: SentFields = {};
  const problems = new Map<string, CellProblem>();
  for (const field of fieldsOf(kind)) {
    const text = (texts[field.key] ?? '').trim();
    // An organization may have been registered by its name alone: what it never had is not asked for later.
    const needed = field.required && (kind !== 'organization' || before[field.key] !== undefined);
    if (text === '' && needed) problems.set(field.key, cellProblem('CELL_REQUIRED'));
    if (text === (before[field.key] ?? '')) continue;
    const read = parseCell({ ...field, required: false }, text);
    if (!read.ok) problems.set(field.key, read.problem);
    else
      changes[field.key] =
        typeof read.value === 'object' && read.value !== null ? [...read.value] : read.value;
  }
  if (problems.size === 0) {
    const whole = Object.entries({ ...record, ...changes }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    );
    for (const { field, problem } of checkRecord(kind, Object.fromEntries(whole)))
      problems.set(field, problem);
  }
  return { changes, problems };
}

/** What a choice offers, for a filter. */
export function choicesOf(kind: RegisterKind, key: string, language: Language) {
  const type = fieldOf(kind, key)?.type;
  return type?.kind === 'choice'
    ? type.choices.map(({ code, label }) => ({ value: code, label: label[language] }))
    : [];
}
