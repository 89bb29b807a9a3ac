import { ROLES, type Role } from '@backcheck/core';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { RunningApp, type Visitor } from '../../packages/server/src/testing/running-app.ts';
import { isInside, isShared, type Operation, operationsOf, targetOf } from '../support/operations.ts';
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
  const all = operationsOf((await running.app.inject({ url: '/api/openapi.json' })).json());
  // whoever has signed out tries the rest as nobody
  operations = [
    ...all.filter(({ name }) => name !== SIGN_OUT),
    ...all.filter(({ name }) => name === SIGN_OUT),
  ];
});
const SIGN_OUT = 'DELETE /api/v1/session';

test('every operation has a rule of access and a way to be attacked', () => {
  expect(operations.length).toBeGreaterThan(50);
  const silent = operations.filter(({ access }) => access === undefined).map(({ name }) => name);
  expect(silent).toEqual([]);
  expect(operations.filter((one) => targetOf(one, victim) === null).map(({ name }) => name)).toEqual([]);
});

describe.each(ROLES)('as %s of a neighbour', (role: Role) => {
  test('no operation shows or changes anything of the organization', async () => {
    const neighbour = await victim.neighbour(role);
    const judge = (operation: Operation, { statusCode, body }: LightMyRequestResponse): string[] => [
      ...(body.includes(MARK) ? [`${operation.name} answered ${statusCode} with the mark`] : []),
      ...(operation.byId && !isShared(operation, victim) && statusCode < 400
        ? [`${operation.name} answered ${statusCode}`]
        : []),
    ];
    expect(await attack(neighbour, judge)).toEqual([]);
  });
});

test('with every role at once, cut to a campaign of the neighbour, nothing is seen or changed either', async () => {
  expect(await attack(await victim.everyRole('campaign'), showsNothing)).toEqual([]);
});

test('with every role at once, cut to another system, only the name of the organization is seen', async () => {
  const guarded = operations.filter((operation) => !isInside(operation, victim));
  expect(await attack(await victim.everyRole('system'), showsNothing, guarded)).toEqual([]);
});

function showsNothing({ name }: Operation, { statusCode, body }: LightMyRequestResponse): string[] {
  const shown = body.replaceAll(`${MARK} hospital`, '');
  if (!shown.includes(MARK) && !shown.includes('192.0.2.7')) return [];
  return [
    `${name} answered ${statusCode}: ${shown.slice(Math.max(0, shown.indexOf(MARK) - 300), shown.indexOf(MARK) + 60)}`,
  ];
}

/** What leaked or changed when every operation was tried. */
async function attack(
  visitor: Visitor,
  judge: (operation: Operation, answer: LightMyRequestResponse) => string[],
  tried = operations,
): Promise<string[]> {
  const before = await victim.fingerprint();
  const leaks: string[] = [];
  for (const operation of tried) {
    const target = targetOf(operation, victim);
    if (target === null) continue;
    const answer = await visitor.send(target);
    leaks.push(...judge(operation, answer));
    if (answer.statusCode >= 500) leaks.push(`${operation.name} failed: ${answer.body.slice(0, 200)}`);
    if (answer.body.includes('NOT_SIGNED_IN')) leaks.push(`${operation.name} was tried by nobody`);
  }
  const after = await victim.fingerprint();
  return [...leaks, ...Object.keys(after).filter((table) => after[table] !== before[table])];
}

test('who has another system of the same organization sees no asset, finding, notice or reply of this one', async () => {
  const owner = await victim.ownerOfOtherSystem();
  const ofAssets = operations.filter(
    ({ access }) =>
      typeof access === 'object' && ['asset', 'finding', 'notice', 'reply'].includes(access.object),
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
    const attack = victim.attacks[operation.name];
    const insider = attack?.installation === true ? running : await victim.insider(access, attack?.by);
    const answer = await insider.send(target);
    if ([401, 403, 404].includes(answer.statusCode) || answer.statusCode >= 500) {
      refused.push(`${operation.name} answered ${answer.statusCode}: ${answer.body.slice(0, 160)}`);
    }
    if (answer.body.includes(MARK)) shown += 1;
  }
  expect(refused).toEqual([]);
  expect(shown).toBeGreaterThan(30);
});
