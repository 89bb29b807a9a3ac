import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldWorld, type ScanFacts, type WorldFinding } from '@backcheck/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf } from '../testing/gather.ts';
import { fixture, imported, scanOf, scanUnlessRefused, sharedFolder, tenths } from '../testing/scan-of.ts';
import { nmapReader } from './read.ts';

const read = (content: string | Uint8Array): Promise<ScanFacts> => scanOf(nmapReader, content);
const world = (...scans: ScanFacts[]): WorldFinding[] => foldWorld(scans.map(imported));
const said = (found: WorldFinding[]): string[] =>
  found.map(({ key, state, reason }) =>
    `${key.port} ${key.check} ${key.locus}: ${state} ${reason ?? ''}`.trim(),
  );
const not = (found: WorldFinding[], state: string): string[] =>
  said(found.filter((one) => one.state !== state));

/** The same run, a day later: the recorded scans follow each other within the same minute. */
const nextDay = (text: string): string =>
  text.replace(
    /\b(start|starttime|endtime|time)="(\d{10})"/g,
    (_, name, time) => `${name}="${Number(time) + 86_400}"`,
  );

let before: ScanFacts;
beforeAll(async () => {
  before = await read(await fixture('nmap/before.xml'));
});

describe('a scan of a weak TLS server', () => {
  it('opens a finding for each open port, deprecated protocol, weak cipher, certificate fault and missing header', () => {
    const found = said(world(before));
    expect(found).toContain('443 nmap:open-port : open');
    expect(found).toContain('443 nmap-script:ssl-enum-ciphers TLSv1.0: open');
    expect(found).toContain(
      '443 nmap-script:ssl-enum-ciphers TLSv1.2#TLS_ECDH_anon_WITH_AES_128_CBC_SHA: open',
    );
    expect(found).toContain('443 nmap-script:ssl-cert weak-key: open');
    expect(found).toContain('443 nmap-script:ssl-cert weak-signature: open');
    expect(found).toContain('443 nmap-script:http-security-headers Strict-Transport-Security: open');
    expect(found).toContain('80 nmap-script:http-security-headers X-Frame-Options: open');
    expect(found.filter((one) => one.includes('ssl-poodle'))).toEqual([]);
    expect(before.scan).toMatchObject({
      complete: true,
      tool: { name: 'nmap', version: '7.93', feed: null },
    });
  });

  it('is closed by a scan of the fixed server, but for what was not fixed', async () => {
    const after = await read(nextDay(await fixture('nmap/after.xml')));
    expect(not(world(before, after), 'verified-fixed')).toEqual([
      '443 nmap-script:ssl-cert self-signed: open',
      '443 nmap:open-port : open',
      '80 nmap-script:http-security-headers Content-Security-Policy: open',
      '80 nmap-script:http-security-headers X-Content-Type-Options: open',
      '80 nmap-script:http-security-headers X-Frame-Options: open',
      '80 nmap:open-port : open',
      '8443 nmap-script:ssl-cert self-signed: open',
      '8443 nmap:open-port : open',
    ]);
  });

  it('gives the same states in the other order, and when a file is read twice', async () => {
    const after = await read(nextDay(await fixture('nmap/after.xml')));
    expect(said(world(after, before, after, before))).toEqual(said(world(before, after)));
  });

  it('keeps the findings of other ports open when only port 80 was scanned', async () => {
    const narrow = await read(nextDay(await fixture('nmap/other-port.xml')));
    const found = world(before, narrow).filter(({ key }) => key.port === 443);
    expect(new Set(found.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(['open PORT_OUTSIDE']),
    );
  });

  it('keeps everything open when the host was down', async () => {
    const down = await read(nextDay(await fixture('nmap/down.xml')));
    expect(down.assets).toMatchObject([{ reached: false, reason: 'NO_HOST' }]);
    expect(new Set(world(before, down).map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(['open NO_HOST']),
    );
  });

  it('closes the open port, and no script finding, when the port refuses connections', async () => {
    const stopped = await read(nextDay(await fixture('nmap/service-stopped.xml')));
    const found = world(before, stopped);
    expect(said(found).filter((one) => one.includes('open-port'))).toEqual([
      '443 nmap:open-port : verified-fixed',
      '80 nmap:open-port : verified-fixed',
      '8443 nmap:open-port : verified-fixed',
    ]);
    expect(
      found.filter(({ key }) => key.check !== 'nmap:open-port').every(({ state }) => state === 'open'),
    ).toBe(true);
  });

  it('keeps everything open when the scan of the host ran out of time, or was interrupted', async () => {
    const late = await read(nextDay(await fixture('nmap/timed-out.xml')));
    expect(late).toMatchObject({ assets: [{ reason: 'TIMEOUT' }], coverage: [] });
    const cut = await read(nextDay(await fixture('nmap/interrupted.xml')));
    expect(cut.scan).toMatchObject({ complete: false, truncated: true });
    expect(not(world(before, late, cut), 'open')).toEqual([]);
  });

  it('keeps everything open when the file of the fixed server is cut at any tenth', async () => {
    for (const part of tenths(nextDay(await fixture('nmap/after.xml')))) {
      const cut = await scanUnlessRefused(nmapReader, part);
      if (cut === undefined) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      expect(not(world(before, cut), 'open')).toEqual([]);
    }
  });

  it('shows what was seen before the cut', async () => {
    const [, , , , , , , , last] = tenths(await fixture('nmap/before.xml'));
    const cut = await read(last ?? '');
    expect(cut.observations.map((one) => one.check)).toContain('nmap:open-port');
    expect(cut.observations.every((one) => one.verdict === 'present')).toBe(true);
  });
});

const START = 1_795_000_000;

function run(args: string, inner: string, finished = true): string {
  const end = `<runstats><finished time="${START + 60}" exit="success"/></runstats>`;
  return `<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap" args="nmap ${args}" start="${START}" version="7.93">
<scaninfo type="syn" protocol="tcp" numservices="10" services="1-10"/>${inner}${finished ? end : ''}</nmaprun>`;
}

function host(ports: string, { names = '', more = '', reason = 'reset' } = {}): string {
  return `<host starttime="${START}" endtime="${START + 50}" ${more}><status state="up" reason="${reason}"/>
<address addr="192.0.2.7" addrtype="ipv4"/><hostnames>${names}</hostnames><ports>${ports}</ports></host>`;
}

const port = (id: string, state: string, inner = ''): string =>
  `<port protocol="tcp" portid="${id}"><state state="${state}" reason="r"/>${inner}</port>`;

const openPorts = ({ coverage }: ScanFacts): string[] =>
  coverage.filter((one) => one.evidence === 'E3').map((one) => one.ports);
const blocked = ({ coverage }: ScanFacts): string[] =>
  coverage.filter((one) => one.evidence === 'E0').map((one) => `${one.ports} ${one.reason}`);

describe('ports', () => {
  it('are answered for when they are open or closed, never when they are filtered', async () => {
    const extra = `<extraports state="closed" count="5"><extrareasons reason="reset" count="5" proto="tcp" ports="4-8"/></extraports>`;
    const ports =
      port('1', 'open') + port('2', 'filtered') + port('3', 'unfiltered') + port('9', 'closed') + extra;
    const facts = await read(run('192.0.2.7', host(ports)));
    expect(openPorts(facts)).toEqual(['1,4-9']);
    expect(blocked(facts)).toEqual(['2-3 BLOCKED']);
  });

  it('that an old version only counts are the rest of what was asked for, when the count agrees', async () => {
    const facts = await read(
      run('192.0.2.7', host(`${port('1', 'open')}<extraports state="closed" count="9"/>`)),
    );
    expect(openPorts(facts)).toEqual(['1-10']);
    const wrong = await read(
      run('192.0.2.7', host(`${port('1', 'open')}<extraports state="closed" count="8"/>`)),
    );
    expect(openPorts(wrong)).toEqual(['1']);
    expect(wrong.warnings).toMatchObject([{ code: 'BAD_PORTS' }]);
    const mixed = '<extraports state="closed" count="5"/><extraports state="filtered" count="4"/>';
    expect(blocked(await read(run('192.0.2.7', host(port('1', 'open') + mixed))))).toEqual(['2-10 BLOCKED']);
  });

  it('with impossible numbers are left out with a warning', async () => {
    const facts = await read(
      run('192.0.2.7', host(['0', '-1', '99999', 'NaN', '1e3'].map((id) => port(id, 'open')).join(''))),
    );
    expect(facts.observations).toEqual([]);
    expect(facts.warnings).toHaveLength(5);
  });

  it('outside of what the run was asked for are not covered by a list of closed ports', async () => {
    const extra = `<extraports state="closed" count="65535"><extrareasons reason="reset" count="65535" proto="tcp" ports="1-65535"/></extraports>`;
    expect(openPorts(await read(run('192.0.2.7', host(extra))))).toEqual(['1-10']);
  });
});

describe('hosts', () => {
  it('that -Pn only believes in are not reached until a port answers', async () => {
    const silent = await read(run('-Pn 192.0.2.7', host(port('1', 'filtered'), { reason: 'user-set' })));
    expect(silent.assets).toMatchObject([{ reached: false, reason: 'BLOCKED' }]);
    const heard = await read(run('-Pn 192.0.2.7', host(port('1', 'closed'), { reason: 'user-set' })));
    expect(heard.assets).toMatchObject([{ reached: true }]);
  });

  it('named in the command line that are not in the file were not reached', async () => {
    const args =
      '-sV -oX out.xml --exclude 192.0.2.9 -p 1-10 192.0.2.7 192.0.2.8 www.example.org 192.0.2.0/24 192.0.2.1-5';
    const facts = await read(run(args, host(port('1', 'open'))));
    const missing = facts.assets.filter((one) => !one.reached);
    expect(missing.map((one) => one.identifiers[0]?.value)).toEqual(['192.0.2.8', 'www.example.org']);
    expect(missing).toMatchObject([{ reason: 'NO_HOST' }, { reason: 'NO_HOST' }]);
    expect((await read(run(args, '', false))).assets).toEqual([]);
    const six = host(port('1', 'open')).replace('192.0.2.7', '2001:db8::7');
    expect((await read(run('-6 2001:DB8:0::7', six))).assets).toMatchObject([{ reached: true }]);
  });

  it('without times take those of the run', async () => {
    const bare =
      '<host><status state="up" reason="reset"/><address addr="192.0.2.7" addrtype="ipv4"/></host>';
    const [asset] = (await read(run('192.0.2.7', bare))).assets;
    expect([asset?.startedAt, asset?.finishedAt]).toEqual([
      '2026-11-18T11:06:40.000Z',
      '2026-11-18T11:07:40.000Z',
    ]);
  });

  it('are identified by address, hardware address and names, in this order', async () => {
    const names = '<hostname name="WWW.Example.org." type="user"/><hostname name="a b" type="PTR"/>';
    const [asset] = (await read(run('www.example.org', host(port('1', 'open'), { names })))).assets;
    expect(asset?.identifiers).toEqual([
      { kind: 'ip', value: '192.0.2.7' },
      { kind: 'fqdn', value: 'www.example.org' },
    ]);
  });
});

const certificate = (bits: number): string =>
  `<script id="ssl-cert" output="Subject"><table key="pubkey"><elem key="type">rsa</elem><elem key="bits">${bits}</elem></table></script>`;

describe('scripts', () => {
  it('answer for the name they asked for, and for no other', async () => {
    const names = '<hostname name="a.example.org" type="user"/>';
    const weak = await read(run('a.example.org', host(port('1', 'open', certificate(1024)), { names })));
    expect(weak.observations.map((one) => one.locus)).toContain('a.example.org#weak-key');
    const later = (more: string): Promise<ScanFacts> =>
      read(nextDay(run('x', host(port('1', 'open', certificate(2048)), { names: more }))));
    const other = await later('<hostname name="b.example.org" type="user"/>');
    const bare = await later('');
    expect(not(world(weak, other, bare), 'open')).toEqual([]);
    expect(said(world(weak, await later(names)))).toContain(
      '1 nmap-script:ssl-cert a.example.org#weak-key: verified-fixed',
    );
  });

  it('answer for the name that their arguments give them', async () => {
    const args =
      '--script ssl-cert --script-args tls.servername=C.example.org,http.host=d.example.org 192.0.2.7';
    const facts = await read(run(args, host(port('1', 'open', certificate(1024)))));
    expect(facts.observations.map((one) => one.locus)).toContain('c.example.org#weak-key');
  });

  it('close by "NOT VULNERABLE", and not by "UNKNOWN" or by silence', async () => {
    const verdict = (state: string): string =>
      `<script id="ssl-poodle" output="x"><table key="CVE-2014-3566"><elem key="title">POODLE</elem><elem key="state">${state}</elem></table></script>`;
    const scan = (inner: string, later = false): Promise<ScanFacts> => {
      const text = run('192.0.2.7', host(port('1', 'open', inner)));
      return read(later ? nextDay(text) : text);
    };
    const weak = await scan(verdict('VULNERABLE'));
    const state = async (inner: string): Promise<string | undefined> =>
      said(world(weak, await scan(inner, true))).find((one) => one.includes('poodle'));
    expect(await state(verdict('NOT VULNERABLE'))).toBe('1 nmap-script:ssl-poodle : verified-fixed');
    expect(await state(verdict('LIKELY VULNERABLE'))).toBe('1 nmap-script:ssl-poodle : open');
    expect(await state(verdict('UNKNOWN (unable to test)'))).toBe(
      '1 nmap-script:ssl-poodle : open CHECK_NOT_RUN',
    );
    expect(await state(verdict('constructor'))).toBe('1 nmap-script:ssl-poodle : open CHECK_NOT_RUN');
    expect(await state('')).toBe('1 nmap-script:ssl-poodle : open CHECK_NOT_RUN');
    expect(await state('<script id="ssl-poodle" output="ERROR: Script execution failed"/>')).toBe(
      '1 nmap-script:ssl-poodle : open CHECK_NOT_RUN',
    );
  });

  it('leave the certificate field open that the table does not hold', async () => {
    const facts = await read(run('192.0.2.7', host(port('1', 'open', certificate(4096)))));
    expect(facts.coverage.find((one) => one.evidence === 'E2')?.within).toEqual(['weak-key']);
  });

  it('read SSH algorithms from both directions, each list for itself', async () => {
    const list = (key: string, name: string): string => `<table key="${key}"><elem>${name}</elem></table>`;
    const both =
      list('mac_algorithms_client_to_server', 'hmac-md5') + list('mac_algorithms_server_to_client', 'x');
    const script = `<script id="ssh2-enum-algos" output="">${list('kex_algorithms', 'diffie-hellman-group1-sha1')}${both}</script>`;
    const facts = await read(run('192.0.2.7', host(port('1', 'open', script))));
    expect(facts.observations.slice(1).map((one) => one.locus)).toEqual([
      'kex_algorithms#diffie-hellman-group1-sha1',
      'mac_algorithms#hmac-md5',
    ]);
    expect(facts.coverage.find((one) => one.evidence === 'E2')?.within).toEqual([
      'kex_algorithms',
      'mac_algorithms',
    ]);
  });
});

describe('hostile files', () => {
  it('with entities are damaged, and nothing is expanded', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<nmaprun args="nmap" start="1" version="7"><host><address addr="&b;"/></host></nmaprun>`;
    const facts = await read(bomb).catch((error: unknown) => error);
    if (!(facts instanceof UnreadableScan))
      expect(facts).toMatchObject({ scan: { truncated: true }, coverage: [] });
  });

  it('with control characters or the wrong root are refused or damaged', async () => {
    const facts = await read(
      run('192.0.2.7', host(port('1', 'open')).replace('192.0.2.7', '192.0.2.7\u0001')),
    );
    expect(facts).toMatchObject({ scan: { truncated: true }, coverage: [] });
    await expect(read('<html></html>')).rejects.toThrow(UnreadableScan);
  });

  it('in UTF-16 are read, and wrong bytes are a warning', async () => {
    const text = run('192.0.2.7', host(port('1', 'open'))).replace(
      'version="1.0"',
      'version="1.0" encoding="UTF-16"',
    );
    const wide = await read(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(wide.observations).toHaveLength(1);
    const latin = Buffer.from(
      run('192.0.2.7', host(port('1', 'open', '<service name="caf\u00e9"/>'))),
      'latin1',
    );
    expect((await read(latin)).warnings).toMatchObject([{ code: 'WRONG_BYTES' }]);
  });

  it('that name a host twice let the presence win over the absence', async () => {
    const twice = host(port('1', 'open')) + host(port('1', 'closed'));
    expect(said(world(await read(run('192.0.2.7', twice))))).toEqual(['1 nmap:open-port : open']);
  });

  it('with strange clocks have no time rather than a wrong one', async () => {
    const strange = run('192.0.2.7', host('')).replaceAll(/(start|starttime|endtime|time)="\d+"/g, '$1="-5"');
    const facts = await read(strange);
    expect(facts.scan).toMatchObject({ startedAt: null, finishedAt: null });
    expect(facts.assets).toMatchObject([{ startedAt: null, finishedAt: null }]);
  });
});

describe.each(['loopback/nmap', 'scans/nmap'])('the corpus %s', (path) => {
  const folder = sharedFolder(path);
  it.skipIf(folder === undefined)('is read file by file (skipped where ../shared is absent)', async () => {
    for (const file of readdirSync(folder ?? '').filter((name) => name.endsWith('.xml'))) {
      const content = readFileSync(join(folder ?? '', file), 'utf8');
      expect(nmapReader.detect(content.slice(0, 65_536)), file).toBe(true);
      const facts = await read(content);
      expect(facts.scan.truncated === true, file).toBe(file === 'interrupted.xml');
      for (const part of tenths(content)) {
        const cut = await scanUnlessRefused(nmapReader, part);
        expect(cut?.scan.truncated ?? true, file).toBe(true);
      }
    }
  });
});

describe('the corpus loopback/nmap', () => {
  const folder = sharedFolder('loopback/nmap');
  it.skipIf(folder === undefined)(
    'closes TLS 1.0, its ciphers and the key, not the self-signed certificate',
    async () => {
      const file = (name: string): Promise<ScanFacts> => read(readFileSync(join(folder ?? '', name), 'utf8'));
      const found = world(await file('before.xml'), await file('after.xml'));
      expect(found.filter((one) => one.state === 'verified-fixed').length).toBeGreaterThan(40);
      expect(not(found, 'verified-fixed')).toEqual([
        '18080 nmap:open-port : open',
        '18443 nmap-script:ssl-cert self-signed: open',
        '18443 nmap:open-port : open',
      ]);
      const vacuous = [
        'narrow.xml',
        'timedout.xml',
        'hostdown.xml',
        'pn_unreachable.xml',
        'vulns_noshowall_before.xml',
      ];
      const scans = await Promise.all(vacuous.map(file));
      expect(not(world(await file('before.xml'), ...scans), 'open')).toEqual([]);
    },
  );
});

it('explains a script that judges one weakness by its table, and none that judges several', async () => {
  const script = (id: string, words: string) =>
    `<script id="${id}" output=""><table key="NMAP-1"><elem key="title">T</elem><elem key="state">VULNERABLE</elem>${words}</table></script>`;
  const words = `<table key="description"><elem>Secrets can be\n        read from memory.\n      </elem></table><table key="check_results"><elem>192.0.2.1 leaks</elem></table>`;
  const scripts = `${script('ssl-poodle', '')}${script('ssl-heartbleed', words)}${script('ssl-dh-params', words)}`;
  const host = `<host><status state="up" reason="syn-ack"/><address addr="192.0.2.1" addrtype="ipv4"/><ports><port protocol="tcp" portid="443"><state state="open"/>${scripts}</port></ports></host>`;
  const file = `<nmaprun scanner="nmap" args="nmap" start="1795234015"><scaninfo protocol="tcp" services="443"/>${host}${host}<runstats><finished time="1795234016" exit="success"/></runstats></nmaprun>`;
  expect(await explanationsOf(file)).toEqual({
    'nmap-script:ssl-heartbleed': { description: 'Secrets can be read from memory.' },
  });
});
