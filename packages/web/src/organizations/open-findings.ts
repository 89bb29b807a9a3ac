import type { OpenFindings } from '@backcheck/contract';

/** All severities together; null where they may not be read. */
export const openFindingsOf = (open: OpenFindings | null): number | null =>
  open === null ? null : Object.values(open).reduce((sum, count) => sum + count, 0);
