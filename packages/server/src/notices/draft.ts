import { NoticeDraft, type NoticeDraftInput } from '@backcheck/contract';
import type { Sha256 } from '@backcheck/core';
import { insertNotice, nameFindings, numberOfIssued, organizationExists, type Tx } from '@backcheck/db';
import { Problem } from '../platform/problem.ts';

export interface Drafting {
  readonly organizationId: number;
  readonly draft: NoticeDraftInput;
  /** Null: proposed by the system; whoever submits it stands as its drafter. */
  readonly draftedBy: number | null;
  readonly now: Date;
  readonly batchId?: string | null;
  readonly idempotency?: { readonly key: string; readonly sha256: Sha256 } | null;
}

/**
 * Stores a draft; its id. Nothing is issued by it: somebody submits it, somebody else approves it. The transaction must
 * see the organization on the coordinator's side, or all of them.
 * @throws Problem ORGANIZATION_UNKNOWN, NOTICE_FINDINGS, NOTICE_FLAWED
 */
export async function draftNotice(tx: Tx, drafting: Drafting): Promise<string> {
  const id = await draftOnce(tx, drafting);
  if (id === null) throw new Error('a notice without an Idempotency-Key was not inserted');
  return id;
}

/** Null when this account has already used the Idempotency-Key. */
export async function draftOnce(
  tx: Tx,
  { organizationId, draft, draftedBy, now, batchId, idempotency }: Drafting,
): Promise<string | null> {
  const { data: written, error } = NoticeDraft.safeParse(draft);
  if (written === undefined) throw flawed(error.issues.map(({ path }) => path.join('.')));
  if (!(await organizationExists(tx, organizationId)))
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
  await refuseReferences(tx, organizationId, written);
  const noticeId = await insertNotice(tx, {
    organizationId,
    kind: written.kind,
    draft: written,
    dueAt: written.dueAt,
    refersTo: written.refersTo,
    replaces: written.replaces,
    draftedBy,
    draftedAt: now.toISOString(),
    batchId: batchId ?? null,
    idempotency: idempotency ?? null,
  });
  if (noticeId !== null) await nameAll(tx, { organizationId, noticeId }, written.findingIds);
  return noticeId;
}

/** What somebody sent was looked at before; the names that fill places may still make it too long. */
function flawed(fields: readonly string[]): Problem {
  const errors = fields.map((field) => ({ field: `draft.${field}`, message: 'UNFIT' }));
  return new Problem('NOTICE_FLAWED', { fields: fields.join(', ') }, errors);
}

/** @throws Problem NOTICE_FINDINGS */
export async function nameAll(
  tx: Tx,
  notice: { readonly organizationId: number; readonly noticeId: string },
  findingIds: readonly string[],
): Promise<void> {
  const named = await nameFindings(tx, notice, findingIds);
  const missing = new Set(findingIds).size - named;
  if (missing > 0) throw new Problem('NOTICE_FINDINGS', { count: missing });
}

/** What it follows or replaces is an issued notice of the same organization. */
export async function refuseReferences(
  tx: Tx,
  organizationId: number,
  draft: Pick<NoticeDraft, 'refersTo' | 'replaces'>,
): Promise<void> {
  for (const field of ['refersTo', 'replaces'] as const) {
    const noticeId = draft[field];
    if (noticeId === null || (await numberOfIssued(tx, { organizationId, noticeId })) !== null) continue;
    throw new Problem('NOTICE_FLAWED', { fields: field }, [
      { field: `draft.${field}`, message: 'NOT_ISSUED' },
    ]);
  }
}
