import type { ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { oddDocuments, refused } from '../testing/cuts.ts';
import { gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const PLUGIN = 'wpscan:6f2d3c1a-9d0e-4b7a-8f55-2b1c0d9e8f70 443 /wp-content/plugins/gallery-box/#plugin';
const CORE = 'wpscan:0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d 443 /#wordpress';
const XMLRPC = 'wpscan:xmlrpc 443 /xmlrpc.php';

const before = async (): Promise<ScanFacts> => gather(await fixture('wpscan/before.json'));
const after = async (name: string, change: object = {}): Promise<Record<string, string>> => {
  const report = { ...JSON.parse(await fixture(`wpscan/${name}.json`)), ...change };
  return statesOf([await before(), await gather(JSON.stringify(report))]);
};

test('a finding is a weakness of a component where it lies, or something found about the site', async () => {
  const { scan, assets, observations } = await before();
  expect(scan).toMatchObject({
    format: 'wpscan',
    tool: { name: 'wpscan', version: '3.8.28' },
    startedAt: '2026-11-05T02:00:00.000Z',
    finishedAt: '2026-11-05T02:00:30.000Z',
    complete: true,
  });
  expect(assets).toMatchObject([
    { reached: true, identifiers: [{ value: 'blog.example.org' }, { kind: 'ip' }] },
  ]);
  expect(observations.map((one) => [one.check, one.locus, one.severity, one.cve.join()])).toEqual([
    ['wpscan:config-backup', '/wp-config.php~', 'high', ''],
    ['wpscan:outdated', '/wp-content/plugins/gallery-box/', 'low', ''],
    ['wpscan:user-names', '/', 'info', ''],
    ['wpscan:xmlrpc', '/xmlrpc.php', 'info', ''],
    [CORE.split(' ')[0], '/#wordpress', 'medium', 'CVE-2026-10002'],
    [PLUGIN.split(' ')[0], '/wp-content/plugins/gallery-box/#plugin', 'critical', 'CVE-2026-10001'],
  ]);
});

test('names and passwords of accounts stay in the file', async () => {
  const report = JSON.parse(await fixture('wpscan/before.json'));
  const facts = await gather(
    JSON.stringify({ ...report, password_attack: { somebody: { password: 'secret1' } } }),
  );
  expect(facts.observations.map(({ check }) => check)).toContain('wpscan:weak-password');
  expect(JSON.stringify(facts)).not.toMatch(/somebody|secret1/);
});

test('what a whole scan does not list is likely fixed, not closed', async () => {
  const states = await after('after');
  expect(states).toMatchObject({
    [PLUGIN]: 'fixed-unverified CHECK_NOT_RUN',
    [XMLRPC]: expect.stringMatching(/^fixed-/),
  });
  expect(Object.values(states)).not.toContain('verified-fixed');
});

test('a scan without an answer of the database says nothing of weaknesses', async () => {
  const states = await after('after-narrow');
  expect(states).toMatchObject({ [PLUGIN]: 'open CHECK_NOT_RUN', [CORE]: 'open CHECK_NOT_RUN' });
  expect(states[XMLRPC]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test.each([
  ['of a site that is down', 'after-aborted', {}, 'open NO_HOST'],
  ['that was broken off', 'after', { stop_time: undefined }, 'open INCOMPLETE'],
  ['that ends in an error', 'after', { scan_aborted: 'undefined method for nil' }, 'open INCOMPLETE'],
  [
    'that was locked out',
    'after',
    { scan_aborted: 'The target is responding with a 403', start_time: undefined },
    'open BLOCKED',
  ],
  ['that was answered with refusals', 'after', { response_status_codes_warning: true }, 'open BLOCKED'],
  ['with a record that cannot be read', 'after', { interesting_findings: [7] }, 'open INCOMPLETE'],
])('a scan %s says nothing', async (_, name, change, state) => {
  expect((await after(name, change))[PLUGIN]).toBe(state);
});

test('weaknesses that were filtered out of the report are named as such', async () => {
  const filtered = await after('after', { excluded_vulnerabilities: ['dos'] });
  expect(filtered[PLUGIN]).toMatch(/^fixed-unverified (CHECK_NOT_RUN|FILTERED_REPORT)$/);
  const { coverage } = await gather(
    JSON.stringify({ ...JSON.parse(await fixture('wpscan/after.json')), excluded_vulnerabilities: ['dos'] }),
  );
  expect(coverage).toMatchObject([{ assumptions: ['A-enumeration', 'A-api', 'A-filter'] }]);
});

test('a file that was cut at any tenth says nothing', async () => {
  for (const part of tenths(await fixture('wpscan/after.json'))) {
    const cut = await gather(part).catch(() => null);
    if (cut === null) continue;
    expect(cut).toMatchObject({ scan: { truncated: true, complete: false }, coverage: [] });
  }
});

test('wrong types anywhere are survived', async () => {
  for (const odd of oddDocuments(JSON.parse(await fixture('wpscan/before.json'))))
    await gather(odd, { format: 'wpscan' }).catch(refused);
});

test('100,000 weaknesses are read in memory that does not grow with them', async () => {
  const weakness = (i: number): string => `${i === 0 ? '' : ','}{"title":"Weakness ${i}","uuid":"u${i}"}`;
  const file = generated(100_000, weakness, [
    '{"target_url":"http://a.example.org/","interesting_findings":[],"plugins":{"p":{"vulnerabilities":[',
    ']}}}',
  ]);
  const { present, grownMegabytes } = await readAll(file);
  expect(present).toBe(100_000);
  expect(grownMegabytes).toBeLessThan(40);
});
