import type { Sheet } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';

interface SheetWarningsProps {
  readonly warnings: Sheet['warnings'];
  readonly total: number;
}

/** Records of the file that could not be used; each makes the coverage smaller. */
export function SheetWarnings({ warnings, total }: SheetWarningsProps) {
  const { t } = useTranslation();
  if (total === 0) return null;
  return (
    <details className="warnings">
      <summary>{t('warnings.title', { count: total })}</summary>
      <ul>
        {warnings.map((one, index) => (
          // The same record can be wrong twice in the same words; the list never changes order.
          <li key={index}>
            {one.line === null ? null : (
              <span className="line">{t('warnings.line', { line: one.line })}</span>
            )}
            {one.message} <code>{one.code}</code>
          </li>
        ))}
      </ul>
      {total > warnings.length ? (
        <p className="hint">{t('warnings.more', { count: total - warnings.length })}</p>
      ) : null}
    </details>
  );
}
