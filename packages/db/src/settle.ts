import {
  canonical,
  type LedgerEntry,
  type LedgerKind,
  leafHash,
  type Sha256,
  type Supersession,
} from '@backcheck/core';
import { closuresToProve } from './closures.ts';
import { copyLine, copyLines, hexBytes } from './copy.ts';
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
  and (d.state is distinct from 'verified-fixed' or (c.scan_id, c.at, c.evidence, c.asset_id, c.unsteady) is distinct from (d.scan_id, d.at, d.evidence::smallint, f.asset_id, d.unsteady))
order by f.finding_id`;

interface Leaf {
  readonly hash: Sha256;
  readonly record: string;
}

const INSERT_SUPERSESSIONS = `
insert into supersession (organization_id, certificate_id, cause, seq, leaf_index, recorded_at)
  select $1::int, certificate_id, cause, $2::int, ordinality - 1, $3::timestamptz
  from unnest($4::bigint[], $5::text[]) with ordinality as one(certificate_id, cause, ordinality)`;

const INSERT_CERTIFICATES = `
insert into certificate (organization_id, finding_id, seq, leaf_index, scan_id, evidence, at, asset_id, unsteady)
  select $1::int, d.finding_id, $2::int, $3::int + ordinality - 1, d.scan_id, d.evidence, d.at, f.asset_id, d.unsteady
  from unnest($4::bigint[]) with ordinality as one(finding_id, ordinality) join folded d using (finding_id)
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

  /** Returns the index of the first of these leaves. */
  async write(leaves: readonly Leaf[]): Promise<number> {
    const first = this.hashes.length;
    for (const leaf of leaves) this.hashes.push(leaf.hash);
    const lines = leaves.map(({ hash, record }, index) =>
      copyLine([this.organizationId, this.seq, first + index, hexBytes(hash), record]),
    );
    // Row-level security lets nobody COPY into the table itself.
    await this.tx.query(
      `create temp table if not exists new_leaf (organization_id integer, seq integer, leaf_index integer, hash bytea, record text) on commit drop`,
    );
    await copyLines(this.tx, 'new_leaf', lines);
    await this.tx.query(
      `with moved as (delete from new_leaf returning *)
       insert into ledger_leaf (organization_id, seq, leaf_index, hash, record) select * from moved`,
    );
    return first;
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

async function supersede(tx: Tx, cause: SettleCause, writer: LeafWriter, seq: number): Promise<void> {
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
  await writer.write(leaves);
  await tx.query(INSERT_SUPERSESSIONS, [
    cause.organizationId,
    seq,
    cause.at,
    rows.map((row) => row.certificate_id),
    causes,
  ]);
}

/**
 * The one statement that writes a finding's state. It takes the certificate from the entry just written,
 * so a state can close only beside its proof; the table's constraint says the same once more.
 */
const WRITE_STATES = `
update finding f set state = d.state, reason = d.reason, reason_scan_id = d.reason_scan_id, first_seen = d.first,
  certificate_id = d.certificate_id, changed_at = case when f.state = d.state then f.changed_at else $3::timestamptz end
from (
  select d.*, case when d.state = 'verified-fixed' then coalesce(c.certificate_id, f.certificate_id) end as certificate_id
  from folded d join finding f on f.organization_id = $1 and f.finding_id = d.finding_id
  left join certificate c on c.organization_id = $1 and c.seq = $2 and c.finding_id = d.finding_id) d
where f.organization_id = $1 and f.finding_id = d.finding_id
  and (f.state, f.reason, f.reason_scan_id, f.first_seen, f.certificate_id)
    is distinct from (d.state, d.reason::smallint, d.reason_scan_id, d.first, d.certificate_id)`;

const DROP_UNSEEN = `
delete from finding f using touched t
where f.organization_id = $1 and f.finding_id = t.finding_id and not exists (select from folded d where d.finding_id = f.finding_id)`;

/**
 * Writes what `folded` says: supersessions and closures as leaves of one new ledger entry, then the states,
 * all in the caller's transaction. A closure that does not pass core's review is a fault and stops it.
 */
export async function settle(tx: Tx, cause: SettleCause, organizationName: string): Promise<LedgerEntry> {
  const { organizationId } = cause;
  const head = await ledgerHead(tx, organizationId);
  const writer = new LeafWriter(tx, organizationId, head.seq);
  await supersede(tx, cause, writer, head.seq);
  const organization = { id: `${organizationId}`, name: organizationName };
  for await (const proofs of closuresToProve(tx, organization)) {
    const first = await writer.write(proofs.map(({ leaf, record }) => ({ hash: leaf, record })));
    const closed = proofs.map(({ closure }) => closure.finding.id);
    await tx.query(INSERT_CERTIFICATES, [organizationId, head.seq, first, closed]);
  }
  const entry = await appendToLedger(tx, cause, head, writer.hashes);
  await tx.query(WRITE_STATES, [organizationId, head.seq, cause.at]);
  await tx.query(DROP_UNSEEN, [organizationId]);
  return entry;
}
