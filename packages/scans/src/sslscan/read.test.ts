import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldWorld, type ScanFacts, type WorldFinding } from '@backcheck/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { fixture, imported, scanOf, scanUnlessRefused, sharedFolder, tenths } from '../testing/scan-of.ts';
import { sslscanReader } from './read.ts';

const FIRST = '2026-11-21T02:00:00.000Z';
const LATER = '2026-11-22T02:00:00.000Z';

const read = (content: string, at: string | null = FIRST): Promise<ScanFacts> =>
  scanOf(sslscanReader, content, at);
const world = (...scans: ScanFacts[]): WorldFinding[] => foldWorld(scans.map(imported));
const said = (found: WorldFinding[]): string[] =>
  found.map(({ key, state, reason }) =>
    `${key.port} ${key.check} ${key.locus}: ${state} ${reason ?? ''}`.trim(),
  );
const not = (found: WorldFinding[], state: string): string[] =>
  said(found.filter((one) => one.state !== state));

let before: ScanFacts;
beforeAll(async () => {
  before = await read(await fixture('sslscan/before.xml'));
});

describe('a test of a weak TLS server', () => {
  it('opens a finding for each deprecated protocol, weak cipher and certificate fault', () => {
    const found = said(world(before));
    expect(found).toContain('443 sslscan:tls1.0 : open');
    expect(found).toContain('443 sslscan:tls1.1 : open');
    expect(found).toContain('443 sslscan:weak-cipher TLSv1.0#AECDH-AES256-SHA: open');
    expect(found).toContain('443 sslscan:weak-key : open');
    expect(found).toContain('443 sslscan:weak-signature : open');
    expect(found.filter((one) => /ssl3|heartbleed/.test(one))).toEqual([]);
    expect(before.assets[0]?.identifiers).toEqual([{ kind: 'ip', value: '192.0.2.10' }]);
  });

  it('is closed by a test of the fixed server, but for the self-signed certificate', async () => {
    const after = await read(await fixture('sslscan/after.xml'), LATER);
    expect(not(world(before, after), 'verified-fixed')).toEqual([
      '443 sslscan:certificate-self-signed : open',
    ]);
    expect(said(world(after, before, after))).toEqual(said(world(before, after)));
  });

  it('is not closed by a file without a time', async () => {
    const after = await read(await fixture('sslscan/after.xml'), null);
    expect(after.scan).toMatchObject({ startedAt: null, finishedAt: null });
    expect(said(world(before, after))).toContain('443 sslscan:tls1.0 : open NO_TIME');
    expect(not(world(before, after), 'open')).toEqual([]);
  });

  it('is not closed by a test of a port without TLS, which reads just like a fixed server', async () => {
    const plain = (await fixture('sslscan/non-tls.xml')).replace('port="80"', 'port="443"');
    const found = world(before, await read(plain, LATER));
    expect(new Set(found.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(['open CHECK_NOT_RUN']),
    );
  });

  it('is not closed by a test of another port, of a server that is down, or one that was killed', async () => {
    const other = await read(await fixture('sslscan/other-port.xml'), LATER);
    expect(said(world(before, other))).toContain('443 sslscan:tls1.0 : open PORT_OUTSIDE');
    const down = await read(await fixture('sslscan/down.xml'), LATER);
    expect(said(world(before, down))).toContain('443 sslscan:tls1.0 : open NO_HOST');
    const killed = await scanUnlessRefused(sslscanReader, await fixture('sslscan/interrupted.xml'), LATER);
    expect(killed?.scan.truncated ?? true).toBe(true);
    const found = world(before, other, down, ...(killed === undefined ? [] : [killed]));
    expect(found.filter(({ key, state }) => key.port === 443 && state !== 'open')).toEqual([]);
  });

  it('is not closed by a file of the fixed server that is cut at any tenth', async () => {
    for (const part of tenths(await fixture('sslscan/after.xml'))) {
      const cut = await scanUnlessRefused(sslscanReader, part, LATER);
      if (cut === undefined) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      expect(cut.coverage).toEqual([]);
      expect(not(world(before, cut), 'open')).toEqual([]);
    }
  });
});

const document = (inner: string, head = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${head}\n<document title="SSLScan Results" version="2.0.7">${inner}</document>`;
const test = (inner: string, { host = '192.0.2.7', sni = '', port = '443' } = {}): string =>
  `<ssltest host="${host}" sniname="${sni}" port="${port}">${inner}</ssltest>`;
const protocol = (version: string, enabled: 0 | 1): string =>
  `<protocol type="tls" version="${version}" enabled="${enabled}" />`;
const cipher = (name: string, version = 'TLSv1.2', more = 'strength="weak"'): string =>
  `<cipher status="accepted" sslversion="${version}" bits="128" cipher="${name}" ${more} />`;
const STRONG = cipher('ECDHE-RSA-AES128-GCM-SHA256', 'TLSv1.2', 'strength="strong"');

describe('weak ciphers', () => {
  const weak = document(test(protocol('1.0', 1) + cipher('RC4-SHA', 'TLSv1.0')));
  const state = async (inner: string): Promise<string | undefined> =>
    said(world(await read(weak), await read(document(test(inner)), LATER))).find((one) =>
      one.includes('RC4'),
    );

  it('are gone when the list of the protocol no longer holds them, or the protocol is refused', async () => {
    const gone = '443 sslscan:weak-cipher TLSv1.0#RC4-SHA: verified-fixed';
    expect(await state(protocol('1.0', 1) + cipher('AES128-SHA', 'TLSv1.0', 'strength="acceptable"'))).toBe(
      gone,
    );
    expect(await state(protocol('1.0', 0) + protocol('1.2', 1) + STRONG)).toBe(gone);
  });

  it('stay when the protocol was not tried, gave no list, or a part of the test failed', async () => {
    const stays = '443 sslscan:weak-cipher TLSv1.0#RC4-SHA: open CHECK_NOT_RUN';
    expect(await state(protocol('1.2', 1) + STRONG)).toBe(stays);
    expect(await state(protocol('1.0', 1) + protocol('1.2', 1) + STRONG)).toBe(stays);
    expect(
      await state(`${protocol('1.0', 0)}${protocol('1.2', 1)}${STRONG}<error>Could not connect.</error>`),
    ).toBe(stays);
    expect(await state(protocol('1.0', 0) + protocol('1.2', 1))).toBe(stays);
  });

  it('are known by name and length where an old version does not grade them', async () => {
    const names = [
      'RC4-SHA',
      'DES-CBC3-SHA',
      'ADH-AES128-SHA',
      'EXP-RC4-MD5',
      'NULL-SHA',
      'AES128-SHA',
      'ECDHE-RSA-AES128-SHA',
    ];
    const facts = await read(
      document(test(protocol('1.2', 1) + names.map((one) => cipher(one, 'TLSv1.2', '')).join(''))),
    );
    const weakOnes = facts.observations
      .filter((one) => one.verdict === 'present')
      .map((one) => one.locus.slice(8));
    expect(weakOnes).toEqual(names.slice(0, 5));
  });
});

describe('targets', () => {
  it('called by name keep the name first, and answer for the name that was asked for', async () => {
    const weak = await read(document(test(protocol('1.0', 1) + STRONG, { host: 'www.example.org' })));
    expect(weak.assets[0]?.identifiers).toEqual([{ kind: 'fqdn', value: 'www.example.org' }]);
    expect(weak.observations[0]?.locus).toBe('');
    const other = test(protocol('1.0', 0) + protocol('1.2', 1) + STRONG, {
      host: 'www.example.org',
      sni: 'b.example.org',
    });
    const found = said(world(weak, await read(document(other), LATER)));
    expect(found).toEqual(['443 sslscan:tls1.0 : open CHECK_NOT_RUN']);
  });

  it('that did not answer are named with name, address and reason', async () => {
    const error = (text: string): string => document(`<error><![CDATA[${text}]]></error>`);
    const refused = 'Could not open a connection to host www.example.org (192.0.2.7) on port 443.';
    expect((await read(error(refused))).assets).toMatchObject([
      {
        reached: false,
        reason: 'NO_HOST',
        identifiers: [{ value: 'www.example.org' }, { value: '192.0.2.7' }],
      },
    ]);
    expect((await read(error('Could not resolve hostname www.example.org.'))).assets).toMatchObject([
      { reached: false },
    ]);
    const odd = await read(error('Could not create CTX object.'));
    expect(odd).toMatchObject({ assets: [], warnings: [{ code: 'TOOL_ERROR' }] });
  });

  it('without a usable host or port are left out with a warning', async () => {
    for (const place of [
      { port: '99999' },
      { port: '-1' },
      { port: 'NaN' },
      { port: '0' },
      { host: 'a b' },
      { host: '' },
    ]) {
      const facts = await read(document(test(protocol('1.0', 1) + STRONG, place)));
      expect(facts).toMatchObject({
        assets: [],
        observations: [],
        coverage: [],
        warnings: [{ code: 'BAD_RECORD' }],
      });
    }
  });

  it('tested twice let the presence win over the absence', async () => {
    const both = test(protocol('1.0', 0) + protocol('1.2', 1) + STRONG) + test(protocol('1.0', 1) + STRONG);
    expect(said(world(await read(document(both))))).toEqual(['443 sslscan:tls1.0 : open']);
  });
});

describe('hostile files', () => {
  it('with entities or control characters are damaged and close nothing', async () => {
    const bomb = '<!DOCTYPE document [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>';
    const facts = await read(document(test(`${protocol('1.0', 1)}<error>&b;</error>`), bomb));
    expect(facts).toMatchObject({ scan: { truncated: true }, coverage: [] });
    expect((await read(document(test('\u0000')))).scan.truncated).toBe(true);
    await expect(read('<html/>')).rejects.toThrow(UnreadableScan);
  });

  it('with values that are neither yes nor no say nothing', async () => {
    const odd =
      '<protocol type="tls" version="1.0" enabled="no" /><heartbleed sslversion="TLSv1.2" vulnerable="" />';
    const facts = await read(document(test(odd + protocol('1.2', 1) + STRONG)));
    expect(facts.observations).toEqual([]);
  });

  it('with more rows than sslscan can write give no absences', async () => {
    const rows = protocol('1.2', 1) + STRONG.repeat(20_001);
    expect((await read(document(test(rows)))).coverage).toMatchObject([{ evidence: 'E0' }]);
  });
});

describe.each(['loopback/sslscan', 'scans/sslscan'])('the corpus %s', (path) => {
  const folder = sharedFolder(path);
  it.skipIf(folder === undefined)('is read file by file (skipped where ../shared is absent)', async () => {
    for (const file of readdirSync(folder ?? '').filter((name) => name.endsWith('.xml'))) {
      const content = readFileSync(join(folder ?? '', file), 'utf8');
      expect(sslscanReader.detect(content.slice(0, 65_536)), file).toBe(true);
      const facts = await read(content);
      expect(facts.assets, file).toHaveLength(1);
      expect(facts.scan.truncated === true, file).toBe(file === 'partial.xml');
    }
  });
});

describe('the corpus loopback/sslscan', () => {
  const folder = sharedFolder('loopback/sslscan');
  it.skipIf(folder === undefined)('is closed by after.xml and by none of the vacuous files', async () => {
    const file = (name: string, at: string): Promise<ScanFacts> =>
      read(readFileSync(join(folder ?? '', name), 'utf8'), at);
    const weak = await file('before.xml', FIRST);
    expect(not(world(weak, await file('after.xml', LATER)), 'verified-fixed')).toEqual([
      '18443 sslscan:certificate-self-signed : open',
    ]);
    const vacuous = await Promise.all(
      ['nottls.xml', 'closedport.xml', 'partial.xml', 'tls12only.xml'].map((name) => file(name, LATER)),
    );
    expect(not(world(weak, ...vacuous), 'open')).toEqual([]);
  });
});
