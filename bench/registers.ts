import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  childrenOf,
  countsBelow,
  createPool,
  createSignInPool,
  createWidePool,
  ensureAccount,
  inScope,
  insertApiKey,
  insertGrants,
  inTransaction,
  listAssets,
  listFindings,
  migrate,
  type Scope,
  searchOrganizations,
  sumFixes,
  type Tx,
} from '@backcheck/db';
import pg from 'pg';
import { pino } from 'pino';
import { buildApp } from '../packages/server/src/app.ts';
import { openEvidence, standardEvidence } from '../packages/server/src/platform/files/evidence-parts.ts';
import { openSigningKey } from '../packages/server/src/platform/keys/signing-key.ts';
import type { App } from '../packages/server/src/platform/parts.ts';
import { startPostgres } from '../packages/server/src/platform/postgres/start-postgres.ts';
import { openSignIn } from '../packages/server/src/platform/sign-in/sign-in.ts';
import { newSecret } from '../packages/server/src/platform/sign-in/tokens.ts';
import { ACTION_SEED } from './samples/action.ts';

/**
 * A province with counties of 500 organizations on two more levels; assets and findings spread over the leaves. What
 * the screens ask for, by 20 users at once who never pause, as seen by three people; and what row-level security costs: the
 * same statements as the owner of the tables, without policies.
 */
const argument = (name: string, standard: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? standard : Number(process.argv[at + 1]);
};
const COUNTIES = Math.ceil(argument('organizations', 10_000) / 500);
const ASSETS = argument('assets', 200_000);
const EACH = Math.round(argument('findings', 1_000_000) / ASSETS);
const USERS = argument('users', 20);
const REQUESTS = argument('requests', 300);
/** `--data FOLDER`: the seeded database is kept there and used again. */
const KEPT = process.argv.includes('--data') ? process.argv[process.argv.indexOf('--data') + 1] : undefined;
/** `--only TEXT`: lists whose name has it. */
const ONLY = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '') : '';

const ORGANIZATIONS = `
insert into organization (organization_id, parent_id, org_code, name, name_zh, sector, fields) overriding system value
select id, case when id = 1 then null when within = 0 then 1 when within <= 24 then first else first + 1 + within % 24 end,
  '37' || lpad(id::text, 8, '0'), 'Organization ' || id, '第' || id || '中学', 'education', jsonb_build_object('address', 'Road ' || id, 'officeName', 'Office')
from (select id, 2 + (id - 2) / 500 * 500 as first, (id - 2) % 500 as within from generate_series(1, 1 + ${COUNTIES} * 500) id) one`;

const LEAVES = `create table leaf as select organization_id, row_number() over (order by organization_id) - 1 as n, count(*) over () as leaves
  from organization where organization_id > 1 and (organization_id - 2) % 500 > 24`;

const ASSET_ROWS = `
insert into asset (organization_id, asset_id, identity, identifiers) overriding system value
select l.organization_id, g.n + 1, 'ip:' || address, jsonb_build_array(jsonb_build_object('kind', 'ip', 'value', address))
from generate_series(0, ${ASSETS - 1}) g(n) join leaf l on l.n = g.n % (select count(*) from leaf)
cross join lateral (select '10.' || (g.n >> 16) || '.' || (g.n >> 8 & 255) || '.' || (g.n & 255) as address) a`;

const SEED = [
  ORGANIZATIONS,
  `select setval('organization_organization_id_seq', (select max(organization_id) from organization))`,
  LEAVES,
  ASSET_ROWS,
  `insert into check_definition (name, prefix, number) select 'nessus:' || n, 'nessus', n from generate_series(1, 5000) n`,
  `insert into description (sha256, title, severity, cve, cwe, cvss)
   select sha256(n::text::bytea), 'Weakness number ' || n, n % 5, array['CVE-2026-' || n], '{}', '{}' from generate_series(1, 5000) n`,
  `insert into scan (organization_id, scan_id, sha256, file_name, format, tool, started_at, finished_at, time_source, submitted_by, vantage,
     complete, truncated, assets, assets_reached, imported_at) overriding system value
   select organization_id, organization_id, sha256(organization_id::text::bytea), 'scan.nessus', 'nessus', 'nessus', now() - interval '1 day', now(),
     'file', 'coordinator', 'unknown', true, false, 20, 20, now() from leaf`,
  `insert into visit (organization_id, scan_id, visit_no, asset_id, reached, started_at, finished_at, credential, strong, identifiers)
   select organization_id, organization_id, asset_id, asset_id, true, now() - interval '1 day', now(), 0, '{}', identifiers from asset`,
  `insert into asset_identifier (organization_id, asset_id, kind, value, first_seen, last_seen)
   select organization_id, asset_id, 'ip', substr(identity, 4), now() - interval '1 day', now() from asset`,
  `insert into finding (organization_id, finding_id, asset_id, check_id, port, transport, locus_key, locus, description_id, described_at, severity,
     first_seen, state, changed_at, problem) overriding system value
   select a.organization_id, (a.asset_id - 1) * ${EACH} + n, a.asset_id, k, 443, 0, '', '', k, now(), k % 5, now() - k * interval '1 hour', 'open', now(), k
   from asset a cross join generate_series(1, ${EACH}) n cross join lateral (select 1 + ((a.asset_id * 7 + n * 97) % 5000)::int as k) c`,
  `insert into sighting (organization_id, scan_id, visit_no, asset_id, method, credential, finding_ids)
   select organization_id, organization_id, asset_id, asset_id, 1, 0, array(select generate_series((asset_id - 1) * ${EACH} + 1, asset_id * ${EACH})) from asset`,
  'vacuum analyze',
];

interface Person {
  readonly name: string;
  readonly key: string;
  readonly scope: Scope;
  /** A node of theirs with something below it, and an organization with assets. */
  readonly node: number;
  readonly leaf: number;
  /** A measure to be taken in that organization. */
  readonly fix: number;
}

async function personOf(
  wide: pg.Pool,
  name: string,
  { role, node, leaf, everything }: { role: string; node: number; leaf: number; everything: boolean },
): Promise<Person> {
  const { accountId } = await ensureAccount(wide, name);
  const grant = {
    role,
    organizationId: everything ? null : node,
    systemId: null,
    campaignId: null,
    expiresAt: null,
  };
  const at = new Date().toISOString();
  const grants = await inTransaction(wide, (tx) =>
    insertGrants(tx, accountId, { grants: [grant], grantedBy: null, at }),
  );
  const { secret, hash } = newSecret('bk_');
  const expiresAt = new Date(Date.now() + 86_400_000);
  await insertApiKey(wide, { accountId, name: 'bench', scope: 'read', expiresAt, hash });
  const { rows } = await wide.query<{ fix_id: number }>(
    'select fix_id from finding_fix where organization_id = $1 order by finding_id limit 1',
    [leaf],
  );
  return {
    name,
    key: secret,
    node,
    leaf,
    fix: rows[0]?.fix_id ?? 0,
    scope: { accountId, via: 'api-key', grants, wide: everything },
  };
}

const requestsOf = ({ node, leaf, fix }: Person): Readonly<Record<string, (n: number) => string>> => ({
  'tree, top': () => '/organizations/tree',
  'tree, children': () => `/organizations/tree?parent=${node}`,
  search: (n) => `/organizations?q=${encodeURIComponent(n % 2 === 0 ? `${n}中` : `tion ${leaf + n}`)}`,
  'organization page': (n) => `/organizations/${n % 2 === 0 ? node : leaf}`,
  findings: () => '/findings',
  'findings of one': () => `/findings?organizationId=${leaf}`,
  assets: () => '/assets',
  'assets of one': () => `/assets?organizationId=${leaf}`,
  ...listsOfAction('', fix),
  ...Object.fromEntries(
    Object.entries(listsOfAction(`organizationId=${leaf}`, fix)).map(([what, urlOf]) => [
      `${what} of one`,
      urlOf,
    ]),
  ),
});

const BOARD = '/work';

/** What follows from findings, over all that the person sees or of one; `fix`: one that they all see. */
const listsOfAction = (of: string, fix: number): Record<string, () => string> => ({
  'findings by date': () => `/findings?sort=due&${of}`,
  'findings by priority': () => `/findings?sort=priority&${of}`,
  'overdue, worst first': () => `/findings?due=overdue&${of}`,
  'due in 7 days, by age': () => `/findings?due=7d&sort=-age&${of}`,
  'work board': () => `${BOARD}?${of}`,
  'work, overdue': () => `${BOARD}/overdue?${of}`,
  'work, due soon': () => `${BOARD}/due-soon?${of}`,
  'waiting for us': () => `${BOARD}/coordinator?${of}`,
  'waiting for them': () => `${BOARD}/organization?${of}`,
  notices: () => `/notices?${of}`,
  'notices, unreceived': () => `/notices?waiting=true&${of}`,
  replies: () => `/replies?${of}`,
  'replies, open': () => `/replies?state=made&${of}`,
  fixes: () => `/fixes?${of}`,
  'fix, one': () => `/fixes/${fix}?${of}`,
  ...(of === '' ? { 'fix, organizations': () => `/fixes/${fix}/organizations` } : {}),
});

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Milliseconds of each, sorted: as many users at once. */
async function load(work: (n: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const user = async (): Promise<void> => {
    while (next < REQUESTS) {
      next += 1;
      const began = performance.now();
      await work(next);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: USERS }, user));
  return times.sort((a, b) => a - b);
}

const ask = (app: App, key: string, urlOf: (n: number) => string): Promise<number[]> =>
  load(async (n) => {
    const answer = await app.inject({
      url: `/api/v1${urlOf(n)}`,
      headers: { authorization: `Bearer ${key}` },
    });
    if (answer.statusCode !== 200) throw new Error(`${urlOf(n)}: ${answer.body}`);
  });

/** Beside each list a bare `select 1` at the same load: what the machine gives at that moment. */
async function screens(app: App, pool: pg.Pool, person: Person): Promise<void> {
  for (const [what, urlOf] of Object.entries(requestsOf(person))) {
    if (!what.includes(ONLY)) continue;
    // Each connection plans a statement anew the first five times.
    await ask(app, person.key, urlOf);
    const times = await ask(app, person.key, urlOf);
    const bare = await load(() => inScope(pool, person.scope, (tx) => tx.query('select 1')));
    const [half, most, least] = [quantile(times, 0.5), quantile(times, 0.95), quantile(bare, 0.95)].map(
      (ms) => ms.toFixed(1).padStart(7),
    );
    console.log(
      `${person.name.padEnd(12)} ${what.padEnd(28)} p50 ${half} ms   p95 ${most} ms   (select 1: ${least} ms)`,
    );
  }
}

/** Statements that give the same rows with policies and without, because they name the organization themselves. */
const statementsOf = ({ node, leaf }: Person): Readonly<Record<string, (tx: Tx) => Promise<unknown>>> => ({
  'tree, children': (tx) => childrenOf(tx, { parentId: node, limit: 100 }),
  'counts below': (tx) => countsBelow(tx, [node]),
  search: (tx) => searchOrganizations(tx, { q: '7中', below: node, limit: 51 }),
  'findings of one': (tx) => listFindings(tx, { organizationId: `${leaf}`, sort: '-severity', limit: 50 }),
  'assets of one': (tx) => listAssets(tx, { organizationId: leaf, limit: 51 }),
});

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 60; n += 1) {
    const began = performance.now();
    await work();
    if (n >= 10) times.push(performance.now() - began);
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

async function overhead(owner: pg.Pool, pool: pg.Pool, person: Person): Promise<void> {
  for (const [what, work] of Object.entries(statementsOf(person))) {
    const bare = await median(() => inTransaction(owner, work));
    const scoped = await median(() => inScope(pool, person.scope, work));
    console.log(
      `${person.name.padEnd(12)} ${what.padEnd(20)} without ${bare.toFixed(2).padStart(7)} ms   with ${scoped.toFixed(2).padStart(7)} ms   ${(scoped / bare).toFixed(2)} x`,
    );
  }
}

async function seed(owner: pg.Pool, wide: pg.Pool): Promise<void> {
  const seeded = await owner.query(`select to_regclass('leaf') is not null as done`);
  if (seeded.rows[0]?.done !== true) {
    for (const statement of [...SEED, ...ACTION_SEED]) await owner.query(statement);
    const began = performance.now();
    await inTransaction(wide, (tx) => sumFixes(tx, true));
    console.log(`all sums of fixes: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    await owner.query('vacuum analyze');
  }
  const { rows } = await owner.query<Record<string, string>>(
    'select (select count(*) from organization) as o, (select count(*) from asset) as a, (select count(*) from finding) as f',
  );
  console.log(
    `${rows[0]?.['o']} organizations, ${rows[0]?.['a']} assets, ${rows[0]?.['f']} findings; ${USERS} users\n`,
  );
}

async function run(): Promise<void> {
  const dataDir = KEPT ?? (await mkdtemp(join(tmpdir(), 'backcheck-bench-')));
  const postgres = await startPostgres({ dataDir, onCrash: (fault) => console.error(fault.message) });
  const config = { connectionString: postgres.connectionString };
  await migrate(config);
  const owner = new pg.Pool({ ...config, max: 2, options: '-c jit=off' });
  const [pool, wide, signInPool] = [createPool(config), createWidePool(config), createSignInPool(config)];
  try {
    await seed(owner, wide);
    const log = pino({ level: 'silent' });
    const app = await buildApp({
      pool,
      widePool: wide,
      signIn: openSignIn({
        pool: signInPool,
        secret: 'of a bench',
        secureCookie: false,
        publicUrl: 'http://localhost',
        log,
        requireTotp: 'none',
        oidc: null,
        mailer: null,
      }),
      ...(await openEvidence(join(dataDir, 'files'), standardEvidence(dataDir), new Date())),
      signingKey: await openSigningKey(join(dataDir, 'signing-key.pem')),
      clock: () => new Date(),
      log,
      maxUploadBytes: 1_000_000,
      trustedProxies: [],
      secureCookie: false,
      webFolder: null,
    });
    const leaf = 2 + 30;
    const persons = [
      await personOf(wide, 'province', { role: 'campaign-manager', node: 1, leaf, everything: true }),
      await personOf(wide, 'county', { role: 'campaign-manager', node: 2, leaf, everything: false }),
      await personOf(wide, 'liaison', { role: 'liaison', node: leaf, leaf, everything: false }),
    ];
    for (const person of persons) await screens(app, pool, person);
    console.log('\nrow-level security, one user:');
    for (const person of persons) await overhead(owner, pool, person);
    await app.close();
  } finally {
    await Promise.all([owner, pool, wide, signInPool].map((one) => one.end()));
    await postgres.stop();
    if (KEPT === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

await run();
