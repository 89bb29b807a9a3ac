import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CSRF_HEADER, type Finding, FindingList, Import, Organization } from '@backcheck/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../packages/cli/src/verify.ts';
import { type RunningServer, startServer } from '../../packages/server/src/start-server.ts';
import { type Bridge, bridgeTo } from '../lab/bridge.ts';
import { canMakeNamespaces, type LabNetwork, withNamespace } from '../lab/namespace.ts';
import { commandLine, hasCommands, runSoundly } from '../lab/process.ts';
import { runSslscan } from '../lab/scanners.ts';
import { type LabServer, startTlsServer } from '../lab/server.ts';
import { freshDatabase } from '../support/database.ts';
import { buildScreens, configOf, expectAccessible, hasBrowser, openBrowser } from '../support/screens.ts';

/**
 * "It is fixed": three times, and three answers. The servers stand in a network of their own; the runner stands in
 * it, too, and only calls out; the people sit at browsers outside.
 */
const ADDRESS = '192.0.2.10';
const FILTERED = '192.0.2.20';
const PORT = 8443;
const PASSWORD = 'seven slow green trams';
const CLI = fileURLToPath(new URL('../../packages/cli/bin/backcheck.mjs', import.meta.url));

const ready = hasBrowser() && canMakeNamespaces() && hasCommands('sslscan');
if (!ready) console.warn('Skipped: retests in a browser need root, iproute2, sslscan and Chromium.');

describe.skipIf(!ready)('a claim of fix and its retest, in a browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let manager: Page;
  let lead: Page;
  let liaison: Page;
  let network: LabNetwork;
  let leaveNetwork = (): void => undefined;
  let networkGone: Promise<void> = Promise.resolve();
  let bridge: Bridge;
  let runner: ChildProcess | undefined;
  let organizationId = '';
  let weak: LabServer;
  let filtered: LabServer;
  const faults: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-web-retests-'));

  beforeAll(async () => {
    await buildScreens();
    const { connectionString } = await freshDatabase();
    server = await startServer(
      { ...configOf(folder, connectionString), requireTotp: 'none', runnerTasks: 0 },
      { onDatabaseLost: (why) => faults.push(String(why)) },
    );
    await enterNetwork();
    bridge = await bridgeTo(server.url, network.scanner);
    browser = await openBrowser();
    manager = await openPage();
    await manager.goto(await server.newSignInLink());
    organizationId = Organization.parse(await send('/organizations', { name: 'Lakeside Hospital' })).id;
    lead = await join1('lead@example.org', 'Director Li', { role: 'coordinator-lead', organizationId: null });
    liaison = await join1('wang@example.org', 'Wang Min', { role: 'liaison', organizationId });
    weak = await startTlsServer({ address: ADDRESS, port: PORT, namespace: network.servers, mode: 'weak' });
    filtered = await startTlsServer({
      address: FILTERED,
      port: PORT,
      namespace: network.servers,
      mode: 'weak',
    });
    for (const address of [ADDRESS, FILTERED]) await importScanOf(address);
  });

  afterAll(async () => {
    runner?.kill('SIGTERM');
    await browser?.close();
    await bridge?.close();
    for (const one of [weak, filtered]) await one?.stop();
    leaveNetwork();
    await networkGone;
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
    expect(faults).toEqual([]);
  });

  async function enterNetwork(): Promise<void> {
    await new Promise<void>((entered, failed) => {
      const left = new Promise<void>((leave) => {
        leaveNetwork = leave;
      });
      networkGone = withNamespace(async (made) => {
        network = made;
        entered();
        await left;
      });
      networkGone.catch(failed);
    });
    for (const address of [ADDRESS, FILTERED]) await network.addAddress(address);
  }

  async function openPage(): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    return page;
  }

  async function send(path: string, data: object, page = manager): Promise<unknown> {
    const answer = await page.request.post(`${server.url}/api/v1${path}`, {
      headers: { [CSRF_HEADER]: '1' },
      data,
    });
    expect([path, answer.status() < 300 ? '' : await answer.text()]).toEqual([path, '']);
    return answer.json();
  }

  async function join1(email: string, name: string, grant: object): Promise<Page> {
    const NO_LIMIT = { systemId: null, campaignId: null, expiresAt: null };
    const made = (await send('/invitations', {
      email,
      name,
      language: 'en',
      grants: [{ ...NO_LIMIT, ...grant }],
      twoFactorRequired: false,
    })) as { link: string };
    const page = await openPage();
    await send('/invitations/accept', { token: made.link.split('#')[1], password: PASSWORD }, page);
    return page;
  }

  /** As an inspector would have done it a month ago: a scan file, and the time at which it was made. */
  async function importScanOf(address: string): Promise<void> {
    const declaredAt = new Date().toISOString();
    const file = `${address}.xml`;
    const path = await runSslscan({ folder, file, target: `${address}:${PORT}`, namespace: network.scanner });
    const answer = await manager.request.post(`${server.url}/api/v1/imports`, {
      headers: { [CSRF_HEADER]: '1' },
      multipart: {
        organizationId,
        vantage: 'hospital-lan',
        declaredAt,
        declaredBy: 'coordinator',
        confirm: 'true',
        file: { name: file, mimeType: 'application/xml', buffer: readFileSync(path) },
      },
    });
    let { id, state } = Import.parse(await answer.json());
    while (!['done', 'refused'].includes(state)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const again = await manager.request.get(`${server.url}/api/v1/imports/${id}`);
      ({ id, state } = Import.parse(await again.json()));
    }
    expect(state).toBe('done');
  }

  async function findingAt(address: string, check: string): Promise<Finding> {
    const query = new URLSearchParams({ asset: address, check });
    const answer = await manager.request.get(`${server.url}/api/v1/findings?${query}`);
    const [finding] = FindingList.parse(await answer.json()).items;
    if (finding === undefined) throw new Error(`no finding ${check} at ${address}`);
    return finding;
  }

  /** The same screen in both languages, at the width of a desk and of a phone. */
  async function expectFits(page: Page, title: { readonly en: string; readonly zh: string }): Promise<void> {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const [button, name] of [
        ['中文', title.zh],
        ['English', title.en],
      ] as const) {
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByRole('heading', { level: 1, name }).waitFor();
        await expectAccessible(page);
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(over).toBeLessThanOrEqual(0);
      }
    }
  }

  /** Opens the finding, says that it is fixed, and waits for the answer in the panel. */
  async function claimFixed(finding: Finding, outcome: string): Promise<number> {
    await liaison.goto(`${server.url}/findings/${finding.id}`);
    await liaison.getByRole('button', { name: 'It is fixed: look again' }).click();
    const dialog = liaison.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Claim the fix and ask' }).click();
    await dialog.getByText('Say what was done.').waitFor();
    await dialog.getByLabel('What was done').fill('TLS 1.0 switched off in the configuration of the server');
    const proof = join(folder, 'configuration.txt');
    writeFileSync(proof, 'ssl_protocols TLSv1.2 TLSv1.3;\n');
    await dialog.getByLabel('Evidence').setInputFiles(proof);
    await dialog.getByText('Under authorization').first().waitFor();
    await expectAccessible(liaison);
    const panel = liaison.getByRole('region', { name: 'Look again' });
    const before = await panel.locator(`.outcome-${outcome}`).count();
    const asked = Date.now();
    await dialog.getByRole('button', { name: 'Claim the fix and ask' }).click();
    await panel.locator(`.outcome-${outcome}`).nth(before).waitFor({ timeout: 120_000 });
    return Date.now() - asked;
  }

  const state = (of: string) => liaison.locator('.finding-head .mark', { hasText: of });

  test('without an authorization nothing is sent, and the form says so', async () => {
    const finding = await findingAt(ADDRESS, 'sslscan:tls1.0');
    await liaison.goto(`${server.url}/findings/${finding.id}`);
    await liaison.getByRole('button', { name: 'It is fixed: look again' }).click();
    const plan = liaison.getByRole('region', { name: 'What will be looked at' });
    await plan.locator('.reason-text').first().waitFor();
    await liaison.keyboard.press('Escape');
  });

  test('an authorization is drafted from the signed paper and approved by somebody else', async () => {
    await manager.goto(`${server.url}/authorizations`);
    await expectFits(manager, { en: 'Authorizations to test', zh: '检测授权书' });
    await manager.getByRole('link', { name: 'Draft an authorization' }).click();
    await expectFits(manager, { en: 'Draft an authorization', zh: '起草授权书' });
    await manager.getByLabel('Organization', { exact: true }).fill('Lakeside');
    await manager.locator('.ant-select-item-option-active', { hasText: 'Lakeside' }).waitFor();
    await manager.keyboard.press('Enter');
    await manager.getByLabel('Title', { exact: true }).fill('Authorization 2026-11');
    await manager.getByLabel('Targets', { exact: true }).fill('192.0.2.0/24');
    await manager.getByLabel('Rate', { exact: true }).fill('100');
    await manager.getByLabel('Emergency contact', { exact: true }).fill('Duty desk');
    await manager.getByLabel('Phone').fill('13800000000');
    await manager.getByLabel('Who signed for the organization').fill('Director Zhou');
    await manager.getByLabel('The signed paper', { exact: true }).setInputFiles({
      name: 'authorization.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4 signed'),
    });
    await manager.getByRole('button', { name: 'Save the draft' }).click();
    await manager.getByText('This is needed.').waitFor();
    const until = manager.getByLabel('Valid until');
    await until.fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
    await until.press('Enter');
    await manager.getByRole('button', { name: 'Save the draft' }).click();
    await manager.getByRole('heading', { level: 1, name: 'Authorization 2026-11' }).waitFor();
    await lead.goto(manager.url());
    await lead.getByRole('button', { name: 'Approve' }).click();
    await lead.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await lead.getByText('In force').waitFor();
    await expectFits(lead, { en: 'Authorization 2026-11', zh: 'Authorization 2026-11' });
  });

  test('a runner inside the network is registered with a key that is shown once, and reports its tools', async () => {
    await manager.goto(`${server.url}/runners`);
    await expectFits(manager, { en: 'Runners', zh: '执行器' });
    await manager.getByRole('button', { name: 'Register a runner' }).click();
    const dialog = manager.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Basement');
    await dialog.getByLabel('Place').fill('hospital-lan');
    await expectAccessible(manager);
    await dialog.getByRole('button', { name: 'Register a runner' }).click();
    const shown = (await dialog.locator('.secret code').textContent()) ?? '';
    const key = /--key (\S+)/.exec(shown)?.[1] ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();
    const data = join(folder, 'runner');
    const [command, args] = commandLine({
      command: process.execPath,
      args: [CLI, 'runner', '--server', bridge.url, '--key', key, '--data', data],
      namespace: network.scanner,
    });
    runner = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await manager.getByText('Online').waitFor({ timeout: 30_000 });
    await manager.getByText('sslscan').first().waitFor();
  });

  test('what is not fixed is still present, with the evidence', async () => {
    const finding = await findingAt(ADDRESS, 'sslscan:tls1.0');
    await claimFixed(finding, 'still-present');
    await state('Open').waitFor();
    const panel = liaison.getByRole('region', { name: 'Look again' });
    await panel.getByRole('link').first().click();
    await liaison.getByRole('heading', { level: 1, name: /^Retest/ }).waitFor();
    await expectAccessible(liaison);
  });

  test('what is fixed is proven within two minutes, with a certificate that a stranger can verify', async () => {
    const finding = await findingAt(ADDRESS, 'sslscan:tls1.0');
    await weak.stop();
    weak = await startTlsServer({ address: ADDRESS, port: PORT, namespace: network.servers, mode: 'fixed' });
    const took = await claimFixed(finding, 'proven');
    expect(took).toBeLessThan(120_000);
    await state('Verified fixed').waitFor();
    const { certificateId } = await findingAt(ADDRESS, 'sslscan:tls1.0');
    const certificate = await liaison.request.get(`${server.url}/api/v1/certificates/${certificateId}`);
    const file = join(folder, 'certificate.json');
    writeFileSync(file, await certificate.body());
    const said: string[] = [];
    const note = (text: string) => said.push(text);
    const code = await verifyCommand([file], {}, { out: note, err: note, language: 'en' });
    expect([code, said.join('')]).toEqual([0, expect.any(String)]);
  });

  test('behind a filter that drops the scanner it is inconclusive, BLOCKED, and nothing is closed', async () => {
    const finding = await findingAt(FILTERED, 'sslscan:tls1.0');
    await filtered.stop();
    filtered = await startTlsServer({
      address: FILTERED,
      port: PORT,
      namespace: network.servers,
      mode: 'fixed',
    });
    const answers = ['rule', 'add', 'to', '192.0.2.1', 'ipproto', 'tcp', 'sport', String(PORT), 'blackhole'];
    await runSoundly({ command: 'ip', args: ['-n', network.servers, ...answers] });
    await claimFixed(finding, 'inconclusive');
    await liaison.getByRole('region', { name: 'Look again' }).getByText('BLOCKED').first().waitFor();
    await state('Open').waitFor();
    expect((await findingAt(FILTERED, 'sslscan:tls1.0')).certificateId).toBeNull();
  });

  test('the queue shows all of it, in both languages', async () => {
    await liaison.goto(`${server.url}/retests`);
    await expectFits(liaison, { en: 'Retests', zh: '复测' });
    expect(await liaison.locator('.retests tbody tr').count()).toBe(3);
  });
});
