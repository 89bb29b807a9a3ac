import {
  type Fact,
  foldWorld,
  type ImportedScan,
  identityOf,
  keyText,
  type Register,
  type ScanFacts,
  type ScanRecord,
} from '@backcheck/core';
import {
  type FindingRow,
  findCertificate,
  inTransaction,
  listFindings,
  type StoreOutcome,
  storeScan,
} from '@backcheck/db';
import type pg from 'pg';

/** What becomes of a finding; by its key the same for core's world in memory and for PostgreSQL. */
export interface Outcome {
  readonly state: string;
  readonly reason: string | null;
  readonly reasonScan: string | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly proof: { readonly scan: string; readonly evidence: string; readonly at: string } | null;
}

/** A world folded in memory, by the rules of a new organization. */
export function foldedOutcomes(scans: readonly ImportedScan[], register?: Register): Map<string, Outcome> {
  return new Map(
    foldWorld(scans, { register, steadyProof: true }).map(
      ({ key, state, reason, reasonScan, need, closing }) => [
        keyText(key),
        {
          state,
          reason,
          reasonScan,
          firstSeen: need.first,
          lastSeen: need.last,
          proof: closing === null ? null : { scan: closing.scan, evidence: closing.evidence, at: closing.at },
        },
      ],
    ),
  );
}

export async function newOrganization(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    'insert into organization (name) values (gen_random_uuid()::text) returning organization_id as id',
  );
  return rows[0]?.id ?? 0;
}

async function* factsOf(scan: ScanFacts, more: Fact[]): AsyncGenerator<Fact[], ScanRecord> {
  yield [...scan.assets, ...scan.coverage, ...scan.observations, ...more];
  return scan.scan;
}

/** Imports what was read before, with what replay needs not; `importedAt` and the rest are those of the scan. */
export function takeIn(
  pool: pg.Pool,
  organizationId: number,
  scan: ImportedScan,
  more: Fact[] = [],
): Promise<StoreOutcome> {
  const { importedAt, vantage, submittedBy, declaredBy } = scan;
  const meta = { organizationId, importedAt, vantage, submittedBy, declaredBy, fileName: scan.scan.format };
  return inTransaction(pool, (tx) => storeScan(tx, meta, factsOf(scan, more)));
}

/** More findings than any world of these tests has. */
const ALL = 100_000;

export async function listAll(pool: pg.Pool, organizationId: number): Promise<FindingRow[]> {
  const { items } = await listFindings(pool, {
    organizationId: `${organizationId}`,
    sort: '-severity',
    limit: ALL,
  });
  return items;
}

async function proofOf(pool: pg.Pool, { certificateId }: FindingRow): Promise<Outcome['proof']> {
  if (certificateId === null) return null;
  const stored = await findCertificate(pool, certificateId);
  const decisive = stored?.proof.closure.witnesses.at(-1);
  if (stored === null || decisive === undefined)
    throw new Error('a finding names a certificate that is not there');
  if (stored.supersession !== null) throw new Error('a finding names a certificate that no longer stands');
  return { scan: decisive.scan.sha256, evidence: decisive.claim.evidence, at: stored.proof.closure.at };
}

/** The same out of the database, proofs as their certificates tell them. */
export async function storedOutcomes(pool: pg.Pool, organizationId: number): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const row of await listAll(pool, organizationId)) {
    const { state, reason, reasonScan, firstSeen, lastSeen } = row;
    const proof = await proofOf(pool, row);
    const key = keyText({ ...row, asset: identityOf(row.asset.identifiers) });
    outcomes.set(key, { state, reason, reasonScan, firstSeen, lastSeen, proof });
  }
  return outcomes;
}

const printing = new WeakMap<pg.Pool, Promise<string>>();

/** One hash per table of everything that an organization has, ledger and certificates included. */
export async function fingerprint(pool: pg.Pool, organizationId: number): Promise<Record<string, string>> {
  const text = printing.get(pool) ?? hashesOfAllTables(pool);
  printing.set(pool, text);
  // Planned once: a hundred tables take longer to plan than to read.
  const query = { name: 'fingerprint', text: await text, values: [organizationId] };
  const { rows } = await pool.query<{ name: string; hash: string }>(query);
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

async function hashesOfAllTables(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = 'organization_id' order by 1`,
  );
  const hashes = rows.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(r::text, chr(10) order by r::text), '')) as hash from ${name} r where organization_id = $1`,
  );
  return hashes.join(' union all ');
}
