import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CLIENT,
  type IdentityProvider,
  startIdentityProvider,
} from '../../packages/server/src/testing/identity-provider.ts';
import { administer } from '../support/administer.ts';
import { expectAccessible, expectFits, hasBrowser } from '../support/screens.ts';
import { knownAddress, Stage } from '../support/stage.ts';

/** What a browser says when somebody turns to a tab again; without a window it does not. */
const BACK_AT_IT = "document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))";

describe.runIf(hasBrowser())('single sign-on, in a browser', () => {
  let stage: Stage;
  let provider: IdentityProvider;

  beforeAll(async () => {
    const address = await knownAddress();
    provider = await startIdentityProvider(`${address.publicUrl}/api/v1/sign-in/single-sign-on/callback`);
    const oidc = {
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      trustAddress: false,
    };
    stage = await Stage.open({ ...address, oidc, requireTotp: 'privileged' });
  });

  afterAll(async () => {
    await stage?.close();
    await provider?.stop();
  });

  test('an invited person goes to the provider and comes back signed in, with the grants of the invitation', async () => {
    await stage.invite('anna@example.org', 'Anna Li', { role: 'campaign-manager', organizationId: null });
    provider.people.set('anna', { email: 'anna@example.org', email_verified: true });
    provider.meets('anna');
    const page = await stage.newPage();
    await page.goto(stage.server.url);
    const button = page.getByRole('button', { name: /single sign-on/i });
    await button.waitFor();
    await expectAccessible(page);
    await button.click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    await page.getByRole('link', { name: 'Anna Li' }).waitFor();
    expect(new URL(page.url()).origin).toBe(stage.server.url);
  });

  test('whose session ended signs in again in a new tab, and goes on in the old one', async () => {
    provider.meets('anna');
    const page = await stage.newPage();
    await page.goto(`${stage.server.url}/findings`);
    await page.getByRole('button', { name: /single sign-on/i }).click();
    const search = page.getByLabel('Search', { exact: true });
    await page.getByRole('link', { name: 'Anna Li' }).waitFor();
    await page.getByRole('link', { name: 'Findings' }).click();
    await search.waitFor();
    await administer(stage.database.connectionString, 'delete from auth.session');
    await search.fill('half a wo');
    const beside = page.getByRole('link', { name: 'Sign in with single sign-on in a new tab' });
    await beside.waitFor();
    await expectAccessible(page);
    await expectFits(page, { en: 'Sign in', zh: '登录' });
    const [tab] = await Promise.all([page.context().waitForEvent('page'), beside.click()]);
    await tab.getByRole('button', { name: /single sign-on/i }).click();
    await tab.getByRole('link', { name: 'Anna Li' }).waitFor();
    await tab.close();
    await page.evaluate(BACK_AT_IT);
    await search.waitFor();
    expect(await search.inputValue()).toBe('half a wo');
  });

  test('somebody whom the provider knows and nobody invited is told so on the page for signing in', async () => {
    provider.people.set('mallory', { email: 'mallory@example.org', email_verified: true });
    provider.meets('mallory');
    const page = await stage.newPage();
    await page.goto(stage.server.url);
    await page.getByRole('button', { name: /single sign-on/i }).click();
    await page
      .getByText(/no account/i)
      .first()
      .waitFor();
    await expectAccessible(page);
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
  });
});
