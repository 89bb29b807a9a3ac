import { type Language, Organization, OrganizationList } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLanguage } from '../i18n/use-language.ts';
import { get, patch, post } from './request.ts';

const KEY = 'organizations';

export const useOrganizations = () =>
  useQuery({
    queryKey: [KEY],
    queryFn: ({ signal }) => get(OrganizationList, '/organizations', signal),
    staleTime: 60_000,
  });

export function useCreateOrganization() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => post(Organization, '/organizations', { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** Whether a scan may close another tool's finding; the findings are settled with the answer. */
export function useSetCrossTool(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (crossTool: boolean) => patch(Organization, `/organizations/${id}`, { crossTool }),
    onSuccess: () =>
      Promise.all([KEY, 'findings', 'assets'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export const organizationName = (organization: Organization, language: Language): string =>
  language === 'zh' ? (organization.nameZh ?? organization.name) : organization.name;

/** For the pickers: every organization in the language on screen, in that language's order. */
export function useOrganizationOptions() {
  const language = useLanguage();
  const { data, isPending, error } = useOrganizations();
  const options = (data?.items ?? [])
    .map((one) => ({ value: one.id, label: organizationName(one, language) }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
  return { options, isPending, error };
}

/** Names in the language on screen; what only has an id, or another name, falls back to what it brings. */
export function useOrganizationNames(): (id: string, fallback: string) => string {
  const language = useLanguage();
  const { data } = useOrganizations();
  return useMemo(() => {
    const names = new Map(data?.items.map((one) => [one.id, organizationName(one, language)]));
    return (id, fallback) => names.get(id) ?? fallback;
  }, [data, language]);
}
