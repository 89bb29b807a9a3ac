import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CSRF_HEADER, FindingList, FindingRetests, FixClaim } from '@backcheck/contract';
import type { CDPSession, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { chooseOption, expectAccessible, expectFits, hasBrowser } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

/** Bytes a second: also a slow machine has time to break it before all has arrived. */
const SLOW = 1_000_000;

/** Somebody claims a fix with evidence over a line that breaks; an administrator looks at how long files are kept. */
describe.skipIf(!hasBrowser())('evidence, in a browser', () => {
  let stage: Stage;
  let page: Page;
  let network: CDPSession | null = null;
  let findingId: string;
  let organizationId: string;
  const content = randomBytes(24_000_000);

  beforeAll(async () => {
    stage = await Stage.open();
    page = stage.administrator;
    organizationId = await stage.organization('Lakeside Hospital');
    const scan = sarif(['R1'], '2026-01-01T10:00:00Z');
    await stage.import({ organizationId, name: 'scan.sarif', content: scan });
    const { items } = FindingList.parse(await stage.get('/findings'));
    findingId = items[0]?.id ?? '';
  });

  afterAll(() => stage?.close());

  /** The form of a claim on the page of the finding, and how fast the line is. */
  async function openClaim(): Promise<Locator> {
    await page.goto(`${stage.server.url}/findings/${findingId}`);
    await page.getByRole('button', { name: 'Look again', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: 'It is fixed' }).check();
    await chooseOption(dialog.getByLabel('What was wrong'), 'Missing patch');
    await dialog.getByLabel('What was done').fill('Patched and restarted');
    return dialog;
  }

  /** Bytes a second; -1: as fast as can be. */
  async function line(uploadThroughput: number, offline = false): Promise<void> {
    network ??= await page.context().newCDPSession(page);
    await network.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    });
  }

  test('a file goes on after the line was lost, and its hash is compared', async () => {
    const proof = join(stage.folder, '整改后截图.bin');
    writeFileSync(proof, content);
    const dialog = await openClaim();
    const asked: string[] = [];
    page.on('request', (one) => {
      if (one.url().includes('/api/v1/uploads')) asked.push(one.method());
    });
    await line(SLOW);
    await dialog.getByLabel('Evidence', { exact: true }).setInputFiles(proof);
    const progress = dialog.getByRole('progressbar');
    await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(10);
    await line(0, true);
    await dialog.getByText('The line is lost; it goes on by itself').waitFor();
    await expectAccessible(page);
    await line(-1);
    await dialog.getByText('Arrived whole, the same as your file.').waitFor({ timeout: 60_000 });
    // It asked from where to go on, and began only once.
    expect(asked).toContain('HEAD');
    expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
    await expectAccessible(page);
    const claimed = page.waitForResponse((answer) => answer.url().endsWith('/fix-claims'));
    await dialog.getByRole('button', { name: /^Claim the fix/ }).click();
    const claim = FixClaim.parse(await (await claimed).json());
    // The retest is asked for after it.
    await dialog.waitFor({ state: 'hidden' });
    expect(claim.evidence).toMatchObject([
      {
        fileName: '整改后截图.bin',
        sizeBytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      },
    ]);
    const evidence = `${stage.server.url}/api/v1/fix-claims/${claim.id}/evidence/1`;
    expect((await (await page.request.get(evidence)).body()).equals(content)).toBe(true);
  });

  test('a file goes on after a reload: only the rest is sent, and the whole has the right hash', async () => {
    // Another file than the one before, of which all has arrived.
    const own = join(stage.folder, '整改前后对比.bin');
    const whole = randomBytes(24_000_000);
    writeFileSync(own, whole);
    let dialog = await openClaim();
    await line(SLOW);
    await dialog.getByLabel('Evidence', { exact: true }).setInputFiles(own);
    const progress = dialog.getByRole('progressbar');
    await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(20);
    await page.reload();
    dialog = await openClaim();
    const asked: { readonly method: string; readonly from: number }[] = [];
    page.on('request', (one) => {
      if (!one.url().includes('/api/v1/uploads')) return;
      asked.push({ method: one.method(), from: Number(one.headers()['upload-offset'] ?? 0) });
    });
    await line(SLOW);
    await dialog.getByLabel('Evidence', { exact: true }).setInputFiles(own);
    await dialog.getByText(/^Goes on at [1-9][0-9] %$/).waitFor();
    await line(-1);
    await dialog.getByText('Arrived whole, the same as your file.').waitFor({ timeout: 60_000 });
    expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
    const sent = asked.filter(({ method }) => method === 'PATCH');
    expect(sent.length).toBeGreaterThan(0);
    for (const { from } of sent) expect(from).toBeGreaterThan(0);
    const claimed = page.waitForResponse((answer) => answer.url().endsWith('/fix-claims'));
    await dialog.getByRole('button', { name: /^Claim the fix/ }).click();
    const { evidence } = FixClaim.parse(await (await claimed).json());
    // The retest is asked for after it.
    await dialog.waitFor({ state: 'hidden' });
    expect(evidence).toMatchObject([
      { sizeBytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') },
    ]);
  });

  test('a claim whose answers were lost is sent again as the same one, and its leader signs it', async () => {
    const liaison = await stage.join('wang@example.org', 'Wang Min', { role: 'liaison', organizationId });
    const owner = await stage.join('zhou@example.org', 'Doctor Zhou', {
      role: 'security-lead',
      organizationId,
    });
    const known = async () =>
      FindingRetests.parse(await stage.get(`/findings/${findingId}/retests`, liaison));
    const before = await known();
    await liaison.goto(`${stage.server.url}/findings/${findingId}`);
    await liaison.getByRole('button', { name: 'It is fixed: look again' }).click();
    const dialog = liaison.getByRole('dialog');
    await chooseOption(dialog.getByLabel('What was wrong'), 'Missing patch');
    await dialog.getByLabel('What was done').fill('Patched once more');
    for (const path of ['fix-claims', 'retests']) {
      await liaison.route(
        `**/api/v1/${path}`,
        async (route) => {
          await route.fetch();
          await route.abort('connectionreset');
        },
        { times: 1 },
      );
      const lost = liaison.waitForEvent('requestfailed', (one) => one.url().endsWith(path));
      await dialog.getByRole('button', { name: /^Claim the fix/ }).click();
      await lost;
      // The alert of the time before may still be there; the button is pressed again once it is no longer at work.
      await dialog.locator('.ant-btn-loading').waitFor({ state: 'detached' });
      await dialog.getByRole('alert').waitFor();
    }
    await dialog.getByRole('button', { name: /^Claim the fix/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { claims, retests } = await known();
    expect([claims.length - before.claims.length, retests.length - before.retests.length]).toEqual([1, 1]);

    const panel = (of: Page) => of.getByRole('region', { name: 'Look again' }).getByRole('listitem').first();
    await panel(liaison).getByText('Not signed by the leader.').waitFor();
    expect(await liaison.getByRole('button', { name: 'Sign for the claim' }).count()).toBe(0);
    await owner.goto(`${stage.server.url}/findings/${findingId}`);
    await panel(owner).getByRole('button', { name: 'Sign for the claim' }).click();
    await expectAccessible(owner);
    await owner.getByRole('dialog').getByRole('button', { name: 'Sign for the claim' }).click();
    await panel(owner).getByText('Doctor Zhou signed for it as the leader').waitFor();
    await expectAccessible(owner);
    await liaison.reload();
    await panel(liaison).getByText('Doctor Zhou signed for it as the leader').waitFor();
  });

  test('rules are tried on the screen, and saving what deletes files says how many', async () => {
    const idle = await page.request.post(`${stage.server.url}/api/v1/uploads`, {
      headers: { [CSRF_HEADER]: '1', 'tus-resumable': '1.0.0', 'upload-length': '0' },
    });
    expect(idle.status()).toBe(201);
    // It has a day under any rule.
    await stage.database.pool.query(
      `update upload set finished_at = finished_at - interval '25 hours' where size_bytes = 0`,
    );
    await page.goto(`${stage.server.url}/retention`);
    const row = (name: string) => page.getByRole('row', { name });
    await row('Scan files').getByText('1 file').waitFor();
    await page.getByRole('checkbox', { name: 'For good: Scan files' }).uncheck();
    await page.getByRole('spinbutton', { name: 'Days for: Scan files' }).fill('0');
    await page.getByRole('spinbutton', { name: 'Days for: Uploads that nothing took' }).fill('0');
    await row('Uploads that nothing took').locator('.retention-goes').waitFor();
    // A finding is open: 0 days let no scan go.
    expect(await row('Scan files').locator('.retention-goes').count()).toBe(0);
    await page.getByRole('button', { name: 'Save the rules' }).click();
    await page.getByText(/^1 file \(0 byte\) goes tonight/).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save, and delete tonight' }).click();
    await page.getByText('Saved. The rules apply from tonight.').waitFor();
    await row('Scan files').getByText('Set by Local administrator').waitFor();
  });

  test('the screen fits a phone and a desk, in both languages', async () => {
    await page.goto(`${stage.server.url}/retention`);
    await expectFits(page, { en: 'How long files are kept', zh: '文件留存' });
  });
});
