interface Part {
  readonly stratum: string;
  readonly size: number;
}

const bySize = (a: Part, b: Part): number =>
  a.size - b.size || (a.stratum < b.stratum ? -1 : a.stratum > b.stratum ? 1 : 0);

/**
 * How many of `sample` fall to each part, given how many it has. In proportion, by the largest remainder (Hamilton's
 * method; of equal remainders the larger part's, then that of the later name). Where the sample has room for all parts,
 * one whose share is below one gets one first, and the others share the rest. Null draws everything.
 */
export function allocate(sizes: ReadonlyMap<string, number>, sample: number | null): Map<string, number> {
  const parts = [...sizes].map(([stratum, size]): Part => ({ stratum, size })).filter(({ size }) => size > 0);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const wanted = Math.min(sample ?? total, total);
  if (wanted < parts.length) return shared(parts, wanted);
  const rising = parts.toSorted(bySize);
  const given = new Map<string, number>();
  let [left, among] = [wanted, total];
  // From the smallest up: as soon as one has a share of one, all the larger ones have.
  for (const { stratum, size } of rising) {
    if (left * size >= among) break;
    given.set(stratum, 1);
    left -= 1;
    among -= size;
  }
  const others = rising.filter(({ stratum }) => !given.has(stratum));
  return new Map([...given, ...shared(others, left)]);
}

/** Products of whole numbers stay exact: 10,000,000 findings times a sample of 100,000 is below 2^53. */
function shared(parts: readonly Part[], wanted: number): Map<string, number> {
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const quotas = parts.map((part) => ({
    ...part,
    whole: Math.floor((wanted * part.size) / total),
    remainder: (wanted * part.size) % total,
  }));
  const open = wanted - quotas.reduce((sum, { whole }) => sum + whole, 0);
  const ahead = new Set(
    quotas
      .toSorted((a, b) => b.remainder - a.remainder || bySize(b, a))
      .slice(0, open)
      .map(({ stratum }) => stratum),
  );
  return new Map(quotas.map(({ stratum, whole }) => [stratum, whole + (ahead.has(stratum) ? 1 : 0)]));
}
