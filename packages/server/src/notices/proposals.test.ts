import { NoticeOffice, NoticeProposal } from '@backcheck/contract';
import { inTransaction } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { issueNotice } from './issue.ts';
import { NoticeDesk, ok, step } from './notice-desk.fixture.ts';

let desk: NoticeDesk;
beforeAll(async () => {
  desk = await NoticeDesk.open();
});

describe('a proposal', () => {
  const propose = async (query: string): Promise<NoticeProposal> => {
    const answer = await desk.handler.get(
      `/api/v1/notices/proposal?organizationId=${desk.organizationId}&${query}`,
    );
    expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    return NoticeProposal.parse(answer.json());
  };

  it('has words that count the findings and their grades, in the languages of the paper', async () => {
    const { draft, content } = await propose(
      `kind=rectification&language=both&findingIds=${desk.findingIds.join(',')}`,
    );
    expect(draft.body.zh).toContain('存在安全隐患3项（高危3项）');
    expect(draft.body.en).toContain('3 in all (3 high)');
    expect(content.findings).toHaveLength(3);
    expect((await propose('kind=inspection')).draft).toMatchObject({ findingIds: [], title: { en: '' } });
  });

  it('demands nothing of what is merely information, unless a person takes all that is open', async () => {
    const file = houseScan({
      at: '2026-11-20T02:00:00.000Z',
      assets: [[{ kind: 'ip', value: '198.51.100.9' }]],
      present: true,
    }).replaceAll('"severity":"high"', '"severity":"info"');
    const organizationId = await desk.running.organization('Harbour Office');
    const sent = (await desk.running.upload(file, { organizationId, confirm: 'true' })).json();
    expect((await desk.running.settled(sent.id)).state).toBe('done');
    const of = async (which: string): Promise<number> => {
      const url = `/api/v1/notices/proposal?organizationId=${organizationId}&kind=rectification&which=${which}`;
      return NoticeProposal.parse((await desk.running.get(url)).json()).draft.findingIds.length;
    };
    expect(await of('unnoticed')).toBe(0);
    expect(await of('open')).toBe(1);
  });

  it('says what follows when it is not done as the office has set it, in papers that demand something', async () => {
    const url = `/api/v1/notice-office?organizationId=${desk.organizationId}`;
    const { office } = NoticeOffice.parse((await desk.handler.get(url)).json());
    const numbers = Object.entries(office.numbers).map(([kind, pattern]) => [kind, `湖城${pattern}`]);
    const consequences = '逾期未整改的，予以通报。';
    const payload = { ...office, numbers: Object.fromEntries(numbers), consequences };
    expect((await desk.handler.send({ method: 'PUT', url, payload })).statusCode).toBe(200);
    const { draft, content } = await propose('kind=rectification&which=open');
    expect([draft.consequences, content.consequences]).toEqual(Array(2).fill(payload.consequences));
    expect((await propose('kind=closing')).content).not.toHaveProperty('consequences');
  });

  it('leaves out what a notice named already, unless it is asked for', async () => {
    await desk.issued();
    expect((await propose('kind=rectification')).draft.findingIds).toEqual([]);
    expect((await propose('kind=rectification&which=open')).draft.findingIds).toHaveLength(3);
  });

  it('of a reminder lists what is overdue and in no reminder yet, and counts the days', async () => {
    const all = await desk.findingsAt(desk.organizationId, ['203.0.113.1'], '2026-08-01T02:00:00.000Z');
    const old = all.filter((id) => !desk.findingIds.includes(id));
    const notice = await desk.drafted({ findingIds: old });
    await ok(step(desk.handler, notice, 'submit'));
    await ok(step(desk.lead, notice, 'approve'));
    const key = { organizationId: Number(desk.organizationId), noticeId: notice.id };
    await inTransaction(desk.running.parts.widePool, (tx) => issueNotice(tx, key, new Date('2026-08-03')));
    const of = (kind: string) => propose(`kind=${kind}&which=overdue-unnoticed`);
    // Its date comes by a job.
    let draft = (await of('reminder')).draft;
    for (let tries = 0; tries < 800 && draft.findingIds.length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      draft = (await of('reminder')).draft;
    }
    expect(draft.findingIds).toEqual(old);
    expect(draft.body.zh).toMatch(/仍有安全隐患1项（高危1项）逾期未完成整改，最长已逾期\d+日/);
    await desk.issued({ kind: 'reminder', findingIds: old });
    expect((await of('reminder')).draft.findingIds).toEqual([]);
    expect((await of('supervision')).draft.findingIds).toEqual(draft.findingIds);
    // A date that it sets is a new one beside the date that has passed.
    const dueAt = '2026-12-01T16:00:00.000Z';
    const { content } = await desk.issued({ kind: 'supervision', findingIds: old, dueAt });
    const [finding] = content.findings;
    expect(content.dueAt).toBe(dueAt);
    expect(finding?.dueAt?.slice(0, 10)).toMatch(/^2026-08-/);
    expect(finding?.dueBasis).not.toBeNull();
  });

  it.each([
    'inspection',
    'rectification',
    'circular',
    'reminder',
    'supervision',
    'extension-decision',
    'exception-decision',
    'retest-result',
    'closing',
  ])('for the kind %s fills every place', async (kind) => {
    const { draft } = await propose(`kind=${kind}&language=both&which=open`);
    for (const text of [draft.title.zh, draft.title.en, draft.body.zh, draft.body.en]) {
      expect(text).not.toBe('');
      expect(text).not.toMatch(/[{}]/);
    }
  });
});
