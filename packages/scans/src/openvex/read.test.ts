import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const GIT = 'openvex:CVE-2026-30001 #pkg:apk/wolfi/git';
const PARSER = 'openvex:GHSA-gggg-hhhh-jjjj';

const affected = await gather(await fixture('openvex/affected.json'));

async function after(name: string): Promise<Record<string, string>> {
  return statesOf([affected, await gather(await fixture(`openvex/${name}`))]);
}

test('"affected" and "under investigation" are findings of the product, at its part', () => {
  expect(affected.assets.map((one) => one.identifiers[0])).toEqual([
    { kind: 'image', value: 'registry.example.org/town/portal:stable' },
    { kind: 'package', value: 'pkg:maven/org.example/parser' },
  ]);
  expect(statesOf([affected])).toEqual({ [GIT]: 'open', [PARSER]: 'open' });
  expect(affected.observations).toMatchObject([
    { cve: ['CVE-2026-30001'], severity: 'info', at: '2026-03-02T16:00:00.123Z' },
    { cve: ['CVE-2026-30002'] },
  ]);
});

test('"fixed" is what a party says: likely fixed, never closed', async () => {
  expect(await after('fixed.json')).toEqual({
    [GIT]: 'fixed-unverified CHECK_NOT_RUN',
    [PARSER]: 'fixed-unverified CHECK_NOT_RUN',
  });
});

test('version 0.0.1, where all are plain texts, says the same', async () => {
  expect((await after('fixed-0.0.1.json'))[PARSER]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('a document that does not speak of a finding leaves it open', async () => {
  expect((await after('narrower.json'))[PARSER]).toBe('open');
});

test('"not affected" is proposed to the people who decide', async () => {
  const open = expect.stringMatching(/^open/);
  expect(await after('not-affected.json')).toEqual({ [GIT]: open, [PARSER]: open });
  const { warnings } = await gather(await fixture('openvex/not-affected.json'));
  expect(warnings).toMatchObject([
    { code: 'VEX_NOT_AFFECTED', message: expect.stringContaining('component_not_present') },
    { code: 'VEX_NOT_AFFECTED', message: expect.stringContaining('is not built in') },
  ]);
});

test('a statement keeps its own time in a document that was written again later', async () => {
  const old = JSON.parse(await fixture('openvex/fixed.json'));
  for (const statement of old.statements) statement.timestamp = '2026-02-02T08:00:00Z';
  expect(statesOf([affected, await gather(JSON.stringify(old))])).toEqual({
    [GIT]: 'open STALE',
    [PARSER]: 'open STALE',
  });
});

test('a file that was cut closes nothing', async () => {
  expect(await closedByCuts(affected, await fixture('openvex/fixed.json'))).toEqual([]);
});

test('wrong types anywhere are survived, and an unknown status is a warning', async () => {
  const whole = JSON.parse(await fixture('openvex/affected.json'));
  const [statement] = whole.statements;
  for (const odd of ODD_VALUES) {
    const keys = [...Object.keys(statement), 'timestamp', 'justification'];
    const statements = [...keys.map((key) => ({ ...statement, [key]: odd })), odd];
    for (const file of [
      { ...whole, statements },
      { ...whole, statements: odd },
      { ...whole, timestamp: odd },
    ])
      await expect(gather(JSON.stringify(file), { format: 'openvex' })).resolves.toBeDefined();
  }
  const { warnings, scan } = await gather(
    JSON.stringify({ ...whole, statements: [{ ...statement, status: 'toString' }] }),
  );
  expect(warnings).toMatchObject([{ code: 'BAD_RECORD' }]);
  expect(scan.complete).toBe(true);
});

test('100,000 statements are read in memory that does not grow', async () => {
  const statement = (i: number) =>
    `${i === 0 ? '' : ','}{"vulnerability":{"name":"CVE-2026-${10_000 + i}"},"products":[{"@id":"pkg:oci/p${i % 5000}"}],"status":"affected"}`;
  const read = await readAll(
    generated(100_000, statement, ['{"@context":"https://openvex.dev/ns/v0.2.0","statements":[', ']}']),
  );
  expect(read).toMatchObject({ present: 100_000, complete: true });
  expect(read.grownMegabytes).toBeLessThan(50);
});

test('a weakness that is said to be there is explained by its description, once', async () => {
  const document = JSON.parse(await fixture('openvex/affected.json'));
  const [first] = document.statements;
  const told = (name: string, description: unknown, status = 'affected') => ({
    ...first,
    status,
    vulnerability: { name, description },
  });
  document.statements = [
    told('CVE-1', 'A name is looked up.'),
    told('CVE-1', 'Twice.'),
    told('CVE-2', 'Was there.', 'fixed'),
    told('CVE-3', { a: 1 }),
  ];
  expect(await explanationsOf(JSON.stringify(document))).toEqual({
    'openvex:CVE-1': { description: 'A name is looked up.' },
  });
});
