import {
  ContactList,
  Organization,
  OrganizationList,
  OrganizationPage,
  OrganizationTree,
  RecordChangeList,
} from '@backcheck/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp, type Visitor } from '../testing/running-app.ts';

/**
 *   city
 *   ├── north ─ school
 *   └── south ─ hospital
 */
let running: RunningApp;
const ids: Record<string, string> = {};
let liaison: Visitor;
let southern: Visitor;

const send = (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) => ({
  method,
  url: `/api/v1${url}`,
  ...(payload === undefined ? {} : { payload }),
});
const post = async (url: string, payload: object) => (await running.send(send('POST', url, payload))).json();
const read = async (url: string) => (await running.get(`/api/v1${url}`)).json();
const id = (name: string): string => ids[name] ?? `no ${name}`;
const page = async (name: string) => OrganizationPage.parse(await read(`/organizations/${id(name)}`));
const names = ({ items }: { items: readonly { name: string }[] }) => items.map(({ name }) => name);

beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  const make = async (name: string, parent: string | undefined, fields: object = {}) => {
    const parentId = parent === undefined ? {} : { parentId: id(parent) };
    ids[name] = Organization.parse(await post('/organizations', { name, ...parentId, fields })).id;
  };
  await make('city', undefined, { organizationCode: '37' });
  await make('north', 'city', { organizationCode: '3701' });
  await make('south', 'city', { organizationCode: '3702' });
  await make('school', 'north', {
    organizationCode: '370101',
    uscc: '91350100M000100Y43',
    nameZh: '第一中学',
  });
  await make('hospital', 'south', { organizationCode: '370201', shortName: 'ＨＯＳＰ' });
  liaison = await running.visitor('Liaison', [{ role: 'liaison', organizationId: Number(id('hospital')) }]);
  southern = await running.visitor('South', [
    { role: 'campaign-manager', organizationId: Number(id('south')) },
  ]);
});

describe('the tree', () => {
  it('shows the organizations directly below one, in the order of their codes', async () => {
    const top = OrganizationTree.parse(await read('/organizations/tree'));
    expect(names(top)).toEqual(['city']);
    expect(top.items[0]?.children).toBe(2);
    const below = OrganizationTree.parse(await read(`/organizations/tree?parent=${id('city')}`));
    expect(names(below)).toEqual(['north', 'south']);
  });

  it('begins for somebody of one county at that county, and tells nothing of what is above', async () => {
    const top = OrganizationTree.parse((await southern.get('/api/v1/organizations/tree')).json());
    expect(top.items.map(({ name, parentId }) => [name, parentId])).toEqual([['south', null]]);
    const answer = await southern.get(`/api/v1/organizations/${id('hospital')}`);
    expect(OrganizationPage.parse(answer.json()).path.map(({ name }) => name)).toEqual(['south']);
    for (const name of ['city', 'school']) {
      expect((await southern.get(`/api/v1/organizations/${id(name)}`)).statusCode).toBe(404);
      expect((await southern.get(`/api/v1/organizations/tree?parent=${id(name)}`)).statusCode).toBe(404);
    }
  });

  it('counts the assets and open findings of a node with all below it, for whoever may read them', async () => {
    const at = '2026-10-01T00:00:00.000Z';
    const file = houseScan({ at, assets: [[{ kind: 'ip', value: '192.0.2.9' }]], present: true });
    const sent = await running.upload(file, { organizationId: id('school'), confirm: 'true' });
    await running.settled(sent.json().id);
    const { below, own } = await page('city');
    expect(below).toMatchObject({ organizations: 4, assets: 1 });
    expect(Object.values(below.openFindings ?? {}).reduce((a, b) => a + b, 0)).toBe(1);
    expect(own).toMatchObject({ assets: 0 });
    const officer = await running.visitor('Auditor', [{ role: 'security-auditor' }]);
    const seen = OrganizationPage.parse((await officer.get(`/api/v1/organizations/${id('city')}`)).json());
    expect(seen.below).toMatchObject({ assets: null, openFindings: null });
    expect(seen.own.contacts).toBeNull();
  });

  it('moves an organization with what is below it, never below itself, and only where the caller sees', async () => {
    const move = (name: string, parentId: string | null, version: number) =>
      send('PATCH', `/organizations/${id(name)}`, { version, parentId });
    const version = async (name: string) => (await page(name)).version;
    expect((await running.refused(move('north', id('school'), await version('north')))).code).toBe(
      'ORGANIZATION_BELOW_ITSELF',
    );
    expect((await running.send(move('north', id('south'), await version('north')))).statusCode).toBe(200);
    expect((await page('school')).path.map(({ name }) => name)).toEqual(['city', 'south', 'north']);
    expect((await southern.send(move('school', null, await version('school')))).json().code).toBe(
      'ORGANIZATION_PARENT_NEEDED',
    );
    expect((await southern.send(move('school', id('city'), await version('school')))).json().code).toBe(
      'ORGANIZATION_UNKNOWN',
    );
    expect((await running.send(move('north', id('city'), await version('north')))).statusCode).toBe(200);
    expect((await southern.get(`/api/v1/organizations/${id('school')}`)).statusCode).toBe(404);
  });

  it('grows below a node that the caller sees, and nowhere else', async () => {
    const add = (parentId?: string) =>
      southern.send(send('POST', '/organizations', { name: 'clinic', parentId }));
    expect((await add()).json().code).toBe('ORGANIZATION_PARENT_NEEDED');
    expect((await add(id('north'))).json().code).toBe('ORGANIZATION_UNKNOWN');
    const made = await add(id('south'));
    expect(made.statusCode).toBe(201);
    expect(Organization.parse(made.json()).code).toMatch(/^ORG-\d{6}$/);
    expect((await add(id('south'))).json().code).toBe('ORGANIZATION_NAME_TAKEN');
    const taken = { name: 'another', parentId: id('south'), fields: { organizationCode: '370101' } };
    expect((await southern.send(send('POST', '/organizations', taken))).json().code).toBe('CODE_TAKEN');
  });
});

describe('the search', () => {
  const find = async (q: string) =>
    names(OrganizationList.parse(await read(`/organizations?q=${encodeURIComponent(q)}`)));

  it.each([
    ['中学', 'school'],
    ['SCHO', 'school'],
    ['370201', 'hospital'],
    ['m000100y', 'school'],
    ['hosp', 'hospital'],
  ])('finds by "%s"', async (q, name) => {
    expect(await find(q)).toEqual([name]);
  });

  it('takes signs of a search pattern as they are', async () => {
    expect(await find('%')).toEqual([]);
  });

  it('goes page by page, and stays below a node where asked to', async () => {
    const first = OrganizationList.parse(await read('/organizations?limit=2'));
    expect(names(first)).toEqual(['city', 'north']);
    const second = OrganizationList.parse(await read(`/organizations?limit=2&cursor=${first.nextCursor}`));
    expect(names(second)).toEqual(['school', 'south']);
    expect(names(OrganizationList.parse(await read(`/organizations?below=${id('north')}`)))).toEqual([
      'north',
      'school',
    ]);
    expect((await running.refused({ method: 'GET', url: '/api/v1/organizations?cursor=xx' })).code).toBe(
      'CURSOR_INVALID',
    );
  });
});

describe('a change of the register', () => {
  it('is refused when somebody else changed the record meanwhile', async () => {
    const { version } = await page('hospital');
    const change = (sector: string) =>
      send('PATCH', `/organizations/${id('hospital')}`, { version, fields: { sector } });
    expect((await running.send(change('health'))).statusCode).toBe(200);
    expect((await running.refused(change('schools'))).code).toBe('CHANGED_MEANWHILE');
    expect((await page('hospital')).fields['sector']).toBe('health');
  });

  it('says each field that cannot be read', async () => {
    const { version } = await page('hospital');
    const fields = { uscc: '91350100M000100Y44', staffTotal: 'many', colour: 'red', parentCode: '37' };
    const { code, errors } = await running.refused(
      send('PATCH', `/organizations/${id('hospital')}`, { version, fields }),
    );
    expect(code).toBe('REQUEST_INVALID');
    expect(errors?.map(({ field }) => field)).toEqual([
      'fields.uscc',
      'fields.staffTotal',
      'fields.colour',
      'fields.parentCode',
    ]);
  });

  it('is kept with who, when, before and after, also where it cleared a field', async () => {
    const { version } = await page('hospital');
    await liaison.send(
      send('PATCH', `/organizations/${id('hospital')}`, { version, fields: { address: 'Lake Road 1' } }),
    );
    await liaison.send(
      send('PATCH', `/organizations/${id('hospital')}`, { version: version + 1, fields: { address: null } }),
    );
    const { items } = RecordChangeList.parse(await read(`/organizations/${id('hospital')}/changes?limit=2`));
    expect(items.map(({ by, fields, via }) => [by?.name, via, fields])).toEqual([
      ['Liaison', 'session', [{ field: 'address', before: 'Lake Road 1', after: null }]],
      ['Liaison', 'session', [{ field: 'address', before: null, after: 'Lake Road 1' }]],
    ]);
  });

  it('of place, status or closing across tools is not the organization’s own to make', async () => {
    const { version } = await page('hospital');
    for (const change of [
      { crossTool: true },
      { version, fields: { status: 'dissolved' } },
      { version, collecting: true },
    ]) {
      expect(
        (await liaison.send(send('PATCH', `/organizations/${id('hospital')}`, change))).json().code,
      ).toBe('FORBIDDEN');
    }
  });

  it('that merges an organization into another one is in its history', async () => {
    const made = Organization.parse(
      await post('/organizations', { name: 'old school', parentId: id('north') }),
    );
    const url = `/organizations/${made.id}`;
    await running.send(
      send('PATCH', url, { version: 1, fields: { status: 'merged' }, mergedInto: id('school') }),
    );
    expect(OrganizationPage.parse(await read(url))).toMatchObject({
      mergedInto: id('school'),
      organization: { status: 'merged' },
    });
    const { items } = RecordChangeList.parse(
      await read(`${url}/changes?kind=organization&recordId=${made.id}`),
    );
    expect(items[0]?.fields).toContainEqual({ field: 'status', before: 'active', after: 'merged' });
    expect(items.at(-1)?.action).toBe('created');
  });
});

describe('contacts', () => {
  const leader = { role: 'leader', name: 'Wang', mobile: '13900000000' };

  it('stand in the order in which they are called, and say who verified them', async () => {
    const organizationId = id('hospital');
    const second = await post('/contacts', { organizationId, fields: { ...leader, order: 2 } });
    await post('/contacts', { organizationId, fields: { ...leader, name: 'Li', order: 1 } });
    await liaison.send(send('POST', `/contacts/${second.id}/verify`));
    const { items } = ContactList.parse(await read(`/contacts?organizationId=${organizationId}`));
    expect(items.map(({ fields, verified }) => [fields['name'], verified?.by?.name])).toEqual([
      ['Li', undefined],
      ['Wang', 'Liaison'],
    ]);
  });

  it('of another organization are neither seen nor changed, and their changes are hidden from whoever may not read contacts', async () => {
    const made = await post('/contacts', { organizationId: id('school'), fields: leader });
    expect((await liaison.get(`/api/v1/contacts?organizationId=${id('school')}`)).json().items).toEqual([]);
    expect((await liaison.send(send('POST', `/contacts/${made.id}/verify`))).statusCode).toBe(404);
    expect((await liaison.send(send('DELETE', `/contacts/${made.id}?version=1`))).statusCode).toBe(404);
    expect(
      (await liaison.send(send('POST', '/contacts', { organizationId: id('school'), fields: leader }))).json()
        .code,
    ).toBe('ORGANIZATION_UNKNOWN');
    const support = await running.visitor('Support', [
      { role: 'technical-support', organizationId: Number(id('school')) },
    ]);
    const { items } = RecordChangeList.parse(
      (await support.get(`/api/v1/organizations/${id('school')}/changes`)).json(),
    );
    expect(items.map(({ kind }) => kind)).not.toContain('contact');
    expect((await liaison.get(`/api/v1/organizations/${id('school')}/changes`)).statusCode).toBe(404);
  });

  it('need a way to be reached', async () => {
    const { errors } = await running.refused(
      send('POST', '/contacts', { organizationId: id('school'), fields: { role: 'leader', name: 'Wang' } }),
    );
    expect(errors?.map(({ field }) => field)).toEqual(['fields.mobile']);
  });
});

describe('key lists', () => {
  it('hold members that each sees as far as their access reaches', async () => {
    const list = await post('/key-lists', { name: 'Spring', purpose: 'protection', validFrom: '2027-01-01' });
    for (const name of ['school', 'hospital']) {
      const put = await running.send(send('PUT', `/key-lists/${list.id}/members/organization/${id(name)}`));
      expect(put.statusCode).toBe(204);
    }
    const members = (await liaison.get(`/api/v1/key-lists/${list.id}/members`)).json();
    expect(names(members)).toEqual(['hospital']);
    expect((await liaison.get(`/api/v1/key-lists/${list.id}`)).json().members).toBe(1);
    const taken = await liaison.send(
      send('DELETE', `/key-lists/${list.id}/members/organization/${id('hospital')}`),
    );
    expect(taken.json().code).toBe('FORBIDDEN');
    expect(
      (await liaison.send(send('POST', '/key-lists', { name: 'Mine', purpose: 'drill' }))).json().code,
    ).toBe('FORBIDDEN');
    const outsider = await running.visitor('Outsider', [
      { role: 'liaison', organizationId: Number(id('north')) },
    ]);
    await running.send(send('DELETE', `/key-lists/${list.id}/members/organization/${id('school')}`));
    expect((await outsider.get(`/api/v1/key-lists/${list.id}`)).statusCode).toBe(404);
  });
});

describe('a campaign', () => {
  it('is over organizations that its maker sees', async () => {
    const campaign = (units: string[], organizationId?: string) =>
      southern.send(send('POST', '/campaigns', { code: 'C-1', title: 'Hospitals', units, organizationId }));
    expect((await campaign([id('hospital')])).json().code).toBe('ORGANIZATION_PARENT_NEEDED');
    expect((await campaign([id('hospital'), id('school')], id('south'))).json().code).toBe(
      'ORGANIZATION_UNKNOWN',
    );
    const made = (await campaign([id('hospital')], id('south'))).json();
    expect(made).toMatchObject({ units: 1, organizationId: id('south') });
    expect(names((await southern.get(`/api/v1/campaigns/${made.id}/units`)).json())).toEqual(['hospital']);
    expect((await campaign([id('hospital')], id('south'))).json().code).toBe('CODE_TAKEN');
  });
});
