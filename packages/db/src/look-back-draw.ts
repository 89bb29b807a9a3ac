import { createHash } from 'node:crypto';
import { allocate, type DrawEntry, drawLine, drawnText, type Instant, SEVERITIES } from '@backcheck/core';
import { INSTALLATION } from './audit-seal.ts';
import { severityCode } from './codes.ts';
import { writeLedgerRecord } from './ledger-record.ts';
import { type LookBackFilter, type LookBackRow, stratumSql } from './look-backs.ts';
import type { Db, Tx } from './pool.ts';

/** Waits for whoever is changing it. False: there is none, or none that this transaction sees. */
export async function lockLookBack(tx: Tx, id: string): Promise<boolean> {
  const { rowCount } = await tx.query('select from look_back where look_back_id = $1 for no key update', [
    id,
  ]);
  return rowCount === 1;
}

/** Everything that is closed at this moment and matches, below the node, becomes the population. */
const FREEZE = `
insert into look_back_finding (organization_id, look_back_id, finding_id, certificate_id, certificate_hash, severity)
select f.organization_id, $1::int, f.finding_id, f.certificate_id, l.hash, f.severity
from finding f
join certificate c on c.organization_id = f.organization_id and c.certificate_id = f.certificate_id
join ledger_leaf l on l.organization_id = c.organization_id and l.seq = c.seq and l.leaf_index = c.leaf_index
where f.state = 'verified-fixed'
  and ($2::int is null or f.organization_id in (select organization_id from organization_ancestor where ancestor_id = $2))
  and ($3::timestamptz is null or c.at >= $3) and ($4::timestamptz is null or c.at < $4)
  and (cardinality($5::smallint[]) = 0 or f.severity = any ($5))
  and (not $6::boolean or exists (
    select from description d join known_exploited k on k.cve = any (d.cve) where d.description_id = f.description_id))
  and (cardinality($7::text[]) = 0 or f.check_id in (select check_id from check_definition where name = any ($7)))`;

const SIZES = `
select ${stratumSql('m', '$2', '$3')} as stratum, count(*)::int as size from look_back_finding m where m.look_back_id = $1 group by 1`;

/** core's drawSample, in bulk: the same bytes are hashed, and bytes sort as their hex digits do. */
const DRAW = `
with ranked as (
  select m.organization_id, m.finding_id, ${stratumSql('m', '$2', '$3')} as stratum, row_number() over (
    partition by ${stratumSql('m', '$2', '$3')}
    order by sha256(convert_to($4, 'UTF8') || '\\x00'::bytea || convert_to(encode(m.certificate_hash, 'hex'), 'UTF8'))) as rank
  from look_back_finding m where m.look_back_id = $1)
update look_back_finding m set drawn = true
from ranked r join unnest($5::text[], $6::int[]) as s(stratum, drawn) using (stratum)
where m.look_back_id = $1 and m.organization_id = r.organization_id and m.finding_id = r.finding_id and r.rank <= s.drawn`;

const NOTE_DRAW = `
update look_back set drawn_by = $2, drawn_at = $3, drawn_seq = $4, population_sha256 = decode($5, 'hex'), drawn_sha256 = decode($6, 'hex'),
  strata_sizes = $7 where look_back_id = $1`;

const valuesOf = ({
  closedFrom,
  closedUntil,
  severities,
  knownExploited,
  checks,
}: LookBackFilter): unknown[] => [
  closedFrom,
  closedUntil,
  severities.map(severityCode.encode),
  knownExploited,
  checks,
];

/**
 * Freezes the population of a published look-back that the caller has locked, draws from it as its publication says and
 * writes the hashes of both lists into the ledger. Returns how many were drawn: 0 means that nothing matches, and then
 * nothing is written.
 */
export async function drawLookBack(
  tx: Tx,
  lookBack: Pick<LookBackRow, 'id' | 'organizationId' | 'rule' | 'sample' | 'strata' | 'seed' | 'method'>,
  { by, at }: { readonly by: number; readonly at: Instant },
): Promise<number> {
  const { id, organizationId, rule, sample, strata, seed, method } = lookBack;
  const frozen = await tx.query(FREEZE, [id, organizationId, ...valuesOf(rule)]);
  if (frozen.rowCount === 0) return 0;
  const { rows } = await tx.query<{ stratum: string; size: number }>(SIZES, [id, strata, SEVERITIES]);
  const drawn = allocate(new Map(rows.map(({ stratum, size }) => [stratum, size])), sample);
  await tx.query(DRAW, [id, strata, SEVERITIES, seed, [...drawn.keys()], [...drawn.values()]]);
  const lists = await digestLists(tx, id);
  const { seq } = await writeLedgerRecord(tx, organizationId ?? INSTALLATION, {
    kind: 'look-back-draw',
    lookBack: id,
    at,
    method,
    population: lists.population,
    drawn: lists.drawn,
  });
  const sizes = rows
    .map(({ stratum, size }) => ({ stratum, population: size, drawn: drawn.get(stratum) ?? 0 }))
    .sort((a, b) => (a.stratum < b.stratum ? -1 : 1));
  await tx.query(NOTE_DRAW, [
    id,
    by,
    at,
    seq,
    lists.population.sha256,
    lists.drawn.sha256,
    JSON.stringify(sizes),
  ]);
  return lists.drawn.size;
}

const PAGE = 10_000;

interface Frozen extends DrawEntry {
  readonly drawn: boolean;
}

const LIST = `
select encode(certificate_hash, 'hex') as certificate, finding_id::text as finding, organization_id::text as organization, severity, drawn
from look_back_finding where look_back_id = $1 and certificate_hash > decode($2, 'hex') order by certificate_hash limit ${PAGE}`;

/** A page of the frozen population, behind this certificate ('' at first): there may be a million. Empty: that was all. */
export async function frozenPopulation(db: Db, id: string, after: string): Promise<readonly Frozen[]> {
  const { rows } = await db.query<Omit<Frozen, 'severity'> & { readonly severity: number }>(LIST, [
    id,
    after,
  ]);
  return rows.map((row) => ({ ...row, severity: severityCode.decode(row.severity) }));
}

/** The text of a page of the published list. */
export const populationText = (page: readonly DrawEntry[]): string =>
  page.map((entry) => `${drawLine(entry)}\n`).join('');

async function digestLists(tx: Tx, id: string) {
  const [population, drawn] = [createHash('sha256'), createHash('sha256')];
  let [size, drawnSize, after] = [0, 0, ''];
  for (;;) {
    const page = await frozenPopulation(tx, id, after);
    const last = page.at(-1);
    if (last === undefined) break;
    const chosen = page.filter((entry) => entry.drawn);
    population.update(populationText(page));
    drawn.update(drawnText(chosen));
    size += page.length;
    drawnSize += chosen.length;
    after = last.certificate;
  }
  return {
    population: { size, sha256: population.digest('hex') },
    drawn: { size: drawnSize, sha256: drawn.digest('hex') },
  };
}
