import { type RetestReason, RunStatement } from '@backcheck/contract';
import { fingerprintOf, openEnvelope, RUN_PAYLOAD_TYPE, signedBy } from '@backcheck/core';
import {
  cutOffTask,
  endWithFile,
  endWithout,
  holdLease,
  insertAuditEntry,
  insertImport,
  inTransaction,
  type LeasedTask,
  type RunnerRow,
  type Tx,
} from '@backcheck/db';
import type { PendingFile } from '../platform/files/file-store.ts';
import { Problem } from '../platform/problem.ts';
import { type ProtocolParts, runnerEntry } from './protocol.ts';

/** A result as it came: whose it is, and whether it holds together, is what `takeResult` finds out. */
export interface SentResult {
  /** The envelope as JSON text. */
  readonly envelope: string;
  readonly file: PendingFile | null;
  /** Of a remote runner. */
  readonly address: string | null;
}

/** A runner ends these runs before their time; what becomes of the task is the server's to say. */
const CUTS: readonly RetestReason[] = ['STOPPED', 'WINDOW_CLOSED', 'RUNNER_LOST'];
/** As far may a runner's clock be off (contract's RunnerWelcome). */
const CLOCK_TOLERANCE = 60_000;

/**
 * Takes in what a runner found: the file as an import of the runner's, or why there is none. False when the lease is
 * lost: then another runner has the task, and nothing is kept. @throws Problem RUN_NOT_SIGNED
 */
export async function takeResult(
  parts: ProtocolParts,
  runner: RunnerRow,
  sent: SentResult,
): Promise<boolean> {
  try {
    const statement = openStatement(sent, runner);
    const accepted = await inTransaction(parts.widePool, async (tx) => {
      const task = await holdLease(tx, statement.lease, runner.runnerId);
      if (task === null) return false;
      await end(tx, parts, { runner, task, statement, sent });
      return true;
    });
    if (!accepted) await sent.file?.drop();
    return accepted;
  } catch (error) {
    await sent.file?.drop();
    throw error;
  }
}

/** Signed by the key of the first contact, and about exactly the file that came with it. */
function openStatement({ envelope, file }: SentResult, { publicKey }: RunnerRow): RunStatement {
  const opened = openEnvelope(parsed(envelope), RUN_PAYLOAD_TYPE);
  if (!opened.ok || publicKey === null || !signedBy(opened.value, publicKey)) throw notSigned();
  if (opened.value.keyid !== fingerprintOf(publicKey)) throw notSigned();
  const read = RunStatement.safeParse(parsed(new TextDecoder().decode(opened.value.payload)));
  if (!read.success || read.data.file?.sha256 !== file?.sha256) throw notSigned();
  const { file: named, detail, ...stated } = read.data;
  return {
    ...stated,
    file: named && { ...named, name: printed(named.name) },
    detail: detail && printed(detail),
  };
}

/** A target may answer with what no table takes and no person reads; tools repeat it. */
const printed = (text: string): string => text.replaceAll(/\p{Cc}/gu, ' ');

const notSigned = (): Problem => new Problem('RUN_NOT_SIGNED');

/** Undefined, which is no envelope, where the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Ending {
  readonly runner: RunnerRow;
  readonly task: LeasedTask;
  readonly statement: RunStatement;
  readonly sent: SentResult;
}

async function end(
  tx: Tx,
  { clock }: ProtocolParts,
  { runner, task, statement, sent }: Ending,
): Promise<void> {
  const now = clock();
  refuseForeign(task, statement, now);
  const { why, detail, startedAt, file: named } = statement;
  const run = { result: JSON.parse(sent.envelope), now };
  if (sent.file !== null) {
    if (named === null || startedAt === null || why !== null) throw notSigned();
    await sent.file.keep();
    const file = { name: named.name, declaredAt: startedAt, ...sent.file };
    await endWithFile(tx, task, { ...run, importId: await importOf(tx, task, file) });
  } else if (why === null) throw notSigned();
  else if (CUTS.includes(why)) await cutOffTask(tx, task, { ...run, counts: why !== 'RUNNER_LOST' });
  else await endWithout(tx, task, { ...run, why, detail });
  const details = {
    operation: 'result',
    retest: task.retestId,
    task: task.taskNo,
    engine: task.engine,
    host: task.host,
    outcome: why ?? 'file',
    ...(statement.refused.length === 0 ? {} : { refusedTargets: statement.refused.join(', ') }),
  };
  const entry = runnerEntry(runner, { at: now, address: sent.address, action: 'update', details });
  await insertAuditEntry(tx, { ...entry, organizationId: task.organizationId });
}

/** An old clean file, sent as what this run found, would close what is open. */
function refuseForeign(task: LeasedTask, { engine, host, startedAt }: RunStatement, now: Date): void {
  const begun = startedAt === null ? null : Date.parse(startedAt);
  const early = begun !== null && begun < Date.parse(task.startedAt) - CLOCK_TOLERANCE;
  const late = begun !== null && begun > now.getTime() + CLOCK_TOLERANCE;
  if (engine !== task.engine || host !== task.host || early || late) throw notSigned();
}

interface RunFile extends Pick<PendingFile, 'sha256' | 'sizeBytes'> {
  readonly name: string;
  readonly declaredAt: string;
}

/** The file goes the way of every file; the time of its run is declared by the runner, which is the coordinator's. */
async function importOf(tx: Tx, task: LeasedTask, { name, declaredAt, sha256, sizeBytes }: RunFile) {
  const { organizationId, retestId, taskNo, attempt, requestedBy, vantage } = task;
  const row = await insertImport(tx, {
    organizationId,
    createdBy: requestedBy,
    fileName: name,
    sizeBytes,
    sha256,
    declaredAt,
    declaredBy: 'runner',
    vantage,
    submittedBy: 'runner',
    scanProfileId: null,
    confirmed: true,
    idempotencyKey: `retest:${organizationId}/${retestId}/${taskNo}/${attempt}`,
    requestSha256: sha256,
  });
  if (row === null) throw new Error(`the run ${retestId}/${taskNo}/${attempt} was imported before`);
  return row.importId;
}
