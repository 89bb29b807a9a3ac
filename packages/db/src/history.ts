import {
  type AssetClaims,
  answerOf,
  type Claim,
  type Decision,
  type Evidence,
  type FindingKey,
  type History,
  type Instant,
  type NoticeKind,
  needAtOf,
  needOf,
  type Reason,
  type ReplyKind,
  type ReplyState,
  registered,
  type StandIn,
  type Visit,
} from '@backcheck/core';
import {
  credentialCode,
  evidenceCode,
  methodCode,
  portsOfMultirange,
  reasonCode,
  transportCode,
} from './codes.ts';
import type { Db } from './pool.ts';
import { dhcpRangesOf } from './register-rows.ts';

export interface HistoryScan {
  readonly id: string;
  readonly sha256: string;
  readonly format: string;
  readonly tool: string;
  readonly toolVersion: string | null;
  readonly fileName: string;
  readonly importedAt: Instant;
  readonly timeSource: 'file' | 'declared' | 'none';
}

export interface HistoryEvent {
  readonly kind:
    | 'present'
    | 'absent'
    | 'not-covered'
    | 'assumed'
    | 'decision'
    | 'certificate'
    | 'superseded'
    | 'notice'
    | 'receipt'
    | 'notice-ended'
    | 'reply'
    | 'ruling'
    | 'review'
    | 'reply-ended'
    | 'claim-signed';
  readonly at: Instant;
  readonly scan: HistoryScan | null;
  readonly evidence?: Evidence;
  readonly reason?: Reason;
  readonly assumptions?: readonly string[];
  readonly certificateId?: string;
  /** What a person decided, and who; `replyId`: by deciding that reply. */
  readonly decision?: {
    readonly kind: Decision['kind'];
    readonly by: string;
    readonly replyId: string | null;
  };
  readonly notice?: { readonly id: string; readonly kind: NoticeKind; readonly number: string };
  /** As it stood after this. */
  readonly reply?: { readonly id: string; readonly kind: ReplyKind; readonly state: ReplyState };
  /** Of a notice, a reply or a signature: who did it. */
  readonly by?: string;
}

/**
 * Each visit of the tool of a check to the finding's asset, with what it claims of the finding's port. `check` is a
 * condition on check_definition `k`: the finding's own check, or one that stands in for it.
 */
const visits = (check: string, locus: string): string => `
select s.scan_id, encode(s.sha256, 'hex') as sha256, s.format, s.tool, s.tool_version, s.file_name, s.imported_at, s.time_source,
  s.feed_key, s.version_key, s.complete, s.truncated, s.vantage,
  s.submitted_by = 'organization' or coalesce(s.declared_by, '') = 'organization' as self_submitted,
  v.visit_no, v.reached, v.reason, v.started_at, v.finished_at, v.credential, v.strong, a.identity, f.organization_id,
  (select identity from asset n where n.organization_id = v.organization_id and n.asset_id = v.named_asset_id) as named_identity,
  k.name as check, f.transport, f.port, ${locus} as locus,
  (select jsonb_agg(jsonb_build_object('method', g.method, 'credential', g.credential)) from sighting g
    where g.organization_id = v.organization_id and g.scan_id = v.scan_id and g.visit_no = v.visit_no
      and f.finding_id = any (g.finding_ids)) as sightings,
  (select jsonb_agg(jsonb_build_object('method', c.method, 'credential', c.credential, 'evidence', c.evidence, 'reason', c.reason,
      'assumptions', c.assumptions, 'explicit', c.explicit, 'within', c.within, 'ports', c.ports::text,
      'named', case e.kind when 'ids' then k.check_id = any (e.members)
        when 'all' then k.prefix = e.tool or starts_with(k.prefix, e.tool || '-')
        else k.prefix = e.tool and k.number is not null and e.numbers @> k.number end) order by c.coverage_no)
    from coverage c join check_set e using (check_set_id)
    where c.organization_id = v.organization_id and c.scan_id = v.scan_id and c.visit_no = v.visit_no and c.asset_id = v.asset_id
      and c.transport = f.transport and c.ports @> f.port) as claims
from finding f
join check_definition k on ${check}
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join visit v on v.organization_id = f.organization_id and v.asset_id = f.asset_id
join scan s on s.organization_id = v.organization_id and s.scan_id = v.scan_id and s.quarantined_at is null
  and (k.prefix = s.tool or starts_with(k.prefix, s.tool || '-'))
where f.finding_id = $1
order by s.sha256, s.scan_id, v.visit_no`;

const OWN_VISITS = visits('k.check_id = f.check_id', 'f.locus');
const STAND_IN_VISITS = visits('k.name = $2', '$3::text');

interface ClaimRow {
  readonly method: number;
  readonly credential: number;
  readonly evidence: number;
  readonly reason: number | null;
  readonly assumptions: string[];
  readonly explicit: boolean;
  readonly within: string[] | null;
  readonly ports: string;
  readonly named: boolean;
}

interface VisitRow {
  readonly scan_id: string;
  readonly sha256: string;
  readonly format: string;
  readonly tool: string;
  readonly tool_version: string | null;
  readonly file_name: string;
  readonly imported_at: Date;
  readonly time_source: HistoryScan['timeSource'];
  readonly feed_key: string | null;
  readonly version_key: string | null;
  readonly complete: boolean;
  readonly truncated: boolean;
  readonly vantage: string;
  readonly self_submitted: boolean;
  readonly reached: boolean;
  readonly reason: number | null;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly credential: number;
  readonly strong: string[];
  readonly identity: string;
  readonly organization_id: number;
  readonly named_identity: string | null;
  readonly check: string;
  readonly transport: number;
  readonly port: number;
  readonly locus: string;
  readonly sightings: { readonly method: number; readonly credential: number }[] | null;
  readonly claims: ClaimRow[] | null;
}

type IsLeased = (identity: string) => boolean;

function visitOf(row: VisitRow, isLeased: IsLeased): Visit {
  return {
    asset: row.identity,
    identifiers: [],
    strong: row.strong,
    reached: row.reached,
    reason: row.reason === null ? null : reasonCode.decode(row.reason),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    credential: credentialCode.decode(row.credential),
    leased: isLeased(row.identity) || isLeased(row.named_identity ?? ''),
  };
}

function claimOf(claim: ClaimRow, visit: Visit, row: VisitRow): Claim {
  return {
    visit,
    transport: transportCode.decode(row.transport),
    ports: portsOfMultirange(claim.ports),
    checks: { kind: 'ids', ids: new Set(claim.named ? [row.check] : []) },
    within: claim.within,
    method: methodCode.decode(claim.method),
    credential: credentialCode.decode(claim.credential),
    evidence: evidenceCode.decode(claim.evidence),
    reason: claim.reason === null ? null : reasonCode.decode(claim.reason),
    assumptions: claim.assumptions,
    explicit: claim.explicit,
  };
}

function contextOf(row: VisitRow): AssetClaims['scan'] {
  return {
    sha256: row.sha256,
    tool: row.tool,
    feedKey: row.feed_key,
    versionKey: row.version_key,
    complete: row.complete,
    truncated: row.truncated,
    vantage: row.vantage,
    selfSubmitted: row.self_submitted,
  };
}

/**
 * All that is stored about one finding, as core folds it, with the rows beside it. Scans are told apart by their ids:
 * two runs can give the same bytes (docs/decisions/0006).
 */
export interface StoredHistory extends History {
  readonly sightings: readonly (History['sightings'][number] & { readonly scanId: string })[];
  readonly silent: readonly (History['silent'][number] & { readonly scanId: string })[];
  readonly scans: ReadonlyMap<string, HistoryScan>;
}

/**
 * Null when there is no such finding, or no scan of the tool. `elsewhere` is left out: it is the list's business. With a
 * stand-in, what the scans of its tool say about its check in the finding's place.
 */
export async function loadHistory(
  db: Db,
  findingId: string,
  standIn?: Pick<StandIn, 'check' | 'locus'>,
): Promise<StoredHistory | null> {
  const { rows } = await (standIn === undefined
    ? db.query<VisitRow>(OWN_VISITS, [findingId])
    : db.query<VisitRow>(STAND_IN_VISITS, [findingId, standIn.check, standIn.locus]));
  const first = rows[0];
  if (first === undefined) return null;
  const key: FindingKey = {
    asset: first.identity,
    transport: transportCode.decode(first.transport),
    port: first.port,
    check: first.check,
    locus: first.locus,
  };
  const { isLeased } = registered({ dhcpRanges: await dhcpRangesOf(db, first.organization_id) });
  const byScan = [...Map.groupBy(rows, (row) => row.scan_id).values()];
  return {
    key,
    sightings: byScan.flat().flatMap((row) => sightingsOf(row, isLeased)),
    silent: byScan
      .filter((visits) => visits.every((row) => row.sightings === null))
      .map((visits) => assetClaimsOf(visits, isLeased)),
    elsewhere: null,
    // The timeline tells what the tool's own scans say; what stood in for them stands in the certificate.
    crossTool: false,
    scans: new Map(rows.map((row) => [row.scan_id, scanOf(row)])),
  };
}

function sightingsOf(row: VisitRow, isLeased: IsLeased): StoredHistory['sightings'][number][] {
  const visit = visitOf(row, isLeased);
  return (row.sightings ?? []).map((one) => ({
    presence: {
      visit,
      method: methodCode.decode(one.method),
      credential: credentialCode.decode(one.credential),
    },
    scan: contextOf(row),
    scanId: row.scan_id,
    at: visit.finishedAt ?? row.imported_at.toISOString(),
  }));
}

function assetClaimsOf(rows: readonly VisitRow[], isLeased: IsLeased): StoredHistory['silent'][number] {
  const [row] = rows;
  if (row === undefined) throw new Error('a group without rows');
  const visits = rows.map((one) => ({ one, visit: visitOf(one, isLeased) }));
  return {
    scan: contextOf(row),
    scanId: row.scan_id,
    visits: visits.map(({ visit }) => visit),
    claims: visits.flatMap(({ one, visit }) => (one.claims ?? []).map((claim) => claimOf(claim, visit, one))),
    importedAt: row.imported_at.toISOString(),
    present: [],
  };
}

function scanOf(row: VisitRow): HistoryScan {
  return {
    id: row.scan_id,
    sha256: row.sha256,
    format: row.format,
    tool: row.tool,
    toolVersion: row.tool_version,
    fileName: row.file_name,
    importedAt: row.imported_at.toISOString(),
    timeSource: row.time_source,
  };
}

/** Asks core about every scan, so that the screen says what the rule says, scan by scan. */
function eventsOfScans(history: StoredHistory): HistoryEvent[] {
  const need = needOf(history.sightings);
  if (need === null) return [];
  const needAt = needAtOf(history.sightings, need);
  const scan = (scanId: string): HistoryScan | null => history.scans.get(scanId) ?? null;
  const present = history.sightings.map(
    ({ at, scanId }): HistoryEvent => ({ kind: 'present', at, scan: scan(scanId) }),
  );
  const silent = history.silent.flatMap((one): HistoryEvent[] => {
    const answer = answerOf(one, history.key, needAt);
    if (answer === null) return [];
    const common = { at: answer.at ?? one.importedAt, scan: scan(one.scanId) };
    if (answer.step === 'covers') {
      return [
        { kind: 'absent', ...common, evidence: answer.evidence, assumptions: answer.claim.assumptions },
      ];
    }
    const assumed = answer.step === 'stated' || answer.step === 'independent';
    return [{ kind: assumed ? 'assumed' : 'not-covered', ...common, reason: answer.reason }];
  });
  return [...present, ...silent];
}

/** Also those of findings that became this one when assets were merged. */
const PAPERS = `
with one as (select $1::bigint as finding_id union all select finding_id from absorbed_finding where into_finding_id = $1)
select 'certificate' as kind, (l.entry ->> 'at')::timestamptz as at, c.certificate_id, c.evidence, null as decision, null as by, null as reply_id from certificate c
  join ledger l using (organization_id, seq) where c.finding_id in (select finding_id from one)
union all
select 'superseded', x.recorded_at, c.certificate_id, c.evidence, null, null, null from supersession x join certificate c using (organization_id, certificate_id)
  where c.finding_id in (select finding_id from one)
union all
select 'decision', decided_at, null, null, kind, decided_by, reply_id::text from decision where finding_id = $1`;

interface PaperRow {
  readonly kind: 'certificate' | 'superseded' | 'decision';
  readonly at: Date;
  readonly certificate_id: string | null;
  readonly evidence: number | null;
  readonly decision: Decision['kind'] | null;
  readonly by: string | null;
  readonly reply_id: string | null;
}

/** What scans, certificates and decisions say of a finding, newest first. Null when there is no such finding. */
export async function findingHistory(db: Db, findingId: string): Promise<HistoryEvent[] | null> {
  const history = await loadHistory(db, findingId);
  if (history === null) return null;
  const { rows } = await db.query<PaperRow>(PAPERS, [findingId]);
  const papers = rows.map(
    (row): HistoryEvent => ({
      kind: row.kind,
      at: row.at.toISOString(),
      scan: null,
      ...(row.evidence === null ? {} : { evidence: evidenceCode.decode(row.evidence) }),
      ...(row.certificate_id === null ? {} : { certificateId: row.certificate_id }),
      ...(row.decision === null
        ? {}
        : { decision: { kind: row.decision, by: row.by ?? '', replyId: row.reply_id } }),
    }),
  );
  return [...eventsOfScans(history), ...papers].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
