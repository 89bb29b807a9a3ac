import {
  closeDeterminations,
  deadlineFacts,
  determinationDone,
  determinationWanted,
  inTransaction,
  lockDetermination,
  organizationsWithDeadlines,
  policyBook,
  type Tx,
  tryLockDetermination,
  writeDeterminations,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { decided } from './decide.ts';

type Determining = Pick<Parts, 'widePool' | 'clock' | 'log'>;

export interface Outcome {
  readonly findings: number;
  /** Rows that were added to histories, closings included. */
  readonly changed: number;
}

/** Every finding of one organization that is not closed, from what is stored now. The same again changes nothing. */
export async function determineAll(tx: Tx, organizationId: number, now: Date): Promise<Outcome> {
  const at = now.toISOString();
  const book = await policyBook(tx, organizationId);
  let findings = 0;
  let changed = 0;
  for await (const batch of deadlineFacts(tx, { organizationId, now: at })) {
    findings += batch.length;
    changed += await writeDeterminations(
      tx,
      { organizationId, at },
      batch.map((one) => decided(one, book, at)),
    );
  }
  return { findings, changed: changed + (await closeDeterminations(tx, organizationId, at)) };
}

/**
 * In one transaction, so that a kill leaves all or nothing. Where another job is at this organization, nothing is done:
 * that one looks again at its end and finds what was wanted meanwhile. `anyway`: also where nobody asked for this one;
 * then no other job would find that out, so this one waits for its turn.
 */
export async function determineOrganization(
  { widePool, clock, log }: Determining,
  organizationId: number,
  anyway = false,
): Promise<void> {
  let again = anyway;
  for (;;) {
    const outcome = await inTransaction(widePool, async (tx) => {
      if (again) await lockDetermination(tx, organizationId);
      else if (!(await tryLockDetermination(tx, organizationId))) return null;
      const wanted = await determinationWanted(tx, organizationId);
      if (wanted.length === 0 && !again) return null;
      const done = await determineAll(tx, organizationId, clock());
      await determinationDone(tx, organizationId, wanted);
      return done;
    });
    if (outcome === null) return;
    again = false;
    if (outcome.changed > 0) log.info({ organizationId, ...outcome }, 'deadlines determined');
    // What was asked for while this one was locked is ours to do.
    if ((await determinationWanted(widePool, organizationId)).length === 0) return;
  }
}

/** One organization after the other; one that fails keeps no other from its dates, and the job tries again. */
export async function determineEverywhere(parts: Determining): Promise<void> {
  const wanted = await determinationWanted(parts.widePool, 0);
  const failed: unknown[] = [];
  for (const organizationId of await organizationsWithDeadlines(parts.widePool)) {
    try {
      await determineOrganization(parts, organizationId, true);
    } catch (error) {
      parts.log.error(
        { err: error, organizationId },
        'the deadlines of an organization could not be determined',
      );
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, 'deadlines could not be determined everywhere');
  await inTransaction(parts.widePool, (tx) => determinationDone(tx, 0, wanted));
}
