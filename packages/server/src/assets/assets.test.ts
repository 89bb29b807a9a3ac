import {
  AssetList,
  AssetPage,
  FindingList,
  IdentityTaskList,
  Import,
  LinkChange,
  ResolvedTask,
} from '@backcheck/contract';
import type { Identifier } from '@backcheck/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
});

const ip = (value: string): Identifier => ({ kind: 'ip', value });
const agent = (value: string): Identifier => ({ kind: 'agent', value });
const mac = (end: string): Identifier => ({ kind: 'mac', value: `00:00:5e:00:53:${end}` });
const day = (n: number) => new Date(Date.UTC(2026, 8, n)).toISOString();
const note = 'looked at the rack';

async function scan(organizationId: string, on: number, present: boolean, ...assets: Identifier[][]) {
  const file = houseScan({ at: day(on), assets, present });
  const sent = Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
  expect((await running.settled(sent.id)).problem).toBeNull();
}

const assets = async (query: string) =>
  AssetList.parse((await running.get(`/api/v1/assets?${query}`)).json());
const page = async (id: string) => AssetPage.parse((await running.get(`/api/v1/assets/${id}`)).json());
const tasks = async (organizationId: string, state = 'open') =>
  IdentityTaskList.parse(
    (await running.get(`/api/v1/identity-tasks?organizationId=${organizationId}&state=${state}`)).json(),
  );
const finding = async (organizationId: string) => {
  const { items } = FindingList.parse(
    (await running.get(`/api/v1/findings?organizationId=${organizationId}`)).json(),
  );
  expect(items).toHaveLength(1);
  return items[0];
};
const post = (url: string, payload: object) =>
  running.send({ method: 'POST', url: `/api/v1${url}`, payload });
const refusal = async (url: string, payload: object) => (await post(url, payload)).json();
const changed = async (url: string, payload: object) =>
  LinkChange.parse((await post(url, payload)).json().changed);

/** The id of the asset of this name. */
async function named(organizationId: string, identity: string): Promise<string> {
  const { items } = await assets(`organizationId=${organizationId}`);
  return items.find((one) => one.identity === identity)?.id ?? `no asset ${identity}`;
}

/** A machine that was scanned under its address, and afterwards, clean, with an agent. */
async function metTwice(name: string): Promise<string> {
  const organizationId = await running.organization(name);
  await scan(organizationId, 1, true, [ip('192.0.2.7')]);
  await scan(organizationId, 5, false, [agent('a-1'), ip('192.0.2.7')]);
  return organizationId;
}

describe('the list of assets', () => {
  it('is searched by part of any identifier that an asset ever had', async () => {
    const id = await running.organization('Search');
    await scan(
      id,
      1,
      true,
      [ip('192.0.2.1'), { kind: 'fqdn', value: 'www.Example.org' }],
      [ip('192.0.2.20')],
    );
    await scan(id, 2, false, [ip('192.0.2.1')]);
    const search = async (q: string) =>
      (await assets(`organizationId=${id}&q=${encodeURIComponent(q)}`)).items.map(({ identity }) => identity);
    expect(await search('example')).toEqual(['ip:192.0.2.1']);
    expect(await search('192.0.2.2')).toEqual(['ip:192.0.2.20']);
    expect(await search('%')).toEqual([]);
    expect((await assets(`organizationId=${id}`)).items[0]).toMatchObject({
      identity: 'ip:192.0.2.1',
      lastSeen: day(2),
      openFindings: 0,
      identifiers: [
        { kind: 'ip', value: '192.0.2.1', firstSeen: day(1), lastSeen: day(2) },
        { kind: 'fqdn', value: 'www.example.org', firstSeen: day(1), lastSeen: day(1) },
      ],
    });
  });

  it('answers page by page without losing one', async () => {
    const id = await running.organization('Pages');
    await scan(id, 1, true, ...[1, 2, 3].map((n) => [ip(`192.0.2.${n}`)]));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const one = await assets(`organizationId=${id}&limit=1${next}`);
      seen.push(...one.items.map(({ identity }) => identity));
      cursor = one.nextCursor;
    }
    expect(seen).toEqual(['ip:192.0.2.1', 'ip:192.0.2.2', 'ip:192.0.2.3']);
  });
});

describe('a question about who is who', () => {
  it('shows both assets, and the page of each shows it with who else had the address', async () => {
    const id = await metTwice('Asked');
    const { items, open } = await tasks(id);
    expect(open).toBe(1);
    expect(items).toMatchObject([
      {
        kind: 'maybe-same',
        asset: { identity: 'ip:192.0.2.7', openFindings: 1 },
        other: { identity: 'agent:a-1', openFindings: 0 },
        identifier: { kind: 'ip', value: '192.0.2.7' },
        resolution: null,
      },
    ]);
    expect(await page(items[0]?.asset.id ?? '')).toMatchObject({
      holders: [{ kind: 'ip', identity: 'agent:a-1', firstSeen: day(5) }],
      visits: [{ tool: 'house-audit', startedAt: day(1), reached: true, named: null }],
      tasks: [{ id: items[0]?.id }],
    });
  });

  it('answered "same machine" moves the findings and closes what was proved there', async () => {
    const id = await metTwice('Same');
    const before = await finding(id);
    const [task] = (await tasks(id)).items;
    const url = `/identity-tasks/${task?.id}/resolve`;
    const done = ResolvedTask.parse((await post(url, { outcome: 'merge', note })).json());
    expect(done).toMatchObject({
      task: { resolution: { outcome: 'merge', by: 'Tester', note } },
      changed: { scans: 1, findings: 1, superseded: 0, issued: 1 },
    });
    expect(await finding(id)).toMatchObject({
      id: before?.id,
      asset: { id: task?.other?.id },
      state: 'verified-fixed',
    });
    expect((await tasks(id)).open).toBe(0);
    expect((await assets(`organizationId=${id}`)).items).toMatchObject([
      { identity: 'agent:a-1', mergedFrom: ['ip:192.0.2.7'] },
    ]);

    const again = ResolvedTask.parse((await post(url, { outcome: 'merge', note })).json());
    expect(again.changed).toEqual({ scans: 0, findings: 0, superseded: 0, issued: 0 });
    expect(await refusal(url, { outcome: 'different', note })).toMatchObject({
      code: 'IDENTITY_TASK_RESOLVED',
      status: 409,
    });
  });

  it('answered "different machines" changes no finding and is kept', async () => {
    const id = await metTwice('Different');
    const [task] = (await tasks(id)).items;
    const url = `/identity-tasks/${task?.id}/resolve`;
    expect((await post(url, { outcome: 'different', note })).json().changed.findings).toBe(0);
    expect((await finding(id))?.state).toBe('open');
    expect((await tasks(id, 'resolved')).items).toMatchObject([
      { id: task?.id, resolution: { outcome: 'different' } },
    ]);
  });

  it('about one asset cannot be answered with a merge, and needs a reason', async () => {
    const id = await running.organization('Rekeyed');
    await scan(id, 1, true, [ip('192.0.2.7'), mac('01')]);
    await scan(id, 2, false, [ip('192.0.2.7'), mac('02')]);
    const [task] = (await tasks(id)).items;
    expect(task).toMatchObject({ other: null, identifier: { kind: 'mac' } });
    const url = `/identity-tasks/${task?.id}/resolve`;
    expect(await refusal(url, { outcome: 'merge', note })).toMatchObject({ code: 'IDENTITY_TASK_ONE_ASSET' });
    expect(await refusal(url, { outcome: 'different' })).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ field: 'note' }],
    });
    const split = { identity: 'ip:192.0.2.7', at: day(2), as: mac('02').value, note };
    expect(await refusal(`/assets/${task?.asset.id}/split`, split)).toMatchObject({
      code: 'ASSET_NAME_INVALID',
    });
    const url2 = `/assets/${task?.asset.id}/split`;
    expect((await post(url2, { ...split, as: `mac:${split.as}` })).statusCode).toBe(200);
    expect((await tasks(id)).open).toBe(0);
  });
});

describe('a merge', () => {
  it('is taken apart again by a split: the certificate no longer stands', async () => {
    const id = await metTwice('Apart');
    const [from, into] = [await named(id, 'ip:192.0.2.7'), await named(id, 'agent:a-1')];
    const merge = { into, note };
    expect(await changed(`/assets/${from}/merge`, merge)).toMatchObject({ findings: 1, issued: 1 });
    expect(await changed(`/assets/${from}/merge`, merge)).toMatchObject({ scans: 0, findings: 0, issued: 0 });
    expect((await page(into)).links).toMatchObject([
      { identity: 'ip:192.0.2.7', target: { id: into }, from: null, until: null, by: 'Tester', note },
    ]);

    const split = { identity: 'ip:192.0.2.7', note };
    expect(await changed(`/assets/${into}/split`, split)).toEqual({
      scans: 1,
      findings: 1,
      superseded: 1,
      issued: 0,
    });
    expect(await finding(id)).toMatchObject({ asset: { id: from }, state: 'open' });
    expect(await refusal(`/assets/${into}/split`, split)).toMatchObject({ code: 'ASSET_NOT_LINKED' });
  });

  it('is refused with a reason, and then nothing has changed', async () => {
    const id = await running.organization('Refused');
    await scan(id, 1, true, [ip('192.0.2.1')], [ip('192.0.2.2')], [ip('192.0.2.3')]);
    const other = await metTwice('Refused elsewhere');
    const [a, b, c] = [
      await named(id, 'ip:192.0.2.1'),
      await named(id, 'ip:192.0.2.2'),
      await named(id, 'ip:192.0.2.3'),
    ];
    const merge = (from: string, payload: object) => refusal(`/assets/${from}/merge`, { note, ...payload });
    expect(await merge(a, { into: await named(other, 'agent:a-1') })).toMatchObject({
      code: 'ASSET_UNKNOWN',
    });
    expect(await merge(a, { into: '99999999' })).toMatchObject({ code: 'ASSET_UNKNOWN' });
    expect(await merge('99999999', { into: a })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await merge(a, { into: a })).toMatchObject({ code: 'ASSET_SAME' });
    expect(await merge(a, { into: b, from: day(2), until: day(2) })).toMatchObject({
      code: 'ASSET_LINK_EMPTY',
    });
    expect(await merge(a, { into: b, from: '0000-01-01T00:00:00Z' })).toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect((await assets(`organizationId=${id}`)).items).toHaveLength(3);

    expect((await post(`/assets/${a}/merge`, { into: b, note })).statusCode).toBe(200);
    expect(await merge(b, { into: a })).toMatchObject({ code: 'ASSET_LINK_CHAIN' });
    expect(await merge(a, { into: c })).toMatchObject({ code: 'ASSET_ALREADY_LINKED' });
    const foreign = { identity: 'ip:192.0.2.1', note };
    expect(await refusal(`/assets/${c}/split`, foreign)).toMatchObject({ code: 'ASSET_NOT_LINKED' });
    expect(await refusal(`/assets/${c}/split`, { identity: 'ip:192.0.2.3', note })).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ field: 'as' }],
    });
  });
});

describe('the register of addresses', () => {
  const lists = async (path: string, organizationId: string) =>
    (await running.get(`/api/v1/${path}?organizationId=${organizationId}`)).json().items;
  const entries = async (organizationId: string) =>
    (
      await running.parts.widePool.query('select from ledger where organization_id = $1', [
        Number(organizationId),
      ])
    ).rowCount;

  it('keeps a DHCP range, in which an address alone closes nothing, until it is removed', async () => {
    const organizationId = await running.organization('DHCP');
    await scan(organizationId, 1, true, [ip('192.0.2.7')]);
    await scan(organizationId, 2, false, [ip('192.0.2.7')]);
    expect((await finding(organizationId))?.state).toBe('verified-fixed');
    const range = { organizationId, cidr: '192.0.2.0/24' };
    expect((await post('/address-ranges', range)).statusCode).toBe(201);
    expect(await lists('address-ranges', organizationId)).toEqual([range]);
    expect((await finding(organizationId))?.state).toBe('fixed-unverified');
    const before = await entries(organizationId);
    await post('/address-ranges', range);
    expect(await entries(organizationId)).toBe(before);

    const url = `/api/v1/address-ranges?organizationId=${organizationId}&cidr=192.0.2.0%2F24`;
    for (const _ of [1, 2]) expect((await running.send({ method: 'DELETE', url })).statusCode).toBe(204);
    expect(await lists('address-ranges', organizationId)).toEqual([]);
    expect((await finding(organizationId))?.state).toBe('verified-fixed');
    expect(await refusal('/address-ranges', { ...range, cidr: '192.0.2.7/24' })).toMatchObject({
      code: 'ADDRESS_RANGE_INVALID',
    });
    expect(await refusal('/address-ranges', { ...range, organizationId: '4711' })).toMatchObject({
      code: 'ORGANIZATION_UNKNOWN',
    });
  });

  it('keeps how many machines answer under one name', async () => {
    const organizationId = await running.organization('Balanced');
    await scan(organizationId, 1, true, [ip('192.0.2.7')]);
    await scan(organizationId, 2, false, [ip('192.0.2.7')]);
    const one = { organizationId, identity: 'ip:192.0.2.7', backends: 3 };
    expect((await post('/balanced-assets', one)).statusCode).toBe(201);
    expect(await lists('balanced-assets', organizationId)).toEqual([one]);
    expect((await finding(organizationId))?.state).toBe('fixed-unverified');
    const url = `/api/v1/balanced-assets?organizationId=${organizationId}&identity=ip:192.0.2.7`;
    expect((await running.send({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await finding(organizationId))?.state).toBe('verified-fixed');
    expect(await refusal('/balanced-assets', { ...one, identity: 'WWW.example.org' })).toMatchObject({
      code: 'ASSET_NAME_INVALID',
    });
  });
});
