import {
  CHINESE_GRADES,
  CLOCK_STARTS,
  COUNTED_BECAUSE,
  FEEDS,
  FINDING_CLASSES,
  PAUSES,
  PRIORITIES,
} from '@backcheck/core';
import { z } from 'zod';
import { PriorityReason } from './feeds.ts';
import { PolicyRule } from './policies.ts';
import { Text } from './text.ts';
import { Id, Instant } from './wire.ts';

export const DETERMINATION_CAUSES = [
  'first',
  'facts',
  'policy',
  'calendar',
  'extension',
  'pause',
  'regressed',
  'closed',
] as const;
export type DeterminationCause = (typeof DETERMINATION_CAUSES)[number];

const versioned = z.object({ id: Id, code: z.string(), version: z.int() });

/** What the date depends on, as it is now. */
export const DeadlineFactsUsed = z
  .object({
    detectedAt: Instant.describe('First seen, or seen again after it was proven gone'),
    notifiedAt: Instant.nullable().describe('The first notice of this cycle that names it was issued'),
    acknowledgedAt: Instant.nullable(),
    grade: z.enum(CHINESE_GRADES),
    class: z.enum(FINDING_CLASSES),
    cve: z.array(z.string()),
    kev: z.object({ cve: z.string(), addedOn: z.string(), dueOn: z.string().nullable() }).nullable(),
    exposed: z.boolean().nullable().describe('Null: nobody declared it'),
    automatable: z.boolean().nullable(),
    technicalImpact: z.enum(['partial', 'total']).nullable(),
    level: z.int().nullable(),
    criticalInfrastructure: z.boolean(),
    keyLists: z.array(z.string()),
    fixAvailable: z.boolean().nullable(),
    pauses: z.array(z.object({ kind: z.enum(PAUSES), from: Instant, until: Instant.nullable() })),
    extensions: z
      .array(z.object({ to: Instant, at: Instant }))
      .describe('Later dates that were granted, and when; what stood still since moves each of them'),
  })
  .meta({ id: 'DeadlineFactsUsed' });
export type DeadlineFactsUsed = z.infer<typeof DeadlineFactsUsed>;

/** Until when, and why. Instants are the first moment that is too late. */
export const DeterminedDeadline = z
  .object({
    no: z.int().min(1),
    determinedAt: Instant,
    cause: z.enum(DETERMINATION_CAUSES).describe('What differs from the one before'),
    cycleStart: Instant,
    policy: versioned
      .extend({ title: Text, source: Text, timeZone: z.string() })
      .nullable()
      .describe('Null: the default, before anything was stored'),
    calendar: versioned.nullable().describe('By which working days are counted'),
    rule: PolicyRule.nullable().describe(
      'The row of the policy that matched; null: it says nothing about such findings',
    ),
    informative: z.boolean(),
    clockStart: Instant.nullable().describe('Null: the clock has not started'),
    clockBasis: z.enum(CLOCK_STARTS),
    demand: z.enum(['fix', 'upgrade', 'mitigate']),
    dueAt: Instant.nullable(),
    acknowledgeBy: Instant.nullable(),
    interimBy: Instant.nullable(),
    planBy: Instant.nullable(),
    tasks: z.array(z.object({ id: z.string(), by: Instant })),
    pausedSeconds: z.int(),
    paused: z.enum(PAUSES).nullable(),
    counted: z
      .array(
        z.object({ from: Instant, until: Instant.nullable(), why: z.enum(['grade', ...COUNTED_BECAUSE]) }),
      )
      .describe(
        'A retest or an objection waited and the clock ran: the grade is never paused, the authorization allowed no test, the organization had stopped all tests or this retest, or two retests before had shown the finding still present',
      ),
    extendedTo: Instant.nullable(),
    calendarEnds: z
      .string()
      .nullable()
      .describe('The last day that the working calendar knows, where the date goes beyond it'),
    facts: DeadlineFactsUsed,
    priority: PriorityReason,
    epss: z.object({ cve: z.string(), score: z.number() }).nullable(),
  })
  .meta({ id: 'DeterminedDeadline' });
export type DeterminedDeadline = z.infer<typeof DeterminedDeadline>;

export const FindingDeadline = z
  .object({
    present: DeterminedDeadline.nullable().describe('Null: closed, or not determined yet'),
    done: z
      .object({
        acknowledged: Instant.nullable(),
        interim: Instant.nullable().describe('Filed then, and verified since'),
        plan: Instant.nullable().describe('Filed'),
      })
      .describe('When what the dates beside `dueAt` ask for was done in this cycle; null: not yet'),
    provenAt: Instant.nullable().describe('When a scan saw that it was gone; null: it is not closed'),
    turn: z.enum(['us', 'them']).nullable(),
    feeds: z
      .array(
        z.object({
          feed: z.enum(FEEDS),
          version: z.string().nullable().describe('Null: none was taken in yet'),
          publishedAt: Instant.nullable(),
          takenInAt: Instant.nullable(),
        }),
      )
      .describe('What is known of vulnerabilities comes from these'),
    history: z
      .array(
        z.object({
          no: z.int(),
          determinedAt: Instant,
          cause: z.enum(DETERMINATION_CAUSES),
          cycleStart: Instant,
          dueAt: Instant.nullable(),
          paused: z.enum(PAUSES).nullable().describe('The clock stood still then, and why'),
          priority: z.enum(PRIORITIES),
          policy: versioned.nullable(),
          rule: z.string().nullable(),
        }),
      )
      .describe('Everything that was ever determined, newest first, at most 200'),
  })
  .meta({ id: 'FindingDeadline' });
export type FindingDeadline = z.infer<typeof FindingDeadline>;
