import type { Access } from '@backcheck/contract';
import type { Permission } from '@backcheck/core';
import { allows, useAccess } from './use-access.ts';

/** The screens of the main navigation, in its order, and what an account must be allowed, one of it, to have a use for them. */
const PLACES = [
  { to: '/work', label: 'nav.work', needs: [{ object: 'finding', action: 'read' }] },
  {
    to: '/findings',
    label: 'nav.findings',
    needs: [{ object: 'finding', action: 'read' }],
    also: ['/fixes'],
  },
  {
    to: '/notices',
    label: 'nav.notices',
    needs: [{ object: 'notice', action: 'read' }],
    also: ['/notice-batches', '/replies', '/webhooks'],
  },
  // whoever judges or makes replies and reads no notices
  {
    to: '/replies',
    label: 'nav.replies',
    needs: [{ object: 'reply', action: 'read' }],
    unless: { object: 'notice', action: 'read' },
  },
  { to: '/assets', label: 'nav.assets', needs: [{ object: 'asset', action: 'read' }] },
  { to: '/organizations', label: 'nav.organizations', needs: [{ object: 'organization', action: 'read' }] },
  { to: '/imports', label: 'nav.imports', needs: [{ object: 'import', action: 'create' }] },
  {
    to: '/retests',
    label: 'nav.retests',
    needs: [{ object: 'retest', action: 'read' }],
    also: ['/look-backs', '/authorizations', '/runners'],
  },
  // whoever reads no retests, as a duty officer, may have to stop one
  {
    to: '/authorizations',
    label: 'nav.authorizations',
    needs: [{ object: 'authorization', action: 'read' }],
    unless: { object: 'retest', action: 'read' },
  },
  // and whoever sets runners up may see nothing of what they do
  {
    to: '/runners',
    label: 'nav.runners',
    needs: [{ object: 'runner', action: 'read' }],
    unless: { object: 'retest', action: 'read' },
  },
  // who drafts policies, who approves them, and the auditor who asks by which rule a date came about
  {
    to: '/policies',
    label: 'nav.rules',
    needs: [
      { object: 'policy', action: 'create' },
      { object: 'policy', action: 'approve' },
      { object: 'audit', action: 'read' },
    ],
    also: ['/calendars', '/feeds', '/retention'],
  },
  { to: '/people', label: 'nav.people', needs: [{ object: 'account', action: 'read' }] },
  { to: '/audit', label: 'nav.audit', needs: [{ object: 'audit', action: 'read' }] },
] as const satisfies readonly {
  to: string;
  label: string;
  needs: readonly Permission[];
  unless?: Permission;
  also?: readonly string[];
}[];
export type Place = (typeof PLACES)[number];

/** Screens that are reached from this one and have no place of their own. */
export const isAt = (place: Place, pathname: string): boolean =>
  [place.to, ...('also' in place ? place.also : [])].some((one) => pathname.startsWith(one));

export const placesOf = (access: Pick<Access, 'permissions'>): readonly Place[] =>
  PLACES.filter(
    (place) =>
      place.needs.some((one) => allows(access, one)) && !('unless' in place && allows(access, place.unless)),
  );

/** Undefined as long as it is not known. */
export function useNavigation(): readonly Place[] | undefined {
  const { data } = useAccess();
  return data === undefined ? undefined : placesOf(data);
}
