import { ACTIONS } from '../access/matrix.ts';
import type { Instant } from '../observe/record.ts';
import type { Sha256 } from '../prove/hash.ts';
import { leafOf } from '../prove/merkle.ts';

/** What somebody did: the actions of the permission matrix, and what happens at the door. Stored by name. */
export const AUDIT_ACTIONS = [
  ...ACTIONS,
  'sign-in',
  'sign-out',
  'invite',
  'grant',
  'revoke',
  'disable',
  'enable',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_VIAS = ['session', 'api-key', 'job'] as const;
export type AuditVia = (typeof AUDIT_VIAS)[number];

/** Flat on purpose: there is no place for a secret's object or a whole piece of evidence. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** One entry of the audit log, as it is hashed into the ledger (docs/audit.md). */
export interface AuditEntry {
  readonly kind: 'audit';
  readonly id: string;
  /** Null: it belongs to the installation and to no organization. */
  readonly organization: string | null;
  readonly at: Instant;
  /** Null: nobody was signed in. The name is that of the moment. */
  readonly account: { readonly id: string; readonly name: string } | null;
  readonly via: AuditVia | null;
  /** Of the client, as the server saw it. */
  readonly address: string | null;
  /** One of AUDIT_ACTIONS, on one of OBJECTS; an older or newer version may know others. */
  readonly action: string;
  readonly object: string;
  readonly objectId: string | null;
  readonly details: AuditDetails;
}

/** The chain of what belongs to no organization; an organization's chain has its id. */
export const INSTALLATION_CHAIN = '0';

/** `organization` of the ledger entries under which an audit entry is sealed. */
export const chainOf = ({ organization }: Pick<AuditEntry, 'organization'>): string =>
  organization ?? INSTALLATION_CHAIN;

/** SHA-256(0x00 || canonical JSON), as every leaf of the ledger. */
export function auditLeaf({
  id,
  organization,
  at,
  account,
  via,
  address,
  action,
  object,
  objectId,
  details,
}: Omit<AuditEntry, 'kind'>): Sha256 {
  return leafOf({
    kind: 'audit',
    id,
    organization,
    at,
    account: account === null ? null : { id: account.id, name: account.name },
    via,
    address,
    action,
    object,
    objectId,
    details,
  });
}
