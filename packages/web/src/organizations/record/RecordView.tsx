import type { RegisterFields } from '@backcheck/contract';
import type { RegisterKind } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.ts';
import { fieldsOf, shownValue } from './record-texts.ts';
import './record.css';

interface RecordViewProps {
  readonly kind: RegisterKind;
  readonly fields: RegisterFields;
}

/** What a record says; what it does not say is named in one line instead of in empty rows. */
export function RecordView({ kind, fields }: RecordViewProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const all = fieldsOf(kind);
  const empty = all.filter(({ key }) => fields[key] === undefined);
  return (
    <>
      <dl className="record">
        {all.map((field) => {
          const value = fields[field.key];
          return value === undefined ? null : (
            <div key={field.key}>
              <dt>{field.label[language]}</dt>
              <dd>
                {Array.isArray(value)
                  ? value.map((one) => <span key={one}>{one}</span>)
                  : shownValue(field, value, language)}
              </dd>
            </div>
          );
        })}
      </dl>
      {empty.length === 0 ? null : (
        <p className="hint">
          {t('organizations.record.empty')}{' '}
          {empty.map(({ label }) => label[language]).join(t('organizations.record.comma'))}
        </p>
      )}
    </>
  );
}
