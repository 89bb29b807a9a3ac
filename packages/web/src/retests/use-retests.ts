import {
  type ClaimFix,
  FindingRetests,
  FixClaim,
  type RequestRetest,
  type Retest,
  RetestDetail,
  RetestList,
  RetestPlan,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { get, newKey, post, queryString } from '../app/request.ts';
import type { RetestSearch } from './search.ts';

const KEY = 'retests';
const PAGE = 50;
/** Milliseconds between two looks at a retest that is under way. */
const LOOK = 2000;

export const isOpen = ({ state }: Pick<Retest, 'state'>): boolean =>
  state === 'waiting' || state === 'running';

export const useRetests = ({ state, organizationId }: RetestSearch) =>
  useInfiniteQuery({
    queryKey: [KEY, 'list', state, organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(
        RetestList,
        `/retests${queryString({ state, organizationId, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ items }) => items.some(isOpen)) === true ? 2 * LOOK : false,
  });

export const useRetest = (id: string) =>
  useQuery({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => get(RetestDetail, `/retests/${id}`, signal),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isOpen(data) ? LOOK : false),
  });

/** What was claimed and asked about a finding. When a retest ends, the finding itself may be another one. */
export function useFindingRetests(findingId: string) {
  const client = useQueryClient();
  const found = useQuery({
    queryKey: [KEY, 'of-finding', findingId],
    queryFn: ({ signal }) => get(FindingRetests, `/findings/${findingId}/retests`, signal),
    refetchInterval: ({ state: { data } }) => (data?.retests.some(isOpen) === true ? LOOK : false),
  });
  const open = found.data?.retests.filter(isOpen).length;
  const before = useRef(open);
  useEffect(() => {
    if (open !== undefined && before.current !== undefined && open < before.current)
      void client.invalidateQueries({ queryKey: ['findings'] });
    before.current = open;
  }, [open, client]);
  return found;
}

export const useRetestPlan = (findingIds: readonly string[]) =>
  useQuery({
    queryKey: [KEY, 'plan', findingIds],
    queryFn: () => post(RetestPlan, '/retests/plan', { findingIds }),
    staleTime: 10_000,
  });

function useAgain() {
  const client = useQueryClient();
  return () => Promise.all([KEY, 'findings'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

/** A claim, and the retest that is to prove it. */
export interface Asking {
  /** Made when its evidence has arrived; null: nothing is claimed. */
  readonly claim: (() => Promise<z.input<typeof ClaimFix>>) | null;
  readonly request: Omit<RequestRetest, 'fixClaimId'>;
}

/**
 * The claim first, then the retest. Of one form: sent twice, or again after a lost answer, each is one. A claim that has
 * arrived is kept between two tries, also when it was changed in the form since.
 */
export function useAskForRetest() {
  const again = useAgain();
  const [key] = useState(newKey);
  const done = useRef<{ claimId?: string }>({});
  return useMutation({
    mutationFn: async ({ claim, request }: Asking) => {
      if (claim !== null)
        done.current.claimId ??= (await post(FixClaim, '/fix-claims', await claim(), key)).id;
      const { claimId } = done.current;
      const body = { ...request, ...(claimId === undefined ? {} : { fixClaimId: claimId }) };
      return post(RetestDetail, '/retests', body, key);
    },
    onSettled: again,
  });
}

export function useSignClaim(id: string) {
  const again = useAgain();
  return useMutation({
    mutationFn: () => post(FixClaim, `/fix-claims/${id}/sign`),
    onSettled: again,
  });
}

export function useStopRetest() {
  const again = useAgain();
  return useMutation({
    mutationFn: (id: string) => post(RetestDetail, `/retests/${id}/stop`),
    onSuccess: again,
  });
}
