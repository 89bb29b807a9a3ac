import {
  type CreateKeyList,
  KeyList,
  KeyListList,
  type KeyListMember,
  KeyListMemberList,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { add, get, patch, post, queryString, remove } from '../app/request.ts';
import { useRegistersChanged } from './use-registers.ts';

const MEMBERS = 100;

export const useKeyLists = () =>
  useInfiniteQuery({
    queryKey: ['registers', 'key-lists', 'all'],
    queryFn: ({ pageParam, signal }) =>
      get(KeyListList, `/key-lists${queryString({ cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const useKeyList = (id: string) =>
  useQuery({
    queryKey: ['registers', 'key-list', id],
    queryFn: ({ signal }) => get(KeyList, `/key-lists/${id}`, signal),
  });

export const useKeyListMembers = (id: string) =>
  useInfiniteQuery({
    queryKey: ['registers', 'key-list', id, 'members'],
    queryFn: ({ pageParam, signal }) =>
      get(
        KeyListMemberList,
        `/key-lists/${id}/members${queryString({ limit: MEMBERS, cursor: pageParam })}`,
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export type KeyListContent = Omit<z.input<typeof CreateKeyList>, 'organizationId'>;

interface Saving {
  /** null: a new one. */
  readonly of: Pick<KeyList, 'id' | 'version'> | null;
  readonly organizationId: string | undefined;
  readonly content: KeyListContent;
}

export function useSaveKeyList() {
  const changed = useRegistersChanged();
  return useMutation({
    mutationFn: ({ of, organizationId, content }: Saving) =>
      of === null
        ? post(KeyList, '/key-lists', {
            ...content,
            ...(organizationId === undefined ? {} : { organizationId }),
          })
        : patch(KeyList, `/key-lists/${of.id}`, { ...content, version: of.version }),
    onSuccess: changed,
  });
}

type MemberKey = Pick<KeyListMember, 'kind' | 'id'>;

export function useMemberChanges(keyListId: string) {
  const changed = useRegistersChanged();
  const path = ({ kind, id }: MemberKey) => `/key-lists/${keyListId}/members/${kind}/${id}`;
  return {
    add: useMutation({ mutationFn: (one: MemberKey) => add(path(one)), onSuccess: changed }),
    drop: useMutation({ mutationFn: (one: MemberKey) => remove(path(one)), onSuccess: changed }),
  };
}
