import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  /** What to do next; an empty screen must not be a dead end. */
  readonly hint: string;
  readonly action?: ReactNode;
}

export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <p className="empty-title">{title}</p>
      <p>{hint}</p>
      {action}
    </div>
  );
}
