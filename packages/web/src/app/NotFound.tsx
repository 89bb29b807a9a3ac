import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { useTitle } from '../ui/use-title.ts';

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t('notFound.title'));
  return (
    <EmptyState
      title={t('notFound.title')}
      hint={t('notFound.hint')}
      action={<Link to="/">{t('notFound.first')}</Link>}
    />
  );
}
