import {
  type Fact,
  type FindingKey,
  foldWorld,
  type ImportedScan,
  identityOf,
  issueCertificate,
  keyText,
  type ScanRecord,
  verifyCertificate,
  type WorldSettings,
} from '@backcheck/core';
import {
  changeRegister,
  type FindingRow,
  findCertificate,
  insertScanProfile,
  inTransaction,
  listFindings,
  listScanProfiles,
  mergeAssets,
  type ScanProfileRow,
  splitAsset,
  storeScan,
} from '@backcheck/db';
import type pg from 'pg';
import type { SentScan } from './histories.ts';
import type { RegisterEvent } from './register-events.ts';

/** One world twice: as core folds it in memory, and as PostgreSQL has it. */

const TEST_SEED = new Uint8Array(32).fill(7);

/** Readers may name an asset before or after what was seen there. */
async function* factsOf(scan: ImportedScan): AsyncGenerator<Fact[], ScanRecord> {
  const [first, ...later] = scan.assets;
  if (first !== undefined) yield [first];
  yield [...scan.coverage, ...scan.observations];
  yield later;
  return scan.scan;
}

export async function takeIn(
  pool: pg.Pool,
  organizationId: number,
  scan: ImportedScan,
  profile: SentScan['profile'] = null,
): Promise<string> {
  const { importedAt, vantage, submittedBy, declaredBy } = scan;
  const meta = { organizationId, importedAt, vantage, submittedBy, declaredBy, fileName: 'scan.xml' };
  const registered = profile === null ? null : await register(pool, organizationId, profile);
  const outcome = await inTransaction(pool, (tx) =>
    storeScan(tx, { ...meta, profile: registered }, factsOf(scan)),
  );
  return outcome.scanId;
}

/** Each scan of a random history has a profile of its own, so each gets a version of its own. */
async function register(
  pool: pg.Pool,
  organizationId: number,
  profile: NonNullable<SentScan['profile']>,
): Promise<ScanProfileRow> {
  const version = (await listScanProfiles(pool, { organizationId })).length + 1;
  const row = await insertScanProfile(pool, {
    ...profile,
    content: { ...profile.content, version },
    organizationId,
    registeredBy: null,
  });
  if (row === null) throw new Error('a version twice');
  return row;
}

/** As core has it where nothing is asked for. */
export async function newOrganization(
  pool: pg.Pool,
  { crossTool = false, steadyProof = false }: WorldSettings = {},
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into organization (name, cross_tool, steady_proof) values (gen_random_uuid()::text, $1, $2)
     returning organization_id as id`,
    [crossTool, steadyProof],
  );
  return rows[0]?.id ?? 0;
}

export interface Seen {
  readonly state: string;
  readonly reason: string | null;
  readonly reasonScan: string | null;
  readonly first: string;
  readonly last: string;
  readonly proof: {
    readonly scan: string;
    readonly evidence: string;
    readonly at: string;
    readonly witnesses: readonly string[];
    readonly unsteady: readonly string[];
  } | null;
}

export function modelOf(scans: readonly ImportedScan[], settings: WorldSettings = {}): Map<string, Seen> {
  return new Map(
    foldWorld(scans, settings).map(({ key, state, reason, reasonScan, need, closing }) => [
      keyText(key),
      {
        state,
        reason,
        reasonScan,
        first: need.first,
        last: need.last,
        proof:
          closing === null
            ? null
            : {
                scan: closing.scan,
                evidence: closing.evidence,
                at: closing.at,
                witnesses: closing.absences.map((one) => one.scan),
                unsteady: need.unsteady ?? [],
              },
      },
    ]),
  );
}

export const keyOf = (row: FindingRow): FindingKey => ({
  asset: identityOf(row.asset.identifiers),
  transport: row.transport,
  port: row.port,
  check: row.check,
  locus: row.locus,
});

async function proofOfRow(pool: pg.Pool, row: FindingRow): Promise<Seen['proof']> {
  if (row.certificateId === null) return null;
  const stored = await findCertificate(pool, row.certificateId);
  if (stored === null) throw new Error('a finding names a certificate that is not there');
  if (stored.supersession !== null) throw new Error('a finding names a certificate that no longer stands');
  const text = issueCertificate(stored, TEST_SEED);
  if (verifyCertificate(text).verdict !== 'valid') throw new Error('a certificate does not verify');
  const { closure } = stored.proof;
  const decisive = closure.witnesses.at(-1);
  return {
    scan: decisive?.scan.sha256 ?? '',
    evidence: decisive?.claim.evidence ?? '',
    at: closure.at,
    witnesses: closure.witnesses.map(({ scan }) => scan.sha256),
    unsteady: closure.need.unsteady ?? [],
  };
}

export async function databaseOf(pool: pg.Pool, organizationId: number): Promise<Map<string, Seen>> {
  const { items } = await listFindings(pool, {
    organizationId: `${organizationId}`,
    sort: '-severity',
    limit: 200,
  });
  const entries = items.map(async (row): Promise<[string, Seen]> => {
    const { state, reason, reasonScan, firstSeen, lastSeen } = row;
    return [
      keyText(keyOf(row)),
      { state, reason, reasonScan, first: firstSeen, last: lastSeen, proof: await proofOfRow(pool, row) },
    ];
  });
  return new Map(await Promise.all(entries));
}

export const decision = { at: '2026-11-21T03:00:00.000Z', by: 'a test', note: '' };

export async function applyEvent(
  pool: pg.Pool,
  organizationId: number,
  event: RegisterEvent,
): Promise<string> {
  return inTransaction(pool, async (tx) => {
    switch (event.kind) {
      case 'merge':
        return (await mergeAssets(tx, organizationId, { link: event.link, decision })).kind;
      case 'split':
        return (await splitAsset(tx, organizationId, { split: event, decision })).kind;
      case 'dhcp': {
        const kind = event.add ? 'add-dhcp-range' : 'remove-dhcp-range';
        const change = { kind, cidr: event.cidr } as const;
        return (await changeRegister(tx, organizationId, { change, at: decision.at })).kind;
      }
      case 'balanced': {
        const change = { ...event, kind: 'balanced-asset' } as const;
        return (await changeRegister(tx, organizationId, { change, at: decision.at })).kind;
      }
    }
  });
}
