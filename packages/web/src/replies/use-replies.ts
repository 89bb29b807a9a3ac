import {
  DecidedReply,
  FindingReplies,
  type MakeReply,
  type PreviewReply,
  ReplyDetail,
  ReplyList,
  ReplyPreview,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { get, newKey, post, queryString } from '../app/request.ts';
import type { ReplySearch, ReplyShow } from './search.ts';

const KEY = 'replies';
const PAGE = 50;
/** Milliseconds. */
const DETERMINED_AFTER = 3000;

/** `standard`: what is shown where the address says nothing; undefined as long as it is not known. */
export const useReplies = (
  { kind, show: chosen, organizationId }: ReplySearch,
  standard: ReplyShow | undefined,
) => {
  const show = chosen ?? standard;
  return useInfiniteQuery({
    queryKey: [KEY, 'list', kind, show, organizationId],
    queryFn: ({ pageParam, signal }) => {
      const waiting = show === 'all' ? undefined : show;
      const query = queryString({ kind, waiting, organizationId, limit: PAGE, cursor: pageParam });
      return get(ReplyList, `/replies${query}`, signal);
    },
    enabled: show !== undefined,
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
};

export const useReply = (id: string) =>
  useQuery({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => get(ReplyDetail, `/replies/${id}`, signal),
  });

export const useFindingReplies = (findingId: string) =>
  useQuery({
    queryKey: [KEY, 'of-finding', findingId],
    queryFn: ({ signal }) => get(FindingReplies, `/findings/${findingId}/replies`, signal),
  });

/** As it was when the form asked: what is sent meanwhile must not change the form under the hand that fills it in. */
export const useReplyPreview = (wish: z.input<typeof PreviewReply>, enabled = true) =>
  useQuery({
    queryKey: ['reply-preview', wish],
    queryFn: () => post(ReplyPreview, '/replies/preview', wish),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: (before) => before,
  });

/** A reply changes what lies over a finding, its date, and whose turn it is. */
function useAgain() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [KEY, 'findings', 'deadlines', 'work', 'notices'].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

/** Of one form: sent twice, or again after a lost answer, it is one reply. `compose` waits until the evidence has arrived. */
export function useMakeReply() {
  const again = useAgain();
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: async (compose: () => Promise<z.input<typeof MakeReply>>) =>
      post(ReplyDetail, '/replies', await compose(), key),
    onSuccess: again,
  });
}

/** The paths of the steps, and what each sends. */
export type StepCall =
  | { readonly path: 'sign' }
  | { readonly path: 'opinion'; readonly body: { readonly inFavour: boolean; readonly text: string } }
  | { readonly path: 'verify'; readonly body: { readonly verified: boolean; readonly text: string } }
  | { readonly path: 'withdraw' | 'revoke'; readonly body: { readonly because: string } }
  | { readonly path: 'review'; readonly body: { readonly text: string; readonly reviewAt?: string } }
  | { readonly path: 'evidence'; readonly body: { readonly uploadId: string } };

export function useReplyStep(id: string) {
  const again = useAgain();
  return useMutation({
    mutationFn: (call: StepCall) =>
      post(ReplyDetail, `/replies/${id}/${call.path}`, 'body' in call ? call.body : undefined),
    onSuccess: again,
    // somebody may have acted meanwhile; the refusal is told without waiting for that
    onError: () => void again(),
  });
}

export interface DecisionBody {
  readonly grant: boolean;
  readonly text: string;
  readonly until?: string;
  readonly reviewAt?: string;
  readonly grade?: string;
  readonly notApplicable?: boolean;
  readonly notice?: boolean;
}

export function useDecideReply(id: string) {
  const again = useAgain();
  return useMutation({
    mutationFn: (body: DecisionBody) => post(DecidedReply, `/replies/${id}/decide`, body),
    onSuccess: () => {
      // a job determines the dates anew, a moment later
      setTimeout(() => void again(), DETERMINED_AFTER);
      return again();
    },
    onError: () => void again(),
  });
}
