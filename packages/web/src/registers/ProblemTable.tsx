import type { RegisterImportRow, RowProblem } from '@backcheck/contract';
import { CATALOGUE } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { adviceText, fieldLabel, valueText } from './field-text.ts';
import { placeText } from './place.ts';

export interface RowTableProps {
  readonly items: readonly RegisterImportRow[];
  readonly label: string;
  readonly busy: boolean;
}

/** One line for each thing that is wrong, at its cell. */
export function ProblemTable({ items, label, busy }: RowTableProps) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked staged" aria-label={label} aria-busy={busy}>
      <thead>
        <tr>
          <th scope="col">{t('registers.check.where')}</th>
          <th scope="col">{t('registers.check.record')}</th>
          <th scope="col">{t('registers.check.value')}</th>
          <th scope="col">{t('registers.check.wrong')}</th>
        </tr>
      </thead>
      <tbody>
        {items.flatMap((row) =>
          row.problems.map((problem, at) => (
            <ProblemLine key={`${row.sheet} ${row.row} ${at}`} row={row} problem={problem} />
          )),
        )}
      </tbody>
    </table>
  );
}

interface ProblemLineProps {
  readonly row: RegisterImportRow;
  readonly problem: RowProblem;
}

function ProblemLine({ row, problem }: ProblemLineProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const at = { kind: row.kind, field: problem.field, language };
  const advice = adviceText(t, problem, at);
  const change = row.changes.find(({ field }) => field === problem.field);
  return (
    <tr>
      <th scope="row">
        {placeText(t, { ...row, column: problem.column })}
        <small>
          {fieldLabel(t, at)}
          {problem.column === null ? ` · ${t('registers.place.noColumn')}` : ''}
        </small>
      </th>
      <td data-label={t('registers.check.record')}>
        <RecordName row={row} />
      </td>
      <td data-label={t('registers.check.value')}>
        {problem.value === null ? (
          <span className="hint">{t('registers.check.blank')}</span>
        ) : (
          <span className="cell-value">{problem.value}</span>
        )}
      </td>
      <td>
        {problem.text[language]}
        {advice === null ? null : <small className="advice">{advice}</small>}
        {change === undefined || row.outcome !== 'conflict' ? null : (
          <small>
            {valueText(change.before, at)} → {valueText(change.after, at)}
          </small>
        )}
      </td>
    </tr>
  );
}

/** `key` is the code or name of the record; a row that cannot be read may have none. */
export function RecordName({ row: { kind, key } }: { readonly row: RegisterImportRow }) {
  const language = useLanguage();
  return (
    <>
      {key === '' ? '—' : key} <small>{CATALOGUE[kind].label[language]}</small>
    </>
  );
}
