import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { TabFrame } from '../ui/TabFrame.tsx';
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
    <TabFrame title={title} action={action} label={t('retests.tabs.label')} tabs={tabs}>
      {children}
    </TabFrame>
  );
}
