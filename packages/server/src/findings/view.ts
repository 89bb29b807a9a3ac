import type { Finding, FindingProblem, HistoryEvent, Sibling } from '@backcheck/contract';
import type { HistoryEvent as EventRow, FindingRow, SiblingRow } from '@backcheck/db';

export function viewFinding(row: FindingRow): Finding {
  const { organization, asset } = row;
  return {
    id: row.id,
    organization,
    asset: { id: asset.id, identifiers: asset.identifiers.map(({ kind, value }) => ({ kind, value })) },
    transport: row.transport,
    port: row.port,
    check: row.check,
    locus: row.locus,
    title: row.title,
    severity: row.severity,
    cve: [...row.cve],
    state: row.state,
    overlay: row.overlay,
    reason: row.reason,
    reasonScan: row.reasonScan,
    firstSeen: row.firstSeen,
    lastSeen: row.lastSeen,
    stateSince: row.stateSince,
    certificateId: row.certificateId,
    problem: viewCounts(row.problem),
    due: viewDue(row.due),
  };
}

function viewDue(due: FindingRow['due']): Finding['due'] {
  if (due === null) return null;
  const { dueAt: at, priority, paused, waived, turn } = due;
  return { at, priority, paused, waived, turn };
}

function viewCounts({ key, title, findings, open, tools }: FindingRow['problem']): FindingProblem {
  return { key, title: title === null ? null : { zh: title.zh, en: title.en }, findings, open, tools };
}

export function viewSibling({ id, check, locus, title, severity, state }: SiblingRow): Sibling {
  return { id, check, locus, title, severity, state };
}

export function viewEvent({
  kind,
  at,
  scan,
  evidence,
  reason,
  assumptions,
  certificateId,
  decision,
  notice,
  reply,
  by,
}: EventRow): HistoryEvent {
  return {
    kind,
    at,
    scan: scan === null ? null : viewScan(scan),
    ...(evidence === undefined ? {} : { evidence }),
    ...(reason === undefined ? {} : { reason }),
    ...(assumptions === undefined ? {} : { assumptions: [...assumptions] }),
    ...(certificateId === undefined ? {} : { certificateId }),
    ...(decision === undefined ? {} : { decision: { kind: decision.kind, by: decision.by } }),
    ...(notice === undefined ? {} : { notice }),
    ...(reply === undefined ? {} : { reply }),
    ...(by === undefined ? {} : { by }),
  };
}

function viewScan({
  id,
  sha256,
  format,
  tool,
  toolVersion,
  fileName,
  importedAt,
  timeSource,
}: NonNullable<EventRow['scan']>) {
  return { id, sha256, format, tool, toolVersion, fileName, importedAt, timeSource };
}
