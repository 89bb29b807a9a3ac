import type { OrganizationPage } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { organizationName, useOrganizationPage } from '../app/use-organizations.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { ClaimsPanel } from '../ownership/ClaimsPanel.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { ContactsPanel } from './ContactsPanel.tsx';
import { HistoryPanel } from './HistoryPanel.tsx';
import { KeyListsPanel } from './KeyListsPanel.tsx';
import { OrganizationHead } from './OrganizationHead.tsx';
import { OverviewPanel } from './OverviewPanel.tsx';
import { RegisteredAssetsPanel } from './RegisteredAssetsPanel.tsx';
import { SystemsPanel } from './SystemsPanel.tsx';
import { SECTIONS, type Section } from './search.ts';

const route = getRouteApi('/organizations/$organizationId');

export function OrganizationScreen() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { organizationId } = route.useParams();
  const { data, error, isPending, refetch } = useOrganizationPage(organizationId);
  useTitle(data === undefined ? t('organizations.title') : organizationName(data.organization, language));
  return (
    <>
      <Link className="back to-tree" to="/organizations" search={(before) => before}>
        <span aria-hidden="true">←</span> {t('organizations.all')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : <Page key={organizationId} page={data} />}
    </>
  );
}

function Page({ page }: { readonly page: OrganizationPage }) {
  const { section = 'overview' } = route.useSearch();
  const shown = sectionsOf(page).includes(section) ? section : 'overview';
  return (
    <>
      <OrganizationHead page={page} />
      <Sections page={page} />
      <Panel page={page} section={shown} />
    </>
  );
}

/** What the account may not read has no section. */
const sectionsOf = ({ own }: OrganizationPage): readonly Section[] =>
  SECTIONS.filter(
    (one) =>
      !(own.assets === null && (one === 'assets' || one === 'systems')) &&
      !(own.contacts === null && one === 'contacts'),
  );

function Sections({ page }: { readonly page: OrganizationPage }) {
  const { t } = useTranslation();
  const { id } = page.organization;
  const counts: Partial<Record<Section, number | null>> = {
    systems: page.own.systems,
    assets: page.own.assets,
    contacts: page.own.contacts,
  };
  return (
    <nav className="tabs" aria-label={t('organizations.sections.label')}>
      {sectionsOf(page).map((one) => (
        <Link
          key={one}
          to="/organizations/$organizationId"
          params={{ organizationId: id }}
          search={({ section: _, ...before }) => (one === 'overview' ? before : { ...before, section: one })}
          activeOptions={{ exact: true }}
        >
          {t(`organizations.sections.${one}`)}
          {counts[one] == null ? null : <span className="tab-count">{counts[one]}</span>}
        </Link>
      ))}
    </nav>
  );
}

function Panel({ page, section }: { readonly page: OrganizationPage; readonly section: Section }) {
  const { id } = page.organization;
  switch (section) {
    case 'overview':
      return <OverviewPanel page={page} />;
    case 'systems':
      return <SystemsPanel organizationId={id} />;
    case 'assets':
      return <RegisteredAssetsPanel organizationId={id} />;
    case 'contacts':
      return <ContactsPanel organizationId={id} />;
    case 'claims':
      return <ClaimsPanel organizationId={id} />;
    case 'key-lists':
      return <KeyListsPanel organizationId={id} />;
    case 'changes':
      return <HistoryPanel organizationId={id} />;
  }
}
