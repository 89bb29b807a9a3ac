import type { FieldValue } from '@backcheck/core';
import { fieldOf } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

/** A cell with the end of the maker's support; marked once it is past. */
export function SupportEnd({ on }: { readonly on: FieldValue | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (typeof on !== 'string') return <td />;
  return (
    <td data-label={fieldOf('asset', 'supportEndOn')?.label[language]}>
      <span className="when">{on}</span>
      {isPast(on) ? <strong className="overdue"> {t('organizations.assets.supportEnded')}</strong> : null}
    </td>
  );
}

/** By the day where the reader is. */
export function isPast(day: string, now = new Date()): boolean {
  const two = (value: number) => String(value).padStart(2, '0');
  return day < `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
