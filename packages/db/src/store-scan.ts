import {
  type Fact,
  feedKey,
  type Instant,
  OBSTACLE_MESSAGE,
  type Party,
  profileObstacle,
  type Reason,
  type RegisteredProfile,
  type ScanRecord,
} from '@backcheck/core';
import { reasonCode } from './codes.ts';
import { dropHandedOver, touchFindingsOf } from './hand-over-scans.ts';
import { keepIdentifiers } from './identifiers.ts';
import type { Tx } from './pool.ts';
import { raiseRefusedVisits, raiseSharedIdentifiers } from './raise-identity-tasks.ts';
import { refoldTouched } from './refold.ts';
import { collectTouched, type Resolved, resolveStaged } from './resolve.ts';
import { settle } from './settle.ts';
import { Staging } from './staging.ts';
import { refreshStatistics } from './statistics.ts';

/** What the file of a scan cannot say. */
export interface ScanMeta {
  readonly organizationId: number;
  readonly importedAt: Instant;
  readonly vantage: string;
  readonly submittedBy: Party;
  readonly declaredBy: Party | null;
  readonly fileName: string;
  /** The scan profile that was named for it, as it is registered under `id`. */
  readonly profile?: (RegisteredProfile & { readonly id: number }) | null;
}

/** "What this file can prove": the counts shown before an import is confirmed and kept after it. */
export interface Sheet {
  readonly assets: { readonly total: number; readonly reached: number };
  /** Coverage records: how many claims the file makes. */
  readonly coverage: number;
  readonly observations: { readonly present: number; readonly absent: number; readonly error: number };
  readonly findings: {
    readonly new: number;
    readonly seenAgain: number;
    readonly closes: number;
    readonly regresses: number;
    readonly likelyFixed: number;
    readonly notClosed: readonly { readonly reason: Reason; readonly count: number }[];
  };
  /** The first hundred. `line` is null where the reader knows none. */
  readonly warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly line: number | null;
  }[];
  readonly warningsTotal: number;
}

export type StoreOutcome =
  | { readonly kind: 'stored'; readonly scanId: string; readonly scan: ScanRecord; readonly sheet: Sheet }
  | { readonly kind: 'already-imported'; readonly scanId: string; readonly scan: ScanRecord };

type Facts = AsyncGenerator<readonly Fact[], ScanRecord>;

async function stageAll(
  facts: Facts,
  staging: Staging,
  onProgress: (observations: number) => void,
): Promise<ScanRecord> {
  for (;;) {
    const next = await facts.next();
    if (next.done) return next.value;
    await staging.add(next.value);
    const { present, absent, error } = staging.counts;
    onProgress(present + absent + error);
  }
}

/** The same bytes of the same time are the same scan (docs/decisions/0006). Not imported yet is what a hand-over brought of it. */
async function findScan(tx: Tx, organizationId: number, scan: ScanRecord): Promise<string | null> {
  const { rows } = await tx.query<{ scan_id: string }>(
    `select scan_id from scan
     where not handed_over and organization_id = $1 and sha256 = decode($2, 'hex') and started_at is not distinct from $3::timestamptz`,
    [organizationId, scan.sha256, scan.startedAt],
  );
  return rows[0]?.scan_id ?? null;
}

const INSERT_SCAN = `
insert into scan (organization_id, sha256, file_name, format, tool, tool_version, feed, version_key, feed_key, started_at, finished_at,
  time_source, declared_by, submitted_by, vantage, complete, truncated, assets, assets_reached, imported_at, scan_profile_id)
values ($1, decode($2, 'hex'), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict (organization_id, sha256, started_at) do update set handed_over = false, file_name = excluded.file_name,
  declared_by = excluded.declared_by, submitted_by = excluded.submitted_by, vantage = excluded.vantage, assets = excluded.assets,
  assets_reached = excluded.assets_reached, imported_at = excluded.imported_at, quarantined_at = null, scan_profile_id = excluded.scan_profile_id
returning scan_id`;

async function insertScan(tx: Tx, meta: ScanMeta, scan: ScanRecord, staging: Staging): Promise<string> {
  const { name, version, feed } = scan.tool;
  const { rows } = await tx.query<{ scan_id: string }>(INSERT_SCAN, [
    meta.organizationId,
    scan.sha256,
    meta.fileName,
    scan.format,
    name,
    version,
    feed,
    version === null ? null : feedKey(version),
    feed === null ? null : feedKey(feed),
    scan.startedAt,
    scan.finishedAt,
    scan.timeSource,
    scan.timeSource === 'declared' ? meta.declaredBy : null,
    meta.submittedBy,
    meta.vantage,
    scan.complete,
    scan.truncated === true,
    await staging.distinctAssets(),
    staging.counts.reached,
    meta.importedAt,
    meta.profile?.id ?? null,
  ]);
  const scanId = rows[0]?.scan_id;
  if (scanId === undefined) throw new Error('insert into scan returned nothing');
  return scanId;
}

/**
 * One import of an organization at a time: the ledger's numbers and the findings' states depend on what is
 * there. Returns the organization's name.
 */
export async function lockOrganization(tx: Tx, organizationId: number): Promise<string> {
  const { rows } = await tx.query<{ name: string }>(
    'select name from organization where organization_id = $1 for no key update',
    [organizationId],
  );
  const name = rows[0]?.name;
  if (name === undefined) throw new Error(`no organization ${organizationId}`);
  return name;
}

const CHANGES = `
select count(*) filter (where d.state = 'verified-fixed' and f.state <> 'verified-fixed') as closes,
  count(*) filter (where d.state = 'regressed' and f.state <> 'regressed') as regresses,
  count(*) filter (where d.state = 'fixed-unverified' and f.state <> 'fixed-unverified') as likely
from folded d join finding f on f.organization_id = $1 and f.finding_id = d.finding_id`;

const NOT_CLOSED = `
select reason, count(*) as count from folded where reason_scan_id = $1 and state <> 'verified-fixed' and reason is not null
group by reason order by count(*) desc, reason`;

/** Reads the outcome out of `folded` while the findings still have their old states. */
async function sheetOf(
  tx: Tx,
  key: { organizationId: number; scanId: string },
  { created, seenAgain }: Resolved,
  staging: Staging,
): Promise<Sheet> {
  const { counts } = staging;
  const changes = (await tx.query<Record<string, string>>(CHANGES, [key.organizationId])).rows[0] ?? {};
  const notClosed = (await tx.query<{ reason: number; count: string }>(NOT_CLOSED, [key.scanId])).rows;
  return {
    assets: { total: counts.assets, reached: counts.reached },
    coverage: counts.coverage,
    observations: { present: counts.present, absent: counts.absent, error: counts.error },
    findings: {
      new: created,
      seenAgain,
      closes: Number(changes.closes),
      regresses: Number(changes.regresses),
      likelyFixed: Number(changes.likely),
      notClosed: notClosed.map((row) => ({
        reason: reasonCode.decode(row.reason),
        count: Number(row.count),
      })),
    },
    warnings: counts.warnings.map(({ code, message, line }) => ({ code, message, line: line ?? null })),
    warningsTotal: counts.warningsTotal,
  };
}

/**
 * Takes one scan in: facts to rows, rows to states, states to the ledger. Everything happens in the caller's
 * transaction: rolled back it is a preview, committed an import. The same file twice changes nothing (I2).
 * Errors of the reader (`UnreadableScan`) pass through; the caller rolls back.
 */
export async function storeScan(
  tx: Tx,
  meta: ScanMeta,
  facts: Facts,
  onProgress: (observations: number) => void = () => undefined,
): Promise<StoreOutcome> {
  await tx.query(`set local work_mem = '256MB'; set local default_statistics_target = 20`);
  const staging = await Staging.open(tx, meta.profile);
  const scan = await stageAll(facts, staging, onProgress);
  await staging.close();
  const obstacle = meta.profile ? profileObstacle(meta.profile, scan) : null;
  if (obstacle !== null) {
    await staging.withoutProfile({ record: 'warning', code: obstacle, message: OBSTACLE_MESSAGE[obstacle] });
  }
  const name = await lockOrganization(tx, meta.organizationId);
  const before = await findScan(tx, meta.organizationId, scan);
  if (before !== null) return { kind: 'already-imported', scanId: before, scan };
  const used = obstacle === null ? meta : { ...meta, profile: null };
  const scanId = await insertScan(tx, used, scan, staging);
  const key = {
    organizationId: meta.organizationId,
    scanId,
    tool: scan.tool.name,
    importedAt: meta.importedAt,
  };
  const handedOver = await dropHandedOver(tx, key);
  const resolved = await resolveStaged(tx, key);
  await refreshStatistics(tx);
  await collectTouched(tx, key);
  await touchFindingsOf(tx, meta.organizationId, handedOver);
  await refoldTouched(tx, meta.organizationId);
  await keepIdentifiers(tx, key);
  await raiseSharedIdentifiers(tx, meta.organizationId, meta.importedAt);
  await raiseRefusedVisits(tx, meta.organizationId, meta.importedAt);
  const sheet = await sheetOf(tx, key, resolved, staging);
  await settle(
    tx,
    { organizationId: meta.organizationId, kind: 'import', at: meta.importedAt, scan: scan.sha256 },
    name,
  );
  return { kind: 'stored', scanId, scan, sheet };
}
