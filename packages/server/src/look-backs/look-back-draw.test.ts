import { createHash } from 'node:crypto';
import { LookBack } from '@backcheck/contract';
import {
  DRAW_METHOD,
  type DrawEntry,
  drawnText,
  drawSample,
  entryHash,
  type LedgerEntry,
  LOOK_BACK_STRATA,
  leafOf,
  readDrawLine,
  verifyChain,
} from '@backcheck/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { CityOfLakes } from './city-of-lakes.fixture.ts';
import { closeFindings } from './closed-findings.fixture.ts';

const SEED = 'ab'.repeat(32);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let lakes: CityOfLakes;
beforeAll(async () => {
  lakes = await CityOfLakes.build();
});

async function populationOf(id: string): Promise<{ text: string; entries: DrawEntry[] }> {
  const text = (await lakes.running.get(`/api/v1/look-backs/${id}/population`)).body;
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => readDrawLine(line));
  return { text, entries: entries.filter((one) => one !== null) };
}

async function entriesOf(chain: string): Promise<LedgerEntry[]> {
  const { rows } = await lakes.running.parts.widePool.query<{ entry: LedgerEntry }>(
    'select entry from ledger where organization_id = $1 order by seq',
    [chain],
  );
  return rows.map(({ entry }) => entry);
}

async function leafIn(chain: string, seq: number): Promise<Record<string, unknown>> {
  const { rows } = await lakes.running.parts.widePool.query<{ record: string; hash: string }>(
    `select record, encode(hash, 'hex') as hash from ledger_leaf where organization_id = $1 and seq = $2`,
    [chain, seq],
  );
  const record = JSON.parse(rows[0]?.record ?? 'null');
  expect(rows.map(({ hash }) => hash)).toEqual([leafOf(record)]);
  return record;
}

describe('the publication of a look-back', () => {
  test('stands in the ledger of its node with rule, size, strata and seed, before anything is drawn', async () => {
    const one = await lakes.publish({ seed: SEED, rule: { severities: ['high'] } });
    expect(one).toMatchObject({
      state: 'published',
      seed: SEED,
      method: DRAW_METHOD,
      drawnAt: null,
      report: null,
    });
    expect(one.publishedIn.chain).toBe(lakes.city);
    const entries = await entriesOf(lakes.city);
    expect(verifyChain(entries)).toMatchObject({ intact: true });
    const entry = entries[one.publishedIn.seq - 1];
    expect(entry === undefined ? null : entryHash(entry)).toBe(one.publishedIn.hash);
    expect(await leafIn(lakes.city, one.publishedIn.seq)).toEqual({
      kind: 'look-back-publication',
      lookBack: one.id,
      at: one.publishedAt,
      organization: lakes.city,
      title: 'Spring',
      rule: { closedFrom: null, closedUntil: null, severities: ['high'], knownExploited: false, checks: [] },
      sample: 10,
      strata: 'severity',
      method: DRAW_METHOD,
      seed: SEED,
    });
  });

  test('takes a fresh seed where nobody threw one', async () => {
    const [one, other] = [await lakes.publish(), await lakes.publish()];
    expect(one.seed).toMatch(/^[0-9a-f]{64}$/);
    expect(other.seed).not.toBe(one.seed);
  });

  test('over the whole installation stands in its own chain', async () => {
    const one = LookBack.parse((await lakes.post('', { ...lakes.plan(), organizationId: undefined })).json());
    expect(one).toMatchObject({ organizationId: null, publishedIn: { chain: '0' } });
    expect(verifyChain(await entriesOf('0'))).toMatchObject({ intact: true });
  });
});

describe('the draw', () => {
  test('freezes what is closed below the node, and its hashes stand in the ledger', async () => {
    const one = await lakes.drawn({ seed: SEED });
    const { text, entries } = await populationOf(one.id);
    expect(one.populationSha256).toBe(sha256(text));
    expect(new Set(entries.map(({ organization }) => organization))).toEqual(
      new Set([lakes.hospital, lakes.school]),
    );
    expect(entries).toHaveLength(28);
    expect(one.report).toMatchObject({ population: 28, drawn: 10, waiting: 10, regressionRate: null });
    expect(one.drawnIn?.seq).toBeGreaterThan(one.publishedIn.seq);
    const sample = drawSample(entries, { seed: SEED, sample: 10, strata: 'severity' });
    expect(await leafIn(lakes.city, one.drawnIn?.seq ?? 0)).toEqual({
      kind: 'look-back-draw',
      lookBack: one.id,
      at: one.drawnAt,
      method: DRAW_METHOD,
      population: { size: 28, sha256: sha256(text) },
      drawn: { size: 10, sha256: sha256(drawnText(sample)) },
    });
    expect(one.drawnSha256).toBe(sha256(drawnText(sample)));
    expect(verifyChain(await entriesOf(lakes.city))).toMatchObject({ intact: true });
    expect(
      (await lakes.detail(one.id)).strataCounts.map(({ stratum, population, drawn: some }) => [
        stratum,
        population,
        some,
      ]),
    ).toEqual([
      ['critical', 7, 3],
      ['high', 12, 4],
      ['low', 9, 3],
    ]);
  });

  test.each(
    LOOK_BACK_STRATA.flatMap((strata) => [1, 2, 9, 27, 500, null].map((sample) => [strata, sample] as const)),
  )('by %s of %j takes what core takes', async (strata, sample) => {
    const one = await lakes.drawn({ strata, sample });
    const { entries } = await populationOf(one.id);
    const expected = drawSample(entries, { seed: one.seed, sample, strata });
    const found = (await lakes.findingsOf(one.id)).map(({ findingId }) => findingId);
    expect(found.toSorted()).toEqual(expected.map(({ finding }) => finding).toSorted());
    expect(one.drawnSha256).toBe(sha256(drawnText(expected)));
  });

  test.each([
    [{ severities: ['low'] }, 9],
    [{ checks: ['house-audit:weak-tls'] }, 28],
    [{ checks: ['house-audit:other'] }, null],
    [{ closedFrom: '2026-03-02T10:00:00Z' }, 28],
    [{ closedFrom: '2026-03-02T10:00:01Z' }, null],
    [{ closedUntil: '2026-03-02T10:00:00Z' }, null],
    [{ closedUntil: '2026-03-02T18:00:00.001+08:00' }, 28],
    [{ knownExploited: true }, null],
  ])('of the rule %j has a population of %j', async (rule, size) => {
    const answer = (await lakes.post(`/${(await lakes.publish({ rule })).id}/draw`)).json();
    if (size === null) expect(answer.code).toBe('LOOK_BACK_EMPTY');
    else expect(LookBack.parse(answer).report?.population).toBe(size);
  });

  test('is made once, and one of nothing leaves the publication as it was', async () => {
    const one = await lakes.drawn();
    expect((await lakes.post(`/${one.id}/draw`)).json()).toMatchObject({ code: 'LOOK_BACK_NOT_READY' });
    const nothing = await lakes.publish({ rule: { checks: ['no:such'] } });
    expect((await lakes.post(`/${nothing.id}/draw`)).json()).toMatchObject({ code: 'LOOK_BACK_EMPTY' });
    expect(await lakes.detail(nothing.id)).toMatchObject({ state: 'published', drawnIn: null });
    expect((await lakes.running.get(`/api/v1/look-backs/${nothing.id}/population`)).json().code).toBe(
      'LOOK_BACK_NOT_READY',
    );
    expect((await lakes.post(`/${nothing.id}/start`)).json().code).toBe('LOOK_BACK_NOT_READY');
  });

  test('does not change when something is closed or comes back afterwards', async () => {
    const one = await lakes.drawn({ sample: null });
    const before = (await populationOf(one.id)).text;
    await closeFindings(lakes.running, {
      organizationId: lakes.school,
      severity: 'high',
      addresses: ['203.0.113.77'],
      at: '2026-03-03T10:00:00.000Z',
    });
    expect((await populationOf(one.id)).text).toBe(before);
    expect((await lakes.drawn({ sample: null })).report?.population).toBe(29);
  });
});
