import type { NoticeOffice } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';

/** What was set at this very node, the latest first; the first one holds. */
export function OfficeHistory({ history }: Pick<NoticeOffice, 'history'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (history.length < 2) return null;
  return (
    <section aria-labelledby="office-history">
      <h2 id="office-history">{t('noticePapers.office.history')}</h2>
      <table className="quiet stacked" aria-labelledby="office-history">
        <thead>
          <tr>
            <th scope="col">{t('noticePapers.office.authority')}</th>
            <th scope="col">{t('noticePapers.office.setBy')}</th>
            <th scope="col">{t('noticePapers.office.setAt')}</th>
          </tr>
        </thead>
        <tbody>
          {history.map(({ office, setBy, setAt }) => (
            <tr key={setAt}>
              <th scope="row">{office.authority[language]}</th>
              <td data-label={t('noticePapers.office.setBy')}>{setBy ?? '—'}</td>
              <td data-label={t('noticePapers.office.setAt')}>
                <Moment at={setAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
