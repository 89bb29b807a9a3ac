import { describe, expect, it } from 'vitest';
import { CN } from './calendars/cn.ts';
import { escalationDates } from './escalation-dates.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { hours } from './presets/terms.ts';

describe('the ladder', () => {
  it('counts from the last day in time, by the calendar of the policy', () => {
    // notified on Thursday 12 February 2026 at 10:00 in Shanghai, five working days: Fri 13, Sat 14, then after
    // Spring Festival Tue 24, Wed 25, Thu 26
    const due = { clockStart: '2026-02-12T02:00:00.000Z', dueAt: '2026-02-26T16:00:00.000Z' };
    expect(escalationDates(due, CN_DEFAULT, CN)).toEqual([
      // 14 days and 14 hours are 350 hours: half are 175, four fifths are 280
      { step: 'remind', at: '2026-02-19T09:00:00.000Z' },
      { step: 'remind-leader', at: '2026-02-23T18:00:00.000Z' },
      { step: 'overdue', at: '2026-02-26T16:00:00.000Z' },
      // Fri 27; Sat 28 (make-up day) and Mon 2 March; Wed 4; Wed 11
      { step: 'reminder', at: '2026-02-27T16:00:00.000Z' },
      { step: 'supervision', at: '2026-03-02T16:00:00.000Z' },
      { step: 'talk', at: '2026-03-04T16:00:00.000Z' },
      { step: 'circular', at: '2026-03-11T16:00:00.000Z' },
    ]);
  });

  it('counts from an hour within a day as from that day', () => {
    // due on Friday 27 November 2026 at 15:00 in Shanghai: one working day later is the end of Monday
    const due = { clockStart: '2026-11-26T07:00:00.000Z', dueAt: '2026-11-27T07:00:00.000Z' };
    const dates = escalationDates(due, CN_DEFAULT, CN);
    expect(dates.find(({ step }) => step === 'reminder')?.at).toBe('2026-11-30T16:00:00.000Z');
    expect(dates.find(({ step }) => step === 'remind')?.at).toBe('2026-11-26T19:00:00.000Z');
  });

  it('counts hours exactly', () => {
    const policy = { ...CN_DEFAULT, escalation: [{ step: 'reminder', at: { after: hours(4) } }] as const };
    const due = { clockStart: '2026-11-26T07:00:00.000Z', dueAt: '2026-11-27T16:00:00.000Z' };
    expect(escalationDates(due, policy, CN)).toEqual([{ step: 'reminder', at: '2026-11-27T20:00:00.000Z' }]);
  });

  it('has no date before the clock started', () => {
    expect(escalationDates({ clockStart: null, dueAt: null }, CN_DEFAULT, CN)).toEqual([]);
  });

  it('has its shares at the start when the date was over before', () => {
    const due = { clockStart: '2026-11-26T07:00:00.000Z', dueAt: '2026-11-20T16:00:00.000Z' };
    expect(escalationDates(due, CN_DEFAULT, CN)[0]).toEqual({ step: 'remind', at: due.clockStart });
  });
});
