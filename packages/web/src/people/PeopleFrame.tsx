import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './people.css';

interface PeopleFrameProps {
  readonly title: string;
  /** Beside the title: what one comes here to do. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** What the screens about people have in common: the way from one to the other. */
export function PeopleFrame({ title, action, children }: PeopleFrameProps) {
  const { t } = useTranslation();
  return (
    <div className="screen people-screen">
      <div className="title-row">
        <h1>{title}</h1>
        {action}
      </div>
      <nav className="tabs" aria-label={t('people.tabs.label')}>
        <Link to="/people" activeOptions={{ exact: true, includeSearch: false }}>
          {t('people.tabs.accounts')}
        </Link>
        <Link to="/people/invitations">{t('people.tabs.invitations')}</Link>
        <Link to="/people/roles">{t('people.tabs.roles')}</Link>
      </nav>
      {children}
    </div>
  );
}
