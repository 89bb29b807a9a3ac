import {
  isReplyOpen,
  type Judge,
  type Judgement,
  type JudgementFlaw,
  mayJudgeReply,
  type ReplyMatter,
  type Role,
  replyAfter,
  roleMay,
  sideOf,
  TAKEN_STEPS,
  type TakenStep,
} from '@backcheck/core';
import { findersOf, type ReplyRow, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../platform/access/guard.ts';
import { Problem } from '../platform/problem.ts';
import { problemOfJudgement } from './refusals.ts';
import { ownsRisks, replies, rolesAt } from './roles.ts';

/** A reply, and who looks at it. */
export interface Looking {
  readonly row: ReplyRow;
  readonly matter: ReplyMatter;
  readonly judge: Judge;
}

export async function lookingAt(tx: Tx, request: FastifyRequest, row: ReplyRow): Promise<Looking> {
  const account = callerOf(request).account.accountId;
  const roles = await rolesAt(tx, request, row.organizationId);
  // whoever is inspected judges nothing, and sees no imports either
  const finders = replies(roles) ? [] : await findersOf(tx, row.organizationId, row.findingIds);
  const people = {
    madeBy: Number(row.madeBy.id),
    signedBy: row.signedBy === null ? null : Number(row.signedBy.id),
    finders,
    opinionBy: row.opinionBy === null ? null : Number(row.opinionBy.id),
  };
  return {
    row,
    matter: { kind: row.kind, ground: row.terms.ground ?? null, severity: row.worst.severity, people },
    judge: { account, roles },
  };
}

const JUDGEMENTS: readonly Judgement[] = ['opine', 'grant', 'refuse', 'verify', 'review', 'revoke'];
const isJudgement = (step: TakenStep): step is Judgement => JUDGEMENTS.some((one) => one === step);

/** Why the caller does not take a step; null: they may. */
function refusalOf(step: TakenStep, { row, matter, judge }: Looking): Problem | null {
  if (replyAfter(row.kind, row.state, step) === null) return new Problem('REPLY_STATE');
  if (isJudgement(step)) return refusalOfJudgement(mayJudgeReply(step, matter, judge));
  if (!replies(judge.roles)) return new Problem('FORBIDDEN');
  if (step === 'sign') return ownsRisks(judge.roles) ? null : new Problem('ACCEPTANCE_NEEDS_OWNER');
  const own = judge.account === matter.people.madeBy || ownsRisks(judge.roles);
  return own ? null : new Problem('FORBIDDEN');
}

const refusalOfJudgement = (flaw: JudgementFlaw | null): Problem | null =>
  flaw === null ? null : problemOfJudgement(flaw);

/** The state after the step. @throws Problem what core's rules refuse */
export function stateAfter(step: TakenStep, looking: Looking) {
  const refusal = refusalOf(step, looking);
  const next = replyAfter(looking.row.kind, looking.row.state, step);
  if (refusal !== null || next === null) throw refusal ?? new Problem('REPLY_STATE');
  return next;
}

/** Evidence belongs to what is still to be judged, and is the organization's. */
export const mayAddEvidence = ({ row, judge }: Looking): boolean =>
  isReplyOpen(row.state) && replies(judge.roles);

/** What a screen offers, and what it explains instead of offering it. */
export function stepsFor(looking: Looking) {
  const waited = TAKEN_STEPS.filter(
    (step) => replyAfter(looking.row.kind, looking.row.state, step) !== null,
  ).map((step) => ({ step, refusal: refusalOf(step, looking) }));
  return {
    may: waited.flatMap(({ step, refusal }) => (refusal === null ? [step] : [])),
    refused: waited.flatMap(({ step, refusal }) =>
      refusal !== null && concerns(step, looking.judge.roles) ? [{ step, refusal }] : [],
    ),
  };
}

/** Told only to the side whose step it is. */
function concerns(step: TakenStep, roles: readonly Role[]): boolean {
  if (step === 'sign') return replies(roles);
  return isJudgement(step) && roles.some((role) => sideOf(role) === 'coordinator' && roleMay(role, APPROVE));
}

const APPROVE = { object: 'reply', action: 'approve' } as const;
