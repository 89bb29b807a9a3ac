import { createHash } from 'node:crypto';
import { RegisteredRunner, RunnerList, RunnerWelcome, TakenTasks } from '@backcheck/contract';
import { publicKeyOf } from '@backcheck/core';
import { type RunStatement, sealRun } from '@backcheck/engines';
import { beforeAll, describe, expect, test } from 'vitest';
import { openPortScan } from '../../../../tests/support/open-port-scan.ts';
import { RetestWork } from '../../../../tests/support/retest-work.ts';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
let work: RetestWork;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  work = await RetestWork.start(null, running.parts.widePool);
});

const secretKey = new Uint8Array(32).fill(7);
const publicKey = publicKeyOf(secretKey);
const tools = [{ engine: 'backcheck' as const, version: '0.1.0', install: null }];
const HELLO = { version: '0.1.0', publicKey, tools };
const json = 'application/json';

let made = 0;
async function register(changes: Record<string, string> = {}) {
  made += 1;
  const payload = { name: `Runner ${made}`, vantage: `place ${made}`, ...changes };
  const answer = await running.send({ method: 'POST', url: '/api/v1/runners', payload });
  return RegisteredRunner.parse(answer.json());
}

/** As the program of a runner asks: by its key alone. */
const ask = (key: string, what: string, payload: object | FormData) =>
  running.app.inject({
    method: 'POST',
    url: `/api/v1/runner/${what}`,
    payload,
    headers: {
      authorization: `Bearer ${key}`,
      ...(payload instanceof FormData ? {} : { 'content-type': json }),
    },
  });

async function connected(changes: Record<string, string> = {}) {
  const { runner, key } = await register(changes);
  RunnerWelcome.parse((await ask(key, 'hello', HELLO)).json());
  return { runner, key };
}

/** A runner with one task in its hands. */
async function atWork() {
  const { runner, key } = await connected();
  const organizationId = await work.organization(`Hospital ${made}`);
  const authorizationId = await work.authorization({ organizationId });
  const [retestId = ''] = await work.retests({ organizationId, authorizationId, vantage: runner.vantage });
  const { tasks } = TakenTasks.parse((await ask(key, 'take', { most: 10 })).json());
  const [task] = tasks;
  if (task === undefined) throw new Error('no task was taken');
  return { runner, key, organizationId, authorizationId, retestId, task };
}

const FILE = openPortScan(['192.0.2.7'], { port: 443, at: new Date().toISOString() });
const sha256 = createHash('sha256').update(FILE).digest('hex');

const statementOf = (lease: string, changes: Partial<RunStatement> = {}): RunStatement => ({
  lease,
  engine: 'backcheck',
  host: '192.0.2.7',
  address: '192.0.2.7',
  startedAt: new Date().toISOString(),
  finishedAt: new Date().toISOString(),
  file: { name: 'run.jsonl', sha256 },
  why: null,
  detail: null,
  canary: { before: [], after: [] },
  refused: [],
  ...changes,
});

const result = (statement: RunStatement, secret = secretKey) =>
  JSON.stringify(sealRun(statement, { secretKey: secret, publicKey }));

function form(text: string, file = FILE): FormData {
  const data = new FormData();
  data.set('result', text);
  data.set('file', new Blob([file]), 'run.jsonl');
  return data;
}

const taskOf = async (retestId: string) => {
  const { rows } = await running.parts.widePool.query(
    'select state, obstacle, detail, import_id, lease from retest_task where retest_id = $1',
    [retestId],
  );
  return rows[0];
};
const entries = async (operation: string) => {
  const { rows } = await running.parts.widePool.query(
    `select organization_id, object_id, details from audit_entry where object = 'runner' and details ->> 'operation' = $1 order by audit_entry_id`,
    [operation],
  );
  return rows;
};

describe('a runner', () => {
  test('is registered with a key that is shown once and kept as its hash', async () => {
    const { runner, key } = await register();
    expect(key).toMatch(/^bcr_[\w-]{43}$/);
    expect(runner).toMatchObject({ kind: 'remote', online: false, organizationId: null, fingerprint: null });
    expect(await running.everyRow()).not.toContain(key);
    const { items } = RunnerList.parse((await running.get('/api/v1/runners?limit=1')).json());
    expect(items).toEqual([runner]);
  });

  test('has a name of its own until it is revoked', async () => {
    const { runner } = await register();
    const again = {
      method: 'POST',
      url: '/api/v1/runners',
      payload: { name: runner.name, vantage: 'x' },
    } as const;
    expect((await running.refused(again)).code).toBe('RUNNER_NAME_TAKEN');
    expect(
      (await running.send({ method: 'POST', url: `/api/v1/runners/${runner.id}/revoke` })).statusCode,
    ).toBe(200);
    expect((await running.send(again)).statusCode).toBe(201);
  });

  test('is registered only inside of what its registrar sees', async () => {
    const organizationId = await running.organization(`North ${made}`);
    const other = await running.organization(`South ${made}`);
    const person = await running.visitor('Administers North', [
      { role: 'platform-administrator', organizationId: Number(organizationId) },
    ]);
    const send = (payload: object) => person.send({ method: 'POST', url: '/api/v1/runners', payload });
    const one = { name: 'in the cellar', vantage: 'cellar' };
    expect((await send(one)).json().code).toBe('ORGANIZATION_PARENT_NEEDED');
    expect((await send({ ...one, organizationId: other })).json().code).toBe('ORGANIZATION_UNKNOWN');
    expect((await send({ ...one, organizationId })).statusCode).toBe(201);
  });

  test('is online while it asks, with the tools that it found and the fingerprint of its key', async () => {
    const { runner, key } = await connected();
    await ask(key, 'take', { most: 1 });
    const { items } = RunnerList.parse((await running.get('/api/v1/runners')).json());
    expect(items.find(({ id }) => id === runner.id)).toMatchObject({
      online: true,
      version: '0.1.0',
      tools,
      fingerprint: createHash('sha256').update(Buffer.from(publicKey, 'hex')).digest('hex'),
    });
    expect((await entries('first contact')).at(-1)).toMatchObject({
      object_id: runner.id,
      details: { publicKey },
    });
  });

  test('is known by its first signing key for ever', async () => {
    const { key } = await connected();
    expect((await ask(key, 'hello', HELLO)).statusCode).toBe(200);
    const other = { ...HELLO, publicKey: publicKeyOf(new Uint8Array(32).fill(8)) };
    expect((await ask(key, 'hello', other)).json().code).toBe('RUNNER_KEY_CHANGED');
  });

  test('that is revoked is refused at the very next request', async () => {
    const { runner, key } = await connected();
    await running.send({ method: 'POST', url: `/api/v1/runners/${runner.id}/revoke` });
    for (const [what, payload] of [
      ['hello', HELLO],
      ['take', { most: 1 }],
      ['beat', { leases: [] }],
    ] as const) {
      const answer = await ask(key, what, payload);
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'RUNNER_KEY_INVALID']);
    }
    const again = { method: 'POST', url: `/api/v1/runners/${runner.id}/revoke` } as const;
    expect((await running.refused(again)).code).toBe('NOT_FOUND');
  });

  test('opens nothing else with its key, and nobody asks as a runner by a session or an API key', async () => {
    const { key } = await connected();
    const other = await running.app.inject({
      url: '/api/v1/runners',
      headers: { authorization: `Bearer ${key}` },
    });
    expect(other.json().code).toBe('NOT_SIGNED_IN');
    const session = await running.send({ method: 'POST', url: '/api/v1/runner/take', payload: { most: 1 } });
    expect(session.json().code).toBe('RUNNER_KEY_INVALID');
    const apiKey = await running.send({
      method: 'POST',
      url: '/api/v1/api-keys',
      payload: { name: 'k', scope: 'all' },
    });
    expect((await ask(apiKey.json().key, 'take', { most: 1 })).json().code).toBe('RUNNER_KEY_INVALID');
  });

  test('leaves no entry in the audit log for asking', async () => {
    const { key } = await connected();
    const count = async () =>
      (await running.parts.widePool.query('select count(*)::int as n from audit_entry')).rows[0].n;
    const before = await count();
    await ask(key, 'take', { most: 1 });
    await ask(key, 'beat', { leases: [] });
    expect(await count()).toBe(before);
  });
});

describe('a task in the hands of a runner', () => {
  test('carries the authorization that it stands under, and is renewed until somebody stops it', async () => {
    const { key, task, authorizationId, organizationId, retestId } = await atWork();
    expect(task.authorization).toMatchObject({
      id: authorizationId,
      organizationId,
      ranges: ['192.0.2.0/24'],
    });
    const stranger = (await connected()).key;
    expect((await ask(key, 'beat', { leases: [task.lease] })).json()).toEqual({ stop: [] });
    expect((await ask(stranger, 'beat', { leases: [task.lease] })).json()).toEqual({ stop: [task.lease] });
    await running.parts.widePool.query(
      `update retest set state = 'stopped', finished_at = now() where retest_id = $1`,
      [retestId],
    );
    expect((await ask(key, 'beat', { leases: [task.lease] })).json()).toEqual({ stop: [task.lease] });
  });

  test('ends with its file, which goes the way of every file, as the runner sent it', async () => {
    const { key, task, retestId, runner, organizationId } = await atWork();
    const answer = await ask(key, 'results', form(result(statementOf(task.lease))));
    expect(answer.json()).toEqual({ accepted: true });
    const { state, import_id } = await taskOf(retestId);
    expect(state).toBe('delivered');
    expect(await running.settled(import_id)).toMatchObject({ state: 'done', sha256 });
    const { rows } = await running.parts.widePool.query(
      'select vantage, submitted_by, declared_by, created_by from import where import_id = $1',
      [import_id],
    );
    expect(rows).toEqual([
      { vantage: runner.vantage, submitted_by: 'runner', declared_by: 'runner', created_by: work.accountId },
    ]);
    expect((await entries('result')).at(-1)).toMatchObject({
      organization_id: organizationId,
      object_id: runner.id,
      details: { retest: retestId, engine: 'backcheck', host: '192.0.2.7', outcome: 'file' },
    });
  });

  test('ends once: the same result again, or that of a lost lease, keeps nothing', async () => {
    const { key, task, retestId } = await atWork();
    const text = result(statementOf(task.lease));
    expect((await ask(key, 'results', form(text))).json()).toEqual({ accepted: true });
    expect((await ask(key, 'results', form(text))).json()).toEqual({ accepted: false });
    const { rows } = await running.parts.widePool.query(
      `select count(*)::int as imports from import where idempotency_key like 'retest:%/' || $1 || '/%'`,
      [retestId],
    );
    expect(rows).toEqual([{ imports: 1 }]);
  });

  test('ends with the reason where there is no file', async () => {
    const { key, task, retestId } = await atWork();
    const statement = statementOf(task.lease, { file: null, why: 'BLOCKED', detail: 'port 443 is silent' });
    expect((await ask(key, 'results', { result: result(statement) })).json()).toEqual({ accepted: true });
    expect(await taskOf(retestId)).toMatchObject({
      state: 'failed',
      obstacle: 'BLOCKED',
      detail: 'port 443 is silent',
    });
  });

  test('waits for another runner when this one gives it back', async () => {
    const { key, task, retestId } = await atWork();
    const statement = statementOf(task.lease, { file: null, why: 'RUNNER_LOST' });
    expect((await ask(key, 'results', { result: result(statement) })).json()).toEqual({ accepted: true });
    expect(await taskOf(retestId)).toMatchObject({ state: 'waiting', lease: null });
  });

  test.each<[string, (lease: string) => object | FormData]>([
    ['is signed by another key', (lease) => form(result(statementOf(lease), new Uint8Array(32).fill(9)))],
    ['is about another file', (lease) => form(result(statementOf(lease)), `${FILE}\n`)],
    ['comes without its file', (lease) => ({ result: result(statementOf(lease)) })],
    [
      'brings a file it does not name',
      (lease) => form(result(statementOf(lease, { file: null, why: 'BLOCKED' }))),
    ],
    [
      'says neither a file nor why there is none',
      (lease) => ({ result: result(statementOf(lease, { file: null })) }),
    ],
    ['is of another target', (lease) => form(result(statementOf(lease, { host: '192.0.2.8' })))],
    ['is of another engine', (lease) => form(result(statementOf(lease, { engine: 'nmap' })))],
    [
      'is of a run before the task was taken',
      (lease) => form(result(statementOf(lease, { startedAt: '2026-01-01T10:00:00.000Z' }))),
    ],
    [
      'is of a run in the future',
      (lease) =>
        form(result(statementOf(lease, { startedAt: new Date(Date.now() + 120_000).toISOString() }))),
    ],
    ['is no envelope', () => ({ result: '{}' })],
    ['is no JSON', () => ({ result: '{' })],
  ])('goes on when a result %s', async (_, payload) => {
    const { key, task, retestId } = await atWork();
    const answer = await ask(key, 'results', payload(task.lease));
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'RUN_NOT_SIGNED']);
    expect(await taskOf(retestId)).toMatchObject({ state: 'running', lease: task.lease });
  });
});
