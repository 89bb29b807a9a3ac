import { CREDENTIALS, type Identifier, type Instant, identityOf, type ToRetest } from '@backcheck/core';
import { transportCode } from './codes.ts';
import type { Db } from './pool.ts';

/** A finding that somebody wants looked at again, with whose it is. */
export interface FindingToRetest extends ToRetest {
  readonly organizationId: number;
  readonly assetId: string;
  /** By which ids it was asked for: its own, and those of findings that it absorbed. */
  readonly askedIds: readonly string[];
}

/**
 * Core's `needOf` for up to 500 findings in one statement, from the same rows as refold.ts; differential test in
 * retest-plan.test.ts. Loading the history of each took 500 times as many statements.
 */
const TO_RETEST = `
with named as (
  select one, coalesce((select into_finding_id from absorbed_finding where finding_id = one limit 1), one) as finding_id
  from unnest($1::bigint[]) one),
asked as (select * from finding where finding_id in (select finding_id from named)),
pos as (
  select u.finding_id, s.method, s.credential, c.feed_key, c.version_key, c.vantage
  from sighting s cross join lateral unnest(s.finding_ids) as u(finding_id)
  join asked t on t.organization_id = s.organization_id and t.finding_id = u.finding_id
  join scan c on c.organization_id = s.organization_id and c.scan_id = s.scan_id and c.quarantined_at is null
  where (s.organization_id, s.asset_id) in (select organization_id, asset_id from asked)),
need as (
  select finding_id, bit_or(1 << method) as methods, max(credential) as credential, max(feed_key) as feed_key,
    max(version_key) as version_key, array_agg(distinct vantage order by vantage) as vantages
  from pos group by finding_id)
select f.finding_id, array(select distinct one::text from named where named.finding_id = f.finding_id) as asked_ids,
  f.organization_id, f.asset_id, f.transport, f.port, f.locus, k.name as check, a.identity, a.identifiers,
  o.cross_tool, n.methods, n.credential, n.feed_key, n.version_key, coalesce(n.vantages, '{}') as vantages
from asked f
join asset a on a.organization_id = f.organization_id and a.asset_id = f.asset_id
join organization o on o.organization_id = f.organization_id
join check_definition k on k.check_id = f.check_id
left join need n on n.finding_id = f.finding_id
order by f.finding_id`;

interface Row {
  readonly finding_id: string;
  readonly asked_ids: string[];
  readonly organization_id: number;
  readonly asset_id: string;
  readonly transport: number;
  readonly port: number;
  readonly locus: string;
  readonly check: string;
  readonly identity: string;
  readonly identifiers: Identifier[];
  readonly cross_tool: boolean;
  readonly methods: number | null;
  readonly credential: number | null;
  readonly feed_key: string | null;
  readonly version_key: string | null;
  readonly vantages: string[];
}

/** Those of the asked that this transaction sees, by id; in place of one that was absorbed the one that absorbed it. */
export async function findingsToRetest(db: Db, findingIds: readonly string[]): Promise<FindingToRetest[]> {
  const { rows } = await db.query<Row>(TO_RETEST, [findingIds]);
  return rows.map((row) => ({
    findingId: row.finding_id,
    organizationId: row.organization_id,
    assetId: row.asset_id,
    askedIds: row.asked_ids,
    key: {
      asset: row.identity,
      transport: transportCode.decode(row.transport),
      port: row.port,
      check: row.check,
      locus: row.locus,
    },
    identifiers: byIdentity(row),
    need: {
      methods: row.methods ?? 0,
      credential: CREDENTIALS[row.credential ?? 0] ?? 'privileged',
      feedKey: row.feed_key,
      versionKey: row.version_key,
      vantages: row.vantages,
    },
    crossTool: row.cross_tool,
  }));
}

/** The one that the asset is known by comes first: a tool that is pointed at another one may meet another asset. */
function byIdentity({ identity, identifiers }: Row): Identifier[] {
  const isIdentity = (one: Identifier): boolean => identityOf([one]) === identity;
  return [...identifiers.filter(isIdentity), ...identifiers.filter((one) => !isIdentity(one))];
}

/** A tool of a runner that was seen lately: its version, or the package to install. */
export interface ToolInReach {
  readonly vantage: string;
  readonly engine: string;
  readonly version: string | null;
  readonly install: string | null;
}

/** Of the runners that work for the organization and were seen since then. */
export async function toolsInReach(db: Db, organizationId: number, since: Instant): Promise<ToolInReach[]> {
  const { rows } = await db.query<ToolInReach>(
    'select distinct vantage, engine, version, install from tools_in_reach($1, $2) order by 1, 2, 3',
    [organizationId, since],
  );
  return rows;
}
