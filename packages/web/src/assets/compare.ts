import type { SeenIdentifier } from '@backcheck/contract';

/** One identifier, and when each asset had it; null where it never had. */
export interface Compared extends Pick<SeenIdentifier, 'kind' | 'value'> {
  readonly seen: readonly (Pick<SeenIdentifier, 'firstSeen' | 'lastSeen'> | null)[];
}

/** What all of the assets had, and what only some had; sorted by kind and value. */
export function compare(assets: readonly (readonly SeenIdentifier[])[]): {
  shared: Compared[];
  differs: Compared[];
} {
  const all = new Map(assets.flat().map((one) => [`${one.kind}:${one.value}`, one]));
  const rows = [...all.keys()].sort().flatMap((key): Compared[] => {
    const one = all.get(key);
    if (one === undefined) return [];
    const { kind, value } = one;
    const seen = assets.map(
      (identifiers) => identifiers.find((other) => other.kind === kind && other.value === value) ?? null,
    );
    return [{ kind, value, seen }];
  });
  const isShared = ({ seen }: Compared) => seen.every((one) => one !== null);
  return { shared: rows.filter(isShared), differs: rows.filter((row) => !isShared(row)) };
}
