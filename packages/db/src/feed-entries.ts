import type { FeedName } from '@backcheck/core';
import { type Cell, copyLine, copyLines } from './copy.ts';
import type { Tx } from './pool.ts';

/** Entries as `readFeed` of the scans gives them. */
export interface KevRow {
  readonly cve: string;
  readonly addedOn: string;
  readonly dueOn: string | null;
  readonly name: string | null;
  readonly requiredAction: string | null;
  readonly ransomware: boolean | null;
}
export interface EpssRow {
  readonly cve: string;
  readonly score: number;
  readonly percentile: number | null;
}
export interface VulnerabilityRow {
  readonly cve: string;
  readonly title: string | null;
  readonly rejected: boolean;
  readonly cvss: readonly string[];
  readonly cwe: readonly string[];
  readonly ssvc: {
    readonly exploitation: string | null;
    readonly automatable: boolean | null;
    readonly technicalImpact: string | null;
    readonly assessedAt: string | null;
  } | null;
}
export interface NationalRow {
  readonly id: string;
  readonly cve: readonly string[];
  readonly title: string | null;
  readonly severity: string | null;
  readonly publishedOn: string | null;
}

interface FeedRows {
  readonly kev: KevRow;
  readonly epss: EpssRow;
  readonly nvd: VulnerabilityRow;
  readonly cve: VulnerabilityRow;
  readonly cnvd: NationalRow;
  readonly cnnvd: NationalRow;
}

/** How the entries of a feed reach their table. */
interface Way<Row> {
  readonly columns: string;
  readonly cells: (row: Row) => readonly Cell[];
  /** From `st_feed` to the table; `$1` is the new version. Only what changed is written. */
  readonly merge: readonly string[];
  readonly count: string;
}

/** A list that is published whole takes the place of the one before: what was withdrawn goes. */
const withdrawn = (table: string): string =>
  `delete from ${table} t where not exists (select from st_feed s where s.cve = t.cve) and $1::integer is not null`;

const KEV: Way<KevRow> = {
  columns: 'cve text, added_on date, due_on date, name text, required_action text, ransomware boolean',
  cells: (row) => [row.cve, row.addedOn, row.dueOn, row.name, row.requiredAction, row.ransomware],
  merge: [
    withdrawn('known_exploited'),
    `insert into known_exploited as k (cve, added_on, due_on, name, required_action, ransomware)
     select cve, added_on, due_on, name, required_action, ransomware from st_feed where $1::integer is not null
     on conflict (cve) do update set added_on = excluded.added_on, due_on = excluded.due_on, name = excluded.name,
       required_action = excluded.required_action, ransomware = excluded.ransomware
     where (k.added_on, k.due_on, k.name, k.required_action, k.ransomware)
       is distinct from (excluded.added_on, excluded.due_on, excluded.name, excluded.required_action, excluded.ransomware)`,
  ],
  count: 'select count(*)::int as known from known_exploited',
};

const EPSS: Way<EpssRow> = {
  columns: 'cve text, score real, percentile real',
  cells: (row) => [row.cve, row.score, row.percentile],
  merge: [
    withdrawn('epss'),
    `insert into epss as e (cve, score, percentile) select cve, score, percentile from st_feed where $1::integer is not null
     on conflict (cve) do update set score = excluded.score, percentile = excluded.percentile
     where (e.score, e.percentile) is distinct from (excluded.score, excluded.percentile)`,
  ],
  count: 'select count(*)::int as known from epss',
};

const VULNERABILITY = {
  columns:
    'cve text, title text, rejected boolean, cvss text[], cwe text[], exploitation text, automatable boolean, technical_impact text, assessed_at timestamptz',
  cells: ({ ssvc, ...row }: VulnerabilityRow): readonly Cell[] => [
    row.cve,
    row.title,
    row.rejected,
    row.cvss,
    row.cwe,
    ssvc?.exploitation,
    ssvc?.automatable,
    ssvc?.technicalImpact,
    ssvc?.assessedAt,
  ],
};

/**
 * What a file of a later day said of an entry stays, unless somebody wants the older one. So the version is written also
 * where nothing else differs: it says until when the entry is known to hold.
 */
const notOlder = (version: string): string =>
  `($2::boolean or coalesce((select w.published_at from feed_version w where w.feed_version_id = ${version})
     <= (select w.published_at from feed_version w where w.feed_version_id = $1), true))`;

const NVD: Way<VulnerabilityRow> = {
  ...VULNERABILITY,
  merge: [
    // The CVE list's title is short and stays; NVD's is its description.
    `insert into vulnerability as v (cve, title, rejected, nvd_version, nvd_cvss, nvd_cwe)
     select cve, title, rejected, $1, cvss, cwe from st_feed
     on conflict (cve) do update set title = case when v.cve_version is null then excluded.title else coalesce(v.title, excluded.title) end,
       rejected = excluded.rejected, nvd_version = excluded.nvd_version, nvd_cvss = excluded.nvd_cvss, nvd_cwe = excluded.nvd_cwe
     where ${notOlder('v.nvd_version')}`,
  ],
  count: 'select count(*)::int as known from vulnerability where nvd_version is not null',
};

const CVE: Way<VulnerabilityRow> = {
  ...VULNERABILITY,
  merge: [
    `insert into vulnerability as v (cve, title, rejected, cve_version, cve_cvss, cve_cwe, exploitation, automatable, technical_impact, assessed_at)
     select cve, title, rejected, $1, cvss, cwe, exploitation, automatable, technical_impact, assessed_at from st_feed
     on conflict (cve) do update set title = coalesce(excluded.title, v.title), rejected = excluded.rejected, cve_version = excluded.cve_version,
       cve_cvss = excluded.cve_cvss, cve_cwe = excluded.cve_cwe, exploitation = excluded.exploitation, automatable = excluded.automatable,
       technical_impact = excluded.technical_impact, assessed_at = excluded.assessed_at
     where ${notOlder('v.cve_version')}`,
  ],
  count: 'select count(*)::int as known from vulnerability where cve_version is not null',
};

const national = (feed: 'cnvd' | 'cnnvd'): Way<NationalRow> => ({
  columns: 'id text, cve text[], title text, severity text, published_on date',
  cells: (row) => [row.id, row.cve, row.title, row.severity, row.publishedOn],
  merge: [
    `insert into national_vulnerability as n (id, feed, cve, title, severity, published_on, feed_version_id)
     select id, '${feed}', cve, title, severity, published_on, $1 from st_feed
     on conflict (id) do update set cve = excluded.cve, title = excluded.title, severity = excluded.severity,
       published_on = excluded.published_on, feed_version_id = excluded.feed_version_id
     where ${notOlder('n.feed_version_id')}`,
  ],
  count: `select count(*)::int as known from national_vulnerability where feed = '${feed}'`,
});

const WAYS: { readonly [Name in FeedName]: Way<FeedRows[Name]> } = {
  kev: KEV,
  epss: EPSS,
  nvd: NVD,
  cve: CVE,
  cnvd: national('cnvd'),
  cnnvd: national('cnnvd'),
};

/**
 * Makes the temporary table of this transaction that entries are gathered in. One at a time for each feed: whoever
 * comes second waits.
 */
export async function openFeed(tx: Tx, feed: FeedName): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('feed:' || $1, 0))`, [feed]);
  await tx.query(`create temp table st_feed (${WAYS[feed].columns}) on commit drop`);
}

export async function stageFeed<Name extends FeedName>(
  tx: Tx,
  feed: Name,
  rows: readonly FeedRows[Name][],
): Promise<void> {
  const { cells } = WAYS[feed];
  if (rows.length > 0)
    await copyLines(
      tx,
      'st_feed',
      rows.map((row) => copyLine(cells(row))),
    );
}

/** Brings what was gathered into the tables; gives how many entries the file had. */
export async function mergeFeed(
  tx: Tx,
  feed: FeedName,
  feedVersionId: number,
  older: boolean,
): Promise<void> {
  for (const statement of WAYS[feed].merge)
    await tx.query(statement, statement.includes('$2') ? [feedVersionId, older] : [feedVersionId]);
}

/** How many were gathered, and how many are known now. */
export async function countFeed(
  tx: Tx,
  feed: FeedName,
): Promise<{ readonly entries: number; readonly known: number }> {
  const { rows } = await tx.query<{ entries: number; known: number }>(
    `select (select count(*)::int from st_feed) as entries, c.known from (${WAYS[feed].count}) c`,
  );
  return rows[0] ?? { entries: 0, known: 0 };
}
