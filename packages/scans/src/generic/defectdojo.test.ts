import type { ScanFacts } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { readScan } from '../read-scan.ts';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const file = async (name: string): Promise<ScanFacts> => gather(await fixture(`generic/${name}`));

test('each endpoint, else the file, else the component of a finding is its asset', async () => {
  const { scan, assets, observations, coverage } = await file('findings.json');
  expect(scan).toMatchObject({
    format: 'defectdojo-json',
    tool: { name: 'hand-test', version: '3.1' },
    timeSource: 'none',
    complete: true,
  });
  const named = new Map(assets.map(({ id, identifiers }) => [id, identifiers[0]?.value]));
  expect(observations.map((one) => [named.get(one.asset), one.port, one.locus, one.method])).toEqual([
    ['www.example.org', 443, '/admin', 'remote'],
    ['shop.example.org', 8443, '/admin', 'remote'],
    ['192.0.2.61', 0, '', 'remote'],
    ['app/pom.xml', 0, 'app/pom.xml#pkg:generic/log4j-core', 'local'],
    ['pkg:generic/left-pad', 0, '', 'local'],
    ['src/run.py', 0, 'src/run.py#7f1c', 'local'],
    ['unnamed:hand-test', 0, '', 'local'],
  ]);
  expect(observations[0]).toMatchObject({ check: 'hand-test:ADM-1', severity: 'high', cwe: ['CWE-306'] });
  expect(observations[3]).toMatchObject({ check: 'hand-test:Weak library', cve: ['CVE-2021-44228'] });
  expect(observations[4]).toMatchObject({ cwe: ['CWE-1104', 'CWE-937'] });
  expect(coverage).toEqual([]);
});

test('a finding without a place is kept and counted, one that is called mitigated is left out and counted', async () => {
  const { warnings } = await file('findings.json');
  expect(warnings).toMatchObject([
    { code: 'NO_ASSET', line: 50, message: expect.stringContaining('"Policy is missing"') },
    { code: 'MITIGATED', message: expect.stringContaining('1 findings') },
  ]);
});

test('the CSV holds the findings of a tool without a name', async () => {
  const { scan, assets, observations, warnings } = await file('findings.csv');
  expect(scan).toMatchObject({ format: 'defectdojo-csv', tool: { name: 'generic' }, complete: true });
  expect(assets.map(({ identifiers }) => identifiers[0])).toEqual([
    { kind: 'fqdn', value: 'www.example.org' },
    { kind: 'ip', value: '198.51.100.7' },
    { kind: 'file', value: 'unnamed:generic' },
  ]);
  expect(observations.slice(0, 2)).toMatchObject([
    { check: 'generic:Directory listing, readable', port: 443, locus: '/files/', cwe: ['CWE-548'] },
    { check: 'generic:Old web server', port: 8080, severity: 'high', cve: ['CVE-2021-41773'] },
  ]);
  expect(warnings).toMatchObject([{ code: 'NO_ASSET', line: 5 }]);
});

test('what a later file does not name stays open, whatever time is declared for it', async () => {
  const later = { declaredAt: '2026-12-01T00:00:00.000Z' };
  const states = statesOf([
    await gather(await fixture('generic/findings.json'), { declaredAt: '2026-11-01T00:00:00.000Z' }),
    await gather(await fixture('generic/findings-later.json'), later),
    await gather(await fixture('generic/no-findings.json'), later),
  ]);
  expect(Object.values(states).filter((state) => !state.startsWith('open'))).toEqual([]);
});

const json = (...findings: unknown[]): string =>
  JSON.stringify({
    findings: [{ title: 'a', severity: 'Low', description: 'b', endpoints: ['a.example.org'] }, ...findings],
  });

test.each([
  ['https://www.example.org/x?id=1', ['tcp', 443, '/x']],
  ['www.example.org:8080/x', ['tcp', 8080, '/x']],
  ['www.example.org/x', ['none', 0, '/x']],
  ['ftp://files.example.org', ['none', 0, '/']],
  ['ssh://192.0.2.1:22', ['tcp', 22, '']],
  [{ host: '2001:db8::7', port: 443, protocol: 'https' }, ['tcp', 443, '/']],
  [{ host: 'www.example.org', protocol: 'not a scheme' }, ['none', 0, '/']],
] as const)('the endpoint %o is %o', async (endpoint, place) => {
  const { observations } = await gather(json({ title: 't', severity: 'High', endpoints: [endpoint] }));
  const one = observations[1];
  expect([one?.transport, one?.port, one?.locus]).toEqual(place);
});

describe('hostile files', () => {
  test('with wrong types anywhere are survived', async () => {
    const keys = [
      'title',
      'severity',
      'cwe',
      'cwes',
      'cve',
      'endpoints',
      'file_path',
      'component_name',
      'line',
      'vuln_id_from_tool',
    ];
    for (const odd of [null, 1, 'x', true, [], {}, [null, 7, {}, { host: {} }, { host: 'a b' }]]) {
      const all = Object.fromEntries(keys.map((key) => [key, odd]));
      const some = { ...all, title: 't', endpoints: ['www.example.org'] };
      const { observations } = await gather(json(all, some, odd));
      expect(observations.length).toBeGreaterThanOrEqual(2);
    }
  });

  test('that were cut keep what precedes the cut', async () => {
    for (const name of ['findings.json', 'findings.csv']) {
      for (const part of tenths(await fixture(`generic/${name}`))) {
        const cut = await gather(part).catch((error: unknown) => {
          expect(error).toBeInstanceOf(UnreadableScan);
          return null;
        });
        if (cut !== null) expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      }
    }
  });

  test('with findings of another format are not taken', async () => {
    for (const text of [
      '{"findings":[{"title":"a","severity":"low"}]}',
      `{"findings":[{"x":1}],${'"findings":[{'.repeat(5000)}`,
      'Title,Severity,Description,Date\na,b,c,d\n',
    ])
      await expect(gather(text)).rejects.toBeInstanceOf(UnreadableScan);
  });

  test('of 100,000 findings are read within bounds', async () => {
    const finding = (i: number) => ({
      title: `t${i % 50}`,
      severity: 'Low',
      description: 'd',
      endpoints: [`h${i % 500}.example.org:${1 + (i % 9)}`],
    });
    async function* many(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"findings":[');
      for (let i = 0; i < 100_000; i += 500) {
        const block = Array.from({ length: 500 }, (_, j) => JSON.stringify(finding(i + j))).join(',');
        yield Buffer.from(i === 0 ? block : `,${block}`);
      }
      yield Buffer.from('],"type":"Last"}');
    }
    let seen = 0;
    const before = process.memoryUsage().heapUsed;
    for await (const facts of readScan(many()))
      seen += facts.filter((fact) => fact.record === 'observation').length;
    expect(seen).toBe(100_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
  }, 20_000);
});

const SAME = { severity: 'High', impact: 'Anyone may change it.', mitigation: 'Ask for a password.' };

test('the texts on which all findings of a check agree explain it; what differs is of one asset', async () => {
  const finding = (title: string, description: unknown, more: object = {}) => ({
    title,
    description,
    ...SAME,
    ...more,
  });
  const findings = [
    finding('Open page', 'The page opens for anyone.'),
    finding('Open page', 'The page opens for anyone.', { mitigation: '' }),
    finding('Old server', 'At 192.0.2.1.', { impact: [1] }),
    finding('Old server', 'At 192.0.2.2.', { impact: null }),
    finding('Gone', 'Was seen once.', { is_mitigated: true }),
  ];
  const { impact: harm, mitigation: advice } = SAME;
  expect(await explanationsOf(JSON.stringify({ findings, type: 'Hand Test' }))).toEqual({
    'hand-test:Open page': { description: 'The page opens for anyone.', harm, advice },
    'hand-test:Old server': { advice },
  });
});

test('so it is in the CSV', async () => {
  const rows = ['Old server,High,At 192.0.2.1.,Update,', 'Old server,High,At 192.0.2.2.,Update,Taken over'];
  const content = `Date,Title,Severity,Description,Mitigation,Impact\n${rows.map((row) => `2026-11-20,${row}\n`).join('')}`;
  expect(await explanationsOf(content)).toEqual({
    'generic:Old server': { harm: 'Taken over', advice: 'Update' },
  });
});
