import {
  IssuedPaper,
  NoticeOffice,
  type NoticeOfficeContent,
  NoticeTemplate,
  NoticeTemplateList,
} from '@backcheck/contract';
import type { NoticeKind, PaperLanguage } from '@backcheck/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, postForm, put, queryString, remove } from '../app/request.ts';

const OFFICE = 'notice-office';
const TEMPLATES = 'notice-templates';

/** `node`: of the tree; undefined: the whole installation. */
export const useNoticeOffice = (node: string | undefined) =>
  useQuery({
    queryKey: [OFFICE, node],
    queryFn: ({ signal }) =>
      get(NoticeOffice, `/notice-office${queryString({ organizationId: node })}`, signal),
  });

export function useSetNoticeOffice(node: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (content: NoticeOfficeContent) =>
      put(NoticeOffice, `/notice-office${queryString({ organizationId: node })}`, content),
    onSuccess: () => client.invalidateQueries({ queryKey: [OFFICE] }),
  });
}

export const useNoticeTemplates = (node: string | undefined) =>
  useQuery({
    queryKey: [TEMPLATES, node],
    queryFn: ({ signal }) =>
      get(NoticeTemplateList, `/notice-templates${queryString({ organizationId: node })}`, signal),
  });

export interface TemplateUpload {
  readonly kind: NoticeKind;
  readonly language: PaperLanguage;
  readonly file: File;
}

export function useTakeTemplate(node: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, language, file }: TemplateUpload) => {
      const form = new FormData();
      if (node !== undefined) form.set('organizationId', node);
      form.set('kind', kind);
      form.set('language', language);
      form.set('file', file);
      return postForm(NoticeTemplate, '/notice-templates', form);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [TEMPLATES] }),
  });
}

export function useRetireTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/notice-templates/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: [TEMPLATES] }),
  });
}

/** What is known of the paper with this hash; without sign-in. */
export const useIssuedPaper = (sha256: string | null) =>
  useQuery({
    queryKey: ['notice-paper', sha256],
    queryFn: ({ signal }) => get(IssuedPaper, `/notice-papers/${sha256}`, signal),
    enabled: sha256 !== null,
    retry: false,
    staleTime: 60_000,
  });
