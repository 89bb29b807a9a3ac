import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { FutureScan, refuseFuture } from './future-time.ts';
import { readScan } from './read-scan.ts';
import { UnreadableScan } from './reader.ts';
import { gather, statesOf } from './testing/gather.ts';
import { fixture, sharedFolder } from './testing/scan-of.ts';
import { tidyFact } from './tidy.ts';

test('the hash is that of the bytes as given, also behind a damage', async () => {
  const text = `${(await fixture('nessus/before.nessus')).slice(0, 3000)}<broken &${'x'.repeat(300_000)}`;
  const { scan } = await gather(text);
  expect(scan.sha256).toBe(createHash('sha256').update(text).digest('hex'));
  expect(scan.truncated).toBe(true);
});

for (const [what, content, code] of [
  ['an empty file', '', 'EMPTY'],
  ['a text', 'Dear colleagues, all is fixed.', 'UNKNOWN_FORMAT'],
  [
    'a table that has too few columns for any scanner',
    'Plugin ID,CVE,CVSS,Risk,Host\n10114,,,None,192.0.2.7',
    'UNKNOWN_FORMAT',
  ],
  ['zeros', new Uint8Array(100_000), 'UNKNOWN_FORMAT'],
] as const) {
  test(`${what} is refused in one sentence: ${code}`, async () => {
    const refusal = await gather(content).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnreadableScan);
    expect(refusal).toMatchObject({ code });
    expect((refusal as Error).message).not.toContain('\n');
  });
}

test('the format that a user names is taken, and an unknown name is refused', async () => {
  const report = '<NessusClientData_v2/>';
  await expect(gather(report, { format: 'nessus' })).resolves.toMatchObject({ scan: { format: 'nessus' } });
  await expect(gather('<x/>', { format: 'nessus' })).rejects.toThrow('not with x');
  await expect(gather(report, { format: 'nesus' })).rejects.toThrow('no format "nesus"');
});

const DECLARED = '2026-11-21T02:20:00.000Z';

test('a declared time stands for the whole file where the file states none', async () => {
  const text = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[]}]}';
  const { scan, assets } = await gather(text, { declaredAt: DECLARED });
  expect(scan).toMatchObject({ startedAt: DECLARED, finishedAt: DECLARED, timeSource: 'declared' });
  expect(assets).toMatchObject([{ startedAt: DECLARED, finishedAt: DECLARED }]);
  expect((await gather(text)).scan.timeSource).toBe('none');
});

test('where the file says when it was made, the declared time is ignored with a warning', async () => {
  const { scan, warnings } = await gather(await fixture('nessus/before.nessus'), { declaredAt: DECLARED });
  expect(scan).toMatchObject({ startedAt: '2026-09-01T01:00:00.000Z', timeSource: 'file' });
  expect(warnings).toMatchObject([{ code: 'DECLARED_TIME_IGNORED' }]);
});

test('a file is given back to its owner when the reader stops early', async () => {
  let closed = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from('no scan ');
    } finally {
      closed = true;
    }
  }
  await expect(readScan(source()).next()).rejects.toThrow(UnreadableScan);
  expect(closed).toBe(true);
});

test('a scan from the future is refused, one that is minutes ahead is not', async () => {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(await fixture('nessus/before.nessus'));
  };
  const all = async (now: string) => {
    for await (const batch of refuseFuture(readScan(bytes()), now)) expect(batch).toBeDefined();
  };
  await expect(all('2026-09-01T01:04:00.000Z')).rejects.toThrow(FutureScan);
  await expect(all('2026-09-01T01:06:00.000Z')).resolves.toBeUndefined();
});

test('control characters and lone surrogates are dropped, long texts are bounded, and long places stay distinct', async () => {
  const result = (uri: string) => ({
    ruleId: 'r',
    message: { text: 'a\u0000b\u001fc \ud800'.repeat(500) },
    locations: [{ physicalLocation: { artifactLocation: { uri } } }],
  });
  const long = 'd/'.repeat(2000);
  const text = JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'x' } }, results: [result(`${long}a`), result(`${long}b`)] }],
  });
  const { observations } = await gather(text);
  const [a, b] = observations;
  expect(a?.title).toMatch(/^a b c/);
  expect(a?.title.length).toBeLessThanOrEqual(500);
  expect(a?.title.isWellFormed()).toBe(true);
  expect(a?.locus.length).toBeLessThanOrEqual(640);
  expect(a?.locus).not.toBe(b?.locus);
});

interface Damage {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

/** Every damage that a file can take on the way: bytes lost, changed and added, anywhere. */
const damages = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(300),
    insert: fc.uint8Array({ maxLength: 20 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function damaged(bytes: Uint8Array, list: readonly Damage[]): Uint8Array {
  return list.reduce((rest, { at, remove, insert }) => {
    const from = Math.floor(rest.length * at);
    return Buffer.concat([rest.subarray(0, from), insert, rest.subarray(from + remove)]);
  }, bytes);
}

for (const name of [
  'nessus/before.nessus',
  'nessus/login-after.nessus',
  'sarif/before.sarif',
  'sarif/after-passed.sarif',
]) {
  test(`however ${name} is damaged, it is read as far as it goes or refused in one sentence`, async () => {
    const bytes = Buffer.from(await fixture(name));
    await fc.assert(
      fc.asyncProperty(damages, async (list) => {
        const facts = await gather(damaged(bytes, list)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(UnreadableScan);
          return null;
        });
        for (const one of facts?.observations ?? []) expect(one.port).toBeLessThanOrEqual(65_535);
      }),
      { numRuns: 300 },
    );
  });
}

const folders = [
  ['scans/tenable/nessus', /\.nessus$/],
  ['scans/tenable/nessus_was', /\.xml$/],
  ['scans/sarif', /./],
] as const;

describe('files of other people (skipped where ../shared/corpus is absent)', () => {
  for (const [path, pattern] of folders) {
    const folder = sharedFolder(path);
    test.skipIf(folder === undefined)(
      `every file of ${path} is read, and cut at any tenth it closes nothing`,
      async () => {
        const names = (await readdir(folder ?? '')).filter((name) => pattern.test(name));
        expect(names.length).toBeGreaterThan(0);
        for (const name of names) await readWholeAndCut(await readFile(join(folder ?? '', name)));
      },
    );
  }
});

async function readWholeAndCut(bytes: Uint8Array): Promise<void> {
  const whole = await gather(bytes);
  const states = statesOf([whole]);
  expect(statesOf([whole, whole])).toEqual(states);
  for (let tenth = 1; tenth < 10; tenth++) {
    const cut = await gather(bytes.subarray(0, Math.floor((bytes.length * tenth) / 10))).catch(
      (error: unknown) => {
        expect(error).toBeInstanceOf(UnreadableScan);
        return null;
      },
    );
    if (cut === null) continue;
    expect(cut.scan.truncated).toBe(true);
    expect(Object.values(statesOf([whole, cut])).filter((state) => state.startsWith('verified'))).toEqual([]);
    expect(cut.observations.length).toBeLessThanOrEqual(whole.observations.length);
  }
}

test('what a claim names is cleaned like what an observation names, so that they meet', () => {
  const claim = {
    record: 'coverage',
    asset: 'a1',
    transport: 'none',
    ports: '0',
    checks: { ids: ['tool:\u0000one', 'tool:two'] },
    method: 'remote',
    evidence: 'E2',
    assumptions: [],
    within: ['a\nb'],
  } as const;
  expect(tidyFact(claim)).toEqual({ ...claim, checks: { ids: ['tool: one', 'tool:two'] }, within: ['a b'] });
  const clean = { ...claim, checks: { ids: ['tool:two'] }, within: ['a'] };
  expect(tidyFact(clean)).toBe(clean);
});
