import { expect, test } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';
import { walked } from '../testing/walked.ts';

const read = async (name: string, declaredAt?: string) =>
  gather(await fixture(`nessus/${name}`), declaredAt === undefined ? {} : { declaredAt });

const WEAK = ['nessus:10114', 'nessus:104743 443', 'nessus:51192 443', 'nessus:57608 445'];
const all = (state: string) => Object.fromEntries(WEAK.map((key) => [key, state]));
const DECLARED = '2026-10-01T01:00:00.000Z';

test('a list of rows from a scan that says how it was made makes findings likely fixed, and closes none', async () => {
  expect(statesOf([await read('before.csv'), await read('after.csv')])).toEqual({
    ...all('fixed-unverified CHECK_NOT_RUN'),
    'nessus:22964 443': 'open',
  });
});

test('a port outside of the range that the scan names is not answered for', async () => {
  const states = statesOf([await read('before.csv'), await read('after-narrow.csv')]);
  expect(states['nessus:57608 445']).toBe('open PORT_OUTSIDE');
  expect(states['nessus:51192 443']).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('without the row on the scan itself, silence says nothing', async () => {
  const later = await read('after-without-information.csv', DECLARED);
  expect(statesOf([await read('before.csv'), later])).toMatchObject(all('open INCOMPLETE'));
});

test('rows about the scan alone show nobody who answered, and two accounts of it are two scans', async () => {
  const before = await read('before.csv');
  const text = await fixture('nessus/after.csv');
  const header = text.slice(0, text.indexOf('\n') + 1);
  const account = /^19506,[^"]*"[^"]*",\n/m.exec(text)?.[0] ?? '';
  expect(account).toContain('Scan duration');
  expect(statesOf([before, await gather(header + account)])).toMatchObject(all('open NO_HOST'));
  expect(statesOf([before, await gather(text + account)])).toMatchObject(all('open INCOMPLETE'));
});

test('a time with the name of a zone that several places use is no time until somebody declares it', async () => {
  const before = await read('before.csv');
  expect(statesOf([before, await read('after-local-time.csv')])).toMatchObject(all('open NO_TIME'));
  const declared = await read('after-local-time.csv', DECLARED);
  expect(statesOf([before, declared])).toMatchObject(all('fixed-unverified CHECK_NOT_RUN'));
});

test('a CSV and a .nessus file of one asset speak of the same findings', async () => {
  expect(statesOf([await read('before.csv'), await read('after-clean.nessus')])).toMatchObject(
    all('verified-fixed'),
  );
});

test('the scan information gives version, feed and times of the visit', async () => {
  const { scan, assets } = await read('before.csv');
  expect(scan.tool).toEqual({ name: 'nessus', version: '10.8.3', feed: '202608310001' });
  expect(assets).toMatchObject([
    { startedAt: '2026-09-01T01:00:00.000Z', finishedAt: '2026-09-01T01:16:00.000Z', credential: 'none' },
  ]);
});

test('rows that differ in their CVE only are one observation with all of them', async () => {
  const { observations, assets } = await read('tenable.csv');
  expect(observations).toMatchObject([
    {
      check: 'nessus:190001',
      transport: 'none',
      method: 'local',
      cve: ['CVE-2026-0001', 'CVE-2026-0002'],
      at: '2026-09-01T01:20:00.000Z',
    },
    { check: 'nessus:51192', port: 443, severity: 'medium' },
  ]);
  expect(assets).toMatchObject([{ identifiers: [{ value: 'www.example.org' }, { value: '192.0.2.20' }] }]);
});

test('what the vendor calls fixed is likely fixed where a fitting test had results since, else nothing', async () => {
  expect(statesOf([await read('tenable.csv'), await read('tenable-fixed.csv')])).toEqual({
    'nessus:190001': 'fixed-unverified CHECK_NOT_RUN',
    'nessus:51192 443': 'open INCOMPLETE',
  });
});

test('exports of the vendor know the asset by address, name, card and id', async () => {
  expect((await read('tenable-explore.csv')).assets[0]?.identifiers).toEqual([
    { kind: 'ip', value: '192.0.2.21' },
    { kind: 'fqdn', value: 'db.example.org' },
    { kind: 'mac', value: '00:00:5e:00:53:21' },
    { kind: 'agent', value: '6f9619ff-8b86-4011-b42d-00c04fc964ff' },
  ]);
  expect((await read('tenable-explore.csv')).observations).toMatchObject([
    {
      cwe: ['CWE-192', 'CWE-330'],
      cve: ['CVE-2026-0003', 'CVE-2026-0004'],
      severity: 'high',
      method: 'local',
    },
  ]);
  expect((await read('security-center.csv')).observations).toMatchObject([
    { port: 1433, at: '2026-02-19T21:01:01.000Z', cwe: ['CWE-1104'], severity: 'critical' },
  ]);
});

test('where the export has no description, the synopsis says what a plugin is', async () => {
  const file = 'Plugin ID,Host,Protocol,Port,Synopsis\n51192,192.0.2.7,tcp,443,It cannot be trusted.\n';
  expect(await explanationsOf(file)).toEqual({ 'nessus:51192': { description: 'It cannot be trusted.' } });
});

test('the result of one rule of an audit policy explains no plugin', async () => {
  const header = 'Plugin ID,Host,Protocol,Port,Synopsis,Description,Solution';
  const row = `21157,192.0.2.7,tcp,0,Compliance checks,"""1.1 Ensure that it is off"" : [FAILED]\n\nTurn it off.",Turn it off.`;
  expect(await explanationsOf(`${header}\n${row}\n`)).toEqual({});
});

test('a web finding is where its attack was made', async () => {
  const { observations } = await read('web-application.csv');
  expect(observations.map(({ port, locus }) => [port, locus])).toEqual([
    [443, '/search#query'],
    [443, '/basket#note'],
    [80, ''],
  ]);
});

test('a cut file closes nothing and makes nothing likely fixed', async () => {
  const before = await read('before.csv');
  for (const part of tenths(await fixture('nessus/after.csv'))) {
    const cut = await gather(part).catch((error: unknown) => error);
    if (cut instanceof UnreadableScan) continue;
    const scan = cut as Awaited<ReturnType<typeof gather>>;
    expect(scan.scan.complete).toBe(false);
    expect(Object.values(statesOf([before, scan])).join()).not.toContain('fixed');
  }
});

test('a row that cannot be read is a warning with its line, and the silence of its asset is void', async () => {
  const before = await read('before.csv');
  for (const [plugin, port] of [
    ['x', '443'],
    ['51192', '-1'],
    ['51192', '70000'],
    ['51192', '\u0000'],
    ['9'.repeat(30), '443'],
  ]) {
    const odd = `${await fixture('nessus/after.csv')}${plugin},,,None,192.0.2.10,tcp,${port},,,,,\n`;
    const scan = await gather(odd);
    expect(scan.warnings).toMatchObject([{ code: 'BAD_RECORD', line: 12 }]);
    expect(statesOf([before, scan])).toMatchObject(all('open INCOMPLETE'));
  }
  const nowhere = await gather(`${await fixture('nessus/after.csv')}51192,,,None,,tcp,443,,,,,\n`);
  expect(nowhere.scan.complete).toBe(false);
});

function* large(rows: number): Generator<string> {
  yield 'Plugin ID,CVE,Risk,Host,Protocol,Port,Name,Plugin Output\n';
  for (let i = 0; i < rows; i++) {
    yield `${200_000 + (i >> 8)},CVE-2026-${1000 + i},High,10.0.${i % 7}.${i % 251},tcp,443,Weakness ${i},"as\nseen"\n`;
  }
}

test('a hundred thousand rows are read without keeping them', async () => {
  const { presences, grown } = await walked(large(100_000));
  expect(presences).toBe(100_000);
  expect(grown).toBeLessThan(150);
});

test.each([
  ['Nessus', 'Plugin ID,Risk,Host,Protocol,Port,Name,Description,Solution,Plugin Output', ','],
  [
    'Security Center',
    'Plugin,Severity,IP Address,Protocol,Port,Plugin Name,Description,Solution,Plugin Output',
    ',',
  ],
  [
    'Tenable Vulnerability Management',
    'definition.id;severity;asset.display_ipv4_address;protocol;port;definition.name;definition.description;definition.solution;output',
    ';',
  ],
])(
  'what a plugin of %s is and what to do about it is told once, its output never',
  async (_, header, mark) => {
    const row = (...cells: readonly string[]) => ['51192', 'Medium', '192.0.2.7', 'tcp', ...cells].join(mark);
    const rows = [
      header,
      row('443', 'Certificate', '', 'n/a', 'seen'),
      row(
        '444',
        'Certificate',
        '"It cannot\r\nbe trusted :\r\n\r\n  - It has expired."',
        '"Purchase\na new one."',
        'seen',
      ),
      row('445', 'Certificate', 'Other words', 'Other words', 'seen'),
    ];
    expect(await explanationsOf(`${rows.join('\n')}\n`)).toEqual({
      'nessus:51192': {
        description: 'It cannot be trusted :\n\n- It has expired.',
        advice: 'Purchase a new one.',
      },
    });
  },
);
