import type { PreviewReply, ReplyPreview } from '@backcheck/contract';
import { latestUntil, OBJECTION_GROUNDS, offerFlaw, type ReplyFlaw, replyFlaw } from '@backcheck/core';
import { type FindingToAnswer, placesOf, type Tx, wholeProblems } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../platform/problem.ts';
import { findingsOfOne } from './make-reply.ts';
import { problemOfFlaw, refusalText } from './refusals.ts';
import { replies, rolesAt } from './roles.ts';

interface Previewing {
  readonly request: FastifyRequest;
  readonly wish: PreviewReply;
  readonly now: Date;
}

interface Refused {
  readonly finding: FindingToAnswer;
  readonly flaw: ReplyFlaw;
}

/**
 * What a reply about many findings would be about, judged by the rules that judge it when it is made.
 *
 * @throws Problem NOT_FOUND, FINDINGS_OF_SEVERAL, FORBIDDEN
 */
export async function previewReply(tx: Tx, { request, wish, now }: Previewing): Promise<ReplyPreview> {
  const asked = wish.wholeProblems ? await wholeProblems(tx, wish.findingIds) : wish.findingIds;
  const { organizationId, findings } = await findingsOfOne(tx, asked);
  request.audit.organizationId = organizationId;
  if (!replies(await rolesAt(tx, request, organizationId))) throw new Problem('FORBIDDEN');
  const at = now.toISOString();
  const { kind, until = null, ground = null } = wish;
  const refused = findings.flatMap((finding): Refused[] => {
    const flaw = replyFlaw({ kind, until, ground }, finding, at);
    return flaw === null ? [] : [{ finding, flaw }];
  });
  const left = new Set(refused.map(({ finding }) => finding));
  // whatever date or ground was tried: the limits are those within which another one may be chosen
  const possible = findings.filter((finding) => offerFlaw(kind, finding, at) === null);
  return {
    kind,
    findingIds: findings.filter((finding) => !left.has(finding)).map(({ findingId }) => findingId),
    leftOut: await viewLeftOut(tx, organizationId, refused),
    before: kind === 'extension' ? (possible.flatMap(({ dueAt }) => dueAt ?? []).sort()[0] ?? null) : null,
    latest: widest(possible.map((finding) => latestUntil(kind, finding, at))),
    grounds:
      kind === 'objection'
        ? OBJECTION_GROUNDS.filter((one) => possible.some(({ grounds }) => !grounds.includes(one)))
        : [],
  };
}

/** Null, which is "any", where one of them has no limit. */
const widest = (limits: readonly (string | null)[]): string | null =>
  limits.includes(null) ? null : (limits.toSorted().at(-1) ?? null);

async function viewLeftOut(
  tx: Tx,
  organizationId: number,
  refused: readonly Refused[],
): Promise<ReplyPreview['leftOut']> {
  const places = await placesOf(
    tx,
    organizationId,
    refused.map(({ finding }) => finding.findingId),
  );
  return refused.flatMap(({ finding, flaw }) => {
    const place = places.get(finding.findingId);
    return place === undefined ? [] : [{ ...place, because: refusalText(problemOfFlaw(flaw, finding)) }];
  });
}
