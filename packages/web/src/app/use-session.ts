import { Session } from '@backcheck/contract';
import {
  type Query,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { get, remove } from './request.ts';

export const SESSION_KEY = 'session';

export const sessionQuery = queryOptions({
  queryKey: [SESSION_KEY],
  queryFn: async ({ signal, client }) => {
    const session = await get(Session, '/session', signal);
    const before = client.getQueryData<Session>([SESSION_KEY]);
    // Somebody else signed in beside this page, in another tab of the same browser.
    if (before !== undefined && before.account.id !== session.account.id) forget(client);
    return session;
  },
  staleTime: 60_000,
});

/** Who is signed in. Fails with a Refusal of status 401 when nobody is. */
export const useSession = () => useQuery(sessionQuery);

/** All that was asked for but who is signed in. */
const others = { predicate: ({ queryKey }: Query): boolean => queryKey[0] !== SESSION_KEY };
const forget = (client: QueryClient): void => client.removeQueries(others);

/**
 * Somebody signed in where nobody was. What the same account had on its screen when its session ended is asked for
 * anew; what another one had is gone, see `sessionQuery`.
 */
export async function goOn(client: QueryClient): Promise<void> {
  await client.refetchQueries({ queryKey: [SESSION_KEY] });
  void client.invalidateQueries(others);
}

/** Somebody else is at this browser now, or nobody: nothing that the account before saw stays in it. */
export function startOver(client: QueryClient): Promise<void> {
  forget(client);
  return client.resetQueries({ queryKey: [SESSION_KEY] });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => remove('/session'), onSuccess: () => startOver(client) });
}
