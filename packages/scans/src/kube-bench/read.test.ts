import { expect, test } from 'vitest';
import { closedByCuts, ODD_VALUES } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const PROFILING = 'kube-bench:cis-1.24/1.2.18';
const PERMISSIONS = 'kube-bench:cis-1.24/4.1.1';

const LATER = { declaredAt: '2026-04-02T08:00:00.000Z' };
const EARLIER = { declaredAt: '2026-03-02T08:00:00.000Z' };
const before = await gather(await fixture('kube-bench/before.json'), EARLIER);
const clean = await fixture('kube-bench/after.json');

async function after(content: string): Promise<Record<string, string>> {
  return statesOf([before, await gather(content, LATER)]);
}

test('a FAIL with an answer is a finding; a FAIL that read nothing and a WARN are no answer', () => {
  expect(before.observations.map((one) => [one.check, one.verdict])).toEqual([
    [PROFILING, 'present'],
    ['kube-bench:cis-1.24/1.2.2', 'absent'],
    ['kube-bench:cis-1.24/1.1.9', 'error'],
    [PERMISSIONS, 'present'],
    ['kube-bench:cis-1.24/4.1.3', 'error'],
    ['kube-bench:cis-1.24/4.2.1', 'error'],
  ]);
});

test('the machine is the one that a command line in the answers names, and PASS there closes', async () => {
  expect(before.assets).toMatchObject([{ identifiers: [{ kind: 'ip', value: '192.0.2.31' }] }]);
  expect(await after(clean)).toEqual({ [PROFILING]: 'verified-fixed', [PERMISSIONS]: 'verified-fixed' });
});

test('the file says nothing of time: without a declared one it closes nothing', async () => {
  expect(statesOf([before, await gather(clean)])[PROFILING]).toBe('open NO_TIME');
});

test('a section that did not run closes nothing', async () => {
  expect(await after(await fixture('kube-bench/after-narrow.json'))).toEqual({
    [PROFILING]: 'verified-fixed',
    [PERMISSIONS]: 'open CHECK_NOT_RUN',
  });
});

test('where the file names no machine, PASS makes a finding likely fixed at most', async () => {
  const nameless = (text: string) => text.replaceAll('--advertise-address=192.0.2.31 ', '');
  const first = await gather(nameless(await fixture('kube-bench/before.json')), EARLIER);
  expect(first.assets.map((one) => one.identifiers[0]?.value)).toEqual([
    'unnamed:kube-bench:master',
    'unnamed:kube-bench:node',
  ]);
  const later = await fixture('kube-bench/after-nameless.json');
  expect(statesOf([first, await gather(later, LATER)])).toEqual({
    [PROFILING]: 'open',
    [PERMISSIONS]: 'fixed-unverified CHECK_NOT_RUN',
  });
});

test.each([
  ['another machine', /192\.0\.2\.31/g, '192.0.2.32', 'open'],
  ['another version of the benchmark', /cis-1\.24/g, 'cis-1.9', 'open CHECK_NOT_RUN'],
  ['a check that was made manual', /"PASS"/g, '"WARN"', 'open CHECK_NOT_RUN'],
  ['a check that was skipped', /"PASS"/g, '"INFO"', 'open CHECK_NOT_RUN'],
  ['a file that names two machines', /192\.0\.2\.31/, '192.0.2.32', 'open NO_HOST'],
])('%s closes nothing', async (_, part, instead, state) => {
  expect((await after(clean.replace(part, instead)))[PROFILING]).toBe(state);
});

test('a PASS that read nothing closes nothing: the folder may not be there for the tool to see', async () => {
  const unread = clean.replace('permissions=600\\n', '');
  expect((await after(unread))[PERMISSIONS]).toBe('open CHECK_NOT_RUN');
});

test('two nodes behind one address of the control plane are two machines', async () => {
  const node = (text: string, ip: string) =>
    text.replaceAll('--advertise-address', `--node-ip=${ip} --advertise-address`);
  const first = await gather(node(await fixture('kube-bench/before.json'), '192.0.2.41'), EARLIER);
  const state = async (ip: string) => statesOf([first, await gather(node(clean, ip), LATER)])[PROFILING];
  expect([await state('192.0.2.41'), await state('192.0.2.42')]).toEqual(['verified-fixed', 'open']);
});

test('the outputs of several nodes merged into one file close nothing', async () => {
  const nameless = JSON.parse(clean.replaceAll('--advertise-address=192.0.2.31 ', ''));
  const merged = { Controls: [...JSON.parse(clean).Controls, ...nameless.Controls] };
  expect(await after(JSON.stringify(merged))).toEqual({
    [PROFILING]: 'open NO_HOST',
    [PERMISSIONS]: 'open NO_HOST',
  });
});

test('where no check has an answer, FAIL is taken as it stands', async () => {
  const silent = (await fixture('kube-bench/before.json')).replace(
    /"actual_value": "[^"]*"/g,
    '"actual_value": ""',
  );
  const seen = (await gather(silent)).observations.filter((one) => one.verdict === 'present');
  expect(seen.map((one) => one.check)).toEqual([PROFILING, PERMISSIONS, 'kube-bench:cis-1.24/4.1.3']);
});

test('a file that was cut closes nothing', async () => {
  expect(await closedByCuts(before, clean, LATER)).toEqual([]);
});

test('wrong types anywhere are survived', async () => {
  const whole = JSON.parse(clean);
  const [controls] = whole.Controls;
  const [result] = controls.tests[0].results;
  for (const odd of ODD_VALUES) {
    for (const key of Object.keys(result)) {
      const tests = [{ results: [{ ...result, [key]: odd }, odd] }, odd];
      await expect(
        gather(JSON.stringify([{ ...controls, tests }]), { format: 'kube-bench' }),
      ).resolves.toBeDefined();
    }
    const files = [
      { Controls: odd, Totals: odd },
      { ...controls, version: odd, node_type: odd },
    ];
    for (const file of files)
      await expect(gather(JSON.stringify(file), { format: 'kube-bench' })).resolves.toBeDefined();
  }
});

test('100,000 results are read in memory that does not grow', async () => {
  const one = (i: number) =>
    `${i === 0 ? '' : ','}{"test_number":"1.${i}","test_desc":"Ensure that ${i} holds","status":"FAIL","actual_value":"no"}`;
  const ends = ['[{"version":"cis-1.24","node_type":"node","tests":[{"results":[', ']}]}]'] as const;
  const read = await readAll(generated(100_000, one, ends));
  expect(read).toMatchObject({ present: 100_000, complete: true });
  expect(read.grownMegabytes).toBeLessThan(50);
});

test('a failed check says what the benchmark says to do; one that passed or was not looked at does not', async () => {
  const text = await fixture('kube-bench/before.json');
  expect(await explanationsOf(text)).toEqual({
    [PROFILING]: { advice: 'See the benchmark.' },
    [PERMISSIONS]: { advice: 'See the benchmark.' },
  });
  expect(await explanationsOf(text.replaceAll('"See the benchmark."', '7'))).toEqual({});
});
