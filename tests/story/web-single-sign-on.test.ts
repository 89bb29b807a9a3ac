import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER } from '@backcheck/contract';
import { startServer } from '@backcheck/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CLIENT,
  type IdentityProvider,
  startIdentityProvider,
} from '../../packages/server/src/testing/identity-provider.ts';
import { freshDatabase } from '../support/database.ts';
import { buildScreens, configOf, expectAccessible, hasBrowser, openBrowser } from '../support/screens.ts';

/** A port that nobody has now: the provider must know the server's address before the server is there. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe.runIf(hasBrowser())('single sign-on, in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backcheck-web-single-sign-on-'));
  let browser: Browser;
  let provider: IdentityProvider;
  let server: Awaited<ReturnType<typeof startServer>>;
  let administrator: Page;

  beforeAll(async () => {
    await buildScreens();
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    provider = await startIdentityProvider(`${publicUrl}/api/v1/sign-in/single-sign-on/callback`);
    const oidc = {
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      trustAddress: false,
    };
    const { connectionString } = await freshDatabase();
    server = await startServer({ ...configOf(folder, connectionString), port, publicUrl, oidc });
    browser = await openBrowser();
    administrator = await newPage();
    await administrator.goto(await server.newSignInLink());
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const newPage = async () => (await browser.newContext({ locale: 'en-GB' })).newPage();

  async function invite(email: string): Promise<void> {
    const answer = await administrator.request.post(`${server.url}/api/v1/invitations`, {
      headers: { [CSRF_HEADER]: '1' },
      data: {
        email,
        name: 'Anna Li',
        language: 'en',
        grants: [{ role: 'campaign-manager', organizationId: null }],
      },
    });
    expect(answer.status()).toBe(201);
  }

  test('an invited person goes to the provider and comes back signed in, with the grants of the invitation', async () => {
    await invite('anna@example.org');
    provider.people.set('anna', { email: 'anna@example.org', email_verified: true });
    provider.meets('anna');
    const page = await newPage();
    await page.goto(server.url);
    const button = page.getByRole('button', { name: /single sign-on/i });
    await button.waitFor();
    await expectAccessible(page);
    await button.click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    await page.getByRole('link', { name: 'Anna Li' }).waitFor();
    expect(new URL(page.url()).origin).toBe(server.url);
  });

  test('somebody whom the provider knows and nobody invited is told so on the page for signing in', async () => {
    provider.people.set('mallory', { email: 'mallory@example.org', email_verified: true });
    provider.meets('mallory');
    const page = await newPage();
    await page.goto(server.url);
    await page.getByRole('button', { name: /single sign-on/i }).click();
    await page
      .getByText(/no account/i)
      .first()
      .waitFor();
    await expectAccessible(page);
    expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
  });
});
