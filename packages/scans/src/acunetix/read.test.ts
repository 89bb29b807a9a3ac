import type { ScanFacts } from '@backcheck/core';
import { describe, expect, test } from 'vitest';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const BEFORE = { declaredAt: '2026-11-05T02:00:00.000Z' };
const LATER = { declaredAt: '2026-11-12T02:00:00.000Z' };
type Change = (text: string) => string;
const same: Change = (text) => text;

const read = async (name: string, options = LATER, change = same): Promise<ScanFacts> =>
  gather(change(await fixture(`acunetix/${name}`)), options);
const states = async (before: string, after: string, change = same): Promise<Record<string, string>> =>
  statesOf([await read(before, BEFORE), await read(after, LATER, change)]);

describe('Acunetix XML', () => {
  const XSS = 'acunetix:Cross site scripting 443 /search.php#q';
  const LIBRARY = 'acunetix:Vulnerable JavaScript library 443 /js/jquery.js';

  test('a finding is a check at a page and parameter of the site', async () => {
    const { scan, assets, observations } = await read('before.xml', BEFORE);
    expect(scan).toMatchObject({ format: 'acunetix', tool: { name: 'acunetix' }, timeSource: 'declared' });
    expect(assets).toMatchObject([{ identifiers: [{ kind: 'fqdn', value: 'shop.example.org' }] }]);
    expect(observations).toMatchObject([
      { locus: '/search.php#q', severity: 'high', cwe: ['CWE-79'], method: 'active' },
      {
        locus: '/js/jquery.js',
        cve: ['CVE-2015-9251'],
        cvss: ['AV:N/AC:L/Au:N/C:P/I:P/A:N', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N'],
      },
    ]);
  });

  test('the silence of a scan that came to its end makes a finding likely fixed, not closed', async () => {
    expect(await states('before.xml', 'after.xml')).toEqual({
      [XSS]: 'fixed-unverified CHECK_NOT_RUN',
      [LIBRARY]: 'open',
    });
  });

  test.each<[string, string, Change, string]>([
    ['of another port', 'after-narrow.xml', same, 'open PORT_OUTSIDE'],
    ['that was aborted', 'after-aborted.xml', same, 'open INCOMPLETE'],
    ['that has no end', 'after.xml', (text) => text.replace(/<FinishTime>.*\n/, ''), 'open INCOMPLETE'],
    [
      'of a site that did not answer to its end',
      'after.xml',
      (text) => text.replace('True]', 'False]'),
      'open BLOCKED',
    ],
    [
      'of a site that never answered',
      'after.xml',
      (text) => text.replace('True]', 'False]').replace(/<ReportItems>[\s\S]*<\/ReportItems>/, ''),
      'open NO_HOST',
    ],
    [
      'with an item that cannot be read',
      'after.xml',
      (text) => text.replace('<Name><![CDATA[Vul', '<No><![CDATA[Vul').replace(/(<No>.*)<\/Name>/, '$1</No>'),
      'open INCOMPLETE',
    ],
  ])('a scan %s says nothing', async (_, name, change, state) => {
    expect((await states('before.xml', name, change))[XSS]).toBe(state);
  });

  test('a start without a scheme is completed by the crawler, or is plain http', async () => {
    const bare: Change = (text) => text.replace('[https://shop.example.org/]', '[shop.example.org]');
    expect((await read('before.xml', LATER, bare)).observations[0]?.port).toBe(443);
    const without: Change = (text) => bare(text).replace(/ StartUrl="[^"]*"/, '');
    expect((await read('before.xml', LATER, without)).observations[0]?.port).toBe(80);
  });

  test('a cut or hostile file closes nothing and does not crash', async () => {
    for (const part of tenths(await fixture('acunetix/after.xml'))) {
      const cut = await gather(part, LATER).catch(() => null);
      if (cut === null) continue;
      expect(cut.coverage).toEqual([]);
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
    }
    const nameless = await gather(
      '<ScanGroup><Scan><StartURL></StartURL><ReportItem/></Scan><Scan/></ScanGroup>',
    );
    expect(nameless).toMatchObject({ assets: [], observations: [] });
    expect(nameless.warnings.map(({ code }) => code)).toEqual(['BAD_RECORD', 'BAD_RECORD', 'BAD_RECORD']);
  });
});

describe('Acunetix 360 JSON', () => {
  const XSS = 'acunetix360:Xss 443 /search.php#GET q';
  const COOKIE = 'acunetix360:CookieNotMarkedAsSecure 443 /login.php';

  test('a finding is a check at a page and at the parameter that is weak', async () => {
    const { scan, observations } = await read('before.json', BEFORE);
    expect(scan).toMatchObject({ format: 'acunetix-json', tool: { name: 'acunetix360' } });
    expect(observations).toMatchObject([
      { check: 'acunetix360:Xss', locus: '/search.php#GET q', severity: 'high', cwe: ['CWE-79'] },
      { check: 'acunetix360:CookieNotMarkedAsSecure', locus: '/login.php', cwe: ['CWE-614', 'CWE-311'] },
    ]);
  });

  test('silence is nothing, and what the vendor calls fixed is likely fixed', async () => {
    expect(await states('before.json', 'after.json')).toEqual({
      [XSS]: 'open CHECK_NOT_RUN',
      [COOKIE]: 'fixed-unverified CHECK_NOT_RUN',
    });
  });

  test('the silence of Acunetix is none of Acunetix 360', async () => {
    expect((await states('before.json', 'after.xml'))[XSS]).toBe('open');
  });

  test('a cut file claims nothing for certain, and wrong types anywhere are survived', async () => {
    const before = await read('before.json', BEFORE);
    for (const part of tenths(await fixture('acunetix/after.json'))) {
      const cut = await gather(part, LATER).catch(() => null);
      if (cut === null) continue;
      expect(Object.values(statesOf([before, cut]))).not.toContain('verified-fixed');
    }
    const [record] = JSON.parse(await fixture('acunetix/before.json')).Vulnerabilities;
    for (const odd of [null, 7, 'x', [], {}, [[{}]]]) {
      for (const key of ['', ...Object.keys(record)]) {
        const file = {
          Target: { ScanId: 'x', Url: odd },
          Vulnerabilities: [key === '' ? odd : { ...record, [key]: odd }],
        };
        await expect(gather(JSON.stringify(file))).resolves.toBeDefined();
      }
    }
  });
});

test.each([
  [
    'acunetix',
    (i: number) => `<ReportItem><Name>N${i % 50}</Name><Affects>/p/${i}</Affects></ReportItem>`,
    ['<ScanGroup><Scan><StartURL>http://a.example.org/</StartURL>', '</Scan></ScanGroup>'],
  ],
  [
    'acunetix-json',
    (i: number) => `${i === 0 ? '' : ','}{"Type":"T${i % 50}","Url":"http://a.example.org/p/${i}"}`,
    ['{"Target":{"ScanId":"x"},"Vulnerabilities":[', ']}'],
  ],
] as const)('%s: 100,000 items are read in memory that does not grow with them', async (_, record, frame) => {
  const { present, grownMegabytes } = await readAll(generated(100_000, record, frame));
  expect(present).toBe(100_000);
  expect(grownMegabytes).toBeLessThan(40);
});

const XSS_WORDS = {
  description: 'Input is echoed.\n\nA script can run.',
  harm: 'A session is taken over.',
  advice: 'Encode it.',
};

test('Acunetix explains a check once, verified or not; the details of one page are not taken', async () => {
  const item = (name: string, words: string) =>
    `<ReportItem><Name>${name}</Name><Details>q echoes</Details><Affects>/</Affects>${words}</ReportItem>`;
  const words = `<Impact><![CDATA[A session is <b>taken</b> over.]]></Impact><Description><![CDATA[<p>Input is echoed.</p><p>A script can run.</p>]]></Description><Recommendation>Encode it.</Recommendation>`;
  const scan = `<Scan><StartURL>http://a.example.org/</StartURL>${item('XSS', '')}${item('XSS (verified)', words)}${item('XSS', '<Impact>Other words</Impact>')}</Scan>`;
  expect(await explanationsOf(`<ScanGroup>${scan}${scan}</ScanGroup>`)).toEqual({
    'acunetix:XSS': XSS_WORDS,
  });
});

test('Acunetix 360 explains a check without the proof that it got out of one site', async () => {
  const proof = '<h2>Proof of Exploit</h2><div><h4>Database user</h4><pre>root@localhost</pre></div>';
  const Description = `<p>Input is echoed.</p>\n<p>A script can run.</p>${proof}`;
  const one = { Type: 'Xss', Url: 'http://a.example.org/', ExtraInformation: [{ Name: 'q' }] };
  const said = { ...one, Description, Impact: '<div>A session is taken over.</div>' };
  const Vulnerabilities = [
    { ...one, Description: null },
    { ...said, RemedialProcedure: '<div>Encode it.</div>', RemedialActions: '<ol><li>Test it.</li></ol>' },
    { ...one, Description: 'Other words' },
  ];
  expect(await explanationsOf(JSON.stringify({ Target: { ScanId: 'x' }, Vulnerabilities }))).toEqual({
    'acunetix360:Xss': { ...XSS_WORDS, advice: 'Encode it.\n\n1. Test it.' },
  });
});
