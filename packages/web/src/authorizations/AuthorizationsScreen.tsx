import type { Authorization } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { RetestFrame } from '../retests/RetestFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Pages } from '../ui/Pages.tsx';
import { Until } from '../ui/Until.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AuthorizationState } from './AuthorizationState.tsx';
import { useAuthorizations } from './use-authorizations.ts';

/** What may be looked at, where and when, and what was signed for it. */
export function AuthorizationsScreen() {
  const { t } = useTranslation();
  const [organizationId, setOrganizationId] = useState<string>();
  const list = useAuthorizations(organizationId);
  const mayDraft = useMay({ object: 'authorization', action: 'create' });
  useTitle(t('authorizations.title'));
  const draft = mayDraft ? (
    <Link className="button-link primary" to="/authorizations/new">
      {t('authorizations.draft')}
    </Link>
  ) : null;
  return (
    <RetestFrame title={t('authorizations.title')} action={draft}>
      <p className="lead">{t('authorizations.lead')}</p>
      <search className="retest-filters" aria-label={t('retests.filter')}>
        <Field id="authorization-organization" label={t('organization.label')}>
          <OrganizationSelect
            id="authorization-organization"
            allowClear
            value={organizationId}
            placeholder={t('retests.allOrganizations')}
            onChange={setOrganizationId}
          />
        </Field>
      </search>
      <Pages
        list={list}
        empty={<EmptyState title={t('authorizations.none')} hint={t('authorizations.noneHint')} />}
      >
        {(items) => <AuthorizationTable items={items} />}
      </Pages>
    </RetestFrame>
  );
}

function AuthorizationTable({ items }: { readonly items: readonly Authorization[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('authorizations.title')}>
      <thead>
        <tr>
          <th scope="col">{t('authorizations.of')}</th>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col">{t('authorizations.targets')}</th>
          <th scope="col">{t('authorizations.state')}</th>
          <th scope="col">{t('authorizations.expiresAt')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Link to="/authorizations/$authorizationId" params={{ authorizationId: one.id }}>
                {one.title}
              </Link>
            </th>
            <td data-label={t('organization.label')}>
              <OrganizationName of={one.organization} />
            </td>
            <td data-label={t('authorizations.targets')}>
              <Targets of={one} />
            </td>
            <td>
              <AuthorizationState of={one} />
            </td>
            <td data-label={t('authorizations.expiresAt')}>
              <Until at={one.expiresAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SHOWN = 3;

function Targets({ of: { ranges, names } }: { readonly of: Authorization }) {
  const { t } = useTranslation();
  const all = [...ranges, ...names];
  return (
    <>
      {all.slice(0, SHOWN).map((one) => (
        <code key={one} className="identifier">
          {one}
        </code>
      ))}
      {all.length > SHOWN ? (
        <small>{t('authorizations.andMore', { count: all.length - SHOWN })}</small>
      ) : null}
    </>
  );
}
