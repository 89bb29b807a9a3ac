import { Access } from '@backcheck/contract';
import { type Permission, sideOf } from '@backcheck/core';
import { useQuery } from '@tanstack/react-query';
import { get } from './request.ts';

/** What the account that is signed in may do, somewhere. The server decides; screens show what there is a use for. */
export const useAccess = () =>
  useQuery({
    queryKey: ['access'],
    queryFn: ({ signal }) => get(Access, '/access', signal),
    staleTime: 60_000,
  });

export const allows = (
  access: Pick<Access, 'permissions'> | undefined,
  { object, action }: Permission,
): boolean => access?.permissions.some((one) => one.object === object && one.action === action) === true;

/** False as long as it is not known. */
export const useMay = (permission: Permission): boolean => allows(useAccess().data, permission);

/** Whether the account inspects others; false as long as it is not known. */
export const useIsCoordinator = (): boolean =>
  useAccess().data?.grants.some(({ role }) => sideOf(role) === 'coordinator') === true;
