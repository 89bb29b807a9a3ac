import type { RegisterImport } from '@backcheck/contract';
import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { StepTitle } from './StepTitle.tsx';

interface MovingProps {
  readonly state: 'staging' | 'applying' | 'undoing';
  readonly progress: RegisterImport['progress'];
}

/** All rows are read before the last one is done with. */
const MOST = 99;

export function Moving({ state, progress: { rowsRead, rowsTotal } }: MovingProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const percent = rowsTotal === 0 ? 0 : Math.min(MOST, Math.floor((rowsRead / rowsTotal) * 100));
  return (
    <section className="panel" aria-labelledby="step-title">
      <StepTitle>{t(`registers.moving.${state}`)}</StepTitle>
      <Progress percent={percent} status="active" aria-label={t(`registers.moving.${state}`)} />
      {state === 'undoing' ? null : (
        <p>
          {t('registers.moving.rows', {
            done: rowsRead.toLocaleString(language),
            total: rowsTotal.toLocaleString(language),
          })}
        </p>
      )}
      <p className="hint">{t('registers.moving.leave')}</p>
    </section>
  );
}
