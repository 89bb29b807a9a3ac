import type { FixClaim, Retest, RetestFinding, RetestPlan, RetestTask } from '@backcheck/contract';
import { FIX_CAUSES } from '@backcheck/contract';
import type { Instant } from '@backcheck/core';
import type { FixClaimRow, RetestFindingRow, RetestResult, RetestRow, RetestTaskRow } from '@backcheck/db';
import type { RetestPlanned } from './plan-retest.ts';
import type { Wait } from './wait.ts';

export function viewRetest(row: RetestRow, wait: Wait | null, now: Date): Retest {
  const { organization, counts } = row;
  const waited = (row.finishedAt ?? now).getTime() - row.requestedAt.getTime();
  return {
    id: row.id,
    organization: { id: organization.id, name: organization.name, nameZh: organization.nameZh },
    origin: row.origin,
    state: row.state,
    requestedBy: { id: row.requestedBy.id, name: row.requestedBy.name },
    requestedAt: row.requestedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    waitingFor: row.state === 'waiting' ? (wait?.waitingFor ?? 'turn') : null,
    startsAt: row.state === 'waiting' ? (wait?.startsAt ?? null) : null,
    waitedSeconds: Math.max(0, Math.floor(waited / 1000)),
    fixClaimId: row.fixClaimId,
    lookBackId: row.lookBackId,
    note: row.note,
    counts: {
      findings: counts.findings,
      proven: counts.proven,
      stillPresent: counts.stillPresent,
      inconclusive: counts.inconclusive,
    },
  };
}

export function viewResult(row: RetestResult): Omit<RetestFinding, 'finding'> {
  return {
    outcome: row.outcome,
    reason: row.reason,
    wouldProve: [...row.wouldProve],
    scanId: row.scanId,
    importId: row.importId,
    certificateId: row.certificateId,
  };
}

export function viewRetestFinding(row: RetestFindingRow): RetestFinding {
  const { id, asset, transport, port, check, locus, title, severity, state } = row;
  const identifiers = asset.identifiers.map(({ kind, value }) => ({ kind, value }));
  return {
    finding: {
      id,
      asset: { id: asset.id, identifiers },
      transport,
      port,
      check,
      locus,
      title,
      severity,
      state,
    },
    ...viewResult(row),
  };
}

const instant = (time: Date | null): Instant | null => time?.toISOString() ?? null;

export function viewTask(row: RetestTaskRow): RetestTask {
  return {
    no: row.no,
    engine: row.engine,
    method: row.method,
    vantage: row.vantage,
    host: row.host,
    address: row.address,
    checks: checksOf(row),
    state: row.state,
    attempts: row.attempts,
    runner: row.runner,
    authorizationId: row.authorizationId,
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    reason: row.reason,
    detail: row.detail,
    importId: row.importId,
  };
}

const checksOf = ({ questions }: Pick<RetestTaskRow, 'questions'>): string[] => [
  ...new Set(questions.map(({ check }) => check)),
];

export function viewPlan({ tasks, unprovable }: RetestPlanned): RetestPlan {
  return {
    tasks: tasks.map(({ engine, method, vantage, host, questions, standing }) => ({
      engine,
      method,
      vantage,
      host,
      findingIds: [...new Set(questions.map(({ findingId }) => findingId))],
      checks: checksOf({ questions }),
      authorizationId: 'obstacle' in standing ? null : standing.authorizationId,
      startsAt: 'obstacle' in standing ? null : standing.startsAt,
    })),
    unprovable: unprovable.map(({ findingId, reason, wouldProve, install }) => ({
      findingId,
      reason,
      wouldProve: [...wouldProve],
      install,
    })),
  };
}

/** `open`: nothing has decided it. */
export function viewFixClaim(row: FixClaimRow, open: boolean): FixClaim {
  const { similar, signed } = row;
  return {
    id: row.id,
    organizationId: `${row.organizationId}`,
    findingIds: [...row.findingIds],
    cause: FIX_CAUSES.find((one) => one === row.cause) ?? 'other',
    measure: row.measure,
    similar: similar === null ? null : { found: similar.found, fixed: similar.fixed },
    fixedOn: row.fixedOn,
    fixedBy: row.fixedBy,
    answerable: row.answerable,
    residualRisk: row.residualRisk,
    claimedBy: { id: row.claimedBy.id, name: row.claimedBy.name },
    claimedAt: row.claimedAt,
    signed: signed === null ? null : { by: { id: signed.by.id, name: signed.by.name }, at: signed.at },
    open,
    evidence: row.evidence.map(({ no, fileName, sizeBytes, sha256, addedAt }) => ({
      no,
      fileName,
      sizeBytes,
      sha256,
      addedAt,
    })),
  };
}
