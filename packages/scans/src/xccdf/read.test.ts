import { expect, test } from 'vitest';
import { closedByCuts } from '../testing/cuts.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { generated, readAll } from '../testing/generated.ts';
import { fixture } from '../testing/scan-of.ts';

const ROOT_LOGIN = 'xccdf:xccdf_org.example_rule_sshd_disable_root_login';
const OPENSSL = 'xccdf:xccdf_org.example_rule_package_openssl_updated';
const before = await gather(await fixture('xccdf/before.xml'));
const clean = await fixture('xccdf/after.xml');

async function after(content: string): Promise<Record<string, string>> {
  return statesOf([before, await gather(content)]);
}

test('results carry the title, grade and CVE of their rule, and the names of the machine', () => {
  expect(before.observations).toMatchObject([
    { check: ROOT_LOGIN, verdict: 'present', title: 'Disable SSH root login', severity: 'high', cve: [] },
    {
      check: OPENSSL,
      verdict: 'present',
      severity: 'medium',
      cve: ['CVE-2026-10001'],
      at: '2026-03-02T07:00:01.000Z',
    },
    { verdict: 'absent' },
  ]);
  expect(before.assets).toMatchObject([
    {
      // Neither the loopback address nor the address that a container bridge made up.
      identifiers: [
        { kind: 'fqdn', value: 'db1.example.org' },
        { kind: 'ip', value: '192.0.2.21' },
        { kind: 'mac', value: '00:00:5e:00:53:21' },
      ],
      credential: 'privileged',
      startedAt: '2026-03-02T07:00:00.000Z',
    },
  ]);
});

test('"pass" and "fixed" close, whatever the prefix, alone or in an ARF collection', async () => {
  const closed = { [ROOT_LOGIN]: 'verified-fixed', [OPENSSL]: 'verified-fixed' };
  expect(await after(clean)).toEqual(closed);
  expect(await after(await fixture('xccdf/after-arf.xml'))).toEqual(closed);
});

test('a rule that was not selected stays open', async () => {
  expect(await after(await fixture('xccdf/after-narrow.xml'))).toEqual({
    [ROOT_LOGIN]: 'verified-fixed',
    [OPENSSL]: 'open CHECK_NOT_RUN',
  });
});

test.each([
  ['a result "error"', [/>pass</g, '>error<'], 'open CHECK_NOT_RUN'],
  ['a result "unknown"', [/>pass</g, '>unknown<'], 'open CHECK_NOT_RUN'],
  ['a test that did not end', [/end-time="[^"]*"/, ''], 'open INCOMPLETE'],
  [
    'a test without privilege, where the finding needed it',
    [/privileged="true"/, 'privileged="false"'],
    'open WEAKER_METHOD',
  ],
  ['an older benchmark', [/version="1\.4"/, 'version="1.3"'], 'open OLDER_FEED'],
  ['another machine behind the name', [/00:00:5E:00:53:21/, '00:00:5E:00:53:22'], 'open IDENTITY_CONFLICT'],
  ['another machine', [/db1\.example/, 'db2.example'], 'open'],
  ['a machine that calls itself localhost', [/db1\.example\.org|192\.0\.2\.21/g, 'localhost'], 'open'],
  [
    'a word "pass" in what a check printed',
    [
      /<cdf:result>pass<\/cdf:result>/,
      '<cdf:result>fail</cdf:result><cdf:check><cdf:check-content><result>pass</result></cdf:check-content></cdf:check>',
    ],
    'open',
  ],
  [
    'a verdict older than the test it stands in, as tools that merge results write it',
    [/(rule_sshd_disable_root_login" [^>]*time=")[^"]*/, '$12026-03-01T07:00:00+00:00'],
    'open CHECK_NOT_RUN',
  ],
  ['a time without a zone', [/\+01:00/g, ''], 'open NO_TIME'],
  [
    'a person who overrode "fail" with "pass"',
    [
      /<cdf:result>pass<\/cdf:result>/,
      '$&<cdf:override><cdf:old-result>fail</cdf:old-result><cdf:new-result>pass</cdf:new-result></cdf:override>',
    ],
    'open',
  ],
])('%s closes nothing', async (_, [part, instead], state) => {
  expect((await after(clean.replace(part as RegExp, instead as string)))[ROOT_LOGIN]).toBe(state);
});

test.each(['Unknown', 'localhost', '172.17.0.1', '192.168.122.1', 'chroot:///mnt', 'container://web'])(
  'what is called %s may be any machine and closes nothing',
  async (name) => {
    const { observations, warnings } = await gather(clean.replace(/db1\.example\.org|192\.0\.2\.21/g, name));
    expect(observations.map((one) => one.verdict)).not.toContain('absent');
    expect(warnings.map((one) => one.code)).toEqual(['NO_TARGET']);
  },
);

test('a file of two tests by different benchmarks closes nothing that needs to know the benchmark', async () => {
  const [, other = ''] = /(<cdf:TestResult[\s\S]*<\/cdf:TestResult>)/.exec(clean) ?? [];
  const both = clean.replace('</cdf:Benchmark>', `${other.replace('"1.4"', '"1.3"')}</cdf:Benchmark>`);
  expect((await after(both))[ROOT_LOGIN]).toBe('fixed-unverified OLDER_FEED');
});

test('rules that do not apply are counted in one proposal', async () => {
  const { warnings, observations } = await gather(clean.replaceAll('>pass<', '>notapplicable<'));
  expect(warnings).toMatchObject([{ code: 'NOT_APPLICABLE', message: expect.stringMatching(/^2 rules/) }]);
  expect(observations).toMatchObject([{ check: OPENSSL, verdict: 'absent' }]);
});

test('one rule at several instances is several findings', async () => {
  const instance = (text: string) =>
    `<rule-result idref="r"><result>fail</result><instance>${text}</instance></rule-result>`;
  const { observations } = await gather(
    `<TestResult xmlns="http://checklists.nist.gov/xccdf/1.1" end-time="x"><target>a.example.org</target>${instance('console')}${instance('vty')}</TestResult>`,
  );
  expect(observations).toMatchObject([{ locus: 'console' }, { locus: 'vty' }]);
});

test('a pass at one instance says nothing of another whose name begins with it', async () => {
  const report = (result: string, day: number, ...instances: string[]) =>
    gather(
      `<TestResult xmlns="http://checklists.nist.gov/xccdf/1.1" start-time="2026-03-0${day}T07:00:00Z" end-time="2026-03-0${day}T08:00:00Z"><target>a.example.org</target><rule-result idref="r"><result>${result}</result>${instances.map((one) => `<instance>${one}</instance>`).join('')}</rule-result></TestResult>`,
    );
  for (const instances of [['vty', '0'], ['vty#0']]) {
    const states = statesOf([await report('fail', 2, ...instances), await report('pass', 3, 'vty')]);
    expect(Object.values(states)).toEqual(['open CHECK_NOT_RUN']);
  }
});

test('a file that was cut closes nothing', async () => {
  expect(await closedByCuts(before, clean)).toEqual([]);
});

test('a benchmark without a test result is refused, and so are entities', async () => {
  await expect(gather(clean.replace(/<cdf:TestResult[\s\S]*TestResult>/, ''))).rejects.toThrow(
    'no test result',
  );
  const bomb = clean.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>').replace('db1.example.org', '&a;');
  expect((await gather(bomb)).scan).toMatchObject({ truncated: true });
});

test('a result without a rule is a warning, and the scan is not complete', async () => {
  const { scan, warnings } = await gather(clean.replace(/idref="[^"]*shadow"/, ''));
  expect(scan.complete).toBe(false);
  expect(warnings).toMatchObject([{ code: 'BAD_RECORD', line: expect.any(Number) }]);
});

test('100,000 rules and results are read in memory that does not grow', async () => {
  const rule = (i: number) =>
    `<Rule id="r${i}" severity="high"><title>Rule number ${i} says that something long must hold</title></Rule>`;
  const result = (i: number) => `<rule-result idref="r${i}"><result>fail</result></rule-result>`;
  const ns = 'xmlns="http://checklists.nist.gov/xccdf/1.2"';
  async function* file() {
    yield* generated(100_000, rule, [
      `<Benchmark ${ns} id="b">`,
      '<TestResult end-time="x"><target>a</target>',
    ]);
    yield* generated(100_000, result, ['', '</TestResult></Benchmark>']);
  }
  const read = await readAll(file());
  expect(read).toMatchObject({ present: 100_000, complete: true });
  expect(read.grownMegabytes).toBeLessThan(100);
});

test('a failed rule says its description, its rationale and how to fix it, as plain text', async () => {
  const texts = (description: string) =>
    `<description>${description}</description><rationale>Root&#32;can <html:em>do</html:em> all.</rationale>
     <rationale>Twice.</rationale><fixtext>Set &lt;code&gt;no&lt;/code&gt;&lt;br/&gt;and restart.</fixtext>`;
  const told = (await fixture('xccdf/before.xml')).replaceAll(
    /<\/title>(\s*<ident)/g,
    `</title>${texts('It may <html:code>sign &lt;in&gt;</html:code>.')}$1`,
  );
  const said = { description: 'It may sign <in>.', harm: 'Root can do all.', advice: 'Set no\nand restart.' };
  expect(await explanationsOf(told)).toEqual({ [ROOT_LOGIN]: said, [OPENSSL]: said });
});

test('of the description of a STIG only the discussion is read', async () => {
  const stig =
    '&lt;VulnDiscussion&gt;It is open.&lt;/VulnDiscussion&gt;&lt;Documentable&gt;false&lt;/Documentable&gt;';
  const told = (await fixture('xccdf/before.xml')).replace(
    '<ident',
    `<description>${stig}</description><ident`,
  );
  expect(await explanationsOf(told)).toEqual({ [ROOT_LOGIN]: { description: 'It is open.' } });
});

test('paragraphs of a rule in XHTML stay apart, and a value that each site sets is told as left out', async () => {
  const told = (await fixture('xccdf/before.xml')).replace(
    '<ident',
    '<rationale><html:p>Set it to <sub idref="x"/>.</html:p><html:p>Restart.</html:p></rationale><ident',
  );
  expect(await explanationsOf(told)).toEqual({ [ROOT_LOGIN]: { harm: 'Set it to ….\nRestart.' } });
});
