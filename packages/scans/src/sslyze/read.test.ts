import type { ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

interface File {
  readonly server_scan_results: { scan_result: Record<string, unknown>; [key: string]: unknown }[];
  readonly [key: string]: unknown;
}

const before = async (): Promise<ScanFacts> => gather(await fixture('sslyze/before.json'));
const file = async (name: string): Promise<File> => JSON.parse(await fixture(`sslyze/${name}.json`));
const after = async (name: string, change?: (server: File['server_scan_results'][0]) => void) => {
  const report = await file(name);
  for (const server of report.server_scan_results) change?.(server);
  return statesOf([await before(), await gather(JSON.stringify(report))]);
};
const RC4 = 'sslyze:weak-cipher 443 TLSv1.2#TLS_RSA_WITH_RC4_128_SHA';

test('a weak server has a finding for each fault, dated by the clock of the tool', async () => {
  const { scan, assets } = await before();
  expect(scan).toMatchObject({
    format: 'sslyze',
    tool: { name: 'sslyze', version: '5.2.0' },
    startedAt: '2026-11-05T02:00:00.428Z',
    finishedAt: '2026-11-05T02:00:41.806Z',
  });
  expect(assets).toMatchObject([
    {
      identifiers: [
        { kind: 'fqdn', value: 'mail.example.org' },
        { kind: 'ip', value: '192.0.2.50' },
      ],
      startedAt: '2026-11-05T02:00:00.428Z',
    },
  ]);
  expect(
    Object.keys(statesOf([await before()]))
      .map((key) => key.replace('sslyze:', '').replace(' 443', ''))
      .sort(),
  ).toEqual([
    'ccs-injection',
    'certificate-expired',
    'certificate-hostname',
    'certificate-untrusted',
    'client-renegotiation',
    'compression',
    'fallback-scsv',
    'heartbleed',
    'insecure-renegotiation',
    'no-hsts',
    'robot',
    'ssl-3.0',
    'tls-1.0',
    'weak-cipher SSLv3#TLS_RSA_WITH_RC4_128_SHA',
    'weak-cipher TLSv1.2#TLS_RSA_WITH_RC4_128_SHA',
    'weak-key',
    'weak-signature',
  ]);
});

test('all of it is closed by a run against the fixed server', async () => {
  expect(new Set(Object.values(await after('after')))).toEqual(new Set(['verified-fixed']));
});

test('a command that was not scheduled answers for nothing', async () => {
  const states = await after('after-narrow');
  expect(states).toMatchObject({
    'sslyze:heartbleed 443': 'verified-fixed',
    [RC4]: 'verified-fixed',
    'sslyze:robot 443': 'open CHECK_NOT_RUN',
    'sslyze:tls-1.0 443': 'open CHECK_NOT_RUN',
    'sslyze:weak-cipher 443 SSLv3#TLS_RSA_WITH_RC4_128_SHA': 'open CHECK_NOT_RUN',
  });
});

test.each([
  ['of another port', 'after-other-port', 'open PORT_OUTSIDE'],
  ['that found nobody', 'after-down', 'open NO_HOST'],
  ['in which every command failed', 'after-error', 'open CHECK_NOT_RUN'],
])('a run %s closes nothing', async (_, name, state) => {
  expect(new Set(Object.values(await after(name)))).toEqual(new Set([state]));
});

test('a target that could not be resolved is named as not reached', async () => {
  const { assets } = await gather(await fixture('sslyze/after-down.json'));
  expect(assets.map((one) => [one.identifiers[0]?.value, one.reached, one.reason])).toEqual([
    ['gone.example.org', false, 'NO_HOST'],
    ['mail.example.org', false, 'NO_HOST'],
  ]);
});

const completed = (result: unknown) => ({
  status: 'COMPLETED',
  error_reason: null,
  error_trace: null,
  result,
});
const refused = (error_message: string) => [
  { cipher_suite: { name: 'TLS_RSA_WITH_AES_128_CBC_SHA' }, error_message },
];

test.each([
  [
    'a handshake that timed out',
    'tls_1_0_cipher_suites',
    {
      accepted_cipher_suites: [],
      rejected_cipher_suites: refused('Connection to server timed out during the TLS handshake'),
    },
    'sslyze:tls-1.0 443',
  ],
  [
    'an empty list of ciphers',
    'ssl_3_0_cipher_suites',
    { accepted_cipher_suites: [], rejected_cipher_suites: [] },
    'sslyze:ssl-3.0 443',
  ],
  ['inconsistent answers', 'robot', { robot_result: 'UNKNOWN_INCONSISTENT_RESULTS' }, 'sslyze:robot 443'],
  [
    'a request that failed',
    'http_headers',
    { http_error_trace: 'Traceback', strict_transport_security_header: null },
    'sslyze:no-hsts 443',
  ],
  ['an answer of another type', 'heartbleed', { is_vulnerable_to_heartbleed: 'no' }, 'sslyze:heartbleed 443'],
  ['no certificate', 'certificate_info', { certificate_deployments: [] }, 'sslyze:certificate-expired 443'],
])('%s is no verdict', async (_, command, result, key) => {
  const states = await after('after', ({ scan_result }) => {
    scan_result[command] = completed(result);
  });
  expect(states[key]).toBe('open CHECK_NOT_RUN');
});

test('a server that no longer spoke what it spoke at first was blocking the scan', async () => {
  const states = await after('after', ({ scan_result }) => {
    const nothing = { accepted_cipher_suites: [], rejected_cipher_suites: refused('TCP / Received RST') };
    scan_result['tls_1_2_cipher_suites'] = completed(nothing);
  });
  expect(new Set(Object.values(states))).toEqual(new Set(['open CHECK_NOT_RUN']));
});

test('another name asked of the same server is another finding', async () => {
  const states = await after('after', (server) => {
    server['network_configuration'] = { tls_server_name_indication: 'b.example.org' };
  });
  expect(new Set(Object.values(states))).toEqual(new Set(['open CHECK_NOT_RUN']));
});

test('an older version of the tool closes nothing', async () => {
  const older = { ...(await file('after')), sslyze_version: '5.1.3' };
  const states = statesOf([await before(), await gather(JSON.stringify(older))]);
  expect(new Set(Object.values(states))).toEqual(new Set(['open OLDER_FEED']));
});

test('the file of versions 3 and 4 is read as well, and has no time', async () => {
  const old = {
    sslyze_version: '4.1.0',
    server_connectivity_errors: [{ server_string: 'gone.example.org:443', error_message: 'x' }],
    server_scan_results: [
      {
        server_info: {
          server_location: { hostname: 'mail.example.org', port: 443, ip_address: '192.0.2.50' },
        },
        scan_commands_results: { heartbleed: { is_vulnerable_to_heartbleed: true } },
        scan_commands_errors: { robot: { reason: 'BUG_IN_SSLYZE' } },
      },
    ],
  };
  const { scan, assets, observations } = await gather(JSON.stringify(old));
  expect(scan).toMatchObject({ startedAt: null, tool: { version: '4.1.0' } });
  expect(assets.map((one) => one.reached).sort()).toEqual([false, true]);
  expect(observations.map((one) => [one.check, one.verdict])).toEqual([
    ['sslyze:heartbleed', 'present'],
    ['sslyze:robot', 'error'],
  ]);
});

test('a file that was cut at any tenth closes nothing', async () => {
  for (const part of tenths(await fixture('sslyze/after.json'))) {
    const cut = await gather(part).catch(() => null);
    if (cut === null) continue;
    expect(cut.scan).toMatchObject({ truncated: true, complete: false });
    expect(Object.values(statesOf([await before(), cut]))).not.toContain('verified-fixed');
  }
});

test('wrong types anywhere are survived, and a server without a place is a warning', async () => {
  const report = await file('before');
  const [server] = report.server_scan_results;
  for (const odd of [null, 7, 'x', [], {}, [[{}]]]) {
    const spoilt = [
      ...Object.keys(server ?? {}).map((key) => ({ ...server, [key]: odd })),
      ...Object.keys(server?.scan_result ?? {}).flatMap((key) =>
        [odd, completed(odd)].map((value) => ({
          ...server,
          scan_result: { ...server?.scan_result, [key]: value },
        })),
      ),
      odd,
    ];
    const facts = await gather(
      JSON.stringify({ ...report, server_scan_results: spoilt, invalid_server_strings: odd }),
    );
    expect(facts.scan.complete).toBe(false);
    expect(facts.warnings.map(({ code }) => code)).toContain('BAD_RECORD');
  }
});

test('100,000 servers are read in memory that does not grow with them', async () => {
  const server = (i: number): string =>
    `${i === 0 ? '' : ','}{"server_location":{"hostname":"a${i}.example.org","port":443},"scan_status":"COMPLETED",` +
    '"scan_result":{"heartbleed":{"status":"COMPLETED","result":{"is_vulnerable_to_heartbleed":true}}}}';
  const frame = ['{"server_scan_results":[', '],"sslyze_version":"5.2.0"}'] as const;
  const { present, grownMegabytes } = await readAll(generated(100_000, server, frame));
  expect(present).toBe(100_000);
  expect(grownMegabytes).toBeLessThan(40);
});
