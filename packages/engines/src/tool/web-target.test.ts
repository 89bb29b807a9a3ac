import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Order, RunContext, RunResult } from '../engine.ts';
import { boundsOf } from '../guard/authorization.fixture.ts';
import { nucleiEngine } from '../nuclei/engine.ts';
import { wapitiEngine } from '../wapiti/engine.ts';

/** A careless tool: it asks four pages through the proxy, and writes a clean report whatever it heard. */
const TOOL = (pages: number) => `#!${process.execPath}
const { request } = require('node:http');
const { connect } = require('node:tls');
const { writeFileSync } = require('node:fs');
const option = (...names) => process.argv[1 + process.argv.findIndex((one) => names.includes(one))];
const proxy = new URL(option('--proxy', '-proxy'));
const origin = new URL(option('--url', '-target'));
const elsewhere = 'http://192.0.2.99/';
const place = { host: proxy.hostname, port: proxy.port, timeout: 400 };
const over = (asked) => new Promise((resolve) => {
  asked.on('response', (response) => response.resume().on('close', resolve));
  asked.on('timeout', () => asked.destroy()).on('error', resolve).end();
});
const tunnel = () => new Promise((resolve) => {
  const asked = request({ ...place, method: 'CONNECT', path: origin.host });
  asked.on('connect', (_response, socket) => {
    const secure = connect({ socket, ciphers: 'ALL:@SECLEVEL=0', rejectUnauthorized: false });
    over(request({ createConnection: () => secure, path: '/', host: origin.hostname })).then(resolve);
  });
  asked.on('error', resolve).end();
});
const clean = process.argv[1].endsWith('nuclei')
  ? { 'template-id': 'weak', info: { name: 'Weak', severity: 'high' }, type: 'http', host: origin.host,
      ip: '127.0.0.1', port: origin.port, scheme: origin.protocol.slice(0, -1), url: origin.href,
      timestamp: new Date().toISOString(), 'matcher-status': false }
  : { classifications: { 'Cross Site Scripting': { desc: '', sol: '', ref: {}, wstg: [] } }, vulnerabilities: { 'Cross Site Scripting': [] }, anomalies: {}, additionals: {},
      infos: { target: origin.href, date: 'Mon, 01 Jun 2026 12:00:00 +0000', version: 'Wapiti 3.0.4', scope: 'folder' } };
(async () => {
  for (let page = 0; page < ${pages}; page += 1)
    await (origin.protocol === 'https:' ? tunnel() : over(request({ ...place, path: origin.href + page })));
  await over(request({ ...place, path: elsewhere }));
  writeFileSync(option('--output', '-output'), JSON.stringify(clean) + '\\n');
})();
`;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).toReversed()) await close();
});

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backcheck-web-target-'));
  closing.push(() => rm(folder, { recursive: true }));
  for (const name of ['nuclei', 'wapiti']) {
    await writeFile(join(folder, name), TOOL(4));
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
});

/** `behave` gets the number of the request: 1 is our own look at the port. */
type Behaviour = (request: number, ...rest: Parameters<RequestListener>) => void;

async function opened(behave: Behaviour, make: (listener: RequestListener) => Server): Promise<number> {
  let requests = 0;
  const server = make((...exchange) => {
    requests += 1;
    behave(requests, ...exchange);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return place.port;
}

const site = (behave: Behaviour): Promise<number> => opened(behave, (listener) => createServer(listener));

async function run(
  engine: typeof nucleiEngine,
  port: number,
  onRefused: RunContext['onRefused'] = () => undefined,
): Promise<RunResult> {
  const [check, locus] =
    engine === nucleiEngine ? ['nuclei:weak', '/'] : ['wapiti:cross-site-scripting', '/'];
  const order: Order = {
    engine: engine.name,
    method: 'template',
    host: '127.0.0.1',
    address: '127.0.0.1',
    rate: 1000,
    questions: [{ findingId: '1', transport: 'tcp', port, check, locus }],
  };
  const context: RunContext = {
    ...boundsOf({ ranges: ['127.0.0.1/32'], allowed: ['template'] }),
    folder,
    signal: AbortSignal.timeout(20_000),
    onRefused,
  };
  return await engine.run(order, context);
}

const welcome: Behaviour = (_request, _asked, response) => void response.end('hello');

describe.each([
  ['nuclei', nucleiEngine],
  ['wapiti', wapitiEngine],
] as const)('the file of %s', (_name, engine) => {
  it('counts when every answer of the target reached the tool', async () => {
    expect(await run(engine, await site(welcome))).toMatchObject({ kind: 'file' });
  });

  it('counts for nothing when the server died in the middle', async () => {
    const port = await site((request, asked, response) => {
      if (request < 3) return void response.end('hello');
      for (const close of closing.splice(1)) close();
      asked.socket.destroy();
    });
    expect(await run(engine, port)).toMatchObject({ kind: 'no-answer', why: 'BLOCKED' });
  });
});

describe('a tool on the web', () => {
  it('is not believed when the server took its request and fell silent', async () => {
    const port = await site((request, _asked, response) => void (request === 4 || response.end('hello')));
    expect(await run(nucleiEngine, port)).toMatchObject({ kind: 'no-answer', why: 'TIMEOUT' });
  });

  it('is not believed when one answer was cut off', async () => {
    const port = await site((request, asked, response) => {
      if (request !== 3) return void response.end('hello');
      response.writeHead(200, { 'content-length': 1000 }).write('half', () => asked.socket.resetAndDestroy());
    });
    expect(await run(nucleiEngine, port)).toMatchObject({ kind: 'no-answer', why: 'BLOCKED' });
  });

  it('is not believed when it asked nothing', async () => {
    await writeFile(join(folder, 'nuclei'), TOOL(0));
    expect(await run(nucleiEngine, await site(welcome))).toMatchObject({
      kind: 'no-answer',
      why: 'TOOL_FAILED',
    });
  });

  it('is led over TLS where the server speaks it', async () => {
    // without a certificate, so that none need be made
    const anonymous = { ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' } as const;
    const port = await opened(welcome, (listener) => createSecure(anonymous, listener));
    const result = await run(nucleiEngine, port);
    expect(result).toMatchObject({ kind: 'file' });
    if (result.kind === 'file') expect(Buffer.from(result.bytes).toString()).toContain('"scheme":"https"');
  });

  it('says where the tool wanted to go and was kept from', async () => {
    const heard: string[] = [];
    await run(nucleiEngine, await site(welcome), (target, why) => heard.push(`${why} ${target}`));
    expect(heard).toEqual(['ADDRESS_REFUSED http://192.0.2.99/']);
  });

  it('is not sent where nobody speaks HTTP: a refusal in the clear is no page', async () => {
    const port = await site((_request, _asked, response) => void response.writeHead(400).end());
    expect(await run(nucleiEngine, port)).toMatchObject({ kind: 'no-answer', why: 'CHECK_NOT_RUN' });
  });
});
