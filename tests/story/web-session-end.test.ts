import { ReplyList } from '@backcheck/contract';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { administer } from '../support/administer.ts';
import { expectAccessible, expectFits, hasBrowser } from '../support/screens.ts';
import { PASSWORD, Stage } from '../support/stage.ts';

const WORDS = 'The network was cut off; the vendor comes on Monday.';
const ENDS = `delete from auth.session where "userId" in (select id from auth."user" where email = 'wang@example.org')`;
const PHOTO = { name: 'cable.txt', mimeType: 'text/plain', buffer: Buffer.from('a cable that is cut') };

/** Sessions end at night, in the middle of a sentence. */
describe.skipIf(!hasBrowser())('a session that ends while somebody writes, in a browser', () => {
  let stage: Stage;
  let liaison: Page;
  let organizationId: string;

  beforeAll(async () => {
    stage = await Stage.open();
    organizationId = await stage.organization('Lakeside Hospital');
    liaison = await stage.join('wang@example.org', 'Wang Min', { role: 'liaison', organizationId });
    const other = await stage.join('zhao@example.org', 'Zhao Lei', { role: 'liaison', organizationId });
    await other.close();
    const content = sarif(['R1', 'R2'], '2026-01-01T10:00:00Z');
    await stage.import({ organizationId, name: 'scan.sarif', content });
  });

  afterAll(() => stage?.close());

  beforeEach(async () => {
    await stage.send('/sign-in', { email: 'wang@example.org', password: PASSWORD }, { by: liaison });
    await liaison.goto(`${stage.server.url}/findings?groupBy=check`);
  });

  /** The form of an interim measure with words in it. */
  async function openForm(): Promise<Locator> {
    await liaison.getByRole('checkbox', { name: 'Choose About R1' }).check();
    await liaison.getByRole('button', { name: /^Reply to 1 at once/ }).click();
    await liaison.getByRole('menuitem', { name: 'File an interim measure' }).click();
    const dialog = liaison.getByRole('dialog');
    await dialog.getByLabel('What was done for the time being').fill(WORDS);
    await dialog.getByRole('button', { name: /^Send/ }).waitFor();
    return dialog;
  }

  /** Sent after the session has ended. */
  async function writeInto(): Promise<Locator> {
    const dialog = await openForm();
    await administer(stage.database.connectionString, ENDS);
    await dialog.getByRole('button', { name: /^Send/ }).click();
    await liaison.getByRole('heading', { name: 'Sign in' }).waitFor();
    return dialog;
  }

  async function signIn(password = PASSWORD, at = liaison): Promise<void> {
    if (at !== liaison) await at.getByLabel('E-mail address').fill('wang@example.org');
    await at.getByLabel('Password').fill(password);
    await at.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  const replies = async () => ReplyList.parse(await stage.get('/replies')).items.length;

  test('shows nothing of it to whoever comes by, and asks the same person to sign in again', async () => {
    const dialog = await writeInto();
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(await liaison.getByText('About R1').isVisible()).toBe(false);
    await liaison.getByText('What Wang Min had begun is kept behind this page.').waitFor();
    expect(await liaison.getByLabel('E-mail address').inputValue()).toBe('wang@example.org');
    await expectAccessible(liaison);
    await expectFits(liaison, { en: 'Sign in', zh: '登录' });
  });

  test('comes back by itself when the same person signs in in another tab', async () => {
    const dialog = await writeInto();
    const tab = await liaison.context().newPage();
    await tab.goto(stage.server.url);
    await signIn(PASSWORD, tab);
    await tab.getByRole('link', { name: 'Wang Min' }).waitFor();
    await tab.close();
    // What a browser says when somebody turns to a tab again; without a window it does not.
    await liaison.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
    await dialog.waitFor();
    expect(await dialog.getByLabel('What was done for the time being').inputValue()).toBe(WORDS);
  });

  test('shows as soon as a file is chosen, which is sent after the next sign-in', async () => {
    const dialog = await openForm();
    await administer(stage.database.connectionString, ENDS);
    await dialog.locator('input[type=file]').setInputFiles(PHOTO);
    await signIn();
    await dialog.getByText('What you entered is still here.').waitFor();
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByText('SHA-256').waitFor();
    expect(await dialog.getByLabel('What was done for the time being').inputValue()).toBe(WORDS);
  });

  test('gives nothing of it to another account', async () => {
    const dialog = await writeInto();
    await liaison.getByLabel('E-mail address').fill('zhao@example.org');
    await signIn();
    await liaison.getByRole('link', { name: 'Zhao Lei' }).waitFor();
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await liaison.content()).not.toContain(WORDS);
  });

  test('gives it back with every word, and it is sent once', async () => {
    const dialog = await writeInto();
    await signIn('not the password');
    await liaison.getByRole('alert').waitFor();
    expect(await dialog.isVisible()).toBe(false);
    await signIn();
    await dialog.waitFor();
    expect(await dialog.getByLabel('What was done for the time being').inputValue()).toBe(WORDS);
    await dialog.getByText('Your session had ended, so nothing was sent').waitFor();
    await dialog.locator('input[type=file]').setInputFiles(PHOTO);
    await dialog.getByText('SHA-256').waitFor();
    await expectAccessible(liaison);
    await dialog.getByRole('button', { name: /^Send/ }).click();
    await dialog.getByText('The coordinator verifies the measure.').waitFor();
    expect(await replies()).toBe(1);
  });
});
