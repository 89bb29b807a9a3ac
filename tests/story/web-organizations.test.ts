import { FindingList, RegisteredAsset, System } from '@backcheck/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import {
  chooseOption,
  expectAccessible,
  expectFits as expectFit,
  fillDate,
  hasBrowser,
  searchOption,
} from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

/** A city with its districts: what a coordinator keeps in the registers, and what one hospital sees of it. */
describe.skipIf(!hasBrowser())('the registers, in a browser', () => {
  let stage: Stage;
  let page: Page;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    stage = await Stage.open();
    page = stage.administrator;
    await seed();
  });

  afterAll(() => stage?.close());

  const send = (path: string, data: object): Promise<unknown> => stage.send(path, data);

  const idOf = (name: string): string => ids[name] ?? `no ${name}`;

  async function organization(name: string, parent: string | null, fields: object = {}): Promise<void> {
    const parentId = parent === null ? {} : { parentId: idOf(parent) };
    ids[name] = await stage.organization(name, { ...parentId, fields });
  }

  async function seed(): Promise<void> {
    await organization('City of Lakes', null, { organizationCode: '3701', nameZh: '湖城市' });
    for (const [name, nameZh, organizationCode] of [
      ['Eastern district', '东区', '370101'],
      ['Northern district', '北区', '370102'],
      ['Western district', '西区', '370103'],
    ])
      await organization(name ?? '', 'City of Lakes', { organizationCode, nameZh });
    await organization('Lakeside Hospital', 'Northern district', {
      organizationCode: '370102-H-01',
      nameZh: '湖畔医院',
      kind: 'hospital',
      sector: 'health',
      uscc: '91350100M000100Y43',
      leaderName: '张建国',
    });
    await organization('Hill School', 'Northern district', {
      organizationCode: '370102-S-01',
      nameZh: '山麓学校',
    });
    await organization('Scans of the city', 'City of Lakes', {
      organizationCode: '3709',
      nameZh: '全市扫描',
    });
    await stage.send(
      `/organizations/${idOf('Scans of the city')}`,
      { version: 1, collecting: true },
      { method: 'PATCH' },
    );
    const organizationId = idOf('Lakeside Hospital');
    const system = System.parse(
      await send('/systems', {
        organizationId,
        fields: {
          systemCode: 'HIS',
          name: 'Hospital information',
          mlpsLevel: '3',
          mlpsFilingNumber: '37010299001',
          criticality: 'vital',
          access: 'internet',
          ownerPerson: '李工',
          ownerPhone: '0531-88880000',
        },
      }),
    );
    const asset = RegisteredAsset.parse(
      await send('/registered-assets', {
        organizationId,
        systemId: system.id,
        fields: {
          assetCode: 'FW-01',
          name: 'Edge firewall',
          type: 'security-device',
          ips: ['203.0.113.1'],
          exposure: 'yes',
          edgeDevice: true,
          supportEndOn: '2024-06-30',
        },
      }),
    );
    ids['firewall'] = asset.id;
    await send('/contacts', {
      organizationId,
      fields: {
        role: 'liaison',
        name: '王敏',
        mobile: '13800000000',
        email: 'wang@example.org',
        channel: 'phone',
        order: 1,
      },
    });
    await send('/ownership/claims', claimOf('Lakeside Hospital', 'range', '203.0.113.0/24'));
    await send('/ownership/claims', claimOf('Hill School', 'range', '203.0.113.128/25'));
    await importScan('Lakeside Hospital', ['203.0.113.1', '203.0.113.2']);
    await importScan('Scans of the city', ['203.0.113.7', '203.0.113.200', '198.51.100.9']);
  }

  const claimOf = (name: string, kind: string, value: string) => ({
    organizationId: idOf(name),
    kind,
    value,
    note: 'Contract with the provider',
  });

  const importScan = (name: string, addresses: readonly string[]): Promise<void> =>
    stage.import({
      organizationId: idOf(name),
      name: `${name}.jsonl`,
      content: houseScan({
        at: '2026-09-01T00:00:00.000Z',
        present: true,
        assets: addresses.map((value) => [{ kind: 'ip' as const, value }]),
      }),
    });

  const dialog = (by: Page = page) => by.getByRole('dialog');
  const item = (name: string) => page.getByRole('treeitem', { name });
  const focused = () => page.locator('[role=treeitem]:focus').getAttribute('data-name');
  const section = (name: string) =>
    page.getByRole('navigation', { name: 'Parts of this page' }).getByRole('link', { name });

  /** By what it shows, not by its title. */
  const expectFits = (shown: { readonly en: string; readonly zh: string }, by: Page = page) =>
    expectFit(by, shown, (text) => by.getByText(text).filter({ visible: true }).first());

  test('the tree is walked with the keyboard alone, as trees are, and opens what is chosen beside it', async () => {
    await page.getByRole('link', { name: 'Organizations' }).click();
    await item('City of Lakes').focus();
    await page.keyboard.press('ArrowRight');
    await item('Northern district').waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Eastern district');
    await page.keyboard.press('n');
    expect(await focused()).toBe('Northern district');
    await page.keyboard.press('ArrowRight');
    await item('Hill School').waitFor();
    await page.keyboard.press('End');
    expect(await focused()).toBe('Scans of the city');
    await page.keyboard.press('Home');
    expect(await focused()).toBe('City of Lakes');
    // What is typed is forgotten after 700 ms: nothing else begins with one of these letters.
    await page.keyboard.type('lak');
    expect(await focused()).toBe('Lakeside Hospital');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Lakeside Hospital' }).waitFor();
    expect(await focused()).toBe('Lakeside Hospital');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('Northern district');
    expect(new URL(page.url()).pathname).toBe(`/organizations/${idOf('Lakeside Hospital')}`);
    await expectFits({ en: 'Hospital', zh: '湖畔医院' });
  });

  test('an organization is found by a part of its name in either language, its code or its credit code', async () => {
    for (const q of ['lakeside', '畔医', '370102-h', '100Y43']) {
      await page.getByLabel('Search').fill(q);
      await page.waitForURL((url) => url.searchParams.get('q') === q);
      await expect
        .poll(() => page.locator('.found a').allTextContents())
        .toEqual(['Lakeside Hospital370102-H-01']);
    }
    await expectFits({ en: 'Hospital', zh: '湖畔医院' });
    await page.getByLabel('Search').fill('');
    await item('City of Lakes').waitFor();
  });

  test('a list that was found before is not offered for what was typed since', async () => {
    await page.goto(`${stage.server.url}/imports`);
    const options = page.locator('.ant-select-item-option:visible');
    await page.getByLabel('Organization', { exact: true }).click();
    await options.filter({ hasText: 'City of Lakes' }).waitFor();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/organizations?q=hill*', (route) => asked.then(() => route.continue()));
    await page.getByLabel('Organization', { exact: true }).fill('hill');
    await expect.poll(() => options.allTextContents()).toEqual([expect.stringContaining('Hill School')]);
    answer();
    await page.keyboard.press('Escape');
    await page.goBack();
  });

  test('an organization says what waits there, whom to call, and which findings are open', async () => {
    await page.getByRole('link', { name: 'Overdue 0' }).waitFor();
    expect(await page.locator('.call-list a').first().getAttribute('href')).toBe('tel:13800000000');
    const { items } = FindingList.parse(
      await stage.get(`/findings?organizationId=${idOf('Lakeside Hospital')}`),
    );
    await page.locator('.severities a').first().click();
    await expect.poll(() => page.locator('table.findings tbody tr').count()).toBe(items.length);
    await page.goBack();
  });

  test('a system is shown and changed, and whoever saved first is not overwritten unseen', async () => {
    await section('Systems').click();
    await page.getByRole('button', { name: 'Hospital information' }).click();
    await dialog().getByText('0531-88880000').waitFor();
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Edit' }).click();
    await dialog().getByLabel('Log retention in days').fill('many');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('"many" is not a whole number').waitFor();
    await expectAccessible(page);
    await dialog().getByLabel('Log retention in days').fill('180');
    await dialog().getByLabel('Main function').fill('Patients');
    const { items } = (await stage.get('/systems')) as { items: readonly System[] };
    const { id, version } = items[0] ?? {};
    const fields = { logRetentionDays: '90', usersCount: 1200 };
    await stage.send(`/systems/${id}`, { version, fields }, { method: 'PATCH' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('now says: 90 (you wrote: 180)').waitFor();
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Take over what is there now' }).click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'detached' });
    const after = (await stage.get('/systems')) as { items: readonly System[] };
    expect(after.items[0]?.fields).toMatchObject({
      logRetentionDays: 90,
      usersCount: 1200,
      function: 'Patients',
    });
    await expectFits({ en: 'Vital', zh: '核心' });
  });

  test('assets show what is exposed, and what its maker no longer supports', async () => {
    await section('Assets').click();
    await page.getByText('support has ended').waitFor();
    await expectFits({ en: 'support has ended', zh: '已停止支持' });
    await page.getByLabel('Search').last().fill('203.0.113.2');
    await page.getByText('No asset matches.').waitFor();
    await page.getByRole('link', { name: 'All assets, also those that only scans know' }).click();
    await expect.poll(() => page.locator('table.assets tbody tr').count()).toBe(2);
    await page.goBack();
  });

  test('a contact nobody has called is marked until somebody does; a wrong address is said at its field', async () => {
    await section('Contacts').click();
    await page.getByText('never verified').waitFor();
    await page.getByRole('button', { name: 'Verify now: 王敏 answers' }).click();
    await page.getByText('never verified').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New contact' }).click();
    await dialog().getByLabel('Name').fill('Chen Jie');
    await dialog().getByLabel('Email').fill('chen at example');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('This must be filled in').waitFor();
    await dialog().getByText('"chen at example" is not an email address').waitFor();
    await dialog().getByLabel('Email').fill('chen@example.org');
    await chooseOption(dialog().getByLabel('Role'), 'Technical');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /Chen Jie/ }).waitFor();
    await expectFits({ en: 'never verified', zh: '从未核实' });
  });

  test('a range that two organizations claim is shown at both', async () => {
    await section('Ranges and domains').click();
    await page.getByText('Also claimed:').waitFor();
    await page.getByText('203.0.113.128/25 by Hill School').waitFor();
    await page.getByLabel('Range or domain').fill('lakeside.example');
    await page.getByLabel('On what ground').fill('Registered name');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Withdraw lakeside.example' }).waitFor();
    await expectFits({ en: 'Also claimed:', zh: '同时声明的单位：' });
  });

  test('a key list holds organizations for a time, and each says on which lists it is', async () => {
    await page.goto(`${stage.server.url}/key-lists`);
    await page.getByRole('button', { name: 'New key list' }).click();
    await dialog().getByLabel('Name').fill('National day');
    await fillDate(dialog().getByLabel('Valid to'), '2026-10-08');
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'National day' }).waitFor();
    await expectFits({ en: 'Key protection', zh: '重点保障' });
    await page.getByRole('link', { name: 'National day' }).click();
    await searchOption(page.getByLabel('Organization'), 'Lakeside');
    await page.getByRole('button', { name: 'Put on the list' }).click();
    await page.getByRole('button', { name: 'Remove Lakeside Hospital' }).waitFor();
    await expectFits({ en: 'Put on the list', zh: '列入名单' });
    await page.locator('.members').getByRole('link', { name: 'Lakeside Hospital' }).click();
    await section('Key lists').click();
    await page.getByRole('link', { name: 'National day' }).waitFor();
    await expectFits({ en: 'ended', zh: '已失效' });
  });

  test('every change is there with who made it, before and after', async () => {
    await section('Changes').click();
    const change = page.locator('.changes li', { hasText: 'System changed' }).first();
    await change.getByText('Main function').waitFor();
    expect(await change.locator('ins').allTextContents()).toContain('Patients');
    await expectFits({ en: 'System changed', zh: '系统 修改' });
  });

  test('what belongs to nobody waits in a queue, and goes to its suggested owners in one go', async () => {
    await page.goto(`${stage.server.url}/assets/unowned`);
    await expect.poll(() => page.locator('.queue-table tbody tr').count()).toBe(3);
    await expectFits({ en: 'Owner in question', zh: '归属待定' });
    await page.getByLabel('Choose all with a suggestion').check();
    await page.getByRole('button', { name: 'Hand over 2 as suggested' }).click();
    await dialog().getByText('Hill School').waitFor();
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Hand over' }).click();
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.queue-table tbody tr').count()).toBe(1);
    const { items } = FindingList.parse(await stage.get(`/findings?organizationId=${idOf('Hill School')}`));
    expect(items).toHaveLength(1);
  });

  test('a liaison lands on the page of the own organization, sees no tree, and says "not ours"', async () => {
    const grant = { role: 'liaison', organizationId: idOf('Lakeside Hospital') };
    const liaison = await stage.join('liaison@example.org', 'Liaison', grant);
    await liaison.goto(stage.server.url);
    await liaison.getByRole('heading', { level: 1, name: 'Lakeside Hospital' }).waitFor();
    expect(await liaison.getByRole('tree').count()).toBe(0);
    await expectFits({ en: 'Lakeside Hospital', zh: '湖畔医院' }, liaison);
    await liaison.goto(`${stage.server.url}/organizations/${idOf('Hill School')}`);
    await liaison.getByText('There is nothing at this address').waitFor();
    await liaison.goto(`${stage.server.url}/assets/${idOf('firewall')}`);
    expect(await liaison.getByRole('button', { name: 'Hand over' }).count()).toBe(0);
    await liaison.getByRole('button', { name: 'Not ours' }).click();
    await dialog(liaison).getByLabel('Reason').fill('Sold to the school');
    await liaison.keyboard.press('Enter');
    await liaison.getByText('Liaison says that this asset is not theirs:').waitFor();
    await expectFits({ en: 'Sold to the school', zh: '确认是我们的' }, liaison);
    await liaison.close();
  });

  test('the coordinator hands it over, and both its register and its history go along', async () => {
    await page.goto(`${stage.server.url}/assets/${idOf('firewall')}`);
    await page.getByText('Sold to the school').waitFor();
    await page.getByRole('button', { name: 'Hand over' }).click();
    await searchOption(dialog().getByLabel('To'), 'Hill');
    await dialog().getByLabel('Reason').fill('Bill of sale');
    await dialog().getByRole('button', { name: 'Hand over' }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('Bill of sale').waitFor();
    await page.locator('.asset-head').getByRole('link', { name: 'Hill School' }).waitFor();
    await page.getByText('Security device').waitFor();
    await expectFits({ en: 'Hand-overs', zh: '移交记录' });
  });
});
