import {
  RegisterImport,
  RegisterImportList,
  RegisterImportRowList,
  type RegisterImportState,
  type RegisterMapping,
  type RowOutcome,
} from '@backcheck/contract';
import { type Permission, rolesThatMay } from '@backcheck/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, post, put, queryString } from '../app/request.ts';
import { useAccess } from '../app/use-access.ts';
import { carriedOver } from './mapping.ts';
import { sendFile } from './send-file.ts';

const KEY = 'register-imports';
const POLL_MILLISECONDS = 700;
export const PAGE_ROWS = 50;

/** The server works on it; no person can do anything now. */
const MOVING: ReadonlySet<RegisterImportState> = new Set(['staging', 'applying', 'undoing']);
export const isMoving = ({ state }: Pick<RegisterImport, 'state'>): boolean => MOVING.has(state);

/** Newest first. */
export const useRegisterImports = () =>
  useQuery({
    queryKey: [KEY, 'list'],
    queryFn: ({ signal }) => get(RegisterImportList, '/register-imports?limit=20', signal),
  });

/** One of them, asked for again as long as the server works on it. */
export function useRegisterImport(id: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: [KEY, 'one', id],
    queryFn: ({ signal }) => get(RegisterImport, `/register-imports/${id}`, signal),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isMoving(state.data) ? POLL_MILLISECONDS : false,
  });
  const state = query.data?.state;
  useEffect(() => {
    // Screens that show it, or what was written or taken back, must ask again.
    const outdated = state === 'applied' || state === 'undone' ? ['organizations', 'assets'] : [];
    for (const queryKey of [[KEY, 'list'], ...outdated.map((key) => [key])])
      void client.invalidateQueries({ queryKey, refetchType: 'none' });
  }, [state, client]);
  return query;
}

/** `stagedAt`: rows of an earlier comparison are others. */
export const useStagedRows = (
  { id, stagedAt }: Pick<RegisterImport, 'id' | 'stagedAt'>,
  outcome: RowOutcome,
  cursor: string | undefined,
) =>
  useQuery({
    queryKey: [KEY, 'rows', id, stagedAt, outcome, cursor],
    queryFn: ({ signal }) =>
      get(
        RegisterImportRowList,
        `/register-imports/${id}/rows${queryString({ outcome, cursor, limit: PAGE_ROWS })}`,
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before, query) => (query?.queryKey[4] === outcome ? before : undefined),
  });

export type Decision =
  | { readonly step: 'mapping'; readonly mapping: RegisterMapping }
  | { readonly step: 'apply'; readonly skip: readonly RowOutcome[] }
  | { readonly step: 'undo' };

function decide(id: string, decision: Decision): Promise<RegisterImport> {
  const path = `/register-imports/${id}/${decision.step}`;
  if (decision.step === 'mapping') return put(RegisterImport, path, decision.mapping);
  return post(RegisterImport, path, decision.step === 'apply' ? { skip: decision.skip } : undefined);
}

/** Says what the columns are, applies, or undoes. */
export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) => decide(id, decision),
    onSuccess: (after) => client.setQueryData([KEY, 'one', id], after),
  });
}

interface Sending {
  readonly file: File;
  readonly organizationId: string | null;
  /** The import that the file corrects: its columns are used where the headers are still the same. */
  readonly corrects?: RegisterImport;
}

export function useSendFile() {
  const client = useQueryClient();
  const [share, setShare] = useState(0);
  const sending = useMutation({
    mutationFn: async ({ file, organizationId, corrects }: Sending) => {
      setShare(0);
      const sent = await sendFile({ file, organizationId, onProgress: setShare });
      const mapping = corrects === undefined ? null : carriedOver(corrects, sent);
      return mapping === null ? sent : decide(sent.id, { step: 'mapping', mapping });
    },
    onSuccess: (sent) => {
      client.setQueryData([KEY, 'one', sent.id], sent);
      return client.invalidateQueries({ queryKey: [KEY, 'list'] });
    },
  });
  return { ...sending, share };
}

/**
 * The nodes at and below which the account may do something: null for the whole installation, none for nowhere,
 * undefined as long as it is not known.
 */
export function useNodes(permission: Permission): readonly string[] | null | undefined {
  const { data } = useAccess();
  if (data === undefined) return undefined;
  const roles = rolesThatMay(permission);
  const allowing = data.grants.filter(({ role, system }) => system === null && roles.includes(role));
  if (allowing.some(({ organization, campaign }) => organization === null && campaign === null)) return null;
  return [...new Set(allowing.flatMap(({ organization }) => organization?.id ?? []))];
}
