import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';

interface NoFindingsProps {
  readonly filtered: boolean;
  readonly onReset: () => void;
}

export function NoFindings({ filtered, onReset }: NoFindingsProps) {
  const { t } = useTranslation();
  if (filtered) {
    return (
      <EmptyState
        title={t('findings.noMatch')}
        hint={t('findings.noMatchHint')}
        action={<Button onClick={onReset}>{t('filters.reset')}</Button>}
      />
    );
  }
  return (
    <EmptyState
      title={t('findings.none')}
      hint={t('findings.noneHint')}
      action={
        <Link className="button-link" to="/imports">
          {t('imports.title')}
        </Link>
      }
    />
  );
}
