import { type Finding, type Language, Organization, OrganizationList } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLanguage } from '../i18n/use-language.ts';
import { get, post } from './request.ts';

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

/** A finding carries its organization's first name only; the one in the language on screen comes from the list. */
export function useOrganizationName({ id, name }: Finding['organization']): string {
  const language = useLanguage();
  const known = useOrganizations().data?.items.find((one) => one.id === id);
  return known === undefined ? name : organizationName(known, language);
}
