import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact, ScanRecord } from '@backcheck/core';
import { createWidePool, differencesOnRefold, inTransaction, migrate, storeScan } from '@backcheck/db';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { startPostgres } from '../packages/server/src/platform/postgres/start-postgres.ts';

/**
 * 1,000,000 observations of 20,000 assets, imported into an empty organization and then again with 5 % gone
 * and 5 % new; against a bare COPY of the same records as text into a table without any index, in the same run.
 * Both include the network protocol and the write-ahead log; only ours includes making sense of them.
 */
const ASSETS = Number(process.env.BENCH_ASSETS ?? 20_000);
const EACH = 50;
const ROWS = ASSETS * EACH;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 1);

const time = (scan: number): string => new Date(START + scan * 24 * HOUR).toISOString();
const end = (scan: number): string => new Date(START + scan * 24 * HOUR + HOUR).toISOString();

/** Of fifty checks of an asset the scans from the second on miss two or three and see others instead. */
function checkOf(asset: number, slot: number, scan: number): number {
  const changed = scan > 0 && (asset + slot) % 20 === 0;
  return 10_000 + ((asset * 7 + slot * 97) % 4850) + (changed ? 10_000 : 0);
}

const PORTS = [22, 80, 443, 3389, 8443];

function* batches(scan: number): Generator<Fact[]> {
  for (let asset = 0; asset < ASSETS; asset += 1) {
    const id = `a${asset}`;
    const value = `10.${asset >> 16}.${(asset >> 8) & 255}.${asset & 255}`;
    const facts: Fact[] = [
      {
        record: 'asset',
        id,
        identifiers: [{ kind: 'ip', value }],
        reached: true,
        startedAt: time(scan),
        finishedAt: end(scan),
        credential: 'none',
      },
      {
        record: 'coverage',
        asset: id,
        transport: 'tcp',
        ports: '1-65535',
        checks: CHECKS,
        method: 'remote',
        evidence: 'E2',
        assumptions: [],
      },
    ];
    for (let slot = 0; slot < EACH; slot += 1) {
      const check = checkOf(asset, slot, scan);
      facts.push({
        record: 'observation',
        asset: id,
        transport: 'tcp',
        port: PORTS[slot % 5] ?? 0,
        check: `nessus:${check}`,
        locus: '',
        verdict: 'present',
        title: `Weakness number ${check} in a service`,
        severity: 'medium',
        cve: [`CVE-2026-${check}`],
        cwe: [],
        cvss: [],
        at: null,
      });
    }
    yield facts;
  }
}

const CHECKS = { ranges: '10000-30000' };

async function* factsOf(scan: number): AsyncGenerator<Fact[], ScanRecord> {
  for (const facts of batches(scan)) yield facts;
  return {
    record: 'scan',
    format: 'nessus',
    tool: { name: 'nessus', version: '10.8', feed: '202610010000' },
    startedAt: time(scan),
    finishedAt: end(scan),
    timeSource: 'file',
    complete: true,
    sha256: `${scan + 1}`.padStart(64, '0'),
  };
}

async function bareCopy(pool: pg.Pool, scan: number): Promise<number> {
  const chunks: string[] = [];
  let lines: string[] = [];
  for (const facts of batches(scan)) {
    const value = facts[0]?.record === 'asset' ? facts[0].identifiers[0]?.value : '';
    for (const one of facts) {
      if (one.record !== 'observation') continue;
      lines.push(
        [
          value,
          one.transport,
          one.port,
          one.check,
          one.locus,
          one.verdict,
          one.title,
          one.severity,
          `{${one.cve}}`,
          time(scan),
        ].join('\t'),
      );
    }
    if (lines.length < 20_000) continue;
    chunks.push(`${lines.join('\n')}\n`);
    lines = [];
  }
  chunks.push(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  const client = await pool.connect();
  await client.query(
    'create table bare (asset text, transport text, port int, check_name text, locus text, verdict text, title text, severity text, cve text[], at timestamptz)',
  );
  const began = performance.now();
  const stream = client.query(copyFrom('copy bare from stdin'));
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
  const seconds = (performance.now() - began) / 1000;
  await client.query('drop table bare');
  client.release();
  return seconds;
}

async function timedImport(
  pool: pg.Pool,
  organizationId: number,
  scan: number,
): Promise<{ seconds: number; closes: number; fresh: number }> {
  const meta = {
    organizationId,
    importedAt: '2026-11-21T03:00:00.000Z',
    vantage: 'main',
    submittedBy: 'coordinator' as const,
    declaredBy: null,
    fileName: 'bench',
  };
  const began = performance.now();
  const outcome = await inTransaction(pool, (tx) => storeScan(tx, meta, factsOf(scan)));
  const seconds = (performance.now() - began) / 1000;
  if (outcome.kind !== 'stored') throw new Error('the bench met a database that was not empty');
  return { seconds, closes: outcome.sheet.findings.closes, fresh: outcome.sheet.findings.new };
}

const line = (what: string, seconds: number, bare: number, note = ''): string =>
  `${what.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s ${Math.round(ROWS / seconds)
    .toLocaleString('en')
    .padStart(10)} observations/s   ${(seconds / bare).toFixed(1)} x bare COPY  ${note}`;

async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'backcheck-bench-'));
  const postgres = await startPostgres({ dataDir, onCrash: (fault) => console.error(fault.message) });
  try {
    const config = { connectionString: postgres.connectionString };
    await migrate(config);
    const owner = new pg.Pool({ ...config, max: 2 });
    const pool = createWidePool(config);
    await owner.query(`insert into organization (name) values ('bench')`);
    const bare = [await bareCopy(owner, 0), await bareCopy(owner, 1)].reduce((a, b) => a + b) / 2;
    console.log(line('bare COPY (mean of 2)', bare, bare));
    const first = await timedImport(pool, 1, 0);
    console.log(line('first import', first.seconds, bare, `${first.fresh} findings`));
    const again = await timedImport(pool, 1, 1);
    console.log(
      line(
        'import again, 95 % unchanged',
        again.seconds,
        bare,
        `${again.closes} closed by proof, ${again.fresh} new`,
      ),
    );
    const began = performance.now();
    const differences = await inTransaction(pool, (tx) => differencesOnRefold(tx, 1));
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `full refold of ${(first.fresh + again.fresh).toLocaleString('en')} findings: ${seconds.toFixed(1)} s, ${differences} differences`,
    );
    await Promise.all([pool.end(), owner.end()]);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await run();
