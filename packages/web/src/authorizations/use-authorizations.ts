import { Authorization, AuthorizationList, type AuthorizationTerms } from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, postForm, queryString } from '../app/request.ts';

const KEY = 'authorizations';
const PAGE = 50;

export const useAuthorizations = (organizationId: string | undefined) =>
  useInfiniteQuery({
    queryKey: [KEY, 'list', organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(
        AuthorizationList,
        `/authorizations${queryString({ organizationId, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

export const useAuthorization = (id: string) =>
  useQuery({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => get(Authorization, `/authorizations/${id}`, signal),
    refetchInterval: ({ state: { data } }) => ((data?.running ?? 0) > 0 ? 2000 : 30_000),
  });

/** What is drafted: the terms, and the paper that was signed. */
export interface Draft {
  readonly organizationId: string;
  readonly terms: z.input<typeof AuthorizationTerms>;
  readonly file: File;
}

export function useDraftAuthorization() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ organizationId, terms, file }: Draft) => {
      const form = new FormData();
      form.set('organizationId', organizationId);
      form.set('terms', JSON.stringify(terms));
      form.set('file', file);
      return postForm(Authorization, '/authorizations', form);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** The names are those of the operations. */
export const AUTHORIZATION_CHANGES = ['approve', 'stop', 'resume', 'revoke'] as const;
export type AuthorizationChange = (typeof AUTHORIZATION_CHANGES)[number];

export function useChangeAuthorization(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: AuthorizationChange) => post(Authorization, `/authorizations/${id}/${change}`),
    onSettled: () =>
      Promise.all([KEY, 'retests'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
