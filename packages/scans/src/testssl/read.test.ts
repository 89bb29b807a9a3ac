import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldWorld, type ScanFacts, type WorldFinding } from '@backcheck/core';
import { describe, expect, it } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { fixture, imported, scanOf, scanUnlessRefused, sharedFolder, tenths } from '../testing/scan-of.ts';
import { testsslReader } from './read.ts';

const FIRST = '2026-11-21T02:00:00.000Z';
const LATER = '2026-11-22T02:00:00.000Z';

const read = (content: string, at: string | null = FIRST): Promise<ScanFacts> =>
  scanOf(testsslReader, content, at);
const world = (...scans: ScanFacts[]): WorldFinding[] => foldWorld(scans.map(imported));
const said = (found: WorldFinding[]): string[] =>
  found.map(({ key, state, reason }) => `${key.check.slice(8)}: ${state} ${reason ?? ''}`.trim());
const not = (found: WorldFinding[], state: string): string[] =>
  said(found.filter((one) => one.state !== state));
const nextDay = (pretty: string): string =>
  pretty.replace(/("startTime"\s*: ")(\d+)/, (_, name, time) => `${name}${Number(time) + 86_400}`);

describe.each([
  ['flat', '-flat'],
  ['pretty', ''],
])('a %s report', (_format, suffix) => {
  const file = (name: string, at: string | null = FIRST): Promise<ScanFacts> =>
    fixture(`testssl/${name}${suffix}.json`).then((text) => read(at === LATER ? nextDay(text) : text, at));

  it('of a fixed server closes what was fixed, also where the fixed row has another id or is INFO', async () => {
    const found = world(await file('before'), await file('after', LATER));
    expect(said(found)).toEqual(
      expect.arrayContaining([
        'TLS1: verified-fixed',
        'HSTS: verified-fixed',
        'security_headers: verified-fixed',
        'BEAST: verified-fixed',
        'BEAST_CBC_TLS1: verified-fixed',
        'cipherlist_AVERAGE: verified-fixed',
        'cert_keySize: verified-fixed',
      ]),
    );
    expect(not(found, 'verified-fixed')).toEqual(['cert_chain_of_trust: open', 'cert_revocation: open']);
  });

  it('of a server that is down, or has no TLS on the port, closes nothing', async () => {
    const down = await file('down', LATER);
    expect(down.assets).toMatchObject([{ reached: false, reason: 'NO_HOST' }]);
    expect(not(world(await file('before'), down), 'open')).toEqual([]);
    expect(said(world(await file('before'), down))).toContain('TLS1: open NO_HOST');
    const plain = await file('non-tls', LATER);
    expect(plain.coverage).toMatchObject([
      { evidence: 'E0', checks: { all: true }, reason: 'CHECK_NOT_RUN', ports: '80' },
    ]);
    expect(not(world(await file('before'), plain), 'open')).toEqual([]);
  });

  it('cut at any tenth closes nothing', async () => {
    const before = await file('before');
    for (const part of tenths(nextDay(await fixture(`testssl/after${suffix}.json`)))) {
      const cut = await scanUnlessRefused(testsslReader, part, LATER);
      if (cut === undefined) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      expect(not(world(before, cut), 'open')).toEqual([]);
    }
  });
});

describe('a later run against the same weak server', () => {
  const UNPROVEN = ['BEAST: open CHECK_NOT_RUN', 'BEAST_CBC_TLS1: open CHECK_NOT_RUN'];

  it.each([
    ['narrow', ''],
    ['narrow', '-flat'],
  ])('of BEAST alone closes nothing: it never tried TLS 1.0 (%s%s)', async (name, suffix) => {
    const before = await read(await fixture(`testssl/before${suffix}.json`));
    const text = await fixture(`testssl/${name}${suffix}.json`);
    expect(text).toContain('not vulnerable, no SSL3 or TLS1');
    const found = world(before, await read(suffix === '' ? nextDay(text) : text, LATER));
    expect(not(found, 'open')).toEqual([]);
    expect(said(found)).toEqual(expect.arrayContaining(UNPROVEN));
  });

  it('by the local OpenSSL closes nothing: what that does not speak it calls not offered', async () => {
    const before = await read(await fixture('testssl/before-flat.json'));
    const found = world(before, await read(await fixture('testssl/native-flat.json'), LATER));
    expect(not(found, 'open')).toEqual([]);
    expect(said(found)).toEqual(
      expect.arrayContaining([
        ...UNPROVEN,
        'TLS1: open CHECK_NOT_RUN',
        'cipherlist_aNULL: open CHECK_NOT_RUN',
      ]),
    );
  });

  it('that is fast closes no weak cipher: the local OpenSSL has none to offer', async () => {
    const before = await read(await fixture('testssl/before.json'));
    const found = world(before, await read(nextDay(await fixture('testssl/fast.json')), LATER));
    expect(not(found, 'open')).toEqual([]);
    expect(said(found)).toContain('cipherlist_aNULL: open CHECK_NOT_RUN');
  });
});

describe('the time and version', () => {
  it('are in the pretty report', async () => {
    const { scan, assets } = await read(await fixture('testssl/after.json'), null);
    expect(scan).toMatchObject({ tool: { name: 'testssl', version: '3.0.8', feed: null }, complete: true });
    expect(Date.parse(scan.finishedAt ?? '') - Date.parse(scan.startedAt ?? '')).toBeGreaterThan(1000);
    expect(assets).toMatchObject([{ startedAt: scan.startedAt, finishedAt: scan.finishedAt }]);
  });

  it('are not in the flat one, which closes nothing until somebody says when it was made', async () => {
    const after = await read(await fixture('testssl/after-flat.json'), null);
    expect(after.scan).toMatchObject({ startedAt: null, finishedAt: null, tool: { version: null } });
    const found = world(await read(await fixture('testssl/before-flat.json')), after);
    expect(not(found, 'open')).toEqual([]);
    expect(said(found)).toContain('TLS1: open NO_TIME');
  });
});

describe('an interrupted run', () => {
  it('counts with the rows that it really has', async () => {
    const before = await read(await fixture('testssl/before.json'));
    const partial = await read(nextDay(await fixture('testssl/interrupted.json')));
    expect(partial.scan).toMatchObject({ complete: false });
    expect(partial.observations.length).toBeGreaterThan(0);
    expect(not(world(before, partial), 'open')).toEqual([]);
  });

  it('that was killed leaves a cut file: its weaknesses count, its good rows do not', async () => {
    const killed = await read(await fixture('testssl/killed-flat.json'));
    expect(killed.scan.truncated).toBe(true);
    expect(said(world(killed))).toContain('TLS1: open');
  });
});

interface FlatRow {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
  readonly ip?: string;
  readonly port?: string;
}

const flat = (...rows: FlatRow[]): string =>
  JSON.stringify(rows.map((row) => ({ ip: 'www.example.org/192.0.2.7', port: '443', ...row })));
const row = (
  id: string,
  severity: string,
  finding = 'not offered',
  more: Partial<FlatRow> = {},
): FlatRow => ({
  id,
  severity,
  finding,
  ...more,
});
const DONE = row('scanTime', 'INFO', '60');

describe('rows', () => {
  const state = async (weak: FlatRow, ...later: FlatRow[]): Promise<string[]> =>
    said(world(await read(flat(weak, DONE)), await read(flat(...later, DONE), LATER)));

  it('that are missing close nothing', async () => {
    expect(await state(row('TLS1', 'LOW'), row('SSLv3', 'OK'))).toEqual(['TLS1: open CHECK_NOT_RUN']);
  });

  it('that could not be tested, timed out or only guess close nothing', async () => {
    const weak = row('SSLv2', 'CRITICAL', 'offered');
    for (const later of [
      row('SSLv2', 'WARN', 'not tested due to lack of local support'),
      row('SSLv2', 'DEBUG', 'test failed'),
      row('SSLv2', 'OK', 'likely not offered'),
      row('SSLv2', 'OK', 'not vulnerable (timed out)'),
      row('SSLv2', 'OK', 'not vulnerable (20 of 60 local ciphers'),
      row('SSLv2', 'NEW_SEVERITY', 'not offered'),
    ]) {
      expect(await state(weak, later)).toEqual(['SSLv2: open CHECK_NOT_RUN']);
    }
  });

  it('that rest on refused protocols close something only where the protocols were tried and refused', async () => {
    const refused = (...ids: string[]): FlatRow[] => ids.map((id) => row(id, 'INFO'));
    const beast = row('BEAST', 'OK', 'not vulnerable, no SSL3 or TLS1');
    const weak = row('BEAST', 'LOW', 'VULNERABLE');
    expect(await state(weak, beast)).toEqual(['BEAST: open CHECK_NOT_RUN']);
    expect(await state(weak, ...refused('TLS1'), beast)).toEqual(['BEAST: open CHECK_NOT_RUN']);
    expect(await state(weak, beast, ...refused('SSLv3', 'TLS1'))).toEqual(['BEAST: verified-fixed']);
    const doubt = [row('TLS1', 'INFO', 'likely not offered'), row('TLS1', 'WARN', 'TLS downgraded')];
    for (const one of doubt) {
      expect(await state(weak, beast, ...refused('SSLv3'), one)).toEqual(['BEAST: open CHECK_NOT_RUN']);
    }
    const older = row('fallback_SCSV', 'MEDIUM', 'not supported');
    for (const text of [
      'no protocol below TLS 1.2 offered',
      'only TLS 1.3 supported',
      'no fallback possible',
    ]) {
      const later = row('fallback_SCSV', 'OK', text);
      const all = refused('SSLv2', 'SSLv3', 'TLS1', 'TLS1_1', 'TLS1_2');
      expect(await state(older, later, ...refused('SSLv3', 'TLS1'))).toEqual([
        'fallback_SCSV: open CHECK_NOT_RUN',
      ]);
      expect(await state(older, later, ...all, row('TLS1_3', 'OK', 'offered with final'))).toEqual([
        'fallback_SCSV: verified-fixed',
      ]);
    }
  });

  it('that only inform are neither presence nor absence', async () => {
    const facts = await read(
      flat(row('cert_serialNumber', 'INFO', '00FF'), row('ALPN', 'INFO', 'http/1.1'), DONE),
    );
    expect(facts.observations).toEqual([]);
    expect(await state(row('TLS1_2', 'MEDIUM'), row('TLS1_2', 'INFO'), row('SSLv3', 'OK'))).toEqual([
      'TLS1_2: open CHECK_NOT_RUN',
    ]);
  });

  it('of several certificates count together: the worst decides', async () => {
    const weak = row('cert_keySize <cert#2>', 'MEDIUM', 'RSA 1024 bits');
    const good = (number: number): FlatRow => row(`cert_keySize <cert#${number}>`, 'INFO', 'RSA 2048 bits');
    expect(await state(weak, good(1), weak)).toEqual(['cert_keySize: open']);
    expect(await state(weak, good(1), good(2))).toEqual(['cert_keySize: verified-fixed']);
    expect(await state(weak, row('cert_keySize', 'INFO', 'RSA 2048 bits'))).toEqual([
      'cert_keySize: verified-fixed',
    ]);
    expect(await state(weak, good(1), row('cert_keySize <cert#2>', 'WARN', 'odd'))).toEqual([
      'cert_keySize: open CHECK_NOT_RUN',
    ]);
  });

  it('carry CVE and CWE, and nothing that only looks like it', async () => {
    const text = JSON.parse(flat(row('ROBOT', 'CRITICAL', 'VULNERABLE')));
    Object.assign(text[0], { cve: 'CVE-2017-17382 CVE-2017-1 <b>', cwe: 'CWE-203' });
    const facts = await read(JSON.stringify(text));
    expect(facts.observations).toMatchObject([
      { cve: ['CVE-2017-17382'], cwe: ['CWE-203'], severity: 'critical' },
    ]);
  });

  it('of a server that went away in the middle close nothing', async () => {
    const fatal = row('scanProblem', 'FATAL', 'Fatal error: repeated TCP connect problems, giving up');
    expect(await state(row('TLS1', 'LOW'), row('TLS1', 'INFO'), fatal)).toEqual(['TLS1: open INCOMPLETE']);
  });
});

describe('targets', () => {
  it('called by name keep the name first, and each address is an asset', async () => {
    const second = { ip: 'www.example.org/2001:db8::7' };
    const facts = await read(flat(row('TLS1', 'LOW'), row('TLS1', 'LOW', 'offered', second), DONE));
    expect(facts.assets.map((one) => one.identifiers.map(({ value }) => value))).toEqual([
      ['www.example.org', '192.0.2.7'],
      ['www.example.org', '2001:db8::7'],
    ]);
    const bare = await read(flat(row('TLS1', 'LOW', 'offered', { ip: '192.0.2.7/192.0.2.7' }), DONE));
    expect(bare.assets[0]?.identifiers).toEqual([{ kind: 'ip', value: '192.0.2.7' }]);
  });

  it('that could not be resolved or reached were not reached', async () => {
    const problem = row('scanProblem', 'FATAL', "No IPv4/IPv6 address(es) for 'x' available", {
      ip: 'www.example.org/',
    });
    const facts = await read(flat(problem, row('scanTime', 'WARN', 'Scan interrupted')));
    expect(facts.assets).toMatchObject([
      { reached: false, reason: 'NO_HOST', identifiers: [{ kind: 'fqdn' }] },
    ]);
    expect(facts).toMatchObject({ coverage: [], observations: [], scan: { complete: false } });
  });

  it('called by name in a pretty report of a failure are found in its command line', async () => {
    const text = JSON.stringify({
      Invocation: 'testssl --jsonfile-pretty x.json https://www.example.org:8443/path',
      version: '3.0.8  from ',
      startTime: '1795000000',
      scanResult: [
        { id: 'scanProblem', severity: 'FATAL', finding: "Can't connect to '192.0.2.7:8443' Make sure" },
      ],
      scanTime: 'Scan interrupted',
    });
    const facts = await read(text, null);
    expect(facts.assets).toMatchObject([
      { reached: false, identifiers: [{ value: 'www.example.org' }, { value: '192.0.2.7' }] },
    ]);
  });

  it('without a usable address and port are left out with a warning', async () => {
    for (const bad of [{ port: '99999' }, { port: '-1' }, { port: 'NaN' }, { port: '' }, { ip: 'a b/' }]) {
      const facts = await read(flat(row('TLS1', 'LOW', 'offered', bad), DONE));
      expect(facts).toMatchObject({ assets: [], observations: [], warnings: [{ code: 'BAD_RECORD' }] });
    }
  });
});

describe('hostile files', () => {
  it('with rows of other shapes, NaN or odd names get a warning and no verdict', async () => {
    const odd =
      '[{"id":"TLS1","ip":"a/192.0.2.7","port":"443","severity":"LOW","finding":"x"},7,null,[],{"id":{}},{"id":NaN}]';
    const facts = await read(odd);
    expect(facts.scan.truncated).toBe(true);
    expect(facts.warnings.length).toBeGreaterThan(4);
    expect(said(world(facts))).toEqual(['TLS1: open']);
  });

  it('with names from the prototype of objects are ordinary rows', async () => {
    const facts = await read(flat(row('constructor', 'OK', 'toString'), row('__proto__', 'INFO', 'x'), DONE));
    expect(facts.observations.map((one) => [one.check, one.verdict])).toEqual([
      ['testssl:constructor', 'absent'],
    ]);
  });

  it('that are no JSON at all are refused', async () => {
    await expect(read('testssl')).rejects.toThrow(UnreadableScan);
  });
});

describe('the corpus loopback/testssl', () => {
  const folder = sharedFolder('loopback/testssl');
  const file = (name: string): string => readFileSync(join(folder ?? '', name), 'utf8');

  it.skipIf(folder === undefined)('is read file by file (skipped where ../shared is absent)', async () => {
    for (const name of readdirSync(folder ?? '').filter((one) => one.endsWith('.json'))) {
      expect(testsslReader.detect(file(name).slice(0, 65_536)), name).toBe(true);
      const facts = await read(file(name));
      expect(facts.assets, name).toHaveLength(1);
      expect(facts.scan.truncated === true, name).toBe(name === 'killed.json');
    }
  });

  it.skipIf(folder === undefined)('proves the 16 fixes of 19 and keeps the other 3 open', async () => {
    const before = await read(file('before.json'));
    const found = world(before, await read(file('after.json'), LATER));
    expect(found).toHaveLength(19);
    expect(
      found.filter((one) => one.state === 'verified-fixed' && one.closing?.evidence === 'E3'),
    ).toHaveLength(16);
    expect(not(found, 'verified-fixed')).toEqual([
      'DNS_CAArecord: open',
      'cert_chain_of_trust: open',
      'cert_revocation: open',
    ]);
    for (const name of [
      'partial.json',
      'killed.json',
      'nottls.json',
      'closedport.json',
      'heartbleedonly.json',
    ]) {
      expect(not(world(before, await read(file(name), LATER)), 'open'), name).toEqual([]);
    }
  });
});
