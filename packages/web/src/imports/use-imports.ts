import { Import, ImportList, type ImportState } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { get, post } from '../app/request.ts';

export const importListKey = ['imports'] as const;
export const importKey = (id: string) => ['import', id] as const;

/** The server works on it; no person can do anything now. */
export const MOVING: ReadonlySet<ImportState> = new Set(['queued', 'reading', 'importing']);
const POLL_MILLISECONDS = 700;

/** Newest first. */
export const useImports = () =>
  useQuery({
    queryKey: importListKey,
    queryFn: ({ signal }) => get(ImportList, '/imports?limit=50', signal),
  });

/** One import, asked for again as long as the server works on it. */
export function useImport(id: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: importKey(id),
    queryFn: ({ signal }) => get(Import, `/imports/${id}`, signal),
    refetchInterval: ({ state }) =>
      state.data === undefined || MOVING.has(state.data.state) ? POLL_MILLISECONDS : false,
  });
  const state = query.data?.state;
  useEffect(() => {
    if (state === 'done' || state === 'refused') void client.invalidateQueries({ queryKey: importListKey });
    // An import changes findings, assets and what is asked of them; whatever screen shows them next must ask again.
    if (state !== 'done') return;
    for (const key of ['findings', 'assets']) void client.invalidateQueries({ queryKey: [key] });
  }, [state, client]);
  return query;
}

/** Takes the import or drops it, after the sheet was seen. */
export function useDecideImport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (step: 'confirm' | 'discard') => post(Import, `/imports/${id}/${step}`),
    onSuccess: async (after) => {
      client.setQueryData(importKey(id), after);
      await client.invalidateQueries({ queryKey: importListKey });
    },
  });
}
