import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createWeb } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canPinNames,
  type Engine,
  guardedProxy,
  type OrderContext,
  pinnedEnvironment,
  Rate,
  type RunReport,
  runOrder,
  spawnTool,
  type UnresolvedOrder,
} from '@backcheck/engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundsOf } from '../../packages/engines/src/guard/authorization.fixture.ts';
import { hasCommands } from '../lab/process.ts';

/** What is allowed is 127.0.0.1; everything else on this machine is the neighbour, who must not be met at all. */
const NEIGHBOURS = ['127.0.0.2', '127.1.1.1', '::1'];
const ALLOWED = { ranges: ['127.0.0.1/32'], names: ['www.example.org', '*.below.example.org'] };

let folder = '';
let port = 0;
const servers: Server[] = [];
const met: string[] = [];

async function listen(server: Server, address: string): Promise<number> {
  servers.push(server);
  server.listen(port, address);
  await once(server, 'listening');
  const place = server.address();
  return place === null || typeof place === 'string' ? 0 : place.port;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backcheck-outside-'));
  // the neighbours listen on the same port, or one would be found closed and nobody would notice
  port = await listen(createWeb(redirect), '127.0.0.1');
  for (const address of NEIGHBOURS)
    await listen(
      createServer((socket) => {
        met.push(address);
        socket.destroy();
      }),
      address,
    );
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sends whoever asks for "/3" to the third of `ELSEWHERE`. */
const redirect: Parameters<typeof createWeb>[1] = (request, response) => {
  const location = ELSEWHERE[Number(request.url?.slice(1))];
  if (location === undefined) response.end('the target itself');
  else response.writeHead(302, { location: location.replace('PORT', String(port)) }).end();
};

const context = (rest: Partial<OrderContext> = {}): OrderContext => ({
  ...boundsOf(ALLOWED),
  ownAddresses: ['127.0.0.1'],
  folder,
  signal: AbortSignal.timeout(60_000),
  ...rest,
});

const orderFor = (host: string): UnresolvedOrder => ({
  engine: 'backcheck',
  method: 'tls',
  host,
  rate: 1000,
  questions: [{ findingId: '1', transport: 'tcp', port, check: 'backcheck-tls:tls1.0', locus: '' }],
});

/** Runs nothing, and says where it would have gone. */
function spy(): Engine & { readonly went: string[] } {
  const went: string[] = [];
  return {
    name: 'backcheck',
    went,
    find: async () => ({ kind: 'found', version: '1' }),
    run: async ({ address }) => {
      went.push(address);
      return { kind: 'no-answer', why: 'TOOL_FAILED', detail: 'only looked' };
    },
  };
}

async function tryToReach(host: string, answers: readonly string[]): Promise<RunReport> {
  const engine = spy();
  const lookup = async () => answers.map((address) => ({ address }));
  const report = await runOrder(engine, orderFor(host), context({ lookup }));
  expect(engine.went).toEqual([]);
  return report;
}

/** Every one of them means 127.0.0.2, 127.1.1.1, ::1, a metadata service or a network of somebody, to some program. */
const FORMS = [
  ['127.0.0.2', '127.1.1.1', '2130706434', '0x7f000002', '0x7F.0.0.2', '0x7f.0x0.0x0.0x2', '017700000002'],
  [
    '0177.0.0.2',
    '0177.0.0.02',
    '127.2',
    '127.0.2',
    '127.65537',
    '127.0.0.002',
    '00000127.0.0.2',
    '127.0.0.2.',
  ],
  ['127。0。0。2', '１２７.0.0.2', '127．0．0．2', '①②⑦.0.0.2', '%31%32%37.0.0.2', '127%2e0%2e0%2e2'],
  [
    '127.0.0.2%00',
    '127.0.0.2\u0000',
    '127.0.0.2\n',
    ' 127.0.0.2',
    '127.0.0.1 127.0.0.2',
    '127.0.0.1\t127.0.0.2',
  ],
  ['127.0.0.1@127.0.0.2', 'www.example.org@127.0.0.2', '127.0.0.2#127.0.0.1', '127.0.0.2?127.0.0.1'],
  ['127.0.0.2:80', 'http://127.0.0.2', '//127.0.0.2', '127.0.0.1/8', '127.0.0.1,127.0.0.2', '127.0.0.1-2'],
  [
    '::1',
    '[::1]',
    '[::1]:80',
    '0:0:0:0:0:0:0:1',
    '::0001',
    '::1%lo',
    '::1%25lo',
    '::ffff:127.0.0.2',
    '::ffff:7f00:2',
  ],
  [
    '0:0:0:0:0:ffff:7f00:2',
    '::127.0.0.2',
    '::7f00:2',
    '64:ff9b::7f00:2',
    '64:ff9b:1::7f00:2',
    '2002:7f00:2::',
  ],
  [
    '2001:0:4136:e378:8000:63bf:80ff:fffd',
    'fe80::5efe:7f00:2',
    '::ffff:127.0.0.1',
    '::ffff:0:127.0.0.2',
    '::',
    '0.0.0.0',
  ],
  [
    '0',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
  ],
  [
    '169.254.170.2',
    '168.63.129.16',
    '255.255.255.255',
    '224.0.0.1',
    'ff02::1',
    'fe80::1',
    '10.0.0.1',
    '192.168.1.1',
  ],
  [
    '172.16.0.1',
    '100.64.0.1',
    'fc00::1',
    '8.8.8.8',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'x.localhost',
    'ip6-loopback',
  ],
  ['www.example.org.', 'WWW.EXAMPLE.ORG', '*.below.example.org'],
  ['-oX.below.example.org', '$(id).below.example.org', '', '.', 'a'.repeat(5000)],
].flat();

describe('a retest of what the authorization does not cover', () => {
  it.each(FORMS)('is refused: %j', async (host) => {
    const report = await tryToReach(host, ['127.0.0.1']);
    expect(report).toMatchObject({ result: { kind: 'no-answer' }, address: null });
    if (report.result.kind === 'no-answer')
      expect(['ADDRESS_REFUSED', 'NOT_AUTHORIZED']).toContain(report.result.why);
    expect(met).toEqual([]);
  });

  const ANSWERS = [
    ['127.0.0.2'],
    ['127.0.0.1', '127.0.0.2'],
    ['::1'],
    ['127.0.0.1', '::1'],
    ['::ffff:127.0.0.2'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:2'],
    ['169.254.169.254'],
    ['fd00:ec2::254'],
    ['10.0.0.1'],
    ['8.8.8.8', '192.168.1.1'],
    ['0.0.0.0'],
    ['fe80::1%lo'],
  ];
  it.each(ANSWERS.map((answers) => [answers.join(' and ')]))(
    'is refused when its name is %s',
    async (answers) => {
      const report = await tryToReach('www.example.org', answers.split(' and '));
      expect(report).toMatchObject({ result: { why: 'ADDRESS_REFUSED' }, address: null });
      expect(met).toEqual([]);
    },
  );

  it.each([
    'www.example.com',
    'below.example.org',
    'example.org',
    'www.example.org.evil.example',
    'evil-www.example.org',
  ])('is refused under a name that is not listed: %s', async (host) => {
    expect(await tryToReach(host, ['8.8.8.8'])).toMatchObject({
      result: { why: 'NOT_AUTHORIZED' },
      address: null,
    });
  });

  it('has at least thirty forms, and all of them differ', () => {
    expect(new Set(FORMS).size).toBe(FORMS.length);
    expect(FORMS.length + ANSWERS.length).toBeGreaterThan(100);
  });

  it('goes to the address of the first question when the name moves afterwards', async () => {
    const engine = spy();
    let asked = 0;
    const lookup = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2' }];
    };
    await runOrder(engine, orderFor('www.example.org'), context({ lookup }));
    expect(engine.went).toEqual(['127.0.0.1']);
    expect([asked, met]).toEqual([1, []]);
  });
});

/** Where a hostile target sends a tool that follows redirects. */
const ELSEWHERE = [
  'http://127.0.0.2:PORT/',
  'http://127.1.1.1:PORT/',
  'http://[::1]:PORT/',
  'http://2130706434:PORT/',
  'http://0x7f000002:PORT/',
  'http://0x7f.0.0.2:PORT/',
  'http://0177.0.0.2:PORT/',
  'http://127.2:PORT/',
  'http://127.0.2:PORT/',
  'http://[::ffff:127.0.0.2]:PORT/',
  'http://[::ffff:7f00:2]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://localhost:PORT/',
  'http://LOCALHOST:PORT/',
  'http://localhost.:PORT/',
  'http://www.example.org@127.0.0.2:PORT/',
  'http://127.0.0.1:1@127.0.0.2:PORT/',
  'http://127.0.0.2.:PORT/',
  'http://www.example.org.:PORT/',
  'http://other.example.org:PORT/',
  'http://169.254.169.254/latest/meta-data/',
  '//127.0.0.2:PORT/',
  'https://127.0.0.2:PORT/',
  'https://[::1]:PORT/',
];

describe.skipIf(!hasCommands('curl'))('a tool that follows redirects (skipped without curl)', () => {
  it.each(ELSEWHERE.map((location, index) => [location, index] as const))(
    'is not led to %s',
    async (_location, index) => {
      const signal = AbortSignal.timeout(60_000);
      const pinned = { host: 'www.example.org', address: '127.0.0.1' };
      const proxy = await guardedProxy({ pinned, bounds: context(), rate: new Rate(1000), signal });
      const args = [
        '-sS',
        '-L',
        '--max-time',
        '20',
        '-x',
        proxy.url,
        `http://www.example.org:${port}/${index}`,
      ];
      const curl = await spawnTool({ command: 'curl', args, cwd: folder, signal, timeoutMs: 30_000 });
      await proxy.close();
      expect(curl.code).not.toBe(0);
      expect(met).toEqual([]);
      expect(proxy).toMatchObject({ connections: 1, failures: 0, refused: 1 });
    },
  );
});

describe.skipIf(!hasCommands('nmap') || !(await canPinNames()))(
  'a tool that resolves names (skipped without nmap and libnss-wrapper)',
  () => {
    it('meets the pinned address, whatever its name is elsewhere', async () => {
      const env = await pinnedEnvironment('www.example.org', '127.0.0.1', folder);
      const args = ['-n', '-sT', '-Pn', '-p', String(port), '-oX', '-', 'www.example.org'];
      const signal = AbortSignal.timeout(60_000);
      const { output } = await spawnTool({
        command: 'nmap',
        args,
        cwd: folder,
        env: env ?? {},
        signal,
        timeoutMs: 60_000,
      });
      expect(output).toContain('<address addr="127.0.0.1"');
      expect(output).toContain('state="open"');
    });
  },
);

// last, for from here on they have been met
it('the neighbours were there all the time', async () => {
  for (const address of NEIGHBOURS) await once(connect({ host: address, port }), 'close');
  expect(met).toEqual(NEIGHBOURS);
});
