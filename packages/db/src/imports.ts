import type { Instant, Party, ScanRecord } from '@backcheck/core';
import type { NamedOrganization } from './ownership-queue.ts';
import type { Db, Tx } from './pool.ts';

export type ImportState = 'queued' | 'reading' | 'ready' | 'importing' | 'done' | 'refused' | 'discarded';

/** Why an import was refused: a code of the contract, what fills its text, and where in the file. */
export interface StoredProblem {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly position?: string;
}

export interface ImportRow {
  readonly importId: string;
  readonly organizationId: number;
  readonly organization: NamedOrganization;
  readonly fileName: string;
  readonly sizeBytes: string;
  readonly sha256: string;
  readonly declaredAt: Date | null;
  readonly declaredBy: Party | null;
  readonly vantage: string;
  readonly submittedBy: Party;
  readonly scanProfileId: number | null;
  readonly confirmed: boolean;
  readonly state: ImportState;
  readonly bytesRead: string;
  readonly observations: string;
  readonly format: string | null;
  readonly tool: ScanRecord['tool'] | null;
  readonly scanStartedAt: Date | null;
  readonly timeSource: ScanRecord['timeSource'] | null;
  readonly scanId: string | null;
  readonly alreadyImported: boolean;
  readonly problem: StoredProblem | null;
  /** As `storeScan` returned it. */
  readonly sheet: unknown;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  /** SHA-256 of the request that carried the Idempotency-Key, in hex. */
  readonly requestSha256: string | null;
}

const IMPORT = `import_id as "importId", organization_id as "organizationId",
  (select jsonb_build_object('id', o.organization_id::text, 'name', o.name, 'nameZh', o.name_zh) from organization o
    where o.organization_id = import.organization_id) as organization, file_name as "fileName",
  size_bytes as "sizeBytes", encode(sha256, 'hex') as sha256, declared_at as "declaredAt",
  declared_by as "declaredBy", vantage, submitted_by as "submittedBy", scan_profile_id as "scanProfileId", confirmed, state,
  bytes_read as "bytesRead", observations, format, tool, scan_started_at as "scanStartedAt",
  time_source as "timeSource", scan_id as "scanId", already_imported as "alreadyImported", problem, sheet,
  created_at as "createdAt", finished_at as "finishedAt", encode(request_sha256, 'hex') as "requestSha256"`;

export interface NewImport {
  readonly organizationId: number;
  readonly createdBy: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly declaredAt: Instant | null;
  readonly declaredBy: Party | null;
  readonly vantage: string;
  readonly submittedBy: Party;
  readonly scanProfileId: number | null;
  readonly confirmed: boolean;
  readonly idempotencyKey: string | null;
  readonly requestSha256: string;
}

/**
 * Inserts the import and its job in the caller's transaction. Null when this account has already used the
 * Idempotency-Key; the row of the first request is then what `findImportByKey` finds.
 */
export async function insertImport(tx: Tx, row: NewImport): Promise<ImportRow | null> {
  const inserted = await tx.query<ImportRow>(
    `insert into import (organization_id, created_by, file_name, size_bytes, sha256, declared_at, declared_by,
       vantage, submitted_by, confirmed, idempotency_key, request_sha256, scan_profile_id)
     values ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, $8, $9, $10, $11, decode($12, 'hex'), $13)
     on conflict (created_by, idempotency_key) where idempotency_key is not null do nothing
     returning ${IMPORT}`,
    [
      row.organizationId,
      row.createdBy,
      row.fileName,
      row.sizeBytes,
      row.sha256,
      row.declaredAt,
      row.declaredBy,
      row.vantage,
      row.submittedBy,
      row.confirmed,
      row.idempotencyKey,
      row.requestSha256,
      row.scanProfileId,
    ],
  );
  const made = inserted.rows[0];
  if (made === undefined) return null;
  await queueImport(tx, made);
  return made;
}

async function queueImport(tx: Tx, row: ImportRow): Promise<void> {
  await tx.query('select queue_import($1, $2)', [row.organizationId, row.importId]);
}

export async function findImport(db: Db, importId: string): Promise<ImportRow | null> {
  const found = await db.query<ImportRow>(`select ${IMPORT} from import where import_id = $1`, [importId]);
  return found.rows[0] ?? null;
}

export async function findImportByKey(db: Db, createdBy: number, key: string): Promise<ImportRow | null> {
  const found = await db.query<ImportRow>(
    `select ${IMPORT} from import where created_by = $1 and idempotency_key = $2`,
    [createdBy, key],
  );
  return found.rows[0] ?? null;
}

export interface ImportsPage {
  readonly organizationId: number | null;
  /** Only imports with a smaller id. */
  readonly before: string | null;
  readonly limit: number;
}

/** Newest first. */
export async function listImports(db: Db, page: ImportsPage): Promise<ImportRow[]> {
  const conditions = [
    ...(page.organizationId === null ? [] : ['organization_id = $2']),
    ...(page.before === null ? [] : [`import_id < ${page.organizationId === null ? '$2' : '$3'}`]),
  ];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const values = [page.limit, page.organizationId, page.before].filter((value) => value !== null);
  const found = await db.query<ImportRow>(
    `select ${IMPORT} from import ${where} order by import_id desc limit $1`,
    values,
  );
  return found.rows;
}

/** Confirms a previewed import and queues its job again. Null when it is not waiting for that. */
export async function confirmImport(tx: Tx, importId: string): Promise<ImportRow | null> {
  const updated = await tx.query<ImportRow>(
    `update import set confirmed = true, state = 'importing', bytes_read = 0, observations = 0
      where import_id = $1 and state = 'ready' returning ${IMPORT}`,
    [importId],
  );
  const row = updated.rows[0];
  if (row === undefined) return null;
  await queueImport(tx, row);
  return row;
}

/** Null when it is not waiting for that. */
export async function discardImport(db: Db, importId: string): Promise<ImportRow | null> {
  const updated = await db.query<ImportRow>(
    `update import set state = 'discarded', finished_at = now()
      where import_id = $1 and state = 'ready' returning ${IMPORT}`,
    [importId],
  );
  return updated.rows[0] ?? null;
}

/** The states in which a job may still change an import. */
const UNDER_WAY = `state in ('queued', 'reading', 'importing')`;

/** Takes an import up, from the start of its file. Null when nothing is left to do for it. */
export async function startImport(db: Db, importId: string): Promise<ImportRow | null> {
  const updated = await db.query<ImportRow>(
    `update import set state = case when confirmed then 'importing' else 'reading' end,
            bytes_read = 0, observations = 0
      where import_id = $1 and ${UNDER_WAY} returning ${IMPORT}`,
    [importId],
  );
  return updated.rows[0] ?? null;
}

export async function noteProgress(
  db: Db,
  importId: string,
  progress: { readonly bytesRead: number; readonly observations: number },
): Promise<void> {
  await db.query(
    `update import set bytes_read = $2, observations = $3 where import_id = $1 and ${UNDER_WAY}`,
    [importId, progress.bytesRead, progress.observations],
  );
}

/** What is known of an import once its file was read. */
export interface ReadImport {
  readonly scan: ScanRecord;
  /** Null when the file had been imported before. */
  readonly sheet: unknown;
  readonly observations: number;
}

const READ = `format = $2, tool = $3, scan_started_at = $4, time_source = $5, sheet = $6, observations = $7,
  bytes_read = size_bytes`;

const readValues = (importId: string, { scan, sheet, observations }: ReadImport) => [
  importId,
  scan.format,
  JSON.stringify(scan.tool),
  scan.startedAt,
  scan.timeSource,
  sheet === null ? null : JSON.stringify(sheet),
  observations,
];

/** Keeps the sheet of a preview whose transaction was rolled back. */
export async function finishPreview(db: Db, importId: string, read: ReadImport): Promise<void> {
  await db.query(
    `update import set state = 'ready', ${READ} where import_id = $1 and state = 'reading'`,
    readValues(importId, read),
  );
}

/** In the transaction that stored the scan, so that neither stands without the other. */
export async function finishImport(
  db: Db,
  importId: string,
  read: ReadImport & { readonly scanId: string; readonly alreadyImported: boolean },
): Promise<void> {
  await db.query(
    `update import set state = 'done', scan_id = $8, already_imported = $9, finished_at = now(), ${READ}
      where import_id = $1 and ${UNDER_WAY}`,
    [...readValues(importId, read), read.scanId, read.alreadyImported],
  );
}

export async function refuseImport(db: Db, importId: string, problem: StoredProblem): Promise<void> {
  await db.query(
    `update import set state = 'refused', problem = $2, finished_at = now() where import_id = $1 and ${UNDER_WAY}`,
    [importId, JSON.stringify(problem)],
  );
}

/**
 * Imports that no job will take up any more: each attempt took the process down with it. `owner` is a
 * connection of the role that owns the queue.
 */
export async function findAbandonedImports(owner: Db): Promise<string[]> {
  const found = await owner.query<{ importId: string }>(
    `select import_id as "importId" from import
      where ${UNDER_WAY}
        and not exists (
          select from graphile_worker.jobs j
           where j.key = 'import:' || import_id and (j.attempts < j.max_attempts or j.locked_by is not null)
        )`,
  );
  return found.rows.map((row) => row.importId);
}
