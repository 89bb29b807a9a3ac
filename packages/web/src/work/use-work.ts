import { DueFindingList, WorkCounts, WorkItemList } from '@backcheck/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, queryString } from '../app/request.ts';

const KEY = 'work';
/** What waits changes while one looks. */
const REFRESH = 30_000;

export const useWorkCounts = (organizationId: string | undefined) =>
  useQuery({
    queryKey: [KEY, 'counts', organizationId],
    queryFn: ({ signal }) => get(WorkCounts, `/work${queryString({ organizationId })}`, signal),
    refetchInterval: REFRESH,
    placeholderData: (before) => before,
  });

export const useDue = (list: 'due-soon' | 'overdue', organizationId: string | undefined) =>
  useQuery({
    queryKey: [KEY, list, organizationId],
    queryFn: ({ signal }) => get(DueFindingList, `/work/${list}${queryString({ organizationId })}`, signal),
    refetchInterval: REFRESH,
  });

export const useWaiting = (turn: 'coordinator' | 'organization', organizationId: string | undefined) =>
  useInfiniteQuery({
    queryKey: [KEY, turn, organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(WorkItemList, `/work/${turn}${queryString({ organizationId, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: REFRESH,
  });
