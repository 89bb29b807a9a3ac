import { beforeAll, describe, expect, it } from 'vitest';
import { DeadlineWorld } from './deadline-world.fixture.ts';
import { determineOrganization } from './determine.ts';

let world: DeadlineWorld;
beforeAll(async () => {
  world = await DeadlineWorld.start();
});

const SEEN = '2026-06-01T02:00:00.000Z';

describe('the deadline of a finding', () => {
  it('waits for the first notice under the default policy, and it is our turn', async () => {
    const school = await world.organization('School');
    await world.scan(school, { at: SEEN, addresses: ['192.0.2.1'] });
    const finding = await world.first(school);
    expect(finding.due).toEqual({
      at: null,
      priority: expect.any(String),
      paused: null,
      waived: null,
      turn: 'us',
    });
    const { present, history } = await world.deadline(finding);
    expect(present).toMatchObject({
      cause: 'first',
      policy: { code: 'cn-default', version: 1 },
      calendar: { code: 'cn' },
      rule: { id: 'high' },
      clockStart: null,
      cycleStart: SEEN,
    });
    expect(present?.priority.inputs.map(({ because }) => because.zh !== '' && because.en !== '')).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(history).toHaveLength(1);
  });

  it('runs from the notice: high, issued on Wednesday 3 June 2026, is due after five working days', async () => {
    const clinic = await world.organization('Clinic');
    await world.scan(clinic, { at: SEEN, addresses: ['192.0.2.2'] });
    await world.notify(await world.first(clinic), '2026-06-03T02:00:00.000Z');
    const finding = await world.first(clinic);
    // Thursday 4, Friday 5, Monday 8, Tuesday 9, Wednesday 10: too late as Thursday begins in Shanghai
    expect(finding.due).toMatchObject({ at: '2026-06-10T16:00:00.000Z', turn: 'them' });
    expect((await world.deadline(finding)).history.map(({ cause }) => cause)).toEqual(['facts', 'first']);
  });

  it('is not moved by another text of the finding, which adds nothing to its history', async () => {
    const museum = await world.organization('Museum');
    await world.scan(museum, { at: SEEN, addresses: ['192.0.2.3'] });
    await world.notify(await world.first(museum), '2026-06-03T02:00:00.000Z');
    const [before, rows] = [await world.first(museum), await world.history(museum)];
    await world.scan(museum, {
      at: '2026-06-05T02:00:00.000Z',
      addresses: ['192.0.2.3'],
      title: 'Obsolete TLS is offered',
    });
    const after = await world.first(museum);
    expect(after.title).toBe('Obsolete TLS is offered');
    expect(after.due).toEqual(before.due);
    expect(await world.history(museum)).toEqual(rows);
  });

  it('stands still while a retest that was asked for waits, and it is our turn', async () => {
    const library = await world.organization('Library');
    await world.scan(library, { at: SEEN, addresses: ['192.0.2.4'] });
    await world.notify(await world.first(library), '2026-06-03T02:00:00.000Z');
    const end = await world.retest(await world.first(library), '2026-06-08T02:00:00.000Z');
    expect((await world.first(library)).due).toMatchObject({ paused: 'retest', turn: 'us' });
    await end('2026-06-10T02:00:00.000Z');
    const { due } = await world.first(library);
    expect(due).toMatchObject({ paused: null, turn: 'them' });
    expect(Date.parse(due?.at ?? '')).toBeGreaterThan(Date.parse('2026-06-10T16:00:00.000Z'));
    const { history } = await world.deadline(await world.first(library));
    expect(history.map(({ cause }) => cause).slice(0, 2)).toEqual(['pause', 'pause']);
  });

  it('ends where an extension was granted to', async () => {
    const harbour = await world.organization('Harbour');
    await world.scan(harbour, { at: SEEN, addresses: ['192.0.2.5'] });
    await world.notify(await world.first(harbour), '2026-06-03T02:00:00.000Z');
    await world.extend(await world.first(harbour), '2026-06-18T16:00:00.000Z', '2026-06-09T02:00:00.000Z');
    const { present } = await world.deadline(await world.first(harbour));
    expect(present).toMatchObject({
      cause: 'extension',
      dueAt: '2026-06-18T16:00:00.000Z',
      extendedTo: '2026-06-18T16:00:00.000Z',
    });
  });

  it('begins anew when the finding comes back after its proof, and ends when it is proven', async () => {
    const theatre = await world.organization('Theatre');
    const addresses = ['192.0.2.6'];
    await world.scan(theatre, { at: SEEN, addresses });
    await world.notify(await world.first(theatre), '2026-06-03T02:00:00.000Z');
    await world.scan(theatre, { at: '2026-06-05T02:00:00.000Z', addresses, present: false });
    const closed = await world.first(theatre);
    expect(closed).toMatchObject({ state: 'verified-fixed', due: null });
    expect((await world.deadline(closed)).present).toBeNull();
    await world.scan(theatre, { at: '2026-07-01T02:00:00.000Z', addresses });
    const { present, history } = await world.deadline(closed);
    // the notice was of the cycle before
    expect(present).toMatchObject({ cycleStart: '2026-07-01T02:00:00.000Z', clockStart: null, dueAt: null });
    expect(history.map(({ cause }) => cause)).toEqual(['regressed', 'closed', 'facts', 'first']);
  });

  it('comes earlier when CISA lists its CVE, and says that this is why', async () => {
    const bank = await world.organization('Bank');
    await world.scan(bank, { at: SEEN, addresses: ['192.0.2.7'], cve: 'CVE-2026-40001' });
    await world.notify(await world.first(bank), '2026-06-03T02:00:00.000Z');
    expect((await world.first(bank)).due?.at).toBe('2026-06-10T16:00:00.000Z');
    await world.owner.query(
      `insert into known_exploited (cve, added_on) values ('CVE-2026-40001', '2026-06-04')`,
    );
    await world.owner.query('select queue_determination(null)');
    await world.determined();
    const { present } = await world.deadline(await world.first(bank));
    expect(present).toMatchObject({
      dueAt: '2026-06-08T16:00:00.000Z',
      rule: { id: 'high-pressing' },
      facts: { kev: { cve: 'CVE-2026-40001', addedOn: '2026-06-04' } },
      priority: { priority: expect.any(String) },
    });
    expect(JSON.stringify(present?.priority.inputs)).toContain('CVE-2026-40001');
  });

  it('has a priority that knows of the vector that needs nobody, however many others come before it', async () => {
    const mine = await world.organization('Mine');
    const title = 'A bundle of patches is missing';
    const cves = Array.from({ length: 25 }, (_, index) => `CVE-2026-${41_000 + index}`);
    await world.scan(mine, { at: SEEN, addresses: ['192.0.2.15'], cve: cves[0] ?? '', title });
    await world.owner.query(
      `insert into vulnerability (cve, nvd_cvss) select cve,
         array['CVSS:3.1/AV:N/AC:L/PR:' || case place when 25 then 'N' else 'H' end || '/UI:N/S:U/C:H/I:H/A:' || case place % 2 when 1 then 'H' else 'N' end,
           'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:' || (array['H','L','N'])[1 + place % 3] || '/I:' || (array['H','L','N'])[1 + place / 3 % 3]
             || '/A:' || (array['H','L','N'])[1 + place / 9 % 3]]
       from unnest($1::text[]) with ordinality as one(cve, place)`,
      [cves],
    );
    await world.owner.query('update description set cve = $2 where title = $1', [title, cves]);
    await world.owner.query('select queue_determination($1)', [mine]);
    await world.determined();
    const { present } = await world.deadline(await world.first(mine));
    const automatable = present?.priority.inputs.find(({ point }) => point === 'ssvc:A:2.0.0');
    expect(automatable?.value).toBe('Y');
    expect(automatable?.because.en).toContain('AV:N/AC:L/PR:N/UI:N');
  });

  it('comes earlier when somebody declares that the asset is on the internet', async () => {
    const port = await world.organization('Port');
    await world.scan(port, { at: SEEN, addresses: ['192.0.2.8'] });
    await world.notify(await world.first(port), '2026-06-03T02:00:00.000Z');
    await world.owner.query(`update asset set exposure = 'yes' where organization_id = $1`, [port]);
    await world.determined();
    expect((await world.first(port)).due?.at).toBe('2026-06-08T16:00:00.000Z');
  });

  it('is determined once: the same facts again add nothing', async () => {
    const { rows } = await world.owner.query<{ hash: string }>(
      `select md5(string_agg(d::text, '|' order by organization_id, finding_id, determination_no)) as hash from finding_determination d`,
    );
    await world.owner.query('select queue_determination(null)');
    await world.determined();
    const again = await world.owner.query<{ hash: string }>(
      `select md5(string_agg(d::text, '|' order by organization_id, finding_id, determination_no)) as hash from finding_determination d`,
    );
    expect(again.rows).toEqual(rows);
  });

  it('is wanted without waiting for a long import that wants it, too', async () => {
    const [long, short] = [await world.owner.connect(), await world.owner.connect()];
    try {
      for (const one of [long, short]) await one.query(`begin; set local lock_timeout = '2s'`);
      for (const one of [long, short, long]) await one.query('select queue_determination(1)');
      await short.query('commit');
      await world.determined();
      await long.query('commit');
    } finally {
      long.release();
      short.release();
    }
    await world.determined();
  });

  it('is determined by one job at a time; the other leaves it to the one that is at it', async () => {
    const yard = await world.organization('Yard');
    await world.scan(yard, { at: SEEN, addresses: ['192.0.2.10', '192.0.2.11'] });
    await world.owner.query(`update asset set exposure = 'yes' where organization_id = $1`, [yard]);
    const twice = [1, 2, 3].map(() => determineOrganization(world.running.parts, Number(yard), true));
    await Promise.all(twice);
    await world.determined();
    const [one] = await world.find(yard);
    if (one === undefined) throw new Error('there are two');
    expect((await world.deadline(one)).history.map(({ cause }) => cause)).toEqual(['facts', 'first']);
  });

  it('says when the receipt came, also where the date does not depend on it', async () => {
    const court = await world.organization('Court');
    await world.scan(court, { at: SEEN, addresses: ['192.0.2.12'] });
    const finding = await world.first(court);
    await world.notify(finding, '2026-06-03T02:00:00.000Z');
    expect((await world.deadline(finding)).done.acknowledged).toBeNull();
    await world.acknowledge(finding, '2026-06-03T03:00:00.000Z');
    const { done, present } = await world.deadline(finding);
    expect(present?.acknowledgeBy).toBe('2026-06-03T06:00:00.000Z');
    expect(done.acknowledged).toBe('2026-06-03T03:00:00.000Z');
  });

  it('shows the facts as they are, also those whose change moved no date, to each who sees the finding', async () => {
    const dam = await world.organization('Dam');
    const cve = 'CVE-2026-40002';
    const list = (score: number) =>
      world.owner.query(
        'insert into epss (cve, score) values ($1, $2) on conflict (cve) do update set score = excluded.score',
        [cve, score],
      );
    await list(0.25);
    await world.scan(dam, { at: SEEN, addresses: ['192.0.2.13'], cve });
    const finding = await world.first(dam);
    const { rows } = await world.owner.query<{ id: number }>(
      `with made as (insert into system (organization_id, sys_code, name, mlps_level) values ($1, 'D1', 'Gates', 3) returning system_id),
       listed as (insert into key_list (name, purpose) values ('Guarantee of the dam', 'protection') returning key_list_id),
       member as (insert into key_list_member select $1, key_list_id, 'asset', $2::bigint from listed)
       update asset set system_id = made.system_id from made where asset_id = $2::bigint returning asset.system_id as id`,
      [dam, finding.asset.id],
    );
    await world.determined();
    const rowsBefore = await world.history(dam);
    await world.owner.query(`update asset set exposure = 'yes' where organization_id = $1`, [dam]);
    await list(0.5);
    await world.owner.query('select queue_determination($1)', [dam]);
    await world.determined();
    expect(await world.history(dam)).toEqual(rowsBefore);
    const owner = await world.running.visitor('Owner of the gates', [
      { role: 'system-owner', organizationId: Number(dam), systemId: rows[0]?.id ?? 0 },
    ]);
    const seen = (await owner.get(`/api/v1/findings/${finding.id}/deadline`)).json();
    for (const { present } of [await world.deadline(finding), seen]) {
      expect(present).toMatchObject({
        epss: { cve, score: 0.5 },
        facts: { exposed: true, keyLists: ['protection'] },
      });
      expect(JSON.stringify(present?.priority.inputs)).not.toContain('Nobody declared');
    }
  });

  it('keeps with its end that the clock stood still, and when the absence was that proved it', async () => {
    const museum = await world.organization('Gallery');
    const addresses = ['192.0.2.14'];
    await world.scan(museum, { at: SEEN, addresses });
    await world.notify(await world.first(museum), '2026-06-03T02:00:00.000Z');
    const finding = await world.first(museum);
    expect((await world.deadline(finding)).provenAt).toBeNull();
    await world.retest(finding, '2026-06-10T02:00:00.000Z');
    const goneAt = '2026-06-16T02:00:00.000Z';
    await world.scan(museum, { at: goneAt, addresses, present: false });
    const { present, provenAt, history } = await world.deadline(finding);
    expect(present).toBeNull();
    expect(provenAt).toBe(goneAt);
    expect(history.slice(0, 2)).toMatchObject([
      { cause: 'closed', dueAt: '2026-06-11T16:00:00.000Z', paused: 'retest' },
      { cause: 'pause', dueAt: '2026-06-11T16:00:00.000Z', paused: 'retest' },
    ]);
  });

  it('is seen by nobody outside of the organization', async () => {
    const zoo = await world.organization('Zoo');
    await world.scan(zoo, { at: SEEN, addresses: ['192.0.2.9'] });
    const finding = await world.first(zoo);
    const neighbour = await world.running.visitor('Neighbour', [
      { role: 'liaison', organizationId: Number(await world.organization('Next door')) },
    ]);
    expect((await neighbour.get(`/api/v1/findings/${finding.id}/deadline`)).statusCode).toBe(404);
    const list = await neighbour.get(`/api/v1/findings?sort=due&limit=200`);
    expect(list.json().items).toEqual([]);
    const own = await world.running.visitor('Keeper', [{ role: 'liaison', organizationId: Number(zoo) }]);
    expect((await own.get(`/api/v1/findings/${finding.id}/deadline`)).json().present).toMatchObject({
      policy: { code: 'cn-default' },
    });
  });
});

describe('lists of findings', () => {
  it('show the worse first among those of one priority', async () => {
    const forge = await world.organization('Forge');
    for (const [last, severity] of [
      [41, 'low'],
      [42, 'medium'],
      [43, 'low'],
    ] as const)
      await world.scan(forge, { at: SEEN, addresses: [`192.0.2.${last}`], severity });
    const found = await world.find(forge, '&sort=priority');
    expect(new Set(found.map(({ due }) => due?.priority)).size).toBe(1);
    expect(found.map(({ severity }) => severity)).toEqual(['medium', 'low', 'low']);
  });

  it('are filtered and ordered by date and priority, page by page', async () => {
    const mill = await world.organization('Mill');
    const addresses = ['192.0.2.31', '192.0.2.32', '192.0.2.33'];
    await world.scan(mill, { at: SEEN, addresses });
    const [a, b] = await world.find(mill);
    if (a === undefined || b === undefined) throw new Error('there are three');
    await world.notify(a, '2026-06-03T02:00:00.000Z');
    await world.notify(b, new Date().toISOString());
    const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
    expect(ids(await world.find(mill, '&due=overdue'))).toEqual([a.id]);
    expect(ids(await world.find(mill, '&due=overdue&sort=due'))).toEqual([a.id]);
    expect(ids(await world.find(mill, '&sort=due')).slice(0, 2)).toEqual([a.id, b.id]);
    expect(ids(await world.find(mill, '&turn=us')).length).toBe(1);
    for (const sort of ['due', 'priority']) {
      const pages: string[] = [];
      let cursor = '';
      do {
        const answer = (
          await world.running.get(
            `/api/v1/findings?organizationId=${mill}&limit=1&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`,
          )
        ).json();
        pages.push(...ids(answer.items));
        cursor = answer.nextCursor ?? '';
      } while (cursor !== '' && pages.length < 10);
      expect(pages).toEqual(ids(await world.find(mill, `&sort=${sort}`)));
      expect(new Set(pages).size).toBe(3);
    }
  });
});
