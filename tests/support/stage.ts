import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER, Import, Organization } from '@backcheck/contract';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { Config } from '../../packages/server/src/config.ts';
import { type RunningServer, startServer } from '../../packages/server/src/start-server.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { freePort } from './free-port.ts';
import { buildScreens, configOf, openBrowser } from './screens.ts';

/** How long a hook waits for what a server does by itself, as `expect.poll` in a test (vitest.config.ts). */
export const PATIENCE = { timeout: 30_000, interval: 100 };
/** Of everybody who was invited. */
export const PASSWORD = 'seven slow green trams';
const LOOKS: BrowserContextOptions = { locale: 'en-GB', viewport: { width: 1280, height: 900 } };

export interface Grant {
  readonly role: string;
  readonly organizationId: string | null;
}

interface ScanFile {
  readonly organizationId: string;
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Further fields of the form, such as `declaredAt`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** What a story of the screens plays on: a server, and people at browsers. */
export class Stage {
  readonly server: RunningServer;
  readonly database: FreshDatabase;
  /** With the files of the server, and room for those of the story. */
  readonly folder: string;
  /** What goes wrong in a page or with the database. */
  readonly faults: string[];
  /** The local administrator, who is signed in. */
  readonly administrator: Page;
  readonly #browser: Browser;

  private constructor(parts: {
    readonly server: RunningServer;
    readonly database: FreshDatabase;
    readonly folder: string;
    readonly browser: Browser;
    readonly faults: string[];
    readonly administrator: Page;
  }) {
    this.server = parts.server;
    this.database = parts.database;
    this.folder = parts.folder;
    this.faults = parts.faults;
    this.administrator = parts.administrator;
    this.#browser = parts.browser;
  }

  /** Nobody needs a second factor, unless the story says so. */
  static async open(config: Partial<Config> = {}): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'backcheck-stage-'));
    const faults: string[] = [];
    await buildScreens();
    const database = await freshDatabase();
    const server = await startServer(
      { ...configOf(folder, database.connectionString), requireTotp: 'none', ...config },
      { onDatabaseLost: (why) => faults.push(String(why)) },
    );
    const browser = await openBrowser();
    const administrator = await openPage(browser, faults);
    await administrator.goto(await server.newSignInLink());
    return new Stage({ server, database, folder, faults, administrator, browser });
  }

  /** Fails when something went wrong meanwhile that nobody looked at. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.faults).toEqual([]);
  }

  /** The browser of one person more: no cookie and no stored language of the others. */
  newPage(options: BrowserContextOptions = {}): Promise<Page> {
    return openPage(this.#browser, this.faults, options);
  }

  /** What the API answers somebody; null for 204. */
  async get(path: string, by: Page = this.administrator): Promise<unknown> {
    return answerTo(path, await by.request.get(`${this.server.url}/api/v1${path}`));
  }

  async send(
    path: string,
    body: object = {},
    { by = this.administrator, method = 'POST' } = {},
  ): Promise<unknown> {
    const content = body instanceof FormData ? { multipart: body } : { data: body };
    const request = { method, headers: { [CSRF_HEADER]: '1' }, ...content };
    return answerTo(path, await by.request.fetch(`${this.server.url}/api/v1${path}`, request));
  }

  async organization(name: string, more: object = {}): Promise<string> {
    return Organization.parse(await this.send('/organizations', { name, ...more })).id;
  }

  /** Imports a file by the API, and waits until it is done. */
  async import({ organizationId, name, content, fields = {} }: ScanFile): Promise<void> {
    const form = new FormData();
    for (const [key, value] of Object.entries({ organizationId, confirm: 'true', ...fields }))
      form.set(key, value);
    form.set('file', new File([typeof content === 'string' ? content : Buffer.from(content)], name));
    const { id } = Import.parse(await this.send('/imports', form));
    await vi.waitFor(
      async () => expect(Import.parse(await this.get(`/imports/${id}`)).state).toBe('done'),
      PATIENCE,
    );
  }

  /** Invites somebody with one grant; gives the secret of the link, null when it left by mail. */
  async invite(email: string, name: string, grant: Grant): Promise<string | null> {
    const limits = { systemId: null, campaignId: null, expiresAt: null };
    const made = (await this.send('/invitations', {
      email,
      name,
      language: 'en',
      grants: [{ ...limits, ...grant }],
      twoFactorRequired: false,
    })) as { readonly link: string | null };
    return made.link?.split('#')[1] ?? null;
  }

  /** Somebody who was invited, at a browser of their own. */
  async accept(token: string): Promise<Page> {
    const page = await this.newPage();
    await this.send('/invitations/accept', { token, password: PASSWORD }, { by: page });
    return page;
  }

  /** Somebody with one grant, at a browser of their own. */
  async join(email: string, name: string, grant: Grant): Promise<Page> {
    return this.accept((await this.invite(email, name, grant)) ?? '');
  }
}

async function openPage(
  browser: Browser,
  faults: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ ...LOOKS, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  return page;
}

async function answerTo(
  path: string,
  answer: { status(): number; text(): Promise<string> },
): Promise<unknown> {
  const text = await answer.text();
  expect([path, answer.status() < 300 ? '' : text]).toEqual([path, '']);
  return text === '' ? null : JSON.parse(text);
}

/** For who must know the address before the server is there. */
export async function knownAddress(): Promise<{ readonly port: number; readonly publicUrl: string }> {
  const port = await freePort();
  return { port, publicUrl: `http://127.0.0.1:${port}` };
}
