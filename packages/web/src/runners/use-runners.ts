import { RegisteredRunner, type RegisterRunner, Runner, RunnerList } from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, queryString } from '../app/request.ts';

const KEY = 'runners';

export const useRunners = () =>
  useInfiniteQuery({
    queryKey: [KEY],
    queryFn: ({ pageParam, signal }) =>
      get(RunnerList, `/runners${queryString({ limit: 50, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 5000,
  });

function useAgain() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEY] });
}

export function useRegisterRunner() {
  const onSuccess = useAgain();
  return useMutation({
    mutationFn: (body: z.input<typeof RegisterRunner>) => post(RegisteredRunner, '/runners', body),
    onSuccess,
  });
}

export function useRevokeRunner() {
  const onSuccess = useAgain();
  return useMutation({ mutationFn: (id: string) => post(Runner, `/runners/${id}/revoke`), onSuccess });
}
