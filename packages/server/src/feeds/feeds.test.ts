import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Feed, FeedList, FeedVersionList, FindingList, KnownVulnerabilityList } from '@backcheck/contract';
import type { FeedName } from '@backcheck/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { fetchFeeds } from './tasks.ts';

let running: RunningApp;
let publisher: Server;
let origin: string;
/** What the publisher answers, by path. */
const published = new Map<
  string,
  { status?: number; headers?: Record<string, string>; body: string | Buffer }
>();

const CVE = 'CVE-2026-1234';
const kev = (version: string, ...cves: readonly string[]) =>
  JSON.stringify({
    catalogVersion: version,
    dateReleased: '2026-11-20T17:04:19.9796Z',
    count: cves.length,
    vulnerabilities: cves.map((cveID) => ({
      cveID,
      dateAdded: '2026-11-01',
      dueDate: '2026-11-22',
      requiredAction: 'Apply mitigations.',
      knownRansomwareCampaignUse: 'Known',
    })),
  });
const epss = (score: string, day = '2026-11-20') =>
  `#model_version:v2025.03.14,score_date:${day}T12:00:27Z\ncve,epss,percentile\n${CVE},${score},0.99\n`;
const nvd = JSON.stringify({
  format: 'NVD_CVE',
  version: '2.0',
  timestamp: '2026-11-20T08:00:00.123',
  vulnerabilities: [
    {
      cve: {
        id: CVE,
        descriptions: [{ lang: 'en', value: 'House Audit accepts weak TLS from anybody' }],
        metrics: {
          cvssMetricV31: [{ cvssData: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } }],
          cvssMetricV2: [{ cvssData: { vectorString: 'AV:N/AC:L/Au:N/C:P/I:P/A:Q' } }],
        },
      },
    },
  ],
});
const cveRecord = JSON.stringify({
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: CVE, state: 'PUBLISHED', dateUpdated: '2026-11-19T10:00:00.000Z' },
  containers: {
    cna: { title: 'House Audit: weak TLS' },
    adp: [
      {
        providerMetadata: { shortName: 'CISA-ADP' },
        metrics: [
          {
            other: {
              type: 'ssvc',
              content: {
                timestamp: '2026-11-18T14:46:28Z',
                options: [
                  { Exploitation: 'active' },
                  { Automatable: 'yes' },
                  { 'Technical Impact': 'total' },
                ],
              },
            },
          },
        ],
      },
    ],
  },
});
const CNVD = `<vulnerabilitys><vulnerability><number>CNVD-2026-12345</number><cves><cve><cveNumber>${CVE}</cveNumber></cve></cves>
<title>House Audit 弱加密漏洞</title><serverity>高</serverity></vulnerability></vulnerabilitys>`;

function upload(feed: FeedName, file: string | Uint8Array, send = running.send.bind(running)) {
  const form = new FormData();
  form.set('file', new Blob([typeof file === 'string' ? file : Buffer.from(file)]), 'feed');
  return send({ method: 'POST', url: `/api/v1/feeds/${feed}/files`, payload: form });
}

async function feedOf(feed: FeedName): Promise<Feed> {
  const { items } = FeedList.parse((await running.get('/api/v1/feeds')).json());
  const found = items.find((one) => one.feed === feed);
  if (found === undefined) throw new Error(`no feed ${feed}`);
  return found;
}

const setAddress = (feed: FeedName, address: string | null) =>
  running.send({ method: 'PUT', url: `/api/v1/feeds/${feed}/address`, payload: { address } });
/** As the job does. */
const fetchNow = (feed: FeedName | null) => fetchFeeds(running.parts, feed);
const versionsOf = async (feed: FeedName) =>
  FeedVersionList.parse((await running.get(`/api/v1/feeds/${feed}/versions`)).json()).items;

async function rows(sql: string): Promise<unknown[]> {
  return (await running.parts.widePool.query(sql)).rows;
}

beforeAll(async () => {
  running = await RunningApp.start();
  publisher = createServer(({ url }, answer) => {
    const { status = 200, headers = {}, body } = published.get(url ?? '') ?? { status: 404, body: '' };
    answer.writeHead(status, headers).end(body);
  });
  await new Promise<void>((listening) => publisher.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`;
});

afterAll(() => {
  publisher.close();
});

describe('a feed', () => {
  test('of which nothing was taken in is stale, and says so', async () => {
    const { items } = FeedList.parse((await running.get('/api/v1/feeds')).json());
    expect(items.map(({ feed }) => feed)).toEqual(['kev', 'epss', 'nvd', 'cve', 'cnvd', 'cnnvd']);
    for (const one of items)
      expect(one).toMatchObject({ version: null, ageDays: null, stale: true, entries: 0 });
  });

  test('is taken in from a file, plain or packed, and says how old it is', async () => {
    const answer = await upload('kev', gzipSync(kev('2026.11.20', CVE, 'CVE-2020-0001')));
    expect([answer.statusCode, Feed.parse(answer.json())]).toMatchObject([
      200,
      {
        version: '2026.11.20',
        publishedAt: '2026-11-20T17:04:19.979Z',
        entries: 2,
        takenInBy: { name: 'Tester' },
      },
    ]);
    const { ageDays, stale, staleAfterDays } = await feedOf('kev');
    const days = Math.floor((Date.now() - Date.parse('2026-11-20T17:04:19.979Z')) / 86_400_000);
    expect([ageDays, stale, staleAfterDays]).toEqual([days, days > 7, 7]);
    expect(await rows('select due_on::text, ransomware from known_exploited order by cve')).toEqual([
      { due_on: '2026-11-22', ransomware: true },
      { due_on: '2026-11-22', ransomware: true },
    ]);
  });

  test('is the list that look-backs go by', async () => {
    const list = (await running.get('/api/v1/known-exploited')).json();
    expect(list).toMatchObject({ version: '2026.11.20', entries: 2 });
  });

  test('forgets what was withdrawn, and keeps the history of its versions', async () => {
    await rows('delete from determination_wanted');
    await upload('kev', kev('2026.11.21', CVE));
    expect(await rows('select cve from known_exploited')).toEqual([{ cve: CVE }]);
    // all deadlines are determined anew
    expect(await rows('select node from determination_wanted')).toEqual([{ node: 0 }]);
    const versions = await versionsOf('kev');
    expect(versions.map(({ version, entries }) => [version, entries])).toEqual([
      ['2026.11.21', 1],
      ['2026.11.20', 2],
    ]);
  });

  test('of the same bytes is no new version', async () => {
    await upload('kev', kev('2026.11.21', CVE));
    expect(await versionsOf('kev')).toHaveLength(2);
  });

  test.each<[string, FeedName, string | Uint8Array, string]>([
    ['that was cut', 'kev', kev('2026.11.22', CVE).slice(0, 150), 'Line 1'],
    ['with a number that is none', 'epss', epss('NaN'), 'Line 3'],
    ['with one bad row at its end', 'epss', `${epss('0.5')}CVE-1,0.1,0.1\n`, 'Line 4'],
    ['that swells without bound', 'epss', gzipSync(Buffer.alloc(70 * 1024 * 1024, 0x0a)), '300 times'],
    ['of another feed', 'cnvd', kev('1', CVE), 'Line 1'],
  ])('%s is refused with its place, and the version before stays', async (_, feed, file, place) => {
    const before = [
      await feedOf(feed),
      await rows('select cve from known_exploited'),
      await rows('select cve from epss'),
    ];
    const answer = (await upload(feed, file)).json();
    expect([answer.code, answer.texts.detail.en]).toEqual([
      'FEED_UNREADABLE',
      expect.stringContaining(place),
    ]);
    expect(answer.texts.detail.zh).toContain('没有导入任何内容');
    expect([
      await feedOf(feed),
      await rows('select cve from known_exploited'),
      await rows('select cve from epss'),
    ]).toEqual(before);
  });

  test('is said to be stale after as many days as somebody chose', async () => {
    const url = '/api/v1/feeds/kev/limit';
    await running.send({ method: 'PUT', url, payload: { staleAfterDays: 3650 } });
    expect(await feedOf('kev')).toMatchObject({ stale: false, staleAfterDays: 3650 });
    await running.send({ method: 'PUT', url, payload: { staleAfterDays: null } });
    expect((await feedOf('kev')).staleAfterDays).toBe(7);
  });

  test('is changed by nobody who sees a part of the tree, and read by who may', async () => {
    const organizationId = Number(await running.organization('A part'));
    const part = await running.visitor('of a part', [{ role: 'platform-administrator', organizationId }]);
    const tries = [
      await upload('kev', kev('3', CVE), part.send),
      await part.send({
        method: 'PUT',
        url: '/api/v1/feeds/kev/address',
        payload: { address: `${origin}/x` },
      }),
      await part.send({ method: 'PUT', url: '/api/v1/feeds/kev/limit', payload: { staleAfterDays: 1 } }),
      await part.send({ method: 'POST', url: '/api/v1/feeds/kev/fetch' }),
    ];
    expect(tries.map((one) => one.json().code)).toEqual(Array(4).fill('INSTALLATION_ONLY'));
    const manager = await running.visitor('a manager', [{ role: 'campaign-manager', organizationId }]);
    expect((await manager.get('/api/v1/feeds')).statusCode).toBe(200);
    expect((await upload('kev', kev('3', CVE), manager.send)).json().code).toBe('FORBIDDEN');
    expect((await feedOf('kev')).version).toBe('2026.11.21');
  });
});

describe('a feed with an address', () => {
  test('is fetched by the job that somebody asked for', async () => {
    published.set('/epss.csv.gz', { body: gzipSync(epss('0.5')) });
    expect((await setAddress('epss', `${origin}/epss.csv.gz`)).statusCode).toBe(200);
    await running.work();
    const asked = await running.send({ method: 'POST', url: '/api/v1/feeds/epss/fetch' });
    expect([asked.statusCode, asked.json().asked]).toEqual([202, true]);
    await expect.poll(async () => (await feedOf('epss')).asked, { timeout: 20_000 }).toBe(false);
    expect(await feedOf('epss')).toMatchObject({
      version: 'v2025.03.14 2026-11-20',
      entries: 1,
      takenInBy: null,
      failure: null,
    });
  });

  test('that fails keeps what it has, and says why until it succeeds', async () => {
    published.set('/epss.csv.gz', { body: epss('0.6', '2026-11-21').slice(0, -5) });
    await fetchNow('epss');
    const failed = await feedOf('epss');
    expect(failed).toMatchObject({ version: 'v2025.03.14 2026-11-20', failure: { code: 'FEED_UNREADABLE' } });
    published.set('/epss.csv.gz', { status: 503, body: '' });
    await fetchNow('epss');
    expect((await feedOf('epss')).failure?.texts.detail.en).toContain('status 503');
    published.set('/epss.csv.gz', { body: epss('0.6', '2026-11-21') });
    await fetchNow(null);
    expect(await feedOf('epss')).toMatchObject({ version: 'v2025.03.14 2026-11-21', failure: null });
    expect(await rows('select score from epss')).toEqual([{ score: 0.6 }]);
  });

  test('inside of the network may be redirected inside, but never to where clouds keep credentials', async () => {
    published.set('/there', { status: 302, headers: { location: '/epss.csv.gz' }, body: '' });
    await setAddress('epss', `${origin}/there`);
    await fetchNow('epss');
    expect((await feedOf('epss')).failure).toBeNull();
    published.set('/there', {
      status: 302,
      headers: { location: 'http://169.254.169.254/latest/meta-data' },
      body: '',
    });
    await fetchNow('epss');
    expect((await feedOf('epss')).failure?.code).toBe('FEED_ADDRESS_REFUSED');
    published.set('/there', { status: 302, headers: { location: '/there' }, body: '' });
    await fetchNow('epss');
    expect((await feedOf('epss')).failure?.code).toBe('FEED_UNREACHABLE');
  });

  test('that nobody answers at is not reachable, and a file beyond the limit is too large', async () => {
    await setAddress('epss', 'http://127.0.0.1:1/epss.csv');
    await fetchNow('epss');
    expect((await feedOf('epss')).failure).toMatchObject({
      code: 'FEED_UNREACHABLE',
      texts: { detail: { zh: expect.stringContaining('连接被拒绝') } },
    });
    published.set('/large', { body: Buffer.alloc(2_000_000) });
    await setAddress('epss', `${origin}/large`);
    await fetchNow('epss');
    expect((await feedOf('epss')).failure?.code).toBe('FILE_TOO_LARGE');
  });

  test.each([
    ['ftp://example.org/kev.json', 'REQUEST_INVALID'],
    ['file:///etc/passwd', 'REQUEST_INVALID'],
    ['https://user:secret@example.org/kev.json', 'FEED_ADDRESS_REFUSED'],
    ['http://169.254.169.254/latest', 'FEED_ADDRESS_REFUSED'],
    ['http://[fd00:ec2::254]/latest', 'FEED_ADDRESS_REFUSED'],
    // whoever is on the way could say that nothing is exploited
    ['http://8.8.8.8/kev.json', 'FEED_ADDRESS_REFUSED'],
  ])('cannot be %s', async (address, code) => {
    expect((await setAddress('kev', address)).json().code).toBe(code);
  });

  test('is needed to be fetched', async () => {
    await setAddress('epss', null);
    const asked = await running.send({ method: 'POST', url: '/api/v1/feeds/epss/fetch' });
    expect(asked.json().code).toBe('FEED_WITHOUT_ADDRESS');
  });
});

describe('what the feeds know of a finding', () => {
  let findingId: string;
  const known = async () =>
    KnownVulnerabilityList.parse((await running.get(`/api/v1/findings/${findingId}/vulnerabilities`)).json())
      .items;

  beforeAll(async () => {
    const organizationId = await running.organization('Lakeside');
    const scan = houseScan({
      at: '2026-11-01T10:00:00.000Z',
      assets: [[{ kind: 'ip', value: '192.0.2.7' }]],
      present: true,
    });
    const file = scan
      .replace('"cve":[]', `"cve":["${CVE}"]`)
      .replace('"cvss":[]', '"cvss":["CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"]');
    const sent = await running.upload(file, { organizationId, vantage: 'lan', confirm: 'true' });
    expect((await running.settled(sent.json().id)).state).toBe('done');
    const { items } = FindingList.parse((await running.get('/api/v1/findings?asset=192.0.2.7')).json());
    findingId = items[0]?.id ?? '';
  });

  test('is said CVE by CVE, with the version of the feed that says so', async () => {
    for (const [feed, file] of [
      ['nvd', nvd],
      ['cve', cveRecord],
      ['cnvd', CNVD],
    ] as const)
      expect((await upload(feed, file)).statusCode).toBe(200);
    const [one, ...others] = await known();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      cve: CVE,
      title: 'House Audit: weak TLS',
      kev: {
        feed: 'kev',
        version: '2026.11.21',
        addedOn: '2026-11-01',
        dueOn: '2026-11-22',
        ransomware: true,
      },
      epss: { score: 0.6, percentile: 0.99, version: 'v2025.03.14 2026-11-21' },
      ssvc: {
        exploitation: 'active',
        automatable: true,
        technicalImpact: 'total',
        version: '2026-11-19T10:00:00.000Z',
      },
      national: [{ id: 'CNVD-2026-12345', severity: '高', feed: 'cnvd' }],
    });
    expect(
      one?.cvss.map(({ feed, overall, severity, flaw }) => [feed, overall, severity, flaw?.position]),
    ).toEqual([
      [null, 9.3, 'critical', undefined],
      ['nvd', 9.8, 'critical', undefined],
      ['nvd', null, null, 25],
    ]);
  });

  test('keeps what one feed said when another one is taken in again', async () => {
    await upload('nvd', nvd.replace('C:H/I:H/A:H', 'C:L/I:L/A:L'));
    const [one] = await known();
    expect(one).toMatchObject({ title: 'House Audit: weak TLS', ssvc: { exploitation: 'active' } });
    expect(one?.cvss.find(({ version }) => version === '3.1')?.overall).toBe(7.3);
  });

  test('is for nobody who does not see the finding', async () => {
    const elsewhere = Number(await running.organization('Elsewhere'));
    const stranger = await running.visitor('a stranger', [
      { role: 'security-lead', organizationId: elsewhere },
    ]);
    expect((await stranger.get(`/api/v1/findings/${findingId}/vulnerabilities`)).statusCode).toBe(404);
  });
});
