import {
  DEMANDS,
  type Instant,
  type NoticeContent,
  type NoticeKind,
  type NoticeState,
  type NoticeStep,
  noticeAfter,
} from '@backcheck/core';
import {
  findNotice,
  type LockedNotice,
  lockNotice,
  type NoticeFindingFacts,
  settledFindings,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../platform/problem.ts';

/** @throws Problem NOTICE_NOT_READY where the step is not taken from this state. */
export function after(state: NoticeState, step: NoticeStep): NoticeState {
  const next = noticeAfter(state, step);
  if (next === null) throw new Problem('NOTICE_NOT_READY', { state });
  return next;
}

/**
 * Locked, and changed by nobody else until the transaction ends.
 * @throws Problem NOT_FOUND; FORBIDDEN for the organization that it is addressed to
 */
export async function lockedNotice(tx: Tx, request: FastifyRequest, id: string): Promise<LockedNotice> {
  const notice = await lockNotice(tx, id);
  if (notice === null) throw new Problem((await findNotice(tx, id)) === null ? 'NOT_FOUND' : 'FORBIDDEN');
  request.audit.organizationId = notice.organizationId;
  return notice;
}

/**
 * A closing notice says of each finding by which certificate it was closed, and is not sent of what is open.
 * @param facts of the same findings now
 * @throws Problem NOTICE_FLAWED where one is not proven gone, came back, or was proven anew, since `said`
 */
export function refuseUnproven(
  { kind, findings }: Pick<NoticeContent, 'kind'> & { readonly findings: readonly NoticeFindingFacts[] },
  facts: readonly NoticeFindingFacts[],
): void {
  if (kind !== 'closing') return;
  const closedBy = new Map(findings.map(({ id, certificateId }) => [id, certificateId]));
  const isProven = ({ id, outcome, certificateId }: NoticeFindingFacts) =>
    outcome === 'proven' && certificateId === closedBy.get(id);
  if (facts.every(isProven)) return;
  throw new Problem('NOTICE_FLAWED', { fields: 'findingIds' }, [
    { field: 'draft.findingIds', message: 'NOT_PROVEN' },
  ]);
}

/** Nobody is told on one day to be done on a day before. @throws Problem NOTICE_FLAWED */
export function refusePast({ dueAt }: { readonly dueAt: Instant | null }, now: Date): void {
  if (dueAt === null || Date.parse(dueAt) > now.getTime()) return;
  throw new Problem('NOTICE_FLAWED', { fields: 'dueAt' }, [{ field: 'draft.dueAt', message: 'PAST' }]);
}

/** Findings that a refusal names; the screen marks all of them. */
const NAMED = 5;

export interface Demanded {
  readonly organizationId: number;
  readonly kind: NoticeKind;
  readonly findingIds: readonly string[];
  readonly now: Date;
}

/** What a notice demands although it is settled: proven gone, or decided otherwise. Other kinds demand nothing. */
export const settledOf = async (tx: Tx, { kind, now, ...which }: Demanded) =>
  DEMANDS.includes(kind) ? settledFindings(tx, { ...which, at: now }) : [];

/**
 * Nobody is told to mend what is proven gone. What was approved is not cut short either: it goes back to its drafter.
 * @throws Problem NOTICE_FINDINGS_SETTLED
 */
export async function refuseSettled(tx: Tx, demanded: Demanded): Promise<void> {
  const settled = await settledOf(tx, demanded);
  if (settled.length === 0) return;
  const names = settled.slice(0, NAMED).map(({ asset, place }) => `${asset} ${place}`.trim());
  const findings = `${names.join(', ')}${settled.length > NAMED ? ', …' : ''}`;
  throw new Problem('NOTICE_FINDINGS_SETTLED', { count: settled.length, findings }, [
    { field: 'draft.findingIds', message: 'SETTLED' },
  ]);
}
