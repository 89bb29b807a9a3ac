import { expect, test } from 'vitest';
import { UnreadableScan } from '../reader.ts';
import { explanationsOf, gather, statesOf } from '../testing/gather.ts';
import { fixture, tenths } from '../testing/scan-of.ts';

const XSS = 'codeql:js/xss src/page.js#aa11bb22cc33dd44:1';
const RANDOM = 'codeql:js/weak-random src/token.js#55ee66ff77008811:1';

async function after(name: string, before = 'before'): Promise<Record<string, string>> {
  return statesOf([
    await gather(await fixture(`sarif/${before}.sarif`)),
    await gather(await fixture(`sarif/${name}.sarif`)),
  ]);
}

test('CodeQL silence on a listed file closes, and a finding that moved within its file stays itself', async () => {
  expect(await after('after-one-fixed')).toEqual({ [XSS]: 'open', [RANDOM]: 'verified-fixed' });
});

test('a file that the run does not list is likely fixed, not closed', async () => {
  expect((await after('after-without-the-file'))[RANDOM]).toBe('fixed-unverified CHECK_NOT_RUN');
});

test('a file that the tool could not read is not covered, the others are', async () => {
  expect(await after('after-unread-file')).toEqual({ [RANDOM]: 'open INCOMPLETE', [XSS]: 'verified-fixed' });
});

for (const [name, state] of [
  ['after-failed', 'open INCOMPLETE'],
  ['after-error', 'open INCOMPLETE'],
  ['after-null-results', 'open INCOMPLETE'],
  ['after-other-branch', 'open'],
  ['after-without-provenance', 'open'],
  ['after-other-tool', 'open'],
] as const) {
  test(`${name} closes nothing`, async () => {
    expect(await after(name)).toMatchObject({ [XSS]: state, [RANDOM]: state });
  });
}

test('a result that says "pass" closes; one that asks for a review takes the answer away', async () => {
  expect((await after('after-passed'))[RANDOM]).toBe('verified-fixed');
  expect((await after('after-review'))[RANDOM]).toBe('open CHECK_NOT_RUN');
});

test('a result that is absent against a named baseline closes', async () => {
  expect((await after('baseline-absent'))[RANDOM]).toBe('verified-fixed');
});

/** The states after a report that was changed by hand. */
async function changed(name: string, change: (run: Json) => void): Promise<Record<string, string>> {
  const document = JSON.parse(await fixture(`sarif/${name}.sarif`));
  for (const run of document.runs) change(run);
  return statesOf([
    await gather(await fixture('sarif/before.sarif')),
    await gather(JSON.stringify(document)),
  ]);
}

// What JSON.parse gives: only tests read it so.
type Json = ReturnType<typeof JSON.parse>;

test.each(['baseline-absent', 'after-one-fixed'])(
  '%s closes nothing when a part of the code was not analysed or a run broke off',
  async (name) => {
    const notified = (notification: object) => (run: Json) => {
      run.invocations[0].toolExecutionNotifications = [notification];
    };
    const message = { text: 'not analysed' };
    expect((await changed(name, notified({ message })))[RANDOM]).not.toBe('verified-fixed');
    expect((await changed(name, notified({ message, level: 'error' })))[RANDOM]).not.toBe('verified-fixed');
    const place = { physicalLocation: { artifactLocation: { uri: 'src/token.js' } } };
    expect((await changed(name, notified({ message, locations: [place] })))[RANDOM]).toBe('open INCOMPLETE');
    const failed = (run: Json) => {
      run.invocations[0].executionSuccessful = false;
    };
    expect((await changed(name, failed))[RANDOM]).not.toBe('verified-fixed');
  },
);

test('an invocation that stands in no list is not taken for a success', async () => {
  const { scan } = await gather(sarif({ run: { invocations: { executionSuccessful: false } } }));
  expect(scan.complete).toBe(false);
});

test('silence closes nothing where the repository or its branch is not named; an explicit verdict does', async () => {
  for (const key of ['repositoryUri', 'branch']) {
    const nameless = async (file: string) => {
      const document = JSON.parse(await fixture(`sarif/${file}.sarif`));
      for (const run of document.runs) delete run.versionControlProvenance[0][key];
      return gather(JSON.stringify(document));
    };
    const state = async (name: string) => statesOf([await nameless('before'), await nameless(name)])[RANDOM];
    expect(await state('after-one-fixed')).toBe('fixed-unverified CHECK_NOT_RUN');
    expect(await state('after-passed')).toBe('verified-fixed');
    expect(await state('baseline-absent')).toBe('verified-fixed');
  }
});

test('the silence of a rule that was switched off says nothing', async () => {
  const off = { enabled: false };
  const byRule = (run: Json) => {
    for (const rule of run.tool.driver.rules) rule.defaultConfiguration = off;
  };
  const byInvocation = (run: Json) => {
    const overrides = run.tool.driver.rules.map((rule: Json) => ({
      descriptor: { id: rule.id },
      configuration: off,
    }));
    run.invocations[0].ruleConfigurationOverrides = overrides;
  };
  for (const change of [byRule, byInvocation])
    expect((await changed('after-one-fixed', change))[RANDOM]).toBe('open PORT_OUTSIDE');
});

test('the silence of a tool whose rule list may be partial makes a finding likely fixed at most', async () => {
  expect(await after('rules-unknown-after', 'rules-unknown-before')).toEqual({
    'line-checker:js/xss src/page.js#12:5': 'fixed-unverified CHECK_NOT_RUN',
  });
});

test('a cut file keeps the results before the cut and closes nothing', async () => {
  const before = await gather(await fixture('sarif/before.sarif'));
  for (const part of tenths(await fixture('sarif/after-one-fixed.sarif'))) {
    const cut = await gather(part).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UnreadableScan);
      return null;
    });
    if (cut === null) continue;
    expect(cut.scan).toMatchObject({ truncated: true, complete: false });
    expect(Object.values(statesOf([before, cut]))).not.toContain('verified-fixed');
  }
});

test('a second tool in the file keeps its presences, and a warning says that its silence is not heard', async () => {
  const { scan, observations, warnings } = await gather(await fixture('sarif/several-tools.sarif'));
  expect(scan.tool.name).toBe('codeql');
  expect(observations.map((one) => [one.asset, one.check])).toEqual([
    ['a1', 'codeql:js/xss'],
    ['a2', 'line-checker:js/xss'],
  ]);
  expect(warnings.map((one) => one.code)).toEqual(['SEVERAL_TOOLS']);
});

interface Content {
  readonly rules?: unknown;
  readonly results?: unknown;
  readonly run?: object;
}

function sarif({ rules = [], results = [], run = {} }: Content): string {
  const driver = { name: 'Semgrep OSS', rules };
  // Rules behind the results, as Semgrep writes them.
  return JSON.stringify({ version: '2.1.0', runs: [{ ...run, results, tool: { driver } }] });
}

const at = (uri: string, region: object = {}) => [
  { physicalLocation: { artifactLocation: { uri }, region } },
];

test('severity is the security-severity of result or rule, else the level of result or rule', async () => {
  const rules = [
    { id: 'a', properties: { 'security-severity': '9.1' } },
    { id: 'b', defaultConfiguration: { level: 'note' } },
  ];
  const results = [
    { ruleId: 'a' },
    { ruleId: 'a', level: 'note', properties: { 'security-severity': 5 }, locations: at('x') },
    { ruleId: 'b' },
    { ruleId: 'b', level: 'error', locations: at('x') },
    { ruleId: 'c' },
    { ruleId: 'c', kind: 'informational', locations: at('x') },
  ];
  const { observations } = await gather(sarif({ rules, results }));
  expect(observations.map((one) => one.severity)).toEqual([
    'critical',
    'medium',
    'low',
    'high',
    'medium',
    'info',
  ]);
});

test('CVE and CWE come from rule ids, tags and taxonomy relations', async () => {
  const rules = [
    {
      id: 'CVE-2021-44228-log4j',
      properties: { tags: ['external/cwe/cwe-020', 'CWE-502: Deserialization', 'security'] },
      relationships: [{ target: { id: '400', toolComponent: { name: 'CWE' } } }],
    },
  ];
  const { observations } = await gather(sarif({ rules, results: [{ ruleIndex: 0 }] }));
  expect(observations).toMatchObject([
    {
      check: 'semgrep-oss:CVE-2021-44228-log4j',
      cve: ['CVE-2021-44228'],
      cwe: ['CWE-20', 'CWE-502', 'CWE-400'],
    },
  ]);
});

test('a place is told apart by fingerprint, else by the code itself, else by line; never by a stand-in', async () => {
  const results = [
    {
      ruleId: 'r',
      locations: at('a.c', { startLine: 3 }),
      fingerprints: { 'matchBasedId/v1': 'requires login' },
    },
    { ruleId: 'r', locations: at('a.c', { startLine: 4, snippet: { text: ' gets(s); ' } }) },
    {
      ruleId: 'r',
      locations: at('a.c', { startLine: 5 }),
      partialFingerprints: { primaryLocationLineHash: 'ff:1' },
    },
    { ruleId: 'r', locations: [...at('a.c', { startLine: 6 }), ...at('b.c', { startLine: 7 })] },
    { ruleId: 'r', locations: [{ logicalLocations: [{ fullyQualifiedName: 'A::b' }] }] },
  ];
  const { observations } = await gather(sarif({ results }));
  expect(observations.map((one) => one.locus)).toEqual([
    'a.c#3',
    expect.stringMatching(/^a\.c#[0-9a-f]{24}$/),
    'a.c#ff:1',
    'a.c#6',
    'b.c#7',
    'A::b',
  ]);
});

test('the folder of the build machine is no part of a place', async () => {
  const run = {
    originalUriBaseIds: { SRC: { uri: 'file:///home/build/42/' } },
    artifacts: [{ location: { uri: 'file:///home/build/42/src/c.c' } }],
  };
  const indexed = [{ physicalLocation: { artifactLocation: { index: 0 } } }];
  const { observations } = await gather(
    sarif({
      run,
      results: [
        { ruleId: 'r', locations: at('file:///home/build/42/src/a.c') },
        { ruleId: 'r', locations: indexed },
      ],
    }),
  );
  expect(observations.map((one) => one.locus)).toEqual(['src/a.c', 'src/c.c']);
});

test('a clock that was never set gives no time', async () => {
  const invocations = [
    {
      executionSuccessful: true,
      startTimeUtc: '0001-01-01T00:00:00Z',
      endTimeUtc: '0001-01-01T00:00:00Z',
    },
  ];
  const { scan, observations } = await gather(sarif({ run: { invocations }, results: [{ ruleId: 'r' }] }));
  expect([scan.timeSource, scan.finishedAt, observations[0]?.at]).toEqual(['none', null, null]);
});

test('a password in the address of a repository is not kept', async () => {
  const run = {
    versionControlProvenance: [
      { repositoryUri: 'https://user:secret@git.example.org/x.git/', branch: 'refs/heads/main' },
    ],
  };
  const { assets } = await gather(sarif({ run }));
  expect(assets[0]?.identifiers[0]).toEqual({ kind: 'repository', value: 'https://git.example.org/x@main' });
});

test('wrong types anywhere are survived', async () => {
  for (const odd of [null, 1, 'x', [], {}, [null, 1, 'x', [[]], { locations: {} }, { locations: [1] }]]) {
    await expect(
      gather(
        sarif({
          results: odd,
          rules: odd,
          run: { invocations: odd, artifacts: odd, versionControlProvenance: odd },
        }),
      ),
    ).resolves.toBeDefined();
    await expect(
      gather(JSON.stringify({ version: '2.1.0', $schema: 'x/sarif', runs: odd })),
    ).resolves.toBeDefined();
  }
});

test('SARIF 2.0 is refused by name', async () => {
  await expect(
    gather('{"$schema":"http://json.schemastore.org/sarif-2.0.0","version":"2.0.0","runs":[]}'),
  ).rejects.toThrow('2.0.0');
});

test.each([
  [
    'its full description and the help',
    { full: 'It is long.', help: 'Escape it.' },
    ['It is long.', 'Escape it.'],
  ],
  ['else the short one', {}, ['Short.', undefined]],
  [
    'a help that goes on from the description is one',
    { help: 'Short. And more.' },
    ['Short. And more.', undefined],
  ],
  [
    'of a help in sections the recommendation',
    { help: '# Title\nShort.\n## Recommendation\nEscape it.\n\n## Example\nx' },
    ['Short.', 'Escape it.'],
  ],
  [
    'no help that holds the facts of one package',
    { help: 'Vulnerability X\nPackage: tar\nFixed Version: 2\n' },
    ['Short.', undefined],
  ],
])(
  'a rule that found something says %s',
  async (_, { full, help }: { full?: string; help?: string }, [description, advice]) => {
    const document = JSON.parse(await fixture('sarif/before.sarif'));
    const [xss, random] = document.runs[0].tool.driver.rules;
    Object.assign(xss, {
      shortDescription: { text: 'Short.' },
      fullDescription: { text: full ?? '' },
      help: { text: help ?? '' },
    });
    Object.assign(random, { shortDescription: 1, fullDescription: { text: [] }, help: null });
    document.runs[0].results[0].message.text = 'The value of user.name at line 12.';
    const said = { description, ...(advice === undefined ? {} : { advice }) };
    expect(await explanationsOf(JSON.stringify(document))).toEqual({ 'codeql:js/xss': said });
  },
);
