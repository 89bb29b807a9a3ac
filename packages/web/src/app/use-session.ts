import { Session } from '@backcheck/contract';
import { useQuery } from '@tanstack/react-query';
import { get } from './request.ts';

export const SESSION_KEY = 'session';

/** Who is signed in. Fails with a Refusal of status 401 when nobody is. */
export const useSession = () =>
  useQuery({
    queryKey: [SESSION_KEY],
    queryFn: ({ signal }) => get(Session, '/session', signal),
    staleTime: 60_000,
  });
