import type { Finding } from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { DeadlineWorld } from './deadline-world.fixture.ts';

const SEEN = '2026-06-01T02:00:00.000Z';
const NOTIFIED = '2026-06-03T02:00:00.000Z';
/** Of a high finding that was notified on Wednesday 3 June 2026: five working days. */
const DUE = '2026-06-10T16:00:00.000Z';

let world: DeadlineWorld;
let hosts = 0;
beforeAll(async () => {
  world = await DeadlineWorld.start();
});

/** One high finding of a new organization, notified unless the test says otherwise. */
async function found(name: string, of: { title?: string; notified?: boolean } = {}) {
  const { title = 'Weak TLS is offered', notified = true } = of;
  const organization = await world.organization(name);
  hosts += 1;
  const addresses = [`192.0.2.${hosts}`];
  await world.scan(organization, { at: SEEN, addresses, title });
  if (notified) await world.notify(await world.first(organization), NOTIFIED);
  const again = (at: string, seen: object) => world.scan(organization, { at, addresses, title, ...seen });
  return { finding: await world.first(organization), now: () => world.first(organization), again };
}
const present = async (finding: Finding) => (await world.deadline(finding)).present;

describe('an objection that was granted', () => {
  it('to the grade moves the date to that of the new grade, and the severity of the scans stays', async () => {
    const { finding, now } = await found('Mint');
    expect(finding.due?.at).toBe(DUE);
    await world.grant(finding, {
      kind: 'objection',
      ground: 'grade',
      grade: 'low',
      at: '2026-06-04T02:00:00.000Z',
    });
    expect(await present(finding)).toMatchObject({ facts: { grade: 'low' }, rule: { id: 'low' } });
    const { severity, due } = await now();
    expect(severity).toBe('high');
    const asked = `organizationId=${finding.organization.id}&kind=circular&findingIds=${finding.id}`;
    const handler = await world.running.visitor('Handler', [{ role: 'campaign-manager' }]);
    const answer = await handler.get(`/api/v1/notices/proposal?${asked}`);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    const { content } = answer.json();
    expect(content.findings[0].grade).toBe('low');
    expect(Date.parse(due?.at ?? '')).toBeGreaterThan(Date.parse(DUE));
  });

  it('to the grade ends with the cycle', async () => {
    const { finding, again } = await found('Quarry');
    await world.grant(finding, {
      kind: 'objection',
      ground: 'grade',
      grade: 'low',
      at: '2026-06-04T02:00:00.000Z',
    });
    await again('2026-06-05T02:00:00.000Z', { present: false });
    await again('2026-07-01T02:00:00.000Z', {});
    expect(await present(finding)).toMatchObject({ cause: 'regressed', facts: { grade: 'high' } });
  });

  it('to the date is a later date, as an extension is', async () => {
    const { finding } = await found('Depot');
    const until = '2026-06-30T16:00:00.000Z';
    await world.grant(finding, {
      kind: 'objection',
      ground: 'deadline',
      at: '2026-06-04T02:00:00.000Z',
      until,
    });
    expect(await present(finding)).toMatchObject({ cause: 'extension', dueAt: until, extendedTo: until });
  });

  it('to the fact names when it is looked at again, which is no later date', async () => {
    const { finding, now } = await found('Abbey');
    await world.grant(finding, {
      kind: 'objection',
      ground: 'fact',
      at: '2026-06-04T02:00:00.000Z',
      until: '2027-06-04T16:00:00.000Z',
    });
    expect((await now()).due?.at?.slice(0, 10)).not.toBe('2027-06-04');
    expect(await present(finding)).toMatchObject({ extendedTo: null });
  });
});

describe('an extension', () => {
  it('takes away nothing that an earlier one gave, with what stood still since', async () => {
    const { finding } = await found('Cannery');
    await world.extend(finding, '2026-06-17T16:00:00.000Z', '2026-06-08T02:00:00.000Z');
    const end = await world.retest(finding, '2026-06-13T02:00:00.000Z');
    await end('2026-06-18T02:00:00.000Z');
    // from 9 to 12 June and from 19 to 23 June
    expect(await present(finding)).toMatchObject({ dueAt: '2026-06-23T16:00:00.000Z' });
    await world.extend(finding, '2026-06-20T16:00:00.000Z', '2026-06-19T02:00:00.000Z');
    expect(await present(finding)).toMatchObject({
      dueAt: '2026-06-23T16:00:00.000Z',
      extendedTo: '2026-06-23T16:00:00.000Z',
    });
  });
});

describe('more time that was granted because there is no fix yet', () => {
  it('asks to mitigate or to disconnect by the new date, until the finding comes back another time', async () => {
    const { finding, again } = await found('Harbour');
    expect(await present(finding)).toMatchObject({ demand: 'fix', facts: { fixAvailable: null } });
    const until = '2026-06-20T16:00:00.000Z';
    const at = '2026-06-04T02:00:00.000Z';
    await world.grant(finding, { kind: 'extension', reason: 'no-patch-yet', at, until });
    expect(await present(finding)).toMatchObject({
      demand: 'mitigate',
      dueAt: until,
      facts: { fixAvailable: false },
    });
    await again('2026-06-05T02:00:00.000Z', { present: false });
    await again('2026-07-01T02:00:00.000Z', {});
    expect(await present(finding)).toMatchObject({ demand: 'fix', facts: { fixAvailable: null } });
  });
});

describe('a new title of the tool', () => {
  // the first says that a password is meant, which has a date of its own; the second that a port is open
  const TITLES = ['Default password of the console', 'Weak TLS is offered'];

  it.each([TITLES, TITLES.toReversed()])('changes no date: %s, then %s', async (title, later) => {
    const { finding, now, again } = await found(`Works ${title.length}`, { title });
    const before = await present(finding);
    await again('2026-06-05T02:00:00.000Z', { title: later });
    const after = await now();
    expect(after.title).toBe(later);
    expect(after.due).toEqual(finding.due);
    expect(await present(after)).toEqual(before);
  });

  it('says what the finding is about from its next cycle on', async () => {
    const { finding, again } = await found('Orchard', { title: 'Default password of the console' });
    expect((await present(finding))?.facts.class).toBe('weak-credential');
    await again('2026-06-05T02:00:00.000Z', { present: false });
    await again('2026-07-01T02:00:00.000Z', { title: 'Weak TLS is offered' });
    expect((await present(finding))?.facts.class).not.toBe('weak-credential');
  });
});

describe('a finding whose risk is accepted', () => {
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const overdue = (finding: Finding) => world.find(finding.organization.id, '&due=overdue');

  it('is neither due nor overdue, and its history stays; when it is revoked the date is back', async () => {
    const { finding, now } = await found('Foundry');
    expect(await overdue(finding)).toHaveLength(1);
    const rows = await world.history(finding.organization.id);
    await world.decide(finding, 'accepted', until);
    expect((await now()).due).toMatchObject({ at: null, waived: { kind: 'accepted', until } });
    expect(await overdue(finding)).toHaveLength(0);
    expect(await world.history(finding.organization.id)).toEqual(rows);
    expect(await present(finding)).toMatchObject({ dueAt: DUE });
    const work = await world.lead.get(`/api/v1/work/overdue?organizationId=${finding.organization.id}`);
    expect(work.json().items).toEqual([]);
    await world.decide(finding, 'revoked');
    expect((await now()).due).toMatchObject({ at: DUE, waived: null });
    expect(await overdue(finding)).toHaveLength(1);
  });

  it('is due again when that has expired', async () => {
    const { finding, now } = await found('Tannery');
    await world.decide(finding, 'accepted', until);
    expect((await now()).due?.waived).not.toBeNull();
    await world.owner.query('update decision set expires_at = now() where finding_id = $1', [finding.id]);
    await world.owner.query('select queue_determination($1)', [finding.organization.id]);
    await world.determined();
    expect((await now()).due).toMatchObject({ at: DUE, waived: null });
  });

  it('stands last in the list by date', async () => {
    const organization = await world.organization('Granary');
    await world.scan(organization, { at: SEEN, addresses: ['192.0.2.101', '192.0.2.102'] });
    const [a, b] = await world.find(organization);
    if (a === undefined || b === undefined) throw new Error('there are two');
    await world.notify(a, NOTIFIED);
    await world.notify(b, '2026-06-08T02:00:00.000Z');
    await world.decide(a, 'accepted', until);
    expect((await world.find(organization, '&sort=due')).map(({ id }) => id)).toEqual([b.id, a.id]);
  });

  it.each([
    ['false-positive', null],
    ['not-applicable', null],
  ] as const)('and one that is %s is not due either', async (kind, end) => {
    const { finding, now } = await found(`Site ${kind}`);
    await world.decide(finding, kind, end);
    expect((await now()).due).toMatchObject({ at: null, waived: { kind, until: null } });
  });

  it('is due as before when a fix is claimed only', async () => {
    const { finding, now } = await found('Brewery');
    await world.decide(finding, 'claimed');
    expect((await now()).due).toMatchObject({ at: DUE, waived: null });
  });
});

describe('a notice that was withdrawn', () => {
  it('starts no clock: without another one the finding waits for its first notice again', async () => {
    const { finding, now } = await found('Ferry');
    await world.withdraw(finding);
    expect(await present(finding)).toMatchObject({ clockStart: null, dueAt: null });
    expect((await now()).due).toMatchObject({ at: null, turn: 'us' });
  });

  it('leaves the start to the next one that names the finding', async () => {
    const { finding } = await found('Lock');
    await world.notify(finding, '2026-06-08T02:00:00.000Z');
    expect(await present(finding)).toMatchObject({ dueAt: DUE });
    await world.withdraw(finding);
    expect(await present(finding)).toMatchObject({ clockStart: '2026-06-08T02:00:00.000Z' });
  });
});
