import type { ReplyKind, ReplyState, ReplyStep } from './vocabulary.ts';

type Moves = Partial<Record<ReplyState, Partial<Record<ReplyStep, ReplyState>>>>;

/** What is decided once: granted or refused, and taken back until then. */
const WISH = { grant: 'granted', refuse: 'refused', withdraw: 'withdrawn' } as const;
/** What is filed and looked at. */
const FILED = { verify: 'verified', refuse: 'refused', withdraw: 'withdrawn' } as const;
/** What lies over a finding until a day. */
const OVERLAY = { withdraw: 'withdrawn', revoke: 'revoked', expire: 'expired' } as const;

/** A step that is not in the table is refused. */
const MOVES: Readonly<Record<ReplyKind, Moves>> = {
  objection: {
    made: { opine: 'opinion', ...WISH },
    opinion: WISH,
    granted: { revoke: 'revoked', expire: 'expired' },
  },
  plan: { made: FILED },
  interim: { made: FILED, verified: { withdraw: 'withdrawn', revoke: 'revoked' } },
  extension: { made: WISH },
  acceptance: {
    drafted: { sign: 'made', withdraw: 'withdrawn' },
    made: WISH,
    granted: { review: 'granted', ...OVERLAY },
  },
  'false-positive': { made: { opine: 'opinion', ...WISH }, opinion: WISH, granted: OVERLAY },
};

/** The state after the step; null: there is no such step now. */
export const replyAfter = (kind: ReplyKind, state: ReplyState, step: ReplyStep): ReplyState | null =>
  MOVES[kind][state]?.[step] ?? null;

/** Neither decided nor taken back: a second one of its kind about the same finding would only be in its way. */
export const isReplyOpen = (state: ReplyState): boolean =>
  state === 'drafted' || state === 'made' || state === 'opinion';
