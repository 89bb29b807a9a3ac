import { type Fix, FixList, SiblingList } from '@backcheck/contract';
import { organizationsToGroup } from '@backcheck/db';
import type { JobHelpers } from 'graphile-worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { fixTasks } from './tasks.ts';

/** Titles of one check in two organizations: a tool puts what it met into them. */
const OURS = 'Uncommon header x-internal: 10.3.4.5 user=zhangwei';
const THEIRS = 'Uncommon header x-powered-by';
const CHECK = 'house-audit:weak-tls';

let running: RunningApp;
let first: string;
let second: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  [first, second] = [await running.organization('First'), await running.organization('Second')];
  await send(first, { title: OURS, at: '2026-10-01T10:00:00Z' });
  await send(second, { title: THEIRS, at: '2026-10-01T10:00:00Z' });
});

interface Sent {
  readonly title: string;
  readonly at: string;
  readonly check?: string;
  readonly machine?: number;
}

async function send(organizationId: string, { title, at, check = CHECK, machine = 1 }: Sent): Promise<void> {
  const file = houseScan({ at, assets: [[{ kind: 'ip', value: `192.0.2.${machine}` }]], present: true })
    .replaceAll('Weak TLS is offered', title)
    .replaceAll(CHECK, check);
  const sent = (await running.upload(file, { organizationId, confirm: 'true' })).json();
  expect((await running.settled(sent.id)).problem).toBeNull();
  await vi.waitFor(async () => expect(await organizationsToGroup(running.parts.widePool)).toEqual([]), {
    timeout: 20_000,
  });
}

const liaisonOf = (organizationId: string) =>
  running.visitor(`Liaison of ${organizationId}`, [
    { role: 'liaison', organizationId: Number(organizationId) },
  ]);
const namesOf = (items: readonly Fix[]) => items.map(({ subject }) => subject.en).sort();
const fixes = async (query = '') => FixList.parse((await running.get(`/api/v1/fixes?${query}`)).json()).items;

describe('the name of a measure', () => {
  it('has no word of another organization’s file, wherever it is shown', async () => {
    const liaison = await liaisonOf(second);
    const answers = [
      await liaison.get('/api/v1/fixes'),
      await liaison.get(`/api/v1/fixes?organizationId=${second}`),
    ];
    const [one] = FixList.parse(answers[0]?.json()).items;
    answers.push(await liaison.get(`/api/v1/fixes/${one?.id}`));
    const { items } = (await liaison.get('/api/v1/findings')).json();
    answers.push(await liaison.get(`/api/v1/findings/${items[0].id}/problem`));
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain(THEIRS);
      expect(answer.body).not.toMatch(/x-internal|zhangwei/);
    }
    expect(SiblingList.parse(answers[3]?.json()).fix?.subject.zh).toBe(THEIRS);
    expect(namesOf(await fixes(`organizationId=${first}`))).toEqual([OURS]);
  });

  it('is stored without a word of any file', async () => {
    const { rows } = await running.parts.widePool.query('select subject from fix');
    expect(rows).toEqual([{ subject: { zh: CHECK, en: CHECK } }]);
  });

  it('is the name of the check where the titles of its findings differ', async () => {
    expect(namesOf(await fixes())).toEqual([CHECK]);
    const check = 'house-audit:open-port';
    for (const [machine, port] of [22, 80].entries())
      await send(first, { title: `Port ${port}/tcp is open`, at: '2026-10-02T10:00:00Z', check, machine });
    expect(namesOf(await fixes(`organizationId=${first}`))).toEqual([OURS, check].sort());
  });

  it('has a product as the titles write it that the caller sees', async () => {
    const product = (n: number, name: string) => ({
      title: `${name} < 1.2.${n} Multiple Vulnerabilities`,
      at: '2026-10-03T10:00:00Z',
      check: `house-audit:product-${n}`,
    });
    await send(first, product(3, 'OPENhouse'));
    await send(second, product(4, 'Openhouse'));
    await send(second, product(5, 'Openhouse'));
    expect(namesOf(await fixes(`organizationId=${first}`))).toContain('OPENhouse');
    expect(namesOf(await fixes(`organizationId=${second}`))).toEqual(['Openhouse', THEIRS].sort());
  });
});

describe('over more organizations than are counted at once', () => {
  it('follows the titles of those that the caller sees', async () => {
    const { widePool } = running.parts;
    await widePool.query(
      `insert into organization (parent_id, name) select $1, 'School ' || n from generate_series(1, 60) n`,
      [second],
    );
    await fixTasks(running.parts)['sum-fixes']?.({}, {} as JobHelpers);
    const liaison = await liaisonOf(second);
    const seen = await liaison.get('/api/v1/fixes');
    expect(namesOf(FixList.parse(seen.json()).items)).toEqual(['Openhouse', THEIRS].sort());
    expect(namesOf(await fixes())).toContain(CHECK);
    await send(second, { title: `${THEIRS} (again)`, at: '2026-10-04T10:00:00Z' });
    await fixTasks(running.parts)['sum-fixes']?.({}, {} as JobHelpers);
    const again = await liaison.get('/api/v1/fixes');
    expect(namesOf(FixList.parse(again.json()).items)).toContain(`${THEIRS} (again)`);
  });
});
