import type { ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { type ReadOptions, UnreadableScan } from '../reader.ts';
import { oddDocuments, refused } from '../testing/cuts.ts';
import { gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const BEFORE = { declaredAt: '2026-10-05T08:00:00.000Z' };
const LATER = { declaredAt: '2026-11-09T08:00:00.000Z' };
type Change = (text: string) => string;
const same: Change = (text) => text;

const FRAME = 'nikto:999957 443 /#GET X-Frame-Options';

const read = async (name: string, options: ReadOptions = LATER, change = same): Promise<ScanFacts> =>
  gather(change(await fixture(`nikto/${name}`)), options);
const states = async (before: string, after: string, change = same): Promise<Record<string, string>> =>
  statesOf([await read(before, BEFORE), await read(after, LATER, change)]);

test('an item is a finding at its path; header values, random paths and made-up methods are no part of it', async () => {
  const { scan, assets, observations } = await read('before.xml', {});
  expect(scan).toMatchObject({ format: 'nikto', tool: { name: 'nikto', version: '2.5.0' }, startedAt: null });
  expect(assets[0]?.identifiers).toEqual([
    { kind: 'fqdn', value: 'www.example.org' },
    { kind: 'ip', value: '198.51.100.7' },
  ]);
  expect(observations.map(({ check, locus }) => `${check} ${locus}`)).toEqual([
    'nikto:999957 /#GET X-Frame-Options',
    'nikto:999100 /#GET x-served-by',
    'nikto:999100 /#GET x-trace-id',
    'nikto:999100 /(random)#GET x-redirect-by',
    'nikto:001675 /backup/#GET',
    'nikto:999967 /',
    'nikto:006525 /cgi-bin/test.sh#GET',
  ]);
  expect(observations.at(-1)).toMatchObject({
    title: 'Site appears vulnerable to the shellshock vulnerability.',
    cve: ['CVE-2014-6271'],
    severity: 'info',
    port: 443,
  });
});

test('XML and JSON name findings alike; JSON has times with their zone', async () => {
  const [xml, json] = [await read('before.xml'), await read('before.json', {})];
  expect(json.observations).toEqual(xml.observations);
  expect(json.scan).toMatchObject({
    format: 'nikto-json',
    startedAt: '2026-10-05T08:00:10.000Z',
    finishedAt: '2026-10-05T08:14:51.000Z',
  });
});

test('the JSON of Nikto 2.1, one object without times, is read, and ids that are numbers', async () => {
  const old =
    '{"host":"www.example.org","ip":"198.51.100.7","port":"443","banner":"nginx","vulnerabilities":[';
  const { observations, scan } = await gather(
    `${old}{"id":1675,"OSVDB":"0","method":"GET","url":"/b/","msg":"x"}]}`,
  );
  expect(observations).toMatchObject([{ check: 'nikto:001675', locus: '/b/#GET', port: 443 }]);
  expect(scan.startedAt).toBeNull();
});

test('the writer that left a comma behind the last item loses no item', async () => {
  const old =
    '{"host":"h","ip":"192.0.2.1","port":"80","banner":"","vulnerabilities":[{"id":999957,"url":"/","msg":"x"},],}';
  const { observations, scan } = await gather(old);
  expect(observations).toHaveLength(1);
  expect(scan.truncated).toBe(true);
});

test('CSV gives no numbers, so a finding is called by its message; quotes and commas within are part of it', async () => {
  const { scan, assets, observations } = await read('before.csv', {});
  expect(scan).toMatchObject({ format: 'nikto-csv', tool: { version: '2.5.0' }, complete: false });
  expect(assets).toHaveLength(1);
  expect(observations).toHaveLength(8);
  expect(observations[1]).toMatchObject({
    check: 'nikto-message:uncommon-header-found-with-contents',
    locus: '/#GET x-served-by',
  });
  expect(observations.at(-1)?.title).toBe(
    'The Content-Encoding header is set to "deflate", which may mean that the server is vulnerable to the BREACH attack.',
  );
  const path =
    '"Nikto - v2.5.0/2.5.0"\n"h","192.0.2.1","80","","GET","/","in C:\\temp\\"\n"h","192.0.2.1","80","","GET","/b","\\"b\\""\n';
  expect((await gather(path, {}, 7)).observations.map((one) => one.title)).toEqual(['in C:\\temp\\', '"b"']);
});

test('a whole run makes what it no longer reports likely fixed, never closed', async () => {
  const got = await states('before.xml', 'after.xml');
  expect(got).toMatchObject({
    [FRAME]: 'fixed-unverified CHECK_NOT_RUN',
    'nikto:999100 443 /#GET x-served-by': 'open',
  });
  expect(Object.values(got)).not.toContain('verified-fixed');
});

const replaced =
  (from: string | RegExp, to: string): Change =>
  (text) =>
    text.replace(from, to);

test.each<[string, string, Change]>([
  ['of another port', 'PORT_OUTSIDE', replaced('targetport="443"', 'targetport="8443"')],
  ['without its statistics', 'INCOMPLETE', replaced(/<statistics.*\/>/, '')],
  ['with errors', 'INCOMPLETE', replaced('errors="0"', 'errors="19"')],
  ['that tested nothing', 'INCOMPLETE', replaced('itemstested="6955"', 'itemstested="0"')],
  ['with fewer items than it counts', 'FILTERED_REPORT', replaced('itemsfound="1"', 'itemsfound="2"')],
  ['below a folder', 'CHECK_NOT_RUN', replaced(':443/" siteip', ':443/app/" siteip')],
  ['with a time limit', 'CHECK_NOT_RUN', replaced('-Format', '-maxtime 60s -Format')],
])('a run %s changes nothing: %s', async (_, reason, change) => {
  expect((await states('before.xml', 'after.xml', change))[FRAME]).toBe(`open ${reason}`);
});

test('a run of one group of tests changes nothing', async () => {
  expect((await states('before.xml', 'after-tuning.xml'))[FRAME]).toBe('open CHECK_NOT_RUN');
  expect((await states('before.xml', 'after-other-port.xml'))[FRAME]).toBe('open PORT_OUTSIDE');
});

test('the silence of JSON, of CSV and of an empty report counts for nothing', async () => {
  expect((await states('before.xml', 'after.json'))[FRAME]).toBe('open CHECK_NOT_RUN');
  expect((await states('before.xml', 'after.csv'))[FRAME]).toBe('open INCOMPLETE');
  const empty = await gather('<?xml version="1.0" ?>\n<niktoscan>\n\n</niktoscan>\n', LATER);
  expect(statesOf([await read('before.xml', BEFORE), empty])[FRAME]).toBe('open NO_HOST');
});

test('what the CSV calls by its message is not taken for fixed because the XML calls it by a number', async () => {
  const got = Object.values(await states('before.csv', 'after.xml'));
  expect(got).toContain('open CHECK_NOT_RUN');
  expect(got.filter((state) => state.startsWith('fixed'))).toEqual([]);
});

test.each(['xml', 'json', 'csv'])('a cut %s file closes nothing', async (kind) => {
  const before = await read(`before.${kind}`, BEFORE);
  let kept = 0;
  for (const part of [
    ...tenths(await fixture(`nikto/before.${kind}`)),
    ...tenths(await fixture(`nikto/after.${kind}`)),
  ]) {
    const cut = await gather(part, LATER).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UnreadableScan);
      return null;
    });
    if (cut === null) continue;
    expect(cut.scan.complete).toBe(false);
    kept = Math.max(kept, cut.observations.length);
    expect(Object.values(statesOf([before, cut])).filter((state) => !state.startsWith('open'))).toEqual([]);
  }
  expect(kept).toBeGreaterThan(3);
});

test('wrong types, missing parts and items without a number are survived, and silence is then not heard', async () => {
  for (const odd of [null, 1, 'x', [], {}, [null, 1, { id: [], url: {} }]]) {
    const target = { host: odd, ip: '192.0.2.1', port: odd, banner: odd, vulnerabilities: odd };
    for (const json of [target, [target, target]]) {
      expect((await gather(JSON.stringify(json))).observations).toEqual([]);
    }
  }
  for (const odd of oddDocuments(JSON.parse(await fixture('nikto/before.json'))))
    await gather(odd, { format: 'nikto-json' }).catch(refused);
  const xml = await read('after.xml', LATER, replaced('id="999100"', 'id="?"'));
  expect(xml.scan.complete).toBe(false);
  expect(xml.warnings).toMatchObject([{ code: 'BAD_RECORD', line: 15 }]);
  const nowhere = await read('after.xml', LATER, replaced('targetport="443"', 'targetport="0"'));
  expect(nowhere).toMatchObject({ scan: { complete: false }, assets: [], observations: [] });
  const csv = await gather('"Nikto - v2.1.6/2.1.5"\n"\0","x y"\n"h","192.0.2.1","99999","","GET","/","m"\n');
  expect(csv.warnings.map((one) => one.code)).toEqual(['BAD_RECORD']);
});

const TARGET = 'targethostname="h" targetip="192.0.2.1" targetport="80"';
const HUGE: Record<string, readonly [(index: number) => string, readonly [string, string]]> = {
  xml: [
    (i) => `<item id="${i}" method="GET"><description>m</description><uri>/${i}</uri></item>`,
    [`<niktoscan><scandetails ${TARGET}>`, '</scandetails></niktoscan>'],
  ],
  json: [
    (i) => `${i === 0 ? '' : ','}{"id":"${i}","url":"/${i}","msg":"m"}`,
    ['{"host":"h","ip":"192.0.2.1","port":"80","banner":"","vulnerabilities":[', ']}'],
  ],
  csv: [(i) => `"h","192.0.2.1","80","","GET","/${i}","message"\n`, ['"Nikto - v2.1.6/2.1.5"\n', '']],
};

test.each(Object.keys(HUGE))('a hundred thousand items are read in little memory (%s)', async (kind) => {
  const [record, frame] = HUGE[kind] ?? [];
  const { present, grownMegabytes } = await readAll(generated(100_000, record ?? String, frame ?? ['', '']));
  expect(present).toBe(100_000);
  expect(grownMegabytes).toBeLessThan(40);
});
