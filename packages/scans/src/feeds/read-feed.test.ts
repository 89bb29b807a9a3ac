import { createReadStream, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FeedName } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../testing/scan-of.ts';
import type { FeedEntries, FeedHead } from './feed-entry.ts';
import { FeedFlaw } from './feed-flaw.ts';
import { readFeed } from './read-feed.ts';

async function* pieces(content: string | Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function allOf<Name extends FeedName>(
  feed: Name,
  bytes: AsyncIterable<Uint8Array> | string | Uint8Array,
): Promise<{ entries: FeedEntries[Name][]; head: FeedHead }> {
  const source = typeof bytes === 'string' || bytes instanceof Uint8Array ? pieces(bytes) : bytes;
  const walk = readFeed(feed, source);
  const entries: FeedEntries[Name][] = [];
  for (;;) {
    const step = await walk.next();
    if (step.done === true) return { entries, head: step.value };
    entries.push(...step.value);
  }
}

/** What is wrong, and in which line. */
async function flawOf(feed: FeedName, bytes: string | Uint8Array): Promise<[number | undefined, string]> {
  try {
    await allOf(feed, bytes);
  } catch (error) {
    if (!(error instanceof FeedFlaw)) throw error;
    expect(error.text.zh).toMatch(/\p{Script=Han}/u);
    return [error.line, error.text.en];
  }
  return [0, 'nothing'];
}

const KEV = {
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: '2026.11.20',
  dateReleased: '2026-11-20T17:04:19.9796Z',
  count: 2,
  vulnerabilities: [
    {
      cveID: 'CVE-2026-1234',
      vulnerabilityName: 'House Audit Weak TLS',
      dateAdded: '2026-11-01',
      requiredAction: 'Apply mitigations.',
      dueDate: '2026-11-22',
      knownRansomwareCampaignUse: 'Known',
    },
    { cveID: 'CVE-2020-0001', dateAdded: '2022-01-01', knownRansomwareCampaignUse: 'Unknown' },
  ],
};
const kev = (changes: object = {}) => JSON.stringify({ ...KEV, ...changes }, null, 1);

const EPSS =
  '#model_version:v2025.03.14,score_date:2026-11-20T12:00:27Z\ncve,epss,percentile\nCVE-2026-1234,0.91234,0.99\n';

const nvdRecord = (id: string) => ({
  cve: {
    id,
    vulnStatus: 'Analyzed',
    descriptions: [
      { lang: 'es', value: 'Una debilidad' },
      { lang: 'en', value: 'A weakness in\nHouse Audit' },
    ],
    metrics: {
      cvssMetricV31: [
        { type: 'Secondary', cvssData: { vectorString: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } },
        { type: 'Primary', cvssData: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' } },
      ],
      cvssMetricV2: [{ type: 'Primary', cvssData: { vectorString: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' } }],
    },
    weaknesses: [
      { description: [{ lang: 'en', value: 'CWE-326' }] },
      { description: [{ value: 'NVD-CWE-Other' }] },
    ],
  },
});
const nvd = (...vulnerabilities: readonly object[]) =>
  JSON.stringify({
    totalResults: vulnerabilities.length,
    format: 'NVD_CVE',
    version: '2.0',
    timestamp: '2026-11-20T08:00:00.123',
    vulnerabilities,
  });

const cveRecord = (cveId: string) => ({
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId, state: 'PUBLISHED', dateUpdated: '2026-11-19T10:00:00.000Z' },
  containers: {
    cna: {
      title: 'House Audit accepts weak TLS',
      metrics: [
        { cvssV4_0: { vectorString: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N' } },
      ],
      problemTypes: [{ descriptions: [{ cweId: 'CWE-326' }] }],
    },
    adp: [
      {
        providerMetadata: { shortName: 'CVE' },
        metrics: [{ other: { type: 'ssvc', content: { options: [{ Exploitation: 'none' }] } } }],
      },
      {
        providerMetadata: { shortName: 'CISA-ADP' },
        metrics: [
          {
            other: {
              type: 'ssvc',
              content: {
                timestamp: '2026-11-18T14:46:28.191829Z',
                options: [{ Exploitation: 'poc' }, { Automatable: 'yes' }, { 'Technical Impact': 'total' }],
              },
            },
          },
        ],
      },
    ],
  },
});

const CNVD = `<?xml version="1.0" encoding="UTF-8"?>
<vulnerabilitys>
  <vulnerability>
    <number>CNVD-2026-12345</number>
    <cves><cve><cveNumber>CVE-2026-1234</cveNumber></cve><cve><cveNumber>CVE-2026-1235</cveNumber></cve></cves>
    <title>House Audit 弱加密漏洞</title>
    <serverity>高</serverity>
    <products><product>House Audit 1.0</product></products>
    <submitTime>2026-11-02</submitTime>
    <openTime>2026-11-09</openTime>
  </vulnerability>
</vulnerabilitys>
`;

const CNNVD = `<?xml version="1.0" encoding="UTF-8"?>
<cnnvd cnnvd_xml_version="2.0" pub_date="2026-11-16">
  <entry>
    <name>House Audit 加密问题漏洞</name>
    <vuln-id>CNNVD-202611-1234</vuln-id>
    <published>2026-11-09</published>
    <severity>超危</severity>
    <other-id><cve-id>CVE-2026-1234</cve-id><bugtraq-id></bugtraq-id></other-id>
  </entry>
</cnnvd>
`;

const CNNVD_NEW = `<cnnvd publisher="CNNVD" date="2026-11-16">
  <cnnvd_items>
    <name>House Audit 加密问题漏洞</name>
    <cnnvd_id>CNNVD-202611-1234</cnnvd_id>
    <severity><overallseverity>高危</overallseverity><technicalseverity>超危</technicalseverity></severity>
    <cve_id>CVE-2026-1234</cve_id>
  </cnnvd_items>
</cnnvd>
`;

describe('a feed is read as it is published', () => {
  test('KEV', async () => {
    const { entries, head } = await allOf('kev', kev());
    expect(head).toEqual({ version: '2026.11.20', publishedAt: '2026-11-20T17:04:19.979Z' });
    expect(entries).toEqual([
      {
        cve: 'CVE-2026-1234',
        addedOn: '2026-11-01',
        dueOn: '2026-11-22',
        name: 'House Audit Weak TLS',
        requiredAction: 'Apply mitigations.',
        ransomware: true,
      },
      {
        cve: 'CVE-2020-0001',
        addedOn: '2022-01-01',
        dueOn: null,
        name: null,
        requiredAction: null,
        ransomware: false,
      },
    ]);
  });

  test('EPSS, packed or not, with or without its comment', async () => {
    const expected = [{ cve: 'CVE-2026-1234', score: 0.91234, percentile: 0.99 }];
    const { entries, head } = await allOf('epss', gzipSync(EPSS));
    expect([entries, head]).toEqual([
      expected,
      { version: 'v2025.03.14 2026-11-20', publishedAt: '2026-11-20T12:00:27.000Z' },
    ]);
    const bare = await allOf('epss', EPSS.slice(EPSS.indexOf('\n') + 1));
    expect(bare).toEqual({ entries: expected, head: { version: null, publishedAt: null } });
  });

  test('NVD JSON 2.0: the primary vector of the newest version first', async () => {
    const { entries, head } = await allOf('nvd', nvd(nvdRecord('CVE-2026-1234')));
    expect(head.publishedAt).toBe('2026-11-20T08:00:00.123Z');
    expect(entries).toEqual([
      {
        cve: 'CVE-2026-1234',
        title: 'A weakness in House Audit',
        rejected: false,
        cvss: [
          'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
          'AV:N/AC:L/Au:N/C:P/I:P/A:P',
        ],
        cwe: ['CWE-326'],
        ssvc: null,
      },
    ]);
  });

  const [a, b] = [cveRecord('CVE-2026-1234'), cveRecord('CVE-2026-1235')];
  test.each([
    ['one record', JSON.stringify(a, null, 2), 1],
    ['one record in one line', JSON.stringify(a), 1],
    ['an array', JSON.stringify([a, b]), 2],
    ['one to a line', `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`, 2],
  ])("CVE JSON 5, %s, with CISA's assessment and nobody else's", async (_, text, count) => {
    const { entries, head } = await allOf('cve', text);
    expect(entries).toHaveLength(count);
    expect(head.publishedAt).toBe('2026-11-19T10:00:00.000Z');
    expect(entries[0]).toMatchObject({
      cve: 'CVE-2026-1234',
      title: 'House Audit accepts weak TLS',
      cwe: ['CWE-326'],
      ssvc: {
        exploitation: 'poc',
        automatable: true,
        technicalImpact: 'total',
        assessedAt: '2026-11-18T14:46:28.191Z',
      },
    });
  });

  test('CNVD', async () => {
    expect((await allOf('cnvd', CNVD)).entries).toEqual([
      {
        id: 'CNVD-2026-12345',
        cve: ['CVE-2026-1234', 'CVE-2026-1235'],
        title: 'House Audit 弱加密漏洞',
        severity: '高',
        publishedOn: '2026-11-09',
      },
    ]);
  });

  test('CNNVD in its old form and in its new one, where the overall grade is preferred', async () => {
    const old = await allOf('cnnvd', CNNVD);
    expect(old.head.version).toBe('2026-11-16');
    expect(old.entries[0]).toMatchObject({
      id: 'CNNVD-202611-1234',
      cve: ['CVE-2026-1234'],
      severity: '超危',
    });
    const { entries } = await allOf('cnnvd', CNNVD_NEW);
    expect(entries[0]).toMatchObject({ id: 'CNNVD-202611-1234', cve: ['CVE-2026-1234'], severity: '高危' });
  });

  test('CNVD in GB18030, as its declaration says', async () => {
    const text = CNVD.replace('UTF-8', 'GB18030').replace('弱加密漏洞', 'weak');
    expect((await allOf('cnvd', text.replace('高', 'high'))).entries[0]?.severity).toBe('high');
  });
});

const published = sharedFolder('standards');
describe.skipIf(published === undefined)('published files', () => {
  test("CISA's catalogue of August 2025 has 1404 entries", async () => {
    const file = createReadStream(`${published}/kev/known_exploited_vulnerabilities.json`);
    const { entries, head } = await allOf('kev', file);
    expect([entries.length, head.version]).toEqual([1404, '2025.08.25']);
  });

  test.each(['synthetic.csv', 'synthetic.csv.gz', 'no-header-comment.csv'])('EPSS %s', async (name) => {
    const lines = readFileSync(`${published}/epss/no-header-comment.csv`, 'utf8').trim().split('\n').length;
    const { entries } = await allOf('epss', createReadStream(`${published}/epss/${name}`));
    expect(entries).toHaveLength(lines - 1);
  });
});

describe('a file that is not in order is refused whole, with its place', () => {
  const twice = { ...KEV, vulnerabilities: [KEV.vulnerabilities[0], KEV.vulnerabilities[0]] };
  const broken = (entry: object) =>
    kev({ count: 1, vulnerabilities: [{ ...KEV.vulnerabilities[0], ...entry }] });
  test.each<[string, FeedName, string | Uint8Array, number | undefined, RegExp]>([
    ['KEV cut in the middle', 'kev', kev().slice(0, 300), 11, /the JSON is cut/],
    [
      'KEV with fewer entries than it says',
      'kev',
      kev({ count: 1404 }),
      undefined,
      /count says 1404, but there are 2/,
    ],
    ['KEV with an entry twice', 'kev', JSON.stringify(twice), 1, /CVE-2026-1234 is there twice/],
    ['KEV with a CVE that is none', 'kev', broken({ cveID: 'CVE-26-1' }), 7, /not a CVE id/],
    [
      'KEV with a day that does not exist',
      'kev',
      broken({ dateAdded: '2026-02-30' }),
      7,
      /dateAdded is not a date/,
    ],
    ['KEV with NaN', 'kev', kev().replace('"2026-11-01"', 'NaN'), 7, /not valid JSON/],
    ['KEV without an entry', 'kev', kev({ count: 0, vulnerabilities: [] }), undefined, /no entry/],
    ['something else for KEV', 'kev', '{"vulnerabilities": []}', undefined, /catalogVersion/],
    ['EPSS with NaN', 'epss', EPSS.replace('0.91234', 'NaN'), 3, /epss is no number from 0 to 1: "NaN"/],
    ['EPSS above 1', 'epss', EPSS.replace('0.91234', '1.1'), 3, /epss is no number/],
    ['EPSS cut in a row', 'epss', EPSS.slice(0, -8), 3, /the last row has no line break|not a number/],
    ['EPSS with an entry twice', 'epss', `${EPSS}CVE-2026-1234,0.1,0.2\n`, 4, /there twice/],
    ['EPSS without its columns', 'epss', 'a,b\n1,2\n', 1, /no column cve or epss/],
    [
      'EPSS in a gzip that is cut',
      'epss',
      gzipSync(EPSS.repeat(50)).subarray(0, 60),
      1,
      /packed file is cut/,
    ],
    [
      'EPSS in a wrong encoding',
      'epss',
      Buffer.concat([Buffer.from(EPSS), Buffer.from([0xff, 0xfe, 0x0a])]),
      4,
      /not a CVE id/,
    ],
    ['nothing', 'epss', '', undefined, /no EPSS scores/],
    ['NVD of another format', 'nvd', '{"CVE_data_type":"CVE","CVE_Items":[]}', undefined, /NVD_CVE/],
    ['NVD cut', 'nvd', nvd(nvdRecord('CVE-2026-1234')).slice(0, 300), 1, /cut/],
    ['a CVE record of version 4', 'cve', '{"data_type":"CVE"}', 1, /CVE JSON 5/],
    [
      'CVE records of which one is no JSON',
      'cve',
      `${JSON.stringify(cveRecord('CVE-2026-1234'))}\n{"a":\n`,
      2,
      /not valid JSON/,
    ],
    ['CNVD cut', 'cnvd', CNVD.slice(0, 300), 8, /cut or not well-formed/],
    [
      'CNVD with an entity',
      'cnvd',
      CNVD.replace('<vulnerabilitys>', '<!DOCTYPE x [<!ENTITY a "b">]><vulnerabilitys>').replace(
        'House',
        '&a;',
      ),
      6,
      /entity/,
    ],
    ['CNNVD with a bare ampersand', 'cnnvd', CNNVD.replace('House', 'A & B'), 11, /not well-formed/],
    ['CNNVD given for CNVD', 'cnvd', CNNVD, undefined, /no entries of CNVD/],
    [
      'an id of CNNVD that is none',
      'cnnvd',
      CNNVD.replace('CNNVD-202611-1234', 'X-1'),
      9,
      /not an id of CNNVD/,
    ],
    ['XML given for KEV', 'kev', CNVD, 1, /neither a JSON object/],
  ])('%s', async (...[, feed, content, line, message]) => {
    const [at, said] = await flawOf(feed, content);
    expect([at, said]).toEqual([line, expect.stringMatching(message)]);
  });

  test('a gzip that swells without bound', async () => {
    const [, said] = await flawOf('epss', gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x0a)));
    expect(said).toMatch(/300 times/);
  });
});

test('entries are handed out while the file is still arriving', async () => {
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"format":"NVD_CVE","version":"2.0","vulnerabilities":[');
    for (; sent < 100_000; sent++)
      yield Buffer.from(`${JSON.stringify(nvdRecord(`CVE-2026-${10_000 + sent}`))},`);
  }
  const walk = readFeed('nvd', endless());
  const { value } = await walk.next();
  expect(Array.isArray(value) && value.length).toBeGreaterThan(0);
  expect(sent).toBeLessThan(1000);
  await walk.return({ version: null, publishedAt: null });
});
