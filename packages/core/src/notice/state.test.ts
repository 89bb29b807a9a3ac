import { describe, expect, it } from 'vitest';
import { NOTICE_STEPS, type NoticeStep, noticeAfter } from './state.ts';
import { NOTICE_STATES, type NoticeState } from './vocabulary.ts';

const NO = null;
/** The whole grid, in the order of NOTICE_STEPS. */
const GRID: Record<NoticeState, Record<NoticeStep, NoticeState | null>> = {
  draft: {
    submit: 'submitted',
    'send-back': NO,
    approve: NO,
    issue: NO,
    withdraw: NO,
    supersede: NO,
    discard: 'discarded',
  },
  submitted: {
    submit: NO,
    'send-back': 'draft',
    approve: 'approved',
    issue: NO,
    withdraw: NO,
    supersede: NO,
    discard: 'discarded',
  },
  approved: {
    submit: NO,
    // a finding of it was proven gone before it was issued
    'send-back': 'draft',
    approve: NO,
    issue: 'issued',
    withdraw: NO,
    supersede: NO,
    discard: 'discarded',
  },
  issued: {
    submit: NO,
    'send-back': NO,
    approve: NO,
    issue: NO,
    withdraw: 'withdrawn',
    supersede: 'superseded',
    discard: NO,
  },
  withdrawn: {
    submit: NO,
    'send-back': NO,
    approve: NO,
    issue: NO,
    withdraw: NO,
    supersede: NO,
    discard: NO,
  },
  superseded: {
    submit: NO,
    'send-back': NO,
    approve: NO,
    issue: NO,
    withdraw: NO,
    supersede: NO,
    discard: NO,
  },
  discarded: {
    submit: NO,
    'send-back': NO,
    approve: NO,
    issue: NO,
    withdraw: NO,
    supersede: NO,
    discard: NO,
  },
};

describe.each(NOTICE_STATES)('a notice that is %s', (state) => {
  it.each(NOTICE_STEPS)('answers to %s as the table says', (step) => {
    expect(noticeAfter(state, step)).toBe(GRID[state][step]);
  });
});

it('a notice that was issued never becomes one that was not', () => {
  const issued: NoticeState[] = ['issued', 'withdrawn', 'superseded'];
  for (const state of issued)
    for (const step of NOTICE_STEPS) {
      const next = noticeAfter(state, step);
      expect(next === null || issued.includes(next)).toBe(true);
    }
});
