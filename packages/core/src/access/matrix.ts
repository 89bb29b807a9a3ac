import { ROLES, type Role } from './roles.ts';

/** What a rule speaks of. Systems go with assets, key lists and claims of ranges with organizations. */
export const OBJECTS = [
  'account',
  'settings',
  'audit',
  'organization',
  'asset',
  'contact',
  'campaign',
  'answer',
  'conclusion',
  'import',
  'finding',
  'notice',
  'reply',
  'policy',
  'feed',
  'authorization',
  'runner',
  'retest',
  'incident',
  'report',
  'certificate',
] as const;
export type AccessObject = (typeof OBJECTS)[number];

export const ACTIONS = ['create', 'read', 'update', 'approve', 'export'] as const;
export type AccessAction = (typeof ACTIONS)[number];

/** Letters as the matrix is written: C create, R read, U update, A approve or sign, X export. */
const LETTERS: Readonly<Record<AccessAction, string>> = {
  create: 'C',
  read: 'R',
  update: 'U',
  approve: 'A',
  export: 'X',
};

type Row = Readonly<Partial<Record<Role, string>>>;

/**
 * The permission matrix. A cell says what a role may do with an object inside its grant: the node of the tree, the
 * campaign, the system and the end date of the grant narrow it further ("own", "package", "engagement" and
 * "assigned" are nothing else). A missing cell is no permission.
 *
 * The platform's own roles read no findings. An auditor changes nothing. The organization's side never has `approve`
 * on findings, which is what closing by a person's word would need.
 */
const MATRIX: Readonly<Record<AccessObject, Row>> = {
  account: { 'platform-administrator': 'CRU' },
  settings: { 'platform-administrator': 'CRU' },
  audit: { 'security-auditor': 'RX' },
  organization: {
    'platform-administrator': 'CRU',
    'security-auditor': 'R',
    'coordinator-lead': 'RUX',
    'campaign-manager': 'CRUX',
    inspector: 'R',
    'technical-support': 'R',
    'finding-analyst': 'R',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'RUX',
    liaison: 'RUX',
    'system-owner': 'R',
    contractor: 'R',
    observer: 'R',
  },
  asset: {
    'coordinator-lead': 'RX',
    'campaign-manager': 'CRUX',
    inspector: 'RU',
    'technical-support': 'R',
    'finding-analyst': 'RU',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'RAX',
    liaison: 'CRUX',
    'system-owner': 'RU',
    contractor: 'R',
  },
  contact: {
    'coordinator-lead': 'RX',
    'campaign-manager': 'CRUX',
    inspector: 'R',
    'finding-analyst': 'R',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'CRUX',
    liaison: 'CRUX',
  },
  campaign: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'CRU',
    inspector: 'R',
    'technical-support': 'R',
    'finding-analyst': 'R',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'R',
    liaison: 'R',
    'system-owner': 'R',
  },
  answer: {
    'coordinator-lead': 'R',
    'campaign-manager': 'R',
    inspector: 'R',
    'finding-analyst': 'R',
    supervisor: 'R',
    'security-lead': 'RA',
    liaison: 'CRU',
    'system-owner': 'CRU',
  },
  conclusion: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'R',
    inspector: 'CRU',
    'technical-support': 'R',
    'finding-analyst': 'CRU',
    supervisor: 'R',
    'security-lead': 'R',
    liaison: 'R',
    'system-owner': 'R',
  },
  import: {
    'coordinator-lead': 'R',
    'campaign-manager': 'CR',
    'technical-support': 'CR',
    'finding-analyst': 'CR',
    supervisor: 'R',
  },
  finding: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'RU',
    inspector: 'CR',
    'technical-support': 'CR',
    'finding-analyst': 'CRUA',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'R',
    liaison: 'RU',
    'system-owner': 'RU',
    contractor: 'RU',
  },
  notice: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'CRU',
    inspector: 'C',
    'duty-officer': 'CR',
    supervisor: 'R',
    'security-lead': 'RA',
    liaison: 'RA',
    'system-owner': 'R',
  },
  // Whether a wish is granted is the lead's; of low and medium findings an analyst may judge the facts.
  reply: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'R',
    'finding-analyst': 'RA',
    supervisor: 'R',
    'security-lead': 'CR',
    liaison: 'CR',
    'system-owner': 'CR',
    contractor: 'CR',
  },
  policy: {
    'platform-administrator': 'CR',
    'security-auditor': 'R',
    'coordinator-lead': 'RA',
    'campaign-manager': 'CR',
    inspector: 'R',
    'finding-analyst': 'R',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'R',
    liaison: 'R',
    'system-owner': 'R',
    contractor: 'R',
  },
  feed: {
    'platform-administrator': 'CRU',
    'coordinator-lead': 'R',
    'campaign-manager': 'R',
    'technical-support': 'R',
    'finding-analyst': 'R',
    'duty-officer': 'R',
  },
  // U is the emergency stop. Approving and resuming is the coordinator's lead's and the organization's security lead's.
  authorization: {
    'coordinator-lead': 'RUA',
    'campaign-manager': 'CRU',
    inspector: 'RU',
    'technical-support': 'RU',
    'finding-analyst': 'RU',
    'duty-officer': 'RU',
    supervisor: 'R',
    'security-lead': 'RUA',
    liaison: 'CRU',
    'system-owner': 'R',
  },
  runner: {
    'platform-administrator': 'CRU',
    'coordinator-lead': 'R',
    'campaign-manager': 'R',
    'technical-support': 'R',
  },
  // Claims of fix go with retests; A of the security lead is their signature on one.
  retest: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'CR',
    inspector: 'CRU',
    'technical-support': 'CRU',
    'finding-analyst': 'CRU',
    supervisor: 'R',
    'security-lead': 'CRA',
    liaison: 'CR',
    'system-owner': 'CR',
  },
  incident: {
    'coordinator-lead': 'RA',
    'campaign-manager': 'R',
    'technical-support': 'R',
    'finding-analyst': 'R',
    'duty-officer': 'CRU',
    supervisor: 'R',
    'security-lead': 'RA',
    liaison: 'CR',
    'system-owner': 'CR',
  },
  report: {
    'coordinator-lead': 'RAX',
    'campaign-manager': 'CRX',
    'finding-analyst': 'C',
    supervisor: 'RX',
    'security-lead': 'R',
    liaison: 'R',
    observer: 'R',
  },
  certificate: {
    'security-auditor': 'RX',
    'coordinator-lead': 'R',
    'campaign-manager': 'R',
    inspector: 'R',
    'technical-support': 'R',
    'finding-analyst': 'R',
    'duty-officer': 'R',
    supervisor: 'R',
    'security-lead': 'R',
    liaison: 'R',
  },
};

/** One thing that somebody wants to do. */
export interface Permission {
  readonly object: AccessObject;
  readonly action: AccessAction;
}

export const roleMay = (role: Role, { object, action }: Permission): boolean =>
  MATRIX[object][role]?.includes(LETTERS[action]) === true;

/** The roles whose grants allow it. */
export const rolesThatMay = (permission: Permission): Role[] =>
  ROLES.filter((role) => roleMay(role, permission));

/** Everything that a role may do. */
export const permissionsOf = (role: Role): Permission[] =>
  OBJECTS.flatMap((object) =>
    ACTIONS.map((action) => ({ object, action })).filter((permission) => roleMay(role, permission)),
  );
