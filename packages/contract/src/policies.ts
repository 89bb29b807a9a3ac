import {
  CHINESE_GRADES,
  CLOCK_STARTS,
  ESCALATION_STEPS,
  FINDING_CLASSES,
  PAUSES,
  type Policy,
  TERM_UNITS,
  type WorkingCalendar,
} from '@backcheck/core';
import { z } from 'zod';
import { Text } from './text.ts';
import { Id, Instant, line, OrganizationId } from './wire.ts';

const count = z.int().min(0);
const person = z.object({ id: Id, name: z.string() });
const text = z.object({ zh: line(4000), en: line(4000) });
const code = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/, 'small letters, digits and hyphens')
  .meta({ example: 'our-30-60-90' });

/** Sent as well as answered, so these have no name of their own in the OpenAPI document. */
export const Term = z
  .object({ amount: z.int().min(1).max(10_000), unit: z.enum(TERM_UNITS) })
  .meta({ example: { amount: 3, unit: 'working-days' } });

const fix = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('within'), term: Term }),
  z.object({ kind: z.literal('kev-due-date'), otherwise: Term }),
  z.object({ kind: z.literal('upgrade'), review: Term }),
]);

const condition = z.object({
  grade: z.array(z.enum(CHINESE_GRADES)).min(1).max(5).exactOptional(),
  kev: z.boolean().exactOptional(),
  exposed: z.boolean().exactOptional(),
  automatable: z.boolean().exactOptional(),
  technicalImpact: z.enum(['partial', 'total']).exactOptional(),
  class: z.array(z.enum(FINDING_CLASSES)).min(1).max(8).exactOptional(),
  levelFrom: z.int().min(1).max(5).exactOptional(),
  criticalInfrastructure: z.boolean().exactOptional(),
  keyList: z.array(line(60)).min(1).max(20).exactOptional(),
  cveYearFrom: z.int().min(1999).max(9999).exactOptional(),
  hasCve: z.boolean().exactOptional(),
});

export const PolicyRule = z.object({
  id: line(60).describe('Stable within the policy; it is kept with each date that it led to'),
  when: z.array(condition).max(20).describe('Any of them; empty: always'),
  fix,
  acknowledge: Term.exactOptional(),
  interim: Term.exactOptional(),
  plan: Term.exactOptional(),
  retest: Term.exactOptional(),
  tasks: z
    .array(z.object({ id: line(60), term: Term }))
    .max(10)
    .exactOptional(),
  informative: z.boolean().exactOptional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** core's `Policy`: what facts of a finding lead to which terms. */
export const PolicyContent = z.object({
  code,
  title: text,
  source: text,
  clockStart: z.enum(CLOCK_STARTS),
  timeZone: line(60).describe('IANA name').meta({ example: 'Asia/Shanghai' }),
  calendar: line(60).nullable().describe('Code of the working calendar; null: calendar days only'),
  unknownExposure: z.boolean(),
  unknownAutomatable: z.boolean(),
  unknownTechnicalImpact: z.enum(['partial', 'total']),
  rules: z.array(PolicyRule).min(1).max(200).describe('The first that matches holds'),
  pauses: z.array(z.enum(PAUSES)).max(2),
  neverPaused: z.array(z.enum(CHINESE_GRADES)).max(5),
  extension: z.object({ most: z.int().min(0).max(20), upToTerm: z.boolean(), needsInterim: z.boolean() }),
  escalation: z
    .array(
      z.object({
        step: z.enum(ESCALATION_STEPS),
        at: z.union([
          z.object({ share: z.number().min(0).max(1) }),
          z.object({ after: Term.nullable().describe('After the due date; null: on it') }),
        ]),
      }),
    )
    .max(7),
}) satisfies z.ZodType<Policy>;
export type PolicyContent = z.infer<typeof PolicyContent>;

export const DeadlinePolicy = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('Whose policy; null: of the whole installation'),
    version: z.int().min(1),
    preset: z.boolean().describe('Came with the product'),
    content: PolicyContent,
    draftedBy: person.nullable(),
    draftedAt: Instant,
    approvedBy: person.nullable(),
    approvedAt: Instant.nullable().describe('Null: a draft, which cannot be assigned'),
  })
  .meta({ id: 'DeadlinePolicy' });
export type DeadlinePolicy = z.infer<typeof DeadlinePolicy>;

export const POLICY_APPLIES_TO = ['new', 'open'] as const;

export const PolicyAssignment = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('The node; null: the whole installation'),
    organizationName: z.string().nullable(),
    policyId: Id,
    appliesTo: z.enum(POLICY_APPLIES_TO),
    assignedBy: person.nullable(),
    assignedAt: Instant,
  })
  .meta({ id: 'PolicyAssignment' });
export type PolicyAssignment = z.infer<typeof PolicyAssignment>;

export const DeadlinePolicyList = z.object({
  items: z.array(DeadlinePolicy).describe('All versions: presets first, by code, the newest version first'),
  assignments: z.array(PolicyAssignment).describe('All that were ever made, the latest first'),
  defaultCode: z.string().describe('What holds where nothing was assigned'),
});
export type DeadlinePolicyList = z.infer<typeof DeadlinePolicyList>;

export const DraftPolicy = z.object({
  organizationId: OrganizationId.nullable().describe('Null: of the whole installation'),
  content: PolicyContent,
});
export type DraftPolicy = z.infer<typeof DraftPolicy>;

export const AssignPolicy = z.object({
  organizationId: OrganizationId.nullable().describe(
    'The node, with all below it that has no nearer assignment; null: the whole installation',
  ),
  appliesTo: z
    .enum(POLICY_APPLIES_TO)
    .describe('`new`: findings whose cycle starts from now on; `open`: also those that are open now'),
});
export type AssignPolicy = z.infer<typeof AssignPolicy>;

const effect = z.enum(['earlier', 'later', 'same', 'first', 'none']);
export const PREVIEW_EFFECTS = effect.options;
export type PreviewEffect = z.infer<typeof effect>;

/** What a policy or a calendar would change, as of when it was asked; no date was written. */
export const DatesPreview = z
  .object({
    id: Id.nullable().describe(
      'Set where it takes longer: ask again with it until it is no longer `counting`',
    ),
    state: z.enum(['counting', 'done', 'failed']),
    findings: count.describe('Findings that are not closed, below the node'),
    examined: count.describe('How many of them were looked at so far'),
    counts: z
      .array(
        z.object({
          grade: z.enum(CHINESE_GRADES),
          earlier: count,
          later: count,
          same: count.describe('The same date, or still none'),
          first: count.describe('A date where there was none'),
          none: count.describe('No date any more'),
        }),
      )
      .describe('Worst grade first'),
    examples: z
      .array(
        z.object({
          findingId: Id,
          title: z.string(),
          organizationId: OrganizationId,
          grade: z.enum(CHINESE_GRADES),
          effect,
          before: Instant.nullable(),
          after: Instant.nullable(),
          rule: z.string().nullable().describe('Of the new policy'),
        }),
      )
      .describe('Of those whose date changes, at most 50'),
  })
  .meta({ id: 'DatesPreview' });
export type DatesPreview = z.infer<typeof DatesPreview>;

const namedDay = z.object({ day: z.iso.date(), name: text });

/** core's `WorkingCalendar`. */
export const CalendarContent = z.object({
  code,
  title: text,
  source: text.describe('Who announced which year and where'),
  timeZone: line(60).nullable(),
  weekend: z.array(z.int().min(1).max(7)).max(7).describe('1 Monday to 7 Sunday'),
  holidays: z.array(namedDay).max(5000),
  makeUpDays: z.array(namedDay).max(5000).describe('Days of a weekend on which work is made up for'),
  validFrom: z.int().min(1900).max(9999),
  validTo: z.int().min(1900).max(9999),
}) satisfies z.ZodType<WorkingCalendar>;
export type CalendarContent = z.infer<typeof CalendarContent>;

export const Calendar = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable(),
    version: z.int().min(1),
    content: CalendarContent,
    takenInBy: person.nullable().describe('Null: it came with the product'),
    takenInAt: Instant,
    approvedBy: person.nullable().describe('Null with `approvedAt`: it came with the product'),
    approvedAt: Instant.nullable().describe('Null: a draft, by which nothing is counted'),
    replacesId: Id.nullable().describe(
      'Of a draft: the calendar that counts at its node until it is approved',
    ),
    usedBy: z
      .array(z.object({ id: Id, code: z.string(), version: z.int(), title: Text }))
      .describe('Newest versions of policies that count by it'),
  })
  .meta({ id: 'Calendar' });
export type Calendar = z.infer<typeof Calendar>;

export const CalendarList = z.object({
  items: z.array(Calendar).describe('All versions, by code, the newest first'),
});
export type CalendarList = z.infer<typeof CalendarList>;

export const TakeInCalendar = z.union([
  z.object({ organizationId: OrganizationId.nullable(), content: CalendarContent }),
  z.object({
    organizationId: OrganizationId.nullable(),
    code,
    csv: z
      .string()
      .max(500_000)
      .describe(
        'Lines of `day,name,kind`, kind `holiday` or `make-up`; the years in it take the place of those years of the newest version',
      ),
  }),
]);
export type TakeInCalendar = z.infer<typeof TakeInCalendar>;
