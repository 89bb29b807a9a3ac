import { QUEUE_REASONS, type QueueReason } from '@backcheck/contract';

/** What the address of the queue holds; names are those of the API. */
export interface QueueSearch {
  readonly reason?: QueueReason;
  readonly organizationId?: string;
}

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readQueueSearch(search: Readonly<Record<string, unknown>>): QueueSearch {
  const reason = QUEUE_REASONS.find((one) => one === search['reason']);
  const { organizationId } = search;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(typeof organizationId === 'string' && /^[1-9][0-9]{0,8}$/.test(organizationId)
      ? { organizationId }
      : {}),
  };
}
