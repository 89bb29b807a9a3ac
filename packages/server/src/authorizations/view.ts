import type { Authorization } from '@backcheck/contract';
import { type Instant, isInForce, windowAt } from '@backcheck/core';
import type { AuthorizationRow } from '@backcheck/db';
import { authorizationState } from './state.ts';

export function viewAuthorization(row: AuthorizationRow, now: Instant): Authorization {
  return {
    id: row.id,
    organization: { id: row.organization.id, name: row.organization.name, nameZh: row.organization.nameZh },
    title: row.title,
    ranges: [...row.ranges],
    names: [...row.names],
    allowed: [...row.allowed],
    forbidden: [...row.forbidden],
    windows: row.windows.map(({ days, from, until }) => ({ days: [...days], from, until })),
    timeZone: row.timeZone,
    rate: row.rate,
    sourceAddresses: [...row.sourceAddresses],
    stopContact: { name: row.stopContact.name, phone: row.stopContact.phone },
    signedBy: row.signedBy,
    document: {
      fileName: row.document.fileName,
      sizeBytes: row.document.sizeBytes,
      sha256: row.document.sha256,
    },
    validFrom: row.validFrom,
    expiresAt: row.expiresAt,
    state: authorizationState(row, now),
    ...viewWindow(row, now),
    draftedBy: person(row.draftedBy),
    draftedAt: row.draftedAt,
    approvedBy: row.approvedBy && person(row.approvedBy),
    approvedAt: row.approvedAt,
    stoppedBy: row.stoppedBy && person(row.stoppedBy),
    stoppedAt: row.stoppedAt,
    revokedBy: row.revokedBy && person(row.revokedBy),
    revokedAt: row.revokedAt,
    running: row.running,
    waiting: row.waiting,
  };
}

const person = ({ id, name }: { id: string; name: string }) => ({ id, name });

function viewWindow(row: AuthorizationRow, now: Instant): Pick<Authorization, 'windowOpen' | 'nextWindow'> {
  const window = windowAt(row, now);
  if (window.open) return { windowOpen: isInForce(row, now), nextWindow: null };
  return { windowOpen: false, nextWindow: window.opensAt };
}
