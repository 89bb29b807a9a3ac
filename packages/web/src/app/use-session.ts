import { Session } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, remove } from './request.ts';

export const SESSION_KEY = 'session';

/** Who is signed in. Fails with a Refusal of status 401 when nobody is. */
export const useSession = () =>
  useQuery({
    queryKey: [SESSION_KEY],
    queryFn: ({ signal }) => get(Session, '/session', signal),
    staleTime: 60_000,
  });

/** Nothing that the account saw stays in this browser. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => remove('/session'),
    onSuccess: () => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY });
      return client.resetQueries({ queryKey: [SESSION_KEY] });
    },
  });
}
