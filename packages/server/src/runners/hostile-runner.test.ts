import { createHash } from 'node:crypto';
import { RegisteredRunner, RetestDetail, TakenTasks } from '@backcheck/contract';
import { publicKeyOf } from '@backcheck/core';
import { type RunStatement, sealRun } from '@backcheck/engines';
import { beforeAll, expect, test } from 'vitest';
import { openPortScan } from '../../../../tests/support/open-port-scan.ts';
import { RetestWork } from '../../../../tests/support/retest-work.ts';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';

const secretKey = new Uint8Array(32).fill(3);
const publicKey = publicKeyOf(secretKey);
const HELLO = {
  version: '0.1.0',
  publicKey,
  tools: [{ engine: 'backcheck' as const, version: '0.1.0', install: null }],
};

let running: RunningApp;
let work: RetestWork;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  work = await RetestWork.start(null, running.parts.widePool);
});

let made = 0;
/** A remote runner, which somebody else may have in their hands, with one task on 192.0.2.7. */
async function atWork() {
  made += 1;
  const vantage = `place ${made}`;
  const registered = { method: 'POST', url: '/api/v1/runners', payload: { name: vantage, vantage } } as const;
  const { key, runner } = RegisteredRunner.parse((await running.send(registered)).json());
  const ask = (what: string, payload: object) =>
    running.app.inject({
      method: 'POST',
      url: `/api/v1/runner/${what}`,
      payload,
      headers: { authorization: `Bearer ${key}` },
    });
  await ask('hello', HELLO);
  const organizationId = await work.organization(`Hospital ${made}`);
  const authorizationId = await work.authorization({ organizationId });
  const [retestId = ''] = await work.retests({ organizationId, authorizationId, vantage });
  const [task] = TakenTasks.parse((await ask('take', { most: 1 })).json()).tasks;
  if (task === undefined) throw new Error('no task was taken');
  return { ask, retestId, task, runnerId: runner.id };
}

function statementOf(lease: string, changes: Partial<RunStatement> = {}): RunStatement {
  const now = new Date().toISOString();
  const common = { lease, engine: 'backcheck', host: '192.0.2.7', address: '192.0.2.7' } as const;
  const ended = { startedAt: now, finishedAt: now, why: null, detail: null, canary: null, refused: [] };
  return { ...common, ...ended, file: null, ...changes };
}

const signed = (statement: RunStatement): string =>
  JSON.stringify(sealRun(statement, { secretKey, publicKey }));

function formOf(lease: string, file: string, changes: Partial<RunStatement> = {}): FormData {
  const sha256 = createHash('sha256').update(file).digest('hex');
  const form = new FormData();
  form.set('result', signed(statementOf(lease, { file: { name: 'run', sha256 }, ...changes })));
  form.set('file', new Blob([file]), 'run');
  return form;
}

const importOf = async (retestId: string): Promise<string> => {
  const sql = 'select import_id as id from retest_task where retest_id = $1';
  return (await running.parts.widePool.query(sql, [retestId])).rows[0].id;
};

const LONG_AGO = '2026-01-01T10:00:00.000Z';
const now = (): string => new Date().toISOString();

test.each<[string, () => string, Partial<RunStatement>]>([
  ['of a time before its task', () => openPortScan(['192.0.2.7'], { port: 443, at: LONG_AGO }), {}],
  ['of another machine', () => openPortScan(['192.0.2.8'], { port: 443, at: now() }), {}],
  [
    'of another machine that it calls the address of its target',
    () => openPortScan(['192.0.2.8'], { port: 443, at: now() }),
    { address: '192.0.2.8' },
  ],
  [
    'of its target and of another machine',
    () => openPortScan(['192.0.2.7', '192.0.2.8'], { port: 443, at: now() }),
    {},
  ],
  ['of another tool', () => sarif([], now()), {}],
])('a runner closes nothing with a file %s', async (_, file, changes) => {
  const { ask, retestId, task } = await atWork();
  expect((await ask('results', formOf(task.lease, file(), changes))).json()).toEqual({ accepted: true });
  const { state, problem } = await running.settled(await importOf(retestId));
  expect([state, problem?.code]).toEqual(['refused', 'SCAN_NOT_OF_RUN']);
});

test('a file that was imported before is not the file of this run, though its bytes are the same', async () => {
  const { ask, retestId, task } = await atWork();
  const old = openPortScan(['192.0.2.7'], { port: 443, at: LONG_AGO });
  const organizationId = String(task.authorization.organizationId);
  const { id } = (await running.upload(old, { organizationId, confirm: 'true' })).json();
  expect((await running.settled(id)).state).toBe('done');
  await ask('results', formOf(task.lease, old));
  expect((await running.settled(await importOf(retestId))).problem?.code).toBe('SCAN_NOT_OF_RUN');
});

test.each<[string, Partial<RunStatement>]>([
  ['detail', { why: 'TOOL_FAILED', detail: 'a banner with\u0000in it' }],
  ['canary', { why: 'BLOCKED', canary: 'a banner with\u0000in it' }],
  ['address', { why: 'BLOCKED', address: '192.0.2.7\u0000' }],
])('a NUL in the %s of a result neither keeps its task nor hides its retest', async (_, changes) => {
  const { ask, retestId, task } = await atWork();
  const answer = await ask('results', { result: signed(statementOf(task.lease, changes)) });
  expect([200, 422]).toContain(answer.statusCode);
  const read = await running.get(`/api/v1/retests/${retestId}`);
  expect(RetestDetail.parse(read.json()).id).toBe(retestId);
});

test('a forged result and another signing key are in the audit log, with the runner whose key was used', async () => {
  const { ask, task, runnerId } = await atWork();
  const forged = JSON.parse(signed(statementOf(task.lease, { why: 'BLOCKED' })));
  forged.payload = Buffer.from('{}').toString('base64');
  expect((await ask('results', { result: JSON.stringify(forged) })).json().code).toBe('RUN_NOT_SIGNED');
  const other = { ...HELLO, publicKey: publicKeyOf(new Uint8Array(32).fill(4)) };
  expect((await ask('hello', other)).json().code).toBe('RUNNER_KEY_CHANGED');
  const { rows } = await running.parts.widePool.query(
    `select details ->> 'status' as status, details ->> 'operation' as operation from audit_entry
      where details ->> 'outcome' = 'refused' and details ->> 'runner' = $1 order by audit_entry_id`,
    [runnerId],
  );
  expect(rows).toEqual([
    { status: '422', operation: 'POST /api/v1/runner/results' },
    { status: '409', operation: 'POST /api/v1/runner/hello' },
  ]);
});
