import type { AssetPage } from '@backcheck/contract';

/** Scans that could leave an asset: those of a link, or its own, which then need a new name. */
export type WayToSplit =
  | { readonly kind: 'linked'; readonly identity: string; readonly from: string | null }
  | { readonly kind: 'own'; readonly identity: string; readonly newNames: readonly NewName[] };

interface NewName {
  readonly identity: string;
  /** When it was first seen here: most likely the moment when the other machine came. */
  readonly firstSeen: string;
}

/** What can be split off this asset. Its own scans only where it showed something that could name the other machine. */
export function waysToSplit({ asset, links }: Pick<AssetPage, 'asset' | 'links'>): WayToSplit[] {
  const linked = links
    .filter(({ target }) => target.id === asset.id)
    .map(({ identity, from }): WayToSplit => ({ kind: 'linked', identity, from }));
  const newNames = asset.identifiers
    .map(({ kind, value, firstSeen }) => ({ identity: `${kind}:${value}`, firstSeen }))
    .filter(({ identity }) => identity !== asset.identity && !asset.mergedFrom.includes(identity));
  // A link away is a split that is already there.
  const given = links.some(({ target }) => target.id !== asset.id);
  return newNames.length === 0 || given
    ? linked
    : [...linked, { kind: 'own', identity: asset.identity, newNames }];
}
