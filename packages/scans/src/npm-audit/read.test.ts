import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const MERGE = 'npm-audit:GHSA-2222-3333-4444 #pkg:npm/%40shop/deep-merge';
const OCTOBER = { declaredAt: '2026-10-01T00:00:00.000Z' };
const NOVEMBER = { declaredAt: '2026-11-01T00:00:00.000Z' };

const report = (name: string) => fixture(`npm-audit/${name}.json`);

async function after(name: string, before: string): Promise<Record<string, string>> {
  return statesOf([await gather(await report(before), OCTOBER), await gather(await report(name), NOVEMBER)]);
}

test('an advisory is one finding for its package, not one for each package that depends on it', async () => {
  const { scan, assets, observations } = await gather(await report('before'));
  expect(scan).toMatchObject({ tool: { version: null }, startedAt: null, complete: true });
  expect(assets[0]?.identifiers).toEqual([{ kind: 'repository', value: 'unnamed:npm-audit' }]);
  expect(observations).toMatchObject([
    { locus: '#pkg:npm/%40shop/deep-merge', severity: 'high', cwe: ['CWE-1321'], method: 'local' },
  ]);
});

test('a report of npm 6 speaks of the same finding as one of npm 7', async () => {
  expect((await after('before-version-1', 'before'))[MERGE]).toBe('open');
});

test('an advisory without a GHSA id is known by its number', async () => {
  const { observations } = await gather(await report('before-version-1'));
  expect(observations).toMatchObject([
    { check: 'npm-audit:146', severity: 'critical', cwe: ['CWE-94', 'CWE-78'] },
    { check: 'npm-audit:GHSA-2222-3333-4444', cve: ['CVE-2099-10003'] },
  ]);
});

for (const [before, name, state, why] of [
  ['before', 'after', 'fixed-unverified CHECK_NOT_RUN', 'the lockfile is not part of the report'],
  [
    'before',
    'after-narrow',
    'fixed-unverified CHECK_NOT_RUN',
    'how many dependencies there must be is not known',
  ],
  ['before-version-1', 'after-version-1', 'fixed-unverified CHECK_NOT_RUN', 'npm 6 does not tell more'],
  ['before', 'after-error', 'open INCOMPLETE', 'the registry gave no answer'],
] as const) {
  test(`${name} closes nothing: ${why}`, async () => {
    expect((await after(name, before))[MERGE]).toBe(state);
  });
}

test('a failure says what npm says', async () => {
  const { assets, warnings } = await gather(await report('after-error'));
  expect(assets).toMatchObject([{ reached: false, reason: 'INCOMPLETE' }]);
  expect(warnings).toMatchObject([
    { code: 'TOOL_FAILED', message: expect.stringContaining('may not support') },
  ]);
});

test('a cut report closes nothing', async () => {
  const before = await gather(await report('before'), OCTOBER);
  expect(await closedByCuts(before, await report('after'), NOVEMBER)).toEqual([]);
});

test('wrong types anywhere are survived, and an advisory without an id takes the silence away', async () => {
  for (const odd of ODD_VALUES) {
    const whole = { source: 1, name: 'x', title: odd, url: odd, severity: odd, cwe: odd, cvss: odd };
    const vulnerabilities = { a: { via: odd }, b: { via: [whole, { name: odd }] }, c: odd };
    const { scan, observations } = await gather(JSON.stringify({ auditReportVersion: 2, vulnerabilities }));
    expect([scan.complete, observations.length]).toEqual([false, 1]);
    const advisories = { 1: { id: 1, module_name: 'x', cves: odd, cwe: odd }, 2: odd };
    expect((await gather(JSON.stringify({ advisories, metadata: odd }))).observations).toHaveLength(1);
    await gather(JSON.stringify({ auditReportVersion: 2, vulnerabilities: odd, metadata: odd }));
  }
});

test('a hundred thousand advisories are read', async () => {
  const record = (i: number) =>
    `${i === 0 ? '' : ','}"p${i}":{"name":"p${i}","via":[{"source":${i},"name":"p${i}","severity":"low"}]}`;
  const head = '{"auditReportVersion":2,"vulnerabilities":{';
  expect(await readAll(generated(100_000, record, [head, '}}']))).toMatchObject({
    present: 100_000,
    complete: true,
    grownMegabytes: expect.toSatisfy((grown: number) => grown < 150),
  });
});

test('npm 6 says what an advisory is about; a version that fixes one of two packages is no advice', async () => {
  const advisory = (id: number, module_name: string, recommendation: unknown, ghsa?: string) => ({
    id,
    module_name,
    title: 'Keys are followed',
    overview: 'A key is followed.',
    recommendation,
    github_advisory_id: ghsa,
    metadata: {},
  });
  const advisories = {
    1: advisory(1, 'ring-bell', 'Update to 2.0.0.'),
    2: advisory(2, 'merge', 'Update to 1.0.3.', 'GHSA-2222-3333-4444'),
    3: advisory(3, 'merge-es', 'Update to 4.1.0.', 'GHSA-2222-3333-4444'),
    4: { ...advisory(4, 'odd', {}), overview: 4 },
  };
  const content = JSON.stringify({ actions: [], advisories, muted: [], metadata: {} });
  expect(await explanationsOf(content)).toEqual({
    'npm-audit:1': { description: 'A key is followed.', advice: 'Update to 2.0.0.' },
    'npm-audit:GHSA-2222-3333-4444': { description: 'A key is followed.' },
  });
  expect(await explanationsOf(await report('before'))).toEqual({});
});
