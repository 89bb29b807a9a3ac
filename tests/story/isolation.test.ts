import { ROLES, type Role } from '@backcheck/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { RunningApp, type Visitor } from '../../packages/server/src/testing/running-app.ts';
import { isShared, type Operation, operationsOf, targetOf } from '../support/operations.ts';
import { buildVictim, MARK, type Victim } from '../support/victim.ts';

/**
 * Tenant isolation (DESIGN section 8), generated from the OpenAPI document: every operation is tried with every role
 * of a neighbour, with the ids of an organization that is not theirs. No answer may hold anything of it, and nothing of
 * it may change. An operation that is new, and that nobody has told how to attack, fails the test by its name.
 */
let running: RunningApp;
let victim: Victim;
let operations: readonly Operation[];
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  victim = await buildVictim(running);
  operations = operationsOf((await running.app.inject({ url: '/api/openapi.json' })).json());
});

test('every operation has a rule of access and a way to be attacked', () => {
  expect(operations.length).toBeGreaterThan(50);
  const silent = operations.filter(({ access }) => access === undefined).map(({ name }) => name);
  expect(silent).toEqual([]);
  expect(operations.filter((one) => targetOf(one, victim) === null).map(({ name }) => name)).toEqual([]);
});

describe.each(ROLES)('as %s of a neighbour', (role: Role) => {
  test('no operation shows or changes anything of the organization', async () => {
    const neighbour = await victim.neighbour(role);
    const before = await victim.fingerprint();
    const leaks: string[] = [];
    for (const operation of operations) {
      const target = targetOf(operation, victim);
      if (target === null) continue;
      const answer = await neighbour.send(target);
      if (answer.body.includes(MARK))
        leaks.push(`${operation.name} answered ${answer.statusCode} with the mark`);
      if (operation.byId && !isShared(operation, victim) && answer.statusCode < 400)
        leaks.push(`${operation.name} answered ${answer.statusCode}`);
      if (answer.statusCode >= 500) leaks.push(`${operation.name} failed: ${answer.body.slice(0, 200)}`);
    }
    expect(leaks).toEqual([]);
    expect(await victim.fingerprint()).toEqual(before);
  });
});

test('with every role at once, cut to a campaign of the neighbour, nothing is seen or changed either', async () => {
  expect(await attack(await victim.everyRole('campaign'))).toEqual([]);
});

test('with every role at once, cut to another system, only the name of the organization is seen', async () => {
  expect(await attack(await victim.everyRole('system'))).toEqual([]);
});

/** What leaked or changed when every operation was tried. */
async function attack(visitor: Visitor): Promise<string[]> {
  const before = await victim.fingerprint();
  const leaks: string[] = [];
  for (const operation of operations) {
    const target = targetOf(operation, victim);
    if (target === null) continue;
    const { statusCode, body } = await visitor.send(target);
    if (body.replaceAll(`${MARK} hospital`, '').includes(MARK) || body.includes('192.0.2.7'))
      leaks.push(`${operation.name} answered ${statusCode}: ${body.slice(0, 300)}`);
    if (statusCode >= 500) leaks.push(`${operation.name} failed: ${body.slice(0, 200)}`);
  }
  const after = await victim.fingerprint();
  return [...leaks, ...Object.keys(after).filter((table) => after[table] !== before[table])];
}

test('who has another system of the same organization sees no asset and no finding of this one', async () => {
  const owner = await victim.ownerOfOtherSystem();
  const ofAssets = operations.filter(
    ({ access }) => typeof access === 'object' && ['asset', 'finding'].includes(access.object),
  );
  for (const operation of ofAssets) {
    const target = targetOf(operation, victim);
    if (target === null || !operation.byId) continue;
    const answer = await owner.send(target);
    expect([operation.name, [403, 404].includes(answer.statusCode), answer.body.includes(MARK)]).toEqual([
      operation.name,
      true,
      false,
    ]);
  }
});

test('whoever may, is let in by each of these operations: the attacks above are well formed', async () => {
  const refused: string[] = [];
  let shown = 0;
  // What is read is read before it is changed and removed.
  const reads = operations.filter(({ method }) => method === 'GET');
  for (const operation of [...reads, ...operations.filter((one) => !reads.includes(one))]) {
    const { access } = operation;
    const target = targetOf(operation, victim);
    if (target === null || typeof access !== 'object') continue;
    const insider = await victim.insider(access);
    const answer = await insider.send(target);
    if ([401, 403, 404].includes(answer.statusCode) || answer.statusCode >= 500) {
      refused.push(`${operation.name} answered ${answer.statusCode}: ${answer.body.slice(0, 160)}`);
    }
    if (answer.body.includes(MARK)) shown += 1;
  }
  expect(refused).toEqual([]);
  expect(shown).toBeGreaterThan(30);
});
