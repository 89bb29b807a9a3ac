import { expect, test } from 'vitest';
import { closedByCuts } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const LOG = 'dependency-check:CVE-2099-10005 #pkg:maven/org.example/log-writer';
const READER = 'dependency-check:CVE-2099-10006 #pkg:generic/reader.dll';

const report = (name: string) => fixture(`dependency-check/${name}.xml`);

test('a vulnerability is seen at its own package, with vector and weaknesses', async () => {
  const { scan, assets, observations } = await gather(await report('before'));
  expect(scan).toMatchObject({
    tool: { name: 'dependency-check', version: '12.1.0', feed: '2026-10-01T04:15:10Z' },
    finishedAt: '2026-10-01T09:12:13.123Z',
    complete: true,
  });
  expect(assets[0]?.identifiers).toEqual([{ kind: 'repository', value: 'shop' }]);
  expect(observations[0]).toMatchObject({
    title: 'CVE-2099-10005 in log-writer-2.1.0.jar',
    severity: 'high',
    cve: ['CVE-2099-10005'],
    cwe: ['CWE-502', 'CWE-20'],
    cvss: ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H'],
  });
});

for (const [name, log, reader, why] of [
  [
    'after',
    'fixed-unverified CHECK_NOT_RUN',
    'fixed-unverified CHECK_NOT_RUN',
    'the analyzers are not named',
  ],
  ['after-narrow', 'open', 'open', 'another project was scanned'],
  [
    'after-suppressed',
    'open FILTERED_REPORT',
    'fixed-unverified CHECK_NOT_RUN',
    'a suppression hides what is there',
  ],
  ['after-failed-analyzer', 'open INCOMPLETE', 'open INCOMPLETE', 'an analyzer failed'],
] as const) {
  test(`${name} closes nothing: ${why}`, async () => {
    const states = statesOf([await gather(await report('before')), await gather(await report(name))]);
    expect(states).toEqual({ [LOG]: log, [READER]: reader });
  });
}

const HEAD =
  '<?xml version="1.0"?><analysis xmlns="https://jeremylong.github.io/DependencyCheck/dependency-check.1.3.xsd"><scanInfo/><projectInfo><name/><reportDate>2026-10-01T10:00:00.5+0200</reportDate></projectInfo><dependencies>';
const TAIL = '</dependencies></analysis>';
const dependency = (content: string) => `<dependency><fileName>a.jar</fileName>${content}</dependency>`;
const weakness = (content: string) =>
  dependency(`<vulnerabilities><vulnerability>${content}</vulnerability></vulnerabilities>`);

test('the old form, with the score and the weakness beside the name, is read', async () => {
  const old = '<name>CVE-2098-10001</name><cvssScore>9.3</cvssScore><cwe>CWE-79 Cross-site</cwe>';
  const { scan, assets, observations } = await gather(HEAD + weakness(old) + TAIL);
  expect(scan.finishedAt).toBe('2026-10-01T08:00:00.500Z');
  expect(assets[0]?.identifiers[0]?.value).toBe('unnamed:dependency-check');
  expect(observations).toMatchObject([{ severity: 'critical', cwe: ['CWE-79'], cvss: [] }]);
});

test('the names of references, related files and catalogues are not those of the vulnerability', async () => {
  const names =
    '<name>CVE-2098-10001</name><knownExploitedVulnerability><name>no</name></knownExploitedVulnerability><references><reference><name>no</name></reference></references>';
  const { observations } = await gather(HEAD + weakness(names) + TAIL);
  expect(observations.map((one) => one.check)).toEqual(['dependency-check:CVE-2098-10001']);
});

test('a vulnerability without a name takes the silence away', async () => {
  const { scan, warnings } = await gather(HEAD + weakness('<severity>HIGH</severity>') + TAIL);
  expect([scan.complete, warnings.map((one) => one.code)]).toEqual([false, ['BAD_RECORD']]);
});

test('elements in wrong places and entities of a document type are survived', async () => {
  const strange =
    '<vulnerability/><package><id>x</id></package><cvssV3><version>3.1</version></cvssV3><name>y</name>';
  expect((await gather(HEAD + strange + dependency(strange) + TAIL)).scan.complete).toBe(false);
  const bomb = HEAD.replace('<analysis', '<!DOCTYPE analysis [<!ENTITY a "aa">]><analysis');
  expect((await gather(`${bomb}${weakness('<name>&a;</name>')}${TAIL}`)).scan).toMatchObject({
    truncated: true,
  });
});

test('a cut report closes nothing', async () => {
  expect(await closedByCuts(await gather(await report('before')), await report('after'))).toEqual([]);
});

test('a hundred thousand vulnerabilities are read in memory that does not grow with them', async () => {
  const record = (i: number) => weakness(`<name>CVE-2098-${10_000 + i}</name><severity>LOW</severity>`);
  expect(await readAll(generated(100_000, record, [HEAD, TAIL]))).toMatchObject({
    present: 100_000,
    complete: true,
    grownMegabytes: expect.toSatisfy((grown: number) => grown < 30),
  });
});

test('a vulnerability says what it is; one that was suppressed does not', async () => {
  expect(await explanationsOf(await report('before'))).toEqual({
    'dependency-check:CVE-2099-10005': { description: 'A name in a log line is looked up.' },
    'dependency-check:CVE-2099-10006': { description: 'A name in a log line is looked up.' },
  });
  const suppressed = (await report('after-suppressed')).match(/<suppressedVulnerability/g);
  expect(suppressed).toHaveLength(1);
  expect(await explanationsOf(await report('after-suppressed'))).toEqual({});
});
