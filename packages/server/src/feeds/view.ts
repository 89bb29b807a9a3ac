import {
  type CvssScore,
  type Feed,
  type FeedVersion,
  type KnownVulnerability,
  PROBLEM_CODES,
  problemTexts,
} from '@backcheck/contract';
import { type FeedName, isCvssFlaw, STALE_AFTER_DAYS, scoreOf } from '@backcheck/core';
import type { FeedState, FeedVersionRow, KnownVulnerabilityRow } from '@backcheck/db';

const DAY = 86_400_000;

export function viewFeed(feed: FeedName, state: FeedState, now: Date): Feed {
  const { latest } = state;
  const ageDays = latest === null ? null : ageOf(latest, now);
  const staleAfterDays = state.staleAfter ?? STALE_AFTER_DAYS[feed];
  return {
    feed,
    version: latest?.version ?? null,
    publishedAt: latest?.publishedAt ?? null,
    takenInAt: latest?.takenInAt ?? null,
    takenInBy: latest?.takenInBy ?? null,
    entries: state.known,
    ageDays,
    staleAfterDays,
    stale: ageDays === null || ageDays > staleAfterDays,
    address: state.address,
    asked: state.askedAt !== null,
    failure: failureOf(state),
  };
}

/** Whole days. A file that says it is of tomorrow is as old as its coming. */
function ageOf({ publishedAt, takenInAt }: FeedVersionRow, now: Date): number {
  const said = publishedAt === null || publishedAt > takenInAt ? takenInAt : publishedAt;
  return Math.max(0, Math.floor((now.getTime() - Date.parse(said)) / DAY));
}

function failureOf({ failure, failedAt }: FeedState): Feed['failure'] {
  const code = PROBLEM_CODES.find((one) => one === failure?.code);
  if (failure === null || failedAt === null || code === undefined) return null;
  return { at: failedAt, code, texts: problemTexts(code, failure.facts) };
}

export const viewFeedVersion = (row: FeedVersionRow): FeedVersion => row;

/** `scanned`: vectors that scanners gave of this CVE. */
export function viewKnownVulnerability(
  row: KnownVulnerabilityRow,
  scanned: readonly string[],
): KnownVulnerability {
  const { cve, title, rejected, cwe, kev, epss, ssvc, national, nvd, list } = row;
  const fed = [
    ...(nvd?.cvss ?? []).map((vector) => viewCvss(vector, 'nvd')),
    ...(list?.cvss ?? []).map((vector) => viewCvss(vector, 'cve')),
    ...scanned.map((vector) => viewCvss(vector, null)),
  ];
  const seen = new Map(fed.toReversed().map((one) => [one.vector, one]));
  return {
    cve,
    title,
    rejected,
    cwe: [...cwe],
    // A stable order: what the feeds say of one version stays before what scanners say.
    cvss: fed
      .filter((one) => seen.get(one.vector) === one)
      .sort((a, b) => (b.version ?? '').localeCompare(a.version ?? '')),
    kev: kev === null ? null : { feed: 'kev', ...kev },
    epss: epss === null ? null : { feed: 'epss', ...epss },
    ssvc: ssvc === null ? null : { feed: 'cve', version: list?.version ?? '', ...ssvc },
    national: [...national],
  };
}

function viewCvss(vector: string, feed: FeedName | null): CvssScore {
  const read = scoreOf(vector);
  if (isCvssFlaw(read)) {
    const { position, text } = read;
    const nothing = { version: null, base: null, overall: null, severity: null };
    return { vector, feed, ...nothing, flaw: { position, text } };
  }
  const { version, base, overall, severity } = read;
  return { vector, feed, version, base, overall, severity, flaw: null };
}
