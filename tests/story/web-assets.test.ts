import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CSRF_HEADER, FindingList, Import, Organization } from '@backcheck/contract';
import type { Identifier } from '@backcheck/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../packages/server/src/start-server.ts';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import { freshDatabase } from '../support/database.ts';
import { buildScreens, configOf, expectAccessible, hasBrowser, openBrowser } from '../support/screens.ts';

const ADDRESS: Identifier = { kind: 'ip', value: '192.0.2.7' };
const AGENT: Identifier = { kind: 'agent', value: 'pacs-01' };

/** One person, one question: is this one machine? */
const TRIVY_PROFILE = fileURLToPath(new URL('../../profiles/trivy/no-filter.json', import.meta.url));

describe.skipIf(!hasBrowser())('who is who, in a browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let organizationId: string;
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-web-assets-'));
  const faults: string[] = [];

  beforeAll(async () => {
    await buildScreens();
    const { connectionString } = await freshDatabase();
    server = await startServer(configOf(folder, connectionString), {
      onDatabaseLost: (why) => faults.push(String(why)),
    });
    browser = await openBrowser();
    page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(await server.newSignInLink());
    const made = await send('POST', '/organizations', { data: { name: 'Lakeside Hospital' } });
    organizationId = Organization.parse(made).id;
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
    expect(faults).toEqual([]);
  });

  async function send(method: string, path: string, body: object = {}): Promise<unknown> {
    const request = { method, headers: { [CSRF_HEADER]: '1' }, ...body };
    return (await page.request.fetch(`${server.url}/api/v1${path}`, request)).json();
  }

  async function importScan(at: string, present: boolean, ...assets: Identifier[][]): Promise<void> {
    const multipart = new FormData();
    multipart.set('organizationId', organizationId);
    multipart.set('confirm', 'true');
    multipart.set('file', new File([houseScan({ at, present, assets })], `${at.slice(0, 10)}.jsonl`));
    const { id } = Import.parse(await send('POST', '/imports', { multipart }));
    await expect.poll(async () => Import.parse(await send('GET', `/imports/${id}`)).state).toBe('done');
  }

  const finding = async () => FindingList.parse(await send('GET', '/findings')).items[0];
  const dialog = () => page.getByRole('dialog');
  const figure = (name: string) => dialog().locator(`[data-figure=${name}] dd`).textContent();

  /** The same screen in both languages, at the width of a desk and of a phone. */
  async function expectFits(heading: { en: string; zh: string }): Promise<void> {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByRole('heading', { level: 1, name: heading.zh }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('heading', { level: 1, name: heading.en }).waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
  }

  test('two scans that name one machine differently become a question, and nothing closes by guessing', async () => {
    await importScan('2026-09-01T00:00:00.000Z', true, [ADDRESS]);
    await importScan('2026-09-05T00:00:00.000Z', false, [AGENT, ADDRESS]);
    expect((await finding())?.state).toBe('open');
    await page.goto(`${server.url}/assets`);
    await page.getByRole('navigation', { name: 'Main' }).getByText('1 open identity question').waitFor();
    await page.getByLabel('Search').fill('pacs');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await expectFits({ en: 'Assets', zh: '资产' });
    await page.getByRole('link', { name: /Identity questions/ }).click();
    const question = page.getByRole('article', { name: 'Are these one machine?' });
    await question.getByText('What they share').waitFor();
    await expectFits({ en: 'Identity questions', zh: '身份待确认' });
  });

  test('"same machine" says what it will do, and with the keyboard alone moves the finding and closes it', async () => {
    const before = await finding();
    await page.getByRole('button', { name: 'Same machine' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('Scans that name 192.0.2.7 will count as scans of pacs-01').waitFor();
    await expectAccessible(page);
    await dialog().getByLabel('Reason').focus();
    await page.keyboard.type('Looked at the rack');
    await page.keyboard.press('Enter');
    await dialog().getByText('Recorded in the ledger').waitFor();
    expect([await figure('findings'), await figure('issued'), await figure('superseded')]).toEqual([
      '1',
      '1',
      '0',
    ]);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByText('No open question').waitFor();
    await expect.poll(() => page.locator('.open-questions').count()).toBe(0);
    const after = await finding();
    expect(after).toMatchObject({ id: before?.id, state: 'verified-fixed' });
    expect(after?.asset.id).not.toBe(before?.asset.id);
  });

  test('the asset shows whose word that was, and a split takes it back', async () => {
    await page.goto(`${server.url}/assets/${(await finding())?.asset.id}`);
    await page.getByText('Looked at the rack').waitFor();
    await expectFits({ en: 'pacs-01', zh: 'pacs-01' });
    await page.getByRole('button', { name: 'Split' }).click();
    await dialog().getByLabel('Scans that name 192.0.2.7').check();
    await dialog().getByLabel('Reason').fill('It was another one');
    await dialog().getByRole('button', { name: 'Split' }).click();
    await dialog().getByText('Recorded in the ledger').waitFor();
    expect(await figure('superseded')).toBe('1');
    await dialog().getByRole('button', { name: 'Done' }).click();
    expect(await finding()).toMatchObject({ state: 'open', certificateId: null });
  });

  test('a DHCP range and a load balancer are registered and removed; closing across tools is off at first, and a scan profile is registered once', async () => {
    await page.goto(`${server.url}/assets/settings`);
    await page.getByLabel('Range').fill('192.0.2.7/24');
    await page.keyboard.press('Enter');
    await page.getByText('This is not a range of addresses').waitFor();
    await page.getByLabel('Range').fill('192.0.2.0/24');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove 192.0.2.0/24' }).waitFor();
    await page.getByLabel('Address or name').fill('WWW.example.org');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove www.example.org' }).waitFor();
    const crossTool = page.getByRole('switch', { name: 'A scan may close what another tool found' });
    expect(await crossTool.isChecked()).toBe(false);
    expect(await page.getByRole('switch', { name: /^What flaps/ }).isChecked()).toBe(true);
    await crossTool.click();
    await expect.poll(() => crossTool.isChecked()).toBe(true);
    await page.locator('input[type=file]').setInputFiles(TRIVY_PROFILE);
    await page.getByText('Trivy: all packages, no filter').waitFor();
    await page.locator('input[type=file]').setInputFiles(TRIVY_PROFILE);
    await page
      .getByText(/trivy-no-filter/)
      .first()
      .waitFor();
    await expectFits({ en: 'Settings', zh: '设置' });
    await page.getByRole('button', { name: 'Remove 192.0.2.0/24' }).click();
    await page.getByText('No range is registered.').waitFor();
  });
});
