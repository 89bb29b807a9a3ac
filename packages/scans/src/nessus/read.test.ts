import { expect, test } from 'vitest';
import { type NessusHost, nessusFile } from '../../../../scripts/fixtures/nessus.ts';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const WEAK = ['nessus:10114', 'nessus:104743 443', 'nessus:51192 443', 'nessus:57608 445'];

async function after(name: string, before = 'before'): Promise<Record<string, string>> {
  const scans = [
    await gather(await fixture(`nessus/${before}.nessus`)),
    await gather(await fixture(`nessus/${name}.nessus`)),
  ];
  return statesOf(scans);
}

const all = (state: string) => Object.fromEntries(WEAK.map((key) => [key, state]));

test('a full rescan with the list of launched plugins closes what it no longer sees, and nothing else', async () => {
  expect(await after('after-clean')).toEqual({ ...all('verified-fixed'), 'nessus:22964 443': 'open' });
});

for (const name of ['after-narrow-ports', 'after-default-ports']) {
  test(`a finding stays open when the rescan did not examine its port (${name})`, async () => {
    expect(await after(name)).toMatchObject({
      'nessus:57608 445': 'open PORT_OUTSIDE',
      'nessus:51192 443': 'verified-fixed',
    });
  });
}

test('a finding stays open when its plugin was not launched', async () => {
  expect(await after('after-other-plugins')).toMatchObject({
    'nessus:51192 443': 'open CHECK_NOT_RUN',
    'nessus:10114': 'verified-fixed',
  });
});

test('a plugin that was enabled but is not shown to have run makes a finding likely fixed, not closed', async () => {
  expect(await after('after-without-launched-list')).toMatchObject(all('fixed-unverified CHECK_NOT_RUN'));
});

for (const [name, reason] of [
  ['after-without-information', 'INCOMPLETE'],
  ['after-unfinished', 'INCOMPLETE'],
  ['after-dead', 'NO_HOST'],
  ['after-other-asset', 'NO_HOST'],
  ['after-older-feed', 'OLDER_FEED'],
] as const) {
  test(`${name} closes nothing: ${reason}`, async () => {
    expect(await after(name)).toMatchObject(all(`open ${reason}`));
  });
}

test('a finding seen with a login is closed only by a scan with the login', async () => {
  expect(await after('login-after-without', 'login-before')).toMatchObject({
    'nessus:190001': 'open WEAKER_METHOD',
    'nessus:104743 443': 'verified-fixed',
  });
  expect(await after('login-after', 'login-before')).toMatchObject({
    'nessus:190001': 'verified-fixed',
    'nessus:104743 443': 'verified-fixed',
  });
});

test('a cut file keeps its presences and closes nothing', async () => {
  const before = await gather(await fixture('nessus/before.nessus'));
  for (const part of tenths(await fixture('nessus/after-clean.nessus'))) {
    const cut = await gather(part).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UnreadableScan);
      return null;
    });
    if (cut === null) continue;
    expect(cut.scan).toMatchObject({ truncated: true, complete: false });
    expect(Object.values(statesOf([before, cut]))).not.toContain('verified-fixed');
  }
});

const host: NessusHost = {
  name: 'www.example.org',
  ip: '192.0.2.7',
  items: [{ plugin: 51192, port: 443, severity: 2, title: 'Certificate' }],
  start: 1_788_224_400,
  end: 1_788_225_300,
  launched: [51192],
};

function written(hosts: readonly NessusHost[], more: object = {}): string {
  const file = { targets: [], portRange: '1-65535', plugins: [51192], feed: '202608310001', hosts, ...more };
  return [...nessusFile(file)].join('');
}

test('an asset is known by what was addressed first, then by all that Nessus learned of it', async () => {
  const tags = {
    'host-fqdn': 'www.example.org',
    'host-fqdns': '[{"FQDN":"web7.example.org","sources":["get_host_fqdn()"]}]',
    'mac-address': '00:00:5E:00:53:01\n00:00:5E:00:53:02',
    'host-uuid': '0f5e1d0e-3d0c-4f42-8d2c-0c8f0a2f6a11',
  };
  const { assets } = await gather(written([{ ...host, tags }]));
  expect(assets[0]?.identifiers).toEqual([
    { kind: 'fqdn', value: 'www.example.org' },
    { kind: 'ip', value: '192.0.2.7' },
    { kind: 'fqdn', value: 'web7.example.org' },
    { kind: 'mac', value: '00:00:5e:00:53:01' },
    { kind: 'mac', value: '00:00:5e:00:53:02' },
    { kind: 'agent', value: '0f5e1d0e-3d0c-4f42-8d2c-0c8f0a2f6a11' },
  ]);
});

test('a target without a report is an asset that was not reached; a network in the target list is not', async () => {
  const { assets } = await gather(
    written([host], { targets: ['WWW.example.org', '192.0.2.7', '192.0.2.9', '192.0.2.0/24'] }),
  );
  expect(assets.map((one) => [one.identifiers[0]?.value, one.reached, one.reason])).toEqual([
    ['www.example.org', true, undefined],
    ['192.0.2.9', false, 'NO_HOST'],
  ]);
});

test('the same item twice is one observation, and an item at port 0 belongs to the asset as a whole', async () => {
  const item = { plugin: 10114, port: 0, severity: 1, title: 'Timestamps' } as const;
  const { observations } = await gather(
    written([{ ...host, items: [item, item, { ...item, protocol: 'udp', port: 53 }] }]),
  );
  expect(observations.map((one) => [one.transport, one.port])).toEqual([
    ['none', 0],
    ['udp', 53],
  ]);
});

test('plugins that report on the scan make no findings', async () => {
  const { observations } = await gather(written([{ ...host, login: "yes, as 'root' via ssh" }]));
  expect(observations.map((one) => one.check)).toEqual(['nessus:51192']);
});

test('after login trouble the silence of local checks says nothing', async () => {
  const trouble = { plugin: 104410, port: 0, severity: 0, title: 'Credential failure' } as const;
  const { coverage } = await gather(
    written([{ ...host, items: [trouble], login: "yes, as 'root' via ssh" }]),
  );
  expect(new Set(coverage.map((one) => one.method))).toEqual(new Set(['remote']));
});

test('of several scanners in one file the oldest stands for it, compared as versions are', async () => {
  const text = written([host, { ...host, name: '192.0.2.8' }]).replace(
    'version : 10.8.3',
    'version : 10.11.0',
  );
  expect((await gather(text)).scan.tool.version).toBe('10.8.3');
});

/** The policy says which ways of asking whether an address is alive were on. */
const pinging = (text: string, value: 'yes' | 'no'): string => {
  const ways = ['an ARP', 'a TCP', 'an ICMP'].map(
    (way) =>
      `<item><fullName>Ping the remote host[checkbox]:Do ${way} ping</fullName><selectedValue>${value}</selectedValue></item>`,
  );
  return text.replace('</Policy>', `<PluginsPreferences>${ways.join('')}</PluginsPreferences></Policy>`);
};

test('without a ping an address where nobody answered was not reached; with one it is not in the report', async () => {
  const trace = { plugin: 10287, port: 0, protocol: 'udp', severity: 0, title: 'Traceroute' } as const;
  for (const items of [[], [trace]]) {
    const text = written([{ ...host, items }]);
    expect((await gather(text)).assets).toMatchObject([{ reached: true }]);
    expect((await gather(pinging(text, 'yes'))).assets).toMatchObject([{ reached: true }]);
    const { assets } = await gather(pinging(text, 'no'));
    expect(assets).toMatchObject([{ reached: false, reason: 'NO_HOST' }]);
  }
  const inside = written([{ ...host, items: [], login: "yes, as 'root' via ssh" }]);
  expect((await gather(pinging(inside, 'no'))).assets).toMatchObject([{ reached: true }]);
});

test('two accounts of one scan of an asset are two scans, and neither answers by silence', async () => {
  const text = written([host]);
  const [account = ''] = /<ReportItem[^>]*pluginID="19506".*?<\/ReportItem>/s.exec(text) ?? [];
  const { coverage, assets } = await gather(text.replace(account, account + account));
  expect(assets[0]?.reason).toBe('INCOMPLETE');
  expect(coverage).toEqual([]);
});

test('an item that cannot be read is a warning with its line, and the silence of its asset is void', async () => {
  const text = written([host]).replace('port="443"', 'port="NaN"');
  const { warnings, coverage, assets } = await gather(text);
  expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: expect.any(Number) }]);
  expect(coverage).toEqual([]);
  expect(assets[0]?.reason).toBe('INCOMPLETE');
});

test('a real plugin set of 140,000 ids is one short text, the same for every asset', async () => {
  const plugins = Array.from({ length: 140_000 }, (_, i) => 10_000 + i + Math.floor(i / 140));
  const { launched: _, ...unlisted } = host;
  const { coverage } = await gather(written([unlisted, { ...unlisted, name: '192.0.2.8' }], { plugins }));
  const ranges = new Set(coverage.map((one) => ('ranges' in one.checks ? one.checks.ranges : '')));
  expect(ranges.size).toBe(1);
  expect([...ranges][0]?.length).toBeLessThan(20_000);
});

test('an entity bomb in a report is damage and expands to nothing', async () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>';
  const text = written([host])
    .replace('<NessusClientData_v2>', `${bomb}<NessusClientData_v2>`)
    .replace('Certificate', '&b;');
  const { scan, observations } = await gather(text);
  expect(scan.truncated).toBe(true);
  expect(observations).toEqual([]);
});

test('wrong times give no time, and without a time nothing closes', async () => {
  const text = written([host]).replaceAll(/(HOST_(?:START|END)_TIMESTAMP">)\d+/g, '$1soon');
  const { scan, assets } = await gather(text);
  expect([scan.timeSource, assets[0]?.startedAt]).toEqual(['none', null]);
});

test('compliance results are said to be unread and make no findings', async () => {
  const text = written([host]).replace(
    '<plugin_type>',
    '<cm:compliance-result>FAILED</cm:compliance-result><plugin_type>',
  );
  const { warnings, observations } = await gather(text);
  expect(warnings.map((one) => one.code)).toEqual(['NOT_READ']);
  expect(observations).toEqual([]);
});

test('what a plugin is and what to do about it is told once, without the line breaks of the file', async () => {
  const item = (port: number, words: string) =>
    `<ReportItem port="${port}" protocol="tcp" severity="2" pluginID="51192" pluginName="Certificate">${words}</ReportItem>`;
  const words = `<description>The certificate\ncannot be trusted :\n\n  - It is self-signed.\n  - It has expired.</description>
<solution>Purchase a proper\ncertificate.</solution>`;
  const file = `<NessusClientData_v2><Report name="r"><ReportHost name="192.0.2.7"><HostProperties/>${item(443, '<solution>n/a</solution>')}${item(444, words)}${item(445, '<description>Other words</description>')}</ReportHost></Report></NessusClientData_v2>`;
  expect(await explanationsOf(file)).toEqual({
    'nessus:51192': {
      description: 'The certificate cannot be trusted :\n\n- It is self-signed.\n- It has expired.',
      advice: 'Purchase a proper certificate.',
    },
  });
});
