import { Session } from '@backcheck/contract';
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, remove } from './request.ts';

export const SESSION_KEY = 'session';

/** Who is signed in. Fails with a Refusal of status 401 when nobody is. */
export const useSession = () =>
  useQuery({
    queryKey: [SESSION_KEY],
    queryFn: ({ signal }) => get(Session, '/session', signal),
    staleTime: 60_000,
  });

/** Somebody else is at this browser now, or nobody: nothing that the account before saw stays in it. */
export function startOver(client: QueryClient): Promise<void> {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY });
  return client.resetQueries({ queryKey: [SESSION_KEY] });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => remove('/session'), onSuccess: () => startOver(client) });
}
