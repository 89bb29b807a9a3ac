import type { DatesPreview, PreviewEffect } from '@backcheck/contract';
import { CHINESE_GRADES, type ChineseGrade, type Instant } from '@backcheck/core';
import {
  type Determined,
  deadlineFacts,
  depthAbove,
  findingTitles,
  findPolicy,
  findPreview,
  inForceAt,
  insertPreview,
  inTransaction,
  notePreview,
  openFindingsBelow,
  type PolicyBook,
  type PolicyRow,
  type PreviewResult,
  type PreviewRow,
  type PreviewWish,
  policyBook,
  type Tx,
  withAssignment,
} from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';
import { decided } from './decide.ts';

/** Somebody waits for the answer: more findings than these are left to the job `preview-deadlines`. */
const MOST_AT_ONCE = 5000;
const MOST_EXAMPLES = 50;
/** After so many findings the job says how far it is. */
const TELL_EACH = 10_000;

interface Asked {
  readonly wish: PreviewWish;
  readonly by: number;
  readonly now: Instant;
}

/** What it would change, by the very functions that would change it. No date is written. */
export async function preview(tx: Tx, { wish, by, now }: Asked, most = MOST_AT_ONCE): Promise<DatesPreview> {
  const places = await openFindingsBelow(tx, wish.nodeId);
  const findings = places.reduce((sum, place) => sum + place.findings, 0);
  const asked = { id: null, askedAt: now, wish, findings, examined: 0, result: null, failed: false };
  if (findings > most) {
    const id = await insertPreview(tx, { wish, findings, by, at: now });
    return viewPreview(tx, { ...asked, id });
  }
  const tally = new Tally();
  for (const { organizationId } of places)
    for await (const change of changesIn(tx, organizationId, { wish, now })) tally.add(change);
  return viewPreview(tx, { ...asked, examined: tally.examined, result: tally.result() });
}

/** Titles are those that the caller may read now. */
export async function viewPreview(
  tx: Tx,
  { id, findings, examined, result, failed }: Omit<PreviewRow, 'id'> & { readonly id: string | null },
): Promise<DatesPreview> {
  const examples = result?.examples ?? [];
  const titles = await findingTitles(
    tx,
    examples.map(({ findingId }) => findingId),
  );
  return {
    id,
    state: failed ? 'failed' : result === null ? 'counting' : 'done',
    findings,
    examined,
    counts: [...(result?.counts ?? [])],
    examples: examples.map((one) => ({ ...one, title: titles.get(one.findingId) ?? '' })),
  };
}

/** The job: one transaction for each organization, in memory that does not grow with the findings. */
export async function countPreview({ widePool }: Pick<Parts, 'widePool'>, id: string): Promise<void> {
  const asked = await findPreview(widePool, id, null);
  if (asked === null || asked.result !== null) return;
  const { wish, askedAt: now } = asked;
  const tally = new Tally();
  for (const { organizationId } of await openFindingsBelow(widePool, wish.nodeId)) {
    await inTransaction(widePool, async (tx) => {
      for await (const change of changesIn(tx, organizationId, { wish, now })) {
        tally.add(change);
        if (tally.examined % TELL_EACH === 0) await notePreview(widePool, id, { examined: tally.examined });
      }
    });
  }
  await notePreview(widePool, id, { examined: tally.examined, result: tally.result() });
}

interface Change {
  readonly organizationId: number;
  readonly before: Determined;
  readonly after: Determined;
}

async function* changesIn(
  tx: Tx,
  organizationId: number,
  { wish, now }: Pick<Asked, 'wish' | 'now'>,
): AsyncGenerator<Change> {
  const book = await policyBook(tx, organizationId);
  const then = await bookThen(tx, organizationId, { wish, now, book });
  if (then === null) return;
  for await (const batch of deadlineFacts(tx, { organizationId, now }))
    for (const one of batch)
      yield { organizationId, before: decided(one, book, now), after: decided(one, then, now) };
}

/** Null: the wish does not reach the organization, or what was wished is gone. */
async function bookThen(
  tx: Tx,
  organizationId: number,
  { wish, now, book }: Pick<Asked, 'wish' | 'now'> & { readonly book: PolicyBook },
): Promise<PolicyBook | null> {
  if ('calendarId' in wish) return policyBook(tx, organizationId, wish.calendarId);
  const depth = await depthAbove(tx, organizationId, wish.nodeId);
  const policy: PolicyRow | null = await findPolicy(tx, wish.policyId);
  if (depth === null || policy === null) return null;
  const inForce = await inForceAt(tx, policy, organizationId);
  return withAssignment(book, depth, { appliesTo: wish.appliesTo, assignedAt: now, inForce });
}

function effectOf(before: Instant | null, after: Instant | null): PreviewEffect {
  if (before === after) return 'same';
  if (before === null) return 'first';
  if (after === null) return 'none';
  return after < before ? 'earlier' : 'later';
}

const NOTHING = { earlier: 0, later: 0, same: 0, first: 0, none: 0 } satisfies Record<PreviewEffect, number>;

class Tally {
  examined = 0;
  readonly #examples: PreviewResult['examples'][number][] = [];
  readonly #byGrade = new Map<ChineseGrade, Record<PreviewEffect, number>>();

  add({ organizationId, before, after }: Change): void {
    const { grade } = after.facts.deadline;
    const [was, is] = [before.determination.dueAt, after.determination.dueAt];
    const effect = effectOf(was, is);
    const counts = this.#byGrade.get(grade) ?? { ...NOTHING };
    counts[effect] += 1;
    this.#byGrade.set(grade, counts);
    this.examined += 1;
    if (effect === 'same' || this.#examples.length >= MOST_EXAMPLES) return;
    const { rule } = after.determination;
    const place = { findingId: after.findingId, organizationId: `${organizationId}`, grade };
    this.#examples.push({ ...place, effect, before: was, after: is, rule });
  }

  result(): PreviewResult {
    const counts = CHINESE_GRADES.toReversed().flatMap((grade) => {
      const of = this.#byGrade.get(grade);
      return of === undefined ? [] : [{ grade, ...of }];
    });
    return { counts, examples: this.#examples };
  }
}
