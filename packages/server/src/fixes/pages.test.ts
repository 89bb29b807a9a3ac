import { type Fix, FixList } from '@backcheck/contract';
import { organizationsToGroup } from '@backcheck/db';
import type { JobHelpers } from 'graphile-worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';
import { sarif } from '../testing/sarif.ts';
import { fixTasks } from './tasks.ts';

/** More than a page holds. */
const MEASURES = Array.from({ length: 11 }, (_, n) => `C${n}`);

let running: RunningApp;
let organizationId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  organizationId = await running.organization('Lakeside Hospital');
  const other = await running.organization('Another one');
  await running.parts.widePool.query(
    `insert into organization (parent_id, name) select $1, 'School ' || n from generate_series(1, 60) n`,
    [organizationId],
  );
  await send(organizationId, sarif(MEASURES, '2026-01-01T10:00:00Z'));
  await send(other, sarif(MEASURES.slice(0, 3), '2026-01-01T10:00:00Z'));
  await vi.waitFor(
    async () => {
      const { rowCount } = await running.parts.widePool.query(
        `update finding_due set due_at = case when finding_id % 3 > 0 then timestamptz '2026-12-01T00:00:00Z' + finding_id % 3 * interval '1 day' end
         where organization_id = $1`,
        [organizationId],
      );
      expect(rowCount).toBe(MEASURES.length);
    },
    { timeout: 20_000 },
  );
  await fixTasks(running.parts)['sum-fixes']?.({}, {} as JobHelpers);
});

async function send(to: string, file: string): Promise<void> {
  const sent = (await running.upload(file, { organizationId: to, confirm: 'true' })).json();
  expect((await running.settled(sent.id)).problem).toBeNull();
  await vi.waitFor(async () => expect(await organizationsToGroup(running.parts.widePool)).toEqual([]), {
    timeout: 20_000,
  });
}

const pageOf = async (query: string) => FixList.parse((await running.get(`/api/v1/fixes?${query}`)).json());

async function allOf(query: string): Promise<Fix[]> {
  const seen: Fix[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await pageOf(`${query}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  return seen;
}

describe('the list of measures', () => {
  it.each(['of one organization', 'over more than are counted at once'])(
    'comes by pages, each measure once, in the order of the whole list: %s',
    async (which) => {
      const query = which === 'of one organization' ? `organizationId=${organizationId}` : '';
      const whole = await pageOf(query);
      expect(whole.nextCursor).toBeNull();
      expect(whole.items).toHaveLength(MEASURES.length);
      expect(new Set(whole.items.map(({ open, dueAt }) => `${open} ${dueAt}`)).size).toBeGreaterThan(2);
      expect(await allOf(query)).toEqual(whole.items);
    },
  );

  it('comes by pages also of what is proven', async () => {
    await send(organizationId, sarif([], '2026-02-01T10:00:00Z', MEASURES));
    const done = await allOf(`organizationId=${organizationId}&done=true`);
    expect(new Set(done.map(({ id }) => id)).size).toBe(MEASURES.length);
    expect(await allOf(`organizationId=${organizationId}`)).toEqual([]);
  });

  it('takes no cursor but its own', async () => {
    const never = '2026-02-30T00:00:00.000Z';
    for (const [url, cursor] of [
      ['/fixes?', 'none'],
      ['/fixes?', '1 never 1'],
      ['/fixes?', `1 ${never} 1 1`],
      [`/fixes/1/findings?organizationId=${organizationId}&`, `open ${never} 1`],
    ] as const) {
      const written = Buffer.from(cursor).toString('base64url');
      const answer = await running.get(`/api/v1${url}cursor=${written}`);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'CURSOR_INVALID']);
    }
  });
});
