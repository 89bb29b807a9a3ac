import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegisteredRunner } from '@backcheck/contract';
import type { Engine } from '@backcheck/engines';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPortScan } from '../../../tests/support/open-port-scan.ts';
import { RetestWork } from '../../../tests/support/retest-work.ts';
import { TcpTargets } from '../../../tests/support/tcp-targets.ts';
import { RunningApp } from '../../server/src/testing/running-app.ts';
import { type RunnerCommandOptions, runnerCommand } from './runner.ts';
import { type Listener, listener } from './testing/listener.ts';

const ADDRESS = '127.77.20.1';
const folder = mkdtempSync(join(tmpdir(), 'backcheck-runner-command-'));
let running: RunningApp;
let work: RetestWork;
let targets: TcpTargets;
let server: string;
let options: RunnerCommandOptions;
let made = 0;

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  work = await RetestWork.start(null, running.parts.widePool);
  targets = await TcpTargets.open([ADDRESS]);
  server = await running.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => {
  targets.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  made += 1;
  const payload = { name: `Runner ${made}`, vantage: `place ${made}` };
  const { key } = RegisteredRunner.parse(
    (await running.send({ method: 'POST', url: '/api/v1/runners', payload })).json(),
  );
  options = { server, key, data: join(folder, `data-${made}`), tasks: '2' };
});

/** Finds what it is to find, at once. */
const engine: Engine = {
  name: 'backcheck',
  find: async () => ({ kind: 'found', version: '0.1.0' }),
  run: async () => {
    const at = new Date().toISOString();
    const bytes = Buffer.from(openPortScan([ADDRESS], { port: targets.port, at }));
    return { kind: 'file', bytes, fileName: 'run.jsonl', startedAt: at, finishedAt: at };
  },
};
const missing: Engine = {
  ...engine,
  name: 'nuclei',
  find: async () => ({ kind: 'missing', install: 'nuclei (projectdiscovery.io)' }),
};

function start(
  changes: Partial<RunnerCommandOptions> = {},
  heard: Listener = listener(new Date().toISOString()),
) {
  const stop = new AbortController();
  const surroundings = { to: heard, signal: stop.signal, engines: [engine, missing] };
  return { heard, stop: () => stop.abort(), ended: runnerCommand({ ...options, ...changes }, surroundings) };
}

/** Bounded by the time limit of the test. */
async function until(enough: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await enough())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const stateOf = async (retestId: string) =>
  (await running.parts.widePool.query('select state from retest_task where retest_id = $1', [retestId]))
    .rows[0].state;

test('says where it stands and which tools it has, does what it is asked, and ends when it is stopped', async () => {
  const organizationId = await work.organization('Lakeside Hospital');
  const authorizationId = await work.authorization({ organizationId, ranges: ['127.77.20.0/24'] });
  const question = { findingId: '1', transport: 'tcp', port: targets.port, check: 'x', locus: '' } as const;
  const [retestId = ''] = await work.retests({
    organizationId,
    authorizationId,
    host: ADDRESS,
    vantage: `place ${made}`,
    questions: [question],
  });
  const { ended, heard, stop } = start();
  await until(() => heard.printed.join('').includes('result handed in'));
  stop();
  expect(await ended).toBe(0);
  expect(heard.printed.join('')).toMatch(
    new RegExp(
      `connected to ${server} as runner \\d+, looking from "place ${made}"\n  backcheck 0.1.0\n  nuclei: not installed; install nuclei`,
    ),
  );
  expect(heard.printed.join('')).toContain(`backcheck looks at ${ADDRESS}\n`);
  expect(heard.printed.at(-1)).toContain('given back');
  expect(heard.complaints).toEqual([]);
  await until(async () => ['done', 'delivered'].includes(await stateOf(retestId)));
  expect(statSync(join(options.data, 'runner-key')).mode & 0o777).toBe(0o600);
});

test('says it in Chinese to who reads Chinese', async () => {
  const { ended, heard, stop } = start({}, { ...listener(new Date().toISOString()), language: 'zh' });
  await until(() => heard.printed.length > 0);
  stop();
  expect(await ended).toBe(0);
  expect(heard.printed.join('')).toMatch(/已连接 .*扫描位置“place/);
});

test.each([
  ['a key that the server does not know', { key: 'bcr_unknown' }, 'the key is wrong or was revoked'],
] as const)('ends with 1 for %s', async (_, changes, words) => {
  const { ended, heard } = start(changes);
  expect(await ended).toBe(1);
  expect(heard.complaints).toEqual([expect.stringContaining(words)]);
});

test('ends with 1 when its signing key is not that of the first contact', async () => {
  const first = start();
  await until(() => first.heard.printed.length > 0);
  first.stop();
  await first.ended;
  const { ended, heard } = start({ data: join(folder, `other-${made}`) });
  expect(await ended).toBe(1);
  expect(heard.complaints).toEqual([expect.stringContaining('another signing key')]);
});

test('ends with 1 when the clocks are more than a minute apart', async () => {
  const { ended, heard } = start({}, listener(new Date(Date.now() - 120_000).toISOString()));
  expect(await ended).toBe(1);
  expect(heard.complaints).toEqual([expect.stringContaining('more than a minute apart')]);
});

test('ends with 1 as soon as its key is revoked', async () => {
  const { ended, heard } = start();
  await until(() => heard.printed.length > 0);
  const { items } = (await running.get('/api/v1/runners?limit=1')).json();
  await running.send({ method: 'POST', url: `/api/v1/runners/${items[0].id}/revoke` });
  expect(await ended).toBe(1);
});

test.each(['0', '51', 'many', '-1', ''])('ends with 2 for --tasks "%s"', async (tasks) => {
  const { ended, heard } = start({ tasks });
  expect(await ended).toBe(2);
  expect(heard.complaints).toEqual(['--tasks must be a whole number from 1 to 50']);
});

test('ends with 2 when its data folder is none, or holds a broken key', async () => {
  const file = join(folder, `file-${made}`);
  writeFileSync(file, 'a file');
  expect(await start({ data: file }).ended).toBe(2);
  writeFileSync(join(folder, 'runner-key'), 'broken');
  const { ended, heard } = start({ data: folder });
  expect(await ended).toBe(2);
  expect(heard.complaints).toEqual([expect.stringContaining('holds no key')]);
});

test('waits for a server that is away, and says so once', async () => {
  const { ended, heard, stop } = start({ server: 'http://127.0.0.1:1' });
  await until(() => heard.complaints.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  stop();
  expect(await ended).toBe(0);
  expect(heard.complaints).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:1 does not answer \(.*\); trying again$/),
  ]);
});
