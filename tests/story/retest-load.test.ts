import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RegisteredRunner } from '@backcheck/contract';
import { createWidePool } from '@backcheck/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { askForAll, expose, readyToRun, tasksSeen, until } from '../support/retest-story.ts';
import { RetestWork } from '../support/retest-work.ts';
import { type ServerProcess, startRunnerProcess, startServerProcess } from '../support/server-process.ts';
import { mostWithin, TcpTargets } from '../support/tcp-targets.ts';

const addressesOf = (network: number, many: number): string[] =>
  Array.from({ length: many }, (_, index) => `127.77.${network}.${index + 1}`);

/** At any time, quickly. */
const QUICK = { addresses: addressesOf(10, 160), ranges: ['127.77.10.0/24'], rate: 60 };
/** Slowly, and only until the window closes, which is long before all of them are done. */
const SLOW = { addresses: addressesOf(11, 40), ranges: ['127.77.11.0/24'], rate: 1 };
const HALTED = { addresses: addressesOf(12, 30), ranges: ['127.77.12.0/24'], rate: 16 };
/**
 * Most connections in so many seconds. The log is written when this process gets to it, so that one may look later
 * than it was, and those after it nearer.
 */
const allowed = (rate: number, seconds: number): number => Math.floor(rate * seconds * 1.1) + 1;
const DAILY = [1, 2, 3, 4, 5, 6, 7];

const folder = mkdtempSync(join(tmpdir(), 'backcheck-retest-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

let targets: TcpTargets;
let wide: ReturnType<typeof createWidePool>;
let owner: Awaited<ReturnType<typeof freshDatabase>>['pool'];
let work: RetestWork;
let server: ServerProcess;

beforeAll(async () => {
  targets = await TcpTargets.open([...QUICK.addresses, ...SLOW.addresses, ...HALTED.addresses]);
  const { connectionString, pool } = await freshDatabase();
  owner = pool;
  wide = createWidePool({ connectionString });
  server = await startServerProcess({ DATABASE_URL: connectionString, DATA_DIR: join(folder, 'server') });
  work = await RetestWork.start(null, wide);
  const { key } = RegisteredRunner.parse(
    await server.post('/runners', { name: 'second machine', vantage: 'main' }),
  );
  startRunnerProcess({ server: server.origin, key, data: join(folder, 'runner'), tasks: 8 });
  await readyToRun(server);
  return async () => {
    targets.close();
    await wide.end();
  };
});

/** "12:34" in UTC. */
const clockAt = (time: number): string => new Date(time).toISOString().slice(11, 16);

/** Windows are whole minutes: the next full one that leaves time for something to happen before. */
function nextClose(): number {
  const soonest = Date.now() + 15_000;
  return Math.ceil(soonest / 60_000) * 60_000;
}

test('200 retests at once obey the rate and the window of each authorization, and each ends once', async () => {
  const quick = await expose(server, 'Lakeside Hospital', { ...QUICK, port: targets.port });
  const slow = await expose(server, 'Hillside School', { ...SLOW, port: targets.port });
  const closes = nextClose();
  const hours = { days: DAILY, from: clockAt(closes - 3_600_000), until: clockAt(closes) };
  await work.authorization({ ...QUICK, organizationId: Number(quick.organizationId) });
  const windowed = await work.authorization({
    ...SLOW,
    organizationId: Number(slow.organizationId),
    windows: [hours],
  });
  await askForAll(server, slow);
  await askForAll(server, quick);

  await pause(Math.max(0, closes + 3000 - Date.now()));
  const isSlow = new Set(SLOW.addresses);
  const reached = targets.log.filter(({ address }) => isSlow.has(address));
  const cut = (await tasksSeen(wide)).filter((one) => one.organizationId === slow.organizationId);
  expect(reached.length).toBeGreaterThan(0);
  expect(reached.filter(({ at }) => at >= closes)).toEqual([]);
  const states = new Set(cut.map(({ state }) => state));
  expect(states).toContain('waiting');
  expect(states).not.toContain('running');

  // Next time it may be done at any time, and faster.
  await owner.query(
    `update test_authorization set windows = '[]', rate = 100 where test_authorization_id = $1`,
    [windowed],
  );
  await owner.query(`update retest_task set rate = 12 where state = 'waiting'`);
  const ended = await until(
    () => tasksSeen(wide),
    (all) => all.every(({ retest }) => retest === 'done'),
  );
  expect(ended).toHaveLength(200);
  expect(new Set(ended.map(({ outcome }) => outcome))).toEqual(new Set(['still-present']));
  expect(ended.filter(({ imports, results }) => imports !== 1 || results !== 1)).toEqual([]);

  for (const seconds of [1, 5]) {
    const most = (log: typeof reached, addresses: readonly string[]) =>
      mostWithin(log, addresses, seconds * 1000);
    expect(most(targets.log, QUICK.addresses)).toBeLessThanOrEqual(allowed(QUICK.rate, seconds));
    expect(most(reached, SLOW.addresses)).toBeLessThanOrEqual(allowed(SLOW.rate, seconds));
  }
});

test('5 seconds after the stop button nothing more reaches any target', async () => {
  const halted = await expose(server, 'Riverside Waterworks', { ...HALTED, port: targets.port });
  const id = await work.authorization({ ...HALTED, organizationId: Number(halted.organizationId) });
  await askForAll(server, halted);
  const isHalted = new Set(HALTED.addresses);
  const reached = () => targets.log.filter(({ address }) => isHalted.has(address));
  await until(
    async () => reached().length,
    (many) => many >= 6,
  );
  await server.post(`/authorizations/${id}/stop`, {});
  const pressed = Date.now();
  await pause(9000);
  expect(reached().filter(({ at }) => at > pressed + 5000)).toEqual([]);
  const tasks = (await tasksSeen(wide)).filter((one) => one.organizationId === halted.organizationId);
  const states = new Set(tasks.map(({ state }) => state));
  expect(states).toContain('waiting');
  expect(states).not.toContain('running');
});
