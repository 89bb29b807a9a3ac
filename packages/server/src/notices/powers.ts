import {
  APPROVING_STEPS,
  mayApprovePaper,
  NOTICE_STEPS,
  type NoticeStep,
  noticeAfter,
  type Permission,
  rolesThatMay,
  sideOf,
} from '@backcheck/core';
import { type NoticeRow, placeOfOrganization, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';

/** What the caller may do with notices of one organization, on the coordinator's side. */
export interface NoticePowers {
  readonly accountId: number;
  readonly create: boolean;
  readonly update: boolean;
  readonly approve: boolean;
}

/** Whoever is inspected never writes, approves or withdraws a notice; their `approve` is the receipt. */
export const coordinatorsThatMay = (action: Permission['action']): readonly string[] =>
  rolesThatMay({ object: 'notice', action }).filter((role) => sideOf(role) === 'coordinator');

/** By the grants that reach the organization. The tables hold the same (0019_notices.sql); this is for what a screen offers. */
export async function powersOver(
  tx: Tx,
  request: FastifyRequest,
  organizationId: number,
): Promise<NoticePowers> {
  const { nodes, campaigns } = await placeOfOrganization(tx, organizationId);
  const roles = (request.grants ?? [])
    .filter(
      ({ organizationId: node, systemId }) => systemId === null && (node === null || nodes.includes(node)),
    )
    .filter(({ campaignId }) => campaignId === null || campaigns.includes(campaignId))
    .map(({ role }) => role);
  const may = (action: Permission['action']) =>
    roles.some((role) => coordinatorsThatMay(action).includes(role));
  return {
    accountId: callerOf(request).account.accountId,
    create: may('create'),
    update: may('update'),
    approve: may('approve'),
  };
}

/** Nobody who had a hand in a notice approves it. */
export const mayApproveNotice = (hands: readonly number[], approver: number): boolean =>
  hands.every((author) => mayApprovePaper({ author, approver }));

export const stepsAllowed = (
  { state }: Pick<NoticeRow, 'state'>,
  hands: readonly number[],
  powers: NoticePowers,
): NoticeStep[] =>
  NOTICE_STEPS.filter((step) => {
    if (noticeAfter(state, step) === null) return false;
    if (step === 'supersede') return powers.create;
    if (!APPROVING_STEPS.includes(step)) return powers.update;
    return powers.approve && (step !== 'approve' || mayApproveNotice(hands, powers.accountId));
  });
