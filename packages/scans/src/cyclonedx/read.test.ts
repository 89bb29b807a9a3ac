import { describe, expect, test } from 'vitest';
import { closedByCuts, oddDocuments, refused } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const PARSER = 'cyclonedx:CVE-2026-20001 #pkg:maven/org.example/parser';
const LEFT_PART = 'cyclonedx:GHSA-aaaa-bbbb-cccc #pkg:npm/left-part';
const PRODUCT = 'cyclonedx:CVE-2026-20003';
const IMAGE = 'registry.example.org/town/portal';

const affected = await gather(await fixture('cyclonedx/affected.json'));

async function after(name: string): Promise<Record<string, string>> {
  return statesOf([affected, await gather(await fixture(`cyclonedx/${name}`))]);
}

test('what is exploitable, in triage or not analysed is a finding of the product, without version or digest', () => {
  expect(affected.assets).toMatchObject([
    {
      identifiers: [
        { kind: 'image', value: `${IMAGE}:stable` },
        { kind: 'image', value: `${IMAGE}@sha256:${'ab'.repeat(32)}` },
      ],
      startedAt: '2026-03-02T01:00:00.000Z',
    },
  ]);
  expect(Object.keys(statesOf([affected])).sort()).toEqual([PARSER, PRODUCT, LEFT_PART]);
  expect(affected.observations).toMatchObject([
    {
      title: 'The parser takes too long.',
      severity: 'high',
      cve: ['CVE-2026-20001'],
      cwe: ['CWE-400', 'CWE-20'],
      cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'],
      method: 'local',
    },
    { severity: 'critical', cve: ['CVE-2026-20002'] },
    { title: 'CVE-2026-20003', severity: 'info' },
  ]);
});

test('"resolved" is what a party says: likely fixed, never closed', async () => {
  expect(await after('resolved.json')).toEqual({
    [PARSER]: 'fixed-unverified CHECK_NOT_RUN',
    [LEFT_PART]: 'fixed-unverified CHECK_NOT_RUN',
    [PRODUCT]: 'open',
  });
});

test('a document that does not speak of a finding leaves it open', async () => {
  expect(await after('narrower.json')).toMatchObject({
    [PARSER]: 'fixed-unverified CHECK_NOT_RUN',
    [LEFT_PART]: 'open CHECK_NOT_RUN',
  });
});

test('"not affected" and "false positive" are proposed to the people who decide', async () => {
  const open = expect.stringMatching(/^open/);
  expect(await after('not-affected.json')).toEqual({ [PARSER]: open, [LEFT_PART]: open, [PRODUCT]: open });
  const { warnings } = await gather(await fixture('cyclonedx/not-affected.json'));
  expect(warnings).toMatchObject([
    {
      code: 'VEX_NOT_AFFECTED',
      message: expect.stringContaining('code_not_reachable'),
      line: expect.any(Number),
    },
    { code: 'VEX_FALSE_POSITIVE', message: expect.stringContaining('GHSA-aaaa-bbbb-cccc') },
  ]);
});

test('XML, with any prefix, says the same as JSON', async () => {
  const [xml, resolved] = [await fixture('cyclonedx/affected.xml'), await fixture('cyclonedx/resolved.xml')];
  const read = await gather(xml);
  expect(read.assets[0]?.identifiers).toEqual(affected.assets[0]?.identifiers);
  expect(read.observations).toEqual(affected.observations.slice(0, 1));
  expect((await gather(xml.replaceAll('b:', '').replace('xmlns:b', 'xmlns'))).observations).toEqual(
    read.observations,
  );
  expect(statesOf([affected, await gather(resolved)])[PARSER]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('a target whose versions are all unaffected is a proposal', async () => {
  const { observations, warnings } = await gather(
    (await fixture('cyclonedx/affected.xml')).replace('>affected<', '>unaffected<'),
  );
  expect([observations, warnings[0]?.code]).toEqual([[], 'VEX_NOT_AFFECTED']);
});

test('the vulnerability extension from before 1.4 is read', async () => {
  const { observations } = await gather(
    `<bom xmlns="http://cyclonedx.org/schema/bom/1.2" xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0">
      <components><component type="library"><name>p</name><v:vulnerabilities>
        <v:vulnerability ref="pkg:npm/p@1"><v:id>CVE-2026-20009</v:id>
          <v:ratings><v:rating><v:score><v:base>9.8</v:base></v:score><v:method>CVSSv3</v:method></v:rating></v:ratings>
        </v:vulnerability></v:vulnerabilities></component></components></bom>`,
  );
  expect(observations).toMatchObject([
    { check: 'cyclonedx:CVE-2026-20009', locus: '#pkg:npm/p', severity: 'critical' },
  ]);
});

test.each([
  ['a package', { purl: 'pkg:npm/%40town/app@1.2.3', name: 'app' }, 'package', 'pkg:npm/%40town/app'],
  [
    'an image by its purl',
    { purl: 'pkg:oci/app@sha256%3Aaa?repository_url=r.example.org&tag=v1' },
    'image',
    'r.example.org/app:v1',
  ],
  ['a folder', { type: 'file', name: './src' }, 'file', './src'],
  ['a name', { group: 'town', name: 'app', version: '3' }, 'package', 'town/app'],
  ['nothing', {}, 'package', 'unnamed:cyclonedx'],
])('the subject can be %s', async (_, component, kind, value) => {
  const { assets } = await gather(JSON.stringify({ bomFormat: 'CycloneDX', metadata: { component } }));
  expect(assets[0]?.identifiers[0]).toEqual({ kind, value });
});

describe('damaged and hostile files', () => {
  test.each(['resolved.json', 'resolved.xml'])(
    '%s, cut, closes nothing and resolves nothing',
    async (name) => {
      const content = await fixture(`cyclonedx/${name}`);
      expect(await closedByCuts(affected, content)).toEqual([]);
      const cut = await gather(content.slice(0, -20));
      expect(statesOf([affected, cut])[PARSER]).toBe('open INCOMPLETE');
    },
  );

  test('wrong types anywhere are survived, and what names no weakness is a warning', async () => {
    const whole = JSON.parse(await fixture('cyclonedx/affected.json'));
    for (const odd of oddDocuments(whole)) await gather(odd, { format: 'cyclonedx' }).catch(refused);
    const { warnings } = await gather('{"bomFormat":"CycloneDX","vulnerabilities":[{"id":" "}]}');
    expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: 1 }]);
  });

  test('100,000 components and weaknesses, in this order or the other, are read in memory that does not grow', async () => {
    const comma = (i: number) => (i === 0 ? '' : ',');
    const component = (i: number) =>
      `${comma(i)}{"bom-ref":"pkg:npm/p${i}@1","purl":"pkg:npm/p${i}@1","name":"p${i}"}`;
    const weakness = (i: number) =>
      `${comma(i)}{"id":"CVE-2026-${10_000 + i}","description":"${'x'.repeat(300)}","affects":[{"ref":"pkg:npm/p${i}@1"}]}`;
    async function* file() {
      yield* generated(100_000, weakness, ['{"bomFormat":"CycloneDX","vulnerabilities":[', '],']);
      yield* generated(100_000, component, ['"components":[', ']}']);
    }
    const read = await readAll(file());
    expect(read).toMatchObject({ present: 100_000, complete: true });
    expect(read.grownMegabytes).toBeLessThan(50);
  });
});

test('a weakness that stands says what it is; a recommendation for several components is no advice', async () => {
  const weakness = (id: string, more: object = {}) => ({
    id,
    description: 'It takes too long.',
    detail: 'A long name does it.',
    recommendation: 'Update to 2.1.',
    affects: [{ ref: 'a' }],
    ...more,
  });
  const vulnerabilities = [
    weakness('one'),
    weakness('one', { description: '', detail: 'A long name does it.' }),
    weakness('two', { affects: [{ ref: 'a' }, { ref: 'b' }] }),
    weakness('two'),
    weakness('done', { analysis: { state: 'resolved' } }),
    weakness('odd', { description: {}, detail: 1, recommendation: [] }),
  ];
  const said = { description: 'It takes too long.\n\nA long name does it.' };
  expect(await explanationsOf(JSON.stringify({ bomFormat: 'CycloneDX', vulnerabilities }))).toEqual({
    'cyclonedx:two': said,
    'cyclonedx:one': { advice: 'Update to 2.1.' },
  });
  const xml = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><vulnerabilities><vulnerability>
    <id>one</id><description>It takes too long.</description><detail>A long name does it.</detail>
    <recommendation>Update to 2.1.</recommendation></vulnerability></vulnerabilities></bom>`;
  expect(await explanationsOf(xml)).toEqual({ 'cyclonedx:one': { ...said, advice: 'Update to 2.1.' } });
});

test('a state with the name of a property that every object has is as good as none', async () => {
  const weakness = { id: 'one', affects: [{ ref: 'a' }], analysis: { state: 'constructor' } };
  const { observations } = await gather(
    JSON.stringify({ bomFormat: 'CycloneDX', vulnerabilities: [weakness] }),
  );
  expect(observations).toMatchObject([{ check: 'cyclonedx:one', verdict: 'present' }]);
});
