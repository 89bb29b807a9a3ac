import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyCertificate } from '@backcheck/core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, hasBrowser } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

const SCANS = fileURLToPath(new URL('../../fixtures/scans/', import.meta.url));
const NESSUS = join(SCANS, 'nessus');
const FINDING = 'SMB Signing not required';

/** What a person says about the screens, one after the other, in one browser that stays open. */
describe.skipIf(!hasBrowser())('in a browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await Stage.open();
    page = await stage.newPage({ timezoneId: 'Asia/Shanghai', viewport: { width: 1280, height: 800 } });
  });

  afterAll(() => stage?.close());

  const go = (path: string) => page.goto(`${stage.server.url}${path}`);
  const heading = () => page.getByRole('heading', { level: 1 });

  test('a stranger sees how to sign in, in Chinese and English, and no finding', async () => {
    await go('/findings');
    await heading().filter({ hasText: 'Sign in' }).waitFor();
    await page.getByText('The first sign-in on a new server').click();
    await page.getByText('The server prints a sign-in link when it starts.').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: '中文' }).click();
    await heading().filter({ hasText: '登录' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'English' }).click();
  });

  test('the sign-in link leads to the list, which says what to do when it is empty', async () => {
    await page.goto(await stage.server.newSignInLink());
    await page.getByText('Nothing is overdue').waitFor();
    await expectInBothLanguages(page, { en: 'Work', zh: '待办' });
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByText('There are no findings yet').waitFor();
    await expectInBothLanguages(page, { en: 'Findings', zh: '问题' });
    await page.getByRole('link', { name: 'Import scan files' }).click();
    await page.getByLabel('Name of the organization').fill('Lakeside Hospital');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Drop scan files here').waitFor();
  });

  test('the sheet says what a file can prove before anything of it is kept', async () => {
    const sheet = await drop(page, 'before.nessus');
    expect(await figure(sheet, 'new')).toBe('5');
    expect(await figure(sheet, 'closes')).toBe('0');
    await expectInBothLanguages(page, { en: 'Import scan files', zh: '导入扫描文件' });
    expect(await findingsOf(page)).toBe(0);
    await importIt(sheet);
    expect(await findingsOf(page)).toBe(5);
  });

  test('a file that is no scan is refused in one sentence, and nothing of it is kept', async () => {
    await page.setInputFiles('input[type=file]', {
      name: 'holiday.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('not a scan'),
    });
    const refused = page.locator('.queue [data-state=refused]');
    await refused.getByText('The format of this file is not known').waitFor();
    await expectInBothLanguages(page, { en: 'Import scan files', zh: '导入扫描文件' });
    await refused.getByRole('button', { name: 'Remove from this list' }).click();
    expect(await findingsOf(page)).toBe(5);
  });

  test('a file that does not say when it was made asks for a time and for who stands for it', async () => {
    const name = 'before.xml';
    await page.setInputFiles('input[type=file]', join(SCANS, 'sslscan', name));
    const card = await cardOf(page, name);
    await card.getByText('This file does not say when it was made').waitFor();
    await expectInBothLanguages(page, { en: 'Import scan files', zh: '导入扫描文件' });
    await card.getByLabel('When was the scan made?').fill('2026-09-02 09:30');
    await page.keyboard.press('Enter');
    await card.getByLabel('Time declared by').waitFor();
    await card.getByRole('button', { name: 'Read again with this time' }).click();
    await card.getByText('2026-09-02 09:30 +08:00 Declared (Coordinator)').waitFor();
    await card.getByRole('button', { name: 'Discard' }).click();
    await card.waitFor({ state: 'detached' });
  });

  test('a discarded file changes nothing', async () => {
    const sheet = await drop(page, 'after-clean.nessus');
    expect(await figure(sheet, 'closes')).toBe('4');
    await sheet.getByRole('button', { name: 'Discard' }).click();
    await sheet.waitFor({ state: 'detached' });
    await go('/findings?state=verified-fixed');
    await page.getByText('No finding matches these filters').waitFor();
  });

  test('findings are filtered by what is in the address, and the filter bar writes it there', async () => {
    await go('/findings');
    await rows(page).nth(4).waitFor();
    await page.getByLabel('Search').fill('certificate');
    await page.waitForURL(/q=certificate/);
    await expect.poll(() => rows(page).count()).toBe(1);
    await go('/findings?severity=low,info&sort=severity');
    await expect.poll(() => rows(page).count()).toBe(2);
    await expectInBothLanguages(page, { en: 'Findings', zh: '问题' });
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => rows(page).count()).toBe(5);
  });

  test('a finding is reached and opened with the keyboard alone', async () => {
    await rows(page).first().getByRole('link').focus();
    await page.keyboard.press('ArrowDown');
    const title = await page.locator('tbody a:focus').textContent();
    await page.keyboard.press('Enter');
    await heading()
      .filter({ hasText: title ?? '?' })
      .waitFor();
    await page.goBack();
  });

  test('a finding that a later scan did not cover says so and points at that scan', async () => {
    await importFile(page, stage.server.url, 'after-narrow-ports.nessus');
    await openFinding(page, stage.server.url, FINDING);
    await page.getByText('PORT_OUTSIDE').waitFor();
    await expectInBothLanguages(page, { en: FINDING, zh: FINDING });
    await page.locator('.why').getByRole('link', { name: 'after-narrow-ports.nessus' }).click();
    const event = page.locator('.event:target');
    expect(await event.getAttribute('data-kind')).toBe('not-covered');
    expect(await event.locator('time').first().textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d \+08:00$/);
  });

  test('a clean rescan closes it with a certificate that anyone can check', async () => {
    await importFile(page, stage.server.url, 'after-clean.nessus');
    await openFinding(page, stage.server.url, FINDING);
    await page.getByText('Current: the proof holds.').waitFor();
    const kinds = await page
      .locator('.event')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-kind')));
    expect(kinds).toEqual(['certificate', 'absent', 'not-covered', 'present']);
    await expectInBothLanguages(page, { en: FINDING, zh: FINDING });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download certificate' }).click(),
    ]);
    const certificate = await readFile(await download.path());
    expect(verifyCertificate(certificate).verdict).toBe('valid');
  });

  test('a finding that returns is reopened, and its certificate says that it no longer holds', async () => {
    await importFile(page, stage.server.url, 'returned.nessus', madeInNovember);
    await openFinding(page, stage.server.url, FINDING);
    await page.getByText('Superseded: the finding was seen again').waitFor();
    await expectInBothLanguages(page, { en: FINDING, zh: FINDING });
  });

  test('the language stays chosen, and every screen fits a tablet and a phone', async () => {
    await page.getByRole('button', { name: '中文' }).click();
    const finding = new URL(page.url()).pathname;
    for (const width of [820, 390]) {
      await page.setViewportSize({ width, height: 1180 });
      for (const path of ['/findings', '/imports', finding]) {
        await go(path);
        await page.getByRole('button', { name: 'English' }).waitFor();
        await page.locator('main h1').waitFor();
        await expectAccessible(page);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(
          0,
        );
      }
    }
    await page.getByRole('button', { name: 'English' }).click();
  });

  test('who signs out leaves nothing on the screen', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading().filter({ hasText: 'Sign in' }).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(FINDING);
  });
});

const rows = (page: Page): Locator => page.locator('tbody tr');

/** Drops a fixture on the import screen and waits for its sheet. */
async function drop(page: Page, name: string): Promise<Locator> {
  await page.setInputFiles('input[type=file]', join(NESSUS, name));
  return cardOf(page, name);
}

async function cardOf(page: Page, name: string): Promise<Locator> {
  await page.locator('.queue [data-state=ready]').getByRole('heading', { name }).waitFor();
  return page.locator('.queue article', { hasText: name });
}

async function importIt(card: Locator): Promise<void> {
  await card.getByRole('button', { name: 'Import' }).click();
  await card.getByText('What this file proved').waitFor();
}

/** Goes to the import screen and takes a file through it; `change` makes another scan out of `before.nessus`. */
async function importFile(
  page: Page,
  url: string,
  name: string,
  change?: (text: string) => string,
): Promise<void> {
  await page.goto(`${url}/imports`);
  await page.getByText('Drop scan files here').waitFor();
  if (change === undefined) return importIt(await drop(page, name));
  const buffer = Buffer.from(change(await readFile(join(NESSUS, 'before.nessus'), 'utf8')));
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/xml', buffer });
  await importIt(await cardOf(page, name));
}

/** The first scan once more, two months later and with a feed that is not older. */
const madeInNovember = (text: string): string =>
  text
    .replaceAll('Tue, 01 Sep 2026', 'Sun, 01 Nov 2026')
    .replaceAll(/17882(\d{5})/g, (second) => String(Number(second) + 61 * 86_400))
    .replaceAll('202608310001', '202610310001');

async function openFinding(page: Page, url: string, title: string): Promise<void> {
  await page.goto(`${url}/findings`);
  await page.getByRole('link', { name: title }).click();
  await page.locator('.event').first().waitFor();
}

const figure = (card: Locator, kind: string): Promise<string | null> =>
  card.locator(`[data-figure=${kind}] dd`).textContent();

/** How many findings the server holds now. */
async function findingsOf(page: Page): Promise<number> {
  const answer = await page.request.get(new URL('/api/v1/findings', page.url()).href);
  const { items }: { items: unknown[] } = await answer.json();
  return items.length;
}

/** The screen passes axe in English, in Chinese says `zh` and passes too, and is English again. */
async function expectInBothLanguages(page: Page, { en, zh }: { en: string; zh: string }): Promise<void> {
  await page.getByRole('heading', { level: 1, name: en }).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { level: 1, name: zh }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: en }).waitFor();
}
