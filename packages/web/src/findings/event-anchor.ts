import type { HistoryEvent } from '@backcheck/contract';

/** The place of an event on the page, so that a reason can point at its scan. */
export function eventAnchor({ kind, scan, at, certificateId, notice, reply }: HistoryEvent): string {
  return `event-${kind}-${scan?.id ?? certificateId ?? notice?.id ?? reply?.id ?? at}`;
}
