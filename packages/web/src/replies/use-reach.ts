import type { ReplyPreview } from '@backcheck/contract';
import type { ReplyKind } from '@backcheck/core';
import { hasUntil, type ReplyDraft } from './reply-draft.ts';
import { useReplyPreview } from './use-replies.ts';

/** One request is about at most so many findings. */
export const MOST = 500;

/** What a reply is to be about. */
export interface About {
  /** All of one organization. */
  readonly findingIds: readonly string[];
  /** Each of them stands for all that is open of its problem. */
  readonly wholeProblems: boolean;
}

/** What it will be about as it is filled in now. */
export interface Reach {
  readonly findingIds: readonly string[];
  /** Null where it is about one finding, whose limits were said before. */
  readonly preview: ReplyPreview | null;
  readonly ready: boolean;
  readonly error: Error | null;
}

export const isSeveral = ({ findingIds, wholeProblems }: About): boolean =>
  wholeProblems || findingIds.length > 1;

/** Asked anew with each date and ground: whoever it does not suit is named before anything is sent. */
export function useReach(kind: ReplyKind, draft: ReplyDraft, about: About): Reach {
  const several = isSeveral(about);
  const { data, error, isPlaceholderData } = useReplyPreview(
    {
      kind,
      ...wishOf(about),
      ...(kind === 'objection' && draft.ground !== null ? { ground: draft.ground } : {}),
      ...(hasUntil(kind, draft) && draft.until !== null ? { until: draft.until } : {}),
    },
    several,
  );
  if (!several) return { findingIds: about.findingIds, preview: null, ready: true, error: null };
  const findingIds = data?.findingIds ?? [];
  const fits = findingIds.length > 0 && findingIds.length <= MOST;
  return { findingIds, preview: data ?? null, ready: fits && !isPlaceholderData && error === null, error };
}

export const wishOf = ({ findingIds, wholeProblems }: About) => ({
  findingIds: [...findingIds],
  wholeProblems,
});
