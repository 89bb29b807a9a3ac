import { NoticeDetail } from '@backcheck/contract';
import { handOver, inTransaction, tryLockDetermination } from '@backcheck/db';
import { beforeAll, expect, it } from 'vitest';
import { HAND_OVER } from '../../../../tests/support/hand-over.ts';
import { DeadlineWorld } from './deadline-world.fixture.ts';
import { determineEverywhere } from './determine.ts';
import { dueIfNotified } from './due-if-notified.ts';

const SEEN = '2026-06-01T02:00:00.000Z';

let world: DeadlineWorld;
beforeAll(async () => {
  world = await DeadlineWorld.start();
});

it('a finding that went to another organization waits for a notice to that one, and takes no extension along', async () => {
  const [bank, clinic] = [await world.organization('Bank'), await world.organization('Clinic')];
  await world.scan(bank, { at: SEEN, addresses: ['192.0.2.1'] });
  const finding = await world.first(bank);
  await world.notify(finding, '2026-06-02T02:00:00.000Z');
  await world.extend(finding, '2026-08-01T16:00:00.000Z', '2026-06-03T02:00:00.000Z');
  expect((await world.first(bank)).due?.at).toBe('2026-08-01T16:00:00.000Z');
  const given = { from: Number(bank), to: Number(clinic), assets: [finding.asset.id] };
  await inTransaction(world.running.parts.widePool, (tx) => handOver(tx, { ...given, decision: HAND_OVER }));
  await world.determined();
  expect((await world.first(clinic)).due).toMatchObject({ at: null, turn: 'us' });
  const { rows } = await world.owner.query(
    `select (select count(*)::int from finding_due where organization_id = $1) as due,
       (select d.cause from finding_determination d where d.organization_id = $1 order by d.determination_no desc limit 1) as cause`,
    [bank],
  );
  expect(rows).toEqual([{ due: 0, cause: 'closed' }]);
  await world.notify(await world.first(clinic), '2026-06-22T02:00:00.000Z');
  expect((await world.first(clinic)).due?.at).toBe('2026-06-29T16:00:00.000Z');
});

it('an organization that is placed below another node gets the dates of the policy that holds there', async () => {
  const province = await world.running.organization('Province');
  const school = await world.organization('School');
  await world.scan(school, { at: SEEN, addresses: ['192.0.2.2'] });
  await world.assign(await world.policy('group-30-60-90'), province, 'open').put();
  expect((await world.first(school)).due?.at).toBeNull();
  await world.owner.query('update organization set parent_id = $2 where organization_id = $1', [
    school,
    province,
  ]);
  await world.determined();
  expect((await world.first(school)).due?.at).toBe('2026-07-02T00:00:00.000Z');
});

it('what holds everywhere from now on reaches an organization that is being determined at that moment', async () => {
  const shop = await world.organization('Shop');
  await world.scan(shop, { at: SEEN, addresses: ['192.0.2.3'] });
  const { widePool, clock, log } = world.running.parts;
  let everywhere: Promise<void> | undefined;
  await inTransaction(widePool, async (tx) => {
    expect(await tryLockDetermination(tx, Number(shop))).toBe(true);
    await tx.query('delete from finding_due where organization_id = $1', [shop]);
    everywhere = determineEverywhere({ widePool, clock, log });
    await Promise.race([everywhere, world.someoneWaits()]);
  });
  await everywhere;
  expect((await world.first(shop)).due).not.toBeNull();
});

it.each([
  // both are moments of 8 June in Shanghai, and of 7 June by UTC
  ['begins with its first day where the policy counts', { from: '2026-06-08' }, '2026-06-08T11:00:00.000Z'],
  ['ends with its last day where the policy counts', { to: '2026-06-07' }, '2026-06-11T16:00:00.000Z'],
])('a key list %s', async (name, { from, to }: { from?: string; to?: string }, dueAt) => {
  const fair = await world.organization(`Fair: ${name}`);
  await world.scan(fair, {
    at: SEEN,
    addresses: [from === undefined ? '192.0.2.7' : '192.0.2.8'],
    severity: 'critical',
  });
  const { id, asset } = await world.first(fair);
  await world.owner.query(
    `with list as (insert into key_list (name, purpose, valid_from, valid_to) values ($3, 'protection', $4, $5) returning key_list_id)
     insert into key_list_member select $1, key_list_id, 'asset', $2::bigint from list`,
    [fair, asset.id, `Guarantee: ${name}`, from, to],
  );
  const { widePool } = world.running.parts;
  const wanted = { organizationId: Number(fair), findingIds: [id], at: '2026-06-07T23:00:00.000Z' };
  const due = await inTransaction(widePool, (tx) => dueIfNotified(tx, wanted));
  expect(due.get(id)?.dueAt).toBe(dueAt);
});

it('a paper says the dates that its findings have afterwards, whoever issues it', async () => {
  const mill = await world.organization('Mill');
  const cve = 'CVE-2026-49999';
  await world.scan(mill, { at: SEEN, addresses: ['192.0.2.4'], severity: 'medium', cve });
  await world.scan(mill, { at: SEEN, addresses: ['192.0.2.5', '192.0.2.6'], severity: 'low' });
  await world.owner.query(`insert into known_exploited (cve, added_on) values ($1, '2026-06-04')`, [cve]);
  await world.owner.query(
    `with list as (insert into key_list (name, purpose) values ('Guarantee', 'protection') returning key_list_id)
     insert into key_list_member select a.organization_id, list.key_list_id, 'asset', a.asset_id from list, asset a
       where a.organization_id = $1 and a.identity = 'ip:192.0.2.5'`,
    [mill],
  );
  const here = { organizationId: Number(mill) };
  const writer = await world.running.visitor('Writer', [{ role: 'campaign-manager', ...here }]);
  const chief = await world.running.visitor('Chief', [{ role: 'coordinator-lead', ...here }]);
  const findingIds = (await world.find(mill)).map(({ id }) => id);
  const words = { title: { zh: '通知', en: '' }, body: { zh: '请整改。', en: '' } };
  const post = async (who: typeof writer, url: string, payload?: object) => {
    const { statusCode, body } = await who.send({
      method: 'POST',
      url,
      ...(payload === undefined ? {} : { payload }),
    });
    expect([statusCode, body]).toEqual([expect.any(Number), expect.stringContaining('"contentSha256"')]);
    return NoticeDetail.parse(JSON.parse(body));
  };
  const draft = { kind: 'rectification', ...words, findingIds };
  const { id } = await post(writer, '/api/v1/notices', { organizationId: mill, draft });
  await post(writer, `/api/v1/notices/${id}/submit`);
  await post(chief, `/api/v1/notices/${id}/approve`);
  const { content } = await post(chief, `/api/v1/notices/${id}/issue`);
  await world.determined();
  const printed = new Map(content.findings.map((one) => [one.id, one.dueAt]));
  const after = new Map((await world.find(mill)).map((one) => [one.id, one.due?.at]));
  expect(printed).toEqual(after);
  expect(new Set(printed.values()).size).toBeGreaterThan(1);
});
