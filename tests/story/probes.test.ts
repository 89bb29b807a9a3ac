import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { EQUIVALENCES, foldWorld, mayClose, type ScanFacts, type WorldFinding } from '@backcheck/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, said } from '../../packages/engines/src/built-in/ask.fixture.ts';
import { BUILT_IN_CHECKS } from '../../packages/engines/src/built-in/checks.ts';
import { gather } from '../../packages/scans/src/testing/gather.ts';
import { imported } from '../../packages/scans/src/testing/scan-of.ts';
import { canMakeNamespaces, type LabNetwork, withNamespace } from '../lab/namespace.ts';
import { hasCommands, runSoundly } from '../lab/process.ts';
import { runSslscan, runTestssl } from '../lab/scanners.ts';
import { type LabServer, startPlainServer, startTlsServer } from '../lab/server.ts';

const PORT = 28_443;
const HERE = { address: '127.0.0.1', port: PORT };

const checksOf = (...prefixes: string[]): string[] =>
  Object.keys(BUILT_IN_CHECKS).filter((check) =>
    prefixes.some((one) => check.startsWith(`backcheck-${one}:`)),
  );
const TLS = checksOf('tls');
const HEADERS = ['hsts', 'content-security-policy', 'x-frame-options', 'x-content-type-options'].map(
  (id) => `backcheck-http:${id}`,
);

async function during<T>(starting: Promise<LabServer>, work: () => Promise<T>): Promise<T> {
  const server = await starting;
  return work().finally(server.stop);
}

const states = (found: WorldFinding[]): Map<string, string> =>
  new Map(found.map(({ key, state, reason }) => [key.check, `${state} ${reason ?? ''}`.trim()]));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backcheck-probes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasCommands('openssl'))('our own probes at a TLS server (skipped without openssl)', () => {
  const checks = [...TLS, ...HEADERS];
  let weak: ScanFacts;
  let fixed: ScanFacts;
  let plain: ScanFacts;
  beforeAll(async () => {
    weak = await during(startTlsServer({ ...HERE, mode: 'weak' }), () => ask({ port: PORT, checks }));
    fixed = await during(startTlsServer({ ...HERE, mode: 'fixed' }), () => ask({ port: PORT, checks }));
    plain = await during(startPlainServer(HERE), () => ask({ port: PORT, checks }));
  });

  it('find it weak, and prove it fixed, but for the certificate that nobody signed', () => {
    const found = states(foldWorld([weak, fixed].map(imported)));
    const closed = [...found].filter(([, state]) => state === 'verified-fixed').map(([check]) => check);
    expect(closed.sort()).toEqual(
      [
        ...['tls1.0', 'tls1.1', 'anonymous-ciphers', 'cbc-before-tls1.1'].map((id) => `backcheck-tls:${id}`),
        ...['weak-key', 'weak-signature', 'wrong-name'].map((id) => `backcheck-tls:certificate-${id}`),
        ...HEADERS,
      ].sort(),
    );
    const open = [...found].filter(([, state]) => state !== 'verified-fixed').map(([check]) => check);
    expect(open.sort()).toEqual([
      'backcheck-tls:certificate-self-signed',
      'backcheck-tls:certificate-untrusted',
    ]);
  });

  it('prove nothing by a port that no longer speaks TLS, nor by one that is closed', async () => {
    const closed = await ask({ port: PORT, checks });
    expect(closed.assets).toMatchObject([{ reached: true }]);
    for (const vacuous of [plain, closed]) {
      const found = foldWorld([weak, vacuous].map(imported)).filter(({ key }) =>
        key.check.startsWith('backcheck-tls:'),
      );
      expect(new Set(states(found).values())).toEqual(new Set(['open CHECK_NOT_RUN']));
    }
  });

  it('tell an open port from a closed one', async () => {
    const port = ['backcheck-tcp:open-port'];
    const before = await during(startPlainServer(HERE), () => ask({ port: PORT, checks: port }));
    const after = await ask({ port: PORT, checks: port });
    expect(states(foldWorld([before, after].map(imported))).get('backcheck-tcp:open-port')).toBe(
      'verified-fixed',
    );
  });

  it('prove nothing once the run was stopped', async () => {
    const stop = AbortSignal.abort();
    await expect(ask({ port: PORT, checks, signal: stop })).rejects.toThrow('STOPPED');
  });
});

const isOurs = (check: string): boolean => check.startsWith('backcheck-');

/** Verdicts of a scan on the weaknesses where our absence stands in for that of other tools, by name. */
function verdicts({ observations }: ScanFacts): Map<string, string> {
  return new Map(
    EQUIVALENCES.flatMap(({ name, members }): [string, string][] => {
      const closing = members.filter((member) => mayClose(member) && (member.locus ?? '') === '');
      const rank = Math.max(...closing.filter(({ check }) => isOurs(check)).map((member) => member.rank));
      const checks = closing.filter((member) => member.rank <= rank).map(({ check }) => check);
      const said = observations.filter(({ check, locus }) => locus === '' && checks.includes(check));
      const heard = said.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'error');
      return heard.length === 0 ? [] : [[name, heard.includes('present') ? 'present' : 'absent']];
    }),
  );
}

const TOOLS = hasCommands('openssl', 'sslscan', 'testssl');
describe.skipIf(!TOOLS)('our own probes beside sslscan and testssl.sh (skipped without them)', () => {
  const scans = new Map<string, ScanFacts>();
  beforeAll(async () => {
    for (const mode of ['weak', 'fixed'] as const) {
      await during(startTlsServer({ ...HERE, mode }), async () => {
        const declaredAt = new Date().toISOString();
        const target = `127.0.0.1:${PORT}`;
        const sslscan = await runSslscan({ folder, file: `${mode}.xml`, target });
        // All that stands beside a check of ours.
        const options = ['-p', '-s', '-S', '-h', '-4', '-F', '-W', '-A', '-O'];
        const testssl = await runTestssl({ folder, file: `${mode}.json`, target, options });
        scans.set(`sslscan ${mode}`, await gather(await readFile(sslscan), { declaredAt }));
        scans.set(`testssl ${mode}`, await gather(await readFile(testssl), { declaredAt }));
        scans.set(`backcheck ${mode}`, await ask({ port: PORT, checks: [...TLS, ...HEADERS] }));
      });
    }
  });
  const scan = (name: string): ScanFacts => {
    const facts = scans.get(name);
    if (facts === undefined) throw new Error(`there is no scan ${name}`);
    return facts;
  };

  it.each(['sslscan weak', 'sslscan fixed', 'testssl weak', 'testssl fixed'])('agree with %s', (name) => {
    const [, mode = ''] = name.split(' ');
    const theirs = verdicts(scan(name));
    const ours = verdicts(scan(`backcheck ${mode}`));
    const shared = [...theirs.keys()].filter((weakness) => ours.has(weakness));
    expect(shared.length).toBeGreaterThan(5);
    for (const weakness of shared) expect(ours.get(weakness), weakness).toBe(theirs.get(weakness));
  });

  it('close what those tools found, where the organization lets other tools close', () => {
    const before = [scan('sslscan weak'), scan('testssl weak')];
    const closedBy = (crossTool: boolean) => {
      const found = foldWorld([...before, scan('backcheck fixed')].map(imported), { crossTool });
      return found.filter(({ state }) => state === 'verified-fixed').map(({ key }) => key.check);
    };
    expect(closedBy(false)).toEqual([]);
    const closed = closedBy(true);
    for (const check of [
      'sslscan:tls1.0',
      'testssl:TLS1',
      'testssl:TLS1_1',
      'testssl:BEAST',
      'testssl:cipherlist_aNULL',
      'testssl:HSTS',
      'sslscan:weak-key',
    ])
      expect(closed).toContain(check);
    expect(closed).not.toContain('sslscan:certificate-self-signed');
  });
});

/** Runs our engine in another network namespace; the file that it writes. */
async function askFrom(namespace: string, address: string, file: string): Promise<ScanFacts> {
  const engine = new URL('../../packages/engines/src/built-in/engine.ts', import.meta.url).href;
  const questions = [...TLS, ...HEADERS, 'backcheck-tcp:open-port'].map((check) => ({
    findingId: check,
    transport: 'tcp',
    port: 443,
    check,
    locus: '',
  }));
  const order = {
    engine: 'backcheck',
    method: 'tls',
    vantage: 'lab',
    host: address,
    address,
    rate: 1000,
    questions,
  };
  const authorization = {
    id: '1',
    organizationId: 1,
    ranges: ['192.0.2.0/24'],
    names: [],
    allowed: ['tls'],
    forbidden: [],
    windows: [],
    timeZone: 'UTC',
    rate: 1000,
    validFrom: '2000-01-01T00:00:00.000Z',
    expiresAt: '2100-01-01T00:00:00.000Z',
    approvedAt: '2000-01-01T00:00:00.000Z',
    stoppedAt: null,
    revokedAt: null,
  };
  const script = `
    import { writeFileSync } from 'node:fs';
    import { builtInEngine } from ${JSON.stringify(engine)};
    const context = { folder: '.', signal: new AbortController().signal, authorization: ${JSON.stringify(authorization)}, ownAddresses: [], clock: () => new Date() };
    const result = await builtInEngine.run(${JSON.stringify(order)}, context);
    writeFileSync(${JSON.stringify(join(folder, file))}, result.kind === 'file' ? result.bytes : JSON.stringify(result));`;
  await runSoundly({
    command: process.execPath,
    args: ['--input-type=module', '-e', script],
    namespace,
    timeoutMs: 500_000,
  });
  return gather(await readFile(join(folder, file)), {});
}

const LAB = canMakeNamespaces() && hasCommands('openssl', 'ip');
describe.skipIf(!LAB)(
  'our own probes in a network of their own (skipped without root, ip and openssl)',
  () => {
    it('prove nothing while the servers drop all that comes from us', async () => {
      await withNamespace(async ({ scanner, servers, addAddress }: LabNetwork) => {
        const address = '192.0.2.10';
        await addAddress(address);
        const place = { address, port: 443, namespace: servers };
        const weak = await during(startTlsServer({ ...place, mode: 'weak' }), () =>
          askFrom(scanner, address, 'weak.jsonl'),
        );
        expect(said(weak)).toContain('backcheck-tls:tls1.0 present');
        const dropped = await during(startTlsServer({ ...place, mode: 'fixed' }), async () => {
          await runSoundly({
            command: 'ip',
            args: ['-n', servers, 'route', 'add', 'blackhole', '192.0.2.1/32'],
          });
          const facts = await askFrom(scanner, address, 'dropped.jsonl');
          await runSoundly({
            command: 'ip',
            args: ['-n', servers, 'route', 'del', 'blackhole', '192.0.2.1/32'],
          });
          return facts;
        });
        expect(dropped.assets).toMatchObject([{ reached: false, reason: 'TIMEOUT' }]);
        const found = foldWorld([weak, dropped].map(imported));
        expect(found.length).toBeGreaterThan(10);
        expect(new Set(states(found).values())).toEqual(new Set(['open TIMEOUT']));
      });
    });
  },
);

/** sshd wants to be called by its whole path. */
const SSHD = ['/usr/sbin', ...(process.env['PATH'] ?? '').split(delimiter)]
  .flatMap((folder) => [join(folder, 'dropbear'), join(folder, 'sshd')])
  .find((path) => existsSync(path));
describe.skipIf(SSHD === undefined)(
  'our own probes at a real SSH server (skipped without sshd or dropbear)',
  () => {
    it('read the algorithms that it offers', async () => {
      const key = join(folder, 'host-key');
      const dropbear = SSHD?.endsWith('dropbear') === true;
      const args = dropbear
        ? ['-F', '-r', key, '-p', `127.0.0.1:${PORT}`, '-P', join(folder, 'pid')]
        : [
            '-D',
            '-e',
            '-f',
            '/dev/null',
            '-h',
            key,
            '-p',
            String(PORT),
            '-o',
            'ListenAddress=127.0.0.1',
            '-o',
            'Ciphers=+aes128-cbc',
          ];
      const make = dropbear
        ? { command: 'dropbearkey', args: ['-t', 'ed25519', '-f', key] }
        : { command: 'ssh-keygen', args: ['-q', '-t', 'ed25519', '-N', '', '-f', key] };
      await runSoundly(make);
      const server = spawn(SSHD ?? '', args, { stdio: 'ignore' });
      try {
        const checks = [
          'backcheck-ssh:host-key server_host_key_algorithms#ssh-ed25519',
          'backcheck-ssh:host-key server_host_key_algorithms#ssh-dss',
          'backcheck-ssh:key-exchange kex_algorithms#diffie-hellman-group1-sha1',
          'backcheck-ssh:protocol-1',
        ];
        let answers: string[] = [];
        for (let attempt = 0; attempt < 50 && !answers.some((one) => one.endsWith('present')); attempt += 1) {
          answers = said(await ask({ port: PORT, checks }));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        expect(answers.sort()).toEqual(
          [`${checks[0]} present`, ...checks.slice(1).map((check) => `${check} absent`)].sort(),
        );
      } finally {
        server.kill('SIGKILL');
      }
    });
  },
);
