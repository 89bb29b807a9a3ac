/** What came of the findings of one stratum. */
export interface StratumCount {
  /** Closed findings in it, drawn or not. */
  readonly population: number;
  readonly drawn: number;
  readonly proven: number;
  readonly regressed: number;
  readonly inconclusive: number;
}

/** Shares between 0 and 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface RateEstimate extends Interval {
  readonly rate: number;
}

/** The normal quantile of a two-sided 95 % interval. */
const Z = 1.959963984540054;

/**
 * The 95 % score interval of a share (E. B. Wilson 1927, JASA 22:209-212, equation 3), which keeps its promise also
 * for small samples and rare events, where the textbook interval fails (Brown, Cai and DasGupta 2001, Statistical
 * Science 16:101-133). `size` need not be whole; Infinity, for a share that is known of all, gives the share itself.
 */
export function wilson(share: number, size: number): Interval {
  if (size === Number.POSITIVE_INFINITY) return { low: share, high: share };
  const z2 = Z * Z;
  const middle = share + z2 / (2 * size);
  const reach = Z * Math.sqrt((share * (1 - share)) / size + z2 / (4 * size * size));
  const scale = 1 + z2 / size;
  // At 0 and 1 the ends are exact; rounding would leave them a hair inside or outside.
  return {
    low: share === 0 ? 0 : Math.max(0, (middle - reach) / scale),
    high: share === 1 ? 1 : Math.min(1, (middle + reach) / scale),
  };
}

/**
 * The size of a simple sample, drawn with replacement, that would be as exact as this stratified one was, if the share
 * is the same everywhere: 1 / Σ W² (N − n) / (n (N − 1)) with W = N / ΣN. For one stratum it is n (N − 1) / (N − n), the
 * finite population correction (Cochran 1977, Sampling Techniques, section 3.2); without that correction it is Kish's
 * effective size (Kish 1965, Survey Sampling, section 11.7). What is known of a whole stratum adds no doubt.
 */
export function effectiveSize(
  strata: readonly { readonly population: number; readonly known: number }[],
): number {
  const total = strata.reduce((sum, { population }) => sum + population, 0);
  const doubt = strata
    .filter(({ population, known }) => known < population)
    .reduce((sum, { population, known }) => {
      const weight = population / total;
      return sum + (weight * weight * (population - known)) / (known * (population - 1));
    }, 0);
  return 1 / doubt;
}

/**
 * Which share of the closed findings came back: the shares of the strata, weighted by what each has (Cochran 1977,
 * section 5A.1), with the score interval of the effective size. What could not be told is taken to be as the rest of
 * its stratum, and a stratum of which nothing is known as the rest of all. Null where nothing is known at all.
 */
export function regressionRate(strata: readonly StratumCount[]): RateEstimate | null {
  const told = strata
    .map(({ population, proven, regressed }) => ({ population, regressed, known: proven + regressed }))
    .filter(({ known }) => known > 0);
  if (told.length === 0) return null;
  const rate = weighted(
    told.map(({ population, regressed, known }) => ({ population, share: regressed / known })),
  );
  return { rate, ...wilson(rate, effectiveSize(told)) };
}

/** The share if everything that could not be told had come back. Null while nothing has ended. */
export function worstCase(strata: readonly StratumCount[]): number | null {
  const ended = strata
    .map(({ population, proven, regressed, inconclusive }) => ({
      population,
      bad: regressed + inconclusive,
      all: proven + regressed + inconclusive,
    }))
    .filter(({ all }) => all > 0);
  if (ended.length === 0) return null;
  return weighted(ended.map(({ population, bad, all }) => ({ population, share: bad / all })));
}

function weighted(parts: readonly { readonly population: number; readonly share: number }[]): number {
  const total = parts.reduce((sum, { population }) => sum + population, 0);
  const sum = parts.reduce((so, { population, share }) => so + population * share, 0);
  // A share of 1 everywhere is 1, whatever the rounding of the parts.
  return Math.min(1, sum / total);
}
