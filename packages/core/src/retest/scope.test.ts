import { describe, expect, test } from 'vitest';
import { methodBit } from '../cover/depth.ts';
import { feedKey } from '../cover/feed.ts';
import { ENGINE_FACTS } from './engine-facts.ts';
import type { Available, ToRetest } from './plan.ts';
import { scopeOf } from './scope.ts';

const ANY: ToRetest['need'] = {
  methods: methodBit('remote'),
  credential: 'none',
  feedKey: null,
  versionKey: null,
  vantages: ['office'],
};

interface Seen {
  readonly host?: string;
  readonly port?: number;
  readonly locus?: string;
  readonly need?: Partial<ToRetest['need']>;
  readonly crossTool?: boolean;
}

let count = 0;

function finding(check: string, seen: Seen = {}): ToRetest {
  const { host = '192.0.2.7', port = 443, locus = '', need = {}, crossTool = false } = seen;
  const kind = /^[\d.]+$/.test(host) ? 'ip' : 'fqdn';
  count += 1;
  return {
    findingId: `f${count}`,
    key: { asset: `${kind}:${host}`, transport: port === 0 ? 'none' : 'tcp', port, check, locus },
    identifiers: [{ kind, value: host }],
    need: { ...ANY, ...need },
    crossTool,
  };
}

const VERSIONS = {
  nmap: '7.93',
  sslscan: '2.0.7',
  testssl: '3.0.8',
  nuclei: '3.4.10',
  wapiti: '3.0.4',
  backcheck: '0.1.0',
};

const at = (vantage: string, ...engines: (keyof typeof VERSIONS)[]): Available[] =>
  (engines.length > 0 ? engines : ENGINE_FACTS.map(({ engine }) => engine)).map((engine) => ({
    engine,
    version: VERSIONS[engine],
    vantage,
  }));

const planned = (findings: readonly ToRetest[], available: readonly Available[] = at('office')): string[] =>
  scopeOf(findings, available).tasks.map(
    ({ engine, method, vantage, host, questions }) =>
      `${vantage}: ${engine} (${method}) ${host} ${questions.map(({ port, check, locus }) => `${port} ${check} ${locus}`.trim()).join(', ')}`,
  );

const refused = (one: ToRetest, available: readonly Available[] = at('office')): string => {
  const { tasks, unprovable } = scopeOf([one], available);
  expect(tasks).toEqual([]);
  return unprovable.map(({ obstacle, wouldProve }) => `${obstacle} ${wouldProve.join(' ')}`.trim()).join();
};

describe('the scope of a retest', () => {
  test('asks the tool that saw it, from each place from which it was seen', () => {
    const seen = finding('sslscan:ssl3', { need: { vantages: ['inside', 'office'] } });
    expect(planned([seen], [...at('office'), ...at('inside')])).toEqual([
      'inside: sslscan (tls) 192.0.2.7 443 sslscan:ssl3',
      'office: sslscan (tls) 192.0.2.7 443 sslscan:ssl3',
    ]);
  });

  test('lets findings of one asset, engine, place and port share a run, and others not', () => {
    const findings = [
      finding('sslscan:ssl3'),
      finding('sslscan:weak-cipher', { locus: 'TLSv1.0#TLS_RSA_WITH_RC4_128_SHA' }),
      finding('sslscan:ssl3', { port: 8443 }),
      finding('sslscan:ssl3', { locus: 'www.example.org' }),
      finding('sslscan:ssl3', { host: '192.0.2.8' }),
      finding('nmap:open-port', { port: 23 }),
      finding('nmap:open-port', { port: 21 }),
    ];
    expect(planned(findings)).toEqual([
      'office: nmap (port-scan) 192.0.2.7 21 nmap:open-port, 23 nmap:open-port',
      'office: sslscan (tls) 192.0.2.7 443 sslscan:ssl3, 443 sslscan:weak-cipher TLSv1.0#TLS_RSA_WITH_RC4_128_SHA',
      'office: sslscan (tls) 192.0.2.7 443 sslscan:ssl3 www.example.org',
      'office: sslscan (tls) 192.0.2.7 8443 sslscan:ssl3',
      'office: sslscan (tls) 192.0.2.8 443 sslscan:ssl3',
    ]);
  });

  test('calls a server by the name that nmap asked for, though its files name the address', () => {
    const seen = finding('nmap-script:ssl-enum-ciphers', { locus: 'www.example.org#TLSv1.0' });
    expect(planned([seen])).toEqual([
      'office: nmap (script) www.example.org 443 nmap-script:ssl-enum-ciphers www.example.org#TLSv1.0',
    ]);
  });

  test('knocks on port 445 for a script that names no port', () => {
    const seen = finding('nmap-script:smb-vuln-ms17-010', { port: 0 });
    expect(planned([seen])).toEqual(['office: nmap (script) 192.0.2.7 445 nmap-script:smb-vuln-ms17-010']);
  });

  test('takes an equivalent check where the finding allows it, and one that is asked anyway before all others', () => {
    const nessus = finding('nessus:104743', { crossTool: true });
    expect(planned([nessus], at('office', 'sslscan', 'nmap', 'testssl'))).toEqual([
      'office: sslscan (tls) 192.0.2.7 443 sslscan:tls1.0',
    ]);
    expect(planned([nessus, finding('testssl:TLS1')], at('office', 'sslscan', 'nmap', 'testssl'))).toEqual([
      'office: testssl (tls) 192.0.2.7 443 testssl:TLS1, 443 testssl:TLS1',
    ]);
    expect(refused({ ...nessus, crossTool: false })).toBe('NO_ENGINE registered-profile same-tool');
  });

  test('sends our own probes to no port that they cannot try', () => {
    const seen = finding('masscan:open-port', { crossTool: true });
    const overUdp = { ...seen, key: { ...seen.key, transport: 'udp' as const } };
    expect(planned([seen])).toHaveLength(1);
    expect(refused(overUdp)).toBe('NO_ENGINE same-tool');
    expect(refused(finding('backcheck-http:hsts', { port: 0 }))).toBe('NO_ENGINE same-tool');
  });

  test('takes no stand-in that would call the asset by another identifier', () => {
    const named = finding('nessus:104743', { crossTool: true, host: 'www.example.org' });
    // sslscan would call it by its name; nmap's files name the address.
    expect(refused(named, at('office', 'nmap'))).toBe('TOOL_MISSING same-tool');
    const agent = { ...named, key: { ...named.key, asset: 'agent:7' } };
    expect(refused(agent)).toBe('NO_ENGINE registered-profile same-tool');
  });

  test('says what stands in the way, and what would help', () => {
    const seen = finding('sslscan:ssl3', { need: { versionKey: feedKey('2.1.0') } });
    expect(refused(seen)).toBe('TOOL_TOO_OLD newer-tool');
    expect(refused(seen, at('office', 'nmap'))).toBe('TOOL_MISSING same-tool');
    expect(refused(seen, at('inside'))).toBe('NO_RUNNER other-vantage');
    expect(
      refused(finding('sslscan:ssl3', { need: { versionKey: feedKey('2.0.7') } }), at('inside', 'sslscan')),
    ).toBe('NO_RUNNER other-vantage');
    const fast = scopeOf([finding('testssl:TLS1')], at('office'), { rate: 10, allows: () => true });
    expect(fast.unprovable).toMatchObject([{ obstacle: 'RATE_TOO_LOW' }]);
    const forbidden = scopeOf([finding('testssl:TLS1')], at('office'), {
      rate: 100,
      allows: (one) => one !== 'tls',
    });
    expect(forbidden.unprovable).toMatchObject([{ obstacle: 'NOT_AUTHORIZED' }]);
  });

  test('goes round an engine that is too fast by an equivalent one that is not', () => {
    const seen = finding('testssl:TLS1', { crossTool: true });
    const { tasks } = scopeOf([seen], at('office', 'testssl', 'sslscan'), { rate: 10, allows: () => true });
    expect(tasks).toMatchObject([{ engine: 'sslscan', questions: [{ check: 'sslscan:tls1.0' }] }]);
  });

  test.each([
    ['trivy:CVE-2024-0001', {}, 'NO_ENGINE package-list'],
    ['checklist:bc40/29', {}, 'NO_ENGINE on-site-check'],
    ['lynis:AUTH-9262', {}, 'NO_ENGINE credentialed-scan on-site-check'],
    ['nessus:51192', { methods: methodBit('local') }, 'NO_ENGINE credentialed-scan on-site-check'],
    ['testssl:TLS1', { credential: 'user' }, 'NO_ENGINE credentialed-scan on-site-check'],
    ['sslscan:ssl3', { methods: methodBit('active') }, 'NO_ENGINE same-tool'],
    [
      'wapiti:cross-site-scripting',
      { methods: methodBit('active') },
      'NO_ENGINE registered-profile same-tool',
    ],
    ['burp:1049088', {}, 'NO_ENGINE same-tool'],
  ] as const)('of %s (%o) is nothing: %s', (check, need, said) => {
    expect(refused(finding(check, { need }))).toBe(said);
  });
});
