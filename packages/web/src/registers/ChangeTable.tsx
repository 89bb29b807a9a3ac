import type { RegisterImportRow } from '@backcheck/contract';
import { CATALOGUE } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { fieldLabel, type NamedField, valueText } from './field-text.ts';
import { RecordName, type RowTableProps } from './ProblemTable.tsx';
import { placeText } from './place.ts';

/** What each row adds or changes, field by field. */
export function ChangeTable({ items, label, busy }: RowTableProps) {
  const { t } = useTranslation();
  const changed = items.some(({ outcome }) => outcome === 'changed');
  return (
    <table className="quiet stacked staged" aria-label={label} aria-busy={busy}>
      <thead>
        <tr>
          <th scope="col">{t('registers.check.where')}</th>
          <th scope="col">{t('registers.check.record')}</th>
          <th scope="col">{t(changed ? 'registers.check.changes' : 'registers.check.content')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((row) => (
          <ChangeLine key={`${row.sheet} ${row.row}`} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function ChangeLine({ row }: { readonly row: RegisterImportRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <tr>
      <th scope="row">{placeText(t, { ...row, column: null })}</th>
      <td>
        <RecordName row={row} />
      </td>
      <td>
        {row.changes.length === 0 ? null : (
          <ul className={row.outcome === 'changed' ? 'changes' : 'changes content'}>
            {inOrder(row).map((change) => (
              <Change
                key={change.field}
                change={change}
                at={{ kind: row.kind, field: change.field, language }}
                isNew={row.outcome === 'new'}
              />
            ))}
          </ul>
        )}
        {row.warnings.map(({ field, code, text, column }) => (
          <p key={`${field} ${code}`} className="to-note">
            {placeText(t, { ...row, column })} · {t('registers.check.toCheck', { text: text[language] })}
          </p>
        ))}
      </td>
    </tr>
  );
}

/** The fields as the register has them, whatever the order of the file. */
function inOrder({ kind, changes }: RegisterImportRow): RegisterImportRow['changes'] {
  const order = CATALOGUE[kind].fields.map(({ key }) => key);
  return changes.toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}

interface ChangeProps {
  readonly change: RegisterImportRow['changes'][number];
  readonly at: NamedField;
  readonly isNew: boolean;
}

function Change({ change: { before, after }, at, isNew }: ChangeProps) {
  const { t } = useTranslation();
  const shown = (value: typeof before) => valueText(value, at) || t('registers.check.blank');
  return (
    <li>
      <span className="change-field">{fieldLabel(t, at)}</span>{' '}
      {isNew ? null : (
        <>
          <del>{shown(before)}</del>
          {' → '}
        </>
      )}
      <ins>{shown(after)}</ins>
    </li>
  );
}
