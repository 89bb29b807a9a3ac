import {
  CHINESE_GRADES,
  DELAY_REASONS,
  FALSE_POSITIVE_REASONS,
  OBJECTION_GROUNDS,
  REPLY_KINDS,
  REPLY_STATES,
  TAKEN_STEPS,
} from '@backcheck/core';
import { z } from 'zod';
import { UploadIds } from './evidence.ts';
import { Finding } from './findings.ts';
import { FIX_CAUSES } from './retests.ts';
import { Text } from './text.ts';
import { Cursor, Id, Instant, limit, line, NextCursor, OrganizationId, prose, Sha256 } from './wire.ts';

const person = z.object({ id: Id, name: z.string() });
const words = prose(4000).min(1);

/** The first moment that it no longer holds, which is the first that is too late. */
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .meta({ format: 'date-time', example: '2026-12-31T16:00:00.000Z' });

const about = {
  findingIds: z.array(Id).min(1).max(500).describe('All of one organization'),
  noticeId: Id.optional().describe('The notice that it answers'),
  uploadIds: UploadIds.default([]).describe('Evidence: finished uploads (docs/evidence.md)'),
};

const Objection = z.object({
  kind: z.literal('objection'),
  ...about,
  ground: z.enum(OBJECTION_GROUNDS),
  grade: z.enum(CHINESE_GRADES).optional().describe('Ground `grade`: what it should be'),
  until: moment.optional().describe('Ground `deadline`: what it should be'),
  text: words.describe('Why'),
});

const Plan = z.object({
  kind: z.literal('plan'),
  ...about,
  text: words.describe('The measure'),
  cause: z.enum(FIX_CAUSES).exactOptional().describe('What is wrong'),
  interim: words
    .exactOptional()
    .describe('What holds the risk down until then; a measure of its own is verified'),
  resources: words.exactOptional().describe('People, money and downtime that it takes'),
  risk: words.exactOptional().describe('What the change itself can break'),
  rollback: words.exactOptional().describe('How to go back, and when'),
  responsible: line(200).describe('A function or a department, such as "network operations"'),
  until: moment.describe('By when it is done'),
});

const Interim = z.object({
  kind: z.literal('interim'),
  ...about,
  text: words.describe('What holds the risk down until it is fixed'),
});

const Extension = z.object({
  kind: z.literal('extension'),
  ...about,
  reason: z.enum(DELAY_REASONS),
  until: moment.describe('The wished date; before the present one has passed, at most as long again'),
  text: words,
});

const Acceptance = z.object({
  kind: z.literal('acceptance'),
  ...about,
  control: words.describe('What compensates for it meanwhile'),
  until: moment.describe('At most 180 days from now'),
  text: words.describe('Why the risk is borne'),
});

const FalsePositive = z.object({
  kind: z.literal('false-positive'),
  ...about,
  reason: z.enum(FALSE_POSITIVE_REASONS),
  until: moment.describe('At most 365 days from now'),
  text: words,
});

/** What an organization answers to findings. None of it closes any. */
export const MakeReply = z
  .discriminatedUnion('kind', [Objection, Plan, Interim, Extension, Acceptance, FalsePositive])
  .superRefine((reply, context) => {
    if (reply.kind !== 'objection') return;
    const { ground, grade, until } = reply;
    if ((ground === 'grade') !== (grade !== undefined))
      context.addIssue({ code: 'custom', path: ['grade'], message: 'goes with the ground `grade`' });
    if ((ground === 'deadline') !== (until !== undefined))
      context.addIssue({ code: 'custom', path: ['until'], message: 'goes with the ground `deadline`' });
  });
export type MakeReply = z.infer<typeof MakeReply>;

export const ReplyEvidence = z.object({
  no: z.int().min(1),
  fileName: z.string(),
  sizeBytes: z.int().min(0),
  sha256: Sha256,
  addedAt: Instant,
});

/** What it says beside its text, by kind; null where the kind has no such thing. */
const terms = {
  ground: z.enum(OBJECTION_GROUNDS).nullable(),
  grade: z.enum(CHINESE_GRADES).nullable(),
  reason: z.enum([...DELAY_REASONS, ...FALSE_POSITIVE_REASONS]).nullable(),
  responsible: z.string().nullable(),
  control: z.string().nullable(),
  cause: z.enum(FIX_CAUSES).nullable(),
  interim: z.string().nullable(),
  resources: z.string().nullable(),
  risk: z.string().nullable(),
  rollback: z.string().nullable(),
};

export const Reply = z
  .object({
    id: Id,
    organization: z.object({ id: OrganizationId, name: z.string(), nameZh: z.string().nullable() }),
    kind: z.enum(REPLY_KINDS),
    state: z.enum(REPLY_STATES),
    noticeId: Id.nullable(),
    ...terms,
    text: z.string(),
    until: Instant.nullable().describe('Wished'),
    dueBefore: Instant.nullable().describe('Extension: the earliest date of its findings when it was wished'),
    madeBy: person,
    madeAt: Instant,
    signed: z.object({ by: person, at: Instant }).nullable().describe('By the owner of the risk'),
    opinion: z
      .object({ by: person, at: Instant, text: z.string(), inFavour: z.boolean() })
      .nullable()
      .describe('The first of two pairs of eyes'),
    decision: z
      .object({
        by: person,
        at: Instant,
        text: z.string(),
        until: Instant.nullable().describe('May be less than what was wished'),
        grade: z.enum(CHINESE_GRADES).nullable(),
      })
      .nullable(),
    reviewAt: Instant.nullable().describe(
      'Acceptance that was granted: from when on it waits to be looked at again; null: no such thing',
    ),
    ended: z
      .object({ by: person.nullable(), at: Instant, because: z.string().nullable() })
      .nullable()
      .describe('Withdrawn, revoked, or expired by itself'),
    findings: z.int().min(1),
    title: z.string().describe('Of its worst finding'),
    findingId: Id.describe('The same'),
    severity: Finding.shape.severity.describe('Of the same'),
  })
  .meta({ id: 'Reply' });
export type Reply = z.infer<typeof Reply>;

export const ReplyFinding = Finding.pick({
  id: true,
  asset: true,
  transport: true,
  port: true,
  check: true,
  locus: true,
  title: true,
  severity: true,
  state: true,
}).extend({
  dueAt: Instant.nullable(),
  listed: z.boolean().describe('A CVE of it is known to be exploited'),
});
export type ReplyFinding = z.infer<typeof ReplyFinding>;

export const ReplyDetail = Reply.extend({
  evidence: z.array(ReplyEvidence),
  about: z.array(ReplyFinding),
  reviews: z
    .array(z.object({ by: person, at: Instant, text: z.string(), next: Instant }))
    .describe('A borne risk was looked at again and still held; `next`: when it is looked at again'),
  may: z.array(z.enum([...TAKEN_STEPS, 'add-evidence'])).describe('What the caller may do with it now'),
  refused: z
    .array(z.object({ step: z.enum(TAKEN_STEPS), because: Text }))
    .describe('Steps that it waits for and the caller may not take, and why'),
}).meta({ id: 'ReplyDetail' });
export type ReplyDetail = z.infer<typeof ReplyDetail>;

/** Latest first. */
export const ReplyList = z.object({ items: z.array(Reply), nextCursor: NextCursor });
export type ReplyList = z.infer<typeof ReplyList>;

/**
 * `open`: neither decided nor taken back. `decision`: the coordinator's turn. `review`: a borne risk that is to be looked at again. `ending`: what lies over a
 * finding and ends within 14 days.
 */
export const REPLY_WAITS = ['open', 'decision', 'signature', 'review', 'ending'] as const;

export const ReplyQuery = z.object({
  organizationId: OrganizationId.optional(),
  kind: z.enum(REPLY_KINDS).optional(),
  state: z.enum(REPLY_STATES).optional(),
  findingId: Id.optional(),
  waiting: z.enum(REPLY_WAITS).optional(),
  cursor: Cursor.optional(),
  limit: limit(200, 50),
});

/** What may still be said about a finding, and within which limits. */
export const ReplyOffer = z.object({
  kind: z.enum(REPLY_KINDS),
  refusal: Text.nullable().describe('Why not; null: it may be made'),
  before: Instant.nullable().describe('Too late from then on'),
  latest: Instant.nullable().describe('The latest date that it can name'),
  left: z.int().min(0).nullable().describe('How many more extensions there can be'),
  needsInterim: z.boolean(),
  grounds: z.array(z.enum(OBJECTION_GROUNDS)).describe('Objection: grounds that were not decided yet'),
});
export type ReplyOffer = z.infer<typeof ReplyOffer>;

/** One wish for many findings, before it is sent. */
export const PreviewReply = z.object({
  kind: z.enum(REPLY_KINDS),
  findingIds: about.findingIds,
  wholeProblems: z
    .boolean()
    .default(false)
    .describe('With what else of the problems of these findings is not proven gone'),
  ground: z.enum(OBJECTION_GROUNDS).optional(),
  until: moment.optional(),
});
export type PreviewReply = z.infer<typeof PreviewReply>;

/** The limits are the widest of those that take part; with a date or a ground, whoever it does not suit is left out. */
export const ReplyPreview = ReplyOffer.pick({ kind: true, before: true, latest: true, grounds: true })
  .extend({
    findingIds: z.array(Id).describe('It would be about these; more than 500 must be sent in parts'),
    leftOut: z.array(
      Finding.pick({ id: true, title: true, port: true }).extend({ asset: z.string(), because: Text }),
    ),
  })
  .meta({ id: 'ReplyPreview' });
export type ReplyPreview = z.infer<typeof ReplyPreview>;

/** Latest first, at most 100. */
export const FindingReplies = z
  .object({ replies: z.array(Reply), offers: z.array(ReplyOffer) })
  .meta({ id: 'FindingReplies' });
export type FindingReplies = z.infer<typeof FindingReplies>;

export const OpineOnReply = z.object({ inFavour: z.boolean(), text: words });

export const DecideReply = z.object({
  grant: z.boolean(),
  text: words.describe('The reason, which the organization reads'),
  until: moment.optional().describe('Less than what was wished'),
  grade: z.enum(CHINESE_GRADES).optional().describe('Objection to the grade: another than what was wished'),
  notApplicable: z
    .boolean()
    .default(false)
    .describe(
      'Objection to the fact: what it reports is not meant for this asset, until a scan sees it again',
    ),
  reviewAt: moment
    .optional()
    .describe(
      'Acceptance: when it is looked at again, within 90 days and before it ends; else when half of the time is over',
    ),
  notice: z.boolean().default(false).describe('Draft the notice of this decision as well'),
});
export type DecideReply = z.input<typeof DecideReply>;

export const VerifyReply = z.object({ verified: z.boolean(), text: words });

/** A borne risk still holds; where it does not it is revoked. */
export const ReviewReply = z.object({
  text: words.describe('What was looked at, and why it still holds'),
  reviewAt: moment.optional().describe('When next; within 90 days and before it ends'),
});

/** Withdrawn by the organization, or revoked by the coordinator. */
export const EndReply = z.object({ because: words });

export const DecidedReply = ReplyDetail.extend({
  draftedNoticeId: Id.nullable().describe('Where a notice was asked for'),
}).meta({ id: 'DecidedReply' });

/** An upload that is finished (docs/evidence.md). */
export const AddReplyEvidence = z.object({ uploadId: Id });

export const VetoedCheck = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('With all below it; null: the whole installation'),
    check: z.string(),
    reason: z.string(),
    setBy: person.nullable(),
    setAt: Instant,
  })
  .meta({ id: 'VetoedCheck' });
export type VetoedCheck = z.infer<typeof VetoedCheck>;
export const VetoedCheckList = z.object({ items: z.array(VetoedCheck) });

export const VetoCheck = z.object({
  organizationId: OrganizationId.nullable(),
  check: line(300)
    .transform((name) => (/^cve-\d{4}-\d{4,}$/i.test(name) ? name.toUpperCase() : name))
    .describe(
      'Its full name, such as `nessus:51192`, or a CVE; holds for what other tools call the same weakness',
    ),
  reason: line(1000),
});
