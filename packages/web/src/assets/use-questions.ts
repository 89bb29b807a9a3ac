import { IdentityTaskList, ResolvedTask, type ResolveTask } from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, queryString } from '../app/request.ts';
import type { AssetSearch } from './search.ts';

const PAGE = 20;

export const useQuestions = ({ organizationId, state }: AssetSearch) =>
  useInfiniteQuery({
    queryKey: ['assets', 'questions', organizationId, state],
    queryFn: ({ pageParam, signal }) =>
      get(
        IdentityTaskList,
        `/identity-tasks${queryString({ organizationId, state, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** How many questions are open in all organizations. */
export const useOpenQuestions = () =>
  useQuery({
    queryKey: ['assets', 'questions', 'open'],
    queryFn: async ({ signal }) => (await get(IdentityTaskList, '/identity-tasks?limit=1', signal)).open,
    staleTime: 30_000,
  });

interface Answer {
  readonly id: string;
  readonly body: z.input<typeof ResolveTask>;
}

export const useAnswer = () =>
  useMutation({
    mutationFn: ({ id, body }: Answer) => post(ResolvedTask, `/identity-tasks/${id}/resolve`, body),
  });
