import {
  InvitationGreeting,
  type SecondStep,
  SignedIn,
  type SignIn,
  SingleSignOnStart,
  TwoFactorSetup,
  WaysToSignIn,
} from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, tell } from '../app/request.ts';
import { goOn } from '../app/use-session.ts';

export const useWaysToSignIn = () =>
  useQuery({ queryKey: ['ways-to-sign-in'], queryFn: ({ signal }) => get(WaysToSignIn, '/sign-in', signal) });

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof SignIn>) => post(SignedIn, '/sign-in', body),
    onSuccess: ({ next }) => (next === 'signed-in' ? goOn(client) : undefined),
  });
}

export function useSecondStep() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof SecondStep>) => post(SignedIn, '/sign-in/two-factor', body),
    onSuccess: () => goOn(client),
  });
}

export const useSingleSignOn = () =>
  useMutation({
    mutationFn: () => post(SingleSignOnStart, '/sign-in/single-sign-on'),
    onSuccess: ({ url }) => window.location.assign(url),
  });

/** Whom the link invites. Asking uses nothing up. */
export const useInvitation = (token: string) =>
  useQuery({
    queryKey: ['invitation', token],
    queryFn: () => post(InvitationGreeting, '/invitations/look', { token }),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });

interface ByLink {
  readonly token: string;
  readonly password: string;
}

/** The session is there afterwards; who asks for it is the screen, when it has shown what comes next. */
export const useAcceptInvitation = () =>
  useMutation({ mutationFn: (body: ByLink) => post(SignedIn, '/invitations/accept', body) });

export const useAskPasswordReset = () =>
  useMutation({ mutationFn: (email: string) => tell('/password-resets', { email }) });

export const useResetPassword = () =>
  useMutation({ mutationFn: (body: ByLink) => tell('/password-resets/accept', body) });

export const useBeginTwoFactor = () =>
  useMutation({ mutationFn: (password: string) => post(TwoFactorSetup, '/two-factor', { password }) });

export const useConfirmTwoFactor = () =>
  useMutation({ mutationFn: (code: string) => tell('/two-factor/confirm', { code }) });
