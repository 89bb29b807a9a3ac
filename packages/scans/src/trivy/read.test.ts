import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const TLS = 'trivy:CVE-2099-10001 debian#pkg:deb/debian/libtls3';
const TAR = 'trivy:CVE-2099-10002 debian#pkg:deb/debian/tar';
const MERGE = 'trivy:GHSA-2222-3333-4444 app/package-lock.json#pkg:npm/%40shop/deep-merge';
const ROOT = 'trivy:DS-0002 config:Dockerfile';
const KEY = 'trivy-secret:private-key secret:app/settings.env#5ff165e6b74417b3eba21bce';
const GPL = 'trivy-license:GPL-3.0 license:OS Packages#tar';

const report = (name: string) => fixture(`trivy/${name}.json`);

async function after(later: string | object, before = 'before'): Promise<Record<string, string>> {
  const content = typeof later === 'string' ? await report(later) : JSON.stringify(later);
  return statesOf([await gather(await report(before)), await gather(content)]);
}

/** A clean report of a week later, changed by hand. */
async function changed(change: object): Promise<object> {
  return { ...(JSON.parse(await report('after')) as object), ...change };
}

test('a vulnerability, a misconfiguration, a secret and a license are seen as the report has them', async () => {
  const { scan, assets, observations } = await gather(await report('before'));
  expect(scan).toMatchObject({
    tool: { name: 'trivy', version: '0.69.1', feed: null },
    finishedAt: '2026-10-01T08:15:30.123Z',
    complete: true,
  });
  expect(assets[0]?.identifiers[0]).toEqual({ kind: 'image', value: 'registry.example.org/shop/web:2' });
  expect(observations).toHaveLength(6);
  expect(observations.find((one) => one.check === 'trivy:CVE-2099-10001')).toMatchObject({
    locus: 'debian#pkg:deb/debian/libtls3',
    severity: 'high',
    title: 'libtls: a long record is read past its end',
    cve: ['CVE-2099-10001'],
    cwe: ['CWE-125'],
    cvss: [
      'AV:N/AC:L/Au:N/C:P/I:N/A:N',
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
      'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N',
    ],
    method: 'local',
  });
});

test('what a package list no longer complains of is likely fixed; a check that passed closes by its verdict', async () => {
  expect(await after('after')).toEqual({
    [TLS]: 'fixed-unverified FILTERED_REPORT',
    [MERGE]: 'fixed-unverified FILTERED_REPORT',
    [ROOT]: 'verified-fixed',
    [TAR]: 'open',
    [KEY]: 'open CHECK_NOT_RUN',
    [GPL]: 'fixed-unverified CHECK_NOT_RUN',
  });
});

const FILTERED = 'fixed-unverified FILTERED_REPORT';

for (const [name, tls, merge, why] of [
  [
    'after-clean',
    'fixed-unverified CHECK_NOT_RUN',
    'fixed-unverified CHECK_NOT_RUN',
    'not one vulnerability is left',
  ],
  ['after-narrow', FILTERED, 'open CHECK_NOT_RUN', 'only the operating system was scanned'],
  [
    'after-without-packages',
    'fixed-unverified CHECK_NOT_RUN',
    'fixed-unverified CHECK_NOT_RUN',
    'no package is listed',
  ],
  [
    'after-end-of-life',
    'fixed-unverified CHECK_NOT_RUN',
    FILTERED,
    'the release gets no advisories any more',
  ],
  ['after-suppressed', 'open FILTERED_REPORT', FILTERED, 'an ignore file hides what is still there'],
] as const) {
  test(`${name}: ${why}`, async () => {
    expect(await after(name)).toMatchObject({ [TLS]: tls, [MERGE]: merge });
  });
}

test('what a report rests on besides its package lists stands by name in its coverage', async () => {
  const assumptions = async (name: string) =>
    (await gather(await report(name))).coverage.map((one) => [one.evidence, ...one.assumptions]);
  expect(await assumptions('after-narrow')).toEqual([['E1', 'A-filter']]);
  expect(await assumptions('after-clean')).toEqual([['E1', 'A-filter', 'A-scanners']]);
  expect(await assumptions('after-without-packages')).toEqual([
    ['E1', 'A-db', 'A-filter'],
    ['E1', 'A-filter', 'A-rules'],
  ]);
});

test('an older Trivy, another image or a report without a time closes nothing', async () => {
  expect((await after(await changed({ Trivy: { Version: '0.50.0' } })))[TLS]).toBe('open OLDER_FEED');
  expect((await after(await changed({ ArtifactName: 'registry.example.org/shop/api:2' })))[TLS]).toBe('open');
  expect((await after(await changed({ CreatedAt: undefined })))[TLS]).toBe('open NO_TIME');
});

test('the database of a server must not be older', async () => {
  const server = (day: string) => ({
    Trivy: { Version: '0.69.1', Server: { VulnerabilityDB: { UpdatedAt: `${day}T06:00:00Z` } } },
  });
  const before = { ...(JSON.parse(await report('before')) as object), ...server('2026-10-01') };
  const state = async (day: string) =>
    statesOf([
      await gather(JSON.stringify(before)),
      await gather(JSON.stringify(await changed(server(day)))),
    ])[TLS];
  expect(await state('2026-09-30')).toBe('open OLDER_FEED');
  expect(await state('2026-10-19')).toBe(FILTERED);
});

test('an image asked for by digest is the line of its tag; "." and a list written elsewhere prove nothing', async () => {
  const digest = `registry.example.org/shop/web@sha256:${'cd'.repeat(32)}`;
  expect((await after(await changed({ ArtifactName: digest })))[TLS]).toBe(FILTERED);
  for (const [change, name] of [
    [{ ArtifactName: '.', ArtifactType: 'filesystem' }, 'A-src'],
    [{ ArtifactName: 'sbom.json', ArtifactType: 'cyclonedx' }, 'A-sbom'],
  ] as const) {
    const { coverage } = await gather(JSON.stringify(await changed(change)));
    expect(coverage.every((one) => one.evidence === 'E1' && one.assumptions.includes(name))).toBe(true);
  }
});

for (const [why, named, nameless] of [
  [
    'a folder of a machine without a name',
    { Metadata: { RepoURL: 'https://git.example.org/shop', Branch: 'main' } },
    {},
  ],
  [
    'another branch, perhaps',
    { Metadata: { RepoURL: 'https://git.example.org/shop', Branch: 'main' } },
    { Metadata: { RepoURL: 'https://git.example.org/shop' } },
  ],
  [
    'an archive without a tag',
    { ArtifactName: 'app:1', ArtifactType: 'container_image' },
    { ArtifactName: 'image.tar', ArtifactType: 'container_image' },
  ],
] as const) {
  test(`a check that passed closes nothing where the report may be of ${why}`, async () => {
    const state = async (about: object) => {
      const scans = (['FAIL', 'PASS'] as const).map(async (Status, i) => {
        const Misconfigurations = [{ ID: 'DS-0002', Status }];
        const Results = [{ Target: 'Dockerfile', Class: 'config', Type: 'dockerfile', Misconfigurations }];
        const CreatedAt = `2026-10-0${i + 1}T08:00:00Z`;
        const report = { ArtifactName: '/src', ArtifactType: 'filesystem', CreatedAt, Results, ...about };
        return gather(JSON.stringify(report));
      });
      return statesOf(await Promise.all(scans))[ROOT];
    };
    expect([await state(named), await state(nameless)]).toEqual([
      'verified-fixed',
      'fixed-unverified CHECK_NOT_RUN',
    ]);
  });
}

test('a workload of a cluster by one of the names that every cluster has closes nothing', async () => {
  const state = async (ClusterName: string) => {
    const scans = ['FAIL', 'PASS'].map((Status, i) => {
      const Results = [
        { Target: 'Deployment/web', Class: 'config', Misconfigurations: [{ ID: 'KSV-0001', Status }] },
      ];
      const Resources = [{ Namespace: 'shop', Kind: 'Deployment', Name: 'web', Results }];
      return gather(JSON.stringify({ ClusterName, Resources }), {
        declaredAt: `2026-10-0${i + 1}T08:00:00.000Z`,
      });
    });
    return statesOf(await Promise.all(scans))['trivy:KSV-0001 config:Deployment/web'];
  };
  expect(await state('shop-cluster')).toBe('verified-fixed');
  for (const name of ['', 'kubernetes', 'kubernetes-admin@kubernetes', 'minikube'])
    expect(await state(name)).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('a repository is known by its address and branch, without a password in it', async () => {
  const Metadata = { RepoURL: 'https://user:secret@git.example.org/shop.git', Branch: 'main' };
  const { assets } = await gather(JSON.stringify(await changed({ ArtifactType: 'repository', Metadata })));
  expect(assets[0]?.identifiers[0]).toEqual({
    kind: 'repository',
    value: 'https://git.example.org/shop@main',
  });
});

test('keys in alphabetical order, as other programs write them, change nothing', async () => {
  const sorted = JSON.stringify(JSON.parse(await report('before')), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  const facts = await gather(await report('before'));
  const again = await gather(sorted);
  expect(new Set(again.observations)).toEqual(new Set(facts.observations));
  expect(again.coverage).toEqual(facts.coverage);
});

test('the workloads of a cluster are assets of their own, and one that failed was not reached', async () => {
  const { scan, assets, coverage, observations } = await gather(await report('cluster'));
  expect(scan).toMatchObject({ complete: true, startedAt: null });
  expect(assets.map((one) => [one.identifiers[0]?.value, one.reached])).toEqual([
    ['k8s:/shop-cluster/shop/Deployment/web', true],
    ['k8s:/shop-cluster/shop/Deployment/web', true],
    ['k8s:/shop-cluster/shop/CronJob/report', false],
  ]);
  expect(observations.map((one) => one.locus)).toEqual([
    'debian#pkg:deb/debian/libtls3',
    'config:Deployment/web',
  ]);
  expect(coverage.map((one) => one.evidence)).toEqual(['E1', 'E1']);
});

test('a report of schema 1 speaks of the same finding, and "null" of nothing', async () => {
  expect(Object.keys(await after('schema-1', 'schema-1'))).toEqual([TLS]);
  const { scan, assets, warnings } = await gather(await report('nothing'));
  expect(scan).toMatchObject({ format: 'trivy-null', complete: false });
  expect([assets, warnings.map((one) => one.code)]).toEqual([[], ['NOTHING_SAID']]);
});

test('a cut report closes nothing', async () => {
  expect(await closedByCuts(await gather(await report('before')), await report('after'))).toEqual([]);
});

test('wrong types anywhere are survived, and a record without an id takes the silence away', async () => {
  for (const odd of ODD_VALUES) {
    const Results = [
      { Target: odd, Class: odd, Type: odd, Packages: odd, Vulnerabilities: [odd], Secrets: odd },
    ];
    const change = { Results, Metadata: odd, CreatedAt: odd, Trivy: odd };
    expect((await gather(JSON.stringify(await changed(change)))).scan.complete).toBe(false);
    const list = odd === null || Array.isArray(odd);
    for (const wrong of [odd, [{ Target: 'a', Class: 'lang-pkgs', Type: 'npm', Vulnerabilities: odd }]])
      expect(list || !(await gather(JSON.stringify(await changed({ Results: wrong })))).scan.complete).toBe(
        true,
      );
    await gather(
      JSON.stringify({ ClusterName: 'c', Resources: [odd, { Results: odd }, { Results: [odd] }] }),
    );
    await gather(JSON.stringify([{ Target: 'x', Type: odd, Vulnerabilities: odd }, odd]));
  }
});

test('a hundred thousand vulnerabilities are read in memory that does not grow with them', async () => {
  const record = (i: number) =>
    `${i === 0 ? '' : ','}{"VulnerabilityID":"CVE-2098-${10_000 + (i % 5000)}","PkgName":"p${i}","Severity":"LOW"}`;
  const head =
    '{"SchemaVersion":2,"ArtifactName":"a:1","ArtifactType":"container_image","Results":[{"Target":"a","Class":"lang-pkgs","Type":"npm","Vulnerabilities":[';
  expect(await readAll(generated(100_000, record, [head, ']}]}']))).toMatchObject({
    present: 100_000,
    complete: true,
    grownMegabytes: expect.toSatisfy((grown: number) => grown < 30),
  });
});

test('a vulnerability and a failed check say what they are; the fixed version of one package is no advice', async () => {
  const vulnerability = (PkgName: string, more: object) => ({
    VulnerabilityID: 'CVE-2099-10001',
    PkgName,
    FixedVersion: '3.0.13-1',
    ...more,
  });
  const check = { Description: 'Root may do all.', Resolution: 'Name a USER.', Message: 'line 3' };
  const results = [
    {
      Target: 'a',
      Class: 'os-pkgs',
      Vulnerabilities: [
        vulnerability('tls', {}),
        vulnerability('tls-dev', { Description: 'A long record is read past its end.' }),
        { VulnerabilityID: 'CVE-2099-10009', PkgName: 'odd', Description: {} },
      ],
      Misconfigurations: [
        { AVDID: 'AVD-DS-0002', Status: 'FAIL', ...check },
        { AVDID: 'AVD-DS-0003', Status: 'PASS', ...check },
      ],
      ExperimentalModifiedFindings: [
        { Type: 'misconfiguration', Finding: { AVDID: 'AVD-DS-0004', ...check }, ...check },
      ],
    },
  ];
  expect(await explanationsOf(JSON.stringify(await changed({ Results: results })))).toEqual({
    'trivy:CVE-2099-10001': { description: 'A long record is read past its end.' },
    'trivy:DS-0002': { description: 'Root may do all.', advice: 'Name a USER.' },
  });
});
