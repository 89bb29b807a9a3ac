import { type VetoCheck, VetoedCheck, VetoedCheckList } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, post, remove } from '../app/request.ts';

const KEY = ['vetoed-checks'];

export const useVetoes = () =>
  useQuery({ queryKey: KEY, queryFn: ({ signal }) => get(VetoedCheckList, '/vetoed-checks', signal) });

function useAgain() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: KEY });
}

export function useVeto() {
  const again = useAgain();
  return useMutation({
    mutationFn: (veto: z.input<typeof VetoCheck>) => post(VetoedCheck, '/vetoed-checks', veto),
    onSettled: again,
  });
}

export function useLiftVeto() {
  const again = useAgain();
  return useMutation({
    mutationFn: (id: string) => remove(`/vetoed-checks/${id}`),
    onSettled: again,
  });
}
