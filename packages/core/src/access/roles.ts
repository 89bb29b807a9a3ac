/**
 * The roles, in the order of the table in which they were agreed; stored by name, so the list may grow anywhere.
 * `platform` runs the installation, `coordinator` inspects, `organization` is inspected. No account should hold
 * roles of the last two in one part of the tree.
 */
export const ROLES = [
  'platform-administrator',
  'security-auditor',
  'coordinator-lead',
  'campaign-manager',
  'inspector',
  'technical-support',
  'finding-analyst',
  'duty-officer',
  'supervisor',
  'security-lead',
  'liaison',
  'system-owner',
  'contractor',
  'observer',
] as const;
export type Role = (typeof ROLES)[number];

export type Side = 'platform' | 'coordinator' | 'organization';

const SIDES: Readonly<Record<Role, Side>> = {
  'platform-administrator': 'platform',
  'security-auditor': 'platform',
  'coordinator-lead': 'coordinator',
  'campaign-manager': 'coordinator',
  inspector: 'coordinator',
  'technical-support': 'coordinator',
  'finding-analyst': 'coordinator',
  'duty-officer': 'coordinator',
  supervisor: 'coordinator',
  'security-lead': 'organization',
  liaison: 'organization',
  'system-owner': 'organization',
  contractor: 'organization',
  // Leaders of either side may look on; what they see is bounded by their node.
  observer: 'organization',
};

export const sideOf = (role: Role): Side => SIDES[role];

/** Granted to people who leave: their access must end by a date. */
export const ENDS_BY_DATE: readonly Role[] = ['technical-support', 'contractor'];

/** Granted for one system, never for a whole organization: they see what is theirs and nothing beside it. */
export const OF_ONE_SYSTEM: readonly Role[] = ['system-owner', 'contractor'];
