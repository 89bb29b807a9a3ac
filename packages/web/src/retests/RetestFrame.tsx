import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import './retests.css';

interface RetestFrameProps {
  readonly title: string;
  /** Beside the title: what one comes here to do. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** What the screens about looking again have in common: the way from one to the other. */
export function RetestFrame({ title, action, children }: RetestFrameProps) {
  const { t } = useTranslation();
  const tabs = [
    { to: '/retests', label: t('retests.tabs.queue'), may: useMay({ object: 'retest', action: 'read' }) },
    {
      to: '/look-backs',
      label: t('retests.tabs.lookBacks'),
      may: useMay({ object: 'campaign', action: 'read' }),
    },
    {
      to: '/authorizations',
      label: t('retests.tabs.authorizations'),
      may: useMay({ object: 'authorization', action: 'read' }),
    },
    { to: '/runners', label: t('retests.tabs.runners'), may: useMay({ object: 'runner', action: 'read' }) },
  ] as const;
  return (
    <div className="screen">
      <div className="title-row">
        <h1>{title}</h1>
        {action}
      </div>
      <nav className="tabs" aria-label={t('retests.tabs.label')}>
        {tabs.map(({ to, label, may }) =>
          may ? (
            <Link key={to} to={to} activeOptions={{ includeSearch: false }}>
              {label}
            </Link>
          ) : null,
        )}
      </nav>
      {children}
    </div>
  );
}
