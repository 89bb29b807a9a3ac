import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { areScreensBuilt } from '../../scripts/build-screens.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const WEB = fileURLToPath(new URL('../../packages/web', import.meta.url));

/** Whether the screens can be tested here; says so where they cannot. */
export function hasBrowser(): boolean {
  const installed = existsSync(CHROMIUM);
  if (!installed) console.warn(`The screens are not tested: there is no ${CHROMIUM}.`);
  return installed;
}

/** `BACKCHECK_SLOW_BROWSER=4`: its pages run four times slower, as on an old PC or a machine with much else to do. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const rate = Number(process.env['BACKCHECK_SLOW_BROWSER'] ?? 1);
  const slow = async (page: Page): Promise<void> => {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate });
  };
  if (rate > 1) browser.on('context', (context) => context.on('page', slow));
  return browser;
}

/** Once for all stories. */
export async function buildScreens(): Promise<void> {
  if (!areScreensBuilt()) await build();
}

/** As a process of its own: vitest sets NODE_ENV=test, with which React would be built for development. */
async function build(): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, 'build', WEB, '--logLevel', 'error'], { env });
}

/** A server on any free port of loopback, with its files in `folder`. */
export function configOf(folder: string, databaseUrl: string) {
  return {
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    dataDir: folder,
    databaseUrl,
    signingKeyFile: join(folder, 'signing-key.pem'),
    logLevel: 'silent',
    maxUploadBytes: 10_000_000,
    jobConcurrency: 1,
    vantage: 'main',
    runnerTasks: 0,
    authSecret: null,
    requireTotp: 'privileged',
    trustedProxies: [],
    mail: null,
    oidc: null,
  } as const;
}

/** Types a date and takes it. The calendar that opened meanwhile is gone again: it lies over what follows. */
export async function fillDate(field: Locator, date: string): Promise<void> {
  await field.fill(date);
  await field.press('Enter');
  await areGone(field.page(), '.ant-picker-dropdown');
}

/**
 * Opens a choice and takes an option as the mouse does it, once the list lies where it stays: on its way there it can slip
 * from under a press, and nothing is chosen.
 */
export async function chooseOption(field: Locator, option: string): Promise<void> {
  const page = field.page();
  await field.click();
  await page.locator('.ant-select-item-option:visible', { hasText: option }).waitFor();
  await standStill(page);
  await page.locator('.ant-select-item-option:visible', { hasText: option }).click();
  await areGone(page, '.ant-select-dropdown');
}

/** Types and takes the first suggestion, as one does with the keyboard. */
export async function searchOption(field: Locator, text: string): Promise<void> {
  await field.fill(text);
  await field.page().locator('.ant-select-item-option-active', { hasText: text }).waitFor();
  await field.press('Enter');
  await areGone(field.page(), '.ant-select-dropdown');
}

/** Of two fields in a row both lists may still be on their way out. */
const areGone = (page: Page, lists: string) =>
  expect.poll(() => page.locator(`${lists}:visible`).count()).toBe(0);

/** Presses a button of the open dialog once it stands still: on its way a press can miss it. Waits until it is gone. */
export async function confirmDialog(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: button, exact: true }).waitFor();
  await standStill(page);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The first answer to an address says something else, as when a screen comes before the job that it shows. */
export const changeFirstAnswer = (page: Page, url: string, change: object): Promise<unknown> =>
  page.route(
    url,
    async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), ...change } });
    },
    { times: 1 },
  );

interface Shown {
  readonly en: string | RegExp;
  readonly zh: string | RegExp;
}

/** The same screen in both languages, at the width of a desk and of a phone; by its title, or by what else `find` finds. */
export async function expectFits(
  page: Page,
  shown: Shown,
  find = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }),
): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const [button, name] of [
      ['中文', shown.zh],
      ['English', shown.en],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      await find(name).waitFor();
      await expectAccessible(page);
      const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(over).toBeLessThanOrEqual(0);
    }
  }
}

/**
 * A colour on its way from one to the other is not the contrast that anyone reads; and a press can miss what moves.
 * What turns for ever is not waited for.
 */
async function standStill(page: Page): Promise<void> {
  const moves = `document.getAnimations()
    .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => (one.animationName ?? one.transitionProperty) + ' of ' + one.effect.target?.getAttribute('class'))`;
  await expect.poll(() => page.evaluate(moves), { interval: 30 }).toEqual([]);
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No serious or critical violation of WCAG 2.2 AA that a machine can find. */
export async function expectAccessible(page: Page): Promise<void> {
  await standStill(page);
  await page.evaluate(AXE);
  // What the script in the page returns is not typed; axe documents this shape.
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] }).then((all) => all.violations)`,
  )) as Violation[];
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
  ).toEqual([]);
}
