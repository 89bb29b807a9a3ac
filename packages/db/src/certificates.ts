import {
  type CertificateParts,
  type Instant,
  inclusionProof,
  type LedgerEntry,
  merkleTree,
  proofOf,
  type Sha256,
  type Supersession,
} from '@backcheck/core';
import type { Db, Tx } from './pool.ts';

export * from './supersessions.ts';

/** The parts that core's `issueCertificate` signs, and whether they still stand. */
export interface StoredCertificate extends CertificateParts {
  readonly supersession: { readonly cause: Supersession['cause']; readonly at: Instant } | null;
}

const CERTIFICATE = `
select l.record, c.leaf_index, e.entry, p.entry as previous, x.cause, x.recorded_at,
  (select array_agg(encode(hash, 'hex') order by leaf_index) from ledger_leaf a where a.organization_id = c.organization_id and a.seq = c.seq) as hashes
from certificate c
join ledger_leaf l using (organization_id, seq, leaf_index)
join ledger e using (organization_id, seq)
left join ledger p on p.organization_id = c.organization_id and p.seq = c.seq - 1
left join supersession x on x.organization_id = c.organization_id and x.certificate_id = c.certificate_id
where c.certificate_id = $1`;

interface Row {
  readonly record: string;
  readonly leaf_index: number;
  readonly entry: LedgerEntry;
  readonly previous: LedgerEntry | null;
  readonly cause: Supersession['cause'] | null;
  readonly recorded_at: Date | null;
  readonly hashes: Sha256[];
}

/**
 * Null when there is no such certificate.
 * @throws when what is stored no longer passes core's review: the database was changed from outside.
 */
export async function findCertificate(db: Db, id: string): Promise<StoredCertificate | null> {
  const { rows } = await db.query<Row>(CERTIFICATE, [id]);
  const row = rows[0];
  if (row === undefined) return null;
  const proof = proofOf(JSON.parse(row.record));
  if (proof.kind === 'refusal')
    throw new Error(`certificate ${id} is stored, but its review fails at ${proof.message}`);
  const superseded = row.cause !== null && row.recorded_at !== null;
  return {
    proof,
    ledger: {
      entry: row.entry,
      previousEntry: row.previous,
      leafIndex: row.leaf_index,
      inclusionProof: inclusionProof(merkleTree(row.hashes), row.leaf_index),
    },
    supersession: superseded ? { cause: row.cause, at: row.recorded_at.toISOString() } : null,
  };
}

/**
 * Notes that this text of a certificate was given out, so that whoever has its hash from a paper can ask for it. The
 * hash covers the signature: nobody can guess it.
 */
export async function noteCertificateHash(tx: Tx, id: string, sha256: Sha256): Promise<void> {
  await tx.query(
    `insert into certificate_hash (organization_id, certificate_id, sha256)
     select organization_id, certificate_id, decode($2, 'hex') from certificate where certificate_id = $1
     on conflict (sha256) do nothing`,
    [id, sha256],
  );
}

/** The certificate whose text was given out with this hash. Null: none was. */
export async function findCertificateByHash(db: Db, sha256: Sha256): Promise<StoredCertificate | null> {
  const { rows } = await db.query<{ id: string }>(
    `select certificate_id as id from certificate_hash where sha256 = decode($1, 'hex')`,
    [sha256],
  );
  return rows[0] === undefined ? null : findCertificate(db, rows[0].id);
}
