import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { TabFrame } from '../ui/TabFrame.tsx';
import './notices.css';

interface NoticeFrameProps {
  readonly title: string;
  /** Beside the title: what one comes here to do. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** What the screens about papers and answers have in common: the way from one to the other. */
export function NoticeFrame({ title, action, children }: NoticeFrameProps) {
  const { t } = useTranslation();
  const mayDraft = useMay({ object: 'notice', action: 'update' });
  const isCoordinator = useIsCoordinator();
  const mayApprove = useMay({ object: 'notice', action: 'approve' });
  const tabs = [
    {
      to: '/notices',
      exact: true,
      label: t('notices.tabs.notices'),
      may: useMay({ object: 'notice', action: 'read' }),
    },
    { to: '/replies', label: t('notices.tabs.replies'), may: useMay({ object: 'reply', action: 'read' }) },
    {
      to: '/notice-batches',
      label: t('notices.tabs.batches'),
      may: mayDraft || (isCoordinator && mayApprove),
    },
    { to: '/notices/office', label: t('notices.tabs.office'), may: mayDraft },
    {
      to: '/webhooks',
      label: t('notices.tabs.webhooks'),
      may: useMay({ object: 'contact', action: 'read' }) && isCoordinator,
    },
  ] as const;
  return (
    <TabFrame title={title} action={action} label={t('notices.tabs.label')} tabs={tabs}>
      {children}
    </TabFrame>
  );
}
