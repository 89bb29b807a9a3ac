import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const MERGE = 'osv-scanner:GHSA-2222-3333-4444 #pkg:npm/%40shop/deep-merge';
const PAPER = 'osv-scanner:PYSEC-2099-17 #pkg:pypi/paper-size';
const OCTOBER = { declaredAt: '2026-10-01T00:00:00.000Z' };
const NOVEMBER = { declaredAt: '2026-11-01T00:00:00.000Z' };

const report = (name: string) => fixture(`osv-scanner/${name}.json`);

test('each lockfile is an asset, and a vulnerability is seen with its score, CVE and CWE', async () => {
  const { scan, assets, observations } = await gather(await report('before'));
  expect(scan).toMatchObject({
    tool: { version: null },
    startedAt: null,
    timeSource: 'none',
    complete: true,
  });
  expect(assets.map((one) => one.identifiers)).toEqual([
    [{ kind: 'file', value: '/srv/shop/package-lock.json' }],
    [{ kind: 'file', value: '/srv/shop/tools/requirements.txt' }],
  ]);
  expect(observations[0]).toMatchObject({
    severity: 'high',
    cve: ['CVE-2099-10003'],
    cwe: ['CWE-1321'],
    cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'],
  });
});

for (const [name, merge, paper, why] of [
  ['after', 'verified-fixed', 'verified-fixed', 'all packages of both lockfiles are listed'],
  ['after-narrow', 'verified-fixed', 'open', 'only one lockfile was scanned'],
  [
    'after-without-all-packages',
    'open',
    'fixed-unverified CHECK_NOT_RUN',
    'packages without a complaint are left out',
  ],
  ['after-nothing', 'open NO_HOST', 'open NO_HOST', 'no lockfile is named'],
  [
    'after-in-image',
    'fixed-unverified CHECK_NOT_RUN',
    'fixed-unverified CHECK_NOT_RUN',
    'the image has no name',
  ],
] as const) {
  test(`${name}: ${why}`, async () => {
    const before = await gather(await report('before'), OCTOBER);
    const states = statesOf([before, await gather(await report(name), NOVEMBER)]);
    expect(states).toMatchObject({ [MERGE]: merge, [PAPER]: paper });
  });
}

test('without a declared time nothing closes', async () => {
  const states = statesOf([
    await gather(await report('before'), OCTOBER),
    await gather(await report('after')),
  ]);
  expect(states[MERGE]).toBe('open NO_TIME');
});

function listing(...packages: unknown[]): string {
  const results = [{ source: { path: '/srv/a.lock', type: 'lockfile' }, packages }];
  return JSON.stringify({ results, experimental_config: {} });
}

test('a list of packages that somebody else wrote proves nothing', async () => {
  const packages = [{ package: { name: 'x', version: '1', ecosystem: 'npm' } }];
  const results = [{ source: { path: '/srv/sbom.json', type: 'sbom' }, packages }];
  const { coverage } = await gather(JSON.stringify({ results, experimental_config: {} }));
  expect(coverage).toMatchObject([{ evidence: 'E1', assumptions: ['A-filter', 'A-sbom'] }]);
});

test('a deprecated package or a license that is not allowed does not show that all packages are listed', async () => {
  const about = { name: 'x', version: '1', ecosystem: 'Debian:12' };
  const deprecated = { package: { ...about, deprecated: true } };
  const violation = { package: about, licenses: ['AGPL-3.0'], license_violations: ['AGPL-3.0'] };
  const { coverage, observations } = await gather(listing(deprecated, violation));
  expect(coverage.map((one) => one.evidence)).toEqual(['E1']);
  expect(observations.map((one) => [one.check, one.locus])).toEqual([
    ['osv-scanner-license:AGPL-3.0', '#pkg:deb/debian/x'],
  ]);
});

test('a cut report closes nothing', async () => {
  const before = await gather(await report('before'), OCTOBER);
  expect(await closedByCuts(before, await report('after'), NOVEMBER)).toEqual([]);
});

test('wrong types anywhere are survived, and a vulnerability without an id takes the silence away', async () => {
  for (const odd of ODD_VALUES) {
    const { scan, warnings } = await gather(
      listing({ package: odd, vulnerabilities: [{ id: 7 }], groups: odd }),
    );
    expect([scan.complete, warnings.map((one) => one.code)]).toEqual([false, ['BAD_RECORD']]);
    const whole = {
      id: 'X-1',
      aliases: odd,
      severity: odd,
      affected: odd,
      database_specific: odd,
      summary: odd,
    };
    const odds = { package: { name: odd, ecosystem: odd }, vulnerabilities: [whole], groups: [odd] };
    expect((await gather(listing(odds, odd))).observations).toHaveLength(1);
    if (odd === null || Array.isArray(odd)) continue;
    for (const results of [
      odd,
      [{ source: {}, packages: odd }],
      [{ packages: [{ package: { name: 'x' }, vulnerabilities: odd }] }],
    ])
      expect((await gather(JSON.stringify({ results, experimental_config: {} }))).scan.complete).toBe(false);
  }
});

test('a hundred thousand packages are read in memory that does not grow with them', async () => {
  const record = (i: number) =>
    `${i === 0 ? '' : ','}{"package":{"name":"p${i}","ecosystem":"npm"},"vulnerabilities":[{"id":"X-${i}"}]}`;
  const head = '{"results":[{"source":{"path":"/srv/a.lock","type":"lockfile"},"packages":[';
  expect(await readAll(generated(100_000, record, [head, ']}],"experimental_config":{}}']))).toMatchObject({
    present: 100_000,
    complete: true,
    grownMegabytes: expect.toSatisfy((grown: number) => grown < 30),
  });
});

test('an advisory says its summary and its details', async () => {
  const file = JSON.parse(await report('before'));
  const [first] = file.results[0].packages;
  first.vulnerabilities = [
    { id: 'GHSA-1', summary: 'Keys are followed', details: '### Impact\n\nAll objects change.' },
    { id: 'GHSA-1', summary: 'Said before' },
    { id: 'GHSA-2', summary: 'A name', details: 'A name is looked up.' },
    { id: 'GHSA-3', summary: [], details: 7 },
  ];
  expect(await explanationsOf(JSON.stringify(file))).toMatchObject({
    'osv-scanner:GHSA-1': { description: 'Keys are followed\n\n### Impact\n\nAll objects change.' },
    'osv-scanner:GHSA-2': { description: 'A name is looked up.' },
  });
  expect(await explanationsOf(JSON.stringify(file))).not.toHaveProperty('osv-scanner:GHSA-3');
});
