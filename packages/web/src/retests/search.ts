import { RETEST_STATES, type RetestState } from '@backcheck/core';

/** What the address of the queue says; unknown values are left out. */
export interface RetestSearch {
  readonly state?: RetestState;
  readonly organizationId?: string;
}

export function readRetestSearch(search: Record<string, unknown>): RetestSearch {
  const state = RETEST_STATES.find((one) => one === search['state']);
  const { organizationId } = search;
  return {
    ...(state === undefined ? {} : { state }),
    ...(typeof organizationId === 'string' && organizationId !== '' ? { organizationId } : {}),
  };
}
