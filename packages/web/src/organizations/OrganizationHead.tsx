import type { OrganizationPage } from '@backcheck/contract';
import { fieldOf } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { organizationName } from '../app/use-organizations.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { ChangeOrganization } from './ChangeOrganization.tsx';
import { NewOrganization } from './NewOrganization.tsx';
import { shownValue } from './record/record-texts.ts';

/** Which organization this is: where in the tree, under which names and code, and whether it still exists. */
export function OrganizationHead({ page }: { readonly page: OrganizationPage }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { organization, fields, mergedInto } = page;
  const name = organizationName(organization, language);
  const other = [organization.name, organization.nameZh].find((one) => one !== null && one !== name);
  const kind = fieldOf('organization', 'kind');
  const status = fieldOf('organization', 'status');
  return (
    <header className="organization-head">
      <Path page={page} />
      <h1>{name}</h1>
      <ul className="facts">
        {other == null ? null : <li>{other}</li>}
        <li>
          <code>{organization.code}</code>
        </li>
        {kind === undefined || fields['kind'] === undefined ? null : (
          <li>{shownValue(kind, fields['kind'], language)}</li>
        )}
        {status === undefined || organization.status === 'active' ? null : (
          <li className="gone-mark">
            {shownValue(status, organization.status, language)}
            {mergedInto === null ? null : (
              <>
                {' → '}
                <Link to="/organizations/$organizationId" params={{ organizationId: mergedInto }}>
                  <OrganizationName of={{ id: mergedInto, name: '' }} />
                </Link>
              </>
            )}
          </li>
        )}
        {organization.collecting ? <li>{t('organizations.collectingMark')}</li> : null}
      </ul>
      <Actions page={page} />
    </header>
  );
}

function Path({ page: { path } }: { readonly page: OrganizationPage }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (path.length === 0) return null;
  return (
    <nav aria-label={t('organizations.path')}>
      <ol className="path">
        {path.map((one) => (
          <li key={one.id}>
            <Link
              to="/organizations/$organizationId"
              params={{ organizationId: one.id }}
              search={(before) => before}
            >
              {organizationName(one, language)}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Actions({ page }: { readonly page: OrganizationPage }) {
  const { t } = useTranslation();
  const mayChange = useMay({ object: 'organization', action: 'update' });
  const mayCreate = useMay({ object: 'organization', action: 'create' });
  const [dialog, setDialog] = useState<'edit' | 'add' | null>(null);
  if (!mayChange) return null;
  const close = () => setDialog(null);
  return (
    <div className="actions">
      <Button onClick={() => setDialog('edit')}>{t('organizations.edit')}</Button>
      {mayCreate ? <Button onClick={() => setDialog('add')}>{t('organizations.addBelow')}</Button> : null}
      {dialog === 'edit' ? <ChangeOrganization page={page} onClose={close} /> : null}
      {dialog === 'add' ? <NewOrganization parentId={page.organization.id} onClose={close} /> : null}
    </div>
  );
}
