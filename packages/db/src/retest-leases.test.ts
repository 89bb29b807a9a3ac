import { beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { RetestWork } from '../../../tests/support/retest-work.ts';
import { endUncoveredTasks } from './authorizations.ts';
import { insertImport } from './imports.ts';
import { createWidePool, inTransaction, type Tx } from './pool.ts';
import { claimTasks } from './retest-claims.ts';
import {
  cutOffTask,
  endWithFile,
  endWithout,
  holdLease,
  type LeasedTask,
  renewLeases,
  takeBackLost,
} from './retest-leases.ts';
import { ensureServerRunner } from './runners.ts';

let wide: ReturnType<typeof createWidePool>;
let work: RetestWork;
let runnerId: number;
let otherId: number;
let owner: Awaited<ReturnType<typeof freshDatabase>>['pool'];
const now = new Date('2026-11-21T12:00:00Z');

beforeAll(async () => {
  const database = await freshDatabase();
  owner = database.pool;
  wide = createWidePool({ connectionString: database.connectionString });
  work = await RetestWork.start(database, wide);
  const runner = async (name: string) =>
    (await ensureServerRunner(wide, { name, vantage: 'main', now }))?.runnerId ?? 0;
  runnerId = await runner('here');
  otherId = await runner('there');
  return () => wide.end();
});

interface Task {
  readonly organizationId: number;
  readonly authorizationId: string;
  readonly retestId: string;
  /** Of its run; a lease that nobody has where it is not running. */
  readonly lease: string;
}

let made = 0;

/** A task of its own organization, running in the hands of this runner. */
async function running(): Promise<Task> {
  made += 1;
  const organizationId = await work.organization(`Hospital ${made}`);
  const authorizationId = await work.authorization({ organizationId, expiresAt: '2026-11-21T13:00:00Z' });
  const [retestId = ''] = await work.retests({ organizationId, authorizationId });
  return { organizationId, authorizationId, retestId, lease: await take(organizationId) };
}

async function take(organizationId: number): Promise<string> {
  const claimant = { runnerId, organizationId, vantage: 'main', engines: ['backcheck'] } as const;
  const [task] = await claimTasks(wide, claimant, { most: 1, now });
  return task?.lease ?? '00000000-0000-4000-8000-000000000000';
}

async function rowOf({ retestId }: Task) {
  const { rows } = await wide.query(
    `select t.state, t.obstacle, t.attempts, t.lease is not null as leased, t.finished_at is not null as finished,
            r.state as retest from retest_task t join retest r using (organization_id, retest_id) where retest_id = $1`,
    [retestId],
  );
  return rows[0];
}

/** How many jobs wait that would conclude it. */
async function conclusions({ organizationId, retestId }: Task): Promise<number> {
  const { rows } = await owner.query(
    `select count(*)::int as jobs from graphile_worker.jobs where key = $1`,
    [`conclude:${organizationId}:${retestId}`],
  );
  return rows[0].jobs;
}

const stopRetest = ({ retestId }: Task) =>
  wide.query(`update retest set state = 'stopped', finished_at = now() where retest_id = $1`, [retestId]);
const authorize = ({ authorizationId }: Task, change: string) =>
  owner.query(`update test_authorization set ${change} where test_authorization_id = $1`, [authorizationId]);
const stopAll = (task: Task) => authorize(task, `stopped_at = now(), stopped_by = drafted_by`);
const revoke = (task: Task) => authorize(task, `revoked_at = now(), revoked_by = drafted_by`);
const runOut = ({ retestId }: Task) =>
  wide.query(
    `update retest_task set lease_until = clock_timestamp() - interval '1 ms' where retest_id = $1 and lease is not null`,
    [retestId],
  );
const attempted = ({ retestId }: Task, attempts: number) =>
  wide.query('update retest_task set attempts = $2 where retest_id = $1', [retestId, attempts]);

const result = { signed: true };
const run = { result, now };

/** What its runner hands in; false when the lease is not its own any more. */
async function hand(task: Task, end: (tx: Tx, held: LeasedTask) => Promise<void>, by = runnerId) {
  return inTransaction(wide, async (tx) => {
    const held = await holdLease(tx, task.lease, by);
    if (held !== null) await end(tx, held);
    return held !== null;
  });
}
const deliver = (task: Task) =>
  hand(task, async (tx, held) => {
    const row = await insertImport(tx, {
      organizationId: held.organizationId,
      createdBy: held.requestedBy,
      fileName: 'run.jsonl',
      sizeBytes: 1,
      sha256: '00'.repeat(32),
      declaredAt: held.startedAt,
      declaredBy: 'runner',
      vantage: held.vantage,
      submittedBy: 'runner',
      scanProfileId: null,
      confirmed: true,
      idempotencyKey: `retest:${held.retestId}`,
      requestSha256: '00'.repeat(32),
    });
    await endWithFile(tx, held, { ...run, importId: row?.importId ?? '' });
  });
const fail = (task: Task) =>
  hand(task, (tx, held) => endWithout(tx, held, { ...run, why: 'BLOCKED', detail: 'no answer' }));
const cut = (task: Task) => hand(task, (tx, held) => cutOffTask(tx, held, { ...run, counts: true }));
const giveBack = (task: Task) => hand(task, (tx, held) => cutOffTask(tx, held, { ...run, counts: false }));
const renew = async (task: Task, at = now) =>
  (await renewLeases(wide, { runnerId, leases: [task.lease], now: at })).length === 1;

/** Every state that a task can be in, and how it gets there. */
const STATES: Readonly<Record<string, (task: Task) => Promise<unknown>>> = {
  waiting: giveBack,
  running: async () => undefined,
  delivered: deliver,
  done: async ({ retestId }) =>
    wide.query(
      `update retest_task set state = 'done', lease = null, lease_until = null, finished_at = now() where retest_id = $1`,
      [retestId],
    ),
  failed: fail,
  stopped: async (task) => {
    await stopAll(task);
    await cut(task);
    await authorize(task, 'stopped_at = null, stopped_by = null');
  },
};

/** Everything that can happen to it, with its lease as it was. */
const EVENTS: Readonly<Record<string, (task: Task) => Promise<unknown>>> = {
  beat: renew,
  file: deliver,
  'no answer': fail,
  'cut off': cut,
  'given back': giveBack,
  'lease ran out': async (task) => {
    await runOut(task);
    await takeBackLost(wide, now);
  },
  'authorization ended': async (task) => {
    await revoke(task);
    await endUncoveredTasks(wide, { at: now.toISOString() });
  },
};

/** From each state by each event: only what runs can be ended, and only once. */
const GRID: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  waiting: { 'authorization ended': 'failed NOT_AUTHORIZED' },
  running: {
    beat: 'running',
    file: 'delivered',
    'no answer': 'failed BLOCKED',
    'cut off': 'waiting',
    'given back': 'waiting',
    'lease ran out': 'waiting',
    'authorization ended': 'running',
  },
  delivered: {},
  done: {},
  failed: {},
  stopped: {},
};

describe.each(Object.keys(STATES))('a task that is %s', (state) => {
  test.each(Object.keys(EVENTS))('changes only as it may: %s', async (event) => {
    const task = await running();
    await STATES[state]?.(task);
    const before = await rowOf(task);
    expect(before.state).toBe(state);
    await EVENTS[event]?.(task);
    const after = await rowOf(task);
    const wanted = GRID[state]?.[event];
    expect(`${after.state} ${after.obstacle ?? ''}`.trim()).toBe(
      wanted ?? `${before.state} ${before.obstacle ?? ''}`.trim(),
    );
    expect([after.leased, after.finished]).toEqual([
      after.state === 'running',
      !['waiting', 'running'].includes(after.state),
    ]);
    // nothing of this is left to be taken by the next test
    await revoke(task);
    await endUncoveredTasks(wide, { at: now.toISOString() });
  });
});

describe('a lease', () => {
  test('is renewed for 15 seconds, and only for the runner that has it', async () => {
    const task = await running();
    expect(await renewLeases(wide, { runnerId: otherId, leases: [task.lease], now })).toEqual([]);
    await wide.query(`update retest_task set lease_until = now() + interval '1 second' where lease = $1`, [
      task.lease,
    ]);
    expect(await renew(task)).toBe(true);
    const { rows } = await wide.query(
      `select lease_until > clock_timestamp() + interval '14 seconds' as long from retest_task where lease = $1`,
      [task.lease],
    );
    expect(rows).toEqual([{ long: true }]);
    expect(await hand(task, async () => undefined, otherId)).toBe(false);
    await giveBack(task);
  });

  test.each([
    ['its retest was stopped', stopRetest],
    ['the stop button was pressed', stopAll],
    ['the authorization was revoked', revoke],
    [
      'the authorization was stopped and approved again since',
      (task: Task) => authorize(task, `approved_at = '2026-11-21T12:00:01Z'`),
    ],
    [
      'its hours are over',
      ({ lease }: Task) => wide.query(`update retest_task set stop_at = $2 where lease = $1`, [lease, now]),
    ],
    ['it ran out', runOut],
  ] as const)('is not renewed when %s', async (_, happens) => {
    const task = await running();
    await happens(task);
    expect(await renew(task)).toBe(false);
    await revoke(task);
    await runOut(task);
    await takeBackLost(wide, now);
  });

  test('that ran out opens nothing any more, although nobody has taken the task over yet', async () => {
    const task = await running();
    await runOut(task);
    expect(await deliver(task)).toBe(false);
    expect(await fail(task)).toBe(false);
    expect((await rowOf(task)).state).toBe('running');
    await takeBackLost(wide, now);
    expect((await rowOf(task)).state).toBe('waiting');
    const again = { ...task, lease: await take(task.organizationId) };
    expect(await deliver(task)).toBe(false);
    expect(await deliver(again)).toBe(true);
    expect(await deliver(again)).toBe(false);
    expect(await rowOf(task)).toMatchObject({ state: 'delivered', attempts: 2 });
  });
});

describe('a task whose run was cut off', () => {
  test('waits again, and its retest with it, until it was tried three times', async () => {
    const task = await running();
    expect(await rowOf(task)).toMatchObject({ retest: 'running', attempts: 1 });
    await runOut(task);
    await takeBackLost(wide, now);
    expect(await rowOf(task)).toMatchObject({ state: 'waiting', retest: 'waiting', attempts: 1 });
    expect(await conclusions(task)).toBe(0);
    await take(task.organizationId);
    await attempted(task, 3);
    await runOut(task);
    await takeBackLost(wide, now);
    expect(await rowOf(task)).toMatchObject({ state: 'failed', obstacle: 'RUNNER_LOST', attempts: 3 });
    expect(await conclusions(task)).toBe(1);
  });

  test('by the end of its hours for the third time has failed with WINDOW_CLOSED', async () => {
    const task = await running();
    await attempted(task, 3);
    await wide.query('update retest_task set stop_at = $2 where lease = $1', [task.lease, now]);
    await cut(task);
    expect(await rowOf(task)).toMatchObject({ state: 'failed', obstacle: 'WINDOW_CLOSED' });
    expect(await conclusions(task)).toBe(1);
  });

  test('was not tried when its runner gave it back', async () => {
    const task = await running();
    await attempted(task, 3);
    await giveBack(task);
    expect(await rowOf(task)).toMatchObject({ state: 'waiting', attempts: 2 });
    await revoke(task);
    await endUncoveredTasks(wide, { at: now.toISOString() });
  });

  test.each([
    ['stopped STOPPED', 'the stop button was pressed', stopAll],
    ['stopped STOPPED', 'its retest was stopped', stopRetest],
    ['failed NOT_AUTHORIZED', 'the authorization was revoked', revoke],
    [
      'failed WINDOW_CLOSED',
      'the authorization expired',
      (task: Task) => authorize(task, `expires_at = '2026-11-21T12:00:00Z'`),
    ],
  ] as const)('has %s when %s, whether its runner says so or is lost', async (wanted, _, happens) => {
    for (const said of [true, false]) {
      const task = await running();
      await happens(task);
      if (said) await cut(task);
      else {
        await runOut(task);
        await takeBackLost(wide, now);
      }
      const { state, obstacle } = await rowOf(task);
      expect(`${state} ${obstacle}`).toBe(wanted);
      expect(await conclusions(task)).toBe(1);
    }
  });
});

test('of two who take back at the same time, and one that delivers, one ends the task', async () => {
  for (let round = 0; round < 10; round += 1) {
    const task = await running();
    const [delivered] = await Promise.all([
      deliver(task),
      runOut(task),
      takeBackLost(wide, now),
      takeBackLost(wide, now),
    ]);
    await takeBackLost(wide, now);
    expect((await rowOf(task)).state).toBe(delivered ? 'delivered' : 'waiting');
    await revoke(task);
    await endUncoveredTasks(wide, { at: now.toISOString() });
  }
});
