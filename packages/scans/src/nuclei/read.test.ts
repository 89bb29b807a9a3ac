import type { ScanFacts } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { readScan } from '../read-scan.ts';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const file = async (name: string): Promise<ScanFacts> => gather(await fixture(`nuclei/${name}`));
const after = async (name: string) => statesOf([await file('before.jsonl'), await file(name)]);

const GIT = 'nuclei:git-config 443 /#/.git/config';
const HEADERS = ['strict-transport-security', 'x-frame-options'].map(
  (name) => `nuclei:missing-headers 443 /#${name}`,
);

describe('with -matcher-status', () => {
  test.each(['after.jsonl', 'after.json'])(
    '%s: a template that got an answer and did not match closes all that it saw at that input',
    async (name) => {
      const found = await after(name);
      for (const key of [GIT, ...HEADERS]) expect(found[key]).toBe('verified-fixed');
      expect(found['nuclei:CVE-2019-19781 443 /#/vpns/cfg/smb.conf']).toBe('verified-fixed');
      expect(found['nuclei:default-login 443 /#/login']).toBe('fixed-unverified CHECK_NOT_RUN');
      expect(found['nuclei:log4j-oast 443 /']).toBe('fixed-unverified CHECK_NOT_RUN');
      expect(found['nuclei:spf-missing']).toBe('fixed-unverified CHECK_NOT_RUN');
      // The line without a match names the port of the input, not the one that was tried.
      expect(found['nuclei:ssh-password 22']).toBe('open PORT_OUTSIDE');
    },
  );

  test('a narrower run closes what it ran, on the asset where it ran', async () => {
    const { assets, scan } = await file('after-narrow.jsonl');
    expect(assets).toHaveLength(1);
    expect(scan).toMatchObject({ complete: true, timeSource: 'file', tool: { name: 'nuclei' } });
    const narrow = statesOf([await file('before.jsonl'), await file('after-narrow.jsonl')]);
    expect(narrow[HEADERS[0] ?? '']).toBe('open CHECK_NOT_RUN');
  });

  test('a skipped asset lowers what was silent before, and is blocked for the rest', async () => {
    const { assets, coverage } = await file('after-skipped.jsonl');
    expect(assets).toMatchObject([{ reached: true, reason: 'BLOCKED' }, { reached: true }]);
    expect(coverage.filter((one) => one.asset === 'a1')).toMatchObject([
      { evidence: 'E1', assumptions: ['A-answering'] },
      { evidence: 'E0', reason: 'BLOCKED' },
      { evidence: 'E0', reason: 'BLOCKED' },
    ]);
    expect(coverage.filter((one) => one.asset === 'a2')).toMatchObject([{ evidence: 'E3', within: ['/'] }]);
    const found = await after('after-skipped.jsonl');
    expect(found[HEADERS[0] ?? '']).toBe('open BLOCKED');
    expect(found['nuclei:default-login 443 /#/login']).toBe('open BLOCKED');
  });
});

test('without it there are only matches, and nothing closes', async () => {
  expect((await file('after-matches-only.jsonl')).coverage).toEqual([]);
  const found = await after('after-matches-only.jsonl');
  expect(Object.values(found).filter((state) => !state.startsWith('open'))).toEqual([]);
});

test('a match is told by input, place below it and matcher, with its ids and its time', async () => {
  const { assets, observations } = await file('before.jsonl');
  expect(assets[0]?.identifiers).toEqual([
    { kind: 'fqdn', value: 'www.example.org' },
    { kind: 'ip', value: '192.0.2.31' },
  ]);
  expect(observations).toHaveLength(9);
  expect(observations[3]).toMatchObject({
    check: 'nuclei:CVE-2019-19781',
    severity: 'critical',
    cve: ['CVE-2019-19781'],
    cwe: ['CWE-22'],
    cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    method: 'active',
    at: '2026-11-21T02:03:10.123Z',
  });
});

const line = (more: object = {}): Record<string, unknown> => ({
  'template-id': 'git-config',
  info: { name: 'Git configuration is readable', severity: 'medium', tags: ['config'] },
  type: 'http',
  host: 'https://www.example.org',
  timestamp: '2026-11-22T02:00:00Z',
  'matcher-status': false,
  response: 'HTTP/1.1 404 Not Found\r\n\r\n',
  ...more,
});
const lines = (...list: object[]): Promise<ScanFacts> =>
  gather(list.map((one) => `${JSON.stringify(one)}\n`).join(''));
const named = (response: string) => ({ type: 'dns', host: 'www.example.org', response });
const info = (more: object) => ({ info: { name: 'x', ...more } });

test.each([
  ['an answer', {}, 'E3', []],
  ['no answer in the file', { response: undefined }, 'E1', ['A-response']],
  ['an answer that a filter may have given', { response: 'HTTP/2 403 Forbidden\r\n' }, 'E1', ['A-waf']],
  ['a call from outside that may come late', info({ tags: 'cve,oast' }), 'E1', ['A-oast']],
  ['an address of an outside listener', { request: 'GET /?x=a.oast.fun HTTP/1.1' }, 'E1', ['A-oast']],
  ['an answer of a gateway', { response: 'HTTP/1.1 502 Bad Gateway\r\n' }, 'E1', ['A-waf']],
  ['a page without its status', { type: 'headless', response: '<html></html>' }, 'E1', ['A-waf']],
  ['a name server that failed', named(';; status: SERVFAIL, id: 1'), 'E1', ['A-response']],
  ['a name server that answered', named(';; status: NXDOMAIN, id: 1'), 'E3', []],
  ['an input with parameters', { url: 'https://www.example.org/view?id=2' }, 'E1', ['A-key']],
  ['several requests', info({ metadata: { 'max-request': 3 } }), 'E1', ['A-flow']],
  ['a flow', { type: 'flow' }, 'none', []],
  [
    "a template of one's own with a flow",
    { 'template-encoded': btoa('id: x\nflow: http(1)\n') },
    'E1',
    ['A-flow'],
  ],
  ['an error that is no text', { error: { kind: 'network' } }, 'E0', []],
  ['a failed request', { error: 'context deadline exceeded' }, 'E0', []],
])('a line without a match, with %s', async (_what, more, evidence, assumptions) => {
  const { coverage } = await lines(line(more));
  expect(coverage[0]?.evidence ?? 'none').toBe(evidence);
  expect(coverage[0]?.assumptions ?? []).toEqual(assumptions);
});

test('what was found for one parameter of a page is not gone because another page or parameter is clean', async () => {
  const url = (query: string) => ({ url: `https://www.example.org/view${query}` });
  const [sooner, later] = [{ timestamp: '2026-11-21T02:00:00Z' }, { timestamp: '2026-11-22T02:00:00Z' }];
  const found = await lines(line({ ...url('?id=1&q=a'), ...sooner, 'matcher-status': true }));
  expect(found.observations).toMatchObject([{ port: 443, locus: '/view?id&q' }]);
  for (const query of ['', '?page=2', '?id=2&q=b']) {
    const states = statesOf([found, await lines(line({ ...url(query), ...later }))]);
    expect(Object.values(states)).not.toContain('verified-fixed');
  }
});

test('an error lowers the lines before it, not those after it, and only of its asset', async () => {
  const { coverage } = await lines(
    line({ 'template-id': 'a' }),
    line({ 'template-id': 'a', host: 'https://shop.example.org' }),
    line({ 'template-id': 'b', error: 'connection reset' }),
    line({ 'template-id': 'c' }),
  );
  const said = coverage.map(({ asset, checks, evidence }) => [
    asset,
    'ids' in checks && checks.ids,
    evidence,
  ]);
  expect(said.sort()).toEqual([
    ['a1', ['nuclei:a'], 'E1'],
    ['a1', ['nuclei:b'], 'E0'],
    ['a1', ['nuclei:c'], 'E3'],
    ['a2', ['nuclei:a'], 'E3'],
  ]);
});

test('an asset that refuses more than one answer in twenty is filtered', async () => {
  const many = (refusals: number) =>
    Array.from({ length: 40 }, (_, i) =>
      line({ 'template-id': `t${i}`, ...(i < refusals ? { response: 'HTTP/1.1 429 Slow\r\n' } : {}) }),
    );
  const evidence = async (refusals: number) =>
    (await lines(...many(refusals))).coverage.map((one) => one.evidence).sort();
  expect(await evidence(2)).toEqual(['E1', 'E3']);
  expect(await evidence(3)).toEqual(['E1', 'E1']);
});

test('an asset without a single answer was not reached', async () => {
  const skipped = await lines(line({ error: 'host was skipped as it was found unresponsive' }));
  expect(skipped.assets).toMatchObject([{ reached: false, reason: 'BLOCKED' }]);
  const refused = await lines(line({ error: 'connection refused' }));
  expect(refused.assets).toMatchObject([{ reached: false, reason: 'NO_HOST' }]);
  expect(refused.observations).toEqual([]);
});

test('a match without an asset takes the silence of its template away everywhere', async () => {
  const dns = { ...line({ 'matcher-status': true }), host: undefined };
  const { warnings, coverage, scan } = await lines(line(), line({ 'template-id': 'other' }), dns);
  expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: 3 }]);
  expect(coverage).toMatchObject([{ checks: { ids: ['nuclei:other'] } }]);
  expect(scan.complete).toBe(true);
});

test('old versions, inputs that were not taken apart, files and ports of other protocols are placed', async () => {
  const found = { 'matcher-status': undefined };
  const { observations, assets } = await lines(
    {
      ...line(found),
      'template-id': undefined,
      templateID: 'old',
      type: 'network',
      matched: 'www.example.org:3306',
    },
    {
      ...line(found),
      host: undefined,
      url: '/http://app_1/',
      port: '80',
      'matched-at': 'http://app_1/x?id=7',
    },
    { ...line(found), type: 'file', host: undefined, 'matched-at': 'etc/config.yaml' },
    { ...line(found), type: 'ssl', host: '192.0.2.9', port: '8443', ip: '192.0.2.9' },
    { ...line(found), host: 'https://www.example.org/app/', 'matched-at': 'https://login.example.org/cb' },
    { ...line(found), host: 'www.example.org', 'matched-at': 'http://www.example.org:8080/status' },
  );
  expect(observations.map((one) => [one.transport, one.port, one.locus])).toEqual([
    ['tcp', 3306, ''],
    ['tcp', 80, '/#/x'],
    ['none', 0, ''],
    ['tcp', 8443, ''],
    ['tcp', 443, '/app/#login.example.org:443/cb'],
    ['tcp', 8080, '#/status'],
  ]);
  expect(assets.map(({ identifiers }) => identifiers[0]?.value)).toEqual([
    'www.example.org',
    'app_1',
    'etc/config.yaml',
    '192.0.2.9',
  ]);
});

test('a time without its zone is no time', async () => {
  const { assets, scan } = await lines(line({ timestamp: '2026-11-22T02:00:00' }), line({ timestamp: 7 }));
  expect(assets).toMatchObject([{ startedAt: null, finishedAt: null }]);
  expect(scan.timeSource).toBe('none');
});

test('a file that was cut closes nothing', async () => {
  const before = await file('before.jsonl');
  for (const name of ['after.jsonl', 'after.json']) {
    for (const part of tenths(await fixture(`nuclei/${name}`))) {
      const cut = await gather(part).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UnreadableScan);
        return null;
      });
      if (cut === null) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      expect(Object.values(statesOf([before, cut]))).not.toContain('verified-fixed');
    }
  }
});

test('wrong types anywhere are survived, and a line that is none spoils the silence of the file', async () => {
  for (const odd of [null, 1, 'x', true, [], {}, [null, [[]]], { toString: 1, valueOf: 1 }]) {
    const keys = [
      'info',
      'type',
      'host',
      'url',
      'port',
      'response',
      'request',
      'error',
      'timestamp',
      'ip',
      'matched-at',
    ];
    await expect(
      lines(line(), line(Object.fromEntries(keys.map((key) => [key, odd])))),
    ).resolves.toBeDefined();
    for (const key of ['tags', 'classification', 'metadata']) {
      await expect(lines(line({ 'matcher-status': true, ...info({ [key]: odd }) }))).resolves.toBeDefined();
    }
    for (const key of ['cve-id', 'cwe-id', 'cvss-metrics']) {
      const classification = { [key]: [odd] };
      await expect(
        lines(line({ 'matcher-status': true, ...info({ classification }) })),
      ).resolves.toBeDefined();
    }
    if (odd === true) continue;
    const { scan, warnings } = await lines(line(), line({ 'matcher-status': odd }));
    expect(scan.complete).toBe(false);
    expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: 2 }]);
  }
});

test('200,000 lines are read within bounds and become one claim for each place', async () => {
  async function* many(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 200_000; i += 1000) {
      const block = Array.from({ length: 1000 }, (_, j) => {
        const more = {
          'template-id': `t${(i + j) % 4000}`,
          host: `https://h${Math.floor((i + j) / 4000)}.example.org`,
        };
        return JSON.stringify(line({ ...more, ...(j === 7 ? { 'matcher-status': true } : {}) }));
      });
      yield Buffer.from(`${block.join('\n')}\n`);
    }
  }
  const counts = { asset: 0, coverage: 0, observation: 0, explanation: 0, warning: 0 };
  const before = process.memoryUsage().heapUsed;
  for await (const facts of readScan(many())) for (const fact of facts) counts[fact.record] += 1;
  expect(counts).toMatchObject({ asset: 50, observation: 200, warning: 0 });
  expect(counts.coverage).toBeLessThan(60);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
}, 20_000);

test('a match says what its template says of itself; a template that did not match explains nothing', async () => {
  const info = { name: 'Git', description: 'The folder is readable.\n', impact: 'The source is known.' };
  const line = {
    'template-id': 'git',
    info: { ...info, remediation: 'Deny it.' },
    url: 'https://www.example.org/',
  };
  const lines = [
    { ...line, 'matcher-status': true },
    { ...line, 'matcher-status': true, info: { ...info, description: 'Another text.' } },
    { ...line, 'matcher-status': false, 'template-id': 'silent' },
    {
      ...line,
      'matcher-status': true,
      'template-id': 'odd',
      info: { description: 1, impact: [], remediation: null },
    },
  ];
  expect(await explanationsOf(lines.map((one) => JSON.stringify(one)).join('\n'))).toEqual({
    'nuclei:git': {
      description: 'The folder is readable.',
      harm: 'The source is known.',
      advice: 'Deny it.',
    },
  });
});
