import { ROW_PROBLEMS, type RowProblem } from '@backcheck/contract';
import {
  type CELL_PROBLEMS,
  type FieldValue,
  fieldOf,
  type RegisterKind,
  renderCell,
  wordsOf,
} from '@backcheck/core';
import type { TFunction } from 'i18next';
import { VERSION } from './mapping.ts';

type Language = 'zh' | 'en';

/** A field as texts name it: of this register, in this language. */
export interface NamedField {
  readonly kind: RegisterKind;
  readonly field: string;
  readonly language: Language;
}

export function fieldLabel(t: TFunction, { kind, field, language }: NamedField): string {
  if (field === VERSION) return t('registers.columns.version');
  return fieldOf(kind, field)?.label[language] ?? field;
}

/** As a sheet would show it; '' for an empty one. */
export function valueText(value: FieldValue | null, { kind, field, language }: NamedField): string {
  const known = fieldOf(kind, field);
  const cell = known === undefined ? value : renderCell(known, value, language);
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? '');
}

/** Problems of one cell whose own sentence does not say what belongs there. */
const UNSAID: ReadonlySet<string> = new Set<keyof typeof CELL_PROBLEMS>([
  'CELL_REQUIRED',
  'CELL_FORMULA_ERROR',
  'CELL_NOT_A_NUMBER',
  'CELL_NOT_AN_IP',
  'CELL_NOT_A_MAC',
  'CELL_NOT_A_DOMAIN',
  'CELL_NOT_A_URL',
  'CELL_NOT_AN_EMAIL',
  'CELL_NOT_A_PHONE',
  'CELL_CHECK_DIGIT',
]);

const isRowProblem = (code: string): code is keyof typeof ROW_PROBLEMS => Object.hasOwn(ROW_PROBLEMS, code);

/** What to do about it; null where the problem says so itself. */
export function adviceText(t: TFunction, { code }: Pick<RowProblem, 'code'>, at: NamedField): string | null {
  if (isRowProblem(code)) return t(`registers.advice.${code}`);
  return UNSAID.has(code) ? expectedText(t, at) : null;
}

function expectedText(t: TFunction, { kind, field, language }: NamedField): string | null {
  const known = fieldOf(kind, field);
  if (known === undefined) return null;
  const { type } = known;
  switch (type.kind) {
    case 'text':
      return t('registers.expected.text', { max: type.max });
    case 'integer':
      return t('registers.expected.integer', {
        min: type.min.toLocaleString(language),
        max: type.max.toLocaleString(language),
      });
    case 'choice':
      return t('registers.expected.choice', {
        words: wordsOf(known, language)?.join(language === 'zh' ? '、' : ', '),
      });
    case 'list':
      return t(`registers.expected.items.${type.of}`);
    default:
      return t(`registers.expected.${type.kind}`);
  }
}
