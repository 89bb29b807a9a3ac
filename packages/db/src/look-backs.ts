import {
  DRAW_METHOD,
  type Instant,
  type LookBackStrata,
  SEVERITIES,
  type Severity,
  type Sha256,
  type StratumCount,
} from '@backcheck/core';
import { INSTALLATION } from './audit-seal.ts';
import { writeLedgerRecord } from './ledger-record.ts';
import { ORGANIZATION, type OrganizationRow } from './organizations.ts';
import type { Db, Tx } from './pool.ts';

/** Which closed findings are looked back at. Empty lists and null leave a member open. */
export interface LookBackFilter {
  /** When the absence stands from that closed it: from, inclusive, until, exclusive. */
  readonly closedFrom: Instant | null;
  readonly closedUntil: Instant | null;
  readonly severities: readonly Severity[];
  readonly knownExploited: boolean;
  readonly checks: readonly string[];
}

export type LookBackState = 'published' | 'drawn' | 'running' | 'done';

interface LedgerPlace {
  readonly chain: string;
  readonly seq: number;
  readonly hash: Sha256;
}

export interface LookBackStratum extends StratumCount {
  /** A severity, an organization's id, or '' where it is not divided. */
  readonly stratum: string;
}

export interface LookBackRow {
  readonly id: string;
  readonly organizationId: number | null;
  readonly title: string;
  readonly state: LookBackState;
  readonly rule: LookBackFilter;
  readonly sample: number | null;
  readonly strata: LookBackStrata;
  readonly method: string;
  readonly seed: string;
  readonly publishedAt: Instant;
  readonly publishedIn: LedgerPlace;
  readonly drawnAt: Instant | null;
  readonly drawnIn: LedgerPlace | null;
  readonly populationSha256: Sha256 | null;
  readonly drawnSha256: Sha256 | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** Null before the draw. What is drawn and has no outcome is still waited for. */
  readonly counts: readonly LookBackStratum[] | null;
}

/** What one drawn finding `m` came to, its retest `r` and its row there `x`; null: not known yet. */
export const OUTCOME_OF = `case when m.gone then 'inconclusive' else coalesce(x.outcome, case when r.finished_at is not null then 'inconclusive' end) end`;
export const RETEST_OF = `left join retest r on r.organization_id = m.organization_id and r.retest_id = m.retest_id
  left join retest_finding x on x.organization_id = m.organization_id and x.retest_id = m.retest_id and x.finding_id = m.finding_id`;

/** The stratum of a row with the columns of `look_back_finding`; `severities` is the parameter that holds core's list. */
export const stratumSql = (alias: string, strata: string, severities: string): string =>
  `case ${strata} when 'severity' then (${severities}::text[])[${alias}.severity + 1] when 'organization' then ${alias}.organization_id::text else '' end`;

const PLACE = (name: string): string => `json_build_object('chain', l.chain::text, 'seq', l.${name}_seq,
  'hash', (select encode(e.hash, 'hex') from ledger e where e.organization_id = l.chain and e.seq = l.${name}_seq))`;

/** `$1` is core's list of severities. Only the drawn ones are counted here: there may be millions beside them. */
const LOOK_BACK = `
select l.look_back_id::text as id, l.organization_id, l.title, l.rule, l.sample, l.strata, l.method, l.seed, l.published_at,
  ${PLACE('published')} as published_in, l.drawn_at, case when l.drawn_seq is not null then ${PLACE('drawn')} end as drawn_in,
  encode(l.population_sha256, 'hex') as population_sha256, encode(l.drawn_sha256, 'hex') as drawn_sha256, l.started_at,
  l.requested_at, l.strata_sizes, o.outcomes, o.unfinished, o.finished_at
from look_back l
left join lateral (
  select json_object_agg(s.stratum, s.counts) as outcomes, sum(s.unfinished)::int as unfinished, max(s.finished_at) as finished_at
  from (
    select stratum, json_build_object('proven', count(*) filter (where outcome = 'proven'),
        'regressed', count(*) filter (where outcome = 'still-present'),
        'inconclusive', count(*) filter (where outcome = 'inconclusive')) as counts,
      count(*) filter (where not ended) as unfinished, max(finished_at) as finished_at
    from (
      select ${stratumSql('m', 'l.strata', '$1')} as stratum, ${OUTCOME_OF} as outcome,
        m.gone or r.finished_at is not null as ended, r.finished_at
      from look_back_finding m ${RETEST_OF} where m.look_back_id = l.look_back_id and m.drawn) one
    group by stratum) s) o on l.drawn_at is not null`;

type Outcomes = Readonly<Record<string, Pick<StratumCount, 'proven' | 'regressed' | 'inconclusive'>>>;

interface Row {
  readonly id: string;
  readonly organization_id: number | null;
  readonly title: string;
  readonly rule: LookBackFilter;
  readonly sample: number | null;
  readonly strata: LookBackStrata;
  readonly method: string;
  readonly seed: string;
  readonly published_at: Date;
  readonly published_in: LedgerPlace;
  readonly drawn_at: Date | null;
  readonly drawn_in: LedgerPlace | null;
  readonly population_sha256: Sha256 | null;
  readonly drawn_sha256: Sha256 | null;
  readonly started_at: Date | null;
  readonly requested_at: Date | null;
  readonly strata_sizes: readonly { stratum: string; population: number; drawn: number }[] | null;
  readonly outcomes: Outcomes | null;
  readonly unfinished: number | null;
  readonly finished_at: Date | null;
}

const NONE_YET = { proven: 0, regressed: 0, inconclusive: 0 };

function stateOf({ drawn_at, started_at, requested_at, unfinished }: Row): LookBackState {
  if (drawn_at === null) return 'published';
  if (started_at === null) return 'drawn';
  return requested_at !== null && unfinished === 0 ? 'done' : 'running';
}

function lookBackOf(row: Row): LookBackRow {
  const state = stateOf(row);
  const { strata_sizes, outcomes } = row;
  // Where nothing could be asked for, the campaign ended with the asking.
  const ended = row.finished_at ?? row.requested_at;
  return {
    id: row.id,
    organizationId: row.organization_id,
    title: row.title,
    state,
    rule: row.rule,
    sample: row.sample,
    strata: row.strata,
    method: row.method,
    seed: row.seed,
    publishedAt: row.published_at.toISOString(),
    publishedIn: row.published_in,
    drawnAt: row.drawn_at?.toISOString() ?? null,
    drawnIn: row.drawn_in,
    populationSha256: row.population_sha256,
    drawnSha256: row.drawn_sha256,
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: state === 'done' && ended !== null ? ended.toISOString() : null,
    counts: strata_sizes?.map((size) => ({ ...NONE_YET, ...outcomes?.[size.stratum], ...size })) ?? null,
  };
}

/** Latest first; `before` is the id of the last one of the page before. */
export async function listLookBacks(
  db: Db,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<LookBackRow[]> {
  const { rows } = await db.query<Row>(
    `${LOOK_BACK} where $2::bigint is null or l.look_back_id < $2 order by l.look_back_id desc limit $3`,
    [SEVERITIES, before ?? null, limit],
  );
  return rows.map(lookBackOf);
}

export async function findLookBack(db: Db, id: string): Promise<LookBackRow | null> {
  const { rows } = await db.query<Row>(`${LOOK_BACK} where l.look_back_id = $2::bigint`, [SEVERITIES, id]);
  return rows[0] === undefined ? null : lookBackOf(rows[0]);
}

/** Whether the transaction sees every organization from which such a look-back draws. */
export async function seesAllBelow(tx: Tx, organizationId: number): Promise<boolean> {
  const { rows } = await tx.query<{ all: boolean }>(
    `select current_user = 'backcheck_wide' or not exists (
       select from organization_ancestor a where a.ancestor_id = $1
         and a.organization_id not in (select organization_id from visible_organization)) as all`,
    [organizationId],
  );
  return rows[0]?.all === true;
}

export interface NewLookBack {
  readonly organizationId: number | null;
  readonly title: string;
  readonly rule: LookBackFilter;
  readonly sample: number | null;
  readonly strata: LookBackStrata;
  readonly seed: string;
  readonly publishedBy: number;
  readonly at: Instant;
}

/** Publishes it: the ledger says how it will be drawn, before anybody can know what. Returns its id. */
export async function publishLookBack(tx: Tx, wanted: NewLookBack): Promise<string> {
  const { organizationId, title, rule, sample, strata, seed, publishedBy, at } = wanted;
  const drawn = await tx.query<{ id: string }>(`select nextval('look_back_look_back_id_seq')::text as id`);
  const id = drawn.rows[0]?.id;
  if (id === undefined) throw new Error('no id was drawn for a look-back');
  const { seq } = await writeLedgerRecord(tx, organizationId ?? INSTALLATION, {
    kind: 'look-back-publication',
    lookBack: id,
    at,
    organization: organizationId === null ? null : String(organizationId),
    title,
    rule,
    sample,
    strata,
    method: DRAW_METHOD,
    seed,
  });
  await tx.query(
    `insert into look_back (look_back_id, organization_id, title, rule, sample, strata, method, seed, published_by, published_at, published_seq)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      organizationId,
      title,
      JSON.stringify(rule),
      sample,
      strata,
      DRAW_METHOD,
      seed,
      publishedBy,
      at,
      seq,
    ],
  );
  return id;
}

/** Marks a drawn look-back as started and queues the job that asks for its retests. */
export async function startLookBack(
  tx: Tx,
  id: string,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<void> {
  await tx.query('update look_back set started_by = $2, started_at = $3 where look_back_id = $1', [
    id,
    by,
    at,
  ]);
  await tx.query('select queue_look_back($1)', [id]);
}

/** Those of these organizations that the transaction sees. */
export async function organizationsAmong(db: Db, ids: readonly number[]): Promise<OrganizationRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<OrganizationRow>(
    `select ${ORGANIZATION} from organization o where o.organization_id = any ($1::int[])`,
    [ids],
  );
  return rows;
}
