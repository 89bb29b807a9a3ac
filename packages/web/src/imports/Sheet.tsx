import type { Sheet as SheetRecord } from '@backcheck/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ReasonTable } from './ReasonTable.tsx';
import { SheetWarnings } from './SheetWarnings.tsx';

interface SheetProps {
  readonly sheet: SheetRecord;
  /** Whether the import has happened: then the sheet says what it did, not what it would do. */
  readonly done: boolean;
}

/** "What this file can prove", read from left to right: where it looked, what follows, what does not and why. */
export function Sheet({ sheet, done }: SheetProps) {
  const { t } = useTranslation();
  const { assets, coverage, observations, findings } = sheet;
  const tense = done ? 'did' : 'would';
  return (
    <div className="sheet">
      <h3>{done ? t('sheet.titleDone') : t('sheet.title')}</h3>
      <div className="sheet-columns">
        <dl className="figures" aria-label={t('sheet.looked')}>
          <Figure
            value={assets.reached}
            of={assets.total}
            label={t('sheet.reached')}
            hint={t('sheet.reachedHint')}
          />
          <Figure value={coverage} label={t('sheet.coverage')} hint={t('sheet.coverageHint')} />
          <Figure
            value={observations.present + observations.absent}
            label={t('sheet.observations')}
            hint={t('sheet.observationsHint', observations)}
          />
        </dl>
        <dl className="figures" aria-label={t('sheet.follows')}>
          <Figure
            kind="closes"
            value={findings.closes}
            label={t(`sheet.${tense}.closes`)}
            hint={t('sheet.closesHint')}
          />
          <Figure
            kind="regresses"
            value={findings.regresses}
            label={t(`sheet.${tense}.regresses`)}
            hint={t('sheet.regressesHint')}
          />
          <Figure
            kind="likely"
            value={findings.likelyFixed}
            label={t('sheet.likely')}
            hint={t('sheet.likelyHint')}
          />
          <Figure kind="new" value={findings.new} label={t(`sheet.${tense}.new`)} />
          <Figure value={findings.seenAgain} label={t('sheet.seenAgain')} />
        </dl>
      </div>
      <ReasonTable assets={assets} findings={findings} />
      <SheetWarnings warnings={sheet.warnings} total={sheet.warningsTotal} />
    </div>
  );
}

interface FigureProps {
  readonly value: number;
  readonly of?: number;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly kind?: 'closes' | 'regresses' | 'likely' | 'new';
}

function Figure({ value, of, label, hint, kind }: FigureProps) {
  const { t } = useTranslation();
  return (
    <div className={`figure ${value === 0 ? 'figure-zero' : `figure-${kind ?? 'plain'}`}`} data-figure={kind}>
      <dt>
        {label}
        {hint === undefined ? null : <span className="hint">{hint}</span>}
      </dt>
      <dd>
        {value.toLocaleString()}
        {of === undefined ? null : <small> {t('sheet.ofTotal', { total: of.toLocaleString() })}</small>}
      </dd>
    </div>
  );
}
