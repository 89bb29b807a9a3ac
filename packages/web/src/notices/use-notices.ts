import {
  FindingNotices,
  LeftOutList,
  NoticeBatch,
  NoticeBatchList,
  type NoticeBatchPlan,
  NoticeBatchPreview,
  NoticeDetail,
  type NoticeDraftInput,
  NoticeList,
  NoticeProposal,
} from '@backcheck/contract';
import type { NoticeStep } from '@backcheck/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, newKey, patchIfMatch, post, postForm, postIfMatch, queryString } from '../app/request.ts';
import type { NoticeSearch, ProposalSearch } from './search.ts';

export const NOTICES_KEY = 'notices';
const PAGE = 50;

/** `version`: another one is asked for anew. */
export const useNotices = (
  { waiting, ...search }: NoticeSearch & { readonly batchId?: string },
  version = '',
) =>
  useInfiniteQuery({
    queryKey: [NOTICES_KEY, 'list', search, waiting, version],
    queryFn: ({ pageParam, signal }) =>
      get(
        NoticeList,
        `/notices${queryString({ ...search, waitingForReceipt: waiting, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

export const useNotice = (id: string) =>
  useQuery({
    queryKey: [NOTICES_KEY, 'one', id],
    queryFn: ({ signal }) => get(NoticeDetail, `/notices/${id}`, signal),
  });

/** The latest papers that name a finding. */
export const useNoticesOf = (findingId: string, enabled: boolean) =>
  useQuery({
    queryKey: [NOTICES_KEY, 'of', findingId],
    queryFn: ({ signal }) => get(FindingNotices, `/findings/${findingId}/notices`, signal),
    enabled,
  });

/** Words, findings and dates that suit; nothing is stored. */
export const useProposal = ({ organizationId, ...search }: ProposalSearch) =>
  useQuery({
    queryKey: [NOTICES_KEY, 'proposal', organizationId, search],
    queryFn: ({ signal }) =>
      get(NoticeProposal, `/notices/proposal${queryString({ organizationId, ...search })}`, signal),
    enabled: organizationId !== undefined,
    // What somebody has begun to write is not replaced behind their back.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** Of one form: sent twice, or again after a lost answer, it is one draft. */
export function useDraftNotice() {
  const client = useQueryClient();
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: (body: { readonly organizationId: string; readonly draft: NoticeDraftInput }) =>
      post(NoticeDetail, '/notices', body, key),
    onSuccess: () => client.invalidateQueries({ queryKey: [NOTICES_KEY] }),
  });
}

export interface DraftChanged {
  readonly draft: NoticeDraftInput;
  /** Of the notice from which it was written. */
  readonly tag: string | null;
}

/** Refused where somebody else has changed it since; what it says now is asked for either way. */
export function useChangeNotice(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, tag }: DraftChanged) =>
      patchIfMatch(NoticeDetail, `/notices/${id}`, { tag, body: { draft } }),
    onSettled: () => client.invalidateQueries({ queryKey: [NOTICES_KEY] }),
  });
}

export interface StepTaken {
  readonly step: NoticeStep;
  readonly reason?: string;
  /** Of the notice as it was read. */
  readonly tag: string | null;
}

export function useStepNotice(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ step, reason, tag }: StepTaken) =>
      postIfMatch(NoticeDetail, `/notices/${id}/${step}`, {
        tag,
        body: reason === undefined ? undefined : { reason },
      }),
    onSettled: () => client.invalidateQueries(),
  });
}

/** Several files, one after the other: each that arrived stays, whatever becomes of the next. */
export function useAddCopies(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) {
        const form = new FormData();
        form.set('file', file);
        await postForm(NoticeDetail, `/notices/${id}/copies`, form);
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: [NOTICES_KEY] }),
  });
}

export const useNoticeBatches = () =>
  useInfiniteQuery({
    queryKey: [NOTICES_KEY, 'batches'],
    queryFn: ({ pageParam, signal }) =>
      get(NoticeBatchList, `/notice-batches${queryString({ limit: PAGE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const useNoticeBatch = (id: string) =>
  useQuery({
    queryKey: [NOTICES_KEY, 'batch', id],
    queryFn: ({ signal }) => get(NoticeBatch, `/notice-batches/${id}`, signal),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'drafting' || data?.state === 'issuing' ? 1000 : false,
  });

/** `version`: another one is asked for anew. */
export const useLeftOut = (id: string, version: string) =>
  useInfiniteQuery({
    queryKey: [NOTICES_KEY, 'left-out', id, version],
    queryFn: ({ pageParam, signal }) =>
      get(
        LeftOutList,
        `/notice-batches/${id}/left-out${queryString({ limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

export const usePreviewBatch = () =>
  useMutation({
    mutationFn: (plan: NoticeBatchPlan) => post(NoticeBatchPreview, '/notice-batches/preview', plan),
  });

/** Of one form: sent twice, or again after a lost answer, it is one batch. */
export function useDraftBatch() {
  const client = useQueryClient();
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: (plan: NoticeBatchPlan) => post(NoticeBatch, '/notice-batches', plan, key),
    onSuccess: () => client.invalidateQueries({ queryKey: [NOTICES_KEY] }),
  });
}

export interface BatchStepTaken {
  readonly step: NoticeBatch['allowed'][number];
  readonly reason?: string;
}

export function useStepBatch(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ step, reason }: BatchStepTaken) =>
      post(NoticeBatch, `/notice-batches/${id}/${step}`, reason === undefined ? undefined : { reason }),
    onSettled: () => client.invalidateQueries({ queryKey: [NOTICES_KEY] }),
  });
}
