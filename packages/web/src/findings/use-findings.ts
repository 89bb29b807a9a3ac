import { Finding, FindingHistory, FindingList, SiblingList } from '@backcheck/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, queryString } from '../app/request.ts';
import { DEFAULT_GROUP, type Filters } from './filters.ts';

const PAGE = 50;

/** The list, page by page through the API's keyset cursor: the hundredth page costs what the first costs. */
export const useFindings = (filters: Filters) =>
  useInfiniteQuery({
    queryKey: ['findings', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      get(
        FindingList,
        `/findings${queryString({ groupBy: DEFAULT_GROUP, ...filters, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Coming back from a finding must not load all pages again.
    staleTime: 30_000,
    placeholderData: (before) => before,
  });

export const useFinding = (id: string) =>
  useQuery({
    queryKey: ['findings', 'one', id],
    queryFn: ({ signal }) => get(Finding, `/findings/${id}`, signal),
  });

export const useFindingHistory = (id: string) =>
  useQuery({
    queryKey: ['findings', 'history', id],
    queryFn: ({ signal }) => get(FindingHistory, `/findings/${id}/history`, signal),
  });

export const useSiblings = (id: string) =>
  useQuery({
    queryKey: ['findings', 'siblings', id],
    queryFn: ({ signal }) => get(SiblingList, `/findings/${id}/problem`, signal),
  });
