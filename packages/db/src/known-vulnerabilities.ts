import type { Instant } from '@backcheck/core';
import type { Db } from './pool.ts';
import { prepared } from './prepared.ts';

/** What the feeds know of one CVE, each statement with the version of the file that it comes from. */
export interface KnownVulnerabilityRow {
  readonly cve: string;
  readonly title: string | null;
  readonly rejected: boolean;
  readonly cwe: readonly string[];
  readonly nvd: { readonly version: string; readonly cvss: readonly string[] } | null;
  readonly list: { readonly version: string; readonly cvss: readonly string[] } | null;
  readonly ssvc: {
    readonly exploitation: 'none' | 'poc' | 'active' | null;
    readonly automatable: boolean | null;
    readonly technicalImpact: 'partial' | 'total' | null;
    readonly assessedAt: Instant | null;
  } | null;
  readonly kev: {
    readonly addedOn: string;
    readonly dueOn: string | null;
    readonly requiredAction: string | null;
    readonly ransomware: boolean | null;
    readonly version: string;
  } | null;
  readonly epss: {
    readonly score: number;
    readonly percentile: number | null;
    readonly version: string;
  } | null;
  readonly national: readonly {
    readonly id: string;
    readonly feed: 'cnvd' | 'cnnvd';
    readonly title: string | null;
    readonly severity: string | null;
    readonly version: string;
  }[];
}

/** A version of `feed` that is in use now: lists that are published whole have one. */
const inUse = (feed: 'kev' | 'epss'): string =>
  `(select version from feed_version where feed = '${feed}' order by feed_version_id desc limit 1)`;

const KNOWN = `
select c.cve, v.title, coalesce(v.rejected, false) as rejected, coalesce(v.cwe, '{}') as cwe,
  v.nvd_cvss, nvd.version as nvd_version, v.cve_cvss, list.version as list_version,
  v.exploitation, v.automatable, v.technical_impact, v.assessed_at,
  k.added_on::text, k.due_on::text, k.required_action, k.ransomware, ${inUse('kev')} as kev_version,
  e.score, e.percentile, ${inUse('epss')} as epss_version,
  coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'feed', n.feed, 'title', n.title, 'severity', n.severity, 'version', w.version) order by n.id)
    from national_vulnerability n join feed_version w using (feed_version_id) where n.cve @> array[c.cve]), '[]') as national
from unnest($1::text[]) with ordinality as c(cve, place)
left join vulnerability v using (cve)
left join feed_version nvd on nvd.feed_version_id = v.nvd_version
left join feed_version list on list.feed_version_id = v.cve_version
left join known_exploited k using (cve)
left join epss e using (cve)
order by c.place`;

interface KnownRow {
  readonly cve: string;
  readonly title: string | null;
  readonly rejected: boolean;
  readonly cwe: string[];
  readonly nvd_cvss: string[] | null;
  readonly nvd_version: string | null;
  readonly cve_cvss: string[] | null;
  readonly list_version: string | null;
  readonly exploitation: 'none' | 'poc' | 'active' | null;
  readonly automatable: boolean | null;
  readonly technical_impact: 'partial' | 'total' | null;
  readonly assessed_at: Date | null;
  readonly added_on: string | null;
  readonly due_on: string | null;
  readonly required_action: string | null;
  readonly ransomware: boolean | null;
  readonly kev_version: string | null;
  readonly score: number | null;
  readonly percentile: number | null;
  readonly epss_version: string | null;
  readonly national: KnownVulnerabilityRow['national'];
}

/** One row for each of these CVEs in their order, also where nothing is known. */
export async function knownVulnerabilities(
  db: Db,
  cves: readonly string[],
): Promise<KnownVulnerabilityRow[]> {
  const { rows } = await db.query<KnownRow>(prepared(KNOWN, [cves]));
  return rows.map(viewOf);
}

function viewOf(row: KnownRow): KnownVulnerabilityRow {
  const { cve, title, rejected, cwe, national } = row;
  return {
    cve,
    title,
    rejected,
    cwe: [...new Set(cwe)],
    nvd: row.nvd_version === null ? null : { version: row.nvd_version, cvss: row.nvd_cvss ?? [] },
    list: row.list_version === null ? null : { version: row.list_version, cvss: row.cve_cvss ?? [] },
    ssvc: ssvcOf(row),
    kev: kevOf(row),
    epss:
      row.score === null
        ? null
        : { score: row.score, percentile: row.percentile, version: row.epss_version ?? '' },
    national,
  };
}

function ssvcOf({ exploitation, automatable, technical_impact: technicalImpact, assessed_at }: KnownRow) {
  if (exploitation === null && automatable === null && technicalImpact === null) return null;
  return { exploitation, automatable, technicalImpact, assessedAt: assessed_at?.toISOString() ?? null };
}

const kevOf = (row: KnownRow) =>
  row.added_on === null
    ? null
    : {
        addedOn: row.added_on,
        dueOn: row.due_on,
        requiredAction: row.required_action,
        ransomware: row.ransomware,
        version: row.kev_version ?? '',
      };

/** CVSS vectors that the scanner gave with a finding; none where the finding is not visible. */
export async function scannedCvss(db: Db, findingId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ cvss: string[] }>(
    'select d.cvss from finding f join description d using (description_id) where f.finding_id = $1',
    [findingId],
  );
  return rows[0]?.cvss ?? [];
}
