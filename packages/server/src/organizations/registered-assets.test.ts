import {
  AssetList,
  Import,
  RecordChangeList,
  RegisteredAsset,
  RegisteredAssetList,
  System,
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

const send = (method: 'POST' | 'PATCH', url: string, payload: object) => ({
  method,
  url: `/api/v1${url}`,
  payload,
});
const read = async (url: string) => (await running.get(`/api/v1${url}`)).json();
const ip = (value: string): Identifier => ({ kind: 'ip', value });
const fqdn = (value: string): Identifier => ({ kind: 'fqdn', value });
const mac = (value: string): Identifier => ({ kind: 'mac', value });

async function scan(organizationId: string, ...assets: Identifier[][]): Promise<void> {
  const file = houseScan({ at: '2026-10-01T00:00:00.000Z', assets, present: true });
  const sent = Import.parse((await running.upload(file, { organizationId, confirm: 'true' })).json());
  expect((await running.settled(sent.id)).problem).toBeNull();
}

let codes = 0;
async function register(organizationId: string, fields: object, more: object = {}): Promise<RegisteredAsset> {
  codes += 1;
  const payload = { organizationId, fields: { assetCode: `A-${codes}`, ...fields }, ...more };
  const answer = await running.send(send('POST', '/registered-assets', payload));
  expect(answer.json()).not.toHaveProperty('code');
  return RegisteredAsset.parse(answer.json());
}
const refusal = (organizationId: string, fields: object, more: object = {}) =>
  running.refused(
    send('POST', '/registered-assets', { organizationId, fields: { assetCode: 'X', ...fields }, ...more }),
  );
const scanned = async (organizationId: string) =>
  AssetList.parse(await read(`/assets?organizationId=${organizationId}`)).items.filter(
    ({ lastSeen }) => lastSeen !== null,
  );
const identities = async (organizationId: string) =>
  (await scanned(organizationId)).map(({ identity }) => identity);

describe('an asset that is registered', () => {
  it('is the one that scans know by one of its identifiers', async () => {
    const organization = await running.organization('known');
    await scan(organization, [ip('192.0.2.1'), fqdn('www.example.org')]);
    const [known] = await scanned(organization);
    const asset = await register(organization, { domains: ['WWW.example.org'], ips: ['192.0.2.200'] });
    expect(asset).toMatchObject({ id: known?.id, identity: 'ip:192.0.2.1', visited: true });
    expect((await refusal(organization, { ips: ['192.0.2.1'] })).code).toBe('ASSET_CANDIDATES');
  });

  it('is a question for a person where several may be meant, until one is named', async () => {
    const organization = await running.organization('several');
    await scan(organization, [ip('192.0.2.1')], [ip('192.0.2.2')]);
    const fields = { ips: ['192.0.2.1', '192.0.2.2'] };
    const { code, errors } = await refusal(organization, fields);
    expect(code).toBe('ASSET_CANDIDATES');
    const known = await scanned(organization);
    expect(errors?.map(({ message }) => message)).toEqual(
      known.map(({ id, identity }) => `${id} ${identity}`),
    );
    const assetId = known[1]?.id;
    expect((await register(organization, fields, { assetId })).id).toBe(assetId);
  });

  it('can be another machine than the candidate, unless it would have the same name', async () => {
    const organization = await running.organization('other');
    await scan(organization, [ip('192.0.2.1'), fqdn('old.example.org')]);
    const asset = await register(
      organization,
      { ips: ['192.0.2.7'], domains: ['old.example.org'] },
      { assetId: 'new' },
    );
    expect(asset).toMatchObject({ identity: 'ip:192.0.2.7', visited: false });
    expect((await refusal(organization, { ips: ['192.0.2.1'] }, { assetId: 'new' })).code).toBe(
      'ASSET_CANDIDATES',
    );
  });

  it('is not met by an address that moves from machine to machine', async () => {
    const organization = await running.organization('leased');
    await running.send(
      send('POST', '/address-ranges', { organizationId: organization, cidr: '192.0.2.0/24' }),
    );
    await scan(organization, [ip('192.0.2.1')]);
    expect(await register(organization, { serial: 'SN1', ips: ['192.0.2.1'] })).toMatchObject({
      visited: false,
    });
  });

  it('says who declared its exposure and when, anew each time', async () => {
    const organization = await running.organization('exposed');
    const asset = await register(organization, { ips: ['192.0.2.1'], exposure: '是' });
    expect(asset.fields['exposure']).toBe('yes');
    expect(asset.exposureDeclared?.by?.name).toBe('Tester');
    const change = { version: asset.version, fields: { exposure: 'yes' } };
    const again = RegisteredAsset.parse(
      (await running.send(send('PATCH', `/registered-assets/${asset.id}`, change))).json(),
    );
    expect(again.exposureDeclared?.at).not.toBe(asset.exposureDeclared?.at);
    const list = await read(`/registered-assets?organizationId=${organization}&exposure=yes&q=192.0`);
    expect(RegisteredAssetList.parse(list).items.map(({ id }) => id)).toEqual([asset.id]);
  });

  it('takes another name with another address, as long as no scan met it', async () => {
    const organization = await running.organization('corrected');
    const asset = await register(organization, { ips: ['192.0.2.1'] });
    const change = { version: asset.version, fields: { ips: ['192.0.2.2'] } };
    const answer = await running.send(send('PATCH', `/registered-assets/${asset.id}`, change));
    expect(answer.json()).toMatchObject({ identity: 'ip:192.0.2.2' });
    expect((await running.refused(send('PATCH', `/registered-assets/${asset.id}`, change))).code).toBe(
      'CHANGED_MEANWHILE',
    );
    await scan(organization, [ip('192.0.2.1')]);
    expect(await identities(organization)).toEqual(['ip:192.0.2.1']);
  });

  it('belongs to a system of its own organization only, and its codes are taken once', async () => {
    const organization = await running.organization('systems');
    const make = async (organizationId: string) =>
      System.parse(
        (
          await running.send(
            send('POST', '/systems', {
              organizationId,
              fields: {
                systemCode: 'HIS',
                name: 'HIS',
                mlpsLevel: '三级',
                ownerPerson: 'Wang',
                ownerPhone: '110110',
              },
            }),
          )
        ).json(),
      );
    const system = await make(organization);
    expect(system.fields['mlpsLevel']).toBe('3');
    const other = await make(await running.organization('elsewhere'));
    expect((await refusal(organization, { ips: ['192.0.2.1'] }, { systemId: other.id })).code).toBe(
      'SYSTEM_UNKNOWN',
    );
    const asset = await register(organization, { ips: ['192.0.2.1'] }, { systemId: system.id });
    expect(asset.system?.id).toBe(system.id);
    const owner = await running.visitor('Owner', [
      { role: 'system-owner', organizationId: Number(organization), systemId: Number(system.id) },
    ]);
    await register(organization, { ips: ['192.0.2.9'] });
    const seen = RegisteredAssetList.parse((await owner.get('/api/v1/registered-assets')).json());
    expect(seen.items.map(({ id }) => id)).toEqual([asset.id]);
    expect(
      (await refusal(organization, { ips: ['192.0.2.3'], assetCode: asset.fields['assetCode'] })).code,
    ).toBe('CODE_TAKEN');
    const { items } = RecordChangeList.parse(
      await read(`/organizations/${organization}/changes?kind=system`),
    );
    expect(items.map(({ action, recordId }) => [action, recordId])).toEqual([['created', system.id]]);
  });
});

describe('a scan that meets a registered asset under another name', () => {
  it('gives it that name when only it can be meant', async () => {
    const organization = await running.organization('met');
    const asset = await register(organization, { ips: ['192.0.2.1'], domains: ['www.example.org'] });
    await scan(organization, [fqdn('WWW.example.org.')], [ip('192.0.2.50')]);
    expect(RegisteredAsset.parse(await read(`/registered-assets/${asset.id}`))).toMatchObject({
      identity: 'fqdn:www.example.org',
      visited: true,
    });
    expect((await identities(organization)).sort()).toEqual(['fqdn:www.example.org', 'ip:192.0.2.50']);
  });

  it('leaves it alone when two registered assets can be meant', async () => {
    const organization = await running.organization('ambiguous');
    const one = await register(organization, { ips: ['192.0.2.1'], domains: ['www.example.org'] });
    await register(organization, { ips: ['192.0.2.2'], domains: ['www.example.org'] }, { assetId: 'new' });
    await scan(organization, [fqdn('www.example.org')]);
    expect(await identities(organization)).toEqual(['fqdn:www.example.org']);
    expect(RegisteredAsset.parse(await read(`/registered-assets/${one.id}`)).visited).toBe(false);
  });

  it('does not take a web application for the machine that it runs on, whichever came first', async () => {
    const organization = await running.organization('shared address');
    const shop = { type: 'web-application', domains: ['shop.example.org'], ips: ['192.0.2.1'] };
    const before = await register(organization, shop);
    await scan(organization, [ip('192.0.2.1')]);
    expect(await identities(organization)).toEqual(['ip:192.0.2.1']);
    const after = await register(organization, { ...shop, domains: ['pay.example.org'] }, { assetId: 'new' });
    for (const { id } of [before, after]) {
      expect(RegisteredAsset.parse(await read(`/registered-assets/${id}`)).visited).toBe(false);
    }
    await scan(organization, [fqdn('shop.example.org'), ip('192.0.2.1')]);
    expect(RegisteredAsset.parse(await read(`/registered-assets/${before.id}`)).visited).toBe(true);
  });

  it('is not taken over by a web application that is registered later', async () => {
    const organization = await running.organization('shared address, later');
    await scan(organization, [ip('192.0.2.1')]);
    const shop = { type: 'web-application', domains: ['shop.example.org'], ips: ['192.0.2.1'] };
    expect(await register(organization, shop)).toMatchObject({
      identity: 'fqdn:shop.example.org',
      visited: false,
    });
  });

  it('leaves it alone when the scan means two machines by it', async () => {
    const organization = await running.organization('two machines');
    const asset = await register(organization, {
      ips: ['192.0.2.1'],
      domains: ['a.example.org', 'b.example.org'],
    });
    await scan(organization, [fqdn('a.example.org')], [fqdn('b.example.org')]);
    expect(RegisteredAsset.parse(await read(`/registered-assets/${asset.id}`)).visited).toBe(false);
  });

  it('leaves it alone when the machine shows another hardware address', async () => {
    const organization = await running.organization('replaced');
    const asset = await register(organization, {
      ips: ['192.0.2.1'],
      domains: ['www.example.org'],
      macs: ['00:00:5e:00:53:01'],
    });
    await scan(organization, [fqdn('www.example.org'), mac('00:00:5e:00:53:02')]);
    expect(RegisteredAsset.parse(await read(`/registered-assets/${asset.id}`)).visited).toBe(false);
  });
});
