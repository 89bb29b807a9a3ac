import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveSize, regressionRate, type StratumCount, wilson, worstCase } from './interval.ts';

const stratum = (population: number, regressed: number, proven: number, inconclusive = 0): StratumCount => ({
  population,
  drawn: regressed + proven + inconclusive,
  regressed,
  proven,
  inconclusive,
});

const strata = fc.array(
  fc
    .record({ left: fc.nat(200), regressed: fc.nat(20), proven: fc.nat(40), inconclusive: fc.nat(10) })
    .map(({ left, regressed, proven, inconclusive }) =>
      stratum(left + regressed + proven + inconclusive, regressed, proven, inconclusive),
    ),
  { maxLength: 6 },
);

describe('the 95 % interval', () => {
  // R. G. Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (seen, size, low, high) => {
    const found = wilson(seen / size, size);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  test('of a list of 3,042 of which 200 were looked at has the published standard error (Cochran 1977, chapter 3)', () => {
    const size = effectiveSize([{ population: 3042, known: 200 }]);
    expect(Math.sqrt((0.19 * 0.81) / size)).toBeCloseTo(0.0268, 4);
  });

  test('solves the equation that defines it: at each end the observed share is 1.96 standard errors away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), fc.nat(2000), (size, seen, left) => {
        const share = Math.min(seen, size) / size;
        const known = effectiveSize([{ population: size + left + 1, known: size }]);
        const { low, high } = wilson(share, known);
        for (const end of [low, high].filter((one) => one > 0 && one < 1))
          expect(Math.abs(share - end)).toBeCloseTo(
            1.959963984540054 * Math.sqrt((end * (1 - end)) / known),
            9,
          );
      }),
    );
  });

  test('holds what is true in 95 of 100 draws from a list of 120, counted over every possible draw', () => {
    const [population, known] = [120, 30];
    const coverage = Array.from({ length: population + 1 }, (_, bad) => coverageOf(population, known, bad));
    const average = coverage.reduce((a, b) => a + b, 0) / coverage.length;
    expect(average).toBeGreaterThan(0.94);
    expect(average).toBeLessThan(0.97);
    expect(Math.min(...coverage)).toBeGreaterThan(0.8);
  });
});

/** How likely a draw of `known` out of `population`, of which `bad` are bad, gives an interval that holds the truth. */
function coverageOf(population: number, known: number, bad: number): number {
  let sum = 0;
  for (let seen = Math.max(0, known - (population - bad)); seen <= Math.min(known, bad); seen += 1) {
    const { low, high } = wilson(seen / known, effectiveSize([{ population, known }]));
    const truth = bad / population;
    if (low <= truth && truth <= high) sum += Math.exp(logHypergeometric(population, known, bad, seen));
  }
  return sum;
}

const logHypergeometric = (population: number, known: number, bad: number, seen: number): number =>
  logChoose(bad, seen) + logChoose(population - bad, known - seen) - logChoose(population, known);

function logChoose(of: number, some: number): number {
  let sum = 0;
  for (let one = 1; one <= some; one += 1) sum += Math.log((of - some + one) / one);
  return sum;
}

describe('the regression rate', () => {
  test('lies in its interval, and both between 0 and 1', () => {
    fc.assert(
      fc.property(strata, (counts) => {
        const found = regressionRate(counts);
        if (found === null) return;
        expect(found.low).toBeGreaterThanOrEqual(0);
        expect(found.low).toBeLessThanOrEqual(found.rate + 1e-12);
        expect(found.high).toBeGreaterThanOrEqual(found.rate - 1e-12);
        expect(found.high).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('is not better than the rate of the worst case is worse', () => {
    fc.assert(
      fc.property(strata, (counts) => {
        const [found, worst] = [regressionRate(counts), worstCase(counts)];
        if (found !== null && counts.every(({ proven, regressed }) => proven + regressed > 0))
          expect(worst).toBeGreaterThanOrEqual(found.rate - 1e-12);
      }),
    );
  });

  test('is that of the sample where it was drawn in proportion', () => {
    const found = regressionRate([stratum(500, 2, 23), stratum(300, 3, 12), stratum(200, 0, 10)]);
    expect(found?.rate).toBeCloseTo(5 / 50, 12);
    expect(
      effectiveSize([500, 300, 200].map((population) => ({ population, known: population / 20 }))),
    ).toBeCloseTo(
      // a stratum has one degree of freedom less than its size, so slightly less than the 52.58 of an undivided list
      52.5,
      0,
    );
  });

  test('weighs a stratum by what it has, not by what was drawn of it', () => {
    const found = regressionRate([stratum(900, 0, 30), stratum(100, 15, 15)]);
    expect(found?.rate).toBeCloseTo(0.05, 12);
  });

  test('is exact where everything was looked at', () => {
    expect(regressionRate([stratum(10, 3, 7), stratum(1, 0, 1)])).toEqual({
      rate: 3 / 11,
      low: 3 / 11,
      high: 3 / 11,
    });
  });

  test('still has an upper end above zero where nothing came back of a part that was looked at', () => {
    const found = regressionRate([stratum(1000, 0, 20)]);
    expect(found).toMatchObject({ rate: 0, low: 0 });
    expect(found?.high).toBeCloseTo(0.1585, 3);
  });

  test('is not known as long as nothing is, and then there is no worst case either', () => {
    expect(regressionRate([])).toBeNull();
    expect(regressionRate([stratum(50, 0, 0, 4)])).toBeNull();
    expect(worstCase([stratum(50, 0, 0)])).toBeNull();
    expect(worstCase([stratum(50, 0, 0, 4)])).toBe(1);
  });
});
