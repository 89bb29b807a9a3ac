import { foldWorld, type ObservationRecord, type ScanFacts } from '@backcheck/core';
import { createWidePool, inTransaction, storeScan } from '@backcheck/db';
import { READERS, readScan, UnreadableScan } from '@backcheck/scans';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather } from '../../packages/scans/src/testing/gather.ts';
import { imported } from '../../packages/scans/src/testing/scan-of.ts';
import { freshDatabase } from '../support/database.ts';
import { corpusScans, ownScans, type ScanFile } from '../support/shared-corpus.ts';
import { tenthsOf } from '../support/split-scan.ts';
import { fingerprint, listAll, newOrganization } from '../support/stored-world.ts';

/** Declared for files that do not say when they were made; all files of the pairs lie between the two. */
const EARLIER = '2020-01-01T00:00:00.000Z';
const LATER = '2029-06-01T00:00:00.000Z';
const IMPORTED = '2029-06-02T00:00:00.000Z';
const DAY = 86_400_000;

/** A line, not a stack. */
const ONE_SENTENCE = expect.stringMatching(/^[^\n]{10,200}$/);

const corpus = corpusScans();

/** Files that no reader takes, and why. */
const REFUSED: Readonly<Record<string, { readonly code: UnreadableScan['code']; readonly why: string }>> = {
  'scans/nuclei/no_findings.json': { code: 'EMPTY', why: 'a file without a byte' },
};

/** Formats whose silence closes nothing, whatever the file holds: a scan profile may lift it, or another format does it. */
const NEVER_CLOSES: Readonly<Record<string, string>> = {
  acunetix: 'checks, pages and duration are assumed',
  'acunetix-json': 'its end is not stated; "fixed" is what the vendor says',
  burp: 'holds the issues that somebody chose to export',
  cyclonedx: '"resolved" is what a party says',
  'cyclonedx-xml': '"resolved" is what a party says',
  'defectdojo-csv': 'a list of what was found',
  'defectdojo-json': 'a list of what was found',
  'dependency-check': 'where it looked, and with which analyzers, is not stated',
  'greenbone-csv': 'a list of what was found',
  grype: 'the packages that were looked at are not listed',
  naabu: 'a list of open ports',
  'nessus-csv': 'rows may have been filtered out of the export',
  nikto: 'the tests that ran, and whether they came to their end, are not stated',
  'nikto-csv': 'a list of what was found',
  'nikto-json': 'a list of what was found',
  'npm-audit': 'the project and its packages are not named',
  openvex: '"fixed" is what a party says',
  qualys: 'gathers many scans; what each of them examined is not stated',
  'qualys-csv': 'a list of what was found; "fixed" is what the vendor says',
  'qualys-scan': 'the tests and ports of the option profile are not stated',
  'qualys-was': 'the pages that were visited are not stated',
  'trivy-null': 'names no asset',
  wapiti: 'the modules that ran are not stated',
  'wapiti-xml': 'the pages that were visited are not stated',
  wpscan: 'a plugin that was not found may still be there',
  zap: 'rules and visited addresses are not stated',
  'zap-json': 'rules and visited addresses are not stated',
};

/** Readable, and without one presence: what the file is. */
const NOTHING_SEEN: Readonly<Record<string, string>> = {
  'loopback/nmap/hostdown.xml': 'nobody answered',
  'loopback/nmap/hostdown_v.xml': 'nobody answered',
  'loopback/nmap/interrupted.xml': 'cut before its first asset',
  'loopback/nmap/pn_unreachable.xml': 'every port filtered',
  'loopback/nmap/timedout.xml': 'the asset took too long',
  'loopback/sslscan/closedport.xml': 'no connection',
  'loopback/sslscan/nottls.xml': 'a port without TLS',
  'loopback/testssl/closedport.json': 'no connection',
  'loopback/testssl/heartbleedonly.json': 'one check, and it is clean',
  'loopback/testssl/killed.json': 'cut while only clean rows stood in it',
  'loopback/testssl/nottls.json': 'a port without TLS',
  'loopback/wapiti/after.json': 'the mended server',
  'loopback/wapiti/after.xml': 'the mended server',
  'loopback/wapiti/closedport.json': 'nobody answered',
  'loopback/wapiti/narrow_scope.json': 'the weak page was out of its scope',
  'scans/generic/generic_empty.json': 'one finding, without a title',
  'scans/generic/generic_report3.csv': 'both findings are called mitigated',
  'scans/nikto/nikto-report-zero-vuln.xml': 'a root element and nothing in it',
  'scans/nmap/nmap_0port.xml': 'no port is open',
  'scans/openvas/no_vuln.csv': 'a header without rows',
  'scans/openvas/no_vuln.xml': 'no host answered',
  'scans/sarif/no_runs.sarif': 'no run at all',
  'scans/tenable/nessus_was/nessus_was_no_vuln.csv': 'a header without rows',
  'scans/tenable/nessus_was/nessus_was_no_vuln.xml': 'a report without items',
  'scans/testssl/defectdojo_one_vuln.csv': 'one row, about the tool itself',
  'scans/testssl/demo.csv': 'every row is OK or INFO',
  'scans/testssl/failed_target.csv': 'no connection',
  'scans/trivy/legacy_no_vuln.json': 'the word null',
  'scans/trivy/scheme_2_no_vuln.json': 'an image without known weaknesses',
  'scans/zap/empty_2.9.0.xml': 'a site without alerts',
};

/** Bad rows, as COVERAGE.md (section 0, and section 1 on testssl.sh) counts them without a reader. */
const BAD_ROWS: Readonly<Record<string, number>> = {
  'loopback/testssl/before.json': 19,
  'loopback/testssl/after.json': 3,
  'loopback/testssl/after.pretty.json': 3,
  'loopback/testssl/partial.json': 16,
};

const read = new Map<string, Promise<ScanFacts>>();

/** Read so that an undated file closes what it can. */
function factsOf(file: ScanFile, declaredAt = LATER): Promise<ScanFacts> {
  const name = `${file.name}@${declaredAt}`;
  const facts = read.get(name) ?? gather(file.bytes(), { declaredAt });
  read.set(name, facts);
  return facts;
}

const presences = (facts: ScanFacts): ObservationRecord[] =>
  facts.observations.filter((one) => one.verdict === 'present');

const isRefused = ({ name }: ScanFile): boolean => name in REFUSED;
const readable = [...ownScans(), ...(corpus ?? []).filter((file) => !isRefused(file))];

/** Null when the file is refused; then with one sentence, not a stack. */
async function readOrRefused(bytes: Uint8Array): Promise<ScanFacts | null> {
  try {
    return await gather(bytes, { declaredAt: LATER });
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableScan);
    expect(error).toMatchObject({ message: ONE_SENTENCE });
    return null;
  }
}

/** What `later` closes, be it of its own presences or of those of `world`. */
const closedBy = (later: ScanFacts, world: ScanFacts): string[] =>
  foldWorld([imported(world), imported(later)]).flatMap(({ closing, key }) =>
    closing?.scan === later.scan.sha256
      ? [`${key.asset} ${key.transport}/${key.port} ${key.check} ${key.locus}`]
      : [],
  );

function dayEarlier(facts: ScanFacts): ScanFacts {
  const shift = (at: string | null): string | null =>
    at === null ? null : new Date(Date.parse(at) - DAY).toISOString();
  const shifted = <T extends { startedAt: string | null; finishedAt: string | null }>(timed: T): T => ({
    ...timed,
    startedAt: shift(timed.startedAt),
    finishedAt: shift(timed.finishedAt),
  });
  return {
    ...facts,
    scan: { ...shifted(facts.scan), sha256: 'e'.repeat(64) },
    assets: facts.assets.map(shifted),
    observations: facts.observations.map((one) => ({ ...one, at: shift(one.at) })),
  };
}

describe.skipIf(corpus === null)('every file of the corpus', () => {
  const files = corpus ?? [];

  test.each(files.filter(isRefused))('$name is refused with one clear sentence', async (file) => {
    const reading = gather(file.bytes());
    await expect(reading).rejects.toBeInstanceOf(UnreadableScan);
    await expect(reading).rejects.toMatchObject({
      code: REFUSED[file.name]?.code,
      message: ONE_SENTENCE,
    });
  });

  test.each(files.filter((file) => !isRefused(file)))('$name is read', async (file) => {
    const facts = await factsOf(file);
    const seen = presences(facts);
    if (file.name in NOTHING_SEEN) expect(seen).toEqual([]);
    else expect(seen.length).toBeGreaterThan(0);
    const ids = new Set(facts.assets.map((asset) => asset.id));
    expect([...facts.observations, ...facts.coverage].filter((one) => !ids.has(one.asset))).toEqual([]);
    const rows = BAD_ROWS[file.name];
    if (rows !== undefined) expect(seen).toHaveLength(rows);
  });

  test('the tables of this test name only files that are there', () => {
    const names = new Set(files.map((file) => file.name));
    const tables = [REFUSED, NOTHING_SEEN, BAD_ROWS].flatMap(Object.keys);
    expect(tables.filter((name) => !names.has(name))).toEqual([]);
  });

  test.each(filesOf('nmap'))('every open port in $name is seen', async (file) => {
    const open =
      file
        .bytes()
        .toString()
        .match(/state="open"/g) ?? [];
    const seen = presences(await factsOf(file)).filter((one) => one.check === 'nmap:open-port');
    expect(seen).toHaveLength(open.length);
  });

  test.each(filesOf('sslscan'))('every old protocol that is enabled in $name is seen', async (file) => {
    const enabled =
      file
        .bytes()
        .toString()
        .match(/type="(ssl|tls)" version="(2|3|1\.0|1\.1)" enabled="1"/g) ?? [];
    const seen = presences(await factsOf(file)).filter((one) => /^sslscan:(ssl|tls)[\d.]+$/.test(one.check));
    expect(seen).toHaveLength(enabled.length);
  });

  test.each(filesOf('sarif'))('every rule with a failing result in $name is seen', async (file) => {
    const seen = presences(await factsOf(file)).map((one) => one.check.slice(one.check.indexOf(':') + 1));
    const rules = failingRules(JSON.parse(file.bytes().toString()));
    expect(rules.filter((rule) => !seen.some((check) => check.endsWith(rule)))).toEqual([]);
    expect(new Set(seen).size).toBe(rules.length);
  });

  function filesOf(tool: string): ScanFile[] {
    return files.filter((file) => file.name.split('/').includes(tool) && !isRefused(file));
  }
});

interface SarifResult {
  readonly ruleId?: string;
  readonly ruleIndex?: number;
  readonly kind?: string;
}

interface Sarif {
  readonly runs: { tool: { driver: { rules?: { id: string }[] } }; results?: SarifResult[] }[];
}

function failingRules({ runs }: Sarif): string[] {
  const failing = runs.flatMap(({ tool, results = [] }) =>
    results
      .filter(({ kind = 'fail' }) => kind === 'fail')
      .map(({ ruleId, ruleIndex = -1 }) => ruleId ?? tool.driver.rules?.[ruleIndex]?.id ?? 'none'),
  );
  return [...new Set(failing)];
}

describe('a file that was cut', () => {
  test.each(readable)(
    '$name, cut at each tenth, closes nothing of what the whole file said a day earlier',
    async (file) => {
      const world = dayEarlier(await factsOf(file));
      for (const bytes of tenthsOf(file.bytes())) {
        const cut = await readOrRefused(bytes);
        if (cut !== null) expect(closedBy(cut, world), `${bytes.length} bytes`).toEqual([]);
      }
    },
  );

  test.each(['nmap', 'sslscan', 'nessus', 'sarif'])(
    'were a cut of %s not noticed, the findings behind it would close',
    async (tool) => {
      const closed: string[] = [];
      for (const file of readable.filter(({ name }) => name.includes(tool))) {
        const whole = await factsOf(file);
        closed.push(...closedBy({ ...whole, observations: [] }, dayEarlier(whole)));
      }
      expect(closed.length).toBeGreaterThan(0);
    },
  );
});

describe('a finding of an earlier scan', () => {
  const earlier = readable.filter(({ name }) => /(\/|two-assets-|login-)before[-\w]*\.\w+$/.test(name));

  test.each(earlier)('of $name stays open whatever later file is cut at whichever tenth', async (file) => {
    const world = await factsOf(file, EARLIER);
    for (const later of besides(file)) {
      for (const bytes of tenthsOf(later.bytes())) {
        const cut = await readOrRefused(bytes);
        if (cut !== null) expect(closedBy(cut, world), `${later.name}, ${bytes.length} bytes`).toEqual([]);
      }
    }
  });

  test.each(earlier)('of $name is closed by a later file that is whole, where a format can', async (file) => {
    const world = await factsOf(file, EARLIER);
    const closed: string[] = [];
    for (const later of besides(file)) closed.push(...closedBy(await factsOf(later), world));
    if (closed.length === 0) expect(Object.keys(NEVER_CLOSES)).toContain(world.scan.format);
  });

  test.each(READERS.map(({ format }) => format))(
    'is closed by a whole file of the format %s, or the table says why never',
    async (format) => {
      const closed: string[] = [];
      for (const later of readable) {
        const facts = await factsOf(later);
        if (facts.scan.format !== format) continue;
        for (const file of besides(later)) closed.push(...closedBy(facts, await factsOf(file, EARLIER)));
      }
      if (format in NEVER_CLOSES) expect(closed).toEqual([]);
      else expect(closed.length).toBeGreaterThan(0);
    },
  );

  function besides(file: ScanFile): ScanFile[] {
    const folder = file.name.slice(0, file.name.lastIndexOf('/') + 1);
    return readable.filter((other) => other !== file && other.name.startsWith(folder));
  }
});

describe('importing a file twice', () => {
  let pool: pg.Pool;
  beforeAll(async () => {
    pool = createWidePool({ connectionString: (await freshDatabase()).connectionString });
  });
  afterAll(() => pool.end());

  async function takeInBytes(organizationId: number, file: ScanFile, declaredAt = LATER) {
    const meta = {
      organizationId,
      importedAt: IMPORTED,
      vantage: 'lab',
      submittedBy: 'coordinator',
      declaredBy: 'coordinator',
      fileName: file.name,
    } as const;
    const facts = () => readScan(inOnePiece(file), { declaredAt });
    return inTransaction(pool, (tx) => storeScan(tx, meta, facts()));
  }

  test.each(readable)('$name: the second time changes nothing', async (file) => {
    const organizationId = await newOrganization(pool);
    expect(await takeInBytes(organizationId, file)).toMatchObject({ kind: 'stored' });
    const findings = await listAll(pool, organizationId);
    const everything = await fingerprint(pool, organizationId);
    expect(await takeInBytes(organizationId, file)).toMatchObject({ kind: 'already-imported' });
    expect(await listAll(pool, organizationId)).toEqual(findings);
    expect(await fingerprint(pool, organizationId)).toEqual(everything);
    if (presences(await factsOf(file)).length > 0) expect(findings.length).toBeGreaterThan(0);
  });

  test('all files of one organization, closures and all, and then all of them again: the second round changes nothing', async () => {
    const organizationId = await newOrganization(pool);
    const time = ({ name }: ScanFile) => (name.includes('before') ? EARLIER : LATER);
    for (const file of readable) await takeInBytes(organizationId, file, time(file));
    const { rows } = await pool.query('select from certificate where organization_id = $1', [organizationId]);
    expect(rows.length).toBeGreaterThan(20);
    const everything = await fingerprint(pool, organizationId);
    for (const file of readable.toReversed()) {
      expect(await takeInBytes(organizationId, file, time(file)), file.name).toMatchObject({
        kind: 'already-imported',
      });
    }
    expect(await fingerprint(pool, organizationId)).toEqual(everything);
  });
});

async function* inOnePiece(file: ScanFile): AsyncGenerator<Uint8Array> {
  yield file.bytes();
}
