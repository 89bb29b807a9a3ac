import type { ScanFacts } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const BEFORE = { declaredAt: '2026-11-05T02:00:00.000Z' };
const LATER = { declaredAt: '2026-11-12T02:00:00.000Z' };
const FTP = 'rapid7:ftp-anonymous-login 21';
const APACHE = 'rapid7:apache-httpd-cve-2021-41773 80';
const COOKIE = 'rapid7:http-cookie-http-only-flag 80 /login.php|SESSION';
const ICMP = 'rapid7:generic-icmp-timestamp';

const before = async (): Promise<ScanFacts> => gather(await fixture('rapid7/before.xml'), BEFORE);
const after = async (
  name: string,
  change = (text: string): string => text,
): Promise<Record<string, string>> =>
  statesOf([await before(), await gather(change(await fixture(`rapid7/${name}.xml`)), LATER)]);

test('a node keeps its address first, then its card and its names; titles come from behind the tests', async () => {
  const { scan, assets, observations } = await before();
  expect(scan).toMatchObject({ format: 'rapid7', tool: { name: 'rapid7', version: null }, complete: true });
  expect(assets).toMatchObject([
    {
      reached: true,
      identifiers: [
        { kind: 'ip', value: '192.0.2.21' },
        { kind: 'mac', value: '00:00:5e:00:53:21' },
        { kind: 'fqdn', value: 'files.example.org' },
      ],
    },
  ]);
  expect(observations.map((one) => [one.port, one.title, one.severity, one.method ?? 'remote'])).toEqual([
    [0, 'The asset answers ICMP timestamp requests', 'low', 'remote'],
    [21, 'Anonymous FTP login is possible', 'high', 'remote'],
    [80, 'Apache HTTP Server: path traversal', 'critical', 'banner'],
    [80, 'A cookie is sent without HttpOnly', 'medium', 'remote'],
  ]);
  expect(observations[1]).toMatchObject({ cve: ['CVE-1999-0497'], cvss: ['AV:N/AC:L/Au:N/C:P/I:P/A:P'] });
});

test('a test that says "not-vulnerable" closes its finding, but not where nothing came back', async () => {
  expect(await after('after')).toEqual({
    [FTP]: 'verified-fixed',
    [APACHE]: 'verified-fixed',
    [COOKIE]: 'verified-fixed',
    [ICMP]: 'fixed-unverified CHECK_NOT_RUN',
  });
});

test.each([
  'No response.',
  'ICMP: no response was received',
  'The connection timed out',
  'Connection time-out',
])('"%s" is no verdict', async (evidence) => {
  const silent = (text: string): string => text.replace('No response', evidence);
  expect((await after('after', silent))[ICMP]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('the verdicts of a scan that was stopped count', async () => {
  const stopped = (text: string): string => text.replace('status="finished"', 'status="stopped"');
  expect(await after('after', stopped)).toMatchObject({ [FTP]: 'verified-fixed', [ICMP]: 'open INCOMPLETE' });
});

test('a scan without a declared time closes nothing: its own times name no zone', async () => {
  const undated = await gather(await fixture('rapid7/after.xml'));
  expect(undated.scan).toMatchObject({ startedAt: null, timeSource: 'none' });
  expect(statesOf([await before(), undated])).toMatchObject({ [FTP]: 'open NO_TIME' });
});

test('a port that was not tested stays open', async () => {
  expect(await after('after-narrow')).toMatchObject({
    [FTP]: 'open PORT_OUTSIDE',
    [APACHE]: 'verified-fixed',
    [COOKIE]: 'verified-fixed',
  });
});

const OPEN = { [FTP]: 'open', [APACHE]: 'open', [COOKIE]: 'open', [ICMP]: 'open' };

test.each([
  ['skipped, failed and unknown tests', 'after-skipped', (text: string) => text],
  ['a node that is not alive', 'after-dead', (text: string) => text],
  ['verdicts on a node that is not alive', 'after', (text: string) => text.replace('"alive"', '"dead"')],
])('%s close nothing', async (_, name, change) => {
  const states = await after(name, change);
  expect(
    Object.fromEntries(Object.entries(states).map(([key, state]) => [key, state.split(' ')[0]])),
  ).toEqual(OPEN);
});

test.each([
  [
    'a verdict at a port that is not open',
    (text: string) => text.replaceAll('status="open"', 'status="filtered"'),
    { [FTP]: 'open PORT_OUTSIDE' },
  ],
  [
    'a verdict in a report that mixes scans, of one time or another,',
    (text: string) => text.replace('</scans>', '<scan id="9" status="finished"/></scans>'),
    { [FTP]: 'fixed-unverified CHECK_NOT_RUN', [COOKIE]: 'open CHECK_NOT_RUN' },
  ],
  [
    'a verdict of an earlier scan than the one of the report',
    (text: string) => text.replaceAll('scan-id="71"', 'scan-id="70"'),
    { [FTP]: 'fixed-unverified CHECK_NOT_RUN', [COOKIE]: 'open CHECK_NOT_RUN' },
  ],
  [
    'a verdict on the port as a whole, for one page of it,',
    (text: string) => text.replaceAll('/login.php|SESSION', ''),
    { [COOKIE]: 'fixed-unverified CHECK_NOT_RUN' },
  ],
])('%s is no proof', async (_, change, states) => {
  expect(await after('after', change)).toMatchObject(states);
});

test('what an exception hides is there, and a failed test beside a clean one takes the answer away', async () => {
  const hidden = await gather(
    (await fixture('rapid7/after.xml')).replace('"not-vulnerable"', '"exception-vulnerable-version"'),
    LATER,
  );
  expect(hidden.observations[0]).toMatchObject({ check: ICMP, verdict: 'present', method: 'banner' });
  const failed = '<test id="ftp-anonymous-login" key="" status="error"/>';
  const both = (text: string): string => text.replace(/(<test id="ftp)/, `${failed}$1`);
  expect((await after('after', both))[FTP]).toBe('open CHECK_NOT_RUN');
});

test('a file that was cut at any tenth closes nothing', async () => {
  for (const part of tenths(await fixture('rapid7/after.xml'))) {
    const cut = await gather(part, LATER).catch(() => null);
    if (cut === null) continue;
    expect(cut.scan).toMatchObject({ truncated: true, complete: false });
    expect(Object.values(statesOf([await before(), cut]))).not.toContain('verified-fixed');
  }
});

describe('hostile reports', () => {
  const report = (nodes: string, head = ''): Promise<ScanFacts> =>
    gather(
      `<?xml version="1.0"?>${head}<NexposeReport version="2.0"><nodes>${nodes}</nodes></NexposeReport>`,
    );
  const node = (inner: string, address = '192.0.2.7'): string =>
    `<node address="${address}" status="alive">${inner}</node>`;
  const verdict = '<test id="x" status="vulnerable-exploited"/>';

  test.each([
    ['a node without an address', node(verdict, 'a b')],
    ['an endpoint without a port', node(`<endpoint protocol="tcp" port="NaN">${verdict}</endpoint>`)],
    ['a test without an id', node('<test status="vulnerable-exploited"/>')],
  ])('%s is left out with a warning', async (_, nodes) => {
    const facts = await report(nodes + node(verdict));
    expect(facts.observations).toMatchObject([{ check: 'rapid7:x', transport: 'none', severity: 'info' }]);
    expect(facts.warnings).toMatchObject([{ code: 'BAD_RECORD' }]);
  });

  test('a status that nobody knows is a test without an answer, one that was skipped was none', async () => {
    const tests = ['VE', 'error-dos', '', 'skipped-dos', 'overridden-version'].map(
      (status) => `<test id="${status || 'none'}" status="${status}"/>`,
    );
    const { observations } = await report(node(tests.join('')));
    expect(observations.map((one) => [one.check, one.verdict])).toEqual([
      ['rapid7:ve', 'error'],
      ['rapid7:error-dos', 'error'],
      ['rapid7:none', 'error'],
    ]);
  });

  test('entities are damage, and two nodes of one address stay one asset', async () => {
    const bomb = await report(node('<name>&b;</name>'), '<!DOCTYPE x [<!ENTITY b "bb">]>');
    expect(bomb.scan.truncated).toBe(true);
    const twice = await report(node(verdict) + node(verdict));
    expect(Object.keys(statesOf([twice]))).toEqual(['rapid7:x']);
  });
});

test('200,000 tests are read in memory that does not grow with them', async () => {
  const file = generated(
    200_000,
    (i) => `<test id="check-${i % 500}" key="/page/${i}" status="vulnerable-exploited"/>`,
    [
      '<NexposeReport version="2.0"><nodes><node address="192.0.2.7" status="alive">',
      '</node></nodes></NexposeReport>',
    ],
  );
  const { present, grownMegabytes } = await readAll(file);
  expect(present).toBe(200_000);
  expect(grownMegabytes).toBeLessThan(40);
});

test('what a check means and what to do stands in lines, with the addresses of links; evidence never', async () => {
  const definition = (id: string, words: string) =>
    `<vulnerability id="${id}" title="SSH" severity="7">${words}</vulnerability>`;
  const words = `<description>
    <ContainerBlockElement><Paragraph>Anybody can\n      log in &lt; 3.4.</Paragraph>
      <Paragraph><Paragraph>No password is asked for.</Paragraph></Paragraph></ContainerBlockElement></description>
    <solution><ContainerBlockElement><Paragraph>Choose:</Paragraph><UnorderedList>
      <ListItem>On Linux<Paragraph>Download it from <URLLink LinkURL="https://www.example.org/new" LinkTitle="x"></URLLink></Paragraph></ListItem>
      <ListItem>Elsewhere, <URLLink LinkURL="https://www.example.org/build">build</URLLink> it.</ListItem></UnorderedList></ContainerBlockElement></solution>`;
  const node = `<node address="192.0.2.21" status="alive"><tests><test id="ssh-0001" status="vulnerable-exploited"><Paragraph>root logged in</Paragraph></test></tests></node>`;
  const file = `<NexposeReport><nodes>${node}</nodes><VulnerabilityDefinitions>${definition('SSH-0001', words)}${definition('ssh-0001', '<description>Other words</description>')}${definition('ssh-0002', '')}</VulnerabilityDefinitions></NexposeReport>`;
  expect(await explanationsOf(file)).toEqual({
    'rapid7:ssh-0001': {
      description: 'Anybody can log in < 3.4.\nNo password is asked for.',
      advice: [
        'Choose:',
        '- On Linux',
        'Download it from',
        'https://www.example.org/new',
        '- Elsewhere, build it.',
        'https://www.example.org/build',
      ].join('\n'),
    },
  });
});

test('a definition of paragraphs without end is read to its five-hundredth line', async () => {
  const many = '<Paragraph>x</Paragraph>'.repeat(2000);
  const file = `<NexposeReport><VulnerabilityDefinitions><vulnerability id="a"><description>${many}</description><solution>${many}</solution></vulnerability></VulnerabilityDefinitions></NexposeReport>`;
  const { description = '', advice } = (await explanationsOf(file))['rapid7:a'] ?? {};
  expect(description.length).toBeLessThan(4001);
  expect(advice).toBe(description);
});
