import type { QueueItem } from '@backcheck/contract';
import type { Gift } from './use-ownership.ts';

/** To each suggested owner what is suggested to be its own; what has no suggestion goes to nobody. */
export function suggestedGifts(items: readonly QueueItem[]): Gift[] {
  const byReceiver = Map.groupBy(
    items.filter(({ guess }) => guess !== null),
    ({ guess }) => guess?.id ?? '',
  );
  return [...byReceiver].map(([organizationId, given]) => ({
    organizationId,
    assetIds: given.map(({ asset }) => asset.id),
  }));
}
