import { CalendarList, DatesPreview, DeadlinePolicy, DeadlinePolicyList } from '@backcheck/contract';
import { type Policy, PRESETS } from '@backcheck/core';
import { inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../testing/running-app.ts';
import { DeadlineWorld } from './deadline-world.fixture.ts';
import { preview } from './preview.ts';

let world: DeadlineWorld;
let drafter: Visitor;
beforeAll(async () => {
  world = await DeadlineWorld.start();
  drafter = await world.running.visitor('Manager', [
    { role: 'campaign-manager', organizationId: Number(world.city) },
  ]);
});

const SEEN = '2026-06-01T02:00:00.000Z';
const list = async () => DeadlinePolicyList.parse((await world.lead.get('/api/v1/deadline-policies')).json());
const [preset] = PRESETS.filter(({ code }) => code === 'group-30-60-90');
const own = (code: string, days: number): Policy => ({
  ...(preset as Policy),
  code,
  title: { zh: '本单位时限', en: 'Our own terms' },
  rules: [{ id: 'all', when: [], fix: { kind: 'within', term: { amount: days, unit: 'calendar-days' } } }],
});
const draft = (content: Policy, organizationId: string | null = world.city) =>
  drafter.send({
    method: 'POST',
    url: '/api/v1/deadline-policies',
    payload: { organizationId, content },
  });
const approve = (id: string) =>
  world.lead.send({ method: 'POST', url: `/api/v1/deadline-policies/${id}/approve` });

async function approved(content: Policy): Promise<string> {
  const { id } = DeadlinePolicy.parse((await draft(content)).json());
  expect((await approve(id)).statusCode).toBe(200);
  return id;
}

describe('deadline policies', () => {
  it('are there from the start, each preset once, with the default for all', async () => {
    const { items, assignments, defaultCode } = await list();
    const shown = items.map(({ content: { code }, version, preset: of }) => `${code} ${version} ${of}`);
    expect(shown).toEqual(PRESETS.map(({ code }) => `${code} 1 true`).sort());
    expect(assignments).toEqual([]);
    expect(defaultCode).toBe('cn-default');
  });

  it('hold nowhere before somebody else than the drafter approved them', async () => {
    const { id } = DeadlinePolicy.parse((await draft(own('ours', 20))).json());
    expect((await world.assign(id, world.city, 'open').preview()).json().code).toBe('POLICY_NOT_APPROVED');
    expect((await world.assign(id, world.city, 'open').put()).json().code).toBe('POLICY_NOT_APPROVED');
    const both = await world.running.visitor('Both', [
      { role: 'campaign-manager', organizationId: Number(world.city) },
      { role: 'coordinator-lead', organizationId: Number(world.city) },
    ]);
    const payload = { organizationId: world.city, content: own('both', 20) };
    const mine = (await both.send({ method: 'POST', url: '/api/v1/deadline-policies', payload })).json();
    const tried = await both.send({ method: 'POST', url: `/api/v1/deadline-policies/${mine.id}/approve` });
    expect(tried.json().code).toBe('POLICY_NOT_YOURS_TO_APPROVE');
    expect((await approve(id)).json()).toMatchObject({ approvedBy: { name: 'Lead' } });
    expect((await approve(id)).json().code).toBe('POLICY_APPROVED_BEFORE');
  });

  it('are refused with every flaw in both languages, and may not take the code of a preset', async () => {
    const flawed = (await draft({ ...own('flawed', 20), timeZone: 'Asia/Nowhere' })).json();
    expect(flawed).toMatchObject({ code: 'POLICY_INVALID', status: 422 });
    expect(flawed.texts.detail.zh).toContain('timeZone');
    expect((await draft(own('cn-default', 20))).json().code).toBe('POLICY_CODE_OF_PRESET');
  });

  it('of one node hold there and below it only', async () => {
    const id = await approved(own('of-the-city', 20));
    const elsewhere = await world.running.organization('Another city');
    expect((await world.assign(id, elsewhere, 'open').put()).json().code).toBe('POLICY_NOT_OF_THIS_NODE');
    expect((await world.assign(id, null, 'open').put()).json().code).toBe('POLICY_NOT_OF_THIS_NODE');
    const stranger = await world.running.visitor('Stranger', [
      { role: 'coordinator-lead', organizationId: Number(elsewhere) },
    ]);
    const seen = DeadlinePolicyList.parse((await stranger.get('/api/v1/deadline-policies')).json());
    expect(seen.items.filter(({ preset }) => !preset)).toEqual([]);
    const { statusCode } = await stranger.send({
      method: 'PUT',
      url: `/api/v1/deadline-policies/${await world.policy('group-30-60-90')}/assignment`,
      payload: { organizationId: world.city, appliesTo: 'open' },
    });
    expect(statusCode).toBe(422);
  });
});

describe('an assignment', () => {
  it('does what its preview said, and rewrites no row of history', async () => {
    const school = await world.organization('School');
    await world.scan(school, { at: SEEN, addresses: ['192.0.2.1', '192.0.2.2'] });
    await world.scan(school, { at: SEEN, addresses: ['192.0.2.3'], severity: 'low' });
    const [one] = await world.find(school, '&severity=high');
    if (one === undefined) throw new Error('there are two');
    await world.notify(one, '2026-06-03T02:00:00.000Z');
    const rows = await world.history(school);
    const step = world.assign(await world.policy('group-30-60-90'), school, 'open');
    const seen = DatesPreview.parse((await step.preview()).json());
    expect(await world.history(school)).toEqual(rows);
    expect(seen).toMatchObject({ findings: 3, examined: 3 });
    expect(seen.counts).toEqual([
      { grade: 'high', earlier: 0, later: 1, same: 0, first: 1, none: 0 },
      { grade: 'low', earlier: 0, later: 0, same: 0, first: 1, none: 0 },
    ]);
    expect((await step.put()).statusCode).toBe(200);
    const dates = new Map((await world.find(school)).map(({ id, due }) => [id, due?.at]));
    expect(seen.examples.map(({ findingId }) => dates.get(findingId))).toEqual(
      seen.examples.map(({ after }) => after),
    );
    const after = await world.history(school);
    expect(after).toHaveLength(rows.length + 3);
    expect(after.filter((row) => rows.includes(row))).toEqual(rows);
    const { history, present } = await world.deadline(one);
    expect(history[0]).toMatchObject({ cause: 'policy', policy: { code: 'group-30-60-90' } });
    expect(present?.policy?.title.en).not.toBe('');
  });

  it('to new findings leaves those alone whose time had begun', async () => {
    const clinic = await world.organization('Clinic');
    await world.scan(clinic, { at: SEEN, addresses: ['192.0.2.11'] });
    const rows = await world.history(clinic);
    const step = world.assign(await world.policy('group-30-60-90'), clinic, 'new');
    const seen = DatesPreview.parse((await step.preview()).json());
    expect(seen.counts).toEqual([{ grade: 'high', earlier: 0, later: 0, same: 1, first: 0, none: 0 }]);
    await step.put();
    expect(await world.history(clinic)).toEqual(rows);
    await world.scan(clinic, { at: new Date(Date.now() + 1000).toISOString(), addresses: ['192.0.2.12'] });
    const policies = [];
    for (const finding of await world.find(clinic, '&sort=-age'))
      policies.push((await world.deadline(finding)).present?.policy?.code);
    expect(policies).toEqual(['cn-default', 'group-30-60-90']);
  });

  it('of the nearest node wins', async () => {
    const district = await world.organization('District');
    const ours = await approved(own('of-the-district', 7));
    await world.assign(await world.policy('group-30-60-90'), world.city, 'open').put();
    await world.scan(district, { at: SEEN, addresses: ['192.0.2.21'] });
    const code = async () => (await world.deadline(await world.first(district))).present?.policy?.code;
    expect(await code()).toBe('group-30-60-90');
    await world.assign(ours, district, 'open').put();
    expect(await code()).toBe('of-the-district');
    await world.assign(await world.policy('cisa-bod-26-04'), world.city, 'open').put();
    expect(await code()).toBe('of-the-district');
  });
});

describe('working calendars', () => {
  const calendars = async () =>
    CalendarList.parse((await world.lead.get('/api/v1/working-calendars')).json()).items;
  const takeIn = (payload: object, who: Pick<Visitor, 'send'> = drafter) =>
    who.send({ method: 'PUT', url: '/api/v1/working-calendars', payload });
  const step = (id: string, name: 'preview' | 'approve', who: Pick<Visitor, 'send'> = world.lead) =>
    who.send({ method: 'POST', url: `/api/v1/working-calendars/${id}/${name}` });
  const newestAt = async (node: string) => {
    const [here] = (await calendars()).filter(({ organizationId }) => organizationId === node);
    if (here === undefined) throw new Error('there is no calendar of its own');
    return here;
  };

  it('get the days of a year as CSV, as their next version, and dates follow', async () => {
    const town = await world.organization('Town');
    await world.assign(await world.policy('cn-default'), town, 'open').put();
    await world.scan(town, { at: SEEN, addresses: ['192.0.2.41'] });
    await world.notify(await world.first(town), '2026-06-03T02:00:00.000Z');
    expect((await world.first(town)).due?.at).toBe('2026-06-10T16:00:00.000Z');
    const csv =
      'day,name,kind\n2026-06-05,城市纪念日,holiday\n2026-06-06,调休,make-up\n2026-06-08,"纪念日, 补休",holiday\n';
    expect((await takeIn({ organizationId: town, code: 'cn', csv })).statusCode).toBe(200);
    await world.determined();
    expect((await world.first(town)).due?.at).toBe('2026-06-10T16:00:00.000Z');
    const here = await newestAt(town);
    const [inForce] = (await calendars()).filter(
      ({ content: { code }, organizationId }) => code === 'cn' && organizationId === null,
    );
    expect(here).toMatchObject({ approvedAt: null, replacesId: inForce?.id });
    const seen = DatesPreview.parse((await step(here.id, 'preview')).json());
    expect(seen).toMatchObject({
      id: null,
      state: 'done',
      findings: 1,
      counts: [{ grade: 'high', later: 1, earlier: 0, same: 0 }],
      examples: [{ before: '2026-06-10T16:00:00.000Z', after: '2026-06-11T16:00:00.000Z' }],
    });
    expect((await step(here.id, 'approve')).statusCode).toBe(200);
    await world.determined();
    expect(here).toMatchObject({ version: 1, content: { code: 'cn', validTo: 2026 } });
    expect(here.content.holidays.filter(({ day }) => day.startsWith('2026')).length).toBe(2);
    expect(here.content.holidays.some(({ day }) => day.startsWith('2025'))).toBe(true);
    // 4, Saturday 6, 9, 10, 11
    expect((await world.first(town)).due?.at).toBe('2026-06-11T16:00:00.000Z');
    expect((await world.deadline(await world.first(town))).history[0]?.cause).toBe('calendar');
  });

  it('count once somebody else than who took them in has approved them, and never before a later version', async () => {
    const port = await world.organization('Port');
    const both = await world.running.visitor('Takes in and approves', [
      { role: 'campaign-manager', organizationId: Number(world.city) },
      { role: 'coordinator-lead', organizationId: Number(world.city) },
    ]);
    const csv = '2026-06-05,城市纪念日,holiday';
    await takeIn({ organizationId: port, code: 'cn', csv }, both);
    const first = await newestAt(port);
    expect((await step(first.id, 'approve', both)).json().code).toBe('CALENDAR_NOT_YOURS_TO_APPROVE');
    expect((await step(first.id, 'approve', drafter)).json().code).toBe('FORBIDDEN');
    await takeIn({ organizationId: port, code: 'cn', csv }, both);
    const second = await newestAt(port);
    expect([first.version, second.version]).toEqual([1, 2]);
    expect((await step(second.id, 'approve')).statusCode).toBe(200);
    expect((await step(first.id, 'approve')).json().code).toBe('CALENDAR_APPROVED_BEFORE');
  });

  it('are approved once, also by two at the same time', async () => {
    const fort = await world.organization('Fort');
    await takeIn({ organizationId: fort, code: 'cn', csv: '2026-06-05,城市纪念日,holiday' });
    const { id } = await newestAt(fort);
    const answers = await Promise.all([step(id, 'approve'), step(id, 'approve')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  });

  it('are refused where the days leave years between of which nothing would be known', async () => {
    const days = (...all: string[]) => all.map((day) => `${day},纪念日,holiday`).join('\n');
    const here = { organizationId: await world.organization('Gap'), code: 'cn' };
    const refused = (await takeIn({ ...here, csv: days('2026-06-05', '2028-01-03') })).json();
    expect(refused).toMatchObject({ code: 'CALENDAR_INVALID' });
    expect(refused.texts.detail.zh).toContain('第 2 行');
    expect(refused.texts.detail.en).toContain('2028');
    const before = (await takeIn({ ...here, csv: days('2021-06-04') })).json();
    expect(before).toMatchObject({ code: 'CALENDAR_INVALID' });
    const next = await takeIn({ ...here, csv: days('2028-01-03', '2027-01-01') });
    expect(next.statusCode).toBe(200);
  });

  it('are refused with the line that is wrong', async () => {
    const csv = '2026-06-05,城市纪念日,holiday\n2026-02-30,没有这一天,holiday';
    const refused = (await takeIn({ organizationId: null, code: 'cn', csv }, world.running)).json();
    expect(refused).toMatchObject({ code: 'CALENDAR_INVALID' });
    expect(refused.texts.detail.zh).toContain('第 2 行');
    const weekday = await takeIn(
      { organizationId: null, code: 'cn', csv: '2026-06-05,上班,make-up' },
      world.running,
    );
    expect(weekday.json().texts.detail.en).toContain('make-up');
    expect((await takeIn({ organizationId: null, code: 'mars', csv }, world.running)).json().code).toBe(
      'POLICY_CALENDAR_UNKNOWN',
    );
  });

  it('say which policies count by them', async () => {
    const [cn] = (await calendars()).filter(({ content: { code } }) => code === 'cn');
    expect(cn?.usedBy.map(({ code }) => code)).toContain('cn-default');
  });
});

describe('a preview of more findings than somebody can wait for', () => {
  it('is counted by a job, for who asked and nobody else, and says the same', async () => {
    const plant = await world.organization('Plant');
    await world.scan(plant, { at: SEEN, addresses: ['192.0.2.61', '192.0.2.62', '192.0.2.63'] });
    const wish = {
      nodeId: Number(plant),
      policyId: await world.policy('group-30-60-90'),
      appliesTo: 'open' as const,
    };
    const asked = { wish, by: world.lead.accountId, now: new Date().toISOString() };
    const { widePool } = world.running.parts;
    const [whole, begun] = await inTransaction(widePool, async (tx) => [
      await preview(tx, asked),
      await preview(tx, asked, 2),
    ]);
    expect(begun).toMatchObject({ state: 'counting', findings: 3, examined: 0, counts: [] });
    const look = (who: Pick<Visitor, 'get'>) => who.get(`/api/v1/deadline-previews/${begun?.id}`);
    let seen = DatesPreview.parse((await look(world.lead)).json());
    for (let tries = 0; tries < 500 && seen.state === 'counting'; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen = DatesPreview.parse((await look(world.lead)).json());
    }
    expect(seen).toEqual({ ...whole, id: begun?.id });
    const other = await world.running.visitor('Other lead', [{ role: 'coordinator-lead' }]);
    expect((await look(other)).statusCode).toBe(404);
  });
});
