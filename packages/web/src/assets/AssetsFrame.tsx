import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { Field } from '../ui/Field.tsx';
import { OpenQuestions } from './OpenQuestions.tsx';
import './assets.css';

interface AssetsFrameProps {
  readonly title: string;
  readonly organizationId: string | undefined;
  readonly children: ReactNode;
}

/** What the screens about assets have in common: the way from one to the other, for the same organization. */
export function AssetsFrame({ title, organizationId, children }: AssetsFrameProps) {
  const { t } = useTranslation();
  const search = organizationId === undefined ? {} : { organizationId };
  return (
    <div className="screen assets-screen">
      <h1>{title}</h1>
      <nav className="tabs" aria-label={t('assets.tabs.label')}>
        <Link to="/assets" search={search} activeOptions={{ exact: true, includeSearch: false }}>
          {t('assets.tabs.list')}
        </Link>
        <Link to="/assets/questions" search={search} activeOptions={{ includeSearch: false }}>
          {t('assets.tabs.questions')}
          <OpenQuestions />
        </Link>
        <Link to="/assets/unowned" search={search} activeOptions={{ includeSearch: false }}>
          {t('ownership.queue.title')}
        </Link>
        <Link to="/assets/settings" search={search} activeOptions={{ includeSearch: false }}>
          {t('assets.tabs.settings')}
        </Link>
      </nav>
      {children}
    </div>
  );
}

interface OrganizationChoiceProps {
  readonly value: string | undefined;
  /** Undefined: all of them. */
  readonly onChange: (id: string | undefined) => void;
  readonly allowAll: boolean;
}

export function OrganizationChoice({ value, onChange, allowAll }: OrganizationChoiceProps) {
  const { t } = useTranslation();
  return (
    <Field id="asset-organization" label={t('filters.organization')}>
      <OrganizationSelect
        id="asset-organization"
        allowClear={allowAll}
        placeholder={t(allowAll ? 'filters.all' : 'organization.choose')}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
