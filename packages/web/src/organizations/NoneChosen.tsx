import { Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAccess } from '../app/use-access.ts';
import { useTitle } from '../ui/use-title.ts';

/** Beside the tree before one is chosen. Who has only one organization never chooses. */
export function NoneChosen() {
  const { t } = useTranslation();
  useTitle(t('organizations.title'));
  const home = useAccess().data?.home ?? null;
  if (home !== null)
    return <Navigate to="/organizations/$organizationId" params={{ organizationId: home }} replace />;
  return (
    <>
      <h1>{t('organizations.title')}</h1>
      <p className="lead">{t('organizations.lead')}</p>
    </>
  );
}
