import { FindingList, NoticeBatch, ReplyDetail } from '@backcheck/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sarif } from '../../packages/server/src/testing/sarif.ts';
import { administer } from '../support/administer.ts';
import { expectFits, hasBrowser } from '../support/screens.ts';
import { PATIENCE, Stage } from '../support/stage.ts';

/** The first screen of the day: whose turn it is, and the way to it. */
describe.skipIf(!hasBrowser())('the work board, in a browser', () => {
  let stage: Stage;
  let organizationId: string;
  let lead: Page;
  const board = (list: string) => `${stage.server.url}/work?list=${list}`;
  const fits = (page: Page) => expectFits(page, { en: 'Work', zh: '待办' });

  beforeAll(async () => {
    stage = await Stage.open();
    organizationId = await stage.organization('Lakeside Hospital', { nameZh: '湖滨医院' });
    lead = await stage.join('li@example.org', 'Director Li', {
      role: 'coordinator-lead',
      organizationId: null,
    });
    const content = sarif(['R1'], '2026-01-01T10:00:00Z');
    await stage.import({ organizationId, name: 'scan.sarif', content });
  });

  afterAll(() => stage?.close());

  test('has a batch that waits for its approval, and leads the lead to it', async () => {
    const writer = await stage.join('wu@example.org', 'Wu Fang', {
      role: 'campaign-manager',
      organizationId: null,
    });
    const plan = {
      kind: 'inspection',
      title: 'Autumn inspection of all',
      organizationId: null,
      scope: { by: 'node' },
      which: 'none',
      draft: { title: { zh: '关于检查的通知', en: '' }, body: { zh: '请做好准备。', en: '' } },
    };
    const { id } = NoticeBatch.parse(await stage.send('/notice-batches', plan, { by: writer }));
    await vi.waitFor(
      async () =>
        expect(NoticeBatch.parse(await stage.get(`/notice-batches/${id}`, writer)).state).toBe('drafted'),
      PATIENCE,
    );
    await lead.goto(board('coordinator'));
    const row = lead.getByRole('row').filter({ hasText: 'Autumn inspection of all' });
    await row.getByText('Whole installation').waitFor();
    await fits(lead);
    await row.getByRole('link', { name: 'Batch of notices waits for approval' }).click();
    await lead.getByRole('button', { name: 'Approve all' }).waitFor();
  });

  test('has a risk that nobody signed for, and so has the inbox of who signs', async () => {
    const [liaison, owner] = [
      await stage.join('wang@example.org', 'Wang Min', { role: 'liaison', organizationId }),
      await stage.join('zhou@example.org', 'Doctor Zhou', { role: 'security-lead', organizationId }),
    ];
    const [finding] = FindingList.parse(await stage.get('/findings', liaison)).items;
    const wish = {
      kind: 'acceptance',
      findingIds: [finding?.id],
      control: 'A separate network',
      text: 'The device cannot be updated',
      until: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    };
    const { state } = ReplyDetail.parse(await stage.send('/replies', wish, { by: liaison }));
    expect(state).toBe('drafted');
    await owner.goto(`${stage.server.url}/replies`);
    await owner.getByRole('link', { name: 'Risk acceptance' }).waitFor();
    await expectFits(owner, { en: 'Replies and requests', zh: '答复与申请' });
    await owner.goto(board('organization'));
    await owner.getByRole('link', { name: 'Reply waits for the security lead’s signature' }).waitFor();
    await fits(owner);
    await owner.getByRole('link', { name: 'Reply waits for the security lead’s signature' }).click();
    await owner.getByRole('button', { name: 'Sign', exact: true }).waitFor();
  });

  test('leads to the youngest of a hundred and more, page by page', async () => {
    await administer(
      stage.database.connectionString,
      `insert into notice (organization_id, kind, state, draft, drafted_at, submitted_at)
       select ${organizationId}, 'rectification', 'submitted', jsonb_build_object('title', jsonb_build_object('zh', '', 'en', 'Draft ' || n)),
         now(), '2026-01-01'::timestamptz + n * interval '1 minute' from generate_series(1, 120) n`,
    );
    await lead.goto(board('coordinator'));
    await lead.getByText('Draft 1', { exact: false }).first().waitFor();
    expect(await lead.getByText('Draft 120').count()).toBe(0);
    await lead.getByRole('button', { name: 'Show more' }).click();
    await lead.getByText('Draft 120').waitFor();
    expect(await lead.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    await fits(lead);
  });

  test('and the inbox of replies are in the navigation of an analyst, who reads no notices', async () => {
    const analyst = await stage.join('chen@example.org', 'Analyst Chen', {
      role: 'finding-analyst',
      organizationId: null,
    });
    await analyst.goto(`${stage.server.url}/work`);
    await analyst.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Replies' }).click();
    await expectFits(analyst, { en: 'Replies and requests', zh: '答复与申请' });
    const place = analyst.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Replies' });
    expect(await place.getAttribute('aria-current')).toBe('page');
  });
});
