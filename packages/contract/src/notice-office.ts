import {
  isTimeZone,
  makesSameNumbers,
  NOTICE_KINDS,
  NOTICE_STATES,
  numberTemplateFlaw,
} from '@backcheck/core';
import { z } from 'zod';
import { PAPER_LANGUAGES } from './certificates.ts';
import { NoticeLedger } from './notices.ts';
import { Id, Instant, line, OrganizationId, prose, Sha256 } from './wire.ts';

export * from './notice-template-tags.ts';

const NoticeKind = z.enum(NOTICE_KINDS);
const Language = z.enum(PAPER_LANGUAGES);
/** Nothing but white space is nothing. */

const NumberPattern = line(100)
  .refine(
    (pattern) => numberTemplateFlaw(pattern) === null,
    'must contain {yyyy} and {seq} (or {seq:4}), and no other braces',
  )
  .meta({ example: '湖城网安整改〔{yyyy}〕第{seq}号' });

/** Who issues notices, in which words. What was issued keeps the words that held then. */
export const NoticeOfficeContent = z.object({
  authority: z.object({ zh: line(200), en: line(200) }),
  numbers: z
    .record(NoticeKind, NumberPattern)
    .refine(
      (numbers) =>
        NOTICE_KINDS.every((kind) =>
          NOTICE_KINDS.every((other) => other === kind || !makesSameNumbers(numbers[kind], numbers[other])),
        ),
      'two kinds must not have the same numbers',
    ),
  legalBasis: prose(2000).describe('Stands in every paper: name the version and the date of effect in it'),
  consequences: prose(2000)
    .default('')
    .describe('What follows when a demand is not met; empty: papers say nothing of it'),
  contact: prose(500).describe('Where to reply and to object, whom to call'),
  timeZone: line(60).refine(isTimeZone, 'is no name of the IANA list').meta({ example: 'Asia/Shanghai' }),
});
export type NoticeOfficeContent = z.infer<typeof NoticeOfficeContent>;

export const NoticeOfficeQuery = z.object({
  organizationId: OrganizationId.optional().describe('A node of the tree; absent: the whole installation'),
});

const SetOffice = z.object({ office: NoticeOfficeContent, setBy: z.string().nullable(), setAt: Instant });

export const NoticeOffice = z
  .object({
    office: NoticeOfficeContent.describe('What holds at this node'),
    heldBy: z
      .enum(['here', 'above', 'nobody'])
      .describe('`above`: set at a node above; `nobody`: our own words, until somebody sets some'),
    history: z.array(SetOffice).describe('What was set at this very node, the latest first'),
  })
  .meta({ id: 'NoticeOffice' });
export type NoticeOffice = z.infer<typeof NoticeOffice>;

/** A multipart form with the DOCX as `file`. */
export const NoticeTemplateFields = z.object({
  organizationId: OrganizationId.optional(),
  kind: NoticeKind,
  language: Language,
});
export type NoticeTemplateFields = z.infer<typeof NoticeTemplateFields>;

export const NoticeTemplate = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable(),
    kind: NoticeKind,
    language: Language,
    fileName: z.string(),
    sizeBytes: z.int().min(0),
    sha256: Sha256,
    takenInBy: z.string().nullable(),
    takenInAt: Instant,
    inUse: z.boolean().describe('False: a later one of its kind and language took its place'),
  })
  .meta({ id: 'NoticeTemplate' });
export type NoticeTemplate = z.infer<typeof NoticeTemplate>;

export const NoticeTemplateList = z.object({ items: z.array(NoticeTemplate) });
export type NoticeTemplateList = z.infer<typeof NoticeTemplateList>;

export const NoticeSampleQuery = z.object({ kind: NoticeKind, language: Language.default('zh') });

export const NoticePaperQuery = z.object({
  format: z.enum(['pdf', 'docx']).default('pdf'),
  language: Language.optional().describe("Absent: the notice's own"),
  template: z
    .enum(['office', 'own'])
    .default('office')
    .describe('DOCX: `office` fills the template of the office where it has one; `own` is our layout'),
});

/** What anybody with the paper may know: whether it is genuine, and nothing that it says about anybody's systems. */
export const IssuedPaper = z
  .object({
    kind: NoticeKind,
    number: z.string(),
    authority: z.object({ zh: z.string(), en: z.string() }),
    issuedAt: Instant,
    timeZone: z.string().describe('In which the paper gives its dates'),
    state: z.enum(NOTICE_STATES).extract(['issued', 'withdrawn', 'superseded']),
    endedAt: Instant.nullable(),
    supersededBy: z.string().nullable().describe('Number of the notice that took its place'),
    ledger: NoticeLedger.nullable().describe('Where it stands in the ledger of evidence'),
  })
  .meta({ id: 'IssuedPaper' });
export type IssuedPaper = z.infer<typeof IssuedPaper>;
