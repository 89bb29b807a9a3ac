import { expect, test } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';
import { walked } from '../testing/walked.ts';
import { parseFilter } from './filter.ts';

const read = async (name: string) => gather(await fixture(`greenbone/${name}`));
const after = async (name: string) => statesOf([await read('before.xml'), await read(`${name}.xml`)]);

const OPENSSL = 'greenbone:1.3.6.1.4.1.25623.1.1.12.2026.70001';
const KERNEL = 'greenbone:1.3.6.1.4.1.25623.1.1.12.2026.70002';
const SSH = 'greenbone:1.3.6.1.4.1.25623.1.0.105611 22';

for (const name of ['after', 'after-as-answer']) {
  test(`a local check that says "closed" closes; the silence of a remote test is likely fixed at most (${name})`, async () => {
    expect(await after(name)).toEqual({
      [OPENSSL]: 'verified-fixed',
      [KERNEL]: 'verified-fixed',
      [SSH]: 'fixed-unverified PORT_OUTSIDE',
    });
  });
}

test('a local check that does not say "closed" is likely fixed at most, and what is still there stays open', async () => {
  expect(await after('after-narrow')).toEqual({
    [OPENSSL]: 'verified-fixed',
    [KERNEL]: 'fixed-unverified CHECK_NOT_RUN',
    [SSH]: 'open',
  });
});

test('under the usual filter, which hides uncertain and informational results, nothing closes', async () => {
  expect(await after('after-filtered')).toEqual({
    [OPENSSL]: 'fixed-unverified CHECK_NOT_RUN',
    [KERNEL]: 'fixed-unverified CHECK_NOT_RUN',
    [SSH]: 'fixed-unverified PORT_OUTSIDE',
  });
  const narrower = (await fixture('greenbone/after-filtered.xml')).replace('levels=hml', 'levels=h');
  expect(statesOf([await read('before.xml'), await gather(narrower)])[SSH]).toBe('open FILTERED_REPORT');
});

test('the filter by which reports were chosen is not the filter of the results', async () => {
  const loose = 'apply_overrides=0 levels=hmlg rows=-1 min_qod=0 first=1 sort-reverse=severity';
  const answer = await fixture('greenbone/after-as-answer.xml');
  const chosen = answer
    .replace(loose, 'apply_overrides=1 levels=h rows=-1 min_qod=70 first=1')
    .replace('</get_reports', `<filters id=""><term>${loose}</term></filters></get_reports`);
  const states = statesOf([await read('before.xml'), await gather(chosen)]);
  expect(new Set(Object.values(states))).toEqual(new Set(['open FILTERED_REPORT']));
});

for (const [name, state] of [
  ['after-paged', 'open INCOMPLETE'],
  ['after-stopped', 'open INCOMPLETE'],
  ['after-unfinished-host', 'open INCOMPLETE'],
  ['after-host-error', 'open INCOMPLETE'],
  ['after-other-host', 'open'],
  ['after-no-hosts', 'open NO_HOST'],
  ['after-older-feed', 'open OLDER_FEED'],
] as const) {
  test(`${name} closes nothing`, async () => {
    expect(await after(name)).toEqual({ [OPENSSL]: state, [KERNEL]: state, [SSH]: state });
  });
}

test('a test that timed out takes its own answer away and no other', async () => {
  expect(await after('after-timeout')).toMatchObject({
    [OPENSSL]: 'open TIMEOUT',
    [KERNEL]: 'verified-fixed',
  });
});

test('the CSV shows what is there and never that something is gone', async () => {
  const before = await read('before.csv');
  expect(Object.values(statesOf([before, await read('after-narrow.csv')])).join()).not.toContain('fixed');
  expect(before.scan).toMatchObject({ complete: false, startedAt: '2026-09-01T01:15:00.000Z' });
  expect(before.observations.map((one) => [one.check, one.port, one.method])).toEqual([
    [OPENSSL, 0, undefined],
    ['greenbone:1.3.6.1.4.1.25623.1.0.105611', 22, undefined],
    ['greenbone:CVE-2026-1003', 0, 'banner'],
  ]);
  expect(statesOf([before, await read('after.xml')])).toMatchObject({ [OPENSSL]: 'verified-fixed' });
});

test('an address is kept apart from the host name that follows it without a space', async () => {
  const text = (await fixture('greenbone/before.xml')).replaceAll('app.example.org', '1.example.org');
  for (const size of [1, 7, 10_000]) {
    const { assets } = await gather(text, {}, size);
    expect(assets[0]?.identifiers).toEqual([
      { kind: 'ip', value: '192.0.2.30' },
      { kind: 'fqdn', value: '1.example.org' },
      { kind: 'mac', value: '00:00:5e:00:53:30' },
    ]);
  }
});

test('login, feed and scanner come from the details of the host, weakness ids and method from the test', async () => {
  const { scan, assets, observations } = await read('before.xml');
  expect(scan.tool).toEqual({ name: 'greenbone', version: '23.28.0', feed: '202608310633' });
  expect(assets[0]?.credential).toBe('privileged');
  expect(observations).toMatchObject([
    {
      transport: 'none',
      method: 'local',
      cve: ['CVE-2026-1001'],
      severity: 'high',
      at: '2026-09-01T01:15:00.000Z',
    },
    { transport: 'none', method: 'local', severity: 'critical' },
    { transport: 'tcp', port: 22, cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'] },
  ]);
});

test('what was seen from the network needs no login to be gone', async () => {
  const { observations } = await read('before.xml');
  expect(observations.map((one) => one.credential)).toEqual([undefined, undefined, 'none']);
});

test.each([
  ['apply_overrides=0 levels=hmlg rows=-1 min_qod=0 first=1 sort=host notes=1 overrides=1', 'nothing', 0],
  ['apply_overrides=0 min_qod=0', 'nothing', 0],
  ['apply_overrides=0 levels=hml min_qod=70', 'informational', 70],
  ['apply_overrides=0 levels=hm min_qod=0', 'findings', 0],
  ['apply_overrides=0 levels=hmlg levels=hm min_qod=0 min_qod=70', 'findings', 70],
  ['apply_overrides=1 levels=hmlg min_qod=0', 'findings', 0],
  ['levels=hmlg min_qod=0', 'findings', 0],
  ['apply_overrides=0 levels=hmlg min_qod=0 severity>6.9', 'findings', 0],
  ['apply_overrides=0 levels=hmlg min_qod=0 apache', 'findings', 0],
  ['apply_overrides=0 levels=hmlg host=192.0.2.7', 'findings', null],
  ['', 'findings', null],
])('the filter "%s" hides %s', (term, hides, minQod) => {
  expect(parseFilter(term)).toEqual({ hides, minQod });
});

test('a cut report keeps its presences and closes nothing', async () => {
  const before = await read('before.xml');
  for (const name of ['after.xml', 'after-as-answer.xml', 'before.xml']) {
    for (const part of tenths(await fixture(`greenbone/${name}`))) {
      const cut = await gather(part).catch((error: unknown) => error);
      if (cut instanceof UnreadableScan) continue;
      const scan = cut as Awaited<ReturnType<typeof gather>>;
      expect(scan.scan).toMatchObject({ truncated: true, complete: false });
      expect(Object.values(statesOf([before, scan])).join()).not.toContain('fixed');
    }
  }
});

test('a result that cannot be read is a warning with its line, and the silence of its host is void', async () => {
  const before = await read('before.xml');
  const whole = await fixture('greenbone/after-narrow.xml');
  for (const [from, to] of [
    ['<port>22/tcp</port><nvt', '<port>99999/tcp</port><nvt'],
    ['<nvt oid="1.3.6.1.4.1.25623.1.0.105611"', '<nvt oid=""'],
    ['<host>192.0.2.30<asset', '<host>?!<asset'],
  ] as const) {
    const scan = await gather(whole.replace(from, to));
    expect(scan.warnings).toMatchObject([{ code: 'BAD_RECORD', line: 14 }]);
    expect(Object.values(statesOf([before, scan])).join()).not.toContain('fixed');
  }
});

test('a second scan in the file takes the silence of both away', async () => {
  const whole = await fixture('greenbone/after-as-answer.xml');
  const report = whole.slice(whole.indexOf('<report id'), whole.lastIndexOf('</get_'));
  const { scan, coverage } = await gather(whole.replace('</get_', () => `${report}</get_`));
  expect(scan.complete).toBe(false);
  expect(coverage).toEqual([]);
});

test('a report that compares two scans is refused with a word why', async () => {
  const delta = (await fixture('greenbone/after.xml')).replace('<report id', '<report type="delta" id');
  await expect(gather(delta)).rejects.toThrow('compares two scans');
});

test('an entity bomb is damage and expands to nothing', async () => {
  const text = (await fixture('greenbone/before.xml'))
    .replace('<report ', '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><report ')
    .replace('<scan_run_status>Done', '<scan_run_status>&b;');
  expect((await gather(text)).scan.truncated).toBe(true);
});

function* large(results: number, one: string, [head, tail]: readonly [string, string]): Generator<string> {
  yield head;
  for (let i = 0; i < results; i++)
    yield one.replaceAll('105611', `${100_000 + i}`).replace('192.0.2.30', `10.0.0.${i % 251}`);
  yield tail;
}

test('a hundred thousand results are read without keeping them', async () => {
  const text = await fixture('greenbone/after-narrow.xml');
  const [from, to] = [text.indexOf('<result id'), text.indexOf('</result>') + '</result>'.length];
  const frame = [text.slice(0, from), text.slice(to)] as const;
  const { presences, grown } = await walked(large(100_000, text.slice(from, to), frame));
  expect(presences).toBe(100_000);
  expect(grown).toBeLessThan(150);
});

const OID = '1.3.6.1.4.1.25623.1.0.105611';
const SAID = {
  [`greenbone:${OID}`]: {
    description: 'The server offers weak ciphers.\n\nArcfour has biases:\n\n- in its first bytes',
    harm: 'An attacker reads what is sent.',
    advice: 'Switch them off.',
  },
};

test.each([
  ['of an old version', '|solution=Switch them\n off.|solution_type=Mitigation', ''],
  ['of today', '', '<solution type="Mitigation">Switch them\n off.</solution>'],
])('what a test means is told once from a report %s, what it saw never', async (_, tag, element) => {
  const result = (words: string) =>
    `<result><host>192.0.2.30</host><port>22/tcp</port><nvt oid="${OID}"><name>SSH</name>${words}</nvt><threat>High</threat><description>arcfour of 192.0.2.30</description></result>`;
  const words = `<tags>cvss_base_vector=AV:N|summary=The server offers\n  weak ciphers.|insight=Arcfour has biases:\n\n  - in its first\n  bytes|impact=An attacker\nreads what is sent.|affected=${tag}</tags>${element}`;
  const report = `<report><scan_run_status>Done</scan_run_status><results>${result('')}${result(words)}${result('<tags>summary=Other words</tags>')}</results></report>`;
  expect(await explanationsOf(report)).toEqual(SAID);
});

test('what the CVE scanner met on a host does not explain the CVE; what stands behind it does', async () => {
  const met =
    'The host carries the product: cpe:/a:apache:http_server:2.4.7\nThe product was found at: 80/tcp.';
  const rows = [
    'IP,Port,Port Protocol,NVT OID,Summary,Specific Result,Result ID',
    `192.0.2.30,,,CVE-2026-1001,"${met}\n\nA cookie can\ncrash it.","${met}",1`,
    `192.0.2.30,,,CVE-2026-1002,"${met}","${met}",2`,
  ];
  expect(await explanationsOf(`${rows.join('\n')}\n`)).toEqual({
    'greenbone:CVE-2026-1001': { description: 'A cookie can crash it.' },
  });
});

test('the CSV explains a test in columns of their own', async () => {
  const rows = [
    'IP,Port,Port Protocol,NVT OID,Summary,Specific Result,Result ID,Impact,Solution,Vulnerability Insight',
    `192.0.2.30,22,tcp,${OID},"The server\n  offers weak ciphers.",arcfour,1,An attacker reads what is sent.,"Switch\nthem off.","Arcfour has biases:\n\n  - in its first\n  bytes"`,
    `192.0.2.31,22,tcp,${OID},Other words,arcfour,2,Other words,,`,
  ];
  expect(await explanationsOf(`${rows.join('\n')}\n`)).toEqual(SAID);
});
