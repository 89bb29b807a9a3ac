import {
  AssetOwnership,
  ClaimList,
  type CreateClaim,
  HandedOver,
  OwnershipClaim,
  QueueCounts,
  QueueList,
} from '@backcheck/contract';
import { ROLES, roleMay, sideOf } from '@backcheck/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, queryString, remove } from '../app/request.ts';
import { useAccess } from '../app/use-access.ts';
import type { QueueSearch } from './search.ts';

const PAGE = 50;

export const useQueue = ({ reason, organizationId }: QueueSearch) =>
  useInfiniteQuery({
    queryKey: ['ownership', 'queue', reason, organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(
        QueueList,
        `/ownership/queue${queryString({ reason, organizationId, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

export const useQueueCounts = (organizationId: string | undefined) =>
  useQuery({
    queryKey: ['ownership', 'counts', organizationId],
    queryFn: ({ signal }) =>
      get(QueueCounts, `/ownership/queue/counts${queryString({ organizationId })}`, signal),
  });

export const useAssetOwnership = (assetId: string) =>
  useQuery({
    queryKey: ['ownership', 'asset', assetId],
    queryFn: ({ signal }) => get(AssetOwnership, `/assets/${assetId}/ownership`, signal),
  });

export const useClaims = (organizationId: string) =>
  useInfiniteQuery({
    queryKey: ['ownership', 'claims', organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(
        ClaimList,
        `/ownership/claims${queryString({ organizationId, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** Only the coordinator gives an asset to another organization. */
export function useMayHandOver(): boolean {
  const { data } = useAccess();
  const roles = ROLES.filter(
    (role) => sideOf(role) === 'coordinator' && roleMay(role, { object: 'asset', action: 'update' }),
  );
  return data?.grants.some(({ role, system }) => system === null && roles.includes(role)) === true;
}

/** Whose an asset is decides which lists it is in: all of them ask again. */
function useOwnershipChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ['ownership', 'assets', 'registers', 'organizations', 'findings'].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

export function useClaimChanges() {
  const onSuccess = useOwnershipChanged();
  const claim = useMutation({
    mutationFn: (body: z.input<typeof CreateClaim>) => post(OwnershipClaim, '/ownership/claims', body),
    onSuccess,
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => remove(`/ownership/claims/${id}`),
    onSuccess,
  });
  return { claim, withdraw };
}

export function useDispute(assetId: string) {
  const onSuccess = useOwnershipChanged();
  const notOurs = useMutation({
    mutationFn: (reason: string) => post(AssetOwnership, `/assets/${assetId}/not-ours`, { reason }),
    onSuccess,
  });
  const oursAfterAll = useMutation({
    mutationFn: (note: string) => post(AssetOwnership, `/assets/${assetId}/ours-after-all`, { note }),
    onSuccess,
  });
  return { notOurs, oursAfterAll };
}

/** Assets and who receives them. */
export interface Gift {
  readonly assetIds: readonly string[];
  readonly organizationId: string;
}

interface Giving {
  readonly gifts: readonly Gift[];
  readonly note: string;
}

/** One request for each receiver, one after the other: each has its own outcomes. */
export function useHandOver() {
  const onSettled = useOwnershipChanged();
  return useMutation({
    mutationFn: async ({ gifts, note }: Giving): Promise<HandedOver['outcomes']> => {
      const outcomes: HandedOver['outcomes'] = [];
      for (const { assetIds, organizationId } of gifts) {
        const done = await post(HandedOver, '/ownership/hand-overs', { assetIds, organizationId, note });
        outcomes.push(...done.outcomes);
      }
      return outcomes;
    },
    onSettled,
  });
}
