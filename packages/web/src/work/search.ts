import { WORK_LISTS, type WorkList } from '@backcheck/contract';

/** What the address of the board says; unknown values are left out. */
export interface WorkSearch {
  readonly list?: WorkList;
  readonly organizationId?: string;
}

export function readWorkSearch(search: Record<string, unknown>): WorkSearch {
  const list = WORK_LISTS.find((one) => one === search['list']);
  const { organizationId } = search;
  return {
    ...(list === undefined ? {} : { list }),
    ...(typeof organizationId === 'string' && organizationId !== '' ? { organizationId } : {}),
  };
}
