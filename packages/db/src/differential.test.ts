import {
  type Closure,
  type Fact,
  type FindingKey,
  foldWorld,
  type ImportedScan,
  identityOf,
  issueCertificate,
  keyText,
  problemOf,
  type ScanRecord,
  verifyCertificate,
  type Witness,
  type WorldSettings,
  withProfile,
} from '@backcheck/core';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import {
  historyArb,
  type SentScan,
  sampledHistoryArb,
  severalToolsArb,
} from '../../../tests/support/histories.ts';
import {
  afterEvent,
  EMPTY_REGISTER,
  type RegisterEvent,
  registerEventArb,
} from '../../../tests/support/register-events.ts';
import { mergeAssets, splitAsset } from './asset-links.ts';
import { changeRegister } from './asset-register.ts';
import { findCertificate } from './certificates.ts';
import { setCrossTool } from './cross-tool.ts';
import { type FindingRow, listFindings } from './findings.ts';
import { createWidePool, inTransaction } from './pool.ts';
import { differencesOnRefold, quarantineScan } from './refold-all.ts';
import { insertScanProfile, listScanProfiles, type ScanProfileRow } from './scan-profiles.ts';
import { storeScan } from './store-scan.ts';

/** Each history meets a database that already holds all earlier ones, each in an organization of its own. */
const HISTORIES = Number(process.env.BACKCHECK_HISTORIES ?? 80);
const TEST_SEED = new Uint8Array(32).fill(7);

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

/** Readers may name an asset before or after what was seen there. */
async function* factsOf(scan: ImportedScan): AsyncGenerator<Fact[], ScanRecord> {
  const [first, ...later] = scan.assets;
  if (first !== undefined) yield [first];
  yield [...scan.coverage, ...scan.observations];
  yield later;
  return scan.scan;
}

async function takeIn(
  organizationId: number,
  scan: ImportedScan,
  profile: SentScan['profile'] = null,
): Promise<string> {
  const { importedAt, vantage, submittedBy, declaredBy } = scan;
  const meta = { organizationId, importedAt, vantage, submittedBy, declaredBy, fileName: 'scan.xml' };
  const registered = profile === null ? null : await register(organizationId, profile);
  const outcome = await inTransaction(pool, (tx) =>
    storeScan(tx, { ...meta, profile: registered }, factsOf(scan)),
  );
  return outcome.scanId;
}

/** Each scan of a random history has a profile of its own, so each gets a version of its own. */
async function register(
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

async function newOrganization({ crossTool = false }: WorldSettings = {}): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into organization (name, cross_tool) values (gen_random_uuid()::text, $1) returning organization_id as id`,
    [crossTool],
  );
  return rows[0]?.id ?? 0;
}

interface Seen {
  readonly state: string;
  readonly reason: string | null;
  readonly reasonScan: string | null;
  readonly first: string;
  readonly last: string;
  readonly proof: { readonly scan: string; readonly evidence: string; readonly at: string } | null;
}

function modelOf(scans: readonly ImportedScan[], settings: WorldSettings = {}): Map<string, Seen> {
  return new Map(
    foldWorld(scans, settings).map(({ key, state, reason, reasonScan, need, closing }) => [
      keyText(key),
      {
        state,
        reason,
        reasonScan,
        first: need.first,
        last: need.last,
        proof: closing === null ? null : { scan: closing.scan, evidence: closing.evidence, at: closing.at },
      },
    ]),
  );
}

const keyOf = (row: FindingRow): FindingKey => ({
  asset: identityOf(row.asset.identifiers),
  transport: row.transport,
  port: row.port,
  check: row.check,
  locus: row.locus,
});

async function proofOfRow(row: FindingRow): Promise<Seen['proof']> {
  if (row.certificateId === null) return null;
  const stored = await findCertificate(pool, row.certificateId);
  if (stored === null) throw new Error('a finding names a certificate that is not there');
  expect(stored.supersession).toBeNull();
  const text = issueCertificate(stored, TEST_SEED);
  expect(verifyCertificate(text)).toMatchObject({ verdict: 'valid' });
  const { closure } = stored.proof;
  const decisive = closure.witnesses.at(-1);
  return { scan: decisive?.scan.sha256 ?? '', evidence: decisive?.claim.evidence ?? '', at: closure.at };
}

async function databaseOf(organizationId: number): Promise<Map<string, Seen>> {
  const { items } = await listFindings(pool, {
    organizationId: `${organizationId}`,
    sort: '-severity',
    limit: 200,
  });
  const entries = items.map(async (row): Promise<[string, Seen]> => {
    const { state, reason, reasonScan, firstSeen, lastSeen } = row;
    return [
      keyText(keyOf(row)),
      { state, reason, reasonScan, first: firstSeen, last: lastSeen, proof: await proofOfRow(row) },
    ];
  });
  return new Map(await Promise.all(entries));
}

async function witnessesOf(organizationId: number): Promise<readonly Witness[]> {
  const { rows } = await pool.query<{ record: string }>(
    `select record from ledger_leaf where organization_id = $1 and record like '%"witnesses"%'`,
    [organizationId],
  );
  return rows.flatMap(({ record }) => (JSON.parse(record) as Closure).witnesses);
}

/** The keys of findings that are one problem, sorted. */
const groups = (list: readonly { readonly group: string; readonly key: string }[]): string[] =>
  [...Map.groupBy(list, (one) => one.group).values()]
    .map((one) =>
      one
        .map(({ key }) => key)
        .sort()
        .join(' '),
    )
    .sort();

async function problemsOf(organizationId: number): Promise<string[]> {
  const { items } = await listFindings(pool, {
    organizationId: `${organizationId}`,
    sort: '-severity',
    limit: 200,
  });
  return groups(items.map((row) => ({ group: row.problem.key, key: keyText(keyOf(row)) })));
}

const modelProblems = (scans: readonly ImportedScan[]): string[] =>
  groups(
    foldWorld(scans).map(({ key, observation }) => ({
      group: `${key.asset} ${problemOf(observation).key}`,
      key: keyText(key),
    })),
  );
const decision = { at: '2026-11-21T03:00:00.000Z', by: 'a test', note: '' };

async function applyEvent(organizationId: number, event: RegisterEvent): Promise<string> {
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

/** Which identifiers the assets had and when, as stored and as all visits tell it. */
async function identifierRows(organizationId: number): Promise<{ stored: unknown[]; derived: unknown[] }> {
  const stored = await pool.query(
    `select a.identity, i.kind, i.value, i.first_seen, i.last_seen from asset_identifier i join asset a using (organization_id, asset_id)
     where organization_id = $1 order by 1, 2, 3`,
    [organizationId],
  );
  const derived = await pool.query(
    `select a.identity, i.kind, lower(i.value) as value, min(coalesce(v.started_at, s.imported_at)) as first_seen,
       max(coalesce(v.finished_at, v.started_at, s.imported_at)) as last_seen
     from visit v join scan s using (organization_id, scan_id) join asset a using (organization_id, asset_id)
     cross join lateral jsonb_to_recordset(v.identifiers) as i(kind text, value text)
     where organization_id = $1 and v.reached and s.quarantined_at is null group by 1, 2, 3 order by 1, 2, 3`,
    [organizationId],
  );
  return { stored: stored.rows, derived: derived.rows };
}

/** After how many scans an event comes: rather late, when there is something to change. */
const placeOf = (early: number, scans: number): number =>
  Math.min(scans, Math.floor((1 - (early / 100) ** 2) * (scans + 1)));

describe('the database folds in bulk what core folds one by one', () => {
  test('after every import, in any order, states, reasons and proofs are those of the model', {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(historyArb, async (history) => {
        const organizationId = await newOrganization();
        const taken: ImportedScan[] = [];
        for (const scan of history) {
          await takeIn(organizationId, scan);
          taken.push(scan);
          expect(await databaseOf(organizationId)).toEqual(modelOf(taken));
        }
      }),
      { numRuns: HISTORIES },
    );
  });

  test('so it does with scan profiles, and across tools where the organization wants it', {
    timeout: 900_000,
  }, async () => {
    const standIns = new Set<string>();
    const profiles = new Set<string>();
    await fc.assert(
      fc.asyncProperty(severalToolsArb, fc.boolean(), async (sent, crossTool) => {
        const organizationId = await newOrganization({ crossTool });
        const taken: ImportedScan[] = [];
        for (const { scan, profile } of sent) {
          await takeIn(organizationId, scan, profile);
          taken.push(profile === null ? scan : withProfile(scan, profile));
          expect(await databaseOf(organizationId)).toEqual(modelOf(taken, { crossTool }));
        }
        expect(await problemsOf(organizationId)).toEqual(modelProblems(taken));
        const switched = { organizationId, crossTool: !crossTool };
        await inTransaction(pool, (tx) => setCrossTool(tx, switched, '2026-11-21T03:00:00.000Z'));
        expect(await databaseOf(organizationId)).toEqual(modelOf(taken, switched));
        for (const witness of await witnessesOf(organizationId)) {
          if (witness.standIn !== undefined) standIns.add(witness.standIn.check);
          if (witness.profile !== undefined) profiles.add(witness.profile.name);
        }
      }),
      { numRuns: HISTORIES },
    );
    if (HISTORIES < 100) return;
    expect(standIns.size).toBeGreaterThan(0);
    expect(profiles.size).toBeGreaterThan(0);
  });

  test('a full refold finds nothing that the imports left different', { timeout: 900_000 }, async () => {
    const { rows } = await pool.query<{ id: number }>('select organization_id as id from organization');
    expect(rows.length).toBeGreaterThanOrEqual(HISTORIES);
    for (const { id } of rows) expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, id))).toBe(0);
  });

  test('importing a file again changes nothing and quarantining it is as if it had never come', {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(historyArb, fc.nat(), async (history, pick) => {
        const organizationId = await newOrganization();
        const ids: string[] = [];
        for (const scan of history) ids.push(await takeIn(organizationId, scan));
        for (const scan of history) await takeIn(organizationId, scan);
        expect(await databaseOf(organizationId)).toEqual(modelOf(history));
        const out = pick % history.length;
        const scanId = ids[out] ?? '';
        await inTransaction(pool, (tx) =>
          quarantineScan(tx, { organizationId, scanId }, '2026-11-21T03:00:00.000Z'),
        );
        const rest = history.map((scan, index) => (index === out ? { ...scan, quarantined: true } : scan));
        expect(await databaseOf(organizationId)).toEqual(modelOf(rest));
        expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
      }),
      { numRuns: Math.ceil(HISTORIES / 3) },
    );
  });

  test('merges, splits, DHCP ranges and back ends lead to the same states whether they come before the scans or after (I13)', {
    timeout: 900_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        sampledHistoryArb,
        fc.array(fc.tuple(registerEventArb, fc.integer({ min: 0, max: 99 })), { minLength: 1, maxLength: 8 }),
        async (history, events) => {
          const organizationId = await newOrganization();
          let register = EMPTY_REGISTER;
          const taken: ImportedScan[] = [];
          for (let place = 0; place <= history.length; place += 1) {
            for (const [event] of events.filter(([, early]) => placeOf(early, history.length) === place)) {
              const after = afterEvent(register, event);
              const outcome = await applyEvent(organizationId, event);
              expect(outcome === 'refused').toBe(after === null);
              register = after ?? register;
              expect(await databaseOf(organizationId)).toEqual(modelOf(taken, { register }));
            }
            const scan = history[place];
            if (scan === undefined) continue;
            await takeIn(organizationId, scan);
            taken.push(scan);
          }
          expect(await databaseOf(organizationId)).toEqual(modelOf(taken, { register }));
          expect(await inTransaction(pool, (tx) => differencesOnRefold(tx, organizationId))).toBe(0);
          const { stored, derived } = await identifierRows(organizationId);
          expect(stored).toEqual(derived);
        },
      ),
      { numRuns: Math.max(60, Math.ceil(HISTORIES / 3)) },
    );
    // Else the worlds above were too tame to say anything.
    const moved = await pool.query('select from visit where named_asset_id is not null');
    expect(moved.rowCount).toBeGreaterThan(0);
  });
});
