import { PRIORITY_LABELS } from '@backcheck/contract';
import type { Priority } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import './deadlines.css';

export function PriorityMark({ priority }: { readonly priority: Priority }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <span className={`priority priority-${priority}`} title={t('deadlines.priorityHint')}>
      {PRIORITY_LABELS[priority][language]}
    </span>
  );
}
