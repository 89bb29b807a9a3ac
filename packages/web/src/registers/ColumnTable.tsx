import type { RegisterSheet } from '@backcheck/contract';
import { CATALOGUE, type RegisterKind } from '@backcheck/core';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { putField, type SheetMapping, VERSION } from './mapping.ts';

interface ColumnTableProps {
  readonly kind: RegisterKind;
  readonly sheet: RegisterSheet;
  readonly mapping: SheetMapping;
  readonly onChange: (mapping: SheetMapping) => void;
}

const NO_FIELD = '';

/** Each column with its first values beside the field that it goes to. */
export function ColumnTable({ kind, sheet, mapping, onChange }: ColumnTableProps) {
  const { t } = useTranslation();
  const fields = useFieldOptions(kind, sheet);
  return (
    <table className="quiet stacked columns">
      <thead>
        <tr>
          <th scope="col">{t('registers.columns.column')}</th>
          <th scope="col">{t('registers.columns.samples')}</th>
          <th scope="col">{t('registers.columns.field')}</th>
        </tr>
      </thead>
      <tbody>
        {sheet.columns.map(({ letter, header, samples }, at) => {
          const field = mapping.columns[at] ?? null;
          const shown = header === '' ? t('registers.columns.noHeader') : header;
          const options = fields.map((one) => {
            const other = sheet.columns[mapping.columns.indexOf(one.value)]?.letter;
            const taken = other !== undefined && other !== letter;
            const label = taken
              ? t('registers.columns.taken', { field: one.label, letter: other })
              : one.label;
            return { ...one, label };
          });
          return (
            <tr key={letter} className={field === null ? 'left-out' : undefined}>
              <th scope="row">
                <span className="letter">{letter}</span> {shown}
              </th>
              <td>
                <Samples values={samples} />
              </td>
              <td>
                <Select
                  className="field-select"
                  aria-label={t('registers.columns.fieldOf', { letter, header: shown })}
                  value={field ?? NO_FIELD}
                  showSearch={{
                    filterOption: (text, option) => option?.search.includes(text.toLowerCase()) === true,
                  }}
                  options={[
                    {
                      value: NO_FIELD,
                      label: t('registers.columns.leaveOut'),
                      search: t('registers.columns.leaveOut').toLowerCase(),
                    },
                    ...options,
                  ]}
                  onChange={(chosen) => onChange(putField(mapping, at, chosen === NO_FIELD ? null : chosen))}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface FieldOption {
  readonly value: string;
  readonly label: string;
  /** Whatever name a person knows the field by. */
  readonly search: string;
}

function useFieldOptions(kind: RegisterKind, sheet: RegisterSheet): FieldOption[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const fields = CATALOGUE[kind].fields.map(({ key, label, synonyms, required }) => ({
    value: key,
    label: required ? t('registers.columns.required', { field: label[language] }) : label[language],
    search: [label.zh, label.en, ...synonyms].join('\n').toLowerCase(),
  }));
  if (!sheet.columns.some(({ field }) => field === VERSION)) return fields;
  const label = t('registers.columns.version');
  return [...fields, { value: VERSION, label, search: label.toLowerCase() }];
}

function Samples({ values }: { readonly values: readonly string[] }) {
  const { t } = useTranslation();
  const filled = values.filter((value) => value !== '');
  if (filled.length === 0) return <span className="hint">{t('registers.columns.empty')}</span>;
  return (
    <ul className="samples">
      {filled.map((value, at) => (
        <li key={at}>{value}</li>
      ))}
    </ul>
  );
}
