import { expect, test } from 'vitest';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const BEFORE = { declaredAt: '2026-11-05T02:00:00.000Z' };
const LATER = { declaredAt: '2026-11-12T02:00:00.000Z' };
const XSS = 'burp:2097920 443 /search#q parameter';

test('an issue is a finding at its page and insertion point, on the name that was asked', async () => {
  const { scan, assets, observations, coverage } = await gather(await fixture('burp/before.xml'));
  expect(scan).toMatchObject({
    format: 'burp',
    tool: { name: 'burp', version: '2026.9.2' },
    startedAt: null,
  });
  expect(assets).toMatchObject([
    {
      identifiers: [
        { kind: 'fqdn', value: 'shop.example.org' },
        { kind: 'ip', value: '192.0.2.30' },
      ],
    },
  ]);
  expect(observations).toMatchObject([
    { check: 'burp:2097920', locus: '/search#q parameter', severity: 'high', cwe: ['CWE-79'], port: 443 },
    { check: 'burp:134217728/Outdated library', severity: 'info', cve: ['CVE-2020-11022'] },
    { check: 'burp:134217728/Header is missing', locus: '/', severity: 'low' },
  ]);
  expect(coverage).toEqual([]);
});

test('an export without the issue, or without any, closes nothing', async () => {
  const before = await gather(await fixture('burp/before.xml'), BEFORE);
  const none = statesOf([before, await gather(await fixture('burp/after.xml'), LATER)]);
  expect(new Set(Object.values(none))).toEqual(new Set(['open NO_HOST']));
  const some = statesOf([before, await gather(await fixture('burp/after-narrow.xml'), LATER)]);
  expect(some).toEqual({
    [XSS]: 'open',
    'burp:134217728/Outdated library 443 /js/jquery.js': 'open PORT_OUTSIDE',
    'burp:134217728/Header is missing 443 /': 'open PORT_OUTSIDE',
  });
});

test('a file that was cut keeps what stands before the cut', async () => {
  const cuts = tenths(await fixture('burp/before.xml'));
  const counts: number[] = [];
  for (const part of cuts) {
    const cut = await gather(part).catch(() => null);
    if (cut === null) continue;
    expect(cut.scan).toMatchObject({ truncated: true, complete: false });
    counts.push(cut.observations.length);
  }
  expect(Math.max(...counts)).toBe(2);
});

test.each([
  ['without a type', '<name>x</name><host>http://a.example.org</host>'],
  ['without a name', '<type>1</type><host>http://a.example.org</host>'],
  ['with an address that is none', '<type>1</type><name>x</name><host>javascript:alert(1)</host>'],
  ['with a type that is no number', '<type>NaN</type><name>x</name><host>http://a.example.org</host>'],
])('an issue %s is left out with a warning', async (_, inner) => {
  const sound = '<issue><type>1</type><name>x</name><host ip="no">http://a.example.org</host></issue>';
  const facts = await gather(`<issues burpVersion="1"><issue>${inner}</issue>${sound}</issues>`);
  expect(facts.warnings).toMatchObject([{ code: 'BAD_RECORD' }]);
  expect(facts.observations).toMatchObject([{ check: 'burp:1', locus: '/' }]);
});

test('entities of a document type are not expanded', async () => {
  const bomb =
    '<!DOCTYPE issues [<!ENTITY a "aa">]><issues burpVersion="1"><issue><type>&a;</type></issue></issues>';
  expect((await gather(bomb)).scan.truncated).toBe(true);
});

test('100,000 issues are read in memory that does not grow with them', async () => {
  const issue = (i: number): string =>
    `<issue><type>${i % 90}</type><name>n</name><host>http://a${i}.example.org</host><path>/p</path></issue>`;
  const file = generated(100_000, issue, ['<issues burpVersion="1">', '</issues>']);
  const { present, grownMegabytes } = await readAll(file);
  expect(present).toBe(100_000);
  expect(grownMegabytes).toBeLessThan(40);
});

test('the background of an issue is told once for its type, and for each name of an extension; its detail never', async () => {
  const issue = (type: string, name: string, background: string) =>
    `<issue><type>${type}</type><name>${name}</name><host>https://shop.example.org</host><path>/</path>${background}<issueDetail>q echoes</issueDetail><remediationDetail>Mend q</remediationDetail></issue>`;
  const words = `<issueBackground><![CDATA[<p>Input is <b>echoed</b>.</p><p>A script can run.</p>]]></issueBackground><remediationBackground><![CDATA[<ul><li>Encode &lt; and &gt;.</li></ul>]]></remediationBackground>`;
  const other = '<issueBackground>Other words</issueBackground>';
  const file = `<issues burpVersion="2026.9">${issue('2097920', 'XSS', '')}${issue('2097920', 'XSS', words)}${issue('2097920', 'XSS', other)}${issue('134217728', 'One', other)}${issue('134217728', 'Two', words)}</issues>`;
  const description = 'Input is echoed.\n\nA script can run.';
  expect(await explanationsOf(file)).toEqual({
    'burp:2097920': { description, advice: '* Encode < and >.' },
    'burp:134217728/One': { description: 'Other words' },
    'burp:134217728/Two': { description, advice: '* Encode < and >.' },
  });
});
