import { type AccessObject, AUDIT_ACTIONS, type AuditAction, OBJECTS } from '@backcheck/core';

/** What the address of the audit log holds; names are those of the API. */
export interface AuditFilters {
  /** Id of an account. */
  readonly account?: string;
  readonly organizationId?: string;
  readonly object?: AccessObject;
  readonly action?: AuditAction;
  /** Days in the reader's zone, `2026-11-21`; both are in what is shown. */
  readonly from?: string;
  readonly to?: string;
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[1-9][0-9]{0,8}$/.test(value);
const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readAuditFilters(search: Readonly<Record<string, unknown>>): AuditFilters {
  const object = OBJECTS.find((one) => one === search['object']);
  const action = AUDIT_ACTIONS.find((one) => one === search['action']);
  const { account, organizationId, from, to } = search;
  return {
    ...(isId(account) ? { account } : {}),
    ...(isId(organizationId) ? { organizationId } : {}),
    ...(object === undefined ? {} : { object }),
    ...(action === undefined ? {} : { action }),
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
  };
}

/** The interval as the API takes it: from the first moment of `from` to before the day after `to`. */
export function intervalOf({ from, to }: AuditFilters): { from?: string; to?: string } {
  const midnight = (day: string, later: number): string => {
    const at = new Date(`${day}T00:00:00`);
    at.setDate(at.getDate() + later);
    return at.toISOString();
  };
  return {
    ...(from === undefined ? {} : { from: midnight(from, 0) }),
    ...(to === undefined ? {} : { to: midnight(to, 1) }),
  };
}
