import type { Runner, RunnerTask } from '@backcheck/contract';
import { fingerprintOf } from '@backcheck/core';
import type { ClaimedTask, RunnerRow } from '@backcheck/db';

/** A runner that was silent for longer is not online, in milliseconds: as long as a lease lasts. */
const ONLINE = 15_000;

export function viewRunner(row: RunnerRow, now: Date): Runner {
  const { runnerId, organizationId, publicKey, tools, seenAt, revokedAt, ...rest } = row;
  return {
    ...rest,
    id: String(runnerId),
    organizationId: organizationId === null ? null : String(organizationId),
    tools: [...tools],
    fingerprint: publicKey === null ? null : fingerprintOf(publicKey),
    seenAt,
    online: revokedAt === null && seenAt !== null && Date.parse(seenAt) > now.getTime() - ONLINE,
    revokedAt,
  };
}

/** Core's arrays are read-only, those of a schema are not. */
export function viewTask({ questions, authorization, ...task }: ClaimedTask): RunnerTask {
  const { ranges, names, allowed, forbidden, windows } = authorization;
  return {
    ...task,
    questions: [...questions],
    authorization: {
      ...authorization,
      ranges: [...ranges],
      names: [...names],
      allowed: [...allowed],
      forbidden: [...forbidden],
      windows: windows.map((window) => ({ ...window, days: [...window.days] })),
    },
  };
}
