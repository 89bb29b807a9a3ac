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
import {
  type RunnerProcess,
  type ServerProcess,
  startRunnerProcess,
  startServerProcess,
} from '../support/server-process.ts';
import { mostWithin, TcpTargets } from '../support/tcp-targets.ts';

const ADDRESSES = Array.from({ length: 24 }, (_, index) => `127.77.2.${index + 1}`);
/** Every second one is fixed before anybody looks again. */
const FIXED = ADDRESSES.filter((_, index) => index % 2 === 0);
/** One run makes so many connections to an open port: the canary before, the probe, the canary after. */
const OF_ONE_RUN = 3;

const folder = mkdtempSync(join(tmpdir(), 'backcheck-killed-runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

let targets: TcpTargets;
let wide: ReturnType<typeof createWidePool>;
let work: RetestWork;
let environment: Readonly<Record<string, string>>;
let server: ServerProcess;
let runner: RunnerProcess;
let key: string;

const startServer = () => startServerProcess(environment);
const startRunner = () =>
  startRunnerProcess({ server: server.origin, key, data: join(folder, 'runner'), tasks: 4 });

beforeAll(async () => {
  targets = await TcpTargets.open(ADDRESSES);
  const { connectionString } = await freshDatabase();
  wide = createWidePool({ connectionString });
  // the same port at each start, so that the runner finds it again
  environment = {
    DATABASE_URL: connectionString,
    DATA_DIR: join(folder, 'server'),
    RUNNER_TASKS: '4',
    PORT: '0',
  };
  server = await startServer();
  environment = { ...environment, PORT: new URL(server.origin).port };
  work = await RetestWork.start(null, wide);
  const registered = await server.post('/runners', { name: 'second machine', vantage: 'main' });
  key = RegisteredRunner.parse(registered).key;
  await readyToRun(server);
  return async () => {
    targets.close();
    await wide.end();
  };
});

test('a server and a runner that are killed in the middle: each retest ends exactly once, and none runs twice at a time', async () => {
  const exposed = await expose(server, 'Lakeside Hospital', { addresses: ADDRESSES, port: targets.port });
  await work.authorization({
    organizationId: Number(exposed.organizationId),
    ranges: ['127.77.2.0/24'],
    rate: 12,
  });
  for (const address of FIXED) await targets.fix(address);
  await askForAll(server, exposed);
  runner = startRunner();
  const running = () =>
    until(
      () => tasksSeen(wide),
      (all) => all.filter(({ state }) => state === 'running').length >= 3,
    );

  await running();
  await runner.kill();
  await pause(1000);
  runner = startRunner();
  await running();
  await server.kill();
  const serverKilled = Date.now();
  // Long enough for the dead-man's switch: nobody may look at anything that no server watches over.
  await pause(7000);
  const unwatched = targets.log.filter(({ at }) => at > serverKilled + 5000 && at <= serverKilled + 7000);
  expect(unwatched).toEqual([]);
  server = await startServer();

  const ended = await until(
    () => tasksSeen(wide),
    (all) => all.every(({ retest }) => retest === 'done'),
  );
  expect(ended).toHaveLength(ADDRESSES.length);
  for (const { host, outcome, imports, results, state } of ended) {
    const wanted = FIXED.includes(host) ? 'proven' : 'still-present';
    expect({ host, outcome, imports, results, state }).toEqual({
      host,
      outcome: wanted,
      imports: 1,
      results: 1,
      state: 'done',
    });
  }
  // Both looked, and some tasks were taken over from the dead.
  expect(new Set(ended.map((one) => one.runner)).size).toBe(2);
  const again = ended.filter(({ attempts }) => attempts > 1);
  expect(again.length).toBeGreaterThan(0);
  expect(ended.every(({ attempts }) => attempts <= 3)).toBe(true);
  // Nobody replaces a runner that may be alive: no target ever saw two runs in the time of one.
  for (const address of ADDRESSES)
    expect(mostWithin(targets.log, [address], 4000)).toBeLessThanOrEqual(OF_ONE_RUN);
  expect(runner.heard()).toContain('does not answer');
});
