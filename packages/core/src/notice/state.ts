import type { NoticeState } from './vocabulary.ts';

/**
 * What people do with a notice. `supersede` happens when its replacement is issued: the old one keeps its number and
 * names the new one.
 */
export const NOTICE_STEPS = [
  'submit',
  'send-back',
  'approve',
  'issue',
  'withdraw',
  'supersede',
  'discard',
] as const;
export type NoticeStep = (typeof NOTICE_STEPS)[number];

/** The state grid; a missing cell is no move. What has a number never becomes a draft again. */
const MOVES: Readonly<Record<NoticeState, Readonly<Partial<Record<NoticeStep, NoticeState>>>>> = {
  draft: { submit: 'submitted', discard: 'discarded' },
  submitted: { 'send-back': 'draft', approve: 'approved', discard: 'discarded' },
  approved: { 'send-back': 'draft', issue: 'issued', discard: 'discarded' },
  issued: { withdraw: 'withdrawn', supersede: 'superseded' },
  withdrawn: {},
  superseded: {},
  discarded: {},
};

/** The state after the step; null: it is not taken from here. */
export const noticeAfter = (state: NoticeState, step: NoticeStep): NoticeState | null =>
  MOVES[state][step] ?? null;

/** Steps that need the right to approve notices. A replacement is drafted; the others are the drafter's too. */
export const APPROVING_STEPS: readonly NoticeStep[] = ['send-back', 'approve', 'issue', 'withdraw'];
