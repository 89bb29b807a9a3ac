import { scanContext } from '../cover/answer.ts';
import { type Claim, claimsOf, namesCheck, namesPort } from '../cover/claim.ts';
import { type Need, needOf } from '../cover/need.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import { identityOf } from '../observe/identity.ts';
import type { CoverageRecord, Identifier, ObservationRecord, ScanRecord } from '../observe/record.ts';
import type { Link } from '../observe/register.ts';
import type { ImportedScan } from '../observe/scan-facts.ts';
import type { StandIn } from '../problem/equivalence.ts';
import { entryHash, type LedgerEntry, NO_ENTRY } from './chain.ts';
import { answeredKey, type Closure, closureOf, leafHash, witnessScan } from './closure.ts';
import { type Sha256, sha256Hex } from './hash.ts';
import { EMPTY_ROOT, inclusionProof, merkleTree } from './merkle.ts';
import { type Proof, proofOf } from './proof.ts';
import type { LedgerPlace } from './statement.ts';

/** TEST KEYS, known to everybody: RFC 8032 section 7.1, TEST 1 and TEST 2. Never sign anything real with them. */
export const TEST_KEY = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
export const OTHER_TEST_KEY = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb';

export const ORGANIZATION = { id: 'example-waterworks', name: 'Example Waterworks 示例市自来水厂' };

const ASSET: readonly Identifier[] = [
  { kind: 'ip', value: '192.0.2.7' },
  { kind: 'fqdn', value: 'www.example.org' },
];

/** One visit of one tool to 192.0.2.7 on a day of 2026: a presence, or what its silence is worth. */
export interface Look {
  readonly day: string;
  readonly tool: ScanRecord['tool'];
  readonly present?: Partial<ObservationRecord> & Pick<ObservationRecord, 'check' | 'port'>;
  readonly absent?: Partial<ObservationRecord> & Pick<ObservationRecord, 'check' | 'port'>;
  readonly coverage?: Partial<CoverageRecord> & Pick<CoverageRecord, 'checks' | 'ports'>;
  readonly scan?: Partial<ScanRecord>;
  readonly from?: Partial<Omit<ImportedScan, 'scan'>>;
  readonly identifiers?: readonly Identifier[];
  /** The check that stands in for that of the finding. */
  readonly standIn?: StandIn;
}

const OBSERVED = {
  record: 'observation',
  asset: 'a1',
  transport: 'tcp',
  locus: '',
  title: 'An invented weakness',
  severity: 'medium',
  cve: [],
  cwe: [],
  cvss: [],
} as const;

const CLAIMED = {
  record: 'coverage',
  asset: 'a1',
  transport: 'tcp',
  method: 'remote',
  evidence: 'E2',
  assumptions: [],
} as const;

/** The scan that a look leaves behind; its hash is that of a name, since nobody opens the file. */
export function scanOf(look: Look): ImportedScan {
  const { day, tool } = look;
  const startedAt = `2026-${day}T08:00:00.000Z`;
  const finishedAt = `2026-${day}T08:05:00.000Z`;
  const observed = (verdict: 'present' | 'absent', given: Look['present']) =>
    given === undefined ? [] : [{ ...OBSERVED, verdict, at: startedAt, ...given }];
  return {
    scan: {
      record: 'scan',
      format: tool.name,
      tool,
      startedAt,
      finishedAt,
      timeSource: 'file',
      complete: true,
      sha256: sha256Hex(`${tool.name} ${day} ${look.from?.vantage ?? ''}`),
      ...look.scan,
    },
    assets: [
      {
        record: 'asset',
        id: 'a1',
        identifiers: look.identifiers ?? ASSET,
        reached: true,
        startedAt,
        finishedAt,
        credential: 'none',
      },
    ],
    coverage: look.coverage === undefined ? [] : [{ ...CLAIMED, ...look.coverage }],
    observations: [...observed('present', look.present), ...observed('absent', look.absent)],
    warnings: [],
    importedAt: finishedAt,
    vantage: 'office',
    submittedBy: 'coordinator',
    declaredBy: null,
    quarantined: false,
    ...look.from,
  };
}

/** What people said about the asset, and why several absences are asked for. */
export interface Said extends Pick<Need, 'samples' | 'unsteady'> {
  readonly links?: readonly Link[];
}

/** The closure of the one finding that all of `before` show, by the one fitting claim of each of `after`. */
export function closureBetween(
  before: readonly Look[],
  after: readonly Look[],
  { links = [], ...demand }: Said = {},
): Closure {
  const sightings = before.map(scanOf).flatMap((scan) =>
    claimsOf(scan).presences.map((presence) => ({
      presence,
      scan: scanContext(scan),
      at: presence.visit.finishedAt ?? scan.importedAt,
    })),
  );
  const need = needOf(sightings);
  const last = sightings.find((one) => one.at === need?.last);
  if (need === null || last === undefined) throw new Error('nothing was ever seen');
  const { presence } = last;
  const { transport, port, check, locus, title, severity, cve } = presence.observation;
  const key: FindingKey = { asset: identityOf(presence.visit.identifiers), transport, port, check, locus };
  return closureOf({
    organization: ORGANIZATION,
    finding: { id: 'finding-1', asset: presence.visit.identifiers, key, title, severity, cve },
    need: { ...need, ...demand },
    links,
    lastSeenIn: last.scan.sha256,
    witnesses: after.map((look) => {
      const scan = scanOf(look);
      const claim = claimFor(answeredKey(key, look.standIn), scan);
      return { scan: witnessScan(scan), claim, standIn: look.standIn ?? null };
    }),
  });
}

/** The claim that fits, or, for the closures that must fail, the nearest there is. */
function claimFor(key: FindingKey, scan: ImportedScan): Claim {
  const { claims } = claimsOf(scan);
  const claim = claims.find((one) => namesPort(one, key) && namesCheck(one, key)) ?? claims[0];
  if (claim === undefined) throw new Error('the scan claims nothing');
  return claim;
}

const TESTSSL = { name: 'testssl', version: '3.0.8', feed: null };
const NESSUS = { name: 'nessus', version: '10.8.3', feed: '202611200001' };
const SSLSCAN = { name: 'sslscan', version: '2.0.7', feed: null };
const NO_SSL3: StandIn = { check: 'sslscan:ssl3', locus: '', equivalence: 'ssl-3.0-offered' };
const POODLE = {
  check: 'testssl:POODLE_SSL',
  port: 443,
  title: 'POODLE, SSL (CVE-2014-3566)',
  severity: 'high',
  cve: ['CVE-2014-3566'],
} as const;
const PLUGIN = { check: 'nessus:51192', port: 443, title: 'SSL Certificate Cannot Be Trusted' } as const;

export const SEEN_BY_TESTSSL: Look = { day: '03-02', tool: TESTSSL, present: POODLE };
export const CLEAN_BY_TESTSSL: Look = { day: '04-11', tool: TESTSSL, absent: POODLE };
export const SEEN_BY_NESSUS: Look = { day: '03-02', tool: NESSUS, present: PLUGIN };
export const CLEAN_BY_NESSUS: Look = {
  day: '04-11',
  tool: NESSUS,
  coverage: { ports: '1-1024,8443', checks: { ranges: '10180-10999,51100-51300,70000' } },
};

/** E3: testssl itself says "not vulnerable" on this port. */
export const explicitClosure = (): Closure => closureBetween([SEEN_BY_TESTSSL], [CLEAN_BY_TESTSSL]);

/** E2: Nessus ran the plugin on the port and says nothing. */
export const silentClosure = (): Closure => closureBetween([SEEN_BY_NESSUS], [CLEAN_BY_NESSUS]);

/** sslscan was refused SSL 3.0 altogether, so POODLE is gone, whoever saw it. */
export const standInClosure = (standIn: StandIn = NO_SSL3): Closure =>
  closureBetween(
    [SEEN_BY_TESTSSL],
    [{ day: '04-11', tool: SSLSCAN, absent: { check: standIn.check, port: 443 }, standIn }],
  );

/** Which plugins were launched is not in the file; the registered profile says it. */
export const profileClosure = (): Closure =>
  closureBetween(
    [SEEN_BY_NESSUS],
    [
      {
        day: '04-11',
        tool: NESSUS,
        coverage: {
          ports: '1-65535',
          checks: { ranges: '51192' },
          assumptions: ['A-launched'],
          profile: { name: 'nessus-all-plugins', version: 1, sha256: sha256Hex('a scan profile') },
        },
      },
    ],
  );

/** The proof of a closure that stands. */
export function proven(closure: Closure): Proof {
  const proof = proofOf(closure);
  if (proof.kind === 'refusal') throw new Error(proof.message);
  return proof;
}

/** A second entry of a ledger, with the closure among `leaves - 1` other leaves. */
export function placeInLedger(leaf: Sha256, { leaves = 5, leafIndex = 2 } = {}): LedgerPlace {
  const hashes = Array.from({ length: leaves }, (_, index) =>
    index === leafIndex ? leaf : sha256Hex(`leaf ${index}`),
  );
  const tree = merkleTree(hashes);
  const first: LedgerEntry = {
    organization: ORGANIZATION.id,
    seq: 1,
    previous: NO_ENTRY,
    kind: 'import',
    at: '2026-03-02T09:00:00.000Z',
    scan: sha256Hex('the first scan'),
    leaves: 0,
    root: EMPTY_ROOT,
  };
  const second: LedgerEntry = {
    ...first,
    seq: 2,
    previous: entryHash(first),
    at: '2026-04-11T09:00:00.000Z',
    scan: sha256Hex('the second scan'),
    leaves,
    root: tree.root,
  };
  return { entry: second, previousEntry: first, leafIndex, inclusionProof: inclusionProof(tree, leafIndex) };
}

export const placeOf = (closure: Closure): LedgerPlace => placeInLedger(leafHash(closure));
