import { type ImportedScan, type Instant, identityOf } from '@backcheck/core';
import { createWidePool } from '@backcheck/db';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gather } from '../../packages/scans/src/testing/gather.ts';
import { fixture, imported } from '../../packages/scans/src/testing/scan-of.ts';
import { type NessusHost, type NessusItem, nessusFile } from '../../scripts/fixtures/nessus.ts';
import { freshDatabase } from '../support/database.ts';
import { splitNessus, splitNmap } from '../support/split-scan.ts';
import {
  foldedOutcomes,
  newOrganization,
  type Outcome,
  storedOutcomes,
  takeIn,
} from '../support/stored-world.ts';

const SEED = 20261121;
/** Each run tries the same ones: whether PostgreSQL folds as core does in any order is found out in differential.test.ts. */
const ORDERS = Number(process.env['BACKCHECK_ORDERS'] ?? 8);

/** Undated files are declared around the times that the other recorded files state. */
const DECLARED = {
  first: '2026-11-21T01:00:00.000Z',
  second: '2026-11-22T01:00:00.000Z',
  third: '2026-11-23T01:00:00.000Z',
} as const satisfies Record<string, Instant>;

async function read(content: string, declaredAt?: Instant): Promise<ImportedScan> {
  return imported(await gather(content, declaredAt === undefined ? {} : { declaredAt }));
}

const scan = async (path: string, declaredAt?: Instant): Promise<ImportedScan> =>
  read(await fixture(path), declaredAt);

/** Each world is of the one asset 192.0.2.10; in each, something closes, something stays open or returns. */
const WORLDS: Readonly<Record<string, () => Promise<ImportedScan[]>>> = {
  nmap: () =>
    Promise.all(
      ['before', 'after', 'other-port', 'timed-out', 'service-stopped', 'down'].map((name) =>
        scan(`nmap/${name}.xml`),
      ),
    ),
  // The killed sslscan saw some of the weaknesses again.
  'sslscan and testssl.sh': async () => [
    await scan('sslscan/before.xml', DECLARED.first),
    await scan('sslscan/after.xml', DECLARED.second),
    await scan('sslscan/interrupted.xml', DECLARED.third),
    await scan('testssl/before.json'),
    await scan('testssl/interrupted.json'),
    await scan('testssl/after.json'),
  ],
  Nessus: () =>
    Promise.all(
      ['before', 'login-before', 'after-narrow-ports', 'after-older-feed', 'login-after', 'after-dead'].map(
        (name) => scan(`nessus/${name}.nessus`),
      ),
    ),
  'three tools, one file with two declared times': async () => [
    await scan('nmap/before.xml'),
    await scan('nessus/before.nessus'),
    await scan('nessus/after-clean.nessus'),
    await scan('sslscan/after.xml', DECLARED.first),
    await scan('sslscan/before.xml', DECLARED.second),
    // The same bytes as the first: a tool without times writes them again when it finds the same.
    await scan('sslscan/after.xml', DECLARED.third),
  ],
};

const permutationsOf = <T>(list: readonly T[]): T[][] =>
  list.length < 2
    ? [[...list]]
    : list.flatMap((one, index) => permutationsOf(list.toSpliced(index, 1)).map((rest) => [one, ...rest]));

function shuffles<T>(list: readonly T[], count: number): T[][] {
  const whole = { minLength: list.length, maxLength: list.length };
  return fc.sample(fc.shuffledSubarray([...list], whole), { seed: SEED, numRuns: count });
}

/** Whether the file says when its last presence was seen. Where it does not, the time of import stands for it. */
const isDated = ({ assets }: ImportedScan): boolean => assets.every((one) => one.finishedAt !== null);

/** As people import: one after the other. For a file that is dated from end to end the time of import is nothing. */
const oneByOne = (scans: readonly ImportedScan[]): ImportedScan[] =>
  scans.map((one, index) => {
    const importedAt = new Date(Date.UTC(2030, 0, 1, 0, index)).toISOString();
    return isDated(one) ? { ...one, importedAt } : one;
  });

let pool: pg.Pool;
beforeAll(async () => {
  pool = createWidePool({ connectionString: (await freshDatabase()).connectionString });
});
afterAll(() => pool.end());

/** What an organization of its own has after it was sent these scans. */
async function stored(scans: readonly ImportedScan[]): Promise<Map<string, Outcome>> {
  const organizationId = await newOrganization(pool);
  for (const one of oneByOne(scans)) await takeIn(pool, organizationId, one);
  return storedOutcomes(pool, organizationId);
}

const statesIn = (outcomes: ReadonlyMap<string, Outcome>): string[] =>
  [...new Set([...outcomes.values()].map((one) => one.state))].sort();

describe.each(Object.entries(WORLDS))('the files of one asset: %s', (_, load) => {
  test('in each of the 720 orders, every file twice, core finds the same states, reasons and proofs', async () => {
    const scans = await load();
    const expected = foldedOutcomes(scans);
    expect(statesIn(expected)).toContain('verified-fixed');
    expect(statesIn(expected).length).toBeGreaterThan(1);
    expect(
      new Set(scans.flatMap(({ assets }) => assets.map((one) => identityOf(one.identifiers)))),
    ).toContain('ip:192.0.2.10');
    const orders = permutationsOf(scans);
    expect(orders).toHaveLength(720);
    for (const order of orders) expect(foldedOutcomes(oneByOne([...order, ...order]))).toEqual(expected);
  });

  test(`in ${ORDERS} random orders, every file twice, PostgreSQL has the states, reasons and proofs that core finds`, async () => {
    const scans = await load();
    const expected = foldedOutcomes(scans);
    for (const order of shuffles(scans, ORDERS)) {
      const again = shuffles(order, 1)[0] ?? [];
      expect(await stored([...order, ...again]), order.map((one) => one.scan.format).join()).toEqual(
        expected,
      );
    }
  });
});

test('the weakness that comes back is regressed in whatever order the files came', async () => {
  const load = WORLDS['sslscan and testssl.sh'];
  expect(statesIn(foldedOutcomes((await load?.()) ?? []))).toEqual(['open', 'regressed', 'verified-fixed']);
});

/** Two assets, three runs: the first asset is repaired and breaks again, the second is repaired in the last run. */
async function nmapRuns(): Promise<string[]> {
  return Promise.all(['before', 'after', 'returned'].map((run) => fixture(`nmap/two-assets-${run}.xml`)));
}

const certificate: NessusItem = {
  plugin: 51192,
  port: 443,
  severity: 2,
  title: 'SSL Certificate Cannot Be Trusted',
};
const oldTls: NessusItem = {
  plugin: 104743,
  port: 443,
  severity: 2,
  title: 'TLS Version 1.0 Protocol Detection',
};
const patch: NessusItem = {
  plugin: 190001,
  port: 0,
  severity: 3,
  type: 'local',
  title: 'Operating system patch is missing',
};

function nessusRun(day: number, hosts: readonly Partial<NessusHost>[]): string {
  const start = Date.UTC(2026, 8, day, 1) / 1000;
  const addresses = ['192.0.2.10', '192.0.2.11'];
  const plugins = [51192, 104743, 190001];
  const visits = hosts.map((one, index): NessusHost => {
    const ip = addresses[index] ?? '';
    // the second starts when the first is half done
    const from = start + index * 300;
    return { name: ip, ip, start: from, end: from + 600, items: [], launched: plugins, ...one };
  });
  const head = { targets: addresses, portRange: '1-65535', plugins, feed: '202608310001' };
  return [...nessusFile({ ...head, hosts: visits })].join('');
}

/** The same story, and a login that works for one asset only. */
const root = { login: "yes, as 'root' via ssh" };
const nessusRuns = async (): Promise<string[]> => [
  nessusRun(1, [{ items: [certificate, oldTls] }, { items: [oldTls, patch], ...root }]),
  nessusRun(3, [{ items: [certificate] }, { items: [oldTls] }]),
  nessusRun(5, [{ items: [certificate, oldTls] }, { ...root }]),
];

/** What does not depend on which file a scan came in: the hash of a part is not that of the whole. */
function withoutFiles(outcomes: ReadonlyMap<string, Outcome>): Map<string, unknown> {
  const plain = ({ reasonScan: _, proof, ...rest }: Outcome) => ({
    ...rest,
    proof: proof === null ? null : { evidence: proof.evidence, at: proof.at },
  });
  return new Map([...outcomes].map(([key, outcome]) => [key, plain(outcome)]));
}

describe.each([
  { tool: 'nmap', runs: nmapRuns, split: splitNmap },
  { tool: 'Nessus', runs: nessusRuns, split: splitNessus },
])('scans of two assets by $tool', ({ runs, split }) => {
  /** Three runs, each whole or in parts: eight ways to send the same facts. */
  async function waysToSend(): Promise<ImportedScan[][]> {
    const texts = await runs();
    return Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7].map((way) =>
        Promise.all(
          texts.flatMap((text, run) => (way & (1 << run) ? split(text) : [text])).map((text) => read(text)),
        ),
      ),
    );
  }

  test('each part of a split file is a whole scan of one asset', async () => {
    for (const text of await runs()) {
      const whole = await read(text);
      const parts = await Promise.all(split(text).map((part) => read(part)));
      expect(whole.assets).toHaveLength(2);
      expect(parts.map(({ assets }) => assets.map((one) => one.identifiers))).toEqual(
        whole.assets.map((one) => [one.identifiers]),
      );
      expect(parts.map((one) => one.scan.complete)).toEqual([true, true]);
      expect(parts.flatMap((one) => one.observations)).toHaveLength(whole.observations.length);
    }
  });

  test('split per asset or merged, in every order, core finds the same states, reasons and times of proof', async () => {
    const [merged = [], ...others] = await waysToSend();
    const expected = withoutFiles(foldedOutcomes(merged));
    expect(statesIn(foldedOutcomes(merged))).toEqual(
      expect.arrayContaining(['open', 'regressed', 'verified-fixed']),
    );
    for (const way of others) {
      for (const order of permutationsOf(way)) expect(withoutFiles(foldedOutcomes(order))).toEqual(expected);
    }
  });

  test('the merged files and their parts together are still the same world', async () => {
    const ways = await waysToSend();
    const [merged = [], parts = []] = [ways[0], ways[7]];
    const expected = withoutFiles(foldedOutcomes(merged));
    for (const order of shuffles([...merged, ...parts], 24))
      expect(withoutFiles(foldedOutcomes(order))).toEqual(expected);
  });

  test('split or merged, in random orders and twice, PostgreSQL has the states and proofs that core finds', async () => {
    for (const way of await waysToSend()) {
      const expected = foldedOutcomes(way);
      for (const order of shuffles(way, Math.ceil(ORDERS / 8)))
        expect(await stored([...order, ...order.toReversed()])).toEqual(expected);
    }
  });
});
