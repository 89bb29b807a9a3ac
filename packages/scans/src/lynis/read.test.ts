import { expect, test } from 'vitest';
import { closedByCuts } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const ROOT_LOGIN = 'lynis:SSH-7408 PermitRootLogin (set YES to (FORCED-COMMANDS-ONLY|NO))';
const FORWARDING = 'lynis:SSH-7408 X11Forwarding (set YES to NO)';
const BOOT = 'lynis:BOOT-5122 Boot loader has no password';
const NETWORK = 'lynis:NETW-3006 Check the network configuration';
const RELEASE = 'lynis:LYNIS This release is more than 4 months old.';

const LATER = { declaredAt: '2026-04-02T08:00:00.000Z' };
const before = await gather(await fixture('lynis/before.dat'), { declaredAt: '2026-03-02T08:00:00.000Z' });
const clean = await fixture('lynis/after-clean.dat');

async function after(content: string): Promise<Record<string, string>> {
  return statesOf([before, await gather(content, LATER)]);
}

test('warnings and suggestions are findings of the machine with this host id; the clock of the machine is no time', async () => {
  const undated = await gather(await fixture('lynis/before.dat'));
  expect(undated.scan).toMatchObject({
    tool: { name: 'lynis', version: '3.1.4' },
    timeSource: 'none',
    startedAt: null,
  });
  expect(undated.assets[0]?.identifiers).toEqual([
    { kind: 'fqdn', value: 'db1' },
    { kind: 'agent', value: '8f14e45fceea167a5a36dedd4bea2543a1b2c3d4' },
    { kind: 'ip', value: '192.0.2.21' },
  ]);
  expect(undated.observations.map((one) => [one.check, one.severity, one.method])).toEqual([
    ['lynis:SSH-7408', 'low', 'local'],
    ['lynis:SSH-7408', 'low', 'local'],
    ['lynis:BOOT-5122', 'medium', 'local'],
    ['lynis:NETW-3006', 'low', 'local'],
    ['lynis:LYNIS', 'low', 'local'],
  ]);
});

test('a test that ran and is silent closes; not one that met an exception, nor what no test stands for', async () => {
  expect(await after(clean)).toEqual({
    [ROOT_LOGIN]: 'verified-fixed',
    [FORWARDING]: 'verified-fixed',
    [BOOT]: 'verified-fixed',
    [NETWORK]: 'open CHECK_NOT_RUN',
    [RELEASE]: 'open CHECK_NOT_RUN',
  });
});

test('a test that still says something closes none of its findings', async () => {
  const states = await after(await fixture('lynis/after.dat'));
  expect(states).toMatchObject({
    [ROOT_LOGIN]: 'open CHECK_NOT_RUN',
    [FORWARDING]: 'open',
    [BOOT]: 'verified-fixed',
  });
});

test('a test that did not run closes nothing', async () => {
  const states = await after(await fixture('lynis/after-narrow.dat'));
  expect(states).toMatchObject({ [ROOT_LOGIN]: 'open CHECK_NOT_RUN', [BOOT]: 'verified-fixed' });
});

test.each([
  ['a run that did not finish', 'finish=true\n', '', 'open INCOMPLETE'],
  ['two reports in one file', 'hostname=db1', 'hostname=db1\nreport_version_major=1', 'open INCOMPLETE'],
  ['another machine of the same name', 'hostid=8', 'hostid=9', 'open'],
  ['a run without root', 'AUTH-9229|', '', 'open WEAKER_METHOD'],
  [
    'a test that also stands among the skipped',
    'tests_skipped=',
    'tests_skipped=BOOT-5122|',
    'open CHECK_NOT_RUN',
  ],
  ['an older Lynis', 'lynis_version=3.1.4', 'lynis_version=3.1.3', 'open OLDER_FEED'],
])('%s closes nothing', async (_, part, instead, state) => {
  expect((await after(clean.replace(part, instead)))[BOOT]).toBe(state);
});

test('two containers with one MAC address, and so with one host id, are told apart by their SSH keys', async () => {
  const keyed = (text: string, key: string) => text.replace('hostid=', `hostid2=${key}\nhostid=`);
  const first = await gather(keyed(await fixture('lynis/before.dat'), 'aa11'), {
    declaredAt: '2026-03-02T08:00:00.000Z',
  });
  const state = async (key: string) => statesOf([first, await gather(keyed(clean, key), LATER)])[BOOT];
  expect([await state('aa11'), await state('bb22')]).toEqual(['verified-fixed', 'open IDENTITY_CONFLICT']);
});

test('without a host id a finding is likely fixed at most', async () => {
  const nameless = (text: string) => text.replace(/hostid=.*\n/, '');
  const first = await gather(nameless(await fixture('lynis/before.dat')), {
    declaredAt: '2026-03-02T08:00:00.000Z',
  });
  const states = statesOf([first, await gather(nameless(clean), LATER)]);
  expect(states[BOOT]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('a file that was cut closes nothing', async () => {
  expect(await closedByCuts(before, clean, LATER)).toEqual([]);
});

test('lines of Lynis 2, odd lines, endless lines and NUL are survived', async () => {
  const odd = [
    '=',
    '[]=',
    'warning[]=',
    'suggestion[]=|||',
    'hostname',
    `x=${'y'.repeat(5_000_000)}`,
    '\u0000=\u0000',
  ];
  const { scan, observations, warnings } = await gather(
    `# Lynis Report\nlynis_version=2.7\nwarning[]=AUTH-9208|M|Two accounts have one number|\n${odd.join('\r\n')}\nfinish=true\n`,
  );
  expect(observations).toMatchObject([{ check: 'lynis:AUTH-9208', title: 'Two accounts have one number' }]);
  expect(warnings.map((one) => [one.code, one.line])).toEqual([
    ['BAD_RECORD', 6],
    ['BAD_RECORD', 7],
    ['BAD_RECORD', 9],
  ]);
  expect(scan.complete).toBe(false);
});

test('200,000 results are read in memory that does not grow', async () => {
  const line = (i: number) => `suggestion[]=TEST-${i % 500}|Message ${i} of a report without an end|-|-|\n`;
  const read = await readAll(
    generated(200_000, line, ['# Lynis Report\nlynis_version=3\n', 'finish=true\n']),
  );
  expect(read).toMatchObject({ present: 200_000, complete: true });
  expect(read.grownMegabytes).toBeLessThan(50);
});

test('a solution that all results of a test share is its advice', async () => {
  const lines = [
    'suggestion[]=AUTH-1|Set a password|-|text:Run passwd|',
    'suggestion[]=AUTH-1|Set another|a | b|text:Run passwd|',
    'suggestion[]=KRNL-1|Set one|a|Write 1|',
    'suggestion[]=KRNL-1|Set two|b|Write 2|',
    'suggestion[]=BOOT-1|Boot|a|Write 1|',
    'suggestion[]=BOOT-1|Boot|b|-|',
    'warning[]=NETW-1|Look|-|-|',
    'warning[]=OLD-1|Short|x|',
  ];
  const content = `# Lynis Report\nlynis_version=3.1.4\nreport_version_major=1\n${lines.join('\n')}\n`;
  expect(await explanationsOf(content)).toEqual({ 'lynis:AUTH-1': { advice: 'Run passwd' } });
});
