import { AddressRange, AddressRangeList, BalancedAsset, BalancedAssetList } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, queryString, remove } from '../app/request.ts';

export const useAddressRanges = (organizationId: string) =>
  useQuery({
    queryKey: ['assets', 'address-ranges', organizationId],
    queryFn: ({ signal }) =>
      get(AddressRangeList, `/address-ranges${queryString({ organizationId })}`, signal),
  });

export const useBalancedAssets = (organizationId: string) =>
  useQuery({
    queryKey: ['assets', 'balanced-assets', organizationId],
    queryFn: ({ signal }) =>
      get(BalancedAssetList, `/balanced-assets${queryString({ organizationId })}`, signal),
  });

export function useAddressRangeChanges(organizationId: string) {
  const settled = useSettled();
  const add = useMutation({
    mutationFn: (cidr: string) => post(AddressRange, '/address-ranges', { organizationId, cidr }),
    onSuccess: settled,
  });
  const drop = useMutation({
    mutationFn: (cidr: string) => remove(`/address-ranges${queryString({ organizationId, cidr })}`),
    onSuccess: settled,
  });
  return { add, drop };
}

export function useBalancedAssetChanges(organizationId: string) {
  const settled = useSettled();
  const add = useMutation({
    mutationFn: (one: Omit<BalancedAsset, 'organizationId'>) =>
      post(BalancedAsset, '/balanced-assets', { organizationId, ...one }),
    onSuccess: settled,
  });
  const drop = useMutation({
    mutationFn: (identity: string) => remove(`/balanced-assets${queryString({ organizationId, identity })}`),
    onSuccess: settled,
  });
  return { add, drop };
}

/** Whatever people say about assets settles findings: every screen asks again. */
export function useSettled(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all(['assets', 'findings'].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
