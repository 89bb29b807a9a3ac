import {
  type Asset,
  AssetChange,
  AssetList,
  AssetPage,
  type LinkChange,
  type MergeAsset,
  type SplitAsset,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, queryString } from '../app/request.ts';
import type { AssetSearch } from './search.ts';

const PAGE = 50;
const SUGGESTIONS = 20;

export const useAssets = ({ organizationId, q }: AssetSearch) =>
  useInfiniteQuery({
    queryKey: ['assets', 'list', organizationId, q],
    queryFn: ({ pageParam, signal }) =>
      get(AssetList, `/assets${queryString({ organizationId, q, limit: PAGE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

export const useAsset = (id: string) =>
  useQuery({
    queryKey: ['assets', 'one', id],
    queryFn: ({ signal }) => get(AssetPage, `/assets/${id}`, signal),
  });

/** Other assets of the same organization that had such an identifier. */
export const useOtherAssets = (asset: Asset, q: string) =>
  useQuery({
    queryKey: ['assets', 'others', asset.id, q],
    queryFn: async ({ signal }) => {
      const found = { organizationId: asset.organization.id, q, limit: SUGGESTIONS };
      const { items } = await get(AssetList, `/assets${queryString(found)}`, signal);
      return items.filter(({ id }) => id !== asset.id);
    },
    placeholderData: (before) => before,
  });

interface Merge {
  /** The asset whose scans go. */
  readonly id: string;
  readonly body: z.input<typeof MergeAsset>;
}

export const useMergeAssets = () =>
  useMutation({
    mutationFn: async ({ id, body }: Merge): Promise<LinkChange> =>
      (await post(AssetChange, `/assets/${id}/merge`, body)).changed,
  });

export const useSplitAsset = (id: string) =>
  useMutation({
    mutationFn: async (body: z.input<typeof SplitAsset>): Promise<LinkChange> =>
      (await post(AssetChange, `/assets/${id}/split`, body)).changed,
  });
