import { LANGUAGES, type NoticeDraft } from '@backcheck/contract';
import type { NoticeKind } from '@backcheck/core';
import { type LockedNotice, noteSubmitted, noticeWords, type Tx } from '@backcheck/db';
import { found } from '../organizations/refusal.ts';
import { Problem } from '../platform/problem.ts';
import { freezeDraft, readDraft } from './content.ts';
import { refuseReferences } from './draft.ts';
import { refuseSettled, refuseUnproven } from './ready.ts';

/** These speak of findings, and say nothing without one. */
const OF_FINDINGS: readonly NoticeKind[] = [
  'rectification',
  'circular',
  'reminder',
  'supervision',
  'retest-result',
  'closing',
];
const DECISIONS: readonly NoticeKind[] = ['extension-decision', 'exception-decision'];

/** Freezes what it will say. @throws Problem NOTICE_FLAWED, NOTICE_FINDINGS, NOTICE_FINDINGS_SETTLED */
export async function submitNotice(
  tx: Tx,
  notice: LockedNotice,
  { by, now }: { readonly by: number; readonly now: Date },
): Promise<void> {
  const words = found(await noticeWords(tx, notice.noticeId));
  const draft = readDraft(words.draft);
  refuseFlaws(draft, now);
  const { organizationId } = notice;
  await refuseReferences(tx, organizationId, draft);
  const frozen = await freezeDraft(tx, { organizationId, draft, drafter: words.draftedBy ?? by });
  refuseUnproven(frozen, frozen.findings);
  await refuseSettled(tx, { organizationId, kind: draft.kind, findingIds: draft.findingIds, now });
  await noteSubmitted(tx, notice, { frozen, by, at: now.toISOString() });
}

function refuseFlaws(draft: NoticeDraft, now: Date): void {
  const { kind, language, title, body, findingIds, decision, dueAt } = draft;
  const wanted = LANGUAGES.filter((one) => language === 'both' || language === one);
  const flaws = [
    ...wanted.flatMap((one) => (title[one] === '' ? [{ field: `title.${one}`, message: 'EMPTY' }] : [])),
    ...wanted.flatMap((one) => (body[one] === '' ? [{ field: `body.${one}`, message: 'EMPTY' }] : [])),
    ...(OF_FINDINGS.includes(kind) && findingIds.length === 0
      ? [{ field: 'findingIds', message: 'EMPTY' }]
      : []),
    ...(DECISIONS.includes(kind) && decision === null ? [{ field: 'decision', message: 'EMPTY' }] : []),
    ...(dueAt !== null && Date.parse(dueAt) <= now.getTime() ? [{ field: 'dueAt', message: 'PAST' }] : []),
  ];
  if (flaws.length === 0) return;
  const errors = flaws.map(({ field, message }) => ({ field: `draft.${field}`, message }));
  throw new Problem('NOTICE_FLAWED', { fields: flaws.map(({ field }) => field).join(', ') }, errors);
}
