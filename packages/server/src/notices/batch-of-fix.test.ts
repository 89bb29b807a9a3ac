import { FixList, NoticeBatchPreview, NoticeDetail, NoticeList } from '@backcheck/contract';
import { organizationsToGroup } from '@backcheck/db';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
let schools: string[];
let fixId: string;
beforeAll(async () => {
  running = await RunningApp.start();
  await running.work();
  schools = [await running.organization('First school'), await running.organization('Second school')];
  for (const [index, school] of schools.entries()) {
    const seen = { assets: [[{ kind: 'ip', value: `192.0.2.${index + 1}` }]], present: true } as const;
    await send(school, houseScan({ ...seen, at: '2026-10-01T10:00:00Z' }));
    const other = houseScan({ ...seen, at: '2026-10-02T10:00:00Z' })
      .replaceAll('weak-tls', 'banner')
      .replaceAll('Weak TLS is offered', 'The banner names a version');
    // Only the first school has both.
    if (index === 0) await send(school, other);
  }
  await vi.waitFor(async () => expect(await organizationsToGroup(running.parts.widePool)).toEqual([]), {
    timeout: 20_000,
  });
  const { items } = FixList.parse((await running.get('/api/v1/fixes')).json());
  fixId = items.find(({ subject }) => subject.en === 'The banner names a version')?.id ?? '';
});

async function send(organizationId: string, file: string): Promise<void> {
  const sent = (await running.upload(file, { organizationId, confirm: 'true' })).json();
  expect((await running.settled(sent.id)).problem).toBeNull();
}

const planOf = (of: string | null) => ({
  kind: 'rectification',
  title: 'One measure',
  scope: { by: 'node' },
  which: 'unnoticed',
  fixId: of,
  draft: {
    title: { zh: '关于限期整改的通知', en: '' },
    body: { zh: '{organization}：发现{findings}项隐患。', en: '' },
  },
});

describe('a batch about one measure', () => {
  it('goes only to the organizations that have it to do, and names only what it mends', async () => {
    const preview = async (of: string | null) => {
      const request = { method: 'POST', url: '/api/v1/notice-batches/preview', payload: planOf(of) } as const;
      return NoticeBatchPreview.parse((await running.send(request)).json());
    };
    expect(await preview(null)).toMatchObject({ organizations: 2, findings: 3 });
    expect(await preview(fixId)).toMatchObject({ organizations: 1, findings: 1, withoutFindings: 1 });
    const made = await running.send({
      method: 'POST',
      url: '/api/v1/notice-batches',
      payload: planOf(fixId),
    });
    expect(made.statusCode).toBe(201);
    await vi.waitFor(
      async () => {
        const { items } = NoticeList.parse((await running.get('/api/v1/notices')).json());
        expect(items).toMatchObject([{ organization: { id: schools[0] }, state: 'submitted' }]);
        const detail = NoticeDetail.parse((await running.get(`/api/v1/notices/${items[0]?.id}`)).json());
        expect(detail.content?.findings.map(({ title }) => title)).toEqual(['The banner names a version']);
      },
      { timeout: 20_000 },
    );
  });
});
