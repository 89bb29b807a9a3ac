import type { EscalationStep, NoticeKind } from '@backcheck/core';
import {
  comeFor,
  type DueStep,
  dueSteps,
  endRung,
  inTransaction,
  lockLadder,
  movedLadders,
  planReminder,
  queueSending,
  type Rung,
  type RungEnd,
  settleProposed,
  type Tx,
  takeRung,
} from '@backcheck/db';
import type { Task } from 'graphile-worker';
import { draftNotice } from '../notices/draft.ts';
import { proposeNotice } from '../notices/propose.ts';
import type { Parts } from '../platform/parts.ts';
import { planLadder } from './plan-ladder.ts';
import { OF_NOTICE, OF_REMINDER } from './recipients.ts';

/** Of one run; the next comes in five minutes. */
const AT_ONCE = 500;

/** Rungs that propose a paper to a person; nobody but a person publishes it. */
const PAPERS: Readonly<Partial<Record<EscalationStep, NoticeKind>>> = {
  reminder: 'reminder',
  supervision: 'supervision',
  circular: 'circular',
};

/**
 * Climbs the ladders: moves those whose date moved, then takes the rungs whose time has come. A rung and what comes of it
 * are one transaction, so it happens once, however often the process is killed.
 */
export function escalateTask(parts: Parts, atOnce = AT_ONCE): Task {
  const { widePool, clock } = parts;
  return async () => {
    const at = clock().toISOString();
    await settleProposed(widePool, at);
    for (const ladder of await movedLadders(widePool, atOnce)) {
      await inTransaction(widePool, (tx) => planLadder(tx, ladder, at));
    }
    let last: DueStep | null = null;
    do {
      const due = await dueSteps(widePool, { at, most: atOnce, after: last });
      for (const one of due) await climbAlone(parts, one);
      last = due.length < atOnce ? null : (due.at(-1) ?? null);
    } while (last !== null);
  };
}

/** One ladder that cannot be climbed does not hold the others up; it is tried again in five minutes. */
async function climbAlone(parts: Parts, due: DueStep): Promise<void> {
  try {
    await inTransaction(parts.widePool, (tx) => climb(tx, parts, due));
  } catch (error) {
    parts.log.error({ err: error, ...due }, 'a step of an escalation failed');
  }
}

async function climb(tx: Tx, parts: Parts, due: DueStep): Promise<void> {
  const now = parts.clock();
  const end = { at: now.toISOString(), by: null };
  await lockLadder(tx, due);
  const rung = await takeRung(tx, { id: due.id, at: end.at });
  if (rung === null) return;
  if (rung.noticeState !== 'issued' || !rung.isWanted)
    return endRung(tx, rung.id, { ...end, state: 'needless' });
  // while a clock stands still, a risk is borne or a date has not come nobody is pressed; the rung stays planned
  if (rung.pressed.length === 0) return;
  await endRung(tx, rung.id, { ...end, ...(await take(tx, parts, { rung, now })) });
  await comeFor(tx, rung, rung.named);
}

/** Does what the rung says. */
async function take(
  tx: Tx,
  { signIn }: Parts,
  { rung, now }: { readonly rung: Rung; readonly now: Date },
): Promise<Pick<RungEnd, 'state' | 'noticeMade'>> {
  const { step } = rung;
  const paper = PAPERS[step];
  if (paper !== undefined)
    return { state: 'proposed', noticeMade: await propose(tx, rung, { kind: paper, now }) };
  if (step === 'remind' || step === 'remind-leader') {
    await planReminder(tx, rung, {
      recipients: step === 'remind' ? OF_REMINDER : OF_NOTICE,
      at: now.toISOString(),
      occasion: step,
      mailDomain: signIn.mailer?.domain ?? null,
    });
    await queueSending(tx, 'mail');
  }
  return { state: step === 'talk' ? 'proposed' : 'done' };
}

/** A draft that follows the notice and names what is still open and runs; nobody has drafted it until somebody submits it. */
async function propose(
  tx: Tx,
  { organizationId, noticeId, language, pressed }: Rung,
  { kind, now }: { readonly kind: NoticeKind; readonly now: Date },
): Promise<string> {
  const { draft } = await proposeNotice(tx, {
    organizationId,
    kind,
    language,
    findingIds: pressed,
    refersTo: noticeId,
    now,
  });
  return draftNotice(tx, { organizationId, draft, draftedBy: null, now });
}
