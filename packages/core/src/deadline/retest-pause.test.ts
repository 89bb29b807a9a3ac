import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CN } from './calendars/cn.ts';
import { type DeadlineFacts, isOverdue } from './determination.ts';
import { determine } from './determine.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { workingDays } from './presets/terms.ts';
import { type RetestWait, retestPauses, type TaskWait } from './retest-pause.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
/** Asked for on Wednesday 4 November 2026 at 09:00 in Shanghai. */
const ASKED = '2026-11-04T01:00:00.000Z';
const NOW = '2026-11-08T02:00:00.000Z';

const task = (windows: TaskWait['hours']['windows'], more: Partial<TaskWait> = {}): TaskWait => ({
  hours: {
    windows,
    timeZone: 'Asia/Shanghai',
    validFrom: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-12-31T00:00:00.000Z',
  },
  stops: [],
  until: null,
  ...more,
});
const validFrom = (at: string): TaskWait => {
  const always = task([]);
  return { ...always, hours: { ...always.hours, validFrom: at } };
};
const ANY_TIME = task([]);
const NIGHTS = task([{ days: EVERY_DAY, from: '22:00', until: '06:00' }]);
const SUNDAYS = task([{ days: [7], from: '03:00', until: '04:00' }]);
const MORNINGS = task([{ days: EVERY_DAY, from: '05:00', until: '06:00' }]);

const waiting = (tasks: readonly TaskWait[], until: string | null = null): RetestWait => ({
  from: ASKED,
  until,
  tasks,
});
const span = (from: string, until: string | null) => ({ from, until });
const hours = (from: string, until: string | null) => ({ from, until, why: 'hours' });
const stopped = (from: string, until: string | null) => ({ from, until, why: 'stopped' });

describe('a retest that waits', () => {
  const ENDED = '2026-11-07T02:00:00.000Z';
  const [THURSDAY, FRIDAY, SUNDAY] = [
    '2026-11-04T16:00:00.000Z',
    '2026-11-05T16:00:00.000Z',
    '2026-11-07T16:00:00.000Z',
  ];

  it.each<[string, RetestWait, object[], object[]]>([
    [
      'stops the clock all the time where tests may run at any hour',
      waiting([ANY_TIME]),
      [span(ASKED, null)],
      [],
    ],
    ['stops it until its end', waiting([ANY_TIME], ENDED), [span(ASKED, ENDED)], []],
    ['stops it on each day that has an allowed hour', waiting([NIGHTS], ENDED), [span(ASKED, ENDED)], []],
    [
      'stops it on no day before the weekly hour, and on the day of that hour',
      waiting([SUNDAYS]),
      [span(SUNDAY, null)],
      [hours(ASKED, SUNDAY)],
    ],
    [
      'stops it never where it ended before the hour came',
      waiting([SUNDAYS], ENDED),
      [],
      [hours(ASKED, ENDED)],
    ],
    [
      'does not stop it on a day whose hour was over when it was asked for',
      waiting([MORNINGS], ENDED),
      [span(THURSDAY, ENDED)],
      [hours(ASKED, THURSDAY)],
    ],
    [
      'does not stop it before the authorization begins',
      waiting([validFrom('2026-11-06T03:00:00.000Z')]),
      [span(FRIDAY, null)],
      [hours(ASKED, FRIDAY)],
    ],
    [
      'does not stop it on days on which the organization had pressed the emergency stop',
      waiting([task([], { stops: [span('2026-11-04T02:00:00.000Z', '2026-11-05T17:00:00.000Z')] })]),
      [span(ASKED, THURSDAY), span(FRIDAY, null)],
      [stopped(THURSDAY, FRIDAY)],
    ],
    [
      'does not stop it while the emergency stop lasts',
      waiting([task([], { stops: [span('2026-11-03T02:00:00.000Z', null)] })]),
      [],
      [stopped(ASKED, null)],
    ],
    [
      'waits for us while one part of it might run, whatever the other part waits for',
      waiting([SUNDAYS, task([], { until: '2026-11-05T17:00:00.000Z' })]),
      [span(ASKED, '2026-11-05T17:00:00.000Z'), span(SUNDAY, null)],
      [hours('2026-11-05T17:00:00.000Z', SUNDAY)],
    ],
    [
      'waits for us from the end of its last part to its own end',
      waiting([task([{ days: [7], from: '03:00', until: '04:00' }], { until: FRIDAY })], ENDED),
      [span(FRIDAY, ENDED)],
      [hours(ASKED, FRIDAY)],
    ],
    ['stops nothing where it ended at once because nothing can prove it', waiting([], ASKED), [], []],
    ['of which nothing more is known waits for us', waiting([]), [span(ASKED, null)], []],
  ])('%s', (_title, wait, pauses, counted) => {
    expect(retestPauses(wait, NOW)).toEqual({ pauses, counted });
  });

  it('stops it on the whole day already before the hour of that day has come', () => {
    const morning = '2026-11-03T23:00:00.000Z';
    const asked = { ...waiting([NIGHTS]), from: '2026-11-03T22:30:00.000Z' };
    expect(retestPauses(asked, morning).pauses).toEqual([span(asked.from, null)]);
  });

  it('counts by the clock on the wall of the authorization when that is set back', () => {
    const [begun, end] = ['2026-10-24T12:00:00.000Z', '2026-10-26T12:00:00.000Z'];
    const berlin = task([{ days: [7], from: '02:30', until: '02:45' }]);
    const hoursThere = { ...berlin.hours, timeZone: 'Europe/Berlin' };
    const wait = { from: begun, until: end, tasks: [{ ...berlin, hours: hoursThere }] };
    // Sunday 25 October has 25 hours
    expect(retestPauses(wait, NOW).pauses).toEqual([
      span('2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'),
    ]);
  });
});

describe('an organization that allows one hour a month', () => {
  const policy = {
    ...CN_DEFAULT,
    rules: [{ id: 'only', when: [], fix: { kind: 'within' as const, term: workingDays(5) } }],
  };
  const monthly = task([{ days: [1], from: '03:00', until: '04:00' }]);
  const facts = (now: string): DeadlineFacts => ({
    detectedAt: '2026-11-01T02:00:00.000Z',
    notifiedAt: '2026-11-03T02:00:00.000Z',
    acknowledgedAt: null,
    grade: 'high',
    class: 'vulnerability',
    cve: [],
    kev: null,
    exposed: false,
    automatable: null,
    technicalImpact: null,
    level: null,
    criticalInfrastructure: false,
    keyLists: [],
    fixAvailable: null,
    pauses: retestPauses(
      waiting([{ ...monthly, hours: { ...monthly.hours, validFrom: '2026-11-29T16:00:00.000Z' } }]),
      now,
    ).pauses.map((one) => ({ kind: 'retest', ...one })),
    extensions: [],
  });

  it('runs late like everybody else while a retest waits for that hour', () => {
    const now = '2026-11-11T02:00:00.000Z';
    const determined = determine(facts(now), policy, CN, now);
    expect(determined).toMatchObject({ dueAt: '2026-11-10T16:00:00.000Z', paused: null });
    expect(isOverdue(determined, now)).toBe(true);
  });

  it('stays late when the hour comes', () => {
    const now = '2026-11-30T02:00:00.000Z';
    expect(determine(facts(now), policy, CN, now)).toMatchObject({
      dueAt: '2026-11-10T16:00:00.000Z',
      paused: null,
    });
  });
});

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00.000Z');
const moment = fc.integer({ min: 0, max: 60 * DAY }).map((after) => new Date(START + after).toISOString());
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => `${part}`.padStart(2, '0')).join(':'));
const window = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: time,
  until: time,
});
const taskWait: fc.Arbitrary<TaskWait> = fc.record({
  hours: fc.record({
    windows: fc.array(window, { maxLength: 2 }),
    timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Africa/Cairo'),
    validFrom: moment,
    expiresAt: moment,
  }),
  stops: fc.array(
    fc.tuple(moment, fc.option(moment, { nil: null })).map(([from, until]) => ({ from, until })),
    { maxLength: 2 },
  ),
  until: fc.option(moment, { nil: null }),
});
const wait: fc.Arbitrary<RetestWait> = fc.record({
  from: moment,
  until: fc.option(moment, { nil: null }),
  tasks: fc.array(taskWait, { maxLength: 3 }),
});

describe('the time of a retest', () => {
  property.prop([wait, moment], { numRuns: 200 })(
    'is either a pause or counted with its reason, each moment once, in order',
    (of, asked) => {
      // nobody knows of an end that lies ahead
      const known = [asked, of.from, of.until ?? asked, ...of.tasks.map(({ until }) => until ?? asked)];
      const now = known.sort().at(-1) ?? asked;
      const { pauses, counted } = retestPauses(of, now);
      const parts = [...pauses, ...counted].toSorted((a, b) => (a.from < b.from ? -1 : 1));
      let at = of.from;
      for (const part of parts) {
        expect(part.from).toBe(at);
        expect(part.until === null || part.until > part.from).toBe(true);
        at = part.until ?? now;
      }
      if (parts.length > 0 && of.until !== null) expect(at).toBe(of.until);
    },
  );

  property.prop([wait, moment, fc.integer({ min: 0, max: 90 })], { numRuns: 200 })(
    'that is over stays what it was, however late it is looked at again',
    (of, now, days) => {
      const over = { ...of, until: of.until ?? now };
      const end = new Date(START + 61 * DAY).toISOString();
      const later = new Date(START + (61 + days) * DAY).toISOString();
      expect(retestPauses(over, later)).toEqual(retestPauses(over, end));
    },
  );

  property.prop([wait, moment, window], { numRuns: 200 })(
    'is never paused longer for fewer allowed hours',
    (of, now, more) => {
      const wider = {
        ...of,
        tasks: of.tasks.map((one) => ({
          ...one,
          hours: {
            ...one.hours,
            windows: one.hours.windows.length === 0 ? [] : [...one.hours.windows, more],
          },
        })),
      };
      const long = (one: RetestWait) =>
        retestPauses(one, now).pauses.reduce(
          (sum, { from, until }) => sum + Date.parse(until ?? now) - Date.parse(from),
          0,
        );
      expect(long(wider)).toBeGreaterThanOrEqual(long(of));
    },
  );
});
