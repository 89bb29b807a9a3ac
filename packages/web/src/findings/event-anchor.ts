import type { HistoryEvent } from '@backcheck/contract';

/** The place of an event on the page, so that a reason can point at its scan. */
export function eventAnchor({ kind, scan, at, certificateId }: HistoryEvent): string {
  return `event-${kind}-${scan?.id ?? certificateId ?? at}`;
}
