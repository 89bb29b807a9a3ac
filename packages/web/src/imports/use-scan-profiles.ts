import { ScanProfile, ScanProfileList } from '@backcheck/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, queryString } from '../app/request.ts';

/** Profiles for all organizations and for this one. */
export const useScanProfiles = (organizationId: string) =>
  useQuery({
    queryKey: ['scan-profiles', organizationId],
    queryFn: ({ signal }) => get(ScanProfileList, `/scan-profiles${queryString({ organizationId })}`, signal),
  });

/** Registers the profile in a file; retires one. */
export function useScanProfileChanges(organizationId: string) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ['scan-profiles'] });
  const register = useMutation({
    mutationFn: async (file: File) => {
      // What is no JSON goes as it is: the server says what a profile has to be.
      const content: unknown = await file.text().then((text) => parsed(text));
      return post(ScanProfile, '/scan-profiles', { organizationId, content });
    },
    onSuccess,
  });
  const retire = useMutation({
    mutationFn: (id: string) => post(ScanProfile, `/scan-profiles/${id}/retire`),
    onSuccess,
  });
  return { register, retire };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
