import type { TestWindow } from '@backcheck/core';
import { ensureAccount } from '@backcheck/db';
import { beforeAll, expect, it } from 'vitest';
import { DeadlineWorld } from './deadline-world.fixture.ts';

const SEEN = '2026-06-01T02:00:00.000Z';
/** Monday; five working days end with the 8th, Dragon Boat Festival is on the 19th. */
const NOTIFIED = '2026-06-01T03:00:00.000Z';
const ASKED = '2026-06-03T02:00:00.000Z';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

let world: DeadlineWorld;
beforeAll(async () => {
  world = await DeadlineWorld.start();
});

let next = 1;
/** A finding of a new organization, and a retest of it whose one task waits under an authorization with these hours. */
async function waits(windows: readonly TestWindow[], severity = 'high') {
  const organizationId = await world.organization(`Works ${next}`);
  await world.scan(organizationId, { at: SEEN, addresses: [`192.0.2.${next}`], severity });
  next += 1;
  const finding = await world.first(organizationId);
  await world.notify(finding, NOTIFIED);
  const lead = await ensureAccount(world.running.parts.widePool, 'Paper drafter');
  const { rows } = await world.owner.query<{ id: string }>(
    `insert into test_authorization (organization_id, title, ranges, names, allowed, forbidden, windows, time_zone, rate, source_addresses,
       stop_contact_name, stop_contact_phone, signed_by, document_name, document_size, document_sha256, valid_from, expires_at, drafted_by,
       drafted_at, approved_at)
     values ($1, 'Tests', '{192.0.2.0/24}', '{}', '{tls}', '{}', $2, 'Asia/Shanghai', 10, '{}', 'Duty', '1', 'Director', 'a.pdf', 1, '',
       '2026-01-01', '2026-12-31', $3, $4, $4) returning test_authorization_id as id`,
    [organizationId, JSON.stringify(windows), lead.accountId, SEEN],
  );
  const authorizationId = rows[0]?.id ?? '';
  const end = await world.retest(finding, ASKED);
  await world.owner.query(
    `insert into retest_task (organization_id, retest_id, task_no, test_authorization_id, engine, method, vantage, host, questions, priority, rate)
     select organization_id, retest_id, 1, $2, 'sslscan', 'tls', 'here', '192.0.2.1', '[]', 1, 1 from retest where organization_id = $1`,
    [organizationId, authorizationId],
  );
  const ended = async (at: string) => {
    await world.owner.query(
      `update retest_task set state = 'done', finished_at = $2 where organization_id = $1`,
      [organizationId, at],
    );
    await end(at);
  };
  const present = async () => (await world.deadline(finding)).present;
  return { organizationId, authorizationId, ended, present };
}

it('a day on which the organization allowed no test counts, and the page of the finding says why', async () => {
  const { ended, present } = await waits([{ days: [7], from: '03:00', until: '04:00' }]);
  await ended('2026-06-06T19:30:00.000Z');
  // only Sunday the 7th had an hour, and Sundays count for nobody
  expect(await present()).toMatchObject({
    dueAt: '2026-06-08T16:00:00.000Z',
    counted: [{ from: ASKED, until: '2026-06-06T16:00:00.000Z', why: 'hours' }],
  });
});

it('each day that had an allowed hour does not count while the retest waits', async () => {
  const { ended, present } = await waits([{ days: EVERY_DAY, from: '22:00', until: '23:00' }]);
  await ended('2026-06-04T14:30:00.000Z');
  expect(await present()).toMatchObject({ dueAt: '2026-06-10T16:00:00.000Z', counted: [] });
});

it('what is critical is never paused, and the page says that too', async () => {
  const { ended, present } = await waits([], 'critical');
  await ended('2026-06-04T02:00:00.000Z');
  expect(await present()).toMatchObject({
    pausedSeconds: 0,
    counted: [{ from: ASKED, until: '2026-06-04T02:00:00.000Z', why: 'grade' }],
  });
});

it.each([
  ['the organization had stopped all tests count, also after it resumed them', 'liaison', 8, 'stopped'],
  ['the coordinator had stopped all tests do not count', 'duty-officer', 10, null],
] as const)('days on which %s', async (_title, role, lastDay, why) => {
  const { organizationId, authorizationId, ended, present } = await waits([]);
  const { accountId } = await world.running.visitor(`Stops as ${role}`, [
    { role, organizationId: Number(organizationId) },
  ]);
  const stop =
    'update test_authorization set stopped_at = $2, stopped_by = $3 where test_authorization_id = $1';
  await world.owner.query(stop, [authorizationId, '2026-06-02T17:00:00.000Z', accountId]);
  await world.determined();
  await world.owner.query(
    'update test_authorization set stopped_at = null, stopped_by = null, approved_at = $2 where test_authorization_id = $1',
    [authorizationId, '2026-06-04T16:30:00.000Z'],
  );
  await ended('2026-06-04T17:00:00.000Z');
  // 5 June began in Shanghai half an hour before tests were allowed again: that day does not count in any case
  const day = lastDay === 8 ? '2026-06-09' : '2026-06-11';
  expect(await present()).toMatchObject({
    dueAt: `${day}T16:00:00.000Z`,
    counted: why === null ? [] : [{ from: ASKED, until: '2026-06-04T16:00:00.000Z', why }],
  });
});

it('a retest of each day wins no day after two that found everything as it was', async () => {
  const organizationId = await world.organization('Works that ask each day');
  await world.scan(organizationId, { at: SEEN, addresses: ['192.0.2.200'] });
  const finding = await world.first(organizationId);
  await world.notify(finding, NOTIFIED);
  const asked = ['02', '03', '04', '05'].map((day) => `2026-06-${day}T02:00:00.000Z`);
  for (const at of asked) {
    const end = await world.retest(finding, at);
    await world.owner.query(
      `update retest_finding f set outcome = 'still-present' from retest r
       where r.organization_id = $1 and r.retest_id = f.retest_id and r.finished_at is null`,
      [organizationId],
    );
    await end(at.replace('T02', 'T03'));
  }
  const counted = asked
    .slice(2)
    .map((from) => ({ from, until: from.replace('T02', 'T03'), why: 'repeated' }));
  expect((await world.deadline(finding)).present).toMatchObject({
    dueAt: '2026-06-10T16:00:00.000Z',
    counted,
  });
});

it.each([
  ['the organization itself stopped wins it no day', 'liaison', 8],
  ['the coordinator stopped is a time in which we were waited for', 'campaign-manager', 11],
] as const)('a retest of each day that %s', async (_title, role, lastDay) => {
  const organizationId = await world.organization(`Works stopped by ${role}`);
  await world.scan(organizationId, { at: SEEN, addresses: [`192.0.2.${200 + lastDay}`] });
  const finding = await world.first(organizationId);
  await world.notify(finding, NOTIFIED);
  const { accountId } = await world.running.visitor(`Stops each day as ${role}`, [
    { role, organizationId: Number(organizationId) },
  ]);
  const asked = ['02', '03', '04'].map((day) => `2026-06-${day}T02:00:00.000Z`);
  for (const from of asked) {
    const end = await world.retest(finding, from);
    await world.owner.query(
      `update retest set stopped_by = $2, stopped_at = $3 where organization_id = $1 and finished_at is null`,
      [organizationId, accountId, from],
    );
    await end(from.replace('T02:00', 'T02:01'));
  }
  const counted = asked.map((from) => ({ from, until: from.replace('T02:00', 'T02:01'), why: 'withdrawn' }));
  expect((await world.deadline(finding)).present).toMatchObject({
    dueAt: `2026-06-${lastDay === 8 ? '08' : '11'}T16:00:00.000Z`,
    counted: role === 'liaison' ? counted : [],
  });
});

it('a retest that the organization stopped after it had shown the finding still present was a wait for us', async () => {
  const organizationId = await world.organization('Works that stop the rest');
  await world.scan(organizationId, { at: SEEN, addresses: ['192.0.2.220'] });
  const finding = await world.first(organizationId);
  await world.notify(finding, NOTIFIED);
  const { accountId } = await world.running.visitor('Stops the rest', [
    { role: 'liaison', organizationId: Number(organizationId) },
  ]);
  const end = await world.retest(finding, '2026-06-02T02:00:00.000Z');
  await world.owner.query(
    `with stopped as (update retest set stopped_by = $2, stopped_at = requested_at where organization_id = $1 returning retest_id)
     update retest_finding f set outcome = 'still-present' from stopped s where f.organization_id = $1 and f.retest_id = s.retest_id`,
    [organizationId, accountId],
  );
  await end('2026-06-02T05:00:00.000Z');
  expect((await world.deadline(finding)).present).toMatchObject({
    dueAt: '2026-06-09T16:00:00.000Z',
    counted: [],
  });
});
