import {
  Account,
  AccountPage,
  type CreateGrant,
  type CreateInvitation,
  Grant,
  GrantList,
  InvitationList,
  SentInvitation,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, queryString, remove, tell } from '../app/request.ts';
import type { PeopleSearch } from './search.ts';

const PAGE = 50;
const ACCOUNTS = 'accounts';
const INVITATIONS = 'invitations';

function useAgain(...keys: readonly string[]) {
  const client = useQueryClient();
  return () => Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })));
}

export const useAccounts = ({ text }: PeopleSearch) =>
  useInfiniteQuery({
    queryKey: [ACCOUNTS, 'list', text],
    queryFn: ({ pageParam, signal }) =>
      get(AccountPage, `/accounts${queryString({ text, limit: PAGE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

export const useAccount = (id: string) =>
  useQuery({
    queryKey: [ACCOUNTS, 'one', id],
    queryFn: ({ signal }) => get(Account, `/accounts/${id}`, signal),
  });

export const useGrants = (accountId: string) =>
  useQuery({
    queryKey: [ACCOUNTS, 'grants', accountId],
    queryFn: ({ signal }) => get(GrantList, `/accounts/${accountId}/grants`, signal),
  });

/** What can be done with an account; the names are those of the operations. */
export const ACCOUNT_CHANGES = ['disable', 'enable', 'end-sessions', 'reset-two-factor'] as const;
export type AccountChange = (typeof ACCOUNT_CHANGES)[number];

export function useChangeAccount(id: string) {
  const again = useAgain(ACCOUNTS);
  return useMutation({
    mutationFn: (change: AccountChange) => tell(`/accounts/${id}/${change}`),
    onSuccess: again,
  });
}

export function useAddGrant(accountId: string) {
  const again = useAgain(ACCOUNTS);
  return useMutation({
    mutationFn: (body: z.input<typeof CreateGrant>) => post(Grant, `/accounts/${accountId}/grants`, body),
    onSuccess: again,
  });
}

export function useRevokeGrant() {
  const again = useAgain(ACCOUNTS);
  return useMutation({ mutationFn: (id: string) => remove(`/grants/${id}`), onSuccess: again });
}

export const useInvitations = () =>
  useQuery({ queryKey: [INVITATIONS], queryFn: ({ signal }) => get(InvitationList, '/invitations', signal) });

export function useInvite() {
  const again = useAgain(INVITATIONS);
  return useMutation({
    mutationFn: (body: z.input<typeof CreateInvitation>) => post(SentInvitation, '/invitations', body),
    onSuccess: again,
  });
}

export function useResendInvitation() {
  const again = useAgain(INVITATIONS);
  return useMutation({
    mutationFn: (id: string) => post(SentInvitation, `/invitations/${id}/resend`),
    onSuccess: again,
  });
}

export function useWithdrawInvitation() {
  const again = useAgain(INVITATIONS);
  return useMutation({ mutationFn: (id: string) => remove(`/invitations/${id}`), onSuccess: again });
}
