import { REPLY_WAITS } from '@backcheck/contract';
import { REPLY_KINDS, type ReplyKind } from '@backcheck/core';

/** What the address of the inbox says; unknown values are left out. */
export interface ReplySearch {
  readonly kind?: ReplyKind;
  /** Nothing: what waits for a decision. */
  readonly show?: (typeof REPLY_WAITS)[number] | 'all';
  readonly organizationId?: string;
}

export function readReplySearch(search: Record<string, unknown>): ReplySearch {
  const kind = REPLY_KINDS.find((one) => one === search['kind']);
  const show = ([...REPLY_WAITS, 'all'] as const).find((one) => one === search['show']);
  const { organizationId } = search;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(show === undefined || show === 'decision' ? {} : { show }),
    ...(typeof organizationId === 'string' && organizationId !== '' ? { organizationId } : {}),
  };
}
