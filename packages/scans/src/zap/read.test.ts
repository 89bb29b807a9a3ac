import type { ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { type ReadOptions, UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const BEFORE = { declaredAt: '2026-10-05T06:00:00.000Z' };
const LATER = { declaredAt: '2026-11-09T06:00:00.000Z' };
type Change = (text: string) => string;
const same: Change = (text) => text;

const XSS = 'zap:40012 443 /search#GET q';
const CSP = 'zap:10055-6 443 /#GET Content-Security-Policy';
const BANNER = 'zap:10036-2 8080 /admin;v=1#GET';

const read = async (name: string, options: ReadOptions = LATER, change = same): Promise<ScanFacts> =>
  gather(change(await fixture(`zap/${name}`)), options);
const states = async (name: string, change = same): Promise<Record<string, string>> =>
  statesOf([await read('before.xml', BEFORE), await read(name, LATER, change)]);

test('an alert is a finding at each page and parameter, whatever was sent in the query', async () => {
  const { scan, assets, observations } = await read('before.xml', {});
  expect(scan).toMatchObject({ format: 'zap', tool: { name: 'zap', version: '2.17.0' }, startedAt: null });
  expect(assets.map(({ identifiers, reached }) => [identifiers[0]?.value, reached])).toEqual([
    ['shop.example.org', true],
    ['192.0.2.9', true],
  ]);
  const key = ({ asset, port, check, locus }: (typeof observations)[number]) =>
    `${asset} ${port} ${check} ${locus}`;
  expect(observations.map(key)).toEqual([
    'a1 443 zap:40012 /search#GET q',
    'a1 443 zap:10055-6 /#GET Content-Security-Policy',
    'a1 443 zap:10003 /static/jquery.js#GET',
    'a1 443 zap:10049-1 /#GET',
    'a1 443 zap:10049-1 /cart#POST',
    'a2 8080 zap:10036-2 /admin;v=1#GET',
  ]);
  expect(observations[0]).toMatchObject({
    title: 'Cross Site Scripting (Reflected)',
    severity: 'high',
    cwe: ['CWE-79'],
    method: 'active',
    at: '2026-10-05T08:20:11.123Z',
  });
  expect(observations[2]?.cve).toEqual(['CVE-2020-11022', 'CVE-2020-11023']);
});

test('XML and JSON of one scan say the same', async () => {
  const [xml, json] = [await read('before.xml'), await read('before.json')];
  expect(json.scan.format).toBe('zap-json');
  expect(json.observations).toEqual(xml.observations);
  expect(json.assets).toEqual(xml.assets);
});

test('the report of one site, which had no list of sites before ZAP 2.8, is read', async () => {
  const text = await fixture('zap/before.json');
  const { site, ...rest } = JSON.parse(text);
  const { observations } = await gather(JSON.stringify({ ...rest, site: site[0] }));
  expect(observations).toEqual((await gather(text)).observations.filter((one) => one.asset === 'a1'));
});

test.each(['after.xml', 'after.json'])(
  'the silence of %s makes findings likely fixed, never closed',
  async (name) => {
    const got = await states(name);
    expect(got).toMatchObject({
      [XSS]: 'fixed-unverified CHECK_NOT_RUN',
      [BANNER]: 'fixed-unverified CHECK_NOT_RUN',
    });
    expect(Object.values(got)).not.toContain('verified-fixed');
  },
);

test('the report does not say when the scan began: without a declared time its silence counts for nothing', async () => {
  const scans = [await read('before.xml', BEFORE), await read('after.xml', {})];
  expect(statesOf(scans)[XSS]).toBe('open NO_TIME');
});

const without =
  (pattern: RegExp): Change =>
  (text) =>
    text.replace(pattern, '');
const INSIGHTS = /<insights>[\s\S]*<\/insights>/;
const LOGIN_FAILED =
  '<insight><site>https://shop.example.org</site><key>insight.auth.failure</key><statistic>5</statistic></insight>';

test.each<[string, Change, Record<string, string | undefined>]>([
  ['after-narrow.xml', same, { [XSS]: 'fixed-unverified CHECK_NOT_RUN', [BANNER]: 'open' }],
  ['after-sampled.xml', same, { [CSP]: 'open FILTERED_REPORT', [XSS]: 'fixed-unverified CHECK_NOT_RUN' }],
  ['after-blocked.json', same, { [XSS]: 'open BLOCKED', [BANNER]: 'open NO_HOST' }],
  ['after-no-answer.json', same, { [XSS]: 'open NO_HOST' }],
  ['after-stopped.xml', same, { [XSS]: 'open INCOMPLETE', [BANNER]: 'open INCOMPLETE' }],
  [
    'after.xml',
    without(INSIGHTS),
    { [XSS]: 'fixed-unverified CHECK_NOT_RUN', [BANNER]: 'open CHECK_NOT_RUN' },
  ],
  [
    'after.xml',
    (text) => text.replace('<insights>', `<insights>${LOGIN_FAILED}`),
    { [XSS]: 'open BLOCKED', [BANNER]: 'fixed-unverified CHECK_NOT_RUN' },
  ],
  ['after.xml', without(/<pluginid>.*?<\/alertRef>|<alert>.*?<\/name>/gs), { [XSS]: 'open INCOMPLETE' }],
])('%s leaves what it did not look at open, and says why (%#)', async (name, change, expected) => {
  expect(await states(name, change)).toMatchObject(expected);
});

test('a stopped scan says so in JSON as well', async () => {
  const stopped: Change = (text) =>
    text.replace('"site": [\n', '"stoppingInsight":{"key":"insight.disk"},"site":[\n');
  expect((await states('after.json', stopped))[XSS]).toBe('open INCOMPLETE');
});

test('an alert that a person raised by hand is told apart by its name', async () => {
  const byHand: Change = (text) => text.replaceAll('40012', '-1');
  const { observations } = await read('before.xml', LATER, byHand);
  expect(observations[0]?.check).toBe('zap:alert-cross-site-scripting-reflected');
});

test.each(['xml', 'json'])(
  'a cut %s file keeps the alerts before the cut and closes nothing',
  async (kind) => {
    const before = await read(`before.${kind}`, BEFORE);
    let kept = 0;
    for (const part of [
      ...tenths(await fixture(`zap/before.${kind}`)),
      ...tenths(await fixture(`zap/after.${kind}`)),
    ]) {
      const cut = await gather(part, LATER).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UnreadableScan);
        return null;
      });
      if (cut === null) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      kept = Math.max(kept, cut.observations.length);
      expect(Object.values(statesOf([before, cut])).filter((state) => !state.startsWith('open'))).toEqual([]);
    }
    expect(kept).toBeGreaterThan(3);
  },
);

test('wrong types, missing parts and control characters anywhere are survived', async () => {
  for (const odd of [null, 1, 'x', [], {}, [null, 1, { alerts: [null, { instances: [1, null] }] }]]) {
    const json = { '@version': odd, '@generated': odd, insights: odd, site: odd, stoppingInsight: odd };
    expect((await gather(JSON.stringify(json))).observations).toEqual([]);
  }
  const head =
    '<OWASPZAPReport version="1"><alertitem/><instance/><site name="no address"><alerts><alertitem>';
  const odd = await gather(`${head}<name>a&#1;b</name></alertitem></alerts></site></OWASPZAPReport>`).catch(
    () => null,
  );
  expect(odd?.observations ?? []).toEqual([]);
  const nameless = await gather(
    '<OWASPZAPReport><site name="http://192.0.2.1"><alertitem/><alertitem><name>x</name></alertitem></site></OWASPZAPReport>',
  );
  expect(nameless.observations).toMatchObject([{ check: 'zap:alert-x', locus: '/' }]);
  expect(nameless.scan.complete).toBe(false);
  expect(nameless.warnings).toMatchObject([{ code: 'BAD_RECORD', line: 1 }]);
});

const INSTANCE =
  '<instance><uri>http://192.0.2.1/NR</uri><method>GET</method><responsebody>BODY</responsebody></instance>';
const body = 'x'.repeat(500);
const HUGE: Record<string, readonly [(index: number) => string, readonly [string, string]]> = {
  xml: [
    (i) => INSTANCE.replace('NR', `${i}`).replace('BODY', body),
    [
      '<OWASPZAPReport version="2.17.0"><site name="http://192.0.2.1"><alertitem><pluginid>1</pluginid><instances>',
      '</instances></alertitem></site></OWASPZAPReport>',
    ],
  ],
  json: [
    (i) => `${i === 0 ? '' : ','}{"uri":"http://192.0.2.1/${i}","method":"GET","response-body":"${body}"}`,
    [
      '{"@version":"2.17.0","@generated":"","site":[{"@name":"http://192.0.2.1","alerts":[{"pluginid":"1","instances":[',
      ']}]}]}',
    ],
  ],
};

test.each(Object.keys(HUGE))(
  'a hundred thousand instances with their responses are read in little memory (%s)',
  async (kind) => {
    const [record, frame] = HUGE[kind] ?? [];
    const read = await readAll(generated(100_000, record ?? String, frame ?? ['', '']));
    expect(read).toMatchObject({ present: 100_000, complete: true });
    expect(read.grownMegabytes).toBeLessThan(40);
  },
);

test.each(['xml', 'json'])('what a check means is told once, without the HTML that %s has', async (kind) => {
  const said = await explanationsOf(await fixture(`zap/before.${kind}`));
  const words = { description: 'What it means.', advice: 'What to do.' };
  expect(said).toEqual(
    Object.fromEntries(['40012', '10055-6', '10049-1', '10036-2'].map((id) => [`zap:${id}`, words])),
  );
});

test('a rule whose words name what one site has is not explained, nor by what was seen there', async () => {
  const alert = (id: string, words: string) =>
    `<alertitem><pluginid>${id}</pluginid><name>n</name>${words}<otherinfo>version 2.1.4</otherinfo></alertitem>`;
  const words = '<desc>The library jquery, version 2.1.4, is vulnerable.</desc>';
  const site = `<site name="http://192.0.2.1">${alert('10003', words)}${alert('10055', words)}${alert('1', '')}</site>`;
  expect(await explanationsOf(`<OWASPZAPReport version="2.9.0">${site}</OWASPZAPReport>`)).toEqual({});
});
