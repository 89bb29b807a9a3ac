import type { DueFinding } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { titleIn } from '../findings/title-in.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Due } from '../notices/Due.tsx';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { WhoToCall } from './WhoToCall.tsx';

export function DueTable({ items }: { readonly items: readonly DueFinding[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <table className="quiet stacked" aria-label={t('work.findings')}>
      <thead>
        <tr>
          <th scope="col">{t('work.due')}</th>
          <th scope="col">{t('work.finding')}</th>
          <th scope="col">{t('work.severity')}</th>
          <th scope="col">{t('organization.label')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <td data-label={t('work.due')}>
              <Due at={one.dueAt} />
              {one.paused ? <small> {t('work.paused')}</small> : null}
            </td>
            <th scope="row">
              <Link to="/findings/$findingId" params={{ findingId: one.id }}>
                {titleIn(language, one.title, one.name)}
              </Link>
              <br />
              <small>{one.asset}</small>
            </th>
            <td>
              <SeverityMark severity={one.severity} />
            </td>
            <td data-label={t('organization.label')}>
              <WhoToCall of={one.organization} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
