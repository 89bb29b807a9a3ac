import { FIX_CAUSES, type Reply, type ReplyDetail, type ReplyFinding } from '@backcheck/contract';
import type { Instant } from '@backcheck/core';
import {
  type FindingRow,
  findFinding,
  findReply,
  type ReplyRow,
  replyEvidence,
  replyReviews,
  type Signer,
  type Tx,
  urgencyOf,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../platform/problem.ts';
import { type Looking, lookingAt, mayAddEvidence, stepsFor } from './judge.ts';
import { refusalText } from './refusals.ts';

const instant = (time: Date | null): Instant | null => time?.toISOString() ?? null;
const personOf = ({ id, name }: Signer) => ({ id, name });

export function viewReply(row: ReplyRow): Reply {
  const { terms, worst } = row;
  return {
    id: row.id,
    organization: row.organization,
    kind: row.kind,
    state: row.state,
    noticeId: row.noticeId,
    ground: terms.ground ?? null,
    grade: terms.grade ?? null,
    reason: terms.reason ?? null,
    responsible: terms.responsible ?? null,
    control: terms.control ?? null,
    cause: FIX_CAUSES.find((one) => one === terms.cause) ?? null,
    interim: terms.interim ?? null,
    resources: terms.resources ?? null,
    risk: terms.risk ?? null,
    rollback: terms.rollback ?? null,
    text: row.text,
    until: instant(row.until),
    dueBefore: instant(row.dueBefore),
    madeBy: personOf(row.madeBy),
    madeAt: row.madeAt.toISOString(),
    ...stepsTaken(row),
    reviewAt: instant(row.reviewAt),
    findings: row.findingIds.length,
    title: worst.title,
    findingId: worst.id,
    severity: worst.severity,
  };
}

function stepsTaken(row: ReplyRow): Pick<Reply, 'signed' | 'opinion' | 'decision' | 'ended'> {
  const { signedBy, signedAt, opinionBy, opinionAt, decidedBy, decidedAt, endedBy, endedAt } = row;
  return {
    signed:
      signedBy === null || signedAt === null ? null : { by: personOf(signedBy), at: signedAt.toISOString() },
    opinion:
      opinionBy === null || opinionAt === null
        ? null
        : {
            by: personOf(opinionBy),
            at: opinionAt.toISOString(),
            text: row.opinion ?? '',
            inFavour: row.opinionFor === true,
          },
    decision:
      decidedBy === null || decidedAt === null
        ? null
        : {
            by: personOf(decidedBy),
            at: decidedAt.toISOString(),
            text: row.decision ?? '',
            until: instant(row.grantedUntil),
            grade: row.grantedGrade,
          },
    ended:
      endedAt === null
        ? null
        : {
            by: endedBy === null ? null : personOf(endedBy),
            at: endedAt.toISOString(),
            because: row.endedBecause,
          },
  };
}

/** @throws Problem NOT_FOUND */
export async function replyOf(tx: Tx, id: string): Promise<ReplyRow> {
  const row = await findReply(tx, id);
  if (row === null) throw new Problem('NOT_FOUND');
  return row;
}

/** A reply with its files and findings, and what the caller may do with it. */
export async function viewDetail(tx: Tx, request: FastifyRequest, row: ReplyRow): Promise<ReplyDetail> {
  const looking = await lookingAt(tx, request, row);
  const evidence = await replyEvidence(tx, row.id);
  const reviews = await replyReviews(tx, row.id);
  return {
    ...viewReply(row),
    evidence: evidence.map(({ addedAt, ...file }) => ({ ...file, addedAt: addedAt.toISOString() })),
    about: await findingsOf(tx, row),
    reviews: reviews.map(({ by, at, text, next }) => ({
      by: personOf(by),
      at: at.toISOString(),
      text,
      next: next.toISOString(),
    })),
    ...viewSteps(looking),
  };
}

function viewSteps(looking: Looking): Pick<ReplyDetail, 'may' | 'refused'> {
  const { may, refused } = stepsFor(looking);
  return {
    may: mayAddEvidence(looking) ? [...may, 'add-evidence'] : may,
    refused: refused.map(({ step, refusal }) => ({ step, because: refusalText(refusal) })),
  };
}

/** Shown on the page of a reply; a reply about more is read with the list of findings. */
const MOST_FINDINGS = 50;

async function findingsOf(tx: Tx, row: ReplyRow): Promise<ReplyFinding[]> {
  const ids = row.findingIds.slice(0, MOST_FINDINGS);
  const urgency = await urgencyOf(tx, row.organizationId, ids);
  const found: FindingRow[] = [];
  for (const id of ids) {
    const finding = await findFinding(tx, id);
    if (finding !== null) found.push(finding);
  }
  return found.map(({ id, asset, transport, port, check, locus, title, severity, state }) => ({
    id,
    asset: { id: asset.id, identifiers: asset.identifiers.map(({ kind, value }) => ({ kind, value })) },
    transport,
    port,
    check,
    locus,
    title,
    severity,
    state,
    dueAt: urgency.get(id)?.dueAt ?? null,
    listed: urgency.get(id)?.listed === true,
  }));
}
