import { Notice, NoticeBatch } from '@backcheck/contract';
import { ensureAccount, insertSignInLink } from '@backcheck/db';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newSecret } from '../../packages/server/src/platform/sign-in/tokens.ts';
import { confirmDialog, expectAccessible, hasBrowser } from '../support/screens.ts';
import { PATIENCE, Stage } from '../support/stage.ts';

describe.skipIf(!hasBrowser())('a notice on its way to the issue, in a browser', () => {
  let stage: Stage;
  let organizationId: string;
  let writer: Page;
  let lead: Page;

  beforeAll(async () => {
    stage = await Stage.open();
    organizationId = await stage.organization('Lakeside Hospital');
    writer = await signIn('Writer', 'campaign-manager');
    lead = await signIn('Lead', 'coordinator-lead');
  });
  afterAll(() => stage?.close());

  async function signIn(name: string, role: string): Promise<Page> {
    const { pool } = stage.database;
    const { accountId } = await ensureAccount(pool, name);
    await pool.query('insert into access_grant (account_id, role) values ($1, $2)', [accountId, role]);
    const { secret, hash } = newSecret();
    await insertSignInLink(pool, { hash, accountId, expiresAt: new Date(Date.now() + 3_600_000) });
    const page = await stage.newPage();
    await page.goto(`${stage.server.url}/sign-in?token=${secret}`);
    return page;
  }

  const send = (by: Page, path: string, data: object = {}) => stage.send(path, data, { by });
  const words = { title: { zh: '检查通知', en: '' }, body: { zh: '请做好准备。', en: '' } };

  test('is neither written over nor approved unseen where somebody else changed it, and no words are lost', async () => {
    const draft = { kind: 'inspection', ...words };
    const { id } = Notice.pick({ id: true }).parse(await send(writer, '/notices', { organizationId, draft }));
    const change = (contact: string) =>
      stage.send(`/notices/${id}`, { draft: { ...draft, contact } }, { by: writer, method: 'PATCH' });
    const says = 'The notice has changed meanwhile';
    await writer.goto(`${stage.server.url}/notices/${id}`);
    await writer.getByRole('button', { name: 'Change', exact: true }).click();
    const contact = writer.getByLabel('Contact', { exact: true });
    await contact.fill('Ms. Typed');
    await change('Mr. Other');
    await writer.getByRole('button', { name: 'Save draft' }).click();
    await writer.getByText(says).waitFor();
    expect(await contact.inputValue()).toBe('Ms. Typed');
    await writer.getByRole('button', { name: 'Cancel' }).click();
    await writer.getByText('Mr. Other').waitFor();

    await send(writer, `/notices/${id}/submit`);
    await lead.goto(`${stage.server.url}/notices/${id}`);
    await lead.getByRole('button', { name: 'Approve', exact: true }).click();
    await send(lead, `/notices/${id}/send-back`, { reason: 'Who is that?' });
    await change('Mrs. New');
    await send(writer, `/notices/${id}/submit`);
    const dialog = lead.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByText(says).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await lead.getByText('Mrs. New').waitFor();

    await lead.getByRole('button', { name: 'Send back', exact: true }).click();
    await dialog.getByLabel('Reason').fill('The phone number is missing');
    await lead.route('**/send-back', (route) => route.abort('connectionreset'), { times: 1 });
    await dialog.getByRole('button', { name: 'Send back', exact: true }).click();
    await dialog.getByText('The server could not be reached').waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('The phone number is missing');
    await expectAccessible(lead);
    await confirmDialog(lead, 'Send back');
    await lead.getByText('The phone number is missing').waitFor();
  });

  test('takes its signed copies from whoever may change notices, and from nobody who only approves them', async () => {
    const draft = { kind: 'inspection', ...words };
    const { id } = Notice.pick({ id: true }).parse(await send(writer, '/notices', { organizationId, draft }));
    await send(writer, `/notices/${id}/submit`);
    await send(lead, `/notices/${id}/approve`);
    await send(lead, `/notices/${id}/issue`);
    for (const [who, fields] of [
      [writer, 1],
      [lead, 0],
    ] as const) {
      await who.goto(`${stage.server.url}/notices/${id}`);
      await who.getByText('The paper is the one in the ledger.').waitFor();
      expect(await who.getByLabel('Upload scans of the signed paper').count()).toBe(fields);
    }
  });

  test('is given up with its whole batch for a reason, which stays in the dialog until it is done', async () => {
    const plan = { kind: 'inspection', title: 'Autumn', which: 'none', scope: { by: 'node' }, draft: words };
    const { id } = NoticeBatch.parse(await send(writer, '/notice-batches', plan));
    await vi.waitFor(async () => {
      const batch = NoticeBatch.parse(await stage.get(`/notice-batches/${id}`, writer));
      expect(batch.state).toBe('drafted');
    }, PATIENCE);
    await writer.goto(`${stage.server.url}/notice-batches/${id}`);
    await writer.getByRole('button', { name: 'Discard all' }).click();
    const dialog = writer.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Put off until spring');
    await writer.route('**/discard', (route) => route.abort('connectionreset'), { times: 1 });
    await dialog.getByRole('button', { name: 'Discard all' }).click();
    await dialog.getByText('The server could not be reached').waitFor();
    await confirmDialog(writer, 'Discard all');
    await writer.getByText('0 issued, 1 drafted, 1 discarded').waitFor();
  });
});
