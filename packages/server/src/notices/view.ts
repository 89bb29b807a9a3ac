import type { Notice, NoticeDetail, NoticeLedger } from '@backcheck/contract';
import { type Instant, type NoticeContent, type NoticeState, sha256Hex } from '@backcheck/core';
import {
  type Db,
  findingsOfNotice,
  findNotice,
  ledgerOfNotice,
  listNoticeCopies,
  type NoticeCopyRow,
  type NoticeKey,
  type NoticeRow,
  type NoticeWords,
  noticeWords,
  readsDrafts,
  seesOrganization,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import { found } from '../organizations/refusal.ts';
import { onlyOf } from './annex.ts';
import { contentIfIssued, type FrozenContent, freezeDraft, readDraft } from './content.ts';
import { powersOver, stepsAllowed } from './powers.ts';
import { settledOf } from './ready.ts';

const BEFORE_ISSUE: readonly NoticeState[] = ['draft', 'submitted', 'approved'];

export const viewNotice = ({ organizationId: _, sequence: __, ...row }: NoticeRow): Notice => row;

export const viewCopy = (row: NoticeCopyRow): NoticeDetail['copiesList'][number] => row;

/** Everything about it that the caller may read. */
export async function viewNoticeDetail(
  tx: Tx,
  request: FastifyRequest,
  { id, now }: { readonly id: string; readonly now: Date },
): Promise<NoticeDetail> {
  const row = found(await findNotice(tx, id));
  const words = found(await noticeWords(tx, id));
  const powers = await powersOver(tx, request, row.organizationId);
  const inspects = await readsDrafts(tx, row.organizationId);
  const content = await contentOfNotice(tx, words, now);
  const whole = await seesOrganization(tx, row.organizationId);
  const visible = whole ? null : new Set(await findingsOfNotice(tx, id));
  const copies = await listNoticeCopies(tx, id);
  const { organizationId, issuedAt } = row;
  return {
    ...viewNotice(row),
    draft: inspects ? readDraft(words.draft) : null,
    content: viewContent(visible === null ? content : onlyOf(content, visible)),
    whole,
    settled: inspects ? await settledIn(tx, row, now) : [],
    ledger: await viewLedger(tx, { organizationId, noticeId: id, issuedAt, text: words.content }),
    copiesList: copies.map(viewCopy),
    allowed: stepsAllowed(row, words.hands, powers),
    mayChange: powers.update && row.state === 'draft',
    mayAddCopies: powers.update && row.number !== null,
    tag: inspects ? words.tag : null,
  };
}

interface Issued extends NoticeKey {
  readonly issuedAt: Instant | null;
  /** The content as it is stored. */
  readonly text: string | null;
}

/** Where the ledger says which content was issued, and whether that is what is stored now. */
export async function viewLedger(tx: Db, { issuedAt, text, ...key }: Issued): Promise<NoticeLedger | null> {
  const entry = issuedAt === null ? null : await ledgerOfNotice(tx, { ...key, issuedAt });
  if (entry === null || text === null) return null;
  const { seq, hash, contentSha256 } = entry;
  return { seq, hash, same: contentSha256 === sha256Hex(text) };
}

/** Of what is not issued yet. */
async function settledIn(
  tx: Tx,
  { id, state, organizationId, kind }: NoticeRow,
  now: Date,
): Promise<string[]> {
  if (!BEFORE_ISSUE.includes(state)) return [];
  const settled = await settledOf(tx, {
    organizationId,
    kind,
    findingIds: await findingsOfNotice(tx, id),
    now,
  });
  return settled.map((one) => one.id);
}

/** What it says, or would say if it were issued now. */
export async function contentOfNotice(
  tx: Tx,
  { organizationId, draft, frozen, content, draftedBy }: NoticeWords,
  now: Date,
): Promise<NoticeContent> {
  if (content !== null) return JSON.parse(content) as NoticeContent;
  const said =
    frozen === null
      ? await freezeDraft(tx, { organizationId, draft: readDraft(draft), drafter: draftedBy })
      : (frozen as FrozenContent);
  return contentIfIssued(tx, said, now.toISOString());
}

/** A copy whose lists the answer may own. */
export const viewContent = ({ annex, ...content }: NoticeContent): NoticeDetail['content'] => ({
  ...content,
  ...(annex === undefined ? {} : { annex: { ...annex, explanations: [...annex.explanations] } }),
  body: { zh: [...content.body.zh], en: [...content.body.en] },
  findings: content.findings.map((finding) => ({ ...finding, cve: [...finding.cve] })),
});
