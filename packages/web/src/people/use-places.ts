import { CampaignList, SystemList } from '@backcheck/contract';
import { useQuery } from '@tanstack/react-query';
import { get, queryString } from '../app/request.ts';

/** More are found by typing more. */
const SUGGESTIONS = 20;
const CAMPAIGNS = 200;

export const useFoundSystems = (organizationId: string | null, q: string) =>
  useQuery({
    queryKey: ['systems', 'found', organizationId, q],
    queryFn: ({ signal }) =>
      get(
        SystemList,
        `/systems${queryString({ organizationId: organizationId ?? undefined, q, limit: SUGGESTIONS })}`,
        signal,
      ),
    enabled: organizationId !== null,
    placeholderData: (before) => before,
  });

export const useCampaigns = (enabled: boolean) =>
  useQuery({
    queryKey: ['campaigns', 'all'],
    queryFn: ({ signal }) => get(CampaignList, `/campaigns${queryString({ limit: CAMPAIGNS })}`, signal),
    enabled,
  });
