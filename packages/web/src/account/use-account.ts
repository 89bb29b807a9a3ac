import {
  ApiKeyList,
  type ChangePassword,
  type CreateApiKey,
  CreatedApiKey,
  OpenSessionList,
  RecoveryCodes,
} from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, remove, tell } from '../app/request.ts';
import { SESSION_KEY } from '../app/use-session.ts';

const SESSIONS = 'sessions';
const KEYS = 'api-keys';

/** Runs and then asks again for what it may have changed; ending other sessions is part of most of these. */
function useChange<T>(change: (value: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([SESSION_KEY, SESSIONS, KEYS].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export const useChangePassword = () =>
  useChange((body: z.input<typeof ChangePassword>) => tell('/password', body));
export const useTwoFactorOff = () => useChange((password: string) => tell('/two-factor/off', { password }));
export const useNewRecoveryCodes = () =>
  useMutation({
    mutationFn: (password: string) => post(RecoveryCodes, '/two-factor/recovery-codes', { password }),
  });

export const useSessions = () =>
  useQuery({ queryKey: [SESSIONS], queryFn: ({ signal }) => get(OpenSessionList, '/sessions', signal) });
export const useEndSession = () => useChange((id: string) => remove(`/sessions/${id}`));
export const useEndOtherSessions = () => useChange((_: undefined) => remove('/sessions'));

export const useApiKeys = () =>
  useQuery({ queryKey: [KEYS], queryFn: ({ signal }) => get(ApiKeyList, '/api-keys', signal) });
export const useRevokeApiKey = () => useChange((id: string) => remove(`/api-keys/${id}`));

/** The list asks again when the key was read: its row would otherwise push away what is shown once. */
export const useCreateApiKey = () =>
  useMutation({
    mutationFn: (body: z.input<typeof CreateApiKey>) => post(CreatedApiKey, '/api-keys', body),
  });

export function useKeysAgain(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEYS] });
}
