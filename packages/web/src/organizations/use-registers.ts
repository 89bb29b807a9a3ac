import {
  type ChangeOrganization,
  Contact,
  ContactList,
  KeyListList,
  Organization,
  OrganizationPage,
  OrganizationTree,
  RecordChangeList,
  RegisteredAsset,
  RegisteredAssetList,
  type SentFields,
  System,
  SystemList,
} from '@backcheck/contract';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { get, patch, post, queryString, remove } from '../app/request.ts';

const CHILDREN = 200;
const PAGE = 50;
const CONTACTS = 200;

interface Paged {
  readonly nextCursor: string | null;
}

const paging = {
  initialPageParam: '',
  getNextPageParam: ({ nextCursor }: Paged) => nextCursor,
} as const;

/** The organizations directly below one; `none`: the topmost. */
export const useChildren = (parent: string) =>
  useInfiniteQuery({
    queryKey: ['organizations', 'tree', parent],
    queryFn: ({ pageParam, signal }) =>
      get(
        OrganizationTree,
        `/organizations/tree${queryString({ parent, limit: CHILDREN, cursor: pageParam })}`,
        signal,
      ),
    ...paging,
    staleTime: 60_000,
  });

export const useSystems = (organizationId: string) =>
  useInfiniteQuery({
    queryKey: ['registers', 'systems', organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(SystemList, `/systems${queryString({ organizationId, limit: PAGE, cursor: pageParam })}`, signal),
    ...paging,
  });

/** Systems to choose from. */
export const useSystemChoice = (organizationId: string, q: string) =>
  useQuery({
    queryKey: ['registers', 'systems', organizationId, 'choice', q],
    queryFn: ({ signal }) =>
      get(SystemList, `/systems${queryString({ organizationId, q, limit: 20 })}`, signal),
    placeholderData: (before) => before,
  });

export interface AssetFilter {
  readonly organizationId: string;
  readonly q: string;
  readonly exposure: string | undefined;
}

export const useRegisteredAssets = (filter: AssetFilter) =>
  useInfiniteQuery({
    queryKey: ['registers', 'assets', filter],
    queryFn: ({ pageParam, signal }) =>
      get(
        RegisteredAssetList,
        `/registered-assets${queryString({ ...filter, limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    ...paging,
    placeholderData: (before) => before,
  });

export const useRegisteredAsset = (id: string) =>
  useQuery({
    queryKey: ['registers', 'asset', id],
    queryFn: ({ signal }) => get(RegisteredAsset, `/registered-assets/${id}`, signal),
  });

export const useContacts = (organizationId: string) =>
  useQuery({
    queryKey: ['registers', 'contacts', organizationId],
    queryFn: ({ signal }) =>
      get(ContactList, `/contacts${queryString({ organizationId, limit: CONTACTS })}`, signal),
  });

export const useKeyListsOf = (organizationId: string) =>
  useQuery({
    queryKey: ['registers', 'key-lists', organizationId],
    queryFn: ({ signal }) =>
      get(KeyListList, `/key-lists${queryString({ organizationId, limit: 200 })}`, signal),
  });

export const useChanges = (organizationId: string) =>
  useInfiniteQuery({
    queryKey: ['registers', 'changes', organizationId],
    queryFn: ({ pageParam, signal }) =>
      get(
        RecordChangeList,
        `/organizations/${organizationId}/changes${queryString({ limit: PAGE, cursor: pageParam })}`,
        signal,
      ),
    ...paging,
  });

/** After any change of a register: what is shown of it is asked for again. */
export function useRegistersChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ['organizations', 'registers', 'assets', 'ownership'].map((key) =>
        client.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

/** What a dialog does with a record of each register. */
export function useSaveRecord() {
  const changed = useRegistersChanged();
  const after = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await changed();
    return done;
  };
  return {
    organization: (id: string, body: z.input<typeof ChangeOrganization>) =>
      after(patch(Organization, `/organizations/${id}`, body)),
    newOrganization: (parentId: string | undefined, fields: SentFields) =>
      after(
        post(Organization, '/organizations', { ...(parentId === undefined ? {} : { parentId }), fields }),
      ),
    system: (id: string, version: number, fields: SentFields) =>
      after(patch(System, `/systems/${id}`, { version, fields })),
    newSystem: (organizationId: string, fields: SentFields) =>
      after(post(System, '/systems', { organizationId, fields })),
    asset: (id: string, body: { version: number; systemId?: string | null; fields: SentFields }) =>
      after(patch(RegisteredAsset, `/registered-assets/${id}`, body)),
    newAsset: (body: { organizationId: string; systemId?: string; assetId?: string; fields: SentFields }) =>
      after(post(RegisteredAsset, '/registered-assets', body)),
    contact: (id: string, version: number, fields: SentFields) =>
      after(patch(Contact, `/contacts/${id}`, { version, fields })),
    newContact: (organizationId: string, fields: SentFields) =>
      after(post(Contact, '/contacts', { organizationId, fields })),
  };
}

export function useVerifyContact() {
  const changed = useRegistersChanged();
  return useMutation({
    mutationFn: (id: string) => post(Contact, `/contacts/${id}/verify`),
    onSuccess: changed,
  });
}

export function useRemoveContact() {
  const changed = useRegistersChanged();
  return useMutation({
    mutationFn: ({ id, version }: Pick<Contact, 'id' | 'version'>) =>
      remove(`/contacts/${id}${queryString({ version })}`),
    onSuccess: changed,
  });
}

/** As it is now, past what this browser keeps. */
export const reloadOf = {
  organization: (id: string) => get(OrganizationPage, `/organizations/${id}`),
  system: (id: string) => get(System, `/systems/${id}`),
  asset: (id: string) => get(RegisteredAsset, `/registered-assets/${id}`),
  contact: async ({ id, organization }: Contact): Promise<Contact> => {
    const { items } = await get(
      ContactList,
      `/contacts${queryString({ organizationId: organization.id, limit: CONTACTS })}`,
    );
    const found = items.find((one) => one.id === id);
    if (found === undefined) throw new Error('the contact was removed meanwhile');
    return found;
  },
};
