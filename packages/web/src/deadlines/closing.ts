import type { FindingDeadline } from '@backcheck/contract';

/** How the deadline of a finding ended that is proven gone. */
export interface Closing {
  /** The last one that it had; null: none was determined. */
  readonly dueAt: string | null;
  /** When it was seen to be gone. */
  readonly at: string;
  /** The date was the earliest possible one: it would have moved on. */
  readonly stoodStill: boolean;
  readonly isLate: boolean;
}

/** `closedAt`: when it was called closed, which is after the scan that proves it. */
export function closing(
  { history, provenAt }: Pick<FindingDeadline, 'history' | 'provenAt'>,
  closedAt: string,
): Closing {
  const last = history.find(({ cause }) => cause !== 'closed');
  const dueAt = last?.dueAt ?? null;
  const at = provenAt ?? closedAt;
  const isAfter = dueAt !== null && Date.parse(at) >= Date.parse(dueAt);
  const stoodStill = isAfter && last !== undefined && last.paused !== null;
  return { dueAt, at, stoodStill, isLate: isAfter && !stoodStill };
}
