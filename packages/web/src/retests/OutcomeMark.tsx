import { RETEST_OUTCOME_LABELS } from '@backcheck/contract';
import type { RetestOutcome } from '@backcheck/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

/** A shape for each outcome, so that nobody has to tell red from green (WCAG 1.4.1). */
const SHAPES: Record<RetestOutcome, ReactNode> = {
  proven: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path
        d="M5 8.3l2.1 2.1L11.2 6"
        fill="none"
        stroke="#fff"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  'still-present': (
    <path d="M8 2.2v7M8 12.2v1.6" fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
  ),
  inconclusive: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="3 2.2" />
      <path d="M5.5 8h5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </>
  ),
};

/** Null: not known yet. */
export function OutcomeMark({ outcome }: { readonly outcome: RetestOutcome | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (outcome === null) return <span className="mark outcome-waiting">{t('retests.noOutcome')}</span>;
  const { label, meaning } = RETEST_OUTCOME_LABELS[outcome];
  return (
    <span className={`mark outcome-${outcome}`} title={meaning[language]}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        {SHAPES[outcome]}
      </svg>
      {label[language]}
    </span>
  );
}
