import type { RegisterSheet } from '@backcheck/contract';
import { CATALOGUE, fieldOf, REGISTER_KINDS, type RegisterKind } from '@backcheck/core';
import { Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { ColumnTable } from './ColumnTable.tsx';
import { mappingOf, putKind, type SheetMapping, type Unfed } from './mapping.ts';

interface SheetColumnsProps {
  readonly name: string;
  readonly sheet: RegisterSheet;
  readonly mapping: SheetMapping;
  readonly unfed: Unfed;
  readonly open: boolean;
  readonly onChange: (mapping: SheetMapping) => void;
}

const NO_REGISTER = '';

/** One sheet: which register it feeds, what is missing for that, and its columns. */
export function SheetColumns({ name, sheet, mapping, unfed, open, onChange }: SheetColumnsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const id = useId();
  const { kind } = mapping;
  const choose = (chosen: RegisterKind | null) =>
    onChange(chosen === sheet.kind ? mappingOf(sheet) : putKind(sheet, chosen));
  return (
    <section className="panel sheet" aria-labelledby={`${id}-name`}>
      <div className="sheet-head">
        <h3 id={`${id}-name`}>
          {name} <small>{t('registers.columns.rows', { count: sheet.rows })}</small>
        </h3>
        <span className="sheet-kind">
          <label htmlFor={`${id}-kind`}>{t('registers.columns.isA')}</label>
          <Select
            id={`${id}-kind`}
            aria-label={t('registers.columns.sheetOf', { sheet: name })}
            value={kind ?? NO_REGISTER}
            options={[
              ...REGISTER_KINDS.map((one) => ({ value: one, label: CATALOGUE[one].label[language] })),
              { value: NO_REGISTER, label: t('registers.kinds.none') },
            ]}
            onChange={(chosen) => choose(REGISTER_KINDS.find((one) => one === chosen) ?? null)}
          />
        </span>
      </div>
      {sheet.remembered && kind === sheet.kind ? (
        <p className="hint">{t('registers.columns.remembered')}</p>
      ) : null}
      {kind === null ? null : (
        <>
          <Missing kind={kind} unfed={unfed} />
          <Columns
            kind={kind}
            sheet={sheet}
            mapping={mapping}
            startsOpen={open || unfed.keys.length > 0}
            onChange={onChange}
          />
        </>
      )}
    </section>
  );
}

function Missing({ kind, unfed }: { readonly kind: RegisterKind; readonly unfed: Unfed }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = (keys: readonly string[]) =>
    new Intl.ListFormat(language === 'zh' ? 'zh-CN' : 'en', { type: 'disjunction' }).format(
      keys.map((key) => fieldOf(kind, key)?.label[language] ?? key),
    );
  return (
    <div role="status">
      {unfed.keys.length === 0 ? null : (
        <p className="open-point">{t('registers.columns.missingKeys', { fields: names(unfed.keys) })}</p>
      )}
      {unfed.required.length === 0 ? null : (
        <p className="to-note">{t('registers.columns.missingRequired', { fields: names(unfed.required) })}</p>
      )}
    </div>
  );
}

interface ColumnsProps {
  readonly kind: RegisterKind;
  readonly sheet: RegisterSheet;
  readonly mapping: SheetMapping;
  readonly startsOpen: boolean;
  readonly onChange: (mapping: SheetMapping) => void;
}

/** A survey has thirteen sheets with hundreds of columns: what nobody opens is not drawn. */
function Columns({ startsOpen, ...props }: ColumnsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(startsOpen);
  const used = props.mapping.columns.filter((field) => field !== null).length;
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('registers.columns.mapped', { used, count: props.mapping.columns.length })}</summary>
      {open ? <ColumnTable {...props} /> : null}
    </details>
  );
}
