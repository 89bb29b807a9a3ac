import { FEEDS, PRIORITIES, SEVERITIES } from '@backcheck/core';
import { z } from 'zod';
import { PROBLEM_CODES } from './problems.ts';
import { Text } from './text.ts';
import { Id, Instant, Sha256 } from './wire.ts';

const count = z.int().min(0);

/** A public list of what is known of vulnerabilities, the newest version that was taken in, and how old it is. */
export const Feed = z
  .object({
    feed: z.enum(FEEDS),
    version: z
      .string()
      .nullable()
      .describe('As its publisher names it; null: none was taken in yet, and nothing is known from it'),
    publishedAt: Instant.nullable().describe('Null: the file does not say'),
    takenInAt: Instant.nullable(),
    takenInBy: z
      .object({ id: Id, name: z.string() })
      .nullable()
      .describe('Null with a version: fetched by itself'),
    entries: count.describe('That are known now from all files of this feed'),
    ageDays: count
      .nullable()
      .describe('Whole days since it was published, or taken in where the file does not say'),
    staleAfterDays: z.int().min(1),
    stale: z.boolean().describe('Older than that, or never taken in'),
    address: z.string().nullable().describe('Fetched from here once a day; null: only files'),
    asked: z.boolean().describe('A fetch was asked for and has not ended yet'),
    failure: z
      .object({
        at: Instant,
        code: z.enum(PROBLEM_CODES),
        texts: z.object({ title: Text, detail: Text }),
      })
      .nullable()
      .describe('The last fetch, where it failed; what was known before is still in use'),
  })
  .meta({ id: 'Feed' });
export type Feed = z.infer<typeof Feed>;
export const FeedList = z.object({ items: z.array(Feed) });
export type FeedList = z.infer<typeof FeedList>;

export const ByFeed = z.object({ feed: z.enum(FEEDS) });

export const TakeInFeedQuery = z.object({
  older: z
    .stringbool()
    .default(false)
    .describe('`true`: also where the file was published before the version in use'),
});

export const FeedVersion = z
  .object({
    id: Id,
    version: z.string(),
    publishedAt: Instant.nullable(),
    entries: count.describe('In this file'),
    sha256: Sha256.nullable().describe('Of the file as it came'),
    takenInAt: Instant,
    takenInBy: z.object({ id: Id, name: z.string() }).nullable().describe('Null: fetched by itself'),
  })
  .meta({ id: 'FeedVersion' });
export type FeedVersion = z.infer<typeof FeedVersion>;
/** Newest first, at most 200. */
export const FeedVersionList = z.object({ items: z.array(FeedVersion) });
export type FeedVersionList = z.infer<typeof FeedVersionList>;

export const SetFeedAddress = z.object({
  address: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable()
    .describe('http or https, without a user or password in it; null: it is no longer fetched'),
});
export type SetFeedAddress = z.infer<typeof SetFeedAddress>;

export const SetFeedLimit = z.object({
  staleAfterDays: z.int().min(1).max(3650).nullable().describe('Null: the standard of this feed'),
});
export type SetFeedLimit = z.infer<typeof SetFeedLimit>;

/** Where a statement about a CVE comes from. */
const said = {
  feed: z.enum(FEEDS),
  version: z.string().describe('Of the file that said so'),
};

const score = z.number().min(0).max(10);

/** One CVSS vector; one that is not valid has a flaw instead of scores. */
export const CvssScore = z
  .object({
    vector: z.string(),
    feed: z.enum(FEEDS).nullable().describe('Null: the scanner said so'),
    version: z.enum(['2.0', '3.0', '3.1', '4.0']).nullable(),
    base: score.nullable(),
    overall: score.nullable().describe('With threat and environment, where the vector has them'),
    severity: z.enum(SEVERITIES).nullable(),
    flaw: z.object({ position: count.describe('Character of the vector, from 0'), text: Text }).nullable(),
  })
  .meta({ id: 'CvssScore' });
export type CvssScore = z.infer<typeof CvssScore>;

/** What the feeds say about one CVE of a finding. */
export const KnownVulnerability = z
  .object({
    cve: z.string(),
    title: z.string().nullable(),
    rejected: z.boolean().describe('Withdrawn by who assigned the number'),
    cwe: z.array(z.string()),
    cvss: z
      .array(CvssScore)
      .describe('Newest version of CVSS first; what the feeds say before what scanners say'),
    kev: z
      .object({
        addedOn: z.iso.date(),
        dueOn: z.iso.date().nullable().describe("CISA's own date"),
        requiredAction: z.string().nullable(),
        ransomware: z.boolean().nullable(),
        ...said,
      })
      .nullable()
      .describe('Null: not known to be exploited, as far as the list in use goes'),
    epss: z
      .object({
        score: z.number().min(0).max(1).describe('Probability of exploitation within 30 days'),
        percentile: z.number().min(0).max(1).nullable(),
        ...said,
      })
      .nullable(),
    ssvc: z
      .object({
        exploitation: z.enum(['none', 'poc', 'active']).nullable(),
        automatable: z.boolean().nullable(),
        technicalImpact: z.enum(['partial', 'total']).nullable(),
        assessedAt: Instant.nullable(),
        ...said,
      })
      .nullable()
      .describe("CISA's assessment in the CVE record (Vulnrichment)"),
    national: z
      .array(
        z.object({
          id: z.string().meta({ example: 'CNVD-2026-12345' }),
          title: z.string().nullable(),
          severity: z.string().nullable().describe('As given: 高, 中, 低, 超危 and so on'),
          ...said,
        }),
      )
      .describe('CNVD and CNNVD'),
  })
  .meta({ id: 'KnownVulnerability' });
export type KnownVulnerability = z.infer<typeof KnownVulnerability>;

/** One for each CVE of the finding, also for those of which nothing is known. */
export const KnownVulnerabilityList = z.object({ items: z.array(KnownVulnerability) });
export type KnownVulnerabilityList = z.infer<typeof KnownVulnerabilityList>;

/** Why a finding has its priority: `core/score/priority.ts`. */
export const PriorityReason = z
  .object({
    priority: z.enum(PRIORITIES),
    table: z.string().meta({ example: 'ssvc:DT_DP:1.0.0' }),
    row: count.describe('Of the table, from 0'),
    byAnalogy: z.boolean().describe('The finding has no CVE: SSVC speaks of vulnerabilities only'),
    inputs: z.array(
      z.object({ point: z.string(), name: Text, value: z.string(), label: Text, because: Text }),
    ),
  })
  .meta({ id: 'PriorityReason' });
export type PriorityReason = z.infer<typeof PriorityReason>;
