import { describe, expect, it } from 'vitest';
import { CN } from './calendars/cn.ts';
import { type DeadlineFacts, isOverdue } from './determination.ts';
import { determine } from './determine.ts';
import type { Policy, PolicyRule } from './policy.ts';
import { BOD_22_01 } from './presets/bod-22-01.ts';
import { BOD_26_04 } from './presets/bod-26-04.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { calendarDays, hours, workingDays } from './presets/terms.ts';

/** Found on Sunday 1 November 2026, notified on Monday 2 at 10:00 in Shanghai. */
const FACTS: DeadlineFacts = {
  detectedAt: '2026-11-01T02:00:00.000Z',
  notifiedAt: '2026-11-02T02:00:00.000Z',
  acknowledgedAt: '2026-11-03T02:00:00.000Z',
  grade: 'high',
  class: 'vulnerability',
  cve: ['CVE-2024-6387'],
  kev: null,
  exposed: false,
  automatable: false,
  technicalImpact: 'total',
  level: null,
  criticalInfrastructure: false,
  keyLists: [],
  fixAvailable: null,
  pauses: [],
  extensions: [],
};
const NOW = '2026-12-31T00:00:00.000Z';

const rule = (fix: PolicyRule['fix'], more: Partial<PolicyRule> = {}): Policy => ({
  ...CN_DEFAULT,
  rules: [{ id: 'only', when: [], fix, ...more }],
});
const FIVE = rule({ kind: 'within', term: workingDays(5) });
const DAY = rule({ kind: 'within', term: hours(24) });

const of = (facts: Partial<DeadlineFacts>, policy: Policy = FIVE, now = NOW) =>
  determine({ ...FACTS, ...facts }, policy, CN, now);

describe('the clock', () => {
  it('has not started before the notice under a policy that counts from it', () => {
    const before = of({ notifiedAt: null });
    expect(before).toMatchObject({ rule: 'only', clockStart: null, clockBasis: 'notified', dueAt: null });
    expect(before.acknowledgeBy).toBeNull();
  });

  it.each<[Policy['clockStart'], Partial<DeadlineFacts>, string | null, string]>([
    ['detected', {}, FACTS.detectedAt, 'detected'],
    ['notified', {}, FACTS.notifiedAt, 'notified'],
    ['acknowledged', {}, FACTS.acknowledgedAt, 'acknowledged'],
    ['acknowledged', { acknowledgedAt: null }, null, 'acknowledged'],
    // 20 October begins in Shanghai on 19 October at 16:00 UTC
    ['earlier-of-kev-and-detected', { kev: listed('2026-10-20') }, '2026-10-19T16:00:00.000Z', 'kev-listed'],
    ['earlier-of-kev-and-detected', { kev: listed('2026-11-20') }, FACTS.detectedAt, 'detected'],
    ['earlier-of-kev-and-detected', { kev: null }, FACTS.detectedAt, 'detected'],
    ['kev-listed', { kev: listed('2026-11-20') }, '2026-11-19T16:00:00.000Z', 'kev-listed'],
    ['kev-listed', { kev: listed('2026-10-20') }, FACTS.detectedAt, 'detected'],
    ['kev-listed', { kev: null }, FACTS.detectedAt, 'detected'],
  ])('that counts from %s with %j starts at %s', (clockStart, facts, start, basis) => {
    const determined = of(facts, { ...FIVE, clockStart });
    expect(determined).toMatchObject({ clockStart: start, clockBasis: basis });
    expect(determined.dueAt === null).toBe(start === null);
  });
});

function listed(addedOn: string, dueOn: string | null = null): NonNullable<DeadlineFacts['kev']> {
  return { cve: 'CVE-2024-6387', addedOn, dueOn };
}

describe('a pause', () => {
  const paused = (from: string, until: string | null, kind: 'retest' | 'objection' = 'retest') => ({
    kind,
    from,
    until,
  });

  // without any: Tue 3, Wed 4, Thu 5, Fri 6, Mon 9
  it.each<[string, DeadlineFacts['pauses'], string, number]>([
    ['none', [], '2026-11-09T16:00:00.000Z', 0],
    // Wed 4 at 09:00 to Thu 5 at 17:00: 3, 6, 9, 10, 11
    [
      'of two days, from a morning to an evening',
      [paused('2026-11-04T01:00:00.000Z', '2026-11-05T09:00:00.000Z')],
      '2026-11-11T16:00:00.000Z',
      32 * 3600,
    ],
    [
      'of a weekend',
      [paused('2026-11-06T16:00:00.000Z', '2026-11-08T16:00:00.000Z')],
      '2026-11-09T16:00:00.000Z',
      48 * 3600,
    ],
    [
      'twice on one day, and one within the other',
      [
        paused('2026-11-04T01:00:00.000Z', '2026-11-04T02:00:00.000Z'),
        paused('2026-11-04T04:00:00.000Z', '2026-11-04T06:00:00.000Z'),
        paused('2026-11-04T05:00:00.000Z', '2026-11-04T05:30:00.000Z', 'objection'),
      ],
      '2026-11-10T16:00:00.000Z',
      3 * 3600,
    ],
    [
      'in the last minute of the last day',
      [paused('2026-11-09T15:59:00.000Z', '2026-11-09T15:59:30.000Z')],
      '2026-11-10T16:00:00.000Z',
      30,
    ],
    [
      'until midnight touches no further day',
      [paused('2026-11-04T01:00:00.000Z', '2026-11-04T16:00:00.000Z')],
      '2026-11-10T16:00:00.000Z',
      15 * 3600,
    ],
    [
      'after it was over',
      [paused('2026-11-09T16:00:00.000Z', '2026-11-12T16:00:00.000Z')],
      '2026-11-09T16:00:00.000Z',
      0,
    ],
    [
      'before it began',
      [paused('2026-11-01T16:00:00.000Z', '2026-11-02T01:00:00.000Z')],
      '2026-11-09T16:00:00.000Z',
      0,
    ],
    [
      // 9 is paused, so 10 is the last day, and 10 is paused as well: 11
      'in the days that an earlier one added',
      [
        paused('2026-11-09T01:00:00.000Z', '2026-11-09T02:00:00.000Z'),
        paused('2026-11-10T01:00:00.000Z', '2026-11-10T02:00:00.000Z'),
      ],
      '2026-11-11T16:00:00.000Z',
      2 * 3600,
    ],
  ])('%s', (_title, pauses, dueAt, pausedSeconds) => {
    expect(of({ pauses })).toMatchObject({ dueAt, pausedSeconds, paused: null });
  });

  it('adds to hours exactly what it took', () => {
    const pauses = [
      paused('2026-11-02T01:00:00.000Z', '2026-11-02T03:00:00.000Z'),
      paused('2026-11-02T10:00:00.000Z', '2026-11-02T12:30:15.000Z'),
    ];
    // one hour of the first was after the start
    expect(of({ pauses }, DAY).dueAt).toBe('2026-11-03T05:30:15.000Z');
    const within = paused('2026-11-02T11:00:00.000Z', '2026-11-02T11:30:00.000Z', 'objection');
    expect(of({ pauses: [...pauses, within] }, DAY).dueAt).toBe('2026-11-03T05:30:15.000Z');
  });

  it('stands still while it lasts, with the earliest date that is possible', () => {
    const pauses = [paused('2026-11-04T01:00:00.000Z', null)];
    const now = '2026-11-20T00:00:00.000Z';
    const determined = of({ pauses }, FIVE, now);
    expect(determined).toMatchObject({
      dueAt: '2026-11-10T16:00:00.000Z',
      paused: 'retest',
      pausedSeconds: 0,
    });
    expect(isOverdue(determined, now)).toBe(false);
    expect(of({ pauses }, FIVE, '2026-11-25T00:00:00.000Z')).toEqual(determined);
  });

  it('does not save what was overdue before it', () => {
    const now = '2026-11-20T00:00:00.000Z';
    const determined = of({ pauses: [paused('2026-11-09T16:00:00.000Z', null)] }, FIVE, now);
    expect(determined).toMatchObject({ dueAt: '2026-11-09T16:00:00.000Z', paused: null });
    expect(isOverdue(determined, now)).toBe(true);
  });

  it('counts as lasting before its end is reached, and as nothing before it begins', () => {
    const pauses = [paused('2026-11-04T01:00:00.000Z', '2026-11-05T09:00:00.000Z')];
    expect(of({ pauses }, FIVE, '2026-11-04T02:00:00.000Z').paused).toBe('retest');
    expect(of({ pauses }, FIVE, '2026-11-03T02:00:00.000Z')).toEqual(of({ pauses: [] }));
  });

  it('is none of a kind that the policy does not know, and none for what is critical', () => {
    const pauses = [paused('2026-11-04T01:00:00.000Z', null)];
    expect(of({ pauses }, { ...FIVE, pauses: ['objection'] })).toEqual(of({}));
    expect(of({ pauses, grade: 'critical' })).toEqual(of({ grade: 'critical' }));
  });

  it('moves every date that comes after it', () => {
    const policy = rule(
      { kind: 'within', term: workingDays(5) },
      {
        acknowledge: hours(2),
        interim: calendarDays(1),
        plan: workingDays(3),
        tasks: [{ id: 'triage', term: hours(72) }],
      },
    );
    const pauses = [paused('2026-11-04T01:00:00.000Z', '2026-11-05T09:00:00.000Z')];
    expect(of({ pauses }, policy)).toMatchObject({
      acknowledgeBy: '2026-11-02T04:00:00.000Z',
      interimBy: '2026-11-03T16:00:00.000Z',
      // 3, 6, 9
      planBy: '2026-11-09T16:00:00.000Z',
      // 5 November 02:00 and 32 hours
      tasks: [{ id: 'triage', by: '2026-11-06T10:00:00.000Z' }],
      dueAt: '2026-11-11T16:00:00.000Z',
    });
  });
});

describe('a finding is overdue', () => {
  it('from the first moment that is too late', () => {
    expect(isOverdue(of({}), '2026-11-09T15:59:59.999Z')).toBe(false);
    expect(isOverdue(of({}), '2026-11-09T16:00:00.000Z')).toBe(true);
    expect(isOverdue(of({ notifiedAt: null }), NOW)).toBe(false);
  });
});

describe('an extension', () => {
  const extension = { to: '2026-11-20T16:00:00.000Z', at: '2026-11-06T02:00:00.000Z' };
  const granted = { extensions: [extension] };
  const retest = (from: string, until: string | null) => [{ kind: 'retest' as const, from, until }];

  it('takes the place of an earlier date, and of no later one', () => {
    expect(of(granted)).toMatchObject({ dueAt: extension.to, extendedTo: extension.to });
    const late = of(granted, rule({ kind: 'within', term: calendarDays(60) }));
    expect(late).toMatchObject({ dueAt: '2027-01-01T16:00:00.000Z', extendedTo: null });
  });

  it('moves the fix and nothing else', () => {
    const policy = rule({ kind: 'within', term: workingDays(5) }, { plan: workingDays(3) });
    expect(of(granted, policy).planBy).toBe('2026-11-05T16:00:00.000Z');
  });

  it('is moved by what stood still after it was granted', () => {
    // 12 and 13 November do not count
    const after = retest('2026-11-12T01:00:00.000Z', '2026-11-13T01:00:00.000Z');
    expect(of({ ...granted, pauses: after }).dueAt).toBe('2026-11-22T16:00:00.000Z');
    const before = retest('2026-11-04T01:00:00.000Z', '2026-11-05T01:00:00.000Z');
    expect(of({ ...granted, pauses: before }).dueAt).toBe(extension.to);
    const tooLate = retest('2026-11-20T16:00:00.000Z', '2026-11-21T01:00:00.000Z');
    expect(of({ ...granted, pauses: tooLate }).dueAt).toBe(extension.to);
  });

  it('takes nothing away from one before it that leads further by now', () => {
    const pauses = retest('2026-11-12T01:00:00.000Z', '2026-11-13T01:00:00.000Z');
    const later = { to: '2026-11-21T16:00:00.000Z', at: '2026-11-16T02:00:00.000Z' };
    for (const extensions of [
      [extension, later],
      [later, extension],
    ])
      expect(of({ extensions, pauses }).dueAt).toBe('2026-11-22T16:00:00.000Z');
    expect(of({ extensions: [extension, later] }).dueAt).toBe(later.to);
  });

  it('keeps its time of day when it is moved', () => {
    const pauses = retest('2026-11-12T01:00:00.000Z', '2026-11-13T01:00:00.000Z');
    const noon = { extensions: [{ ...extension, to: '2026-11-20T04:00:00.000Z' }] };
    expect(of({ ...noon, pauses }).dueAt).toBe('2026-11-22T04:00:00.000Z');
  });

  it('stands still with the clock', () => {
    const determined = of({ ...granted, pauses: retest('2026-11-19T01:00:00.000Z', null) });
    expect(determined).toMatchObject({ dueAt: '2026-11-21T16:00:00.000Z', paused: 'retest' });
  });
});

describe('where there is no patch', () => {
  const policy = rule({ kind: 'within', term: workingDays(5) }, { interim: hours(24) });

  it('the finding is mitigated or disconnected by the date', () => {
    expect(of({ fixAvailable: false }).demand).toBe('mitigate');
    expect(of({ fixAvailable: false })).toMatchObject({ interimBy: '2026-11-09T16:00:00.000Z' });
    expect(of({ fixAvailable: false }).dueAt).toBe(of({ fixAvailable: true }).dueAt);
  });

  it('an interim measure that is asked for sooner stays asked for sooner', () => {
    expect(of({ fixAvailable: false }, policy).interimBy).toBe('2026-11-03T02:00:00.000Z');
  });

  it('nothing changes while that is not known', () => {
    expect(of({ fixAvailable: null }, policy)).toEqual(of({ fixAvailable: true }, policy));
    expect(of({ fixAvailable: null }).demand).toBe('fix');
  });

  it('what waits for the upgrade waits for it still', () => {
    const upgrade = rule({ kind: 'upgrade', review: calendarDays(365) });
    expect(of({ fixAvailable: false }, upgrade)).toMatchObject({ demand: 'upgrade', interimBy: null });
  });

  it('a date that CISA gave before there was a patch is a date to mitigate', () => {
    const facts = { ...FACTS, kev: listed('2026-11-02', '2026-11-05'), fixAvailable: false };
    expect(determine(facts, BOD_22_01, null, NOW)).toMatchObject({
      rule: 'kev',
      demand: 'mitigate',
      // the 6th begins in New York at 05:00
      dueAt: '2026-11-06T05:00:00.000Z',
    });
  });
});

describe('an entry of the KEV catalog', () => {
  it('gives its own date, the term where it has none', () => {
    const at = (kev: DeadlineFacts['kev'], cve = 'CVE-2024-6387') =>
      determine({ ...FACTS, kev, cve: [cve] }, BOD_22_01, null, NOW);
    expect(at(listed('2026-10-20', '2026-11-10')).dueAt).toBe('2026-11-11T05:00:00.000Z');
    // listed on the 5th and 14 days: the 19th
    expect(at(listed('2026-11-05'))).toMatchObject({ rule: 'kev', dueAt: '2026-11-20T05:00:00.000Z' });
    expect(at(listed('2026-11-05'), 'CVE-2021-44228').rule).toBe('kev');
    // 25 days of November, 31, 31, 28 are 115; 31 of March, 30 of April are 176: 4 May
    expect(at(listed('2026-11-05'), 'CVE-2017-0144')).toMatchObject({
      rule: 'kev-before-2021',
      dueAt: '2027-05-05T04:00:00.000Z',
    });
  });

  it('is as old as the newest CVE of the finding', () => {
    const facts = {
      ...FACTS,
      kev: listed('2026-11-05'),
      cve: ['CVE-2017-0144', 'CVE-2024-6387', 'CVE-2019-0708'],
    };
    expect(determine(facts, BOD_22_01, null, NOW).rule).toBe('kev');
  });

  it('that is over when the finding is seen leaves it overdue', () => {
    const determined = determine({ ...FACTS, kev: listed('2022-01-10', '2022-01-24') }, BOD_22_01, null, NOW);
    expect(determined.dueAt).toBe('2022-01-25T05:00:00.000Z');
    expect(isOverdue(determined, NOW)).toBe(true);
  });

  it('is moved by pauses where a policy has them', () => {
    const policy = { ...BOD_22_01, pauses: ['retest'] as const };
    const facts = {
      ...FACTS,
      kev: listed('2026-10-20', '2026-11-10'),
      pauses: [
        { kind: 'retest' as const, from: '2026-11-04T12:00:00.000Z', until: '2026-11-04T13:00:00.000Z' },
      ],
    };
    expect(determine(facts, policy, null, NOW).dueAt).toBe('2026-11-12T05:00:00.000Z');
  });
});

describe('a policy', () => {
  it('that says nothing about a finding gives it no date', () => {
    const determined = determine({ ...FACTS, grade: 'info' }, CN_DEFAULT, CN, NOW);
    expect(determined).toMatchObject({ rule: null, dueAt: null, acknowledgeBy: null, tasks: [] });
  });

  it('decides what counts as exposed when nobody said so', () => {
    const unknown = { ...FACTS, exposed: null };
    expect(determine(unknown, BOD_26_04, null, NOW).rule).toBe('9');
    expect(determine(unknown, { ...BOD_26_04, unknownExposure: false }, null, NOW).rule).toBe('4');
  });

  it('without its calendar says from when on days are not known', () => {
    expect(determine(FACTS, FIVE, null, NOW).calendarEnds).toBe('2026-11-02');
    expect(of({}).calendarEnds).toBeNull();
    const late = { notifiedAt: '2026-12-28T02:00:00.000Z' };
    // 29, 30, 31 December, then Friday 1 and Monday 4 January by weekends alone
    expect(of(late)).toMatchObject({ dueAt: '2027-01-04T16:00:00.000Z', calendarEnds: '2026-12-31' });
  });

  it('never asks for the interim measure after the fix', () => {
    const policy = rule({ kind: 'within', term: hours(24) }, { interim: workingDays(5) });
    expect(of({}, policy).interimBy).toBe('2026-11-03T02:00:00.000Z');
  });
});
