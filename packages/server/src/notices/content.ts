import { createHash } from 'node:crypto';
import { hasAnnex, NoticeDraft } from '@backcheck/contract';
import {
  canonical,
  type Instant,
  type NoticeContent,
  type NoticeFinding,
  type Sha256,
} from '@backcheck/core';
import {
  findOrganization,
  type NoticeFindingFacts,
  namesOfAccounts,
  noticeFindingFacts,
  numberOfIssued,
  officeOf,
  type Tx,
} from '@backcheck/db';
import { dueIfNotified } from '../deadlines/due-if-notified.ts';
import { found } from '../organizations/refusal.ts';
import { Problem } from '../platform/problem.ts';
import { annexOf } from './annex.ts';
import { namedByProduct } from './naming.ts';
import { SETS_NEW_DATE } from './paper/finding-table.ts';

/** What a notice says before it is issued: everything but what only the issue knows. */
export type FrozenContent = Omit<NoticeContent, 'number' | 'issuedAt' | 'approver' | 'findings'> & {
  readonly findings: readonly NoticeFindingFacts[];
};

export interface ToFreeze {
  readonly organizationId: number;
  readonly draft: NoticeDraft;
  /** Whose name stands as the drafter's; null: nobody's yet. */
  readonly drafter: number | null;
}

/** What a draft says of its findings now. @throws Problem NOTICE_FINDINGS where one is not of the organization. */
export async function freezeDraft(
  tx: Tx,
  { organizationId, draft, drafter }: ToFreeze,
): Promise<FrozenContent> {
  const organization = found(await findOrganization(tx, organizationId));
  const office = await officeOf(tx, organizationId);
  const findings = await factsOfAll(tx, organizationId, draft.findingIds);
  const annex = hasAnnex(draft) ? await annexOf(tx, findings) : null;
  const names = drafter === null ? null : await namesOfAccounts(tx, [drafter]);
  const { language, decision, refersTo, replaces, consequences } = draft;
  const follows = refersTo ?? replaces;
  return {
    version: 1,
    kind: draft.kind,
    language,
    timeZone: office.timeZone,
    authority: office.authority,
    organization: {
      id: String(organizationId),
      code: organization.code,
      name: organization.name,
      nameZh: organization.nameZh,
    },
    addressee: draft.addressee,
    title: draft.title,
    legalBasis: draft.legalBasis,
    body: { zh: paragraphs(draft.body.zh), en: paragraphs(draft.body.en) },
    findings,
    ...(annex === null ? {} : { annex }),
    dueAt: utc(draft.dueAt),
    decision: decision === null ? null : { ...decision, until: utc(decision.until) },
    ...(consequences === '' ? {} : { consequences }),
    contact: draft.contact,
    refersTo: follows === null ? null : await numberOfIssued(tx, { organizationId, noticeId: follows }),
    drafter: drafter === null ? '' : (names?.get(drafter) ?? ''),
    tlp: draft.tlp,
  };
}

/** Facts of each; refuses where one is not there, or went to another organization in the meantime. */
export async function factsOfAll(
  tx: Tx,
  organizationId: number,
  findingIds: readonly string[],
): Promise<NoticeFindingFacts[]> {
  const facts = await noticeFindingFacts(tx, organizationId, findingIds);
  const missing = new Set(findingIds).size - facts.length;
  if (missing > 0) throw new Problem('NOTICE_FINDINGS', { count: missing });
  return facts.map(({ locus, ...fact }) => ({ ...fact, ...namedByProduct({ ...fact, locus }) }));
}

/** When each finding is due if it is notified at a moment; without what is closed. */
export type NoticeDues = Awaited<ReturnType<typeof dueIfNotified>>;

export interface Issue {
  readonly number: string;
  readonly issuedAt: Instant;
  readonly approver: string;
  readonly dues: NoticeDues;
}

export const contentOf = (
  frozen: FrozenContent,
  { number, issuedAt, approver, dues }: Issue,
): NoticeContent => ({
  ...frozen,
  number,
  issuedAt,
  approver,
  findings: frozen.findings.map((finding) => ({ ...finding, ...dateOf(frozen, finding, dues) })),
});

/**
 * A date that the notice sets holds for all; what is proven gone has none any more. One that sets a new date after others
 * have passed says what those were.
 */
function dateOf(
  { kind, dueAt }: Pick<FrozenContent, 'kind' | 'dueAt'>,
  { id, outcome }: NoticeFindingFacts,
  dues: NoticeDues,
): Pick<NoticeFinding, 'dueAt' | 'dueBasis'> {
  if (outcome === 'proven') return { dueAt: null, dueBasis: null };
  if (dueAt !== null && !SETS_NEW_DATE.includes(kind)) return { dueAt, dueBasis: null };
  const due = dues.get(id);
  return { dueAt: due?.dueAt ?? null, dueBasis: due?.basis ?? null };
}

/** What it would say if it were issued at `at`. */
export async function contentIfIssued(tx: Tx, frozen: FrozenContent, at: Instant): Promise<NoticeContent> {
  const dues = await duesOf(tx, frozen, at);
  return contentOf(frozen, { number: '', issuedAt: at, approver: '', dues });
}

/** Not asked for where the notice sets one date for all, or names no finding: it costs several statements. */
export async function duesOf(
  tx: Tx,
  {
    organization,
    kind,
    findings,
    dueAt,
  }: Pick<FrozenContent, 'organization' | 'kind' | 'findings' | 'dueAt'>,
  at: Instant,
): Promise<NoticeDues> {
  if ((dueAt !== null && !SETS_NEW_DATE.includes(kind)) || findings.length === 0) return new Map();
  const findingIds = findings.map(({ id }) => id);
  return dueIfNotified(tx, { organizationId: Number(organization.id), findingIds, at });
}

/** The one text of it and what the paper carries in its QR code. */
export function sealed(content: NoticeContent): { readonly text: string; readonly sha256: Sha256 } {
  const text = canonical(content);
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

/** What an older version of the product stored lacks what was added since: the defaults stand in. */
export const readDraft = (stored: unknown): NoticeDraft => NoticeDraft.parse(stored);

const paragraphs = (text: string): string[] =>
  text
    .split(/\r?\n\s*\r?\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

const utc = (at: string | null): Instant | null => (at === null ? null : new Date(at).toISOString());
