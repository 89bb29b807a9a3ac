import type { Severity } from '../observe/record.ts';
import { type AccessObject, roleMay } from './matrix.ts';
import { ENDS_BY_DATE, OF_ONE_SYSTEM, type Role, sideOf } from './roles.ts';

/** Why a grant is not given, although whoever gives it may give grants. */
export type GrantFlaw = 'NEEDS_END' | 'NEEDS_SYSTEM' | 'NEEDS_ORGANIZATION' | 'ENDS_BEFORE_START';

export interface GrantWish {
  readonly role: Role;
  /** Null: the whole installation. */
  readonly organizationId: number | null;
  readonly systemId: number | null;
  /** ISO 8601; null: until it is revoked. */
  readonly expiresAt: string | null;
}

/** Null: the grant is in order. */
export function flawOf(
  { role, organizationId, systemId, expiresAt }: GrantWish,
  now: string,
): GrantFlaw | null {
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.parse(now)) return 'ENDS_BEFORE_START';
  if (expiresAt === null && ENDS_BY_DATE.includes(role)) return 'NEEDS_END';
  if (systemId === null && OF_ONE_SYSTEM.includes(role)) return 'NEEDS_SYSTEM';
  if (organizationId === null && sideOf(role) === 'organization' && role !== 'observer')
    return 'NEEDS_ORGANIZATION';
  return null;
}

/** A person's part in a paper or in the closing of a finding. */
export interface Involved {
  /** Who drafted the paper, or found the weakness. */
  readonly author: number;
  /** Who verified it; null where nobody did yet. */
  readonly verifier?: number | null;
  /** Who wants to approve. */
  readonly approver: number;
}

/** The approver of a paper is not who drafted it. */
export const mayApprovePaper = ({ author, approver }: Involved): boolean => author !== approver;

/** High and critical are decided by three different people: finder, verifier, approver. */
export const needsSecondPair = (severity: Severity): boolean =>
  severity === 'critical' || severity === 'high';

export function mayApproveFinding(
  { author, verifier = null, approver }: Involved,
  severity: Severity,
): boolean {
  if (!needsSecondPair(severity)) return true;
  return verifier !== null && new Set([author, verifier, approver]).size === 3;
}

/**
 * Whether a role may approve what happens to a finding of this severity. Closing itself is never a person's act:
 * only a proof closes. The side of the inspected organization never approves.
 */
export function roleApproves(role: Role, object: AccessObject, severity: Severity): boolean {
  if (sideOf(role) !== 'coordinator' || !roleMay(role, { object, action: 'approve' })) return false;
  return role === 'coordinator-lead' || !needsSecondPair(severity);
}
