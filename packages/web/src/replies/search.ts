import { REPLY_WAITS } from '@backcheck/contract';
import { REPLY_KINDS, type ReplyKind } from '@backcheck/core';

export const REPLY_SHOWS = [...REPLY_WAITS, 'all'] as const;
export type ReplyShow = (typeof REPLY_SHOWS)[number];

/** What the address of the inbox says; unknown values are left out. */
export interface ReplySearch {
  readonly kind?: ReplyKind;
  /** Nothing: what the reader's side waits for or is waited for. */
  readonly show?: ReplyShow;
  readonly organizationId?: string;
}

export function readReplySearch(search: Record<string, unknown>): ReplySearch {
  const kind = REPLY_KINDS.find((one) => one === search['kind']);
  const show = REPLY_SHOWS.find((one) => one === search['show']);
  const { organizationId } = search;
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(show === undefined ? {} : { show }),
    ...(typeof organizationId === 'string' && organizationId !== '' ? { organizationId } : {}),
  };
}
