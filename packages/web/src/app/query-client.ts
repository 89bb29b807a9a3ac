import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { changesSession, Refusal } from './request.ts';
import { SESSION_KEY } from './use-session.ts';

/** A refusal (4xx) will be refused again: only a lost connection or a fault of the server is worth a second try. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof Refusal && error.status < 500);

/**
 * A session that ran out shows at the next request of any screen; asking again brings the page for signing in. Told by
 * the two caches below, and by uploads, which go through neither.
 */
export function askWhoIsSignedIn(error: Error): void {
  if (changesSession(error)) void queryClient.invalidateQueries({ queryKey: [SESSION_KEY] });
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== SESSION_KEY) askWhoIsSignedIn(error);
    },
  }),
  mutationCache: new MutationCache({ onError: (error) => askWhoIsSignedIn(error) }),
  // Whether there is a net says nothing: the server may stand on this machine. What cannot be sent fails and says so,
  // instead of waiting without a word for a net that never comes.
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 5_000, networkMode: 'always', refetchOnReconnect: true },
    mutations: { networkMode: 'always' },
  },
});
