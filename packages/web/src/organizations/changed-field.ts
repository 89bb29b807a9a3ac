import type { Language, RecordChange } from '@backcheck/contract';
import { CATALOGUE, type FieldValue, fieldOf, type RegisterKind } from '@backcheck/core';
import { shownValue } from './record/record-texts.ts';

interface ChangedField {
  readonly field: string;
  /** null: no field of the catalogue. */
  readonly label: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

const isRegister = (kind: string): kind is RegisterKind => kind in CATALOGUE;

/** One changed field as a person reads it. */
export function changedField(
  kind: RecordChange['kind'],
  { field, before, after }: RecordChange['fields'][number],
  language: Language,
): ChangedField {
  const known = isRegister(kind)
    ? (fieldOf(kind, field) ?? (field === 'status' ? fieldOf('organization', field) : undefined))
    : undefined;
  const text = (value: FieldValue | null): string | null => {
    if (value === null) return null;
    if (known !== undefined) return shownValue(known, value, language);
    return typeof value === 'object' ? value.join('; ') : String(value);
  };
  return { field, label: known?.label[language] ?? null, before: text(before), after: text(after) };
}
