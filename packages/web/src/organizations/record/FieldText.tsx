import type { FieldValue } from '@backcheck/contract';
import { fieldOf, type RegisterKind } from '@backcheck/core';
import type { z } from 'zod';
import { useLanguage } from '../../i18n/use-language.ts';
import { shownValue } from './record-texts.ts';

interface FieldProps {
  readonly kind: RegisterKind;
  readonly field: string;
}

/** The name of a field in the language on screen. */
export function FieldLabel({ kind, field }: FieldProps) {
  const language = useLanguage();
  return <>{fieldOf(kind, field)?.label[language] ?? field}</>;
}

interface ValueProps extends FieldProps {
  readonly value: z.infer<typeof FieldValue> | undefined;
}

/** What a field says. */
export function FieldText({ kind, field, value }: ValueProps) {
  const language = useLanguage();
  const known = fieldOf(kind, field);
  return known === undefined || value === undefined ? null : shownValue(known, value, language);
}

/** A cell that says what its field says. */
export function FieldCell({ kind, field, value }: ValueProps) {
  const language = useLanguage();
  const known = fieldOf(kind, field);
  if (known === undefined || value === undefined) return <td />;
  return <td data-label={known.label[language]}>{shownValue(known, value, language)}</td>;
}
