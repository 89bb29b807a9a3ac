import type { Authorization } from '@backcheck/core';
import type { Bounds } from './refusal.ts';

/** Signed, approved, at any time of the year 2026, for nothing yet. */
export function signed(change: Partial<Authorization> = {}): Authorization {
  return {
    id: '1',
    organizationId: 1,
    ranges: [],
    names: [],
    allowed: ['tls', 'http', 'crawl', 'banner'],
    forbidden: [],
    windows: [],
    timeZone: 'Asia/Shanghai',
    rate: 1000,
    validFrom: '2026-01-01T00:00:00.000Z',
    expiresAt: '2027-01-01T00:00:00.000Z',
    approvedAt: '2026-01-01T00:00:00.000Z',
    stoppedAt: null,
    revokedAt: null,
    ...change,
  };
}

/** In the middle of that year. */
export function boundsOf(change: Partial<Authorization> = {}): Bounds {
  return {
    authorization: signed(change),
    ownAddresses: [],
    clock: () => new Date('2026-06-01T12:00:00.000Z'),
  };
}
