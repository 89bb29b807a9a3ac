import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FindingList, Notice, NoticeBatchList, NoticeDeliveries } from '@backcheck/contract';
import { ensureAccount, insertSignInLink } from '@backcheck/db';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newSecret } from '../../packages/server/src/platform/sign-in/tokens.ts';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import {
  chooseOption,
  confirmDialog,
  expectAccessible,
  fillDate,
  hasBrowser,
  searchOption,
} from '../support/screens.ts';
import { PATIENCE, Stage } from '../support/stage.ts';

/** A small laptop and a tablet. */
const WIDTHS = [1280, 820];

describe.skipIf(!hasBrowser())('notices and what follows from them, in a browser', () => {
  let stage: Stage;
  let receiver: Server;
  let organizationId: string;
  let noticeId: string;
  let writer: Page;
  let liaison: Page;

  beforeAll(async () => {
    receiver = createServer((_request, response) => void response.end('noted'));
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    stage = await Stage.open({ webhookAllow: ['127.0.0.1'] });
    writer = await signIn('Writer', { role: 'campaign-manager' });
    await grant('Writer', { role: 'finding-analyst' });
    organizationId = await stage.organization('Lakeside Hospital', { nameZh: '湖畔医院' });
    liaison = await signIn('王芳', { role: 'security-lead', organizationId });
    await signIn('Li Wei', { role: 'liaison', organizationId });
    const approver = await signIn('Approver', { role: 'coordinator-lead' });
    noticeId = await issue(approver);
    await approver.close();
  });
  afterAll(async () => {
    await stage?.close();
    receiver?.close();
  });

  async function grant(
    name: string,
    { role, organizationId: of }: { role: string; organizationId?: string },
  ) {
    const { accountId } = await ensureAccount(stage.database.pool, name);
    await stage.database.pool.query(
      'insert into access_grant (account_id, role, organization_id) values ($1, $2, $3)',
      [accountId, role, of ?? null],
    );
    return accountId;
  }

  async function signIn(name: string, of: { role: string; organizationId?: string }): Promise<Page> {
    const accountId = await grant(name, of);
    const { secret, hash } = newSecret();
    await insertSignInLink(stage.database.pool, {
      hash,
      accountId,
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const page = await stage.newPage();
    await page.goto(`${stage.server.url}/sign-in?token=${secret}`);
    return page;
  }

  const send = (by: Page, path: string, data: object = {}) => stage.send(path, data, { by });
  const get = (by: Page, path: string) => stage.get(path, by);

  /** A rectification notice with a date in two weeks. */
  async function issue(approver: Page): Promise<string> {
    const content = sarif(['R1'], '2026-01-01T10:00:00Z');
    await stage.import({ organizationId, name: 'a.sarif', content });
    const { items } = FindingList.parse(await get(writer, '/findings'));
    const drafted = await send(writer, '/notices', {
      organizationId,
      draft: {
        kind: 'rectification',
        title: { zh: '关于限期整改的通知', en: '' },
        body: { zh: '请按期整改。', en: '' },
        findingIds: items.map(({ id }) => id),
        dueAt: new Date(Math.ceil(Date.now() / 86_400_000 + 14) * 86_400_000).toISOString(),
      },
    });
    const { id } = Notice.pick({ id: true }).parse(drafted);
    await send(writer, `/notices/${id}/submit`);
    await send(approver, `/notices/${id}/approve`);
    await send(approver, `/notices/${id}/issue`);
    await vi.waitFor(async () => {
      expect(NoticeDeliveries.parse(await get(writer, `/notices/${id}/deliveries`)).planned).toBe(true);
    }, PATIENCE);
    return id;
  }

  /** Nothing is cut off at the side, and no machine finds a barrier, in both languages. */
  async function expectFits(page: Page, path: string, name: string): Promise<void> {
    for (const language of ['zh', 'en'] as const) {
      await page.evaluate((one) => localStorage.setItem('backcheck.language', one), language);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${stage.server.url}${path}`);
        await page.locator('h1').waitFor();
        await page.locator('section, table').first().waitFor();
        await expectAccessible(page);
        const shots = process.env['BACKCHECK_SHOTS'];
        if (shots !== undefined)
          await page.screenshot({ path: join(shots, `${name}-${language}-${width}.png`), fullPage: true });
        const beyond = await page.evaluate(
          `document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth`,
        );
        expect(beyond, `${path} in ${language} at ${width}`).toBe(0);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  test('the liaison opens a notice, which is noted and no receipt, and then acknowledges it', async () => {
    const noted = liaison.waitForResponse((one) => one.url().endsWith(`/notices/${noticeId}/opened`));
    await liaison.goto(`${stage.server.url}/notices/${noticeId}`);
    await liaison.getByText('Nobody has acknowledged it yet').waitFor();
    await noted;
    await writer.goto(`${stage.server.url}/notices/${noticeId}`);
    await writer.getByText('Opened on the platform, which is no receipt').waitFor();
    await writer.getByText('Nobody has acknowledged it yet').waitFor();
    await expectFits(liaison, `/notices/${noticeId}`, 'notice-liaison');
    await liaison.getByRole('button', { name: 'Acknowledge receipt' }).click();
    const dialog = liaison.getByRole('dialog');
    await dialog.getByLabel('Note (optional)').fill('Passed on to the network team');
    await expectAccessible(liaison);
    await dialog.getByRole('button', { name: 'Acknowledge receipt' }).click();
    await liaison.getByText('You acknowledged it').waitFor();
    await writer.reload();
    await writer.getByText('王芳 has received it').waitFor();
  });

  test('who waits for an answer sees whom to call, and that the paper is the one in the ledger', async () => {
    const fields = { name: 'Dr. Zhao', role: 'duty', phone: '+86 531 5550100', channel: 'phone' };
    await send(writer, '/contacts', { organizationId, fields });
    await writer.goto(`${stage.server.url}/notices/${noticeId}`);
    const number = writer.getByRole('link', { name: '+86 531 5550100' });
    expect(await number.getAttribute('href')).toBe('tel:+865315550100');
    await writer.getByText('The paper is the one in the ledger.').waitFor();
    await writer.getByRole('link', { name: 'Check that a paper is genuine' }).click();
    await writer.getByText('The paper is the one in the ledger.').waitFor();
    await liaison.goto(`${stage.server.url}/notices/${noticeId}`);
    await liaison.getByText('The paper is the one in the ledger.').waitFor();
    expect(await liaison.getByText('Whom to call').count()).toBe(0);
  });

  test('a draft that names neither a legal basis nor a contact says so to its drafter', async () => {
    await writer.goto(`${stage.server.url}/notices/new?kind=rectification&organizationId=${organizationId}`);
    await writer.getByText('No legal basis is named').waitFor();
    await writer.getByLabel('Legal basis').fill('Inspection Act (2025), in force since 1 January 2026');
    await writer.getByText('No legal basis is named').waitFor({ state: 'detached' });
    await writer.getByText('No contact is named').waitFor();
    await expectAccessible(writer);
  });

  test('a call is written into the log, and counts as a receipt when they said that they have it', async () => {
    await writer.goto(`${stage.server.url}/notices/${noticeId}`);
    await writer.getByRole('button', { name: 'Log a call or a paper' }).click();
    const dialog = writer.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await dialog.getByText('Enter the recipient.').waitFor();
    await dialog.getByLabel('Recipient').fill('Dr. Sun');
    await dialog.getByLabel('They said that they have it').check();
    await expectAccessible(writer);
    await writer.route(
      '**/deliveries/log',
      async (route) => {
        await route.fetch();
        await route.abort('connectionreset');
      },
      { times: 1 },
    );
    await dialog.getByRole('button', { name: 'Log it' }).click();
    // the answer is lost: what is sent again is the same entry
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await writer.getByText('Dr. Sun has received it').waitFor();
  });

  test('mails that are in question, failed or came back say why, and a person decides', async () => {
    await stage.database.pool.query(
      `insert into notice_delivery (organization_id, notice_id, contact_id, channel, recipient, address, language, state, failure, message_id, attempts, queued_at)
       values ($1, $2, 1, 'mail', 'Chief Physician', 'chief@hospital.example.org', 'both', 'unconfirmed', 'PROCESS_ENDED', '<1@x>', 1, now()),
         ($1, $2, 2, 'mail', 'Night desk', 'desk@hospital.example.org', 'both', 'bounced', '5.1.1 smtp; 550 5.1.1 user unknown', '<2@x>', 1, now())`,
      [organizationId, noticeId],
    );
    await writer.goto(`${stage.server.url}/notices/${noticeId}`);
    await writer.getByText('5.1.1 smtp; 550 5.1.1 user unknown').waitFor();
    await expectFits(writer, `/notices/${noticeId}`, 'notice-writer');
    await writer.getByRole('button', { name: 'It arrived at Chief Physician' }).click();
    await writer
      .getByRole('button', { name: 'It arrived at Chief Physician' })
      .waitFor({ state: 'detached' });
  });

  test('a rung of the ladder is left out with the reason', async () => {
    await writer.goto(`${stage.server.url}/notices/${noticeId}`);
    const ladder = writer.getByRole('region', { name: 'What follows' });
    await ladder
      .getByRole('listitem')
      .filter({ hasText: 'Circular' })
      .getByRole('button', { name: 'Leave out' })
      .click();
    await writer.getByRole('dialog').getByLabel('Reason').fill('The minister was told');
    await confirmDialog(writer, 'Leave out');
    await ladder.getByText('The minister was told').waitFor();
  });

  test('a webhook is registered, shows its secret once, is tried and turned off', async () => {
    await liaison.goto(`${stage.server.url}/webhooks`);
    await liaison.getByRole('button', { name: 'Register a webhook' }).click();
    const dialog = liaison.getByRole('dialog');
    await searchOption(dialog.getByLabel('Organization'), 'Lakeside');
    await dialog.getByLabel('Address').fill('https://10.0.0.8/hook');
    await dialog.getByRole('button', { name: 'Register a webhook' }).click();
    await dialog.getByText('10.0.0.8 (private)').waitFor();
    await expectAccessible(liaison);
    const { port } = receiver.address() as AddressInfo;
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`);
    await dialog.getByRole('button', { name: 'Register a webhook' }).click();
    await liaison.getByText(/^whsec_/).waitFor();
    await liaison.getByRole('button', { name: 'Done' }).click();
    await liaison.getByRole('button', { name: 'Test' }).click();
    await liaison.getByText('200 noted').waitFor();
    await expectFits(liaison, '/webhooks', 'webhooks');
    await liaison.getByRole('button', { name: 'Turn off' }).click();
    await confirmDialog(liaison, 'Turn off');
    await liaison.getByText('Off since').waitFor();
  });

  test('a batch is previewed, drafted, approved as one by somebody else, and issued', async () => {
    await writer.goto(`${stage.server.url}/notice-batches`);
    await writer.getByRole('link', { name: 'New batch' }).click();
    await chooseOption(writer.getByLabel('Which findings'), 'All that are not closed');
    await writer.getByRole('button', { name: 'Who would get what' }).click();
    await writer.getByText('1 organizations get one each, 1 findings in all').waitFor();
    await expectAccessible(writer);
    const make = writer.getByRole('button', { name: 'Make 1 drafts' });
    for (const label of ['Name', 'Legal basis']) {
      await make.waitFor();
      await writer.getByLabel(label, { exact: true }).fill('Inspection Act');
      await make.waitFor({ state: 'detached' });
      await writer.getByRole('button', { name: 'Who would get what' }).click();
    }
    await writer.route('**/notice-batches', (route) => route.fetch().then(() => route.abort()), { times: 1 });
    await make.click();
    await writer.getByText('The server could not be reached').waitFor();
    await make.click();
    await writer.getByText('0 issued, 1 drafted').waitFor();
    expect(NoticeBatchList.parse(await get(writer, '/notice-batches')).items).toHaveLength(1);
    const lead = await signIn('Deputy', { role: 'coordinator-lead' });
    await grant('Deputy', { role: 'campaign-manager' });
    await lead.goto(writer.url());
    for (const step of ['Approve all', 'Issue all']) {
      await lead.getByRole('button', { name: step }).click();
      await confirmDialog(lead, step);
    }
    await lead.getByText('1 issued, 1 drafted').waitFor();
    await lead.getByText(/第2号/).waitFor();
    await expectFits(lead, new URL(lead.url()).pathname, 'batch');
  });

  test('the signed paper comes back as several files at once', async () => {
    await writer.goto(`${stage.server.url}/notices/${noticeId}`);
    const scanned = ['第1页.pdf', '第2页.pdf'].map((name) => ({
      name,
      mimeType: 'application/pdf',
      buffer: Buffer.from(`%PDF-1.7 ${name}`),
    }));
    await writer.getByLabel('Upload scans of the signed paper').setInputFiles(scanned);
    for (const { name } of scanned) await writer.getByRole('link', { name }).waitFor();
    await expectAccessible(writer);
  });

  test('a finding stands under the measure that mends it, with its proofs', async () => {
    await liaison.goto(`${stage.server.url}/findings`);
    await liaison.getByRole('link', { name: 'Group by fix' }).click();
    await liaison.getByText('0 of 1 proven').waitFor();
    await expectFits(liaison, `/fixes?organizationId=${organizationId}`, 'fixes');
    await liaison.locator('table a').first().click();
    await liaison.getByText('1 findings on 1 assets, each proven by a retest of its own').waitFor();
    await liaison.getByRole('button', { name: 'Say that these 1 are fixed, and retest' }).click();
    await liaison.getByRole('dialog').getByLabel('What was done').waitFor();
    await liaison.keyboard.press('Escape');
  });

  test('another policy is previewed first, and then moves the date that the finding shows', async () => {
    const lead = await signIn('Lead of rules', { role: 'coordinator-lead' });
    await lead.goto(`${stage.server.url}/policies`);
    await lead.getByRole('link', { name: 'Group: 15, 30, 60, 90 days' }).click();
    await lead.getByRole('button', { name: 'Preview' }).click();
    await lead.getByText('Preview: nothing was written').waitFor();
    await expectFits(lead, new URL(lead.url()).pathname, 'policy');
    const { items } = FindingList.parse(await get(writer, '/findings'));
    const before = items[0]?.due?.at;
    await lead.getByRole('button', { name: 'Preview' }).click();
    await lead.getByText('Preview: nothing was written').waitFor();
    await lead.getByRole('button', { name: 'Assign it like this' }).click();
    await lead.getByText('Assigned. The dates follow in a moment.').waitFor();
    await vi.waitFor(async () => {
      const now = FindingList.parse(await get(writer, '/findings'));
      expect(now.items[0]?.due?.at).not.toBe(before);
    }, PATIENCE);
  });

  test('a risk is borne until a day, when its owner asked and a lead granted it', async () => {
    const { items } = FindingList.parse(await get(writer, '/findings'));
    const finding = `${stage.server.url}/findings/${items[0]?.id}`;
    await liaison.goto(finding);
    await liaison.getByRole('button', { name: 'Ask to bear the risk' }).click();
    const wish = liaison.getByRole('dialog');
    await wish.getByLabel('Why it cannot be fixed').fill('The vendor is gone.');
    await wish.getByLabel('Compensating control').fill('It stands behind a gateway of its own.');
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await fillDate(wish.getByLabel('Valid until'), until);
    await expectAccessible(liaison);
    await wish.getByRole('button', { name: 'Send' }).click();
    await wish.getByRole('button', { name: 'Done' }).click();
    const lead = await signIn('Lead of risks', { role: 'coordinator-lead' });
    await lead.goto(`${stage.server.url}/work?list=coordinator`);
    await lead.getByRole('link', { name: 'Reply waits for a decision' }).click();
    await lead.getByRole('button', { name: 'Decide', exact: true }).click();
    await lead.getByRole('dialog').getByRole('textbox').last().fill('Until the vendor is replaced.');
    await confirmDialog(lead, 'Decide');
    await lead.getByText('Granted', { exact: true }).first().waitFor();
    // the date is determined anew a moment after the decision
    await vi.waitFor(async () => {
      const now = FindingList.parse(await get(writer, '/findings'));
      expect(now.items[0]?.due?.waived?.kind).toBe('accepted');
    }, PATIENCE);
    await liaison.goto(finding);
    await liaison.getByText('nothing is due until then').first().waitFor();
  });

  test('what the scanner says stands at its finding and behind a circular, in both languages', async () => {
    const explained = await stage.organization('Explained Hospital', { nameZh: '说明医院' });
    const words = {
      description: Array.from({ length: 12 }, (_, n) => `TLS 1.0 is broken, line ${n + 1}.`).join('\n'),
      harm: 'Somebody on the way reads <b>along</b>.',
      advice: 'Turn it off.',
    };
    const record = { record: 'explanation', check: 'house-audit:weak-tls', ...words };
    const assets = [[{ kind: 'ip', value: '192.0.2.7' } as const]];
    const content = houseScan({ at: '2026-01-02T10:00:00Z', assets, present: true }).replace(
      '{"record":"end"',
      `${JSON.stringify(record)}\n$&`,
    );
    await stage.import({ organizationId: explained, name: 'house.jsonl', content });
    const { items } = FindingList.parse(await get(writer, `/findings?organizationId=${explained}`));
    await writer.goto(`${stage.server.url}/findings/${items[0]?.id}`);
    const panel = writer.getByRole('region', { name: 'What the scanner says' });
    await panel.getByText(words.harm).waitFor();
    await panel.getByRole('button', { name: 'Expand' }).click();
    await panel.getByRole('button', { name: 'Collapse' }).waitFor();
    await expectFits(writer, `/findings/${items[0]?.id}`, 'finding-explained');
    await writer.goto(`${stage.server.url}/notices/new?kind=circular&organizationId=${explained}`);
    const box = writer.getByLabel('With what the scanner says of each problem');
    await box.waitFor();
    expect(await box.isChecked()).toBe(true);
    await expectAccessible(writer);
    await writer.getByRole('button', { name: 'Save draft' }).click();
    const annex = writer.getByRole('region', { name: 'Annex: what the scanner says of each problem' });
    await annex.getByText('house-audit:weak-tls').click();
    await annex.getByText('Turn it off.').waitFor();
    await expectFits(writer, new URL(writer.url()).pathname, 'notice-annex');
  });
});
