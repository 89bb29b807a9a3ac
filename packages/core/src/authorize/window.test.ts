import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { TestWindow } from './authorization.ts';
import { windowAt } from './window.ts';

const YEAR = { validFrom: '2026-01-01T00:00:00.000Z', expiresAt: '2027-01-01T00:00:00.000Z' };
const NIGHTS: TestWindow = { days: [1, 2, 3, 4, 5], from: '22:00', until: '06:00' };
const SUNDAY = (from: string, until: string): TestWindow => ({ days: [7], from, until });
const at = (window: TestWindow, timeZone: string, moment: string) =>
  windowAt({ windows: [window], timeZone, ...YEAR }, moment);

describe('the hours of tests', () => {
  it('are any time between the dates when none are listed', () => {
    const hours = { windows: [], timeZone: 'Asia/Shanghai', ...YEAR };
    expect(windowAt(hours, '2026-06-01T00:00:00.000Z')).toEqual({ open: true, until: YEAR.expiresAt });
    expect(windowAt(hours, '2025-06-01T00:00:00.000Z')).toEqual({ open: false, opensAt: YEAR.validFrom });
    expect(windowAt(hours, YEAR.expiresAt)).toEqual({ open: false, opensAt: null });
  });

  it.each([
    ['Friday evening', '2026-11-20T14:00:00.000Z', { open: true, until: '2026-11-20T22:00:00.000Z' }],
    ['Saturday before six', '2026-11-20T21:59:59.999Z', { open: true, until: '2026-11-20T22:00:00.000Z' }],
    ['Saturday at six', '2026-11-20T22:00:00.000Z', { open: false, opensAt: '2026-11-23T14:00:00.000Z' }],
    ['Monday before six', '2026-11-22T21:00:00.000Z', { open: false, opensAt: '2026-11-23T14:00:00.000Z' }],
  ])('run over midnight, by the clock of Shanghai: %s', (_title, moment, expected) => {
    expect(at(NIGHTS, 'Asia/Shanghai', moment)).toEqual(expected);
  });

  it('are 24 hours when they end as they begin', () => {
    const expected = { open: true, until: '2026-11-23T01:00:00.000Z' };
    expect(at(SUNDAY('09:00', '09:00'), 'Asia/Shanghai', '2026-11-22T01:00:00.000Z')).toEqual(expected);
  });

  it('that follow each other are one', () => {
    const windows = [SUNDAY('20:00', '00:00'), { days: [1], from: '00:00', until: '04:00' }];
    expect(windowAt({ windows, timeZone: 'UTC', ...YEAR }, '2026-11-22T20:00:00.000Z')).toEqual({
      open: true,
      until: '2026-11-23T04:00:00.000Z',
    });
  });

  it('of the whole week end with the authorization', () => {
    const always = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00' };
    expect(at(always, 'Europe/Berlin', '2026-03-01T00:00:00.000Z')).toEqual({
      open: true,
      until: YEAR.expiresAt,
    });
  });

  it('end with the authorization when that is sooner, and never begin again', () => {
    const hours = {
      windows: [NIGHTS],
      timeZone: 'UTC',
      validFrom: YEAR.validFrom,
      expiresAt: '2026-11-20T23:00:00.000Z',
    };
    expect(windowAt(hours, '2026-11-20T22:30:00.000Z')).toEqual({ open: true, until: hours.expiresAt });
    expect(windowAt(hours, '2026-11-20T21:00:00.000Z')).toEqual({
      open: false,
      opensAt: '2026-11-20T22:00:00.000Z',
    });
    expect(windowAt({ ...hours, expiresAt: '2026-11-20T22:00:00.000Z' }, '2026-11-20T21:00:00.000Z')).toEqual(
      {
        open: false,
        opensAt: null,
      },
    );
  });
});

describe('before the authorization begins', () => {
  const early = '2026-01-01T00:00:00.000Z';
  it.each([
    ['in the middle of its hours, it opens with it', '2026-11-20T15:00:00.000Z', '2026-11-20T15:00:00.000Z'],
    ['between its hours, it opens with the next', '2026-11-20T22:00:00.000Z', '2026-11-23T14:00:00.000Z'],
  ])('%s', (_title, validFrom, opensAt) => {
    const hours = { windows: [NIGHTS], timeZone: 'Asia/Shanghai', ...YEAR, validFrom };
    expect(windowAt(hours, early)).toEqual({ open: false, opensAt });
  });
});

describe('when the clock is set', () => {
  it('forward, an hour that is skipped never comes', () => {
    const window = SUNDAY('02:10', '02:40');
    // 29 March 2026 has no 02:10 in Berlin
    expect(at(window, 'Europe/Berlin', '2026-03-28T00:00:00.000Z')).toEqual({
      open: false,
      opensAt: '2026-04-05T00:10:00.000Z',
    });
  });

  it('forward over the beginning, it opens at the jump', () => {
    expect(at(SUNDAY('02:30', '05:00'), 'Europe/Berlin', '2026-03-28T20:00:00.000Z')).toEqual({
      open: false,
      opensAt: '2026-03-29T01:00:00.000Z',
    });
  });

  it('back, an hour that is shown twice counts twice', () => {
    expect(at(SUNDAY('02:00', '03:00'), 'Europe/Berlin', '2026-10-25T00:00:00.000Z')).toEqual({
      open: true,
      until: '2026-10-25T02:00:00.000Z',
    });
    expect(at(SUNDAY('01:00', '02:30'), 'Europe/Berlin', '2026-10-25T00:30:00.000Z')).toEqual({
      open: false,
      opensAt: '2026-10-25T01:00:00.000Z',
    });
  });
});

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const CLOCKS = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  ]),
);

/** Reads the clock as a person does, moment by moment. */
function isShown(windows: readonly TestWindow[], timeZone: string, moment: number): boolean {
  const text = CLOCKS.get(timeZone)?.format(moment) ?? '';
  const [, name = '', time = ''] = /^(\w+)\W+(\d\d:\d\d)$/.exec(text) ?? [];
  const day = WEEKDAYS.indexOf(name) + 1;
  const before = day === 1 ? 7 : day - 1;
  return windows.some(({ days, from, until }) =>
    from < until
      ? days.includes(day) && from <= time && time < until
      : (days.includes(day) && from <= time) || (days.includes(before) && time < until),
  );
}

const time = fc
  .integer({ min: 0, max: 287 })
  .map(
    (five) => `${String(Math.floor(five / 12)).padStart(2, '0')}:${String((five % 12) * 5).padStart(2, '0')}`,
  );
const window = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: time,
  until: time,
});
// near the days on which clocks are set, and anywhere
const moment = fc.oneof(
  fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') }),
  fc.integer({ min: Date.parse('2026-03-28'), max: Date.parse('2026-03-30') }),
  fc.integer({ min: Date.parse('2026-10-24'), max: Date.parse('2026-10-26') }),
);

describe('the hours, whatever they are', () => {
  property.prop([fc.array(window, { minLength: 1, maxLength: 3 }), fc.constantFrom(...ZONES), moment], {
    numRuns: 300,
  })('change exactly where it is said, and not before', (windows, timeZone, now) => {
    const answer = windowAt({ windows, timeZone, ...YEAR }, new Date(now).toISOString());
    const shown = (when: number) => isShown(windows, timeZone, when);
    expect(answer.open).toBe(shown(now));
    const text = answer.open ? answer.until : answer.opensAt;
    const edge = Date.parse(text ?? YEAR.expiresAt);
    expect(edge).toBeGreaterThan(now);
    if (edge < Date.parse(YEAR.expiresAt)) expect(shown(edge)).toBe(!answer.open);
    expect(shown(edge - 1)).toBe(answer.open);
    const step = Math.max(60_000, Math.floor((edge - now) / 200));
    for (let when = now; when < edge; when += step) expect(shown(when)).toBe(answer.open);
  });
});
