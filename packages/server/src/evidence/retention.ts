import { RETENTION_DEFAULTS, RETENTION_KINDS, type RetentionPreview } from '@backcheck/contract';
import {
  type Citation,
  citationsOf,
  type Db,
  deleteUntakenUploads,
  deleteUpload,
  insertAuditEntry,
  insertExpiredFile,
  inTransaction,
  queueWaitingScans,
  retentionRules,
  stalledUploads,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import {
  daysOfUpload,
  type RetentionDays,
  type Standing,
  standingOf,
  standingOfUncited,
} from './standing.ts';

type Needs = Pick<Parts, 'files' | 'evidence' | 'widePool' | 'clock' | 'log'>;

/** Files of one question to the database. */
const BATCH = 200;
/** Bytes that were put less than this ago are never removed: the record that cites them may not be committed yet. */
const GRACE = 3_600_000;
/** An upload that nobody went on with for so long is given up. */
const STALLED = 2 * 86_400_000;
const MOST_STALLED = 10_000;

/** The rules in force. */
export async function rulesInForce(db: Db): Promise<RetentionDays> {
  const set = await retentionRules(db);
  const known = set.filter(({ kind }) => kind in RETENTION_DEFAULTS);
  return { ...RETENTION_DEFAULTS, ...Object.fromEntries(known.map(({ kind, days }) => [kind, days])) };
}

interface StoredFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly citations: readonly Citation[];
  readonly standing: Standing;
}

/** Every file of the store with how it stands, a batch at a time. */
async function* standings(
  db: Db,
  files: Parts['files'],
  { rules, now }: { readonly rules: RetentionDays; readonly now: Date },
): AsyncGenerator<StoredFile, void> {
  for await (const names of batches(files.names())) {
    const cited = Map.groupBy(await citationsOf(db, names), ({ sha256 }) => sha256);
    for (const sha256 of names) {
      const citations = cited.get(sha256) ?? [];
      const found = citations.length > 0 ? null : await files.stat(sha256);
      if (citations.length === 0 && found === null) continue;
      const standing =
        found === null ? standingOf(citations, rules, now) : standingOfUncited(found.putAt, rules, now);
      const bytes = found?.bytes ?? Math.max(...citations.map(({ sizeBytes }) => sizeBytes));
      yield { sha256, bytes, citations, standing };
    }
  }
}

async function* batches(names: AsyncIterable<string>): AsyncGenerator<string[], void> {
  let batch: string[] = [];
  for await (const name of names) {
    batch.push(name);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const COLUMN = { over: 'goes', held: 'held', kept: 'kept' } as const;

/** What these rules would let go now. Nothing changes. */
export async function previewRetention(
  db: Db,
  files: Parts['files'],
  by: { readonly rules: RetentionDays; readonly now: Date },
): Promise<RetentionPreview> {
  const nothing = () => ({ files: 0, bytes: 0 });
  const items = RETENTION_KINDS.map((kind) => ({ kind, goes: nothing(), held: nothing(), kept: nothing() }));
  for await (const { standing, bytes } of standings(db, files, by)) {
    const column = items.find(({ kind }) => kind === standing.kind)?.[COLUMN[standing.is]];
    if (column === undefined) continue;
    column.files += 1;
    column.bytes += bytes;
  }
  return { items };
}

/** The queue's task `expire-files`: deletes what no rule keeps and nothing needs, and says so in the audit log. */
export async function expireFiles(parts: Needs): Promise<{ readonly expired: number }> {
  const { widePool, clock, evidence, files } = parts;
  const now = clock();
  const rules = await rulesInForce(widePool);
  await giveUpStalled(parts, new Date(now.getTime() - STALLED));
  const days = daysOfUpload(rules);
  if (days !== null) {
    const before = new Date(now.getTime() - days * 86_400_000).toISOString();
    await inTransaction(widePool, (tx) => deleteUntakenUploads(tx, before));
  }
  if (evidence.scanner !== null) await queueWaitingScans(widePool);
  let expired = 0;
  for await (const { sha256, standing } of standings(widePool, files, { rules, now }))
    if (standing.is === 'over' && (await expireOne(parts, sha256, { rules, now }))) expired += 1;
  return { expired };
}

/** Looked at again in the transaction that records it; the record is there when the bytes are gone, and only then. */
function expireOne(
  { widePool, files, log }: Needs,
  sha256: string,
  { rules, now }: { readonly rules: RetentionDays; readonly now: Date },
): Promise<boolean> {
  return inTransaction(widePool, async (tx) => {
    const citations = await citationsOf(tx, [sha256]);
    const found = await files.stat(sha256);
    if (found === null) return false;
    const standing =
      citations.length === 0 ? standingOfUncited(found.putAt, rules, now) : standingOf(citations, rules, now);
    const before = new Date(now.getTime() - GRACE);
    if (standing.is !== 'over' || found.putAt >= before) return false;
    const kinds = [...new Set(citations.map(({ kind }) => kind))].sort();
    const record = {
      sha256,
      sizeBytes: Math.max(0, ...citations.map(({ sizeBytes }) => sizeBytes)),
      kinds,
      rule: standing.kind,
      days: standing.days,
      expiredAt: now.toISOString(),
    };
    await insertExpiredFile(tx, record);
    await insertAuditEntry(tx, auditOf(record, citations));
    log.info(
      { sha256, kinds, rule: standing.kind, days: standing.days },
      'a file goes under a rule of retention',
    );
    if (!(await files.remove(sha256, before))) throw new StillNeeded();
    return true;
  }).catch((error) => {
    if (error instanceof StillNeeded) return false;
    throw error;
  });
}

/** Somebody sent the same bytes at this moment: what was recorded about their end is rolled back. */
class StillNeeded extends Error {}

function auditOf(
  { sha256, sizeBytes, kinds, rule, days, expiredAt }: Parameters<typeof insertExpiredFile>[1],
  citations: readonly Citation[],
): Parameters<typeof insertAuditEntry>[1] {
  const owners = new Set(citations.map(({ organizationId }) => organizationId));
  const [owner = null] = owners;
  return {
    organizationId: owners.size === 1 ? owner : null,
    at: expiredAt,
    account: null,
    via: 'job',
    address: null,
    action: 'update',
    object: 'settings',
    objectId: `files/${sha256}`,
    details: {
      operation: 'expire-files',
      outcome: 'deleted',
      rule,
      days,
      sizeBytes,
      citedBy: kinds.join(' '),
    },
  };
}

/** Its row and its parts; the parts of one without a row, too. */
async function giveUpStalled({ widePool, evidence }: Needs, before: Date): Promise<void> {
  const stalled = new Set(await evidence.uploads.stalled(before));
  for (const { uploadId, accountId } of await stalledUploads(widePool, before.toISOString(), MOST_STALLED)) {
    const isMoving = !stalled.has(uploadId) && (await evidence.uploads.received(uploadId)) !== null;
    if (!isMoving) await inTransaction(widePool, (tx) => deleteUpload(tx, uploadId, accountId));
  }
  for (const id of stalled) await evidence.uploads.remove(id);
}
