import {
  foldWorld,
  type ImportedScan,
  identityOf,
  issueCertificate,
  keyText,
  verifyCertificate,
} from '@backcheck/core';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { assetsOf, give, isSound } from '../../../tests/support/hand-over.ts';
import { historyArb, sampledHistoryArb } from '../../../tests/support/histories.ts';
import { nessusScan } from '../../../tests/support/nessus-scan.ts';
import { newOrganization, takeIn } from '../../../tests/support/stored-world.ts';
import { findCertificate } from './certificates.ts';
import { reasonCode, transportCode } from './codes.ts';
import { createWidePool } from './pool.ts';

const HISTORIES = Number(process.env.BACKCHECK_HISTORIES ?? 20);
const SEED = new Uint8Array(32).fill(7);

let pool: pg.Pool;
beforeAll(async () => {
  const { connectionString } = await freshDatabase();
  pool = createWidePool({ connectionString });
});
afterAll(() => pool.end());

/** What core folds from the scans of each asset, by its name: state, reason and proof of each finding. */
function folded(scansOf: ReadonlyMap<string, readonly ImportedScan[]>): Map<string, unknown> {
  return new Map(
    [...scansOf].flatMap(([identity, scans]) =>
      foldWorld(scans, { steadyProof: true })
        .filter(({ key }) => key.asset === identity)
        .map(({ key, state, reason, reasonScan, closing, need }): [string, unknown] => [
          keyText(key),
          [state, reason, reasonScan, need.first, closing?.scan ?? null, closing?.at ?? null],
        ]),
    ),
  );
}

interface Row {
  readonly asset: string;
  readonly transport: number;
  readonly port: number;
  readonly check: string;
  readonly locus: string;
  readonly state: string;
  readonly reason: number | null;
  readonly reason_scan: string | null;
  readonly first_seen: Date;
  readonly certificate_id: string | null;
}

/** As they are stored: what the list adds from scans that looked elsewhere is not the asset's. */
async function stored(organizationId: number): Promise<Map<string, unknown>> {
  const { rows } = await pool.query<Row>(
    `select a.identity as asset, f.transport, f.port, k.name as check, f.locus, f.state, f.reason, f.first_seen, f.certificate_id,
       (select encode(sha256, 'hex') from scan s where s.organization_id = f.organization_id and s.scan_id = f.reason_scan_id) as reason_scan
     from finding f join asset a using (organization_id, asset_id) join check_definition k using (check_id) where organization_id = $1`,
    [organizationId],
  );
  const entries = rows.map(async (row): Promise<[string, unknown]> => {
    const proof = await proofOf(row.certificate_id, organizationId);
    const reason = row.reason === null ? null : reasonCode.decode(row.reason);
    const first = row.first_seen.toISOString();
    return [
      keyText({ ...row, transport: transportCode.decode(row.transport) }),
      [row.state, reason, row.reason_scan, first, proof?.scan ?? null, proof?.at ?? null],
    ];
  });
  return new Map(await Promise.all(entries));
}

/** The certificate of a closed finding, which must be valid, stand, and be the organization's own. */
async function proofOf(certificateId: string | null, organizationId: number) {
  if (certificateId === null) return null;
  const one = await findCertificate(pool, certificateId);
  if (one === null) throw new Error('a finding names a certificate that is not there');
  expect(one.supersession).toBeNull();
  expect(one.ledger.entry.organization).toBe(`${organizationId}`);
  expect(verifyCertificate(issueCertificate(one, SEED))).toMatchObject({ verdict: 'valid' });
  const last = one.proof.closure.witnesses.at(-1);
  return { scan: last?.scan.sha256 ?? '', at: one.proof.closure.at };
}

/** An organization, and which scans of which asset its findings must follow from. */
class Side {
  readonly id: number;
  readonly scans = new Map<string, readonly ImportedScan[]>();

  constructor(id: number) {
    this.id = id;
  }

  async import(scan: ImportedScan): Promise<void> {
    const { kind } = await takeIn(pool, this.id, scan);
    // What it handed over of a file does not come back with the same file.
    if (kind === 'already-imported') return;
    for (const { identifiers } of scan.assets) this.add(identityOf(identifiers), [scan]);
  }

  /** Gives the assets at these places of its list. */
  async give(to: Side, picks: readonly number[]): Promise<void> {
    const here = [...(await assetsOf(pool, this.id))];
    const chosen = new Map(picks.flatMap((pick) => here.slice(pick % 4, (pick % 4) + 1)));
    const { outcomes } = await give(pool, { from: this.id, to: to.id, assets: [...chosen.values()] });
    expect(outcomes.map(({ kind }) => kind)).toEqual([...chosen].map(() => 'handed-over'));
    for (const identity of chosen.keys()) {
      to.add(identity, this.scans.get(identity) ?? []);
      this.scans.delete(identity);
    }
  }

  async isAsFolded(): Promise<void> {
    expect(await stored(this.id)).toEqual(folded(this.scans));
    await isSound(pool, this.id);
  }

  private add(identity: string, scans: readonly ImportedScan[]): void {
    this.scans.set(identity, [...new Set([...(this.scans.get(identity) ?? []), ...scans])]);
  }
}

/** Three machines on which a weakness was seen, and then proved gone: else few worlds would close anything. */
const MACHINES = [1, 2, 3].map((n) => [{ kind: 'ip' as const, value: `192.0.2.${n}` }]);
const SEEN_AND_GONE = [
  nessusScan('2025-12-01', true, ...MACHINES),
  nessusScan('2025-12-02', false, ...MACHINES),
];

const stepArb = fc.record({
  after: fc.nat(7),
  picks: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
  back: fc.boolean(),
});

describe('after hand-overs the states are those that core folds from the same scans', () => {
  test('whichever assets go, back and forth, with imports on both sides before and after', {
    timeout: 900_000,
  }, async () => {
    const givers: number[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(historyArb, sampledHistoryArb).map((history) => [...SEEN_AND_GONE, ...history]),
        fc.array(fc.constantFrom('giver', 'giver', 'giver', 'receiver', 'both'), {
          minLength: 12,
          maxLength: 12,
        }),
        fc.array(stepArb, { minLength: 1, maxLength: 4 }),
        async (history, importers, steps) => {
          const [giver, receiver] = [
            new Side(await newOrganization(pool)),
            new Side(await newOrganization(pool)),
          ];
          givers.push(giver.id);
          for (const [index, scan] of history.entries()) {
            if (importers[index] !== 'receiver') await giver.import(scan);
            if (importers[index] === 'receiver' || importers[index] === 'both') await receiver.import(scan);
            for (const { picks, back } of steps.filter(({ after }) => after === index)) {
              await (back ? receiver.give(giver, picks) : giver.give(receiver, picks));
            }
          }
          await giver.isAsFolded();
          await receiver.isAsFolded();
          // The whole file takes the place of what hand-overs had brought of it.
          for (const scan of history) await receiver.import(scan);
          await receiver.isAsFolded();
        },
      ),
      { numRuns: HISTORIES, endOnFailure: true },
    );
    // Else the worlds above were too tame to say anything.
    const { rowCount } = await pool.query(
      `select from supersession where organization_id = any ($1) and cause = 'register'`,
      [givers],
    );
    expect(rowCount).toBeGreaterThan(0);
  });
});
