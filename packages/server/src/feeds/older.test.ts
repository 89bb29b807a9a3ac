import { FeedList } from '@backcheck/contract';
import type { FeedName } from '@backcheck/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { RunningApp } from '../testing/running-app.ts';

let running: RunningApp;
beforeAll(async () => {
  running = await RunningApp.start();
});

const epss = (score: string, day: string) =>
  `#model_version:v2025.03.14,score_date:${day}T12:00:27Z\ncve,epss,percentile\nCVE-2026-1234,${score},0.99\n`;

function upload(feed: FeedName, file: string, query = '') {
  const form = new FormData();
  form.set('file', new Blob([file]), 'feed');
  return running.send({ method: 'POST', url: `/api/v1/feeds/${feed}/files${query}`, payload: form });
}

const feedOf = async (feed: FeedName) =>
  FeedList.parse((await running.get('/api/v1/feeds')).json()).items.find((one) => one.feed === feed);

const rows = async (sql: string): Promise<unknown[]> => (await running.parts.widePool.query(sql)).rows;

describe('a file that is older', () => {
  test('that is whole does not give way to an older one, unless somebody means it', async () => {
    const older = epss('0.2', '2027-01-01');
    await upload('epss', epss('0.5', '2027-01-02'));
    const refused = await upload('epss', older);
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'FEED_OLDER']);
    for (const text of Object.values(refused.json().texts.detail))
      expect(text).toMatch(/2027-01-01 12:00.*2027-01-02 12:00/);
    expect(await rows('select score from epss')).toEqual([{ score: 0.5 }]);
    expect((await upload('epss', older, '?older=true')).statusCode).toBe(200);
    expect(await rows('select score from epss')).toEqual([{ score: 0.2 }]);
    expect(await feedOf('epss')).toMatchObject({ publishedAt: '2027-01-01T12:00:27.000Z' });
  });

  test('of entries keeps each that is newer than the file that is added', async () => {
    const file = (day: string, ...entries: readonly (readonly [string, string])[]) =>
      JSON.stringify({
        format: 'NVD_CVE',
        version: '2.0',
        timestamp: `${day}T08:00:00.123`,
        vulnerabilities: entries.map(([id, value]) => ({
          cve: { id, descriptions: [{ lang: 'en', value }] },
        })),
      });
    const [one, two] = ['CVE-2026-0001', 'CVE-2026-0002'];
    const titles = () => rows(`select title from vulnerability where cve like 'CVE-2026-000%' order by cve`);
    await upload('nvd', file('2027-02-10', [one, 'First words']));
    await upload('nvd', file('2027-02-18', [one, 'First words']));
    await upload('nvd', file('2027-02-14', [one, 'Words that were taken back'], [two, 'Not known before']));
    expect(await titles()).toEqual([{ title: 'First words' }, { title: 'Not known before' }]);
    expect(await feedOf('nvd')).toMatchObject({ publishedAt: '2027-02-18T08:00:00.123Z' });
    await upload('nvd', file('2027-02-15', [one, 'Meant so']), '?older=true');
    expect((await titles())[0]).toEqual({ title: 'Meant so' });
  });
});
