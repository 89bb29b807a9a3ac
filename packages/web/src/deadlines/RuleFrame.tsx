import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { TabFrame } from '../ui/TabFrame.tsx';
import './deadlines.css';

interface RuleFrameProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** What the screens of rules have in common: the way from one to the other. */
export function RuleFrame({ title, action, children }: RuleFrameProps) {
  const { t } = useTranslation();
  const mayReadPolicies = useMay({ object: 'policy', action: 'read' });
  const tabs = [
    { to: '/policies', label: t('deadlines.tabs.policies'), may: mayReadPolicies },
    { to: '/calendars', label: t('deadlines.tabs.calendars'), may: mayReadPolicies },
    { to: '/feeds', label: t('feeds.title'), may: useMay({ object: 'feed', action: 'read' }) },
    {
      to: '/retention',
      label: t('evidence.retention.title'),
      may: useMay({ object: 'settings', action: 'read' }),
    },
  ] as const;
  return (
    <TabFrame title={title} action={action} label={t('nav.rules')} tabs={tabs}>
      {children}
    </TabFrame>
  );
}
