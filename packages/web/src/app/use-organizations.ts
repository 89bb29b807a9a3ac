import { type Language, Organization, OrganizationList, OrganizationPage } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLanguage } from '../i18n/use-language.ts';
import { get, patch, post, queryString } from './request.ts';

const KEY = 'organizations';
const SUGGESTIONS = 20;

/** What every list brings of an organization; some bring no Chinese name. */
export interface NamedOrganization {
  readonly id: string;
  readonly name: string;
  readonly nameZh?: string | null;
}

export const organizationName = ({ name, nameZh }: NamedOrganization, language: Language): string =>
  language === 'zh' ? (nameZh ?? name) : name;

/** By a part of a name or code; the first of all where nothing is asked. `within`: only these nodes and below. */
export const useFoundOrganizations = (q: string, within: readonly (string | undefined)[] = [undefined]) =>
  useQuery({
    queryKey: [KEY, 'found', q, within],
    queryFn: async ({ signal }) => {
      const ask = (below: string | undefined) =>
        get(OrganizationList, `/organizations${queryString({ q, below, limit: SUGGESTIONS })}`, signal);
      const found = (await Promise.all(within.map(ask))).flatMap(({ items }) => items);
      // One node may lie below another.
      return { items: [...new Map(found.map((one) => [one.id, one])).values()] };
    },
    staleTime: 60_000,
    placeholderData: (before) => before,
  });

/** Whoever sees one organization never has to choose one. Undefined: not known yet. */
export function useOnlyOrganization() {
  const { data, error } = useFoundOrganizations('');
  const items = data?.items;
  return {
    error,
    none: items?.length === 0,
    only: items?.length === 1 ? items[0]?.id : undefined,
  };
}

export const useOrganizationPage = (id: string | undefined) =>
  useQuery({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => get(OrganizationPage, `/organizations/${id}`, signal),
    enabled: id !== undefined,
  });

/** The name of what is known by its id alone; empty as long as it is not known. */
export function useOrganizationName(id: string | undefined): string {
  const language = useLanguage();
  const { data } = useQuery({
    queryKey: [KEY, 'name', id],
    queryFn: async ({ signal }) => (await get(OrganizationPage, `/organizations/${id}`, signal)).organization,
    enabled: id !== undefined,
    staleTime: 600_000,
  });
  return data === undefined ? '' : organizationName(data, language);
}

export function useCreateOrganization() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => post(Organization, '/organizations', { name }),
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

/** What a proof needs in an organization; the findings are settled with the answer. */
export function useSetProofRule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: Partial<Pick<Organization, 'crossTool' | 'steadyProof'>>) =>
      patch(Organization, `/organizations/${id}`, rule),
    onSuccess: () =>
      Promise.all([KEY, 'findings', 'assets'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
