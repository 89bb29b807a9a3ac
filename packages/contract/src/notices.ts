import {
  CHINESE_GRADES,
  NOTICE_KINDS,
  NOTICE_STATES,
  NOTICE_STEPS,
  PAPER_LANGUAGES,
  RETEST_OUTCOMES,
} from '@backcheck/core';
import { z } from 'zod';
import { NoticeAnnex } from './notice-annex.ts';
import { Text } from './text.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, prose, Sha256 } from './wire.ts';

export { hasAnnex } from './notice-annex.ts';

/** Traffic Light Protocol 2.0 (FIRST, 2022). */
export const TLP = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const;
export type Tlp = (typeof TLP)[number];

/** A notice names so many findings at most; more go into several notices. */
export const MOST_FINDINGS_OF_NOTICE = 2000;
export const MOST_NOTICES_OF_BATCH = 10_000;

const shortLine = (most: number) => line(most).or(z.literal(''));
const both = <T extends z.ZodType>(one: T) => z.object({ zh: one, en: one });
const moment = z.iso.datetime({ offset: true });

/** What a reply may say (replies.ts), and what it is said with. */
const LONGEST_WISH = 4500;

const NoticeDecision = z
  .object({
    asked: both(prose(LONGEST_WISH)),
    granted: z.boolean(),
    reason: prose(4000),
    until: moment.nullable(),
  })
  .describe('Of decisions: what was asked and what became of it');

/** Of a title, in characters of UTF-16. */
export const LONGEST_TITLE = 200;

/** What a drafter writes; everything else of a notice follows from it. */
export const NoticeDraft = z.object({
  kind: z.enum(NOTICE_KINDS),
  language: z.enum(PAPER_LANGUAGES).default('zh'),
  addressee: shortLine(200).default('').describe('Whom in the organization; empty: the organization'),
  title: both(shortLine(LONGEST_TITLE)).describe('In each language that the paper has'),
  legalBasis: prose(4000).default('').describe('With version and date of effect; empty: none is named'),
  body: both(prose(20_000)).describe('Paragraphs with an empty line between them'),
  findingIds: z.array(Id).max(MOST_FINDINGS_OF_NOTICE).default([]),
  dueAt: moment
    .nullable()
    .default(null)
    .describe('First moment that is too late, for all of it; null: each finding by its policy'),
  refersTo: Id.nullable().default(null).describe('The issued notice that this one follows'),
  replaces: Id.nullable()
    .default(null)
    .describe('The issued notice that is superseded when this one is issued'),
  decision: NoticeDecision.nullable().default(null),
  consequences: prose(2000).default('').describe('What follows when it is not done; empty: nothing is said'),
  contact: prose(1000).default('').describe('Where to reply and to object, whom to call'),
  tlp: z.enum(TLP).default('AMBER'),
  annex: z
    .boolean()
    .optional()
    .describe('With what the scanners say of each problem; left out: circulars alone have it'),
});
export type NoticeDraft = z.infer<typeof NoticeDraft>;
/** As somebody sends it: what has a default may be left out. */
export type NoticeDraftInput = z.input<typeof NoticeDraft>;

export const DraftNotice = z.object({ organizationId: OrganizationId, draft: NoticeDraft });
export type DraftNotice = z.infer<typeof DraftNotice>;
/** The whole draft anew. The kind stays. */
export const ChangeNotice = z.object({ draft: NoticeDraft });

export const NoticeReason = z.object({ reason: line(1000) });

const person = z.object({ id: Id, name: z.string() });
const organization = z.object({
  id: OrganizationId,
  code: z.string(),
  name: z.string(),
  nameZh: z.string().nullable(),
});
const count = z.int().min(0);
const other = z.object({ id: Id, number: z.string().nullable() });

export const Notice = z
  .object({
    id: Id,
    organization,
    kind: z.enum(NOTICE_KINDS),
    state: z.enum(NOTICE_STATES),
    language: z.enum(PAPER_LANGUAGES),
    title: Text,
    number: z.string().nullable().describe('Null until it is issued; then for ever'),
    findings: count,
    dueAt: Instant.nullable().describe('First moment that is too late, of the notice or its first finding'),
    dueDates: count.describe(
      'How many different dates its findings have; more than one: `dueAt` is the first of them',
    ),
    draftedBy: person.nullable().describe('Null: proposed by the system, and not submitted yet by anybody'),
    draftedAt: Instant,
    submittedAt: Instant.nullable(),
    approvedBy: person.nullable(),
    approvedAt: Instant.nullable(),
    issuedAt: Instant.nullable(),
    contentSha256: Sha256.nullable().describe('Of the canonical JSON of the content'),
    refersTo: other.nullable(),
    replaces: other.nullable(),
    supersededBy: other.nullable(),
    reason: z.string().nullable().describe('Why it was sent back, withdrawn or discarded'),
    endedBy: person.nullable(),
    endedAt: Instant.nullable().describe('When it was withdrawn, superseded or discarded'),
    batchId: Id.nullable(),
    receivedAt: Instant.nullable().describe('The first receipt; null: nobody confirmed it yet'),
    receipts: count,
    copies: count.describe('Signed copies that came back'),
  })
  .meta({ id: 'Notice' });
export type Notice = z.infer<typeof Notice>;

/** A finding as the paper names it; core's NoticeFinding. */
export const NoticeFinding = z.object({
  id: Id,
  asset: z.string(),
  place: z.string(),
  check: z.string(),
  title: z.string().describe('As the tool has it'),
  name: Text.optional().describe('What the product calls the problem, where it has a name for it'),
  measure: Text.optional().describe('What is to be done, as far as the product can tell'),
  cve: z.array(z.string()),
  grade: z.enum(CHINESE_GRADES),
  firstSeen: Instant,
  dueAt: Instant.nullable(),
  dueBasis: Text.nullable().describe('Which row of which policy gave the date; null: a person set it'),
  outcome: z.enum(RETEST_OUTCOMES).nullable(),
  certificateId: Id.nullable(),
});
export type NoticeFinding = z.infer<typeof NoticeFinding>;

/** core's NoticeContent. Before the issue `number` is empty, and `issuedAt` is the moment of reading. */
export const NoticeContent = z
  .object({
    version: z.literal(1),
    kind: z.enum(NOTICE_KINDS),
    language: z.enum(PAPER_LANGUAGES),
    number: z.string(),
    issuedAt: Instant,
    timeZone: z.string(),
    authority: Text,
    organization: z.object({
      id: OrganizationId,
      code: z.string(),
      name: z.string(),
      nameZh: z.string().nullable(),
    }),
    addressee: z.string(),
    title: Text,
    legalBasis: z.string(),
    body: z.object({ zh: z.array(z.string()), en: z.array(z.string()) }),
    findings: z.array(NoticeFinding),
    annex: NoticeAnnex.optional().describe('Left out: the paper has none'),
    dueAt: Instant.nullable(),
    decision: z
      .object({ asked: Text, granted: z.boolean(), reason: z.string(), until: Instant.nullable() })
      .nullable(),
    consequences: z.string().optional(),
    contact: z.string(),
    refersTo: z.string().nullable(),
    drafter: z.string(),
    approver: z.string(),
    tlp: z.enum(TLP),
  })
  .meta({ id: 'NoticeContent' });

/** A paper that came back signed and stamped. */
export const NoticeCopy = z.object({
  no: z.int().min(1),
  fileName: z.string(),
  sizeBytes: count,
  sha256: Sha256,
  note: z.string().nullable(),
  addedBy: person,
  addedAt: Instant,
});
export type NoticeCopy = z.infer<typeof NoticeCopy>;
export const NoticeCopyParams = z.object({ id: Id, no: z.coerce.number().int().min(1).max(100_000) });
export const NoticeCopyFields = z.object({ note: line(500).optional() });

/** The entry of the ledger that says of an issued notice which content it has. */
export const NoticeLedger = z
  .object({
    seq: z.int().min(1).describe('Position in the ledger of the organization'),
    hash: Sha256.describe('Of the entry'),
    same: z.boolean().describe('The content in the ledger is that of the paper'),
  })
  .meta({ id: 'NoticeLedger' });
export type NoticeLedger = z.infer<typeof NoticeLedger>;

export const NoticeDetail = Notice.extend({
  draft: NoticeDraft.nullable().describe('Null for the side of the inspected organization'),
  content: NoticeContent.describe('What the paper says, or would say if it were issued now'),
  whole: z
    .boolean()
    .describe('False: the reader sees only systems of the organization, and the findings of those'),
  settled: z
    .array(Id)
    .describe(
      'Before the issue: findings that it demands and that are proven gone or decided otherwise by now. It is not issued with them',
    ),
  ledger: NoticeLedger.nullable().describe('Of its issue; null before'),
  copiesList: z.array(NoticeCopy),
  allowed: z.array(z.enum(NOTICE_STEPS)).describe('What the reader may do with it now'),
  mayChange: z.boolean().describe('The reader may change the draft'),
  mayAddCopies: z.boolean().describe('The reader may add signed copies'),
  tag: Sha256.nullable().describe(
    'Another one after each change of the draft or the state. In double quotes as `If-Match` it lets a change, a submission, an approval or an issue happen to what was read and to nothing else. Null where `draft` is',
  ),
}).meta({ id: 'NoticeDetail' });
export type NoticeDetail = z.infer<typeof NoticeDetail>;

/** Several values are separated by commas. */
const anyOf = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)).max(values.length))
    .describe(`One or more of ${values.join(', ')}, separated by commas`);

export const NoticeQuery = z.object({
  organizationId: OrganizationId.optional(),
  kind: anyOf(NOTICE_KINDS).optional(),
  state: anyOf(NOTICE_STATES).optional(),
  q: line(100).optional().describe('Part of the number or of the title'),
  batchId: Id.optional(),
  seriesId: Id.optional().describe('In the order of the numbers'),
  waitingForReceipt: z.stringbool().optional().describe('Issued, and confirmed by nobody yet'),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});
/** Latest first; with `seriesId` in the order of their numbers. */
export const NoticeList = z.object({ items: z.array(Notice), nextCursor: NextCursor });

/** Latest first, at most 100. */
export const FindingNotices = z.object({ items: z.array(Notice) });

/** Which findings of an organization a notice is about. */
export const NOTICE_FILTERS = [
  'open',
  'overdue',
  'overdue-unnoticed',
  'unnoticed',
  'unnoticed-urgent',
  'proven',
  'none',
] as const;
export type NoticeFilter = (typeof NOTICE_FILTERS)[number];

export const NoticeProposalQuery = z.object({
  organizationId: OrganizationId,
  kind: z.enum(NOTICE_KINDS),
  language: z.enum(PAPER_LANGUAGES).default('zh'),
  findingIds: z
    .string()
    .max(50_000)
    .transform((text) => text.split(','))
    .pipe(z.array(Id).max(MOST_FINDINGS_OF_NOTICE))
    .optional()
    .describe('Chosen by hand, separated by commas'),
  which: z
    .enum(NOTICE_FILTERS)
    .optional()
    .describe(
      'Where none are chosen: `overdue-unnoticed` past due and in no notice of this kind yet, `unnoticed` open and in no notice yet, `unnoticed-urgent` of these the critical and high ones, `proven` closed by proof since the last closing notice. Left out: what suits the kind',
    ),
  retestId: Id.optional().describe('The outcome of this retest'),
  refersTo: Id.optional(),
});
export type NoticeProposalQuery = z.infer<typeof NoticeProposalQuery>;

/** Words, findings and dates that suit the kind; nothing is stored. */
export const NoticeProposal = z
  .object({
    draft: NoticeDraft,
    content: NoticeContent.describe('What the paper would say'),
    leftOut: count.describe('Findings that match beyond those that one notice can name'),
  })
  .meta({ id: 'NoticeProposal' });
export type NoticeProposal = z.infer<typeof NoticeProposal>;

/** The register of numbers: one series for each issuing node, kind and year. */
export const NoticeSeries = z.object({
  id: Id,
  organizationId: OrganizationId.nullable().describe('The node that issues; null: the installation'),
  kind: z.enum(NOTICE_KINDS),
  year: z.int(),
  issued: count.describe('The numbers 1 to this one, without a gap'),
  void: count.describe('Of these, numbers of withdrawn notices; they keep their number and reason'),
});
export type NoticeSeries = z.infer<typeof NoticeSeries>;
export const NoticeSeriesList = z.object({ items: z.array(NoticeSeries) });

/** To whom a batch goes, of those below its node. */
export const NoticeBatchScope = z.discriminatedUnion('by', [
  z.object({ by: z.literal('node') }),
  z.object({ by: z.literal('key-list'), keyListId: Id }),
  z.object({ by: z.literal('campaign'), campaignId: Id }),
  z.object({
    by: z.literal('organizations'),
    organizationIds: z.array(OrganizationId).min(1).max(MOST_NOTICES_OF_BATCH),
  }),
]);
export type NoticeBatchScope = z.infer<typeof NoticeBatchScope>;

/** `{organization}`, `{findings}` and `{dueAt}` in title and body are filled for each organization. */
export const NoticeBatchPlan = z.object({
  kind: z.enum(NOTICE_KINDS),
  title: line(200).describe('Of the batch, for the people who issue it'),
  organizationId: OrganizationId.nullable()
    .default(null)
    .describe('The node below which it goes; null: the installation'),
  scope: NoticeBatchScope,
  which: z.enum(NOTICE_FILTERS).describe('`none`: no findings, to each organization'),
  fixId: Id.nullable().default(null).describe('Of these only what this measure mends; null: all'),
  draft: NoticeDraft.omit({ kind: true, findingIds: true, refersTo: true, replaces: true, decision: true }),
});
export type NoticeBatchPlan = z.infer<typeof NoticeBatchPlan>;

export const NoticeBatchPreview = z.object({
  organizations: count.describe('Each gets one notice'),
  findings: count,
  withoutFindings: count.describe('In the scope, and nothing to say to them: they get none'),
  tooManyFindings: count.describe('These name only the most pressing 2,000'),
  examples: z
    .array(z.object({ organization, findings: count, title: Text, body: Text }))
    .describe('The first three'),
});
export type NoticeBatchPreview = z.infer<typeof NoticeBatchPreview>;

/** `drafting` and `issuing` are at work; `drafted` waits for its approver. */
export const NOTICE_BATCH_STATES = [
  'drafting',
  'drafted',
  'approved',
  'issuing',
  'issued',
  'discarded',
] as const;
export type NoticeBatchState = (typeof NOTICE_BATCH_STATES)[number];

export const NoticeBatch = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable(),
    kind: z.enum(NOTICE_KINDS),
    title: z.string(),
    state: z.enum(NOTICE_BATCH_STATES),
    draftedBy: person,
    draftedAt: Instant,
    approvedBy: person.nullable(),
    approvedAt: Instant.nullable(),
    finishedAt: Instant.nullable(),
    counts: z.object({
      expected: count.describe('Organizations in the scope'),
      drafted: count.describe('Notices that were made'),
      needless: count.describe('There was nothing to say to them any more'),
      refused: count.describe('Their notice was in no order; `/left-out` says why'),
      issued: count,
      discarded: count,
    }),
    allowed: z.array(z.enum(['approve', 'issue', 'discard'])).describe('What the reader may do with it now'),
  })
  .meta({ id: 'NoticeBatch' });
export type NoticeBatch = z.infer<typeof NoticeBatch>;
/** An organization of a batch that did not get what was drafted and approved for all. */
export const LeftOut = z
  .object({
    organization,
    outcome: z
      .enum(['needless', 'refused', 'drafted-anew', 'held'])
      .describe(
        '`needless`: there is nothing to say to them any more; `refused`: nothing could be drafted; `drafted-anew`: their notice could not be issued, and another one waits for its approval; `held`: it stays approved until the numbers of its office are other ones',
      ),
    code: z.string().nullable().describe('Of the refusal (docs/problems.md); null: there was none'),
    why: Text.nullable(),
    noticeId: Id.nullable().describe('What was drafted anew or is held'),
  })
  .meta({ id: 'LeftOut' });
export type LeftOut = z.infer<typeof LeftOut>;
/** By the code of the organization. */
export const LeftOutList = z.object({ items: z.array(LeftOut), nextCursor: NextCursor });

export const NoticeBatchQuery = z.object({ cursor: Cursor.optional(), limit: limit(200, 50) });
/** Latest first. */
export const NoticeBatchList = z.object({ items: z.array(NoticeBatch), nextCursor: NextCursor });
