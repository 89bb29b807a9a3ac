import type { Instant } from '@backcheck/core';
import type { Db, Tx } from './pool.ts';

/** One row of `upload`. */
export interface UploadRow {
  readonly uploadId: string;
  readonly accountId: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly createdAt: Instant;
  readonly state: 'receiving' | 'unscanned' | 'ready' | 'infected';
  /** Hex; null until it is whole. */
  readonly sha256: string | null;
  readonly finishedAt: Instant | null;
  readonly verdict: string | null;
}

interface UploadColumns extends Omit<UploadRow, 'sizeBytes' | 'createdAt' | 'finishedAt'> {
  readonly sizeBytes: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

const COLUMNS = `upload_id as "uploadId", account_id as "accountId", file_name as "fileName", size_bytes as "sizeBytes",
  created_at as "createdAt", state, encode(sha256, 'hex') as sha256, finished_at as "finishedAt", verdict`;

const rowOf = (row: UploadColumns): UploadRow => ({
  ...row,
  sizeBytes: Number(row.sizeBytes),
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});

export interface NewUpload {
  readonly accountId: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly createdAt: Instant;
}

/** Null when the account has `most` uploads already that nothing has taken. Two at once do not both take the last place. */
export async function insertUpload(tx: Tx, upload: NewUpload, most: number): Promise<string | null> {
  const { accountId, fileName, sizeBytes, createdAt } = upload;
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('uploads:' || $1, 0))`, [accountId]);
  const { rows } = await tx.query<{ id: string }>(
    `insert into upload (account_id, file_name, size_bytes, created_at) select $1, $2, $3, $4
     where (select count(*) from upload where account_id = $1 and attached_at is null and state <> 'infected') < $5
     returning upload_id as id`,
    [accountId, fileName, sizeBytes, createdAt, most],
  );
  return rows[0]?.id ?? null;
}

/** Of this account only. */
export async function findUpload(db: Db, uploadId: string, accountId: number): Promise<UploadRow | null> {
  const { rows } = await db.query<UploadColumns>(
    `select ${COLUMNS} from upload where upload_id = $1 and account_id = $2`,
    [uploadId, accountId],
  );
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** Whoever's it is: for jobs. */
export async function uploadOfJob(db: Db, uploadId: string): Promise<UploadRow | null> {
  const { rows } = await db.query<UploadColumns>(`select ${COLUMNS} from upload where upload_id = $1`, [
    uploadId,
  ]);
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** Says whether it was there and taken by nothing. */
export async function deleteUpload(tx: Tx, uploadId: string, accountId: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    'delete from upload where upload_id = $1 and account_id = $2 and attached_at is null',
    [uploadId, accountId],
  );
  return rowCount === 1;
}

export interface FinishedUpload {
  readonly uploadId: string;
  /** Hex. */
  readonly sha256: string;
  readonly finishedAt: Instant;
  /** Whether a virus scanner is to look at it first: its job is queued with this. */
  readonly scan: boolean;
}

/** Nothing happens to one that was finished before. */
export async function finishUpload(
  tx: Tx,
  { uploadId, sha256, finishedAt, scan }: FinishedUpload,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update upload set state = $2, sha256 = decode($3, 'hex'), finished_at = $4
     where upload_id = $1 and state = 'receiving'`,
    [uploadId, scan ? 'unscanned' : 'ready', sha256, finishedAt],
  );
  if (scan && rowCount === 1) await tx.query('select queue_scan($1)', [uploadId]);
}

/** What the scanner said; null as state: nothing yet, and why. */
export async function noteVerdict(
  db: Db,
  uploadId: string,
  { state, verdict, at }: { state: 'ready' | 'infected' | null; verdict: string | null; at: Instant },
): Promise<void> {
  await db.query(
    `update upload set state = coalesce($2, state), verdict = $3, scanned_at = case when $2 is null then scanned_at else $4::timestamptz end
     where upload_id = $1 and state = 'unscanned'`,
    [uploadId, state, verdict, at],
  );
}

/** False when it expired in this moment. Waits for the job that lets uploads go, which waits for this. */
export async function attachUpload(tx: Tx, uploadId: string, at: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update upload set attached_at = coalesce(attached_at, $2) where upload_id = $1',
    [uploadId, at],
  );
  return rowCount === 1;
}

/** Uploads that stopped half way before this moment. */
export async function stalledUploads(db: Db, before: Instant, most: number): Promise<UploadRow[]> {
  const { rows } = await db.query<UploadColumns>(
    `select ${COLUMNS} from upload where state = 'receiving' and created_at < $1 order by created_at limit $2`,
    [before, most],
  );
  return rows.map(rowOf);
}
