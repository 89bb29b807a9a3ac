import { fileURLToPath } from 'node:url';
import { FindingList } from '@backcheck/contract';
import type { Identifier } from '@backcheck/core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import { expectAccessible, expectFits, hasBrowser } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

const ADDRESS: Identifier = { kind: 'ip', value: '192.0.2.7' };
const AGENT: Identifier = { kind: 'agent', value: 'pacs-01' };

/** One person, one question: is this one machine? */
const TRIVY_PROFILE = fileURLToPath(new URL('../../profiles/trivy/no-filter.json', import.meta.url));

describe.skipIf(!hasBrowser())('who is who, in a browser', () => {
  let stage: Stage;
  let page: Page;
  let organizationId: string;

  beforeAll(async () => {
    stage = await Stage.open();
    page = stage.administrator;
    organizationId = await stage.organization('Lakeside Hospital');
  });

  afterAll(() => stage?.close());

  const importScan = (at: string, present: boolean, ...assets: Identifier[][]): Promise<void> =>
    stage.import({
      organizationId,
      name: `${at.slice(0, 10)}.jsonl`,
      content: houseScan({ at, present, assets }),
    });
  const finding = async () => FindingList.parse(await stage.get('/findings')).items[0];
  const dialog = () => page.getByRole('dialog');
  const figure = (name: string) => dialog().locator(`[data-figure=${name}] dd`).textContent();

  test('two scans that name one machine differently become a question, and nothing closes by guessing', async () => {
    await importScan('2026-09-01T00:00:00.000Z', true, [ADDRESS]);
    await importScan('2026-09-05T00:00:00.000Z', false, [AGENT, ADDRESS]);
    expect((await finding())?.state).toBe('open');
    await page.goto(`${stage.server.url}/assets`);
    await page.getByRole('navigation', { name: 'Main' }).getByText('1 open identity question').waitFor();
    await page.getByLabel('Search').fill('pacs');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await expectFits(page, { en: 'Assets', zh: '资产' });
    await page.getByRole('link', { name: /Identity questions/ }).click();
    const question = page.getByRole('article', { name: 'Are these one machine?' });
    await question.getByText('What they share').waitFor();
    await expectFits(page, { en: 'Identity questions', zh: '身份待确认' });
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
    await page.goto(`${stage.server.url}/assets/${(await finding())?.asset.id}`);
    await page.getByText('Looked at the rack').waitFor();
    await expectFits(page, { en: 'pacs-01', zh: 'pacs-01' });
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
    await page.goto(`${stage.server.url}/assets/settings`);
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
    await expectFits(page, { en: 'Settings', zh: '设置' });
    await page.getByRole('button', { name: 'Remove 192.0.2.0/24' }).click();
    await page.getByText('No range is registered.').waitFor();
  });
});
