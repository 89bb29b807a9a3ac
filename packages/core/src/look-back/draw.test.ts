import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from '../observe/record.ts';
import { sha256Hex } from '../prove/hash.ts';
import { allocate } from './allocate.ts';
import {
  type DrawEntry,
  drawLine,
  drawnText,
  drawSample,
  LOOK_BACK_STRATA,
  rankOf,
  readDrawLine,
  stratumOf,
} from './draw.ts';

const SEED = 'ab'.repeat(32);

const entryOf = (finding: number, organization = 1): DrawEntry => ({
  certificate: sha256Hex(`closure ${finding}`),
  finding: `${finding}`,
  organization: `${organization}`,
  severity: SEVERITIES[finding % SEVERITIES.length] ?? 'info',
});
const entries = (count: number): DrawEntry[] =>
  Array.from({ length: count }, (_, at) => entryOf(at + 1, 1 + (at % 3)));

const populations = fc
  .uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 60 })
  .map((findings) => findings.map((one) => entryOf(one, 1 + (one % 7))));
const plans = fc.record({
  seed: fc.constantFrom(SEED, '0'.repeat(64), sha256Hex('dice')),
  sample: fc.option(fc.integer({ min: 1, max: 70 })),
  strata: fc.constantFrom(...LOOK_BACK_STRATA),
});
const sizesOf = fc
  .array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 30 })
  .map((sizes) => new Map(sizes.map((size, at) => [`${at}`, size])));
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

describe('the draw of a look-back', () => {
  test('is this one, for whoever repeats it in another language', () => {
    expect(rankOf(SEED, sha256Hex('closure 1'))).toBe(
      '9389a5e2863550e1ec71b1e726a4db2f98f2101a21ef57fb8c94fb35de1dfd21',
    );
    const drawn = drawSample(entries(40), { seed: SEED, sample: 6, strata: 'severity' });
    // worked out with another language's SHA-256 and sort, by docs/look-back.md
    expect(drawn.map(({ finding }) => finding)).toEqual(['22', '26', '19', '7', '33', '30']);
  });

  test('does not depend on the order in which the population is given', () => {
    fc.assert(
      fc.property(populations, plans, fc.infiniteStream(fc.nat()), (population, plan, order) => {
        const shuffled = population
          .map((entry) => ({ entry, place: order.next().value as number }))
          .sort((a, b) => a.place - b.place)
          .map(({ entry }) => entry);
        expect(drawSample(shuffled, plan)).toEqual(drawSample(population, plan));
      }),
    );
  });

  test('draws each at most once, as many as were asked for, and all where all were asked for', () => {
    fc.assert(
      fc.property(populations, plans, (population, plan) => {
        const drawn = drawSample(population, plan);
        expect(new Set(drawn.map(({ finding }) => finding)).size).toBe(drawn.length);
        expect(drawn.length).toBe(Math.min(plan.sample ?? population.length, population.length));
        expect(population).toEqual(expect.arrayContaining(drawn));
      }),
    );
  });

  test('a larger sample of an undivided population holds the smaller one', () => {
    fc.assert(
      fc.property(populations, fc.integer({ min: 1, max: 40 }), (population, sample) => {
        const plan = { seed: SEED, strata: 'none' } as const;
        const more = drawSample(population, { ...plan, sample: sample + 1 });
        expect(more).toEqual(expect.arrayContaining(drawSample(population, { ...plan, sample })));
      }),
    );
  });

  test('another seed draws others', () => {
    const plan = { sample: 20, strata: 'none' } as const;
    const one = drawSample(entries(400), { ...plan, seed: SEED });
    const other = drawSample(entries(400), { ...plan, seed: sha256Hex('dice') });
    expect(one).not.toEqual(other);
  });

  test('a finding of one stratum is drawn or not whatever stands in the others', () => {
    const plan = { seed: SEED, sample: 10, strata: 'organization' } as const;
    const drawn = drawSample(entries(60), plan).filter((entry) => stratumOf(entry, 'organization') === '2');
    const alone = drawSample(
      entries(60).filter(({ organization }) => organization === '2'),
      { ...plan, sample: drawn.length },
    );
    expect(drawn).toEqual(alone);
  });
});

describe('the sizes of the strata', () => {
  test('add up to the sample and stay within the strata', () => {
    fc.assert(
      fc.property(sizesOf, fc.integer({ min: 1, max: 20_000 }), (sizes, sample) => {
        const given = allocate(sizes, sample);
        expect(sum(given.values())).toBe(Math.min(sample, sum(sizes.values())));
        for (const [stratum, count] of given) expect(count).toBeLessThanOrEqual(sizes.get(stratum) ?? 0);
      }),
    );
  });

  test('leave no stratum out where the sample has room for all', () => {
    fc.assert(
      fc.property(sizesOf, fc.integer({ min: 0, max: 500 }), (sizes, more) => {
        const given = allocate(sizes, sizes.size + more);
        for (const stratum of sizes.keys()) expect(given.get(stratum)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('never give a smaller stratum more than a larger one', () => {
    fc.assert(
      fc.property(sizesOf, fc.integer({ min: 1, max: 20_000 }), (sizes, sample) => {
        const given = allocate(sizes, sample);
        const rising = [...sizes]
          .sort((a, b) => a[1] - b[1])
          .map(([stratum, size]) => [size, given.get(stratum) ?? 0]);
        for (const [at, [size = 0, count = 0]] of rising.entries()) {
          const [nextSize = size, next = count] = rising[at + 1] ?? [];
          if (nextSize > size) expect(next).toBeGreaterThanOrEqual(count);
        }
      }),
    );
  });

  test.each([
    // in proportion, by the largest remainder
    [{ a: 50, b: 30, c: 20 }, 10, { a: 5, b: 3, c: 2 }],
    [{ a: 6, b: 6, c: 2 }, 10, { a: 4, b: 4, c: 2 }],
    // the smallest one has a share below one
    [{ a: 990, b: 9, c: 1 }, 10, { a: 8, b: 1, c: 1 }],
    // no room for all
    [{ a: 5, b: 4, c: 1 }, 2, { a: 1, b: 1, c: 0 }],
    [{ a: 2, b: 1 }, 50, { a: 2, b: 1 }],
    [{ a: 3, b: 0 }, null, { a: 3 }],
  ])('of %j and a sample of %j are %j', (sizes, sample, expected) => {
    expect(Object.fromEntries(allocate(new Map(Object.entries(sizes)), sample))).toEqual(expected);
  });
});

describe('the published list', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(populations, (population) => {
        for (const entry of population) expect(readDrawLine(drawLine(entry))).toEqual(entry);
      }),
    );
  });

  const line = drawLine(entryOf(7));
  test.each([
    ['another order of the members', line.replace(/^\{(.*?),(.*)\}$/, '{$2,$1}')],
    ['a space', line.replace(':', ': ')],
    ['a severity that there is not', line.replace('medium', 'huge')],
    ['an id that is no text', line.replace('"finding":"7"', '"finding":7')],
    ['one member more', line.replace('}', ',"z":1}')],
    ['no object', '7'],
    ['no JSON', line.slice(0, -1)],
  ])('refuses a line with %s', (_, text) => {
    expect(text).not.toBe(line);
    expect(readDrawLine(text)).toBeNull();
  });

  test('names what was drawn by one id in a line', () => {
    expect(drawnText([entryOf(7), entryOf(12)])).toBe('7\n12\n');
  });
});
