import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export interface Tab {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  /** Whether the reader has a use for it. */
  readonly may: boolean;
  /** Other tabs lie below its address. */
  readonly exact?: boolean;
}

interface TabFrameProps {
  readonly title: string;
  /** Beside the title: what one comes here to do. */
  readonly action?: ReactNode;
  /** What the tabs are about, for whoever does not see them. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly children: ReactNode;
}

/** What screens about one thing have in common: the way from one to the other. */
export function TabFrame({ title, action, label, tabs, children }: TabFrameProps) {
  return (
    <div className="screen">
      <div className="title-row">
        <h1>{title}</h1>
        {action}
      </div>
      <nav className="tabs" aria-label={label}>
        {tabs.map(({ to, label: name, may, exact = false }) =>
          may ? (
            <Link key={to} to={to} activeOptions={{ exact, includeSearch: false }}>
              {name}
            </Link>
          ) : null,
        )}
      </nav>
      {children}
    </div>
  );
}
