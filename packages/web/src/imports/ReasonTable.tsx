import { REASON_LABELS, type Sheet } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

/** Why the rest stays open: the reason, what it means, what to do so that the next file can close it. */
export function ReasonTable({ assets, findings }: Pick<Sheet, 'assets' | 'findings'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const rows = findings.notClosed;
  if (rows.length === 0) {
    return <p className="hint">{t(assets.reached === 0 ? 'reasons.nothingReached' : 'reasons.none')}</p>;
  }
  const sorted = [...rows].sort((a, b) => b.count - a.count);
  return (
    <table className="reasons">
      <caption>{t('reasons.title')}</caption>
      <thead>
        <tr>
          <th scope="col" className="number">
            {t('reasons.count')}
          </th>
          <th scope="col">{t('reasons.reason')}</th>
          <th scope="col">{t('reasons.meaning')}</th>
          <th scope="col">{t('reasons.remedy')}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ reason, count }) => (
          <tr key={reason}>
            <td className="number">{count.toLocaleString()}</td>
            <th scope="row">
              {REASON_LABELS[reason].label[language]}
              <code>{reason}</code>
            </th>
            <td>{REASON_LABELS[reason].meaning[language]}</td>
            <td>{REASON_LABELS[reason].remedy[language]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
