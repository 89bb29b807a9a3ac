import { expect, test } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';
import { walked } from '../testing/walked.ts';

const read = async (name: string, declaredAt?: string) =>
  gather(await fixture(`qualys/${name}`), declaredAt === undefined ? {} : { declaredAt });

const SSH = 'qualys:38739 22';
const CLOCK = 'qualys:82003';

for (const [before, name, states] of [
  [
    'before.xml',
    'after.xml',
    { [SSH]: 'fixed-unverified PORT_OUTSIDE', [CLOCK]: 'fixed-unverified CHECK_NOT_RUN' },
  ],
  [
    'before.xml',
    'after-narrow.xml',
    { [SSH]: 'open CHECK_NOT_RUN', [CLOCK]: 'fixed-unverified CHECK_NOT_RUN' },
  ],
  [
    'before.xml',
    'after-fixed.xml',
    { [SSH]: 'fixed-unverified CHECK_NOT_RUN', [CLOCK]: 'open PORT_OUTSIDE' },
  ],
  ['before.xml', 'after-without-information.xml', { [SSH]: 'open INCOMPLETE', [CLOCK]: 'open INCOMPLETE' }],
  ['before.xml', 'after-still-active.xml', { [SSH]: 'open', [CLOCK]: 'open' }],
  ['before.xml', 'after-other-host.xml', { [SSH]: 'open', [CLOCK]: 'open' }],
  ['scan-first.xml', 'scan-after.xml', { [SSH]: 'fixed-unverified PORT_OUTSIDE' }],
  ['scan-first.xml', 'scan-after-cancelled.xml', { [SSH]: 'open INCOMPLETE' }],
  ['scan-first.xml', 'scan-after-down.xml', { [SSH]: 'open NO_HOST' }],
  ['before.xml', 'after-down.csv', { [SSH]: 'open NO_HOST' }],
  ['before.xml', 'after-fixed.csv', { [SSH]: 'open NO_TIME', [CLOCK]: 'open INCOMPLETE' }],
  ['before.xml', 'after.csv', { [SSH]: 'open INCOMPLETE', [CLOCK]: 'open INCOMPLETE' }],
] as const) {
  test(`of ${before}, ${name} says ${Object.values(states).join(', ')}, and closes nothing`, async () => {
    expect(statesOf([await read(before), await read(name)])).toMatchObject(states);
  });
}

test('what a CSV calls fixed is likely fixed at the time that somebody declares', async () => {
  const later = await read('after-fixed.csv', '2026-10-01T01:00:00.000Z');
  expect(statesOf([await read('before.xml'), later])[SSH]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('title, grade and weakness ids come from the glossary behind the detections', async () => {
  const { assets, observations } = await read('before.xml');
  expect(assets[0]).toMatchObject({
    startedAt: '2026-09-01T01:00:00.000Z',
    finishedAt: '2026-09-01T01:20:00.000Z',
    credential: 'none',
  });
  expect(observations.map((one) => [one.check, one.severity])).toEqual([
    ['qualys:82023', 'info'],
    ['qualys:38739', 'medium'],
    ['qualys:82003', 'info'],
  ]);
  expect(observations[1]).toMatchObject({
    title: 'Deprecated SSH Cryptographic Settings',
    transport: 'tcp',
    port: 22,
    cve: ['CVE-2026-2001'],
    cvss: ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N', 'AV:N/AC:L/Au:N/C:P/I:N/A:N'],
    at: '2026-09-01T01:20:00.000Z',
  });
});

test('an asset is known by what Qualys tracks it by, and what an agent found was seen from inside', async () => {
  const text = (await fixture('qualys/before.xml')).replace(
    '<OPERATING',
    '<QG_HOSTID>7b0d7b5e-0001</QG_HOSTID><OPERATING',
  );
  const values = async (tracking: string) =>
    (await gather(text.replace('>IP</TRACKING', `>${tracking}</TRACKING`))).assets[0]?.identifiers;
  expect(await values('DNS')).toMatchObject([
    { value: 'web.example.org' },
    { value: '192.0.2.40' },
    { kind: 'agent' },
  ]);
  expect(await values('IP')).toMatchObject([
    { value: '192.0.2.40' },
    { value: 'web.example.org' },
    { kind: 'agent' },
  ]);
  const { observations } = await gather(text.replace('>IP</TRACKING', '>AGENT</TRACKING'));
  expect(observations[0]?.method).toBe('local');
});

test('scan results and CSV carry the same findings as the asset report', async () => {
  for (const name of ['scan-first.xml', 'before.csv']) {
    const { observations } = await read(name);
    expect(observations.map((one) => one.check).sort()).toEqual(['qualys:38739', 'qualys:82023']);
    expect(observations.find((one) => one.port === 22)).toMatchObject({
      cve: ['CVE-2026-2001'],
      severity: 'medium',
    });
  }
  expect((await read('pci.csv')).observations).toMatchObject([
    { check: 'qualys:86476', port: 80, severity: 'medium' },
  ]);
});

test('a web report tells findings apart by page, request and parameter, and its silence says nothing', async () => {
  const first = await read('was.xml');
  expect(first.assets).toMatchObject([{ identifiers: [{ kind: 'fqdn', value: 'shop.example.org' }] }]);
  expect(first.observations).toMatchObject([
    { port: 443, locus: '/search#GET q', severity: 'critical', cwe: ['CWE-79'], method: 'active' },
    { port: 443, locus: '/basket#POST note', at: '2026-09-01T20:42:00.000Z' },
  ]);
  expect(statesOf([first, await read('was-later.xml')])).toEqual({
    'qualys:150001 443 /basket#POST note': 'open',
    'qualys:150001 443 /search#GET q': 'open INCOMPLETE',
  });
});

test('a cut file closes nothing and makes nothing likely fixed', async () => {
  for (const [before, name] of [
    ['before.xml', 'after.xml'],
    ['before.xml', 'after-fixed.xml'],
    ['before.xml', 'after-fixed.csv'],
    ['scan-first.xml', 'scan-after.xml'],
  ] as const) {
    for (const part of tenths(await fixture(`qualys/${name}`))) {
      const cut = await gather(part, { declaredAt: '2026-10-01T01:00:00.000Z' }).catch(
        (error: unknown) => error,
      );
      if (cut instanceof UnreadableScan) continue;
      const scan = cut as Awaited<ReturnType<typeof gather>>;
      expect(Object.values(statesOf([await read(before), scan])).join()).not.toContain('fixed');
    }
  }
});

for (const [name, from, to] of [
  ['after-still-active.xml', '<PORT>22</PORT>', '<PORT>x</PORT>'],
  ['after-still-active.xml', '>38739</QID><TYPE>', '>NaN</QID><TYPE>'],
  ['scan-first.xml', 'port="22"', 'port="99999"'],
  ['scan-first.xml', 'number="38739"', 'number=""'],
  ['was.xml', 'https://shop.example.org/basket<', 'nowhere<'],
  ['before.csv', ',22,tcp', ',99999,tcp'],
  ['before.csv', '38739', 'NaN'],
] as const) {
  test(`"${to}" in ${name} is a warning with its line, and the silence about the asset is void`, async () => {
    const odd = await gather((await fixture(`qualys/${name}`)).replace(from, to));
    expect(odd.warnings).toContainEqual(
      expect.objectContaining({ code: 'BAD_RECORD', line: expect.any(Number) }),
    );
    expect(odd.coverage).toEqual([]);
  });
}

test('a detection without an address spoils the whole report', async () => {
  const odd = await gather(
    (await fixture('qualys/after.xml'))
      .replace('<IP>192.0.2.40</IP>', '<IP/>')
      .replace('web.example.org', ' '),
  );
  expect([odd.scan.complete, odd.assets]).toEqual([false, []]);
});

const detection = (i: number) =>
  `<VULN_INFO><QID>${200_000 + (i % 5000)}</QID><TYPE>Vuln</TYPE><PORT>${i % 60_000}</PORT><PROTOCOL>tcp</PROTOCOL><LAST_FOUND>2026-09-01T01:00:00Z</LAST_FOUND></VULN_INFO>`;

function* largeReport(rows: number): Generator<string> {
  yield '<ASSET_DATA_REPORT><HOST_LIST>';
  for (let i = 0; i < rows; i++) {
    if (i % 100 === 0)
      yield `${i === 0 ? '' : '</VULN_INFO_LIST></HOST>'}<HOST><IP>10.0.${i >> 16}.${(i >> 8) & 255}</IP><VULN_INFO_LIST>`;
    yield detection(i);
  }
  yield '</VULN_INFO_LIST></HOST></HOST_LIST></ASSET_DATA_REPORT>';
}

function* largeScan(rows: number): Generator<string> {
  yield '<SCAN value="scan/1.1"><IP value="192.0.2.40"><VULNS><CAT value="x" port="80" protocol="tcp">';
  for (let i = 0; i < rows; i++)
    yield `<VULN number="${200_000 + i}" severity="3"><TITLE>Weakness ${i}</TITLE></VULN>`;
  yield '</CAT></VULNS></IP></SCAN>';
}

function* largeTable(rows: number): Generator<string> {
  yield 'IP,QID,Title,Port,Protocol,Severity\n';
  for (let i = 0; i < rows; i++) yield `10.0.0.${i % 251},${200_000 + i},Weakness,443,tcp,3\n`;
}

function* largeWebReport(rows: number): Generator<string> {
  yield '<WAS_SCAN_REPORT><RESULTS><VULNERABILITY_LIST>';
  for (let i = 0; i < rows; i++)
    yield `<VULNERABILITY><QID>150001</QID><URL>https://shop.example.org/${i}</URL></VULNERABILITY>`;
  yield '</VULNERABILITY_LIST></RESULTS></WAS_SCAN_REPORT>';
}

test.each([
  ['web report', largeWebReport],
  ['asset report', largeReport],
  ['scan', largeScan],
  ['table', largeTable],
])('a hundred thousand detections of a %s are read without keeping them', async (_, pieces) => {
  const { presences, grown } = await walked(pieces(100_000));
  expect(presences).toBe(100_000);
  expect(grown).toBeLessThan(150);
});

const WORDS = {
  'qualys:38739': {
    description: 'The server offers weak ciphers.\n\nArcfour & others',
    harm: 'What is sent can be read.',
    advice: 'Switch them off.',
  },
};
const said = (what: string, harm: string) =>
  `<${what}><![CDATA[The server offers <B>weak</B> ciphers.<P>\nArcfour &amp; others<P>]]></${what}><${harm}>What is sent can be read.</${harm}><SOLUTION>Switch them off.<BR></BR></SOLUTION>`;
const VULN = (words: string) =>
  `<CAT port="22" protocol="tcp"><VULN number="38739" severity="3"><TITLE>SSH</TITLE>${words}<RESULT>arcfour</RESULT></VULN></CAT>`;

test.each([
  [
    'scan results',
    `<SCAN value="scan/1"><IP value="192.0.2.40"><VULNS>${VULN('')}${VULN(said('DIAGNOSIS', 'CONSEQUENCE'))}${VULN('<DIAGNOSIS>Other words</DIAGNOSIS>')}</VULNS></IP></SCAN>`,
  ],
  [
    'asset report',
    `<ASSET_DATA_REPORT><GLOSSARY><VULN_DETAILS_LIST><VULN_DETAILS><QID>38739</QID><TITLE>SSH</TITLE>${said('THREAT', 'IMPACT')}</VULN_DETAILS></VULN_DETAILS_LIST></GLOSSARY></ASSET_DATA_REPORT>`,
  ],
  [
    'web report',
    `<WAS_SCAN_REPORT><GLOSSARY><QID_LIST><QID><QID>38739</QID><TITLE>SSH</TITLE>${said('DESCRIPTION', 'IMPACT')}</QID></QID_LIST></GLOSSARY></WAS_SCAN_REPORT>`,
  ],
  [
    'table',
    'IP,QID,Title,Port,Protocol,Threat,Impact,Solution,Results\n192.0.2.40,38739,SSH,22,tcp,The server offers <B>weak</B> ciphers.<P>Arcfour &amp; others,What is sent can be read.,Switch them off.,arcfour\n192.0.2.41,38739,SSH,22,tcp,Other words,,,arcfour\n',
  ],
])('what a QID means is told once from %s, without its HTML; its result never', async (_, file) => {
  expect(await explanationsOf(file)).toEqual(WORDS);
});
