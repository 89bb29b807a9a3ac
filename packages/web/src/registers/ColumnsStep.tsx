import type { RegisterImport } from '@backcheck/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { mappingOf, type SheetMapping, unfedFields } from './mapping.ts';
import { SheetColumns } from './SheetColumns.tsx';
import { StepTitle } from './StepTitle.tsx';
import { sentences } from './sentences.ts';
import { useDecide } from './use-register-imports.ts';

/** With more sheets than this only those are open that need a look. */
const OPEN_SHEETS = 2;

interface ColumnsStepProps {
  readonly of: RegisterImport;
  readonly onBack: () => void;
}

/** What each sheet is and where each column goes, as proposed or remembered. */
export function ColumnsStep({ of, onBack }: ColumnsStepProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [sheets, setSheets] = useState<readonly SheetMapping[]>(() => of.sheets.map(mappingOf));
  const decision = useDecide(of.id);
  const inOrganization = of.organizationId !== null;
  const used = sheets.filter(({ kind }) => kind !== null);
  return (
    <section aria-labelledby="step-title">
      <StepTitle>{t('registers.columns.title')}</StepTitle>
      <p className="lead">
        {sentences(language, t('registers.columns.hint'), t('registers.nothingWritten'))}
      </p>
      {of.sheets.map((sheet, at) => {
        const mapping = sheets[at] ?? mappingOf(sheet);
        const change = (next: SheetMapping) =>
          setSheets((before) => before.map((one, index) => (index === at ? next : one)));
        return (
          <SheetColumns
            key={at}
            name={sheet.name === '' ? of.fileName : sheet.name}
            sheet={sheet}
            mapping={mapping}
            unfed={unfedFields(mapping, inOrganization)}
            open={used.length <= OPEN_SHEETS}
            onChange={change}
          />
        );
      })}
      {used.length === 0 ? <p className="open-point">{t('registers.columns.none')}</p> : null}
      {decision.error === null ? null : <Failure error={decision.error} />}
      <div className="actions">
        <Button
          type="primary"
          disabled={used.length === 0}
          loading={decision.isPending}
          onClick={() => decision.mutate({ step: 'mapping', mapping: { sheets: [...sheets] } })}
        >
          {t('registers.columns.next')}
        </Button>
        {of.state === 'uploaded' ? null : <Button onClick={onBack}>{t('registers.apply.back')}</Button>}
      </div>
    </section>
  );
}
