import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '@backcheck/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../packages/cli/src/verify.ts';
import { canMakeNamespaces } from '../lab/namespace.ts';
import { hasCommands, runSoundly } from '../lab/process.ts';
import { type LabServer, startTlsServer } from '../lab/server.ts';
import { Inspection, PORT } from '../support/inspection.ts';
import {
  chooseOption,
  confirmDialog,
  expectAccessible,
  expectFits,
  fillDate,
  hasBrowser,
  searchOption,
} from '../support/screens.ts';

/**
 * "It is fixed": three times, and three answers. The servers stand in a network of their own; the runner stands in
 * it, too, and only calls out; the people sit at browsers outside.
 */
const ADDRESS = '192.0.2.10';
const FILTERED = '192.0.2.20';

const ready = hasBrowser() && canMakeNamespaces() && hasCommands('sslscan');
if (!ready) console.warn('Skipped: retests in a browser need root, iproute2, sslscan and Chromium.');

describe.skipIf(!ready)('a claim of fix and its retest, in a browser', () => {
  let inspection: Inspection;
  let manager: Page;
  let lead: Page;
  let liaison: Page;
  let weak: LabServer;
  let filtered: LabServer;

  beforeAll(async () => {
    inspection = await Inspection.open('Lakeside Hospital', [ADDRESS, FILTERED]);
    const { network, organizationId } = inspection;
    manager = inspection.manager;
    lead = await inspection.join('lead@example.org', 'Director Li', {
      role: 'coordinator-lead',
      organizationId: null,
    });
    liaison = await inspection.join('wang@example.org', 'Wang Min', { role: 'liaison', organizationId });
    weak = await startTlsServer({ address: ADDRESS, port: PORT, namespace: network.servers, mode: 'weak' });
    filtered = await startTlsServer({
      address: FILTERED,
      port: PORT,
      namespace: network.servers,
      mode: 'weak',
    });
    for (const address of [ADDRESS, FILTERED]) await inspection.importScanOf(address);
  });

  afterAll(async () => {
    for (const one of [weak, filtered]) await one?.stop();
    await inspection?.close();
  });

  /** Opens the finding, says that it is fixed, and waits for the answer in the panel. */
  async function claimFixed(finding: Finding, outcome: string): Promise<number> {
    await liaison.goto(`${inspection.server.url}/findings/${finding.id}`);
    await liaison.getByRole('button', { name: 'It is fixed: look again' }).click();
    const dialog = liaison.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Claim the fix and ask' }).click();
    await dialog.getByText('Say what was done.').waitFor();
    await chooseOption(dialog.getByLabel('What was wrong'), 'Weak protocol');
    await dialog.getByLabel('What was done').fill('TLS 1.0 switched off in the configuration of the server');
    const proof = join(inspection.folder, 'configuration.txt');
    writeFileSync(proof, 'ssl_protocols TLSv1.2 TLSv1.3;\n');
    await dialog.locator('input[type=file]').setInputFiles(proof);
    await dialog.locator('.evidence-done').waitFor();
    await dialog.getByText('Under authorization').first().waitFor();
    await expectAccessible(liaison);
    const panel = liaison.getByRole('region', { name: 'Look again' });
    const before = await panel.locator(`.outcome-${outcome}`).count();
    const asked = Date.now();
    await dialog.getByRole('button', { name: 'Claim the fix and ask' }).click();
    await panel.locator(`.outcome-${outcome}`).nth(before).waitFor({ timeout: 30_000 });
    return Date.now() - asked;
  }

  const state = (of: string) => liaison.locator('.finding-head .mark', { hasText: of });

  test('without an authorization nothing is sent, and the form says so', async () => {
    const finding = await inspection.findingAt(ADDRESS, 'sslscan:tls1.0');
    await liaison.goto(`${inspection.server.url}/findings/${finding.id}`);
    await liaison.getByRole('button', { name: 'It is fixed: look again' }).click();
    const plan = liaison.getByRole('region', { name: 'What will be looked at' });
    await plan.locator('.reason-text').first().waitFor();
    await liaison.keyboard.press('Escape');
  });

  test('an authorization is drafted from the signed paper and approved by somebody else', async () => {
    await manager.goto(`${inspection.server.url}/authorizations`);
    await expectFits(manager, { en: 'Authorizations to test', zh: '检测授权书' });
    await manager.getByRole('link', { name: 'Draft an authorization' }).click();
    await expectFits(manager, { en: 'Draft an authorization', zh: '起草授权书' });
    await searchOption(manager.getByLabel('Organization', { exact: true }), 'Lakeside');
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
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await fillDate(manager.getByLabel('Valid until'), until);
    await manager.getByRole('button', { name: 'Save the draft' }).click();
    await manager.getByRole('heading', { level: 1, name: 'Authorization 2026-11' }).waitFor();
    await lead.goto(manager.url());
    await lead.getByRole('button', { name: 'Approve' }).click();
    await confirmDialog(lead, 'Approve');
    await lead.getByText('In force').waitFor();
    await expectFits(lead, { en: 'Authorization 2026-11', zh: 'Authorization 2026-11' });
  });

  test('a runner inside the network is registered with a key that is shown once, and reports its tools', async () => {
    await manager.goto(`${inspection.server.url}/runners`);
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
    inspection.startRunner(key);
    await manager.getByText('Online').waitFor({ timeout: 30_000 });
    await manager.getByText('sslscan').first().waitFor();
  });

  test('what is not fixed is still present, with the evidence', async () => {
    const finding = await inspection.findingAt(ADDRESS, 'sslscan:tls1.0');
    await claimFixed(finding, 'still-present');
    await state('Open').waitFor();
    const panel = liaison.getByRole('region', { name: 'Look again' });
    await panel.getByRole('link').first().click();
    await liaison.getByRole('heading', { level: 1, name: /^Retest/ }).waitFor();
    await expectAccessible(liaison);
  });

  test('what is fixed is proven within two minutes, with a certificate that a stranger can verify', async () => {
    const finding = await inspection.findingAt(ADDRESS, 'sslscan:tls1.0');
    await weak.stop();
    weak = await startTlsServer({
      address: ADDRESS,
      port: PORT,
      namespace: inspection.network.servers,
      mode: 'fixed',
    });
    const took = await claimFixed(finding, 'proven');
    expect(took).toBeLessThan(120_000);
    await state('Verified fixed').waitFor();
    const { certificateId } = await inspection.findingAt(ADDRESS, 'sslscan:tls1.0');
    const certificate = await liaison.request.get(
      `${inspection.server.url}/api/v1/certificates/${certificateId}`,
    );
    const file = join(inspection.folder, 'certificate.json');
    writeFileSync(file, await certificate.body());
    const said: string[] = [];
    const note = (text: string) => said.push(text);
    const code = await verifyCommand([file], {}, { out: note, err: note, language: 'en' });
    expect([code, said.join('')]).toEqual([0, expect.any(String)]);
  });

  test('behind a filter that drops the scanner it is inconclusive, BLOCKED, and nothing is closed', async () => {
    const finding = await inspection.findingAt(FILTERED, 'sslscan:tls1.0');
    await filtered.stop();
    filtered = await startTlsServer({
      address: FILTERED,
      port: PORT,
      namespace: inspection.network.servers,
      mode: 'fixed',
    });
    const answers = ['rule', 'add', 'to', '192.0.2.1', 'ipproto', 'tcp', 'sport', String(PORT), 'blackhole'];
    await runSoundly({ command: 'ip', args: ['-n', inspection.network.servers, ...answers] });
    await claimFixed(finding, 'inconclusive');
    await liaison.getByRole('region', { name: 'Look again' }).getByText('BLOCKED').first().waitFor();
    await state('Open').waitFor();
    expect((await inspection.findingAt(FILTERED, 'sslscan:tls1.0')).certificateId).toBeNull();
  });

  test('the queue shows all of it, in both languages', async () => {
    await liaison.goto(`${inspection.server.url}/retests`);
    await expectFits(liaison, { en: 'Retests', zh: '复测' });
    await expect.poll(() => liaison.locator('.retests tbody tr').count()).toBe(3);
  });
});
