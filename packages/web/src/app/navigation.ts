import type { Permission } from '@backcheck/core';
import { allows, useAccess } from './use-access.ts';

/** The screens of the main navigation, in its order, and what an account must be allowed to have a use for them. */
const PLACES = [
  { to: '/findings', label: 'nav.findings', needs: { object: 'finding', action: 'read' } },
  { to: '/assets', label: 'nav.assets', needs: { object: 'asset', action: 'read' } },
  { to: '/organizations', label: 'nav.organizations', needs: { object: 'organization', action: 'read' } },
  { to: '/imports', label: 'nav.imports', needs: { object: 'import', action: 'create' } },
  { to: '/people', label: 'nav.people', needs: { object: 'account', action: 'read' } },
  { to: '/audit', label: 'nav.audit', needs: { object: 'audit', action: 'read' } },
] as const satisfies readonly { to: string; label: string; needs: Permission }[];
export type Place = (typeof PLACES)[number];

/** Undefined as long as it is not known. */
export function useNavigation(): readonly Place[] | undefined {
  const { data } = useAccess();
  return data === undefined ? undefined : PLACES.filter(({ needs }) => allows(data, needs));
}
