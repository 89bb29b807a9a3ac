import { foldWorld, type ScanFacts } from '@backcheck/core';
import { expect, test } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture, imported, tenths } from '../testing/scan-of.ts';

type Change = (text: string) => string;
const same: Change = (text) => text;

const XSS = 'wapiti:reflected-cross-site-scripting /search#GET q';
const FRAME = 'wapiti:clickjacking-protection /#GET X-Frame-Options is not set';
const ERROR = 'wapiti:internal-server-error /report#GET id';

const read = async (name: string, change = same): Promise<ScanFacts> =>
  gather(change(await fixture(`wapiti/${name}`)));

/** Wapiti does not say when it ended, so a presence counts at its import: the day after. */
function statesOf(before: ScanFacts, after: ScanFacts): Record<string, string> {
  const scans = [{ ...imported(before), importedAt: '2026-10-06T08:00:00.000Z' }, imported(after)];
  return Object.fromEntries(
    foldWorld(scans).map(({ key, state, reason }) => [
      `${key.check} ${key.locus}`,
      `${state} ${reason ?? ''}`.trim(),
    ]),
  );
}

const states = async (before: string, after: string, change = same): Promise<Record<string, string>> =>
  statesOf(await read(before), await read(after, change));

test('an entry is a finding of its class at its page and parameter', async () => {
  const { scan, assets, observations } = await read('before.json');
  expect(scan).toMatchObject({
    format: 'wapiti',
    tool: { name: 'wapiti', version: '3.2.4' },
    startedAt: '2026-10-05T08:01:10.000Z',
    finishedAt: null,
    complete: true,
  });
  expect(assets).toMatchObject([
    { identifiers: [{ kind: 'fqdn', value: 'app.example.org' }], reached: true },
  ]);
  expect(observations.map(({ port, check, locus }) => `${port} ${check} ${locus}`)).toEqual([
    `8081 ${XSS}`,
    `8081 ${FRAME}`,
    expect.stringContaining('8081 wapiti:backup-file /index.php.bak#GET Backup file'),
    '8081 wapiti:weak-credentials /login#POST',
    `8081 ${ERROR}`,
    '8081 wapiti:fingerprint-web-technology /#GET Nginx',
  ]);
  expect(observations[0]).toMatchObject({ severity: 'medium', cwe: ['CWE-79'], method: 'active' });
});

test('a name and password that Wapiti guessed are not kept', async () => {
  const { observations } = await read('before.json');
  expect(JSON.stringify(observations)).not.toContain('test / test');
  expect(observations[3]).toMatchObject({ title: 'Weak credentials', cwe: ['CWE-798', 'CWE-521'] });
});

test('XML and JSON of one scan say the same', async () => {
  const [xml, json] = [await read('before.xml'), await read('before.json')];
  expect(xml.scan).toMatchObject({
    format: 'wapiti-xml',
    tool: json.scan.tool,
    startedAt: json.scan.startedAt,
  });
  expect(xml.observations).toEqual(json.observations);
});

test('what was found at another name of the scope belongs to that name', async () => {
  const { assets, observations } = await read('before.json', (text) =>
    text.replace('curl \\"http://app.example.org:8081/search', 'curl \\"https://img.example.org/search'),
  );
  expect(assets.map((one) => one.identifiers[0]?.value)).toEqual(['img.example.org', 'app.example.org']);
  expect(observations[0]).toMatchObject({ asset: 'a1', port: 443 });
});

test('the silence of a detailed report makes likely fixed what is on the pages that it was given', async () => {
  expect(await states('before.json', 'after.json')).toMatchObject({
    [XSS]: 'fixed-unverified CHECK_NOT_RUN',
    [FRAME]: 'fixed-unverified CHECK_NOT_RUN',
    // This page answered with a fault.
    [ERROR]: 'open CHECK_NOT_RUN',
  });
});

test('a crawl that did not come to a page says nothing of it', async () => {
  expect(await states('before.json', 'after-narrow.json')).toMatchObject({
    [XSS]: 'open CHECK_NOT_RUN',
    [FRAME]: 'fixed-unverified CHECK_NOT_RUN',
  });
});

test.each<[string, string, string, Change]>([
  ['before.json', 'after-without-pages.json', 'CHECK_NOT_RUN', same],
  ['before.json', 'after-nobody.json', 'NO_HOST', same],
  ['before.json', 'after.xml', 'CHECK_NOT_RUN', same],
  ['old-before.json', 'old-after.json', 'CHECK_NOT_RUN', same],
  ['old-before.json', 'after.json', 'CHECK_NOT_RUN', (text) => text.replace('Wapiti 3.2.4', 'Wapiti 3.0.9')],
  ['login-before.json', 'login-after-failed.json', 'WEAKER_METHOD', same],
  ['before.json', 'after.json', 'NO_TIME', (text) => text.replace(' +0000', '')],
])('%s, then %s, which changes nothing: %s', async (before, after, reason, change) => {
  expect((await states(before, after, change))[XSS]).toBe(`open ${reason}`);
});

test.each(['xml', 'json'])(
  'a cut %s file keeps the entries before the cut and closes nothing',
  async (kind) => {
    const before = await read(`before.${kind}`);
    let kept = 0;
    for (const part of [
      ...tenths(await fixture(`wapiti/before.${kind}`)),
      ...tenths(await fixture(`wapiti/after.${kind}`)),
    ]) {
      const cut = await gather(part, { format: before.scan.format }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(UnreadableScan);
        return null;
      });
      if (cut === null) continue;
      expect(cut.scan).toMatchObject({ truncated: true, complete: false });
      kept = Math.max(kept, cut.observations.length);
      expect(Object.values(statesOf(before, cut)).filter((state) => !state.startsWith('open'))).toEqual([]);
    }
    expect(kept).toBe(kind === 'xml' ? 5 : 6);
  },
);

test('wrong types and missing parts anywhere are survived, and silence is then not heard', async () => {
  for (const odd of [null, 1, 'x', [], {}, [null, 1, { path: 1 }], { x: [null, 1, { path: [] }] }]) {
    const infos = { version: 'Wapiti 3.2.4', target: odd, date: odd, auth: odd, crawled_pages: odd };
    const json = { classifications: odd, vulnerabilities: odd, anomalies: odd, additionals: odd, infos };
    const { scan, observations } = await gather(JSON.stringify(json, null, 1));
    expect(observations).toEqual([]);
    expect(scan.complete).toBe(false);
  }
  const bad = await read('after.json', (text) =>
    text.replace('"Backup file": []', '"Backup file": [{"info": "x"}]'),
  );
  expect(bad).toMatchObject({ scan: { complete: false }, warnings: [{ code: 'BAD_RECORD' }] });
  const xml =
    '<report type="security"><report_infos><info name="generatorName">wapiti</info></report_infos><entry/>';
  expect(
    (await gather(`${xml}<vulnerability><entries><entry/></entries></vulnerability></report>`)).scan.complete,
  ).toBe(false);
});

const INFOS = '"infos":{"version": "Wapiti 3.2.4","target":"http://192.0.2.1/","crawled_pages":[';
const HUGE: Record<string, readonly [(index: number) => string, readonly [string, string]]> = {
  xml: [
    (i) => `<entry><path>/${i}</path><info>i</info></entry>`,
    [
      '<report><report_infos><info name="generatorName">wapiti</info><info name="target">http://192.0.2.1/</info></report_infos><vulnerability name="V"><entries>',
      '</entries></vulnerability></report>',
    ],
  ],
  json: [
    (i) => `${i === 0 ? '' : ','}{"path":"/${i}","info":"i"}`,
    [
      `{${INFOS}${'{"request":{"url":"http://192.0.2.1/a"},"response":{"status_code":200}},'.repeat(50_000)}null]},"vulnerabilities":{"V":[`,
      ']}}',
    ],
  ],
};

test.each(Object.keys(HUGE))('a hundred thousand entries are read in little memory (%s)', async (kind) => {
  const [record, frame] = HUGE[kind] ?? [];
  const read = await readAll(generated(100_000, record ?? String, frame ?? ['', '']));
  expect(read).toMatchObject({ present: 100_000, complete: true });
  expect(read.grownMegabytes).toBeLessThan(40);
});

test.each(['xml', 'json'])(
  'what a class means and what to do is told from %s, also of one without references',
  async (kind) => {
    const bare = (text: string): string =>
      text.replace(/<references>[\s\S]*?<\/references>/, '').replace(/"ref": \{[\s\S]*?\}/, '"ref": null');
    const said = await explanationsOf(bare(await fixture(`wapiti/before.${kind}`)));
    const words = { description: 'What it means.', advice: 'What to do.' };
    expect(said).toMatchObject({
      'wapiti:reflected-cross-site-scripting': words,
      'wapiti:clickjacking-protection': words,
    });
  },
);
