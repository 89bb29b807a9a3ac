import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, Refusal } from './request.ts';
import { SESSION_KEY } from './use-session.ts';

/** A refusal (4xx) will be refused again: only a lost connection or a fault of the server is worth a second try. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof Refusal && error.status < 500);

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ran out shows at the next request of any screen; asking again brings the sign-in notice.
    onError: (error, query) => {
      if (isSignedOut(error) && query.queryKey[0] !== SESSION_KEY) {
        void queryClient.invalidateQueries({ queryKey: [SESSION_KEY] });
      }
    },
  }),
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 } },
});
