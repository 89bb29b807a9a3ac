import { readFileSync } from 'node:fs';
import { FixList } from '@backcheck/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { houseScan } from '../../packages/server/src/testing/house-scan.ts';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { expectAccessible, hasBrowser } from '../support/screens.ts';
import { PATIENCE, Stage } from '../support/stage.ts';

/** A coordinator sees what one measure would remove in several organizations, and takes the ledger along. */
describe.skipIf(!hasBrowser())('fixes over many organizations, in a browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await Stage.open();
    page = stage.administrator;
    for (const [name, nameZh, machines] of [
      ['Lakeside Hospital', '湖畔医院', 3],
      ['Hill School', '山丘中学', 2],
    ] as const) {
      const assets = Array.from({ length: machines }, (_, i) => [
        { kind: 'ip', value: `192.0.2.${i + 1}` } as const,
      ]);
      await stage.import({
        organizationId: await stage.organization(name, { nameZh }),
        name: 'scan.jsonl',
        content: houseScan({ at: '2026-10-01T10:00:00Z', assets, present: true }),
      });
    }
    await vi.waitFor(async () => {
      const { items } = FixList.parse(await stage.get('/fixes'));
      expect(items).toMatchObject([{ open: 5, openIn: 2 }]);
    }, PATIENCE);
  });

  afterAll(() => stage?.close());

  test('from the measure to the organization to its notice, and the ledger in Excel', async () => {
    await page.goto(`${stage.server.url}/fixes`);
    const row = page.getByRole('row', { name: /Weak TLS is offered/ });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/52/);
    await expectAccessible(page);
    await row.getByRole('link').click();
    await page.getByText('5 findings in 2 organizations are open').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Lakeside Hospital' }).click();
    await page.getByText('192.0.2.3:443').waitFor();
    await page.getByRole('link', { name: /^Draft a notice/ }).click();
    await page.waitForURL(/notices\/new\?.*findingIds=/);
    await page.goto(`${stage.server.url}/findings`);
    const [ledger] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Excel' }).click(),
    ]);
    expect(ledger.suggestedFilename()).toBe('findings.xlsx');
    expect(
      readFileSync(await ledger.path())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
  });

  test('a list longer than a page says so and goes on, each measure by its name', async () => {
    const rules = Array.from({ length: 200 }, (_, n) => `RULE-${n}`);
    await stage.import({
      organizationId: await stage.organization('Long Street Library'),
      name: 'scan.sarif',
      content: sarif(rules, '2026-01-01T10:00:00Z'),
    });
    await vi.waitFor(async () => {
      const { items, nextCursor } = FixList.parse(await stage.get('/fixes'));
      expect([items.length, nextCursor === null]).toEqual([200, false]);
    }, PATIENCE);
    await page.goto(`${stage.server.url}/fixes`);
    await page.getByText('200 measures shown, there are more').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('201 measures', { exact: true }).waitFor();
    await page.getByRole('row', { name: /About RULE-199/ }).waitFor();
    await expectAccessible(page);
  });
});
