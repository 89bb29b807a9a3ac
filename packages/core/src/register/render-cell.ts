import type { Text } from '../observe/text.ts';
import type { Cell, Field, FieldValue } from './field.ts';

const YES: Text = { zh: '是', en: 'Yes' };
const NO: Text = { zh: '否', en: 'No' };

/** The words that a column offers to choose from; null where anything may be written. */
export function wordsOf({ type }: Field, language: keyof Text): readonly string[] | null {
  if (type.kind === 'boolean') return [YES[language], NO[language]];
  return type.kind === 'choice' ? type.choices.map(({ label }) => label[language]) : null;
}

/** The value as a sheet shows it; `parseCell` reads it back as it was. */
export function renderCell(
  { type }: Field,
  value: FieldValue | null | undefined,
  language: keyof Text,
): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? YES[language] : NO[language];
  if (typeof value === 'object') return value.join('; ');
  if (type.kind === 'date') return new Date(`${value}T00:00:00Z`);
  if (type.kind !== 'choice') return value;
  return type.choices.find(({ code }) => code === value)?.label[language] ?? value;
}
