import { RetentionPreview, type RetentionRule, RetentionRules } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, put, queryString } from '../app/request.ts';

const KEY = 'retention';

/** Days by kind; null: for good. */
export type Days = Readonly<Record<string, number | null>>;

export const daysOf = (rules: readonly RetentionRule[]): Days =>
  Object.fromEntries(rules.map(({ kind, days }) => [kind, days]));

export const useRetentionRules = () =>
  useQuery({
    queryKey: [KEY, 'rules'],
    queryFn: ({ signal }) => get(RetentionRules, '/retention-rules', signal),
  });

/** What would go under these days. */
export function useRetentionPreview(days: Days | undefined) {
  const rules = Object.entries(days ?? {})
    .map(([kind, value]) => `${kind}:${value ?? 'for-good'}`)
    .join(',');
  return useQuery({
    queryKey: [KEY, 'preview', rules],
    queryFn: ({ signal }) => get(RetentionPreview, `/retention/preview${queryString({ rules })}`, signal),
    enabled: days !== undefined,
    placeholderData: (before) => before,
  });
}

export function useSetRetentionRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rules: readonly Pick<RetentionRule, 'kind' | 'days'>[]) =>
      put(RetentionRules, '/retention-rules', { rules }),
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}
