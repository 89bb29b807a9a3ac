import type { MakeReply } from '@backcheck/contract';
import { type ReplyKind, replyFlaw } from '@backcheck/core';
import {
  type FindingToAnswer,
  findingsToAnswer,
  findNotice,
  findReply,
  findReplyByKey,
  insertReply,
  insertReplyEvidence,
  lockReplies,
  type NewReply,
  type ReplyRow,
  type ReplyTerms,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { fileOfUpload } from '../evidence/from-upload.ts';
import { callerOf } from '../platform/access/guard.ts';
import { requestSha256 } from '../platform/idempotency-key.ts';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { problemOfFlaw } from './refusals.ts';
import { ownsRisks, replies, rolesAt } from './roles.ts';

/** Who answers what, and when. */
export interface Answering {
  readonly request: FastifyRequest;
  readonly body: MakeReply;
  readonly key: string | null;
  readonly now: Date;
}

/** Sent again with the same key, it is the reply that was made then. */
export async function makeReply(
  tx: Tx,
  parts: Pick<Parts, 'clock' | 'evidence'>,
  answering: Answering,
): Promise<ReplyRow> {
  const { request, body, key } = answering;
  const { accountId } = callerOf(request).account;
  const sha256 = requestSha256(body);
  const before = key === null ? null : await findReplyByKey(tx, accountId, key);
  if (before !== null) return sameRequest(before, sha256);
  const made = await makeOnce(tx, answering, sha256);
  if (made !== null) {
    await attach(tx, parts, { reply: made, uploadIds: body.uploadIds, accountId });
    return made;
  }
  // The same request was carried out while this one waited for the lock.
  const meanwhile = key === null ? null : await findReplyByKey(tx, accountId, key);
  if (meanwhile === null) throw new Error('A reply was neither inserted nor found by its key');
  return sameRequest(meanwhile, sha256);
}

/** Null when this account has used the key since. */
async function makeOnce(
  tx: Tx,
  { request, body, key, now }: Answering,
  sha256: string,
): Promise<ReplyRow | null> {
  const { accountId } = callerOf(request).account;
  const { organizationId } = await findingsOfOne(tx, body.findingIds);
  request.audit.organizationId = organizationId;
  const roles = await rolesAt(tx, request, organizationId);
  if (!replies(roles)) throw new Problem('FORBIDDEN');
  await lockReplies(tx, organizationId);
  if (key !== null && (await findReplyByKey(tx, accountId, key)) !== null) return null;
  // Judged under the lock: what was asked for at the same time is there now, or comes after this.
  const { findings } = await findingsOfOne(tx, body.findingIds);
  const at = now.toISOString();
  for (const finding of findings) {
    const flaw = replyFlaw(wishOf(body), finding, at);
    if (flaw !== null) throw problemOfFlaw(flaw, finding);
  }
  const noticeId = await noticeOf(tx, organizationId, body.noticeId ?? null);
  const signs = body.kind === 'acceptance' && ownsRisks(roles);
  const id = await insertReply(tx, {
    organizationId,
    kind: body.kind,
    state: body.kind === 'acceptance' && !signs ? 'drafted' : 'made',
    noticeId,
    terms: termsOf(body),
    text: body.text,
    until: untilOf(body),
    dueBefore: body.kind === 'extension' ? earliestDue(findings) : null,
    madeBy: accountId,
    madeAt: at,
    signedBy: signs ? accountId : null,
    idempotencyKey: key,
    requestSha256: sha256,
    findings,
  });
  return id === null ? null : findReply(tx, id);
}

interface Attaching {
  readonly reply: Pick<ReplyRow, 'id' | 'organizationId'>;
  readonly uploadIds: readonly string[];
  readonly accountId: number;
}

/** Finished uploads of this account become the reply's evidence. The reply is new or locked. */
export async function attach(
  tx: Tx,
  parts: Pick<Parts, 'clock' | 'evidence'>,
  { reply, uploadIds, accountId }: Attaching,
): Promise<void> {
  const addedAt = parts.clock().toISOString();
  for (const uploadId of uploadIds) {
    const file = await fileOfUpload(tx, parts, { uploadId, accountId });
    await insertReplyEvidence(tx, { reply, ...file, addedBy: accountId, addedAt });
  }
}

function sameRequest(row: ReplyRow, sha256: string): ReplyRow {
  if (row.requestSha256 !== sha256) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  return row;
}

/** @throws Problem NOT_FOUND, FINDINGS_OF_SEVERAL */
export async function findingsOfOne(
  tx: Tx,
  findingIds: readonly string[],
): Promise<{ readonly organizationId: number; readonly findings: FindingToAnswer[] }> {
  const findings = await findingsToAnswer(tx, findingIds);
  const [first] = findings;
  const found = new Set(findings.flatMap(({ askedIds }) => askedIds));
  if (first === undefined || !findingIds.every((id) => found.has(id))) throw new Problem('NOT_FOUND');
  const { organizationId } = first;
  if (findings.some((one) => one.organizationId !== organizationId)) throw new Problem('FINDINGS_OF_SEVERAL');
  return { organizationId, findings };
}

async function noticeOf(tx: Tx, organizationId: number, noticeId: string | null): Promise<string | null> {
  if (noticeId === null) return null;
  const notice = await findNotice(tx, noticeId);
  if (notice === null || Number(notice.organization.id) !== organizationId || notice.issuedAt === null)
    throw new Problem('NOT_FOUND');
  return noticeId;
}

const untilOf = (body: MakeReply): string | null => ('until' in body ? (body.until ?? null) : null);

const wishOf = (body: MakeReply) => ({
  kind: body.kind satisfies ReplyKind,
  until: untilOf(body),
  ground: body.kind === 'objection' ? body.ground : null,
});

function termsOf(body: MakeReply): ReplyTerms {
  switch (body.kind) {
    case 'objection':
      return { ground: body.ground, ...(body.grade === undefined ? {} : { grade: body.grade }) };
    case 'plan':
      return planOf(body);
    case 'interim':
      return {};
    case 'acceptance':
      return { control: body.control };
    case 'extension':
    case 'false-positive':
      return { reason: body.reason };
  }
}

/** What it says beside its text and its date. */
function planOf(plan: Extract<MakeReply, { readonly kind: 'plan' }>): ReplyTerms {
  const { kind, findingIds, noticeId, uploadIds, text, until, ...terms } = plan;
  return terms;
}

const earliestDue = (findings: readonly FindingToAnswer[]): NewReply['dueBefore'] =>
  findings.flatMap(({ dueAt }) => dueAt ?? []).sort()[0] ?? null;
