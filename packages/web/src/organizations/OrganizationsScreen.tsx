import { getRouteApi, Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccess, useMay } from '../app/use-access.ts';
import { useOrganizationPage } from '../app/use-organizations.ts';
import { Field } from '../ui/Field.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { FoundOrganizations } from './FoundOrganizations.tsx';
import { NewOrganization } from './NewOrganization.tsx';
import { OrganizationTree } from './OrganizationTree.tsx';
import { readOrganizationSearch } from './search.ts';
import '../assets/assets.css';
import './organizations.css';

const route = getRouteApi('/organizations');

/** The tree on the left, the chosen organization beside it. Who has one organization only sees that one. */
export function OrganizationsScreen() {
  const { organizationId } = useParams({ strict: false });
  const home = useAccess().data?.home;
  const below = useOrganizationPage(home ?? undefined).data?.below.organizations ?? 0;
  if (home === undefined) return null;
  if (home !== null && below === 0)
    return (
      <>
        <Outlet />
        <Elsewhere />
      </>
    );
  return (
    <div className={organizationId === undefined ? 'organizations' : 'organizations with-one'}>
      <Sidebar chosen={organizationId} />
      <div className="organization">
        <Outlet />
      </div>
    </div>
  );
}

function Sidebar({ chosen }: { readonly chosen: string | undefined }) {
  const { t } = useTranslation();
  const { q } = route.useSearch();
  const navigate = useNavigate();
  // The chosen one stays beside what is found.
  const searchFor = (text: string) => {
    const search = (before: object) => readOrganizationSearch({ ...before, q: text });
    void (chosen === undefined
      ? navigate({ to: '/organizations', search, replace: true })
      : navigate({
          to: '/organizations/$organizationId',
          params: { organizationId: chosen },
          search,
          replace: true,
        }));
  };
  return (
    <aside className="organization-tree" aria-label={t('organizations.title')}>
      <search aria-label={t('organizations.searchLabel')}>
        <Field id="organization-text" label={t('organizations.search')}>
          <SearchBox
            id="organization-text"
            value={q ?? ''}
            placeholder={t('organizations.searchPlaceholder')}
            onChange={searchFor}
          />
        </Field>
      </search>
      {q === undefined ? <OrganizationTree chosen={chosen} /> : <FoundOrganizations q={q} />}
      <Elsewhere />
    </aside>
  );
}

/** What concerns the registers as a whole. */
function Elsewhere() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const mayCreate = useMay({ object: 'organization', action: 'create' });
  const mayImport = useMay({ object: 'organization', action: 'update' });
  return (
    <div className="elsewhere">
      {mayCreate ? <Button onClick={() => setAdding(true)}>{t('organizations.add')}</Button> : null}
      <Link to="/key-lists">{t('organizations.keyLists.title')}</Link>
      {mayImport ? <Link to="/registers/import">{t('organizations.importSheets')}</Link> : null}
      {adding ? <NewOrganization parentId={undefined} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}
