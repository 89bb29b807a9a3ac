import { FindingList, ReplyDetail, ReplyList } from '@backcheck/contract';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { administer } from '../support/administer.ts';
import { expectAccessible, expectFits, fillDate, hasBrowser } from '../support/screens.ts';
import { Stage } from '../support/stage.ts';

/** One person answers for many findings that the same thing delays, and writes it once. */
describe.skipIf(!hasBrowser())('one reply about many findings, in a browser', () => {
  let stage: Stage;
  let liaison: Page;
  let organizationId: string;

  beforeAll(async () => {
    stage = await Stage.open();
    organizationId = await stage.organization('Lakeside Hospital');
    liaison = await stage.join('wang@example.org', 'Wang Min', { role: 'liaison', organizationId });
    const content = sarif(['R1', 'R2', 'R3'], '2026-01-01T10:00:00Z');
    await stage.import({ organizationId, name: 'scan.sarif', content });
  });

  afterAll(() => stage?.close());

  /** The list, with these chosen, and the form of one kind for all of them. */
  async function wish(kind: string, titles: readonly string[] | 'all'): Promise<Locator> {
    await liaison.goto(`${stage.server.url}/findings?groupBy=check`);
    const boxes = titles === 'all' ? [/^Choose all shown/] : titles.map((one) => `Choose ${one}`);
    for (const name of boxes) await liaison.getByRole('checkbox', { name }).check();
    await liaison.getByRole('button', { name: /^Reply to \d at once/ }).click();
    await liaison.getByRole('menuitem', { name: kind }).click();
    return liaison.getByRole('dialog');
  }

  async function made(kind: string): Promise<readonly number[]> {
    const { items } = ReplyList.parse(await stage.get(`/replies?kind=${kind}`, liaison));
    return items.map(({ findings }) => findings);
  }

  test('is written once and stands with each of them', async () => {
    const dialog = await wish('File an interim measure', ['About R1', 'About R2']);
    await dialog.getByText('This is about 2 findings.').waitFor();
    await dialog.getByLabel('What was done for the time being').fill('The network was cut off.');
    await expectAccessible(liaison);
    // twice, as hands do
    await dialog.getByRole('button', { name: 'Send for 2' }).dblclick();
    await dialog.getByText('The coordinator verifies the measure.').waitFor();
    expect(await made('interim')).toEqual([2]);
  });

  test('names what cannot take part, with its reason, before it is sent', async () => {
    const dialog = await wish('File an interim measure', 'all');
    await dialog.getByText('2 cannot take part').waitFor();
    await dialog
      .getByRole('listitem')
      .filter({ hasText: 'About R1' })
      .getByText('has not been decided')
      .waitFor();
    await dialog.getByLabel('What was done for the time being').fill('The third one as well.');
    await expectAccessible(liaison);
    await dialog.getByRole('button', { name: 'Send for 1' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect(await made('interim')).toEqual([1, 2]);
  });

  test('is not begun where none can take part', async () => {
    const dialog = await wish('Ask for more time', 'all');
    await dialog.getByText('3 cannot take part').waitFor();
    expect(await dialog.getByText('has no deadline now').count()).toBe(3);
    expect(await dialog.getByRole('button', { name: /^Send/ }).count()).toBe(0);
    await expectAccessible(liaison);
  });

  test('is one reply when its answer was lost and it is sent again', async () => {
    const dialog = await wish('File a plan', 'all');
    await dialog.getByLabel('The measure').fill('The library is updated everywhere.');
    await dialog.getByLabel('Responsible function').fill('Network operations');
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    await fillDate(dialog.getByLabel('Done by'), until);
    const keys: (string | undefined)[] = [];
    await liaison.route(
      '**/api/v1/replies',
      async (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        await route.fetch();
        await route.abort('connectionreset');
      },
      { times: 1 },
    );
    await dialog.getByRole('button', { name: 'Send for 3' }).click();
    await dialog.getByRole('alert').waitFor();
    const again = liaison.waitForRequest((one) => one.url().endsWith('/replies') && one.method() === 'POST');
    await dialog.getByRole('button', { name: 'Send for 3' }).click();
    keys.push((await again).headers()['idempotency-key']);
    await dialog.getByText('The coordinator reads the plan.').waitFor();
    expect(await made('plan')).toEqual([3]);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect(keys[0]).toBeDefined();
  });

  test('a borne risk has a day of review; when it has passed the board says so, and the lead looks again', async () => {
    const owner = await stage.join('zhou@example.org', 'Doctor Zhou', {
      role: 'security-lead',
      organizationId,
    });
    const lead = await stage.join('li@example.org', 'Director Li', {
      role: 'coordinator-lead',
      organizationId: null,
    });
    const [finding] = FindingList.parse(await stage.get('/findings?groupBy=check', owner)).items;
    const wish = {
      kind: 'acceptance',
      findingIds: [finding?.id],
      control: 'A separate network',
      text: 'The device cannot be updated',
      until: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    };
    const { id } = ReplyDetail.parse(await stage.send('/replies', wish, { by: owner }));
    const page = `${stage.server.url}/replies/${id}`;
    await lead.goto(page);
    await lead.getByRole('button', { name: 'Decide' }).click();
    const decision = lead.getByRole('dialog');
    const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    await fillDate(decision.getByLabel('Next review'), day);
    await decision.getByLabel('Reason, which the organization reads').fill('The network is separate.');
    await expectAccessible(lead);
    await decision.getByRole('button', { name: 'Decide' }).click();
    await lead.getByText('Director Li granted it').waitFor();
    const { reviewAt } = ReplyDetail.parse(await stage.get(`/replies/${id}`, lead));
    expect(Math.round((Date.parse(reviewAt ?? '') - Date.now()) / 86_400_000)).toBeOneOf([19, 20]);

    await administer(
      stage.database.connectionString,
      `update reply set review_at = now() - interval '3 days' where reply_id = ${id}`,
    );
    await lead.goto(`${stage.server.url}/work?list=coordinator`);
    await lead.getByRole('link', { name: 'Borne risk to be looked at again' }).click();
    await lead.getByText('review overdue').waitFor();
    await expectFits(lead, { en: `Risk acceptance no. ${id}`, zh: `风险接受（编号 ${id}）` });
    await lead.getByRole('button', { name: 'Review' }).click();
    const review = lead.getByRole('dialog');
    await review.getByLabel('What was looked at').fill('Seen on site: still separate.');
    await expectAccessible(lead);
    await review.getByRole('button', { name: 'Review' }).click();
    await lead.getByText('Director Li reviewed it: it still holds').waitFor();
    expect(await lead.getByText('review overdue').count()).toBe(0);
    await owner.goto(`${stage.server.url}/findings/${finding?.id}`);
    await owner.getByText('Next review').waitFor();
    await expectAccessible(owner);
  });

  test('what was typed for a step stays until the server has taken it, and the refusal stands beside it', async () => {
    const lead = await stage.join('chen@example.org', 'Director Chen', {
      role: 'coordinator-lead',
      organizationId: null,
    });
    const [finding] = FindingList.parse(await stage.get('/findings?groupBy=check', liaison)).items;
    const objection = { kind: 'objection', ground: 'grade', grade: 'low', text: 'Nobody reaches it' };
    const made = await stage.send('/replies', { ...objection, findingIds: [finding?.id] }, { by: liaison });
    const { id } = ReplyDetail.parse(made);
    for (const page of [lead, liaison]) await page.goto(`${stage.server.url}/replies/${id}`);
    await lead.getByRole('button', { name: 'Decide' }).click();
    const decision = lead.getByRole('dialog');
    await decision.getByText('Refuse', { exact: true }).click();
    const reasons = decision.getByLabel('Reason, which the organization reads');
    await reasons.fill('Every ward reaches it.');

    await liaison.getByRole('button', { name: 'Withdraw' }).click();
    const withdrawal = liaison.getByRole('dialog');
    const why = withdrawal.getByLabel('Why, which the other side reads');
    await why.fill('It was settled by phone.');
    await liaison.route(`**/api/v1/replies/${id}/withdraw`, (route) => route.abort('connectionreset'), {
      times: 1,
    });
    await withdrawal.getByRole('button', { name: 'Withdraw' }).click();
    await withdrawal.getByRole('alert').waitFor();
    expect(await why.inputValue()).toBe('It was settled by phone.');
    await expectAccessible(liaison);
    await withdrawal.getByRole('button', { name: 'Withdraw' }).click();
    await withdrawal.waitFor({ state: 'hidden' });
    await liaison.getByText('Wang Min withdrew it').waitFor();

    await decision.getByRole('button', { name: 'Decide' }).click();
    await decision.getByText('It does not wait for this').waitFor();
    expect(await reasons.inputValue()).toBe('Every ward reaches it.');
    expect(await decision.getByRole('radio', { name: 'Refuse' }).isChecked()).toBe(true);
    await decision.getByRole('button', { name: 'Cancel' }).click();
    await decision.waitFor({ state: 'hidden' });
    expect(await lead.getByRole('alert').count()).toBe(0);
  });

  test('the list with chosen findings fits a phone and a desk, in both languages', async () => {
    await liaison.goto(`${stage.server.url}/findings?groupBy=check`);
    await liaison.getByRole('checkbox', { name: /^Choose all shown/ }).check();
    await expectFits(liaison, { en: 'Findings', zh: '问题' });
  });
});
