import type { LookBack } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { RetestFrame } from '../retests/RetestFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { RescanPanel } from './RescanPanel.tsx';
import { shareText } from './share.ts';
import { useLookBacks } from './use-look-backs.ts';
import './look-backs.css';

/** Campaigns that look again at what was closed, and what is looked at again by itself. */
export function LookBacksScreen() {
  const { t } = useTranslation();
  const list = useLookBacks();
  const mayPublish = useMay({ object: 'campaign', action: 'create' });
  useTitle(t('lookBacks.title'));
  const action = mayPublish ? (
    <Link className="button-link" to="/look-backs/new">
      {t('lookBacks.new')}
    </Link>
  ) : null;
  return (
    <RetestFrame title={t('lookBacks.title')} action={action}>
      <p className="lead">{t('lookBacks.lead')}</p>
      <Pages list={list} empty={<EmptyState title={t('lookBacks.none')} hint={t('lookBacks.noneHint')} />}>
        {(items) => <LookBackTable items={items} />}
      </Pages>
      <RescanPanel />
    </RetestFrame>
  );
}

function LookBackTable({ items }: { readonly items: readonly LookBack[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('lookBacks.title')}>
      <thead>
        <tr>
          <th scope="col">{t('lookBacks.name')}</th>
          <th scope="col">{t('lookBacks.of')}</th>
          <th scope="col">{t('lookBacks.published')}</th>
          <th scope="col">{t('lookBacks.state')}</th>
          <th scope="col" className="number">
            {t('lookBacks.drawn')}
          </th>
          <th scope="col" className="number">
            {t('lookBacks.rate')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <LookBackRow key={one.id} of={one} />
        ))}
      </tbody>
    </table>
  );
}

function LookBackRow({
  of: { id, title, organizationId, publishedAt, state, report },
}: {
  readonly of: LookBack;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <tr>
      <th scope="row">
        <Link to="/look-backs/$lookBackId" params={{ lookBackId: id }}>
          {title}
        </Link>
      </th>
      <td data-label={t('lookBacks.of')}>
        {organizationId === null ? (
          t('lookBacks.everything')
        ) : (
          <OrganizationName of={{ id: organizationId, name: '' }} />
        )}
      </td>
      <td data-label={t('lookBacks.published')}>
        <Moment at={publishedAt} />
      </td>
      <td data-label={t('lookBacks.state')}>{t(`lookBacks.states.${state}`)}</td>
      <td className="number" data-label={t('lookBacks.drawn')}>
        {report === null
          ? '–'
          : t('lookBacks.ofPopulation', { drawn: report.drawn, population: report.population })}
      </td>
      <td className="number" data-label={t('lookBacks.rate')}>
        {report === null || report.regressionRate === null ? '–' : shareText(report.regressionRate, language)}
      </td>
    </tr>
  );
}
