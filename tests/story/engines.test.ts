import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  type Authorization,
  type EngineName,
  engineOfCheck,
  PROBE_METHODS,
  type Question,
  type ScanFacts,
} from '@backcheck/core';
import { canPinNames } from '@backcheck/engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather, statesOf } from '../../packages/scans/src/testing/gather.ts';
import { canMakeNamespaces, type LabNetwork, withNamespace } from '../lab/namespace.ts';
import { hasCommands, runSoundly } from '../lab/process.ts';
import { type LabServer, startPlainServer, startTlsServer } from '../lab/server.ts';
import type { NetworkRun } from './run-in-network.ts';

const ready = canMakeNamespaces() && hasCommands('nmap', 'sslscan', 'testssl', 'openssl', 'node');
const pinned = await canPinNames();
const RUN = fileURLToPath(new URL('run-in-network.ts', import.meta.url));
const ADDRESS = '192.0.2.10';
const NAME = 'www.example.org';

const AUTHORIZATION: Authorization = {
  id: '7c1b7a3e-5d1f-4b0e-9d65-0d5f5c9f5a11',
  organizationId: 1,
  ranges: ['192.0.2.0/24'],
  names: [NAME],
  allowed: PROBE_METHODS,
  forbidden: [],
  windows: [],
  timeZone: 'UTC',
  rate: 1000,
  validFrom: '2020-01-01T00:00:00.000Z',
  expiresAt: '2999-01-01T00:00:00.000Z',
  approvedAt: '2020-01-01T00:00:00.000Z',
  stoppedAt: null,
  revokedAt: null,
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backcheck-engines-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** "check locus" at a port, as questions. */
function asked(port: number, ...spots: readonly string[]): Question[] {
  return spots.map((spot) => {
    const [check = '', ...locus] = spot.split(' ');
    return { findingId: spot, transport: 'tcp', port, check, locus: locus.join(' ') };
  });
}

interface Run {
  readonly questions: readonly Question[];
  readonly host?: string;
  readonly bare?: boolean;
  readonly rate?: number;
}

type Said =
  | { readonly kind: 'file'; readonly bytes: string; readonly startedAt: string }
  | { readonly kind: 'no-answer'; readonly why: string; readonly detail: string };

let runs = 0;

/** Runs one order from the scanner's side of the network. */
async function said(network: LabNetwork, run: Run): Promise<Said> {
  const { questions, host = ADDRESS, bare = false, rate = 500 } = run;
  const [first] = questions;
  const facts = engineOfCheck(first?.check ?? '');
  if (first === undefined || facts === undefined) throw new Error('an order without a question');
  const method = facts.ability(first)?.method ?? 'crawl';
  const order = { engine: facts.engine, method, host, rate, questions };
  runs += 1;
  const [orderFile, reportFile] = ['order', 'report'].map((name) => join(folder, `${name}-${runs}.json`));
  const content: NetworkRun = { order, authorization: AUTHORIZATION, address: ADDRESS, bare };
  await writeFile(orderFile ?? '', JSON.stringify(content));
  const args = [RUN, orderFile ?? '', reportFile ?? ''];
  const namespace = network.scanner;
  await runSoundly({ command: process.execPath, args, namespace, timeoutMs: 400_000 });
  return JSON.parse(await readFile(reportFile ?? '', 'utf8')).result;
}

/** The run's file as an import reads it: the runner declares the time where the file has none. */
async function scanOf(network: LabNetwork, run: Run): Promise<ScanFacts> {
  const result = await said(network, run);
  if (result.kind === 'no-answer') throw new Error(`${result.why}: ${result.detail}`);
  return await gather(Buffer.from(result.bytes, 'base64'), { declaredAt: result.startedAt });
}

const stateOf = (scans: readonly ScanFacts[], { check, port, locus }: Question): string =>
  statesOf(scans)[[check, port, locus].join(' ').trim()] ?? 'never seen';

const states = (scans: readonly ScanFacts[], questions: readonly Question[]): Record<string, string> =>
  Object.fromEntries(questions.map((one) => [one.findingId, stateOf(scans, one)]));

const all = (questions: readonly Question[], state: string): Record<string, string> =>
  Object.fromEntries(questions.map((one) => [one.findingId, state]));

/** Neither no file nor this one closes anything of what the first scan saw. */
async function expectNothingClosed(
  before: ScanFacts,
  result: Said,
  questions: readonly Question[],
): Promise<void> {
  if (result.kind === 'no-answer')
    return expect(['TOOL_FAILED', 'CHECK_NOT_RUN', 'TIMEOUT']).toContain(result.why);
  const file = await gather(Buffer.from(result.bytes, 'base64'), { declaredAt: result.startedAt });
  const closed = Object.values(states([before, file], questions)).filter((one) => !one.startsWith('open'));
  expect(closed).toEqual([]);
}

interface Lab {
  readonly network: LabNetwork;
  serve(mode: 'weak' | 'fixed' | 'plain', port?: number): Promise<LabServer>;
  /** Every answer to the scanner is dropped on the servers' side. */
  block(): Promise<void>;
}

function inLab(work: (lab: Lab) => Promise<void>): Promise<void> {
  return withNamespace(async (network) => {
    await network.addAddress(ADDRESS);
    const open: LabServer[] = [];
    const serve: Lab['serve'] = async (mode, port = 443) => {
      const place = { address: ADDRESS, port, namespace: network.servers };
      const server =
        mode === 'plain' ? await startPlainServer(place) : await startTlsServer({ ...place, mode });
      open.push(server);
      return server;
    };
    const block = async (): Promise<void> => {
      const route = ['-n', network.servers, 'route', 'add', 'blackhole', '192.0.2.1/32'];
      await runSoundly({ command: 'ip', args: route });
      // The kernel would try for two minutes, and some tools leave that to it.
      const impatient = ['-c', 'echo 1 > /proc/sys/net/ipv4/tcp_syn_retries'];
      await runSoundly({ command: 'sh', args: impatient, namespace: network.scanner });
    };
    await work({ network, serve, block }).finally(() => Promise.all(open.map((one) => one.stop())));
  });
}

const QUESTIONS: readonly (readonly [EngineName, readonly Question[]])[] = [
  [
    'sslscan',
    asked(
      443,
      'sslscan:tls1.0',
      'sslscan:tls1.1',
      'sslscan:weak-signature',
      'sslscan:weak-key',
      'sslscan:weak-cipher TLSv1.2#AECDH-AES256-SHA',
    ),
  ],
  [
    'nmap',
    asked(
      443,
      'nmap-script:ssl-enum-ciphers TLSv1.0',
      'nmap-script:ssl-enum-ciphers TLSv1.1',
      'nmap-script:ssl-cert weak-signature',
      'nmap-script:ssl-cert weak-key',
    ),
  ],
  [
    'testssl',
    asked(
      443,
      'testssl:TLS1',
      'testssl:BEAST',
      'testssl:BEAST_CBC_TLS1',
      'testssl:cipherlist_aNULL',
      'testssl:cert_keySize',
      'testssl:HSTS',
      'testssl:security_headers',
    ),
  ],
];

const LOST = 'an engine (skipped without root, nmap, sslscan, testssl.sh and openssl)';

describe.skipIf(!ready)(LOST, () => {
  /** testssl.sh takes long: what it said of the weak server once is enough for every story about it. */
  const ofWeak = new Map<readonly Question[], ScanFacts>();
  async function weakScan({ network, serve }: Lab, questions: readonly Question[]): Promise<ScanFacts> {
    const known = ofWeak.get(questions);
    if (known !== undefined) return known;
    const weak = await serve('weak');
    const scan = await scanOf(network, { questions });
    await weak.stop();
    ofWeak.set(questions, scan);
    return scan;
  }

  test.each(QUESTIONS)(
    '%s finds a weak server still weak, proves the fixed one, and closes nothing from behind a filter',
    async (_, questions) => {
      await inLab(async (lab) => {
        const { network, serve, block } = lab;
        const before = await weakScan(lab, questions);
        expect(states([before], questions)).toEqual(all(questions, 'open'));
        await serve('fixed');
        const after = await scanOf(network, { questions });
        expect(states([before, after], questions)).toEqual(all(questions, 'verified-fixed'));
        await block();
        const blocked = await said(network, { questions });
        expect(blocked).toMatchObject({ kind: 'no-answer', why: 'BLOCKED' });
        await expectNothingClosed(before, await said(network, { questions, bare: true }), questions);
      });
    },
  );

  test('nmap proves that a port is closed, and not that it is filtered', async () => {
    const questions = asked(8080, 'nmap:open-port');
    await inLab(async ({ network, serve, block }) => {
      const service = await serve('plain', 8080);
      const before = await scanOf(network, { questions });
      expect(states([before], questions)).toEqual(all(questions, 'open'));
      await service.stop();
      // nmap writes whole seconds: an absence of the same second would be no later than the presence
      await pause(1100);
      const after = await scanOf(network, { questions });
      expect(states([before, after], questions)).toEqual(all(questions, 'verified-fixed'));
      expect(after.coverage.map(({ ports }) => ports)).toEqual(['8080']);
      await block();
      const filtered = await scanOf(network, { questions, bare: true });
      expect(states([before, filtered], questions)).toEqual(all(questions, 'open BLOCKED'));
    });
  });

  test('sslscan and testssl.sh close nothing on a port without TLS', async () => {
    await inLab(async (lab) => {
      const { network, serve } = lab;
      for (const [, questions] of QUESTIONS.filter(([name]) => name !== 'nmap')) {
        const before = await weakScan(lab, questions);
        const plain = await serve('plain', 443);
        await expectNothingClosed(before, await said(network, { questions }), questions);
        await plain.stop();
      }
    });
  });

  test('nmap forces its scripts on a port of any number, and they deny what is not there', async () => {
    const questions = asked(
      18_443,
      'nmap-script:ssl-heartbleed',
      'nmap-script:tls-ticketbleed',
      'nmap-script:ssl-poodle',
    );
    const web = asked(18_080, 'nmap-script:http-vuln-cve2011-3192', 'nmap-script:http-vuln-cve2015-1635');
    await inLab(async ({ network, serve }) => {
      await serve('fixed', 18_443);
      await serve('plain', 18_080);
      for (const asking of [questions, web]) {
        const { observations } = await scanOf(network, { questions: asking });
        const absent = observations.filter(({ verdict }) => verdict === 'absent').map(({ check }) => check);
        expect(absent.sort()).toEqual(asking.map(({ check }) => check).sort());
      }
    });
  });

  test.skipIf(!pinned)(
    'every tool meets a named asset at the pinned address, without asking a name server (skipped without libnss-wrapper)',
    async () => {
      const byName = [
        [asked(443, 'sslscan:tls1.0'), `fqdn ${NAME}`],
        [asked(443, 'testssl:TLS1'), `fqdn ${NAME}`],
        [asked(443, `nmap-script:ssl-enum-ciphers ${NAME}#TLSv1.0`), `ip ${ADDRESS}`],
      ] as const;
      await inLab(async ({ network, serve }) => {
        await serve('weak');
        for (const [questions, asset] of byName) {
          const scan = await scanOf(network, { questions, host: NAME });
          const [first] = scan.assets[0]?.identifiers ?? [];
          expect(`${first?.kind} ${first?.value}`).toBe(asset);
          expect(states([scan], questions)).toEqual(all(questions, 'open'));
        }
      });
    },
  );
});

describe.skipIf(!canMakeNamespaces() || !hasCommands('wapiti'))(
  'wapiti (skipped without root and wapiti)',
  () => {
    test('shows through the guarded proxy that something is still there, and its silence proves nothing', async () => {
      const questions = asked(80, 'wapiti:http-secure-headers /#GET X-Frame-Options is not set');
      await inLab(async ({ network, serve }) => {
        const plain = await serve('plain', 80);
        const before = await scanOf(network, { questions });
        expect(states([before], questions)).toEqual(all(questions, 'open'));
        await plain.stop();
        await expectNothingClosed(before, await said(network, { questions, bare: true }), questions);
      });
    });
  },
);

const TEMPLATE = `id: lab-frame-options
info:
  name: X-Frame-Options is missing
  author: backcheck
  severity: info
  metadata:
    max-request: 1
http:
  - method: GET
    path:
      - "{{BaseURL}}"
    matchers:
      - type: dsl
        dsl:
          - "!contains(tolower(header), 'x-frame-options')"
`;

describe.skipIf(!canMakeNamespaces() || !hasCommands('nuclei'))(
  'nuclei (skipped without root and nuclei)',
  () => {
    test('proves by one template that a fixed server is fixed, and nothing where it is filtered', async () => {
      const templates = join(folder, 'templates');
      await mkdir(templates);
      await writeFile(join(templates, 'lab-frame-options.yaml'), TEMPLATE);
      process.env['NUCLEI_TEMPLATES_DIR'] = templates;
      const questions = asked(443, 'nuclei:lab-frame-options /');
      await inLab(async ({ network, serve, block }) => {
        const weak = await serve('weak');
        const before = await scanOf(network, { questions });
        expect(states([before], questions)).toEqual(all(questions, 'open'));
        await weak.stop();
        await serve('fixed');
        const after = await scanOf(network, { questions });
        expect(states([before, after], questions)).toEqual(all(questions, 'verified-fixed'));
        await block();
        await expectNothingClosed(before, await said(network, { questions, bare: true }), questions);
      });
    });
  },
);
