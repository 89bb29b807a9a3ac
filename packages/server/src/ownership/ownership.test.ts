import {
  AssetList,
  AssetOwnership,
  ClaimList,
  FindingList,
  HandedOver,
  HandOverList,
  Import,
  OwnershipClaim,
  QueueList,
  RecordChangeList,
} from '@backcheck/contract';
import type { Identifier } from '@backcheck/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
});

const ip = (value: string): Identifier => ({ kind: 'ip', value });
const day = (n: number) => new Date(Date.UTC(2026, 8, n)).toISOString();
const note = 'asked their liaison';

/** An organization where scans over many organizations are imported. */
async function collecting(name: string): Promise<string> {
  const id = await running.organization(name);
  await running.parts.widePool.query('update organization set collecting = true where organization_id = $1', [
    id,
  ]);
  return id;
}

async function scan(
  organizationId: string,
  on: number,
  present: boolean,
  ...values: string[]
): Promise<void> {
  const file = houseScan({ at: day(on), assets: values.map((value) => [ip(value)]), present });
  const sent = Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
  expect((await running.settled(sent.id)).problem).toBeNull();
}

const api = (path: string) => `/api/v1${path}`;
const post = (path: string, payload: object, who: Pick<Visitor, 'send'> = running) =>
  who.send({ method: 'POST', url: api(path), payload });
const claim = async (organizationId: string, kind: 'range' | 'domain', value: string) =>
  OwnershipClaim.parse((await post('/ownership/claims', { organizationId, kind, value, note })).json());
const queue = async (query: string, who: Pick<Visitor, 'get'> = running) =>
  QueueList.parse((await who.get(api(`/ownership/queue?${query}`))).json());
const assetsOf = async (organizationId: string) =>
  AssetList.parse((await running.get(api(`/assets?organizationId=${organizationId}`))).json()).items;
const findingsOf = async (organizationId: string) =>
  FindingList.parse((await running.get(api(`/findings?organizationId=${organizationId}`))).json()).items;
const ownership = async (id: string, who: Pick<Visitor, 'get'> = running) =>
  AssetOwnership.parse((await who.get(api(`/assets/${id}/ownership`))).json());
const liaisonOf = (organizationId: string) =>
  running.visitor(`Liaison ${organizationId}`, [{ role: 'liaison', organizationId: Number(organizationId) }]);

async function assetId(organizationId: string): Promise<string> {
  const [first] = await assetsOf(organizationId);
  if (first === undefined) throw new Error('no asset');
  return first.id;
}

describe('a claim', () => {
  it('of what another organization claims too is shown as an overlap, by name only to whoever sees that one', async () => {
    const [school, clinic] = [await running.organization('School A'), await running.organization('Clinic A')];
    const theirs = await claim(clinic, 'range', '198.51.100.0/25');
    const mine = await claim(school, 'range', '198.51.100.0/24');
    expect(mine).toMatchObject({
      overlapping: 1,
      overlaps: [{ claimId: theirs.id, organization: { name: 'Clinic A' } }],
    });
    const liaison = await liaisonOf(school);
    const seen = ClaimList.parse((await liaison.get(api('/ownership/claims?overlapping=true'))).json());
    expect(seen.items).toMatchObject([{ id: mine.id, overlapping: 1, overlaps: [] }]);
    expect(
      (await liaison.send({ method: 'DELETE', url: api(`/ownership/claims/${theirs.id}`) })).statusCode,
    ).toBe(404);
    expect(
      (
        await post(
          '/ownership/claims',
          { organizationId: clinic, kind: 'domain', value: 'example.org', note },
          liaison,
        )
      ).json().code,
    ).toBe('ORGANIZATION_UNKNOWN');

    const gone = await running.send({ method: 'DELETE', url: api(`/ownership/claims/${theirs.id}`) });
    expect(gone.json()).toMatchObject({ withdrawn: { by: 'Tester' } });
    const all = await running.get(api(`/ownership/claims?organizationId=${clinic}`));
    expect(all.json().items).toEqual([]);
    const history = await running.get(api(`/ownership/claims?organizationId=${clinic}&withdrawn=true`));
    expect(history.json().items).toMatchObject([{ id: theirs.id }]);
    expect(
      (await running.get(api(`/ownership/claims?organizationId=${school}&overlapping=true`))).json().items,
    ).toEqual([]);
  });

  it('of names: a name below a claimed domain overlaps it, one that only ends alike does not', async () => {
    const [a, b, c] = [
      await running.organization('A'),
      await running.organization('B'),
      await running.organization('C'),
    ];
    await claim(a, 'domain', 'Health.example.org');
    expect((await claim(b, 'domain', 'lab.health.example.org')).overlapping).toBe(1);
    expect((await claim(c, 'domain', 'publichealth.example.org')).overlapping).toBe(0);
    expect((await claim(c, 'domain', 'example.org')).overlapping).toBe(2);
  });

  it('of addresses that everybody uses inside overlaps nobody', async () => {
    const [a, b] = [await running.organization('Inside A'), await running.organization('Inside B')];
    await claim(a, 'range', '10.0.0.0/8');
    expect((await claim(b, 'range', '10.0.0.0/8')).overlapping).toBe(0);
  });

  it('is refused when it is no range, or made twice', async () => {
    const organizationId = await running.organization('Refused claims');
    const body = { organizationId, kind: 'range', value: '203.0.113.1/24', note };
    expect((await post('/ownership/claims', body)).json().code).toBe('CLAIM_INVALID');
    const good = { ...body, value: '203.0.113.64/26' };
    expect((await post('/ownership/claims', good)).statusCode).toBe(201);
    expect((await post('/ownership/claims', good)).json().code).toBe('CLAIM_TAKEN');
  });
});

describe('the queue', () => {
  it('has what lies where scans are collected, with its findings and whose it may be by the most specific claim', async () => {
    const [county, north, south] = [
      await collecting('County Q'),
      await running.organization('North Q'),
      await running.organization('South Q'),
    ];
    await claim(north, 'range', '203.0.113.0/25');
    const wider = await claim(south, 'range', '203.0.113.0/24');
    await scan(county, 1, true, '203.0.113.7', '203.0.113.200', '192.0.2.99');
    const { items } = await queue(`organizationId=${county}`);
    expect(items).toMatchObject([
      { asset: { identity: 'ip:192.0.2.99' }, reason: 'unclaimed', guess: null, guessHidden: false },
      { asset: { identity: 'ip:203.0.113.200' }, guess: { name: 'South Q' } },
      { asset: { identity: 'ip:203.0.113.7' }, guess: { name: 'North Q' }, openFindings: 1, worst: 'high' },
    ]);
    expect((await queue(`guess=${north}`)).items).toHaveLength(1);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await queue(
        `organizationId=${county}&limit=1${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      pages.push(...page.items.map(({ asset }) => asset.identity));
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(items.map(({ asset }) => asset.identity));
    expect((await running.get(api(`/ownership/queue/counts?organizationId=${county}`))).json()).toEqual({
      unclaimed: 3,
      disputed: 0,
      'claimed-elsewhere': 0,
    });
    await running.send({ method: 'DELETE', url: api(`/ownership/claims/${wider.id}`) });
    expect((await queue(`organizationId=${county}`)).items.map(({ guess }) => guess?.name ?? null)).toEqual([
      null,
      null,
      'North Q',
    ]);
    await claim(county, 'range', '192.0.2.96/28');
    expect((await queue(`organizationId=${county}`)).items).toHaveLength(2);
  });

  it('has what only another organization claims, until its own organization claims it too', async () => {
    const [holder, claimant] = [await running.organization('Holder'), await running.organization('Claimant')];
    await scan(holder, 1, true, '198.18.0.7');
    expect((await queue(`organizationId=${holder}`)).items).toEqual([]);
    await claim(claimant, 'range', '198.18.0.0/24');
    expect((await queue(`organizationId=${holder}`)).items).toMatchObject([
      { reason: 'claimed-elsewhere', guess: { name: 'Claimant' } },
    ]);
    const liaison = await liaisonOf(holder);
    expect((await queue('', liaison)).items).toMatchObject([{ guess: null, guessHidden: true }]);
    // Nor is it found by trying.
    expect((await queue(`guess=${claimant}`, liaison)).items).toEqual([]);
    await claim(holder, 'range', '198.18.0.0/24');
    expect((await queue(`organizationId=${holder}`)).items).toEqual([]);
  });

  it('keeps the age of a question over merges and new scans', async () => {
    const county = await collecting('County G');
    await scan(county, 1, true, '192.0.2.7', '192.0.2.8');
    const [first, second] = (await queue(`organizationId=${county}`)).items;
    await post(`/assets/${second?.asset.id}/merge`, { into: first?.asset.id, note });
    await scan(county, 2, true, '192.0.2.7');
    expect((await queue(`organizationId=${county}`)).items).toMatchObject([
      { asset: { id: first?.asset.id }, since: first?.since, openFindings: 1 },
    ]);
  });

  it('gives no guess where two claim the same', async () => {
    const [county, a, b] = [
      await collecting('County E'),
      await running.organization('Equal A'),
      await running.organization('Equal B'),
    ];
    await claim(a, 'range', '198.19.0.0/24');
    await claim(b, 'range', '198.19.0.0/24');
    await scan(county, 1, true, '198.19.0.7');
    expect((await queue(`organizationId=${county}`)).items).toMatchObject([
      { reason: 'unclaimed', guess: null },
    ]);
  });

  it('refuses a cursor of its own making', async () => {
    for (const text of ['["2026-99-99 00:00:00+00","1"]', '["now","1"]', '[]']) {
      const cursor = Buffer.from(text).toString('base64url');
      expect((await running.get(api(`/ownership/queue?cursor=${cursor}`))).json().code).toBe(
        'CURSOR_INVALID',
      );
    }
  });
});

describe('"not ours"', () => {
  it('puts the asset into the queue; its findings stay open, and it can be taken back', async () => {
    const organizationId = await running.organization('Disputing');
    await scan(organizationId, 1, true, '192.0.2.7');
    const liaison = await liaisonOf(organizationId);
    const id = await assetId(organizationId);
    const answer = await post(`/assets/${id}/not-ours`, { reason: 'sold in March' }, liaison);
    expect(AssetOwnership.parse(answer.json()).question).toMatchObject({
      reason: 'disputed',
      dispute: { by: `Liaison ${organizationId}`, reason: 'sold in March' },
      openFindings: 1,
    });
    expect(await findingsOf(organizationId)).toMatchObject([{ state: 'open' }]);
    const again = await post(`/assets/${id}/not-ours`, { reason: 'I said so' }, liaison);
    expect(again.json().question.dispute.reason).toBe('sold in March');
    expect((await post(`/assets/${id}/ours-after-all`, { note }, liaison)).json().question).toBeNull();
    expect((await post(`/assets/${id}/ours-after-all`, { note }, liaison)).json().code).toBe(
      'OWNERSHIP_NOT_DISPUTED',
    );
  });

  it('of an asset of others is not found', async () => {
    const [mine, theirs] = [await running.organization('Mine'), await running.organization('Theirs')];
    await scan(theirs, 1, true, '192.0.2.7');
    const liaison = await liaisonOf(mine);
    const id = await assetId(theirs);
    for (const [path, body] of [
      ['not-ours', { reason: 'x' }],
      ['ours-after-all', { note }],
    ] as const) {
      expect((await post(`/assets/${id}/${path}`, body, liaison)).statusCode).toBe(404);
    }
    expect((await liaison.get(api(`/assets/${id}/ownership`))).statusCode).toBe(404);
  });
});

describe('a hand-over', () => {
  it('takes the asset along under its id, and its closed finding is closed anew', async () => {
    const [county, hospital] = [await collecting('County H'), await running.organization('Hospital H')];
    await scan(county, 1, true, '192.0.2.7');
    await scan(county, 2, false, '192.0.2.7');
    const id = await assetId(county);
    const [before] = await findingsOf(county);
    await post(`/assets/${id}/not-ours`, { reason: 'never seen' });
    const done = HandedOver.parse(
      (await post(`/assets/${id}/hand-over`, { organizationId: hospital, note })).json(),
    );
    expect(done).toEqual({
      outcomes: [{ assetId: id, outcome: 'handed-over', intoAssetId: id }],
      changed: { scans: 2, findings: 1, superseded: 1, issued: 1 },
    });
    const [after] = await findingsOf(hospital);
    expect(after).toMatchObject({ id: before?.id, asset: { id }, state: 'verified-fixed' });
    expect(after?.certificateId).not.toBe(before?.certificateId);
    expect((await running.get(api(`/certificates/${before?.certificateId}`))).statusCode).toBe(200);
    expect(await findingsOf(county)).toEqual([]);
    expect(await ownership(id)).toMatchObject({
      assetId: id,
      question: null,
      handOvers: [{ from: { name: 'County H' }, to: { name: 'Hospital H' }, by: 'Tester', note }],
    });
    // Each side knows that it happened, and of the other one no name.
    const received = await ownership(id, await liaisonOf(hospital));
    expect(received).toMatchObject({ assetId: id, handOvers: [{ from: null, to: { name: 'Hospital H' } }] });
    const given = await ownership(id, await liaisonOf(county));
    expect(given).toMatchObject({ assetId: null, handOvers: [{ from: { name: 'County H' }, to: null }] });
    const tried = await (await liaisonOf(county)).get(
      api(`/ownership/hand-overs?organizationId=${hospital}`),
    );
    expect(HandOverList.parse(tried.json()).items).toEqual([]);

    await scan(hospital, 6, true, '192.0.2.7');
    expect((await findingsOf(hospital))[0]).toMatchObject({ id: before?.id, state: 'regressed' });
    await scan(hospital, 7, false, '192.0.2.7');
    expect((await findingsOf(hospital))[0]).toMatchObject({ id: before?.id, state: 'verified-fixed' });
    await scan(county, 8, true, '192.0.2.7');
    expect((await queue(`organizationId=${county}`)).items).toMatchObject([
      { asset: { identity: 'ip:192.0.2.7' }, reason: 'unclaimed' },
    ]);
  });

  it('is in the history of both sides, and names to neither the other one', async () => {
    const [county, hospital] = [
      await running.organization('County C'),
      await running.organization('Hospital C'),
    ];
    const fields = { assetCode: 'A-1', type: 'server', name: 'Files', ips: ['192.0.2.7'] };
    const { id } = (await post('/registered-assets', { organizationId: county, fields })).json();
    await post(`/assets/${id}/hand-over`, { organizationId: hospital, note });
    const movesSeenBy = async (own: string, who: Pick<Visitor, 'get'>) =>
      RecordChangeList.parse((await who.get(api(`/organizations/${own}/changes?recordId=${id}`))).json())
        .items.filter(({ action }) => action === 'updated')
        .flatMap(({ fields }) => fields.filter(({ field }) => field === 'organizationId'));
    const [from, to] = [Number(county), Number(hospital)];
    const field = 'organizationId';
    expect(await movesSeenBy(county, running)).toEqual([{ field, before: from, after: to }]);
    expect(await movesSeenBy(county, await liaisonOf(county))).toEqual([
      { field, before: from, after: null },
    ]);
    expect(await movesSeenBy(hospital, await liaisonOf(hospital))).toEqual([
      { field, before: null, after: to },
    ]);
  });

  it('of many gives each its own outcome', async () => {
    const [county, hospital] = [await collecting('County M'), await running.organization('Hospital M')];
    await scan(county, 1, true, '192.0.2.1', '192.0.2.2', '192.0.2.3');
    await scan(hospital, 1, true, '192.0.2.3');
    const assets = new Map((await assetsOf(county)).map((one) => [one.identity, one.id]));
    const [one = '', two = '', three = ''] = ['1', '2', '3'].map((end) => assets.get(`ip:192.0.2.${end}`));
    const own = await assetId(hospital);
    await post(`/assets/${one}/merge`, { into: two, note });
    const assetIds = [one, two, three, own, '99999999'];
    const done = HandedOver.parse(
      (await post('/ownership/hand-overs', { organizationId: hospital, assetIds, note })).json(),
    );
    expect(done.outcomes).toEqual([
      { assetId: one, outcome: 'linked', intoAssetId: null },
      { assetId: two, outcome: 'handed-over', intoAssetId: two },
      { assetId: three, outcome: 'handed-over', intoAssetId: own },
      { assetId: own, outcome: 'same-organization', intoAssetId: null },
      { assetId: '99999999', outcome: 'not-found', intoAssetId: null },
    ]);
    expect((await assetsOf(hospital)).map(({ identity, mergedFrom }) => [identity, mergedFrom])).toEqual([
      ['ip:192.0.2.2', ['ip:192.0.2.1']],
      ['ip:192.0.2.3', []],
    ]);
    expect(await findingsOf(hospital)).toHaveLength(2);
    const history = HandOverList.parse(
      (await running.get(api(`/ownership/hand-overs?organizationId=${county}`))).json(),
    );
    expect(history.items).toHaveLength(3);
    // The address of the asset that the receiver knew already leads to that one.
    expect((await ownership(three)).assetId).toBe(own);
  });

  it("is the coordinator's: an organization gives nothing away, and nobody to where they see nothing", async () => {
    const [county, hospital] = [await collecting('County I'), await running.organization('Hospital I')];
    await scan(county, 1, true, '192.0.2.7');
    const id = await assetId(county);
    const payload = { organizationId: hospital, note };
    const both = [county, hospital].map((one) => ({ role: 'liaison', organizationId: Number(one) }));
    const liaison = await running.visitor('Liaison of both', both);
    expect((await post(`/assets/${id}/hand-over`, payload, liaison)).json().code).toBe('FORBIDDEN');
    const ofOne = await running.visitor('Manager of the county', [
      { role: 'campaign-manager', organizationId: Number(county) },
    ]);
    expect((await post(`/assets/${id}/hand-over`, payload, ofOne)).json().code).toBe('ORGANIZATION_UNKNOWN');
    const ofOther = await running.visitor('Manager of the hospital', [
      { role: 'campaign-manager', organizationId: Number(hospital) },
    ]);
    expect((await post(`/assets/${id}/hand-over`, payload, ofOther)).statusCode).toBe(404);
    const many = await post('/ownership/hand-overs', { ...payload, assetIds: [id] }, ofOther);
    expect(many.json().outcomes).toMatchObject([{ outcome: 'not-found' }]);
    const manager = await running.visitor(
      'Manager of both',
      [county, hospital].map((one) => ({ role: 'campaign-manager', organizationId: Number(one) })),
    );
    expect((await post(`/assets/${id}/hand-over`, payload, manager)).statusCode).toBe(200);
    expect((await post(`/assets/${id}/hand-over`, payload, manager)).json().code).toBe(
      'HAND_OVER_SAME_ORGANIZATION',
    );
  });
});
