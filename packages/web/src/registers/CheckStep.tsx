import type { RegisterImport, RowOutcome } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { When } from '../ui/When.tsx';
import { CorrectedFile } from './CorrectedFile.tsx';
import { StagedRows } from './StagedRows.tsx';
import { StepTitle } from './StepTitle.tsx';

/** What needs a person comes first. */
const ORDER = ['error', 'conflict', 'changed', 'new', 'same'] as const satisfies readonly RowOutcome[];

interface CheckStepProps {
  readonly of: RegisterImport;
  readonly onGo: (where: 'columns' | 'apply') => void;
}

/** What each row would do to the registers, before anything is written. */
export function CheckStep({ of, onGo }: CheckStepProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { counts } = of;
  const [outcome, setOutcome] = useState<RowOutcome>(() => ORDER.find((one) => counts[one] > 0) ?? 'error');
  const empty = ORDER.every((one) => counts[one] === 0);
  const wrong = counts.error + counts.conflict > 0;
  return (
    <section className="check-step" aria-labelledby="step-title">
      <StepTitle>{t('registers.check.title')}</StepTitle>
      <NothingWritten of={of} />
      <fieldset className="outcomes" aria-label={t('registers.check.filter')}>
        {ORDER.map((one) => (
          <button
            key={one}
            type="button"
            className={counts[one] > 0 ? `outcome-filter outcome-${one}` : 'outcome-filter'}
            aria-pressed={one === outcome}
            onClick={() => setOutcome(one)}
          >
            <strong>{counts[one].toLocaleString(language)}</strong> {t(`registers.outcomes.${one}`)}
          </button>
        ))}
      </fieldset>
      <div className="actions">
        <Button type={wrong ? 'default' : 'primary'} disabled={empty} onClick={() => onGo('apply')}>
          {t('registers.check.next')}
        </Button>
        <CorrectedFile of={of} urgent={wrong} />
        <Button onClick={() => onGo('columns')}>{t('registers.check.changeColumns')}</Button>
      </div>
      {wrong ? <p className="hint">{t('registers.check.mend')}</p> : null}
      {empty ? (
        <EmptyState title={t('registers.check.empty')} hint={t('registers.check.emptyHint')} />
      ) : (
        <StagedRows key={`${outcome} ${of.stagedAt}`} of={of} outcome={outcome} />
      )}
    </section>
  );
}

function NothingWritten({ of: { state, undoneAt } }: { readonly of: RegisterImport }) {
  const { t } = useTranslation();
  if (state !== 'undone' || undoneAt === null) return <p className="lead">{t('registers.nothingWritten')}</p>;
  return (
    <Alert
      type="info"
      showIcon
      title={t('registers.check.undone')}
      description={
        <>
          {t('registers.result.undoneAt')} <When at={undoneAt} />
        </>
      }
    />
  );
}
