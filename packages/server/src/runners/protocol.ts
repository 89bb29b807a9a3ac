import type { RunnerHello } from '@backcheck/contract';
import {
  type ClaimedTask,
  claimTasks,
  greetRunner,
  insertAuditEntry,
  inTransaction,
  type NewAuditEntry,
  noteRunnerSeen,
  type RunnerRow,
  renewLeases,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

/** What a runner may ask, whether it is in this process or behind the routes of protocol-routes.ts. */
export type ProtocolParts = Pick<Parts, 'widePool' | 'files' | 'clock'>;

/** Of a runner's own doing nobody was signed in; `address` is where it called from. */
export function runnerEntry(
  runner: RunnerRow,
  { at, address, ...what }: Pick<NewAuditEntry, 'action' | 'details'> & { at: Date; address: string | null },
): NewAuditEntry {
  return {
    ...what,
    organizationId: runner.organizationId,
    at: at.toISOString(),
    account: null,
    via: null,
    address,
    object: 'runner',
    objectId: String(runner.runnerId),
  };
}

/** @throws Problem RUNNER_KEY_CHANGED */
export async function greet(
  { widePool, clock }: ProtocolParts,
  runner: RunnerRow,
  { hello, address }: { readonly hello: RunnerHello; readonly address: string | null },
): Promise<void> {
  const now = clock();
  await inTransaction(widePool, async (tx) => {
    const greeted = await greetRunner(tx, runner.runnerId, { ...hello, now });
    if (greeted === 'other-key') throw new Problem('RUNNER_KEY_CHANGED');
    if (greeted === 'again') return;
    const details = { operation: 'first contact', version: hello.version, publicKey: hello.publicKey };
    await insertAuditEntry(tx, runnerEntry(runner, { at: now, address, action: 'update', details }));
  });
}

export async function take(
  { widePool, clock }: ProtocolParts,
  runner: RunnerRow,
  most: number,
): Promise<ClaimedTask[]> {
  const now = clock();
  await noteRunnerSeen(widePool, runner.runnerId, now);
  const engines = runner.tools.filter(({ version }) => version !== null).map(({ engine }) => engine);
  return claimTasks(widePool, { ...runner, engines }, { most, now });
}

/** Answers with those that are to be stopped. */
export async function beat(
  { widePool, clock }: ProtocolParts,
  { runnerId }: RunnerRow,
  leases: readonly string[],
): Promise<string[]> {
  const now = clock();
  await noteRunnerSeen(widePool, runnerId, now);
  const renewed = await renewLeases(widePool, { runnerId, leases, now });
  return leases.filter((lease) => !renewed.includes(lease));
}
