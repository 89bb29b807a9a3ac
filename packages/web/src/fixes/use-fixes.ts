import { Fix, FixFindingList, FixList, FixOrganizationList } from '@backcheck/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, queryString } from '../app/request.ts';

const KEY = 'fixes';

export const useFixes = (organizationId: string | undefined, done: boolean) =>
  useInfiniteQuery({
    queryKey: [KEY, 'list', organizationId, done],
    queryFn: ({ pageParam, signal }) =>
      get(FixList, `/fixes${queryString({ organizationId, done: `${done}`, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** `organizationId` undefined: over all that the caller sees. */
export const useFix = (id: string, organizationId: string | undefined) =>
  useQuery({
    queryKey: [KEY, 'one', id, organizationId],
    queryFn: ({ signal }) => get(Fix, `/fixes/${id}${queryString({ organizationId })}`, signal),
  });

export const useFixFindings = (id: string, organizationId: string) =>
  useInfiniteQuery({
    queryKey: [KEY, 'findings', id, organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(
        FixFindingList,
        `/fixes/${id}/findings${queryString({ organizationId, limit: 500, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const useFixOrganizations = (id: string) =>
  useInfiniteQuery({
    queryKey: [KEY, 'organizations', id],
    queryFn: ({ pageParam, signal }) =>
      get(FixOrganizationList, `/fixes/${id}/organizations${queryString({ cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
