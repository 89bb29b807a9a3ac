import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, hasBrowser } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

/** What is known of vulnerabilities, as the administrator keeps it. */
describe.skipIf(!hasBrowser())('the screen of feeds', () => {
  let stage: Stage;
  let page: Page;
  let publisher: Server;
  let address: string;

  const kev = (version: string, ...cves: readonly string[]) =>
    Buffer.from(
      JSON.stringify({
        catalogVersion: version,
        dateReleased: '2020-11-20T17:04:19.979Z',
        count: cves.length,
        vulnerabilities: cves.map((cveID) => ({ cveID, dateAdded: '2020-11-01', dueDate: '2020-11-22' })),
      }),
    );

  beforeAll(async () => {
    publisher = createServer((_, answer) =>
      answer.end(
        `#model_version:v1,score_date:${new Date().toISOString()}\ncve,epss,percentile\nCVE-2020-0001,0.5,0.9\n`,
      ),
    );
    await new Promise<void>((listening) => publisher.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/epss.csv`;
    stage = await Stage.open();
    page = stage.administrator;
    await page.goto(`${stage.server.url}/feeds`);
  });

  afterAll(async () => {
    await stage?.close();
    publisher?.close();
  });

  const row = (name: string | RegExp) => page.getByRole('row').filter({ hasText: name });

  test('says plainly that nothing was taken in yet', async () => {
    await page.getByRole('heading', { level: 1, name: 'Vulnerability feeds' }).waitFor();
    await row(/KEV/).getByText('Nothing taken in yet').waitFor();
  });

  test('takes in a file, and says that it is stale', async () => {
    await row(/KEV/).getByRole('button').click();
    const dialog = page.getByRole('dialog');
    const buffer = kev('2020.11.20', 'CVE-2020-0001', 'CVE-2020-0002');
    await dialog
      .getByLabel('Upload a file')
      .setInputFiles({ name: 'kev.json', mimeType: 'application/json', buffer });
    await dialog.getByText('Taken in: 2020.11.20; 2 entries are known now.').waitFor();
    await expectAccessible(page);
    const cut = kev('2020.11.21', 'CVE-2020-0001').subarray(0, 120);
    await dialog
      .getByLabel('Upload a file')
      .setInputFiles({ name: 'cut.json', mimeType: 'application/json', buffer: cut });
    await dialog.getByText('Line 1: the JSON is cut').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await row(/KEV/)
      .getByText(/^Stale ·/)
      .waitFor();
  });

  test('fetches from an address', async () => {
    await row(/EPSS/).getByRole('button').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('nowhere');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Give a whole address').waitFor();
    await dialog.getByLabel('Address').fill(address);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Fetch now' }).click();
    await row(/EPSS/)
      .getByText(/^Current ·/)
      .waitFor({ timeout: 30_000 });
    await dialog.getByText('fetched by itself').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  test('is usable at the width of a desk, a tablet and a phone, in both languages', async () => {
    for (const width of [1280, 820, 390])
      for (const [button, title] of [
        ['中文', '漏洞数据源'],
        ['English', 'Vulnerability feeds'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await expectAccessible(page);
        const over = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.screen'))`;
        expect(await page.evaluate(over)).toBeLessThanOrEqual(0);
      }
  });
});
