import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../../tests/support/database.ts';
import { RetestWork } from '../../../tests/support/retest-work.ts';
import { createWidePool } from './pool.ts';
import { type Claimant, type ClaimedTask, claimTasks } from './retest-claims.ts';
import { ensureServerRunner } from './runners.ts';

let wide: ReturnType<typeof createWidePool>;
let work: RetestWork;
let claimant: Claimant;
const now = new Date('2026-11-21T12:00:00Z');

beforeAll(async () => {
  const database = await freshDatabase();
  wide = createWidePool({ connectionString: database.connectionString });
  work = await RetestWork.start(database, wide);
  const runner = await ensureServerRunner(wide, { name: 'here', vantage: 'main', now });
  claimant = {
    runnerId: runner?.runnerId ?? 0,
    organizationId: null,
    vantage: 'main',
    engines: ['backcheck', 'nmap'],
  };
  return () => wide.end();
});

let organizationId: number;
let made = 0;
beforeEach(async () => {
  await wide.query(
    `update retest_task set state = 'done', lease = null, lease_until = null, finished_at = now() - interval '1 hour'`,
  );
  made += 1;
  organizationId = await work.organization(`Hospital ${made}`);
});

const claim = (most = 50, changes: Partial<Claimant> = {}): Promise<ClaimedTask[]> =>
  claimTasks(wide, { ...claimant, ...changes }, { most, now });

describe('a runner takes', () => {
  test('the most urgent task first, and of those the oldest', async () => {
    const authorizationId = await work.authorization({ organizationId });
    const at = { organizationId, authorizationId, rate: 1 };
    await work.retests({ ...at, host: '192.0.2.3', priority: 100 });
    await work.retests({ ...at, host: '192.0.2.1' });
    await work.retests({ ...at, host: '192.0.2.2' });
    expect((await claim(2)).map(({ host }) => host)).toEqual(['192.0.2.1', '192.0.2.2']);
    const { rows } = await wide.query(
      `select state, attempts, runner_id from retest_task where state = 'running'`,
    );
    expect(rows).toEqual(Array(2).fill({ state: 'running', attempts: 1, runner_id: claimant.runnerId }));
  });

  test('no more than the rate of an authorization has room for, and something of every authorization', async () => {
    const other = await work.organization(`Other ${made}`);
    for (const of of [organizationId, other]) {
      const authorizationId = await work.authorization({ organizationId: of, rate: 10 });
      await work.retests({ organizationId: of, authorizationId, tasks: 5, rate: 4 });
    }
    const first = await claim();
    expect(first.map(({ authorization }) => authorization.organizationId).sort()).toEqual(
      [organizationId, organizationId, other, other].sort(),
    );
    expect(first.map(({ rate }) => rate)).toEqual([4, 4, 4, 4]);
    expect(await claim()).toEqual([]);
  });

  test('a share again only a second after its last task ended', async () => {
    const authorizationId = await work.authorization({ organizationId, rate: 4 });
    await work.retests({ organizationId, authorizationId, tasks: 2, rate: 4 });
    const [task] = await claim();
    const end = (at: string) =>
      wide.query(
        `update retest_task set state = 'failed', lease = null, lease_until = null, finished_at = ${at}
          where retest_id = (select retest_id from retest_task where lease = $1) or (state = 'failed' and finished_at > now() - interval '2 seconds')`,
        [task?.lease],
      );
    await end('clock_timestamp()');
    expect(await claim()).toEqual([]);
    await wide.query(
      `update retest_task set finished_at = finished_at - interval '1 second' where finished_at > now() - interval '10 seconds'`,
    );
    expect(await claim()).toHaveLength(1);
  });

  test('a task that wants more than the whole rate at the whole rate, and small ones do not overtake it', async () => {
    const authorizationId = await work.authorization({ organizationId, rate: 5 });
    await work.retests({ organizationId, authorizationId, rate: 1 });
    await work.retests({ organizationId, authorizationId, rate: 50 });
    await work.retests({ organizationId, authorizationId, rate: 1 });
    expect((await claim()).map(({ rate }) => rate)).toEqual([1]);
    await wide.query(
      `update retest_task set state = 'done', lease = null, lease_until = null, finished_at = now() - interval '1 hour' where state = 'running'`,
    );
    expect((await claim()).map(({ rate }) => rate)).toEqual([5]);
  });

  test('nothing twice, however many ask at the same time, and the shares never add up to more', async () => {
    const authorizationId = await work.authorization({ organizationId, rate: 30 });
    await work.retests({ organizationId, authorizationId, tasks: 60, rate: 1 });
    const taken = (await Promise.all(Array.from({ length: 9 }, () => claim(5)))).flat();
    expect(taken).toHaveLength(30);
    expect(new Set(taken.map(({ lease }) => lease)).size).toBe(30);
    const { rows } = await wide.query(
      `select sum(rate)::int as rate from retest_task where state = 'running'`,
    );
    expect(rows).toEqual([{ rate: 30 }]);
  });
});

describe('a runner is not given', () => {
  const refused = async (
    terms: Parameters<RetestWork['authorization']>[0],
    changes: Partial<Claimant> = {},
  ) => {
    const authorizationId = await work.authorization(terms);
    await work.retests({ organizationId: terms.organizationId, authorizationId });
    const taken = await claim(50, changes);
    return { authorizationId, taken: taken.length };
  };

  test('what stands under no approved authorization, or one that is not valid yet or any more', async () => {
    expect(await refused({ organizationId, approved: false })).toMatchObject({ taken: 0 });
    expect(await refused({ organizationId, validFrom: '2026-12-01T00:00:00Z' })).toMatchObject({ taken: 0 });
    expect(await refused({ organizationId, expiresAt: '2026-11-21T12:00:00Z' })).toMatchObject({ taken: 0 });
  });

  test('what waits for its hours; in its hours it learns when they end', async () => {
    const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', until: '06:00' };
    expect(await refused({ organizationId, windows: [night] })).toMatchObject({ taken: 0 });
    const noon = { days: [6], from: '11:30', until: '12:30' };
    const authorizationId = await work.authorization({ organizationId, windows: [noon] });
    await work.retests({ organizationId, authorizationId });
    expect((await claim()).map(({ stopAt }) => stopAt)).toEqual(['2026-11-21T12:30:00.000Z']);
  });

  test('what was stopped or revoked', async () => {
    for (const column of ['stopped', 'revoked']) {
      const authorizationId = await work.authorization({ organizationId });
      await wide.query(
        `update test_authorization set ${column}_at = now(), ${column}_by = drafted_by where test_authorization_id = $1`,
        [authorizationId],
      );
      await work.retests({ organizationId, authorizationId });
      expect(await claim()).toEqual([]);
    }
  });

  test('what belongs to another place, another tool or an organization that is not below its own', async () => {
    const below = await work.organization(`Ward ${made}`, organizationId);
    const elsewhere = await work.organization(`Elsewhere ${made}`);
    const authorizationId = await work.authorization({ organizationId: below });
    await work.retests({ organizationId: below, authorizationId });
    expect(await claim(50, { vantage: 'inside' })).toEqual([]);
    expect(await claim(50, { engines: ['nmap'] })).toEqual([]);
    expect(await claim(50, { engines: [] })).toEqual([]);
    expect(await claim(50, { organizationId: elsewhere })).toEqual([]);
    expect(await claim(50, { organizationId })).toHaveLength(1);
  });

  test('what belongs to a retest that was stopped', async () => {
    const authorizationId = await work.authorization({ organizationId });
    const [id] = await work.retests({ organizationId, authorizationId });
    await wide.query(`update retest set state = 'stopped', finished_at = now() where retest_id = $1`, [id]);
    expect(await claim()).toEqual([]);
  });
});
