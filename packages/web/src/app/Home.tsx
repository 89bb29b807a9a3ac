import { Navigate } from '@tanstack/react-router';
import { useNavigation } from './navigation.ts';
import { useAccess } from './use-access.ts';

/** The page of the one organization that the account is for, else the first screen that it has a use for. */
export function Home() {
  const places = useNavigation();
  const home = useAccess().data?.home;
  if (places === undefined) return null;
  if (home != null)
    return <Navigate to="/organizations/$organizationId" params={{ organizationId: home }} replace />;
  return <Navigate to={places[0]?.to ?? '/account'} replace />;
}
