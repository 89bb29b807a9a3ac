import { AccountPage, AuditList } from '@backcheck/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, queryString } from '../app/request.ts';
import { type AuditFilters, intervalOf } from './filters.ts';

const PAGE = 50;
const SUGGESTIONS = 20;

export const useAudit = (filters: AuditFilters) =>
  useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) => {
      const asked = { ...filters, ...intervalOf(filters), limit: PAGE, cursor: pageParam };
      return get(AuditList, `/audit${queryString(asked)}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });

/** The export takes only organization and time: a chain can be verified as a whole, not one account's part of it. */
export function exportAddress(filters: AuditFilters, format: 'jsonl' | 'csv'): string {
  const { organizationId } = filters;
  return `/api/v1/audit/export${queryString({ organizationId, ...intervalOf(filters), format })}`;
}

/** Accounts to filter by; only who may read accounts can look for them. */
export const useFoundAccounts = (text: string, enabled: boolean) =>
  useQuery({
    queryKey: ['accounts', 'found', text],
    queryFn: ({ signal }) =>
      get(AccountPage, `/accounts${queryString({ text, limit: SUGGESTIONS })}`, signal),
    enabled,
    placeholderData: (before) => before,
  });
