import {
  KnownExploited,
  LookBack,
  LookBackDetail,
  LookBackFindingList,
  LookBackList,
  type PublishLookBack,
  RescanPlan,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put, queryString } from '../app/request.ts';

const KEY = 'look-backs';
/** Milliseconds between two looks at one that is running. */
const LOOK = 4000;

export const useLookBacks = () =>
  useInfiniteQuery({
    queryKey: [KEY, 'list'],
    queryFn: ({ pageParam, signal }) =>
      get(LookBackList, `/look-backs${queryString({ cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const useLookBack = (id: string) =>
  useQuery({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => get(LookBackDetail, `/look-backs/${id}`, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'running' ? LOOK : false),
  });

/** `state`: what was drawn, and what became of it, is another list in each. */
export const useLookBackFindings = ({ id, state }: Pick<LookBack, 'id' | 'state'>) =>
  useInfiniteQuery({
    queryKey: [KEY, 'findings', id, state],
    queryFn: ({ pageParam, signal }) =>
      get(LookBackFindingList, `/look-backs/${id}/findings${queryString({ cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: state === 'running' ? LOOK : false,
  });

function useChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEY] });
}

export const usePublishLookBack = () =>
  useMutation({
    mutationFn: (wanted: PublishLookBack) => post(LookBack, '/look-backs', wanted),
    onSuccess: useChanged(),
  });

export const useLookBackStep = (id: string) =>
  useMutation({
    mutationFn: (step: 'draw' | 'start') => post(LookBack, `/look-backs/${id}/${step}`),
    onSuccess: useChanged(),
  });

export const useKnownExploited = () =>
  useQuery({
    queryKey: [KEY, 'known-exploited'],
    queryFn: ({ signal }) => get(KnownExploited, '/known-exploited', signal),
  });

export const useRescanPlan = (organizationId: string | undefined) =>
  useQuery({
    queryKey: [KEY, 'rescan-plan', organizationId],
    queryFn: ({ signal }) => get(RescanPlan, `/organizations/${organizationId}/rescan-plan`, signal),
    enabled: organizationId !== undefined,
  });

export function useSwitchRescanPlan(organizationId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => put(RescanPlan, `/organizations/${organizationId}/rescan-plan`, { on }),
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY, 'rescan-plan', organizationId] }),
  });
}
