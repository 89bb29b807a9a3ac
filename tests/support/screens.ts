import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const WEB = fileURLToPath(new URL('../../packages/web', import.meta.url));

/** Whether the screens can be tested here; says so where they cannot. */
export function hasBrowser(): boolean {
  const installed = existsSync(CHROMIUM);
  if (!installed) console.warn(`The screens are not tested: there is no ${CHROMIUM}.`);
  return installed;
}

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** As a process of its own: vitest sets NODE_ENV=test, with which React would be built for development. */
export async function buildScreens(): Promise<void> {
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

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No serious or critical violation of WCAG 2.2 AA that a machine can find. */
export async function expectAccessible(page: Page): Promise<void> {
  // A colour on its way from one to the other is not the contrast that anyone reads.
  await page.evaluate(
    `Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))`,
  );
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
