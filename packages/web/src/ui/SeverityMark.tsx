import { SEVERITY_LABELS } from '@backcheck/contract';
import { SEVERITIES, type Severity } from '@backcheck/core';
import { useLanguage } from '../i18n/use-language.ts';

/** Rising bars beside the word: the order is seen without colour. */
export function SeverityMark({ severity }: { readonly severity: Severity }) {
  const language = useLanguage();
  const rank = SEVERITIES.indexOf(severity);
  return (
    <span className={`mark severity-${severity}`}>
      <svg viewBox="0 0 18 14" width="18" height="14" aria-hidden="true" focusable="false">
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4.6}
            y={14 - bar * 3.4}
            width="3.2"
            height={bar * 3.4}
            fill={bar <= rank ? 'currentColor' : '#cfd6d4'}
          />
        ))}
      </svg>
      {SEVERITY_LABELS[severity][language]}
    </span>
  );
}
