import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectFits, fillDate, hasBrowser, searchOption } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

const PASSWORD = 'four quiet wooden boats';
const EMAIL = 'wang@example.org';

/** An administrator invites a liaison, who joins in another browser; both see what they may and no more. */
describe.skipIf(!hasBrowser())('people and access, in a browser', () => {
  let stage: Stage;
  let administrator: Page;
  let liaison: Page;
  let link = '';
  let school = '';
  let secret = '';
  let recoveryCodes: readonly string[] = [];

  beforeAll(async () => {
    stage = await Stage.open({ requireTotp: 'privileged' });
    administrator = stage.administrator;
    liaison = await stage.newPage();
    await stage.organization('Lakeside Hospital');
    school = await stage.organization('Hill School');
  });

  afterAll(() => stage?.close());

  /** A code works once; whoever is faster than its half minute takes the next one. */
  const used = new Set<string>();
  const code = (): string => {
    const codes = [0, 30_000].map((ahead) =>
      new TOTP({ secret }).generate({ timestamp: Date.now() + ahead }),
    );
    const fresh = codes.find((one) => !used.has(one)) ?? '';
    used.add(fresh);
    return fresh;
  };
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

  const choose = (page: Page, label: string, text: string): Promise<void> =>
    searchOption(page.getByRole('dialog').getByLabel(label, { exact: true }), text);

  async function signIn(page: Page, password: string): Promise<void> {
    await page.getByLabel('E-mail address').fill(EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  }

  async function keepRecoveryCodes(): Promise<void> {
    await liaison.getByLabel('I have kept them').check();
    await liaison.getByRole('button', { name: 'Go on' }).click();
    await liaison.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor({ state: 'detached' });
  }

  test('an administrator invites a liaison to one organization, and is told at the field what a grant lacks', async () => {
    await administrator.goto(`${stage.server.url}/people`);
    await expectFits(administrator, { en: 'People and access', zh: '人员与权限' });
    await administrator.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = administrator.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill(EMAIL);
    await dialog.getByLabel('Name', { exact: true }).fill('Wang Min');
    await choose(administrator, 'Role', 'Contractor');
    await choose(administrator, 'Organization', 'Lakeside');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    await dialog.getByText('This role is for people who leave: give it an end.').first().waitFor();
    await expectAccessible(administrator);
    await choose(administrator, 'Role', 'Liaison');
    await dialog.getByLabel(/Must use a second step/).check();
    await dialog.getByRole('button', { name: 'Invite' }).click();
    link = (await dialog.locator('.secret code').textContent()) ?? '';
    expect(link).toContain(`${stage.server.url}/join#`);
    await expectAccessible(administrator);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await administrator.getByRole('link', { name: 'Invitations' }).click();
    await administrator.getByText(EMAIL).waitFor();
    await expectFits(administrator, { en: 'Invitations', zh: '邀请' });
  });

  test('the liaison chooses a password by the rules that stand there, and nothing else opens before the second step', async () => {
    await liaison.goto(link);
    await expectFits(liaison, { en: 'Welcome to Backcheck', zh: '欢迎使用 Backcheck' });
    const password = liaison.getByLabel('New password');
    await password.fill('wang min');
    await liaison.getByText('4 characters more').waitFor();
    await password.press('Enter');
    await liaison.getByText('The password needs at least 12 characters.').waitFor();
    expect(await liaison.locator(':focus').getAttribute('autocomplete')).toBe('new-password');
    await password.fill('wang@example.org');
    await password.press('Enter');
    await liaison.getByText('This password is too easy to guess').waitFor();
    await password.fill(PASSWORD);
    await password.press('Enter');
    await liaison.getByRole('img', { name: /QR code/ }).waitFor();
    await expectAccessible(liaison);
    const other = await liaison.context().newPage();
    await other.goto(`${stage.server.url}/findings`);
    await heading(other, 'Set up the second step').waitFor();
    expect(await other.getByRole('navigation').count()).toBe(0);
    await other.close();
  });

  test('a code turns the second step on, and the recovery codes hold one back until they are kept', async () => {
    secret = ((await liaison.locator('.secret code').textContent()) ?? '').replaceAll(' ', '');
    const field = liaison.getByLabel('The six digits that the app shows now');
    await field.fill('000');
    await field.press('Enter');
    await liaison.getByText('A code is six digits.').waitFor();
    await field.fill(code());
    await field.press('Enter');
    await liaison.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor();
    await expectAccessible(liaison);
    recoveryCodes = await liaison.locator('.recovery-codes code').allTextContents();
    expect(recoveryCodes.length).toBeGreaterThan(4);
    const goOn = liaison.getByRole('button', { name: 'Go on' });
    expect(await goOn.isDisabled()).toBe(true);
    await liaison.getByLabel('I have kept them').check();
    await goOn.click();
    await heading(liaison, 'Lakeside Hospital').waitFor();
  });

  test('the liaison is shown what a liaison has a use for, and refused the rest also by its address', async () => {
    const places = await liaison
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link')
      .allTextContents();
    expect(places).toContain('Findings');
    expect(places).not.toContain('People');
    expect(places).not.toContain('Audit log');
    for (const place of ['people', 'audit']) {
      await liaison.goto(`${stage.server.url}/${place}`);
      await liaison.getByText('Your role does not allow this').waitFor();
    }
    const answer = await liaison.request.get(`${stage.server.url}/api/v1/organizations`);
    expect((await answer.json()).items.map(({ name }: { name: string }) => name)).toEqual([
      'Lakeside Hospital',
    ]);
  });

  test('guessed ids and exports show the liaison nothing of another organization either', async () => {
    await liaison.goto(`${stage.server.url}/organizations/${school}`);
    await liaison.getByText('Not found').first().waitFor();
    const paths = [
      `organizations/${school}`,
      `organizations/${school}/changes`,
      `contacts?organizationId=${school}`,
    ];
    for (const path of paths) {
      const answer = await liaison.request.get(`${stage.server.url}/api/v1/${path}`);
      expect([path, await answer.text()]).toEqual([path, expect.not.stringContaining('Hill School')]);
    }
    for (const query of ['', `&organizationId=${school}`]) {
      const answer = await liaison.request.get(
        `${stage.server.url}/api/v1/registers/organization/export?format=csv${query}`,
      );
      expect(await answer.text()).not.toContain('Hill School');
      if (query === '') expect(await answer.text()).toContain('Lakeside Hospital');
    }
  });

  test('signing in takes the password and a code, or a recovery code once; a wrong password says so', async () => {
    await liaison.getByRole('button', { name: 'Sign out' }).click();
    await heading(liaison, 'Sign in').waitFor();
    await expectFits(liaison, { en: 'Sign in', zh: '登录' });
    await signIn(liaison, 'not the password');
    await liaison.getByText('Sign-in failed').waitFor();
    await expectAccessible(liaison);
    await signIn(liaison, PASSWORD);
    await liaison.getByLabel('Code', { exact: true }).fill(code());
    await expectAccessible(liaison);
    await liaison.keyboard.press('Enter');
    await liaison.getByRole('navigation', { name: 'Main' }).waitFor();

    for (const outcome of ['works', 'is used up']) {
      if (await liaison.getByRole('button', { name: 'Sign out' }).isVisible()) {
        await liaison.getByRole('button', { name: 'Sign out' }).click();
      }
      await signIn(liaison, PASSWORD);
      await liaison.getByRole('button', { name: /Use a recovery code/ }).click();
      await liaison.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
      await liaison.keyboard.press('Enter');
      if (outcome === 'works') await liaison.getByRole('navigation', { name: 'Main' }).waitFor();
      else await liaison.getByText('This code is wrong').waitFor();
    }
    await liaison.getByRole('button', { name: 'Start again' }).click();
    await signIn(liaison, PASSWORD);
    await liaison.getByRole('button', { name: /Use a recovery code/ }).click();
    await liaison.getByLabel('Recovery code').fill(recoveryCodes[1] ?? '');
    await liaison.keyboard.press('Enter');
    await liaison.getByRole('navigation', { name: 'Main' }).waitFor();
  });

  test('on the account’s own page a key is shown once, and this session is told from the others', async () => {
    await liaison.getByRole('link', { name: 'Wang Min' }).click();
    await liaison.getByText('This one').waitFor();
    await expectFits(liaison, { en: 'My account', zh: '我的账号' });
    await liaison.getByRole('button', { name: 'New key' }).click();
    const dialog = liaison.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('Nightly export');
    await expectAccessible(liaison);
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    const key = (await dialog.locator('.secret code').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();
    await liaison.getByRole('button', { name: 'Revoke Nightly export' }).waitFor();
    expect(await liaison.content()).not.toContain(key);
    const withKey = { headers: { authorization: `Bearer ${key}` } };
    const read = await administrator.request.get(`${stage.server.url}/api/v1/findings`, withKey);
    expect(read.status()).toBe(200);
  });

  test('what guards the account is changed with its password only: recovery codes, second step, the password itself', async () => {
    const confirm = liaison.getByLabel('Your password, to be sure that it is you');
    await liaison.getByRole('button', { name: 'New recovery codes' }).click();
    await confirm.fill('not the password');
    await confirm.press('Enter');
    await liaison.getByText('The current password is wrong').waitFor();
    await confirm.fill(PASSWORD);
    await confirm.press('Enter');
    await keepRecoveryCodes();
    await liaison.getByRole('button', { name: 'Turn it off' }).click();
    await confirm.fill(PASSWORD);
    await confirm.press('Enter');
    await heading(liaison, 'Set up the second step').waitFor();
    await confirm.fill(PASSWORD);
    await confirm.press('Enter');
    secret = ((await liaison.locator('.secret code').textContent()) ?? '').replaceAll(' ', '');
    const digits = liaison.getByLabel('The six digits that the app shows now');
    await digits.fill(code());
    await digits.press('Enter');
    await keepRecoveryCodes();
    await liaison.getByRole('button', { name: 'Change the password' }).click();
    await liaison.getByLabel('Current password').fill(PASSWORD);
    await liaison.getByLabel('New password').fill('seven paper lanterns float');
    await expectAccessible(liaison);
    await liaison.keyboard.press('Enter');
    await liaison.getByText('The password is changed.').waitFor();
  });

  test('a grant that is added shows with its place and its end, and is gone when it is revoked', async () => {
    await administrator.goto(`${stage.server.url}/people?text=wang`);
    await administrator.getByRole('link', { name: 'Wang Min' }).click();
    await administrator.getByRole('button', { name: 'Add a grant' }).click();
    const dialog = administrator.getByRole('dialog');
    await choose(administrator, 'Role', 'Technical support');
    await choose(administrator, 'Organization', 'Hill');
    const tomorrow = new Date(Date.now() + 86_400_000).toLocaleDateString('sv');
    await fillDate(dialog.getByLabel('Until'), tomorrow);
    await dialog.getByRole('button', { name: 'Give this grant' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await administrator.getByText('Ends soon').waitFor();
    await expectAccessible(administrator);
    const revoke = administrator.getByRole('button', { name: 'Revoke Technical support, Hill School' });
    await revoke.click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await revoke.waitFor({ state: 'detached' });
  });

  test('a disabled account loses the page that is open, at its next request', async () => {
    await liaison.getByRole('link', { name: 'Assets' }).click();
    await heading(liaison, 'Assets').waitFor();
    await administrator.goto(`${stage.server.url}/people`);
    await administrator.getByLabel('Search').fill('wang');
    await expect.poll(() => administrator.locator('tbody tr').count()).toBe(1);
    await administrator.getByRole('link', { name: 'Wang Min' }).click();
    await heading(administrator, 'Wang Min').waitFor();
    await administrator.getByText('Lakeside Hospital').waitFor();
    await expectFits(administrator, { en: 'Wang Min', zh: 'Wang Min' });
    await administrator.getByRole('button', { name: 'Disable' }).click();
    await expectAccessible(administrator);
    await administrator.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await administrator.getByRole('button', { name: 'Enable again' }).waitFor();
    await liaison.getByRole('link', { name: 'Findings' }).click();
    await heading(liaison, 'Sign in').waitFor();
    expect(await liaison.getByRole('navigation').count()).toBe(0);
    await signIn(liaison, PASSWORD);
    await liaison.getByText('Sign-in failed').waitFor();
  });

  test('the roles stand in words and as a table, and the audit log has what was just done', async () => {
    await administrator.goto(`${stage.server.url}/people/roles`);
    await administrator.getByText('Liaison of the organization').first().click();
    await expectFits(administrator, { en: 'Roles', zh: '角色' });
    await administrator.goto(`${stage.server.url}/audit`);
    await administrator.getByRole('row', { name: /Disable · Account/ }).waitFor();
    await expectFits(administrator, { en: 'Audit log', zh: '审计日志' });
  });
});
