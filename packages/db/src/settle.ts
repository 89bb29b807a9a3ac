import {
  canonical,
  type LedgerEntry,
  type LedgerKind,
  leafHash,
  type Sha256,
  type Supersession,
} from '@backcheck/core';
import { closuresToProve } from './closures.ts';
import { appendToLedger, type LedgerCause, ledgerHead } from './ledger.ts';
import type { Tx } from './pool.ts';

/** A scan taken in, one taken out, a decision on what may close, or a person's word about assets. */
export type SettleCause = LedgerCause & { readonly kind: Exclude<LedgerKind, 'audit'> };

/** Certificates that `folded` no longer bears out: reopened, proved by another absence, or of another asset. */
const SUPERSEDED = `
select f.finding_id, f.certificate_id, encode(l.hash, 'hex') as leaf, d.state = 'verified-fixed' as still_closed,
  encode(s.sha256, 'hex') as scan
from finding f
join certificate c on c.organization_id = f.organization_id and c.certificate_id = f.certificate_id
join ledger_leaf l on l.organization_id = c.organization_id and l.seq = c.seq and l.leaf_index = c.leaf_index
join touched t on t.finding_id = f.finding_id
left join folded d on d.finding_id = f.finding_id
join scan s on s.organization_id = c.organization_id and s.scan_id = case when d.state = 'verified-fixed' then d.scan_id else c.scan_id end
where f.organization_id = $1
  and (d.state is distinct from 'verified-fixed' or (c.witness_scans, c.at, c.evidence, c.asset_id, c.unsteady) is distinct from (d.witness_scans, d.at, d.evidence::smallint, f.asset_id, d.unsteady))
order by f.finding_id`;

interface Leaf {
  readonly hash: Sha256;
  readonly record: string;
}

/** Leaves and what hangs on them in one statement, so that the database writes them while the next are proved. */
const INSERT_LEAVES = `
leaf as (
  insert into ledger_leaf (organization_id, seq, leaf_index, hash, record)
  select $1::int, $2::int, $3::int + ordinality - 1, decode(hash, 'hex'), record from given)`;

const INSERT_SUPERSESSIONS = `
with given as (
  select * from unnest($4::text[], string_to_array($5, chr(10)), $6::bigint[], $7::text[]) with ordinality as one(hash, record, certificate_id, cause, ordinality)),
${INSERT_LEAVES}
insert into supersession (organization_id, certificate_id, cause, seq, leaf_index, recorded_at)
  select $1::int, certificate_id, cause, $2::int, $3::int + ordinality - 1, $8::timestamptz from given`;

const INSERT_CERTIFICATES = `
with given as (
  select * from unnest($4::text[], string_to_array($5, chr(10)), $6::bigint[]) with ordinality as one(hash, record, finding_id, ordinality)),
${INSERT_LEAVES}
insert into certificate (organization_id, finding_id, seq, leaf_index, scan_id, witness_scans, evidence, at, asset_id, unsteady)
  select $1::int, d.finding_id, $2::int, $3::int + ordinality - 1, d.scan_id, d.witness_scans, d.evidence, d.at, f.asset_id, d.unsteady
  from given join folded d using (finding_id)
  join finding f on f.organization_id = $1 and f.finding_id = d.finding_id`;

/** The leaves of one entry, written as they come so that a million closures need no room. */
class LeafWriter {
  readonly hashes: Sha256[] = [];
  private readonly tx: Tx;
  private readonly organizationId: number;
  private readonly seq: number;

  constructor(tx: Tx, organizationId: number, seq: number) {
    this.tx = tx;
    this.organizationId = organizationId;
    this.seq = seq;
  }

  /** `statement` takes organization, entry, index of the first leaf, hashes and records, then `values`. */
  async write(statement: string, leaves: readonly Leaf[], values: readonly unknown[]): Promise<void> {
    const first = this.hashes.length;
    for (const { hash } of leaves) this.hashes.push(hash);
    await this.tx.query(statement, [
      this.organizationId,
      this.seq,
      first,
      leaves.map(({ hash }) => hash),
      // Canonical JSON has no line feed in it; as an array each quote would be escaped on the way.
      leaves.map(({ record }) => record).join('\n'),
      ...values,
    ]);
  }
}

/** What a reopening is called; a certificate that another one takes the place of is `replaced`. */
const REOPENED: Record<SettleCause['kind'], Supersession['cause']> = {
  import: 'regressed',
  quarantine: 'quarantined',
  decision: 'disallowed',
  merge: 'register',
  split: 'register',
  register: 'register',
};

async function supersede(tx: Tx, cause: SettleCause, writer: LeafWriter): Promise<void> {
  const { rows } = await tx.query<{
    finding_id: string;
    certificate_id: string;
    leaf: string;
    still_closed: boolean;
    /** The scan that proves it now, else the one that did. */
    scan: string;
  }>(SUPERSEDED, [cause.organizationId]);
  if (rows.length === 0) return;
  const reopened = REOPENED[cause.kind];
  const causes = rows.map((row): Supersession['cause'] => (row.still_closed ? 'replaced' : reopened));
  const leaves = rows.map((row, index): Leaf => {
    const record: Supersession = {
      kind: 'supersession',
      certificate: row.leaf,
      finding: row.finding_id,
      at: cause.at,
      scan: cause.scan ?? row.scan,
      cause: causes[index] ?? reopened,
    };
    return { hash: leafHash(record), record: canonical(record) };
  });
  await writer.write(INSERT_SUPERSESSIONS, leaves, [rows.map((row) => row.certificate_id), causes, cause.at]);
}

/** Proves what `folded` closes and adds the certificates; the next are proved while the database takes in the last. */
async function certify(
  tx: Tx,
  organization: { readonly id: string; readonly name: string },
  writer: LeafWriter,
): Promise<void> {
  let writing: Promise<void> = Promise.resolve();
  for await (const proofs of closuresToProve(tx, organization)) {
    await writing;
    const leaves = proofs.map(({ leaf, record }) => ({ hash: leaf, record }));
    writing = writer.write(INSERT_CERTIFICATES, leaves, [proofs.map(({ closure }) => closure.finding.id)]);
    // A failure is thrown where it is awaited; until then it must not count as unhandled.
    writing.catch(() => undefined);
  }
  await writing;
}

/**
 * The one statement that writes a finding's state. It takes the certificate from the entry just written,
 * so a state can close only beside its proof; the table's constraint says the same once more.
 */
const CERTIFICATE = `case when d.state = 'verified-fixed' then coalesce(c.certificate_id, f.certificate_id) end`;
const WRITE_STATES = `
update finding f set state = d.state, reason = d.reason, reason_scan_id = d.reason_scan_id, first_seen = d.first,
  certificate_id = ${CERTIFICATE}, changed_at = case when f.state = d.state then f.changed_at else $3::timestamptz end
from folded d left join certificate c on c.organization_id = $1 and c.seq = $2 and c.finding_id = d.finding_id
where f.organization_id = $1 and f.finding_id = d.finding_id
  and (f.state, f.reason, f.reason_scan_id, f.first_seen, f.certificate_id)
    is distinct from (d.state, d.reason::smallint, d.reason_scan_id, d.first, ${CERTIFICATE})`;

const UNSEEN = `
create temp table unseen on commit drop as
  select finding_id from touched t where not exists (select from folded d where d.finding_id = t.finding_id)`;

const DROP_UNSEEN =
  'delete from finding where organization_id = $1 and finding_id in (select finding_id from unseen)';

/**
 * Writes what `folded` says: supersessions and closures as leaves of one new ledger entry, then the states,
 * all in the caller's transaction. A closure that does not pass core's review is a fault and stops it.
 */
export async function settle(tx: Tx, cause: SettleCause, organizationName: string): Promise<LedgerEntry> {
  const { organizationId } = cause;
  const head = await ledgerHead(tx, organizationId);
  const writer = new LeafWriter(tx, organizationId, head.seq);
  await tx.query('create index on folded (finding_id)');
  await supersede(tx, cause, writer);
  await certify(tx, { id: `${organizationId}`, name: organizationName }, writer);
  const entry = await appendToLedger(tx, cause, head, writer.hashes);
  await tx.query(WRITE_STATES, [organizationId, head.seq, cause.at]);
  const unseen = await tx.query(UNSEEN);
  if (unseen.rowCount !== 0) await tx.query(DROP_UNSEEN, [organizationId]);
  // The sums of fixes are behind now, also where no date changes with what was settled.
  await tx.query('insert into fix_unsummed values ($1)', [organizationId]);
  return entry;
}
