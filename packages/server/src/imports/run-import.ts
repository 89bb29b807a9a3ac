import { readTarget, type ScanRecord } from '@backcheck/core';
import {
  findScanProfile,
  finishImport,
  finishPreview,
  type ImportRow,
  inTransaction,
  refuseImport,
  runOfImport,
  type StoredProblem,
  type StoreOutcome,
  startImport,
  storeScan,
  type Tx,
} from '@backcheck/db';
import {
  ForeignRun,
  FutureScan,
  type RunBounds,
  readScan,
  refuseForeignRun,
  refuseFuture,
  UnreadableScan,
} from '@backcheck/scans';
import type { Parts } from '../platform/parts.ts';
import { followProgress, type Progress } from './progress.ts';

type Needs = Pick<Parts, 'widePool' | 'files' | 'clock' | 'log'>;

export interface Attempt {
  readonly importId: string;
  /** Fires when the server stops: the import rolls back and runs again at the next start. */
  readonly signal: AbortSignal;
  /** No further attempt will follow. */
  readonly last: boolean;
}

/**
 * The job of an import: a preview whose transaction is rolled back, or, once confirmed, the import itself.
 * May run again at any time after a kill: nothing is kept but by the commit that also ends the import.
 */
export async function runImport(needs: Needs, attempt: Attempt): Promise<void> {
  const { importId } = attempt;
  const row = await startImport(needs.widePool, importId);
  if (row === null) return;
  const progress = followProgress(needs.widePool, importId);
  try {
    const store = (tx: Tx) => storeFile(needs, tx, { row, progress, signal: attempt.signal });
    await (row.confirmed ? keep(needs, row, { store, progress }) : preview(needs, row, { store, progress }));
  } catch (error) {
    await progress.stop();
    const refusal = refusalOf(error) ?? lastFault(needs, attempt, error);
    if (refusal === null) throw error;
    await refuseImport(needs.widePool, importId, refusal);
  }
}

interface Steps {
  readonly store: (tx: Tx) => Promise<StoreOutcome>;
  readonly progress: Progress;
}

async function keep({ widePool }: Needs, row: ImportRow, { store, progress }: Steps): Promise<void> {
  await inTransaction(widePool, async (tx) => {
    const outcome = await store(tx);
    await progress.stop();
    await finish(tx, row, outcome);
  });
}

async function finish(tx: Tx, row: ImportRow, outcome: StoreOutcome): Promise<void> {
  const alreadyImported = outcome.kind === 'already-imported';
  await finishImport(tx, row.importId, { ...readOf(outcome), scanId: outcome.scanId, alreadyImported });
}

/** Thrown to leave the transaction of a preview without a commit. */
class Previewed extends Error {
  readonly outcome: StoreOutcome;
  constructor(outcome: StoreOutcome) {
    super('previewed');
    this.outcome = outcome;
  }
}

async function preview({ widePool }: Needs, row: ImportRow, { store, progress }: Steps): Promise<void> {
  const outcome = await inTransaction<StoreOutcome>(widePool, async (tx) => {
    throw new Previewed(await store(tx));
  }).catch((error: unknown) => {
    if (error instanceof Previewed) return error.outcome;
    throw error;
  });
  await progress.stop();
  if (outcome.kind === 'already-imported') await inTransaction(widePool, (tx) => finish(tx, row, outcome));
  else await finishPreview(widePool, row.importId, readOf(outcome));
}

function readOf(outcome: StoreOutcome): { scan: ScanRecord; sheet: unknown; observations: number } {
  if (outcome.kind === 'already-imported') return { scan: outcome.scan, sheet: null, observations: 0 };
  const { present, absent, error } = outcome.sheet.observations;
  return { scan: outcome.scan, sheet: outcome.sheet, observations: present + absent + error };
}

interface FileToStore {
  readonly row: ImportRow;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function storeFile({ files, clock }: Needs, tx: Tx, { row, progress, signal }: FileToStore) {
  const importedAt = clock().toISOString();
  const { organizationId, vantage, submittedBy, declaredBy, fileName, scanProfileId: id } = row;
  const profile = id === null ? null : await findScanProfile(tx, { id, organizationId });
  const meta = { organizationId, importedAt, vantage, submittedBy, declaredBy, fileName, profile };
  const declaredAt = row.declaredAt?.toISOString();
  const run = await boundsOf(tx, row);
  const file = files.read(row.sha256);
  try {
    const facts = readScan(progress.count(file, signal), declaredAt === undefined ? {} : { declaredAt });
    const ofRun = run === null ? facts : refuseForeignRun(facts, run);
    return await storeScan(tx, meta, refuseFuture(ofRun, importedAt), progress.observed);
  } finally {
    // Whoever failed has left the file where it was.
    await file.return();
  }
}

/** As far may a runner's clock be off (contract's RunnerWelcome). */
const CLOCK_TOLERANCE = 60_000;

/** A runner's file speaks of its run alone, whatever the runner says; null for what somebody sent. */
async function boundsOf(tx: Tx, { organizationId, importId }: ImportRow): Promise<RunBounds | null> {
  const run = await runOfImport(tx, organizationId, importId);
  if (run === null) return null;
  const { engine, host, address, takenAt } = run;
  const targets = [host.toLowerCase(), ...(address === null || isAddress(host) ? [] : [address])];
  return { tool: engine, targets, notBefore: new Date(takenAt.getTime() - CLOCK_TOLERANCE).toISOString() };
}

const isAddress = (host: string): boolean => readTarget(host).kind === 'address';

const SCAN_PROBLEMS = {
  UNKNOWN_FORMAT: 'SCAN_UNKNOWN_FORMAT',
  DAMAGED: 'SCAN_DAMAGED',
  EMPTY: 'SCAN_EMPTY',
  ENCODING: 'SCAN_ENCODING',
  TOO_LARGE: 'SCAN_TOO_LARGE',
  SEVERAL_FILES: 'SCAN_SEVERAL_FILES',
} as const satisfies Record<UnreadableScan['code'], string>;

/** Null: not the file's fault. */
function refusalOf(error: unknown): StoredProblem | null {
  if (error instanceof UnreadableScan) {
    const position = error.line === undefined ? {} : { position: `line ${error.line}` };
    return { code: SCAN_PROBLEMS[error.code], facts: { message: error.message }, ...position };
  }
  if (error instanceof ForeignRun) return { code: 'SCAN_NOT_OF_RUN', facts: { message: error.message } };
  return error instanceof FutureScan ? { code: 'SCAN_FROM_FUTURE', facts: { at: error.at } } : null;
}

function lastFault(
  { log }: Needs,
  { importId, last, signal }: Attempt,
  error: unknown,
): StoredProblem | null {
  if (!last || signal.aborted) return null;
  log.error({ err: error, importId }, 'import given up');
  return { code: 'IMPORT_FAILED', facts: { importId } };
}
