import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const MERGE = 'grype:GHSA-2222-3333-4444 /app/package-lock.json#pkg:npm/%40shop/deep-merge';
const TLS = 'grype:CVE-2099-10001 #pkg:deb/debian/libtls3';
const LOG = 'grype:GHSA-5555-6666-7777 #pkg:maven/org.example/log-writer';

const report = (name: string) => fixture(`grype/${name}.json`);

test('a match is seen with the CVE and the vectors of its related entries', async () => {
  const { scan, assets, observations } = await gather(await report('before'));
  expect(scan).toMatchObject({
    tool: { name: 'grype', version: '0.94.0', feed: '2026-10-01T04:10:00.000Z' },
    finishedAt: '2026-10-01T08:30:00.500Z',
    complete: true,
  });
  expect(assets[0]?.identifiers[0]).toEqual({ kind: 'image', value: 'registry.example.org/shop/web:2' });
  expect(observations[0]).toMatchObject({
    severity: 'critical',
    cve: ['CVE-2099-10003'],
    cwe: ['CWE-1321'],
    cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'],
  });
});

for (const [name, merge, log, why] of [
  [
    'after',
    'fixed-unverified CHECK_NOT_RUN',
    'fixed-unverified CHECK_NOT_RUN',
    'no package list shows that it was looked at',
  ],
  ['after-narrow', 'open', 'open', 'another folder was scanned'],
  [
    'after-ignored',
    'open FILTERED_REPORT',
    'fixed-unverified CHECK_NOT_RUN',
    'an ignore rule hides what is still there',
  ],
  ['after-older-database', 'open OLDER_FEED', 'open OLDER_FEED', 'the database is older'],
] as const) {
  test(`${name}: ${why}`, async () => {
    const states = statesOf([await gather(await report('before')), await gather(await report(name))]);
    expect(states).toEqual({ [MERGE]: merge, [LOG]: log, [TLS]: 'open' });
  });
}

test('a folder is known by its path; a report without source or with a bad database is not complete', async () => {
  expect((await gather(await report('after-narrow'))).assets[0]?.identifiers).toEqual([
    { kind: 'file', value: '/srv/shop/docs' },
  ]);
  for (const descriptor of [{}, { name: 'grype', db: { status: { valid: false } } }]) {
    const bare = { matches: [], source: null, distro: {}, descriptor };
    expect((await gather(JSON.stringify(bare))).scan.complete).toBe(false);
  }
});

test('no profile can vouch for which folder or archive of the same name was scanned', async () => {
  const assumptions = async (source: object) => {
    const whole = JSON.parse(await report('after')) as object;
    return (await gather(JSON.stringify({ ...whole, source }))).coverage.map((one) => one.assumptions);
  };
  const archive = { userInput: 'image.tar', tags: [] };
  for (const source of [
    { type: 'directory', target: '/src' },
    { type: 'image', target: archive },
    { type: 'image', target: {} },
  ])
    expect(await assumptions(source)).toEqual([['A-catalog', 'A-src']]);
  const tagged = { ...archive, tags: ['app:1'] };
  expect(await assumptions({ type: 'image', target: tagged })).toEqual([['A-catalog']]);
});

test('the date of the database is found where version 5 wrote it', async () => {
  const descriptor = { name: 'grype', version: '0.74.0', db: { built: '2024-01-02T01:23:26Z', valid: true } };
  const old = { matches: [], source: null, distro: {}, descriptor };
  expect((await gather(JSON.stringify(old))).scan.tool.feed).toBe('2024-01-02T01:23:26.000Z');
});

test('a cut report closes nothing', async () => {
  expect(await closedByCuts(await gather(await report('before')), await report('after'))).toEqual([]);
});

test('wrong types anywhere are survived, and a match without an id takes the silence away', async () => {
  const whole = JSON.parse(await report('before')) as { matches: object[] };
  for (const odd of ODD_VALUES) {
    const matches = [
      { ...whole.matches[0], artifact: odd },
      { ...whole.matches[0], vulnerability: odd },
      odd,
    ];
    const facts = await gather(JSON.stringify({ ...whole, matches, ignoredMatches: [odd] }));
    expect(facts.scan.complete).toBe(false);
    const details = {
      relatedVulnerabilities: odd,
      artifact: { name: 'x', version: odd, type: odd, locations: odd },
    };
    const parts = {
      matches: [{ ...whole.matches[0], ...details }],
      source: odd,
      descriptor: odd,
      distro: odd,
    };
    expect((await gather(JSON.stringify(parts))).observations).toHaveLength(1);
    await gather(JSON.stringify({ ...whole, source: { type: odd, target: odd } }));
    const list = odd === null || Array.isArray(odd);
    expect(list || !(await gather(JSON.stringify({ ...whole, ignoredMatches: odd }))).scan.complete).toBe(
      true,
    );
  }
});

test('a hundred thousand matches are read in memory that does not grow with them', async () => {
  const record = (i: number) =>
    `${i === 0 ? '' : ','}{"vulnerability":{"id":"CVE-2098-${10_000 + i}"},"matchDetails":[],"artifact":{"name":"p${i}","type":"npm"}}`;
  const tail = '],"source":{"type":"directory","target":"/srv"},"descriptor":{"name":"grype","version":"1"}}';
  expect(await readAll(generated(100_000, record, ['{"matches":[', tail]))).toMatchObject({
    present: 100_000,
    complete: true,
    grownMegabytes: expect.toSatisfy((grown: number) => grown < 30),
  });
});

test('a match says what its advisory says, else what a related one does; an ignored match explains nothing', async () => {
  const file = JSON.parse(await report('before'));
  const match = (id: string, description: unknown, related: unknown) => ({
    vulnerability: { id, description, fix: { versions: ['2'] } },
    relatedVulnerabilities: [{ id: 'CVE-2099-1', description: related }],
    matchDetails: [],
    artifact: { name: 'a' },
  });
  file.matches = [
    match('GHSA-1', 'Keys are followed.', 'Longer.'),
    match('GHSA-1', 'Other words.', ''),
    match('CVE-2099-2', '', 'Names are looked up.'),
    match('CVE-2099-3', 3, null),
  ];
  file.ignoredMatches = [match('CVE-2099-4', 'Ignored.', '')];
  expect(await explanationsOf(JSON.stringify(file))).toEqual({
    'grype:GHSA-1': { description: 'Keys are followed.' },
    'grype:CVE-2099-2': { description: 'Names are looked up.' },
  });
});
