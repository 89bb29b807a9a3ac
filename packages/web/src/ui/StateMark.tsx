import { STATE_LABELS } from '@backcheck/contract';
import type { State } from '@backcheck/core';
import type { ReactNode } from 'react';
import { useLanguage } from '../i18n/use-language.ts';

/** A shape for each state, so that nobody has to tell red from green (WCAG 1.4.1). */
const SHAPES: Record<State, ReactNode> = {
  open: <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2" />,
  'fixed-unverified': (
    <>
      <circle
        cx="8"
        cy="8"
        r="5.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeDasharray="3 2.2"
      />
      <circle cx="8" cy="8" r="2" fill="currentColor" />
    </>
  ),
  regressed: (
    <path
      d="M12.8 9.6A5.2 5.2 0 1 1 11.6 4.3M12 1.6v3.2H8.8"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  'verified-fixed': (
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
};

export function StateMark({ state }: { readonly state: State }) {
  const language = useLanguage();
  return (
    <span className={`mark state-${state}`} title={STATE_LABELS[state].meaning[language]}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
        {SHAPES[state]}
      </svg>
      {STATE_LABELS[state].label[language]}
    </span>
  );
}
