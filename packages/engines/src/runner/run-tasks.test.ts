import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authorization, type Envelope, openEnvelope, RUN_PAYLOAD_TYPE, signedBy } from '@backcheck/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, Order, RunContext, RunResult } from '../engine.ts';
import { type Delivery, type LeasedTask, type RunnerClient, RunnerStop } from './client.ts';
import type { RunStatement } from './run-task.ts';
import { type RunnerEvent, type RunnerOptions, runTasks } from './run-tasks.ts';
import { openRunnerKey, type RunnerKey } from './runner-key.ts';

/** As PACE, but faster; the dead-man's switch is not, or a busy machine would kill what a test is not about. */
const PACE = { take: 20, beat: 30, dead: 20_000, watch: 10, answer: 10_000, redeliver: 20, giveUp: 20_000 };
/** Twenty times as fast as PACE. */
const SOON_DEAD = { ...PACE, dead: 200, answer: 100 };

const folder = mkdtempSync(join(tmpdir(), 'backcheck-run-tasks-'));
const target = createServer((socket) => socket.on('error', () => undefined).destroy());
let port: number;
let key: RunnerKey;
beforeAll(async () => {
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const bound = target.address();
  port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  key = await openRunnerKey(join(folder, 'keys/runner-key'));
});
afterAll(() => {
  target.close();
  rmSync(folder, { recursive: true });
});

const AUTHORIZATION: Authorization = {
  id: '1',
  organizationId: 1,
  ranges: ['127.0.0.1/32'],
  names: [],
  allowed: ['port-scan'],
  forbidden: [],
  windows: [],
  timeZone: 'UTC',
  rate: 100,
  validFrom: '2026-01-01T00:00:00.000Z',
  expiresAt: '2099-01-01T00:00:00.000Z',
  approvedAt: '2026-01-01T00:00:00.000Z',
  stoppedAt: null,
  revokedAt: null,
};

const taskOf = (lease: string, changes: Partial<LeasedTask> = {}): LeasedTask => ({
  lease,
  engine: 'backcheck',
  method: 'port-scan',
  host: '127.0.0.1',
  rate: 100,
  stopAt: null,
  questions: [{ findingId: '1', transport: 'tcp', port, check: 'x', locus: '' }],
  authorization: AUTHORIZATION,
  ...changes,
});

/** A server in the hands of a test: what it hands out, what it was told, and whether it is there. */
class FakeServer implements RunnerClient {
  tasks: LeasedTask[] = [];
  stop: string[] = [];
  /** Answers nothing while it is away. */
  away = false;
  serverTime = () => new Date().toISOString();
  answer: (statement: RunStatement) => Delivery = () => ({ kind: 'accepted' });
  readonly beats: string[][] = [];
  readonly delivered: { statement: RunStatement; envelope: Envelope; bytes: string | null }[] = [];
  hellos = 0;

  hello: RunnerClient['hello'] = async () => {
    this.#here();
    this.hellos += 1;
    return { runnerId: '1', vantage: 'main', serverTime: this.serverTime() };
  };
  take: RunnerClient['take'] = async (most) => {
    this.#here();
    return this.tasks.splice(0, most);
  };
  beat: RunnerClient['beat'] = async (leases) => {
    this.#here();
    this.beats.push([...leases]);
    return leases.filter((lease) => this.stop.includes(lease));
  };
  deliver: RunnerClient['deliver'] = async (envelope, file) => {
    this.#here();
    const opened = openEnvelope(envelope, RUN_PAYLOAD_TYPE);
    if (!opened.ok || !signedBy(opened.value, key.publicKey)) throw new Error('not signed');
    const statement: RunStatement = JSON.parse(Buffer.from(opened.value.payload).toString());
    this.delivered.push({
      statement,
      envelope,
      bytes: file === null ? null : Buffer.from(file.bytes).toString(),
    });
    return this.answer(statement);
  };

  #here(): void {
    if (this.away) throw new Error('connection refused');
  }
}

const FILE: RunResult = {
  kind: 'file',
  bytes: Buffer.from('a scan'),
  fileName: 'scan.jsonl',
  startedAt: '2026-11-21T10:00:00.000Z',
  finishedAt: '2026-11-21T10:00:01.000Z',
};

const engineOf = (run: (order: Order, context: RunContext) => Promise<RunResult>): Engine => ({
  name: 'backcheck',
  find: async () => ({ kind: 'found', version: '0.1.0' }),
  run,
});

/** Runs until it is stopped, and then hands in a file that is not whole. */
const ENDLESS = engineOf(async (_, { signal }) => {
  if (!signal.aborted) await once(signal, 'abort');
  return FILE;
});
const PROMPT = engineOf(async () => FILE);

let server: FakeServer;
let events: RunnerEvent[];
let runs: string;
beforeEach(() => {
  server = new FakeServer();
  events = [];
  runs = mkdtempSync(join(folder, 'runs-'));
});

function start(engine: Engine, changes: Partial<RunnerOptions> = {}) {
  const stop = new AbortController();
  const ended = runTasks({
    client: server,
    engines: [engine],
    key,
    version: '0.1.0',
    folder: runs,
    concurrency: 4,
    signal: stop.signal,
    clock: () => new Date(),
    tell: (event) => void events.push(event),
    pace: PACE,
    ...changes,
  });
  return { ended, stop: () => stop.abort() };
}

/** Bounded by the time limit of the test. */
async function until(enough: () => boolean): Promise<void> {
  while (!enough()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a runner', () => {
  test('hands in the file that a run brought, signed, with what it is about', async () => {
    server.tasks = [taskOf('a')];
    const { ended, stop } = start(PROMPT);
    await until(() => server.delivered.length === 1);
    stop();
    await ended;
    const [one] = server.delivered;
    expect(one?.bytes).toBe('a scan');
    expect(one?.statement).toMatchObject({
      lease: 'a',
      engine: 'backcheck',
      host: '127.0.0.1',
      address: '127.0.0.1',
      startedAt: '2026-11-21T10:00:00.000Z',
      file: { name: 'scan.jsonl', sha256: createHash('sha256').update('a scan').digest('hex') },
      why: null,
      canary: { before: [{ port, echo: 'open' }], after: [{ port, echo: 'open' }] },
    });
    expect(events.map(({ kind }) => kind)).toEqual(['connected', 'taken', 'ended']);
  });

  test('has at most so many tasks at a time, each in an empty folder of its own, and leaves none behind', async () => {
    server.tasks = Array.from({ length: 12 }, (_, index) => taskOf(`${index}`));
    let [now, most] = [0, 0];
    const seen: string[] = [];
    const engine = engineOf(async (_, { folder: own }) => {
      now += 1;
      most = Math.max(most, now);
      seen.push(own);
      expect(readdirSync(own)).toEqual([]);
      writeFileSync(join(own, 'left'), 'behind');
      await new Promise((resolve) => setTimeout(resolve, 30));
      now -= 1;
      return FILE;
    });
    const { ended, stop } = start(engine, { concurrency: 3 });
    await until(() => server.delivered.length === 12);
    stop();
    await ended;
    expect(most).toBe(3);
    expect(new Set(seen).size).toBe(12);
    expect(readdirSync(runs)).toEqual([]);
  });

  test('renews all its leases in one beat', async () => {
    server.tasks = [taskOf('a'), taskOf('b')];
    const { ended, stop } = start(ENDLESS);
    await until(() => server.beats.length >= 2);
    stop();
    await ended;
    expect(server.beats[1]).toEqual(['a', 'b']);
  });

  test('stops what it is told to stop and nothing else; what the run left is not handed in', async () => {
    server.tasks = [taskOf('a'), taskOf('b')];
    server.stop = ['a'];
    const { ended, stop } = start(ENDLESS);
    await until(() => server.delivered.length === 1);
    expect(server.delivered[0]).toMatchObject({
      bytes: null,
      statement: { lease: 'a', file: null, why: 'STOPPED' },
    });
    await until(() => server.beats.at(-1)?.join() === 'b');
    stop();
    await ended;
  });

  test('ends a run by itself when its window closes', async () => {
    server.tasks = [taskOf('a', { stopAt: new Date(Date.now() + 100).toISOString() })];
    const { ended, stop } = start(ENDLESS);
    await until(() => server.delivered.length === 1);
    expect(server.delivered[0]?.statement).toMatchObject({ why: 'WINDOW_CLOSED', file: null });
    stop();
    await ended;
  });

  test('kills everything when nobody answers its beats, and gives it back when somebody does again', async () => {
    server.tasks = [taskOf('a')];
    let killed = false;
    const engine = engineOf(async (_, { signal }) => {
      await once(signal, 'abort');
      killed = true;
      return FILE;
    });
    const { ended, stop } = start(engine, { pace: SOON_DEAD });
    await until(() => server.beats.length === 1);
    server.away = true;
    await until(() => killed);
    expect(server.delivered).toEqual([]);
    server.away = false;
    await until(() => server.delivered.length === 1);
    expect(server.delivered[0]?.statement).toMatchObject({ why: 'RUNNER_LOST', file: null });
    await until(() => server.hellos === 2);
    stop();
    await ended;
  });

  test('kills everything also when the beat is neither answered nor refused', async () => {
    server.tasks = [taskOf('a')];
    server.beat = () => new Promise(() => undefined);
    const { ended, stop } = start(ENDLESS, { pace: SOON_DEAD });
    await until(() => server.delivered.length === 1);
    expect(server.delivered[0]?.statement.why).toBe('RUNNER_LOST');
    stop();
    await ended;
  });

  test('gives back what it runs when it is stopped', async () => {
    server.tasks = [taskOf('a'), taskOf('b')];
    const { ended, stop } = start(ENDLESS);
    await until(() => server.beats.length === 1);
    stop();
    await ended;
    expect(server.delivered.map(({ statement }) => [statement.lease, statement.why]).sort()).toEqual([
      ['a', 'RUNNER_LOST'],
      ['b', 'RUNNER_LOST'],
    ]);
  });

  test('keeps a result while the server is away, and hands it in once', async () => {
    server.tasks = [taskOf('a')];
    const engine = engineOf(async () => {
      server.away = true;
      setTimeout(() => {
        server.away = false;
      }, 150);
      return FILE;
    });
    const { ended, stop } = start(engine);
    await until(() => server.delivered.length === 1);
    stop();
    await ended;
    expect(server.delivered).toMatchObject([{ bytes: 'a scan', statement: { why: null } }]);
  });

  test('ends the task with the reason when the server refuses the file', async () => {
    server.tasks = [taskOf('a')];
    server.answer = ({ file }) =>
      file === null ? { kind: 'accepted' } : { kind: 'refused', why: 'FILE_TOO_LARGE' };
    const { ended, stop } = start(PROMPT);
    await until(() => server.delivered.length === 2);
    stop();
    await ended;
    expect(server.delivered[1]).toMatchObject({
      bytes: null,
      statement: { file: null, why: 'TOOL_FAILED', detail: 'FILE_TOO_LARGE' },
    });
  });

  test('says what failed when an engine throws, and that a tool is missing which it does not know', async () => {
    server.tasks = [taskOf('a'), taskOf('b', { engine: 'nuclei' })];
    const engine = engineOf(async () => {
      throw new Error('no such file');
    });
    const { ended, stop } = start(engine);
    await until(() => server.delivered.length === 2);
    stop();
    await ended;
    const said = server.delivered.map(({ statement }) => [statement.lease, statement.why, statement.detail]);
    expect(said.sort()).toEqual([
      ['a', 'TOOL_FAILED', 'no such file'],
      ['b', 'TOOL_MISSING', 'nuclei'],
    ]);
  });

  test('connects nowhere outside of the authorization that came with the task', async () => {
    const outside = { ...AUTHORIZATION, ranges: ['192.0.2.0/24'] };
    server.tasks = [taskOf('a', { authorization: outside })];
    const { ended, stop } = start(PROMPT);
    await until(() => server.delivered.length === 1);
    stop();
    await ended;
    expect(server.delivered[0]?.statement).toMatchObject({
      why: 'ADDRESS_REFUSED',
      address: null,
      file: null,
    });
  });

  test('ends when the server does not know its key any more, and kills what it runs', async () => {
    server.tasks = [taskOf('a')];
    const { ended } = start(ENDLESS);
    await until(() => server.beats.length === 1);
    const refused = async () => {
      throw new RunnerStop('RUNNER_KEY_INVALID', 'revoked');
    };
    Object.assign(server, { beat: refused, take: refused, deliver: refused });
    await expect(ended).rejects.toMatchObject({ code: 'RUNNER_KEY_INVALID' });
    expect(readdirSync(runs)).toEqual([]);
  });

  test.each([-61_000, 61_000])('does not begin when its clock is %i ms off', async (off) => {
    server.serverTime = () => new Date(Date.now() + off).toISOString();
    await expect(start(PROMPT).ended).rejects.toMatchObject({ code: 'CLOCK_OFF' });
  });

  test('waits for a server that is not there yet', async () => {
    server.away = true;
    const { ended, stop } = start(PROMPT);
    await until(() => events.length >= 3);
    expect(events.every(({ kind }) => kind === 'no-server')).toBe(true);
    server.away = false;
    await until(() => events.at(-1)?.kind === 'connected');
    stop();
    await ended;
  });
});
