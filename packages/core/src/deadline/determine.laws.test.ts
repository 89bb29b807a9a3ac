import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { wallDayAt } from '../authorize/wall-clock.ts';
import { FINDING_CLASSES } from '../score/finding-class.ts';
import { CHINESE_GRADES } from '../score/grade.ts';
import { CN } from './calendars/cn.ts';
import type { DeadlineFacts, Determination } from './determination.ts';
import { determine } from './determine.ts';
import { escalationDates } from './escalation-dates.ts';
import { CLOCK_STARTS, PAUSES, type Policy, TERM_UNITS } from './policy.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { PRESETS } from './presets.ts';

const moment = fc
  .date({ min: new Date('2025-01-01'), max: new Date('2026-12-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null });
const day = moment.map((at) => at.slice(0, 10));

const pause = fc
  .tuple(fc.constantFrom(...PAUSES), moment, orNull(fc.integer({ min: 0, max: 20 * 86_400_000 })))
  .map(([kind, from, lasts]) => ({
    kind,
    from,
    until: lasts === null ? null : new Date(Date.parse(from) + lasts).toISOString(),
  }));

const extension = fc.record({ to: moment, at: moment });

const facts: fc.Arbitrary<DeadlineFacts> = fc.record({
  detectedAt: moment,
  notifiedAt: orNull(moment),
  acknowledgedAt: orNull(moment),
  grade: fc.constantFrom(...CHINESE_GRADES),
  class: fc.constantFrom(...FINDING_CLASSES),
  cve: fc.constantFrom([], ['CVE-2017-0144'], ['CVE-2024-6387', 'CVE-2017-0144']),
  kev: orNull(fc.record({ cve: fc.constant('CVE-2017-0144'), addedOn: day, dueOn: orNull(day) })),
  exposed: orNull(fc.boolean()),
  automatable: orNull(fc.boolean()),
  technicalImpact: orNull(fc.constantFrom('partial', 'total')),
  level: orNull(fc.integer({ min: 1, max: 5 })),
  criticalInfrastructure: fc.boolean(),
  keyLists: fc.constantFrom([], ['protection'], ['other']),
  fixAvailable: orNull(fc.boolean()),
  pauses: fc.array(pause, { maxLength: 4 }),
  extensions: fc.array(extension, { maxLength: 3 }),
});

/** A preset, or one of them with another clock, other zones and with pauses. */
const policy: fc.Arbitrary<Policy> = fc
  .tuple(
    fc.constantFrom(...PRESETS),
    fc.constantFrom(...CLOCK_STARTS),
    fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Africa/Cairo'),
    fc.boolean(),
  )
  .map(([preset, clockStart, timeZone, changed]) =>
    changed ? { ...preset, clockStart, timeZone, pauses: PAUSES, neverPaused: [] } : preset,
  );

/** After everything that the facts speak of. */
const NOW = '2027-06-01T00:00:00.000Z';
const RUNS = { numRuns: 300 };

const datesOf = ({ dueAt, acknowledgeBy, interimBy, planBy, tasks }: Determination) =>
  [dueAt, acknowledgeBy, interimBy, planBy, ...tasks.map(({ by }) => by)].map((at) =>
    at === null ? Number.POSITIVE_INFINITY : Date.parse(at),
  );

function expectNoneEarlier(before: Determination, after: Determination): void {
  const [earlier, later] = [datesOf(before), datesOf(after)];
  expect(later).toHaveLength(earlier.length);
  later.forEach((at, index) => {
    expect(at).toBeGreaterThanOrEqual(earlier[index] ?? Number.NaN);
  });
}

describe('a deadline', () => {
  property.prop([facts, policy, fc.string(), moment], RUNS)(
    'comes from the facts and the policy alone: no text and nothing that was asked before moves it',
    (known, by, title, at) => {
      const once = determine(known, by, CN, NOW);
      determine({ ...known, detectedAt: at }, by, CN, at);
      const renamed = { ...known, title, description: title, solution: title };
      expect(determine(structuredClone(renamed), structuredClone(by), structuredClone(CN), NOW)).toEqual(
        once,
      );
    },
  );

  property.prop([facts, policy, fc.nat(4000)], RUNS)(
    'stays the same however often and however late it is determined again',
    (known, by, days) => {
      const later = new Date(Date.parse(NOW) + days * 86_400_000).toISOString();
      expect(determine(known, by, CN, later)).toEqual(determine(known, by, CN, NOW));
    },
  );

  property.prop([facts, policy, pause], RUNS)('is never earlier for one more pause', (known, by, more) => {
    const paused = { ...known, pauses: [...known.pauses, more] };
    expectNoneEarlier(determine(known, by, CN, NOW), determine(paused, by, CN, NOW));
  });

  property.prop([facts, policy, fc.nat(30 * 86_400_000)], RUNS)(
    'is never earlier for a pause that took longer',
    (known, by, longer) => {
      const pauses = known.pauses.map((one, index) =>
        index > 0
          ? one
          : { ...one, until: new Date(Date.parse(one.until ?? one.from) + longer).toISOString() },
      );
      expectNoneEarlier(determine(known, by, CN, NOW), determine({ ...known, pauses }, by, CN, NOW));
    },
  );

  const terms = fc.record({
    unit: fc.constantFrom(...TERM_UNITS),
    amount: fc.integer({ min: 1, max: 40 }),
    more: fc.nat(40),
  });
  property.prop([facts, policy, terms], RUNS)('is never earlier for a longer term', (known, by, term) => {
    const { unit, amount, more } = term;
    const within = (days: number): Policy => ({
      ...by,
      rules: [{ id: 'only', when: [], fix: { kind: 'within', term: { amount: days, unit } } }],
    });
    expectNoneEarlier(
      determine(known, within(amount), CN, NOW),
      determine(known, within(amount + more), CN, NOW),
    );
  });

  property.prop([facts, policy, extension], RUNS)(
    'is never earlier for an extension',
    (known, by, further) => {
      const extensions = [...known.extensions, further];
      const without = determine({ ...known, extensions: [] }, by, CN, NOW);
      expectNoneEarlier(without, determine({ ...known, extensions }, by, CN, NOW));
    },
  );

  // of one month, so that what is granted, and what stands still, lie over each other
  const soon = fc.integer({ min: 0, max: 30 * 86_400_000 });
  const later = (than: number, by: number) => new Date(Date.parse('2026-06-01') + than + by).toISOString();
  const grants = fc.tuple(soon, soon).map(([at, lasts]) => ({ at: later(at, 0), to: later(at, lasts) }));
  const stops = fc
    .tuple(fc.constantFrom(...PAUSES), soon, soon)
    .map(([kind, from, lasts]) => ({ kind, from: later(from, 0), until: later(from, lasts) }));
  const extended = fc.record({
    extensions: fc.array(grants, { minLength: 1, maxLength: 3 }),
    pauses: fc.array(stops, { minLength: 1, maxLength: 3 }),
    notifiedAt: fc.constant(later(0, 0)),
    grade: fc.constantFrom('low', 'medium', 'high'),
  });
  property.prop([facts, extended, grants, fc.nat(3)], RUNS)(
    'is never earlier for a further extension, in whatever order they are told',
    (known, of, further, place) => {
      const before = { ...known, ...of };
      const extensions = of.extensions.toSpliced(place, 0, further);
      expectNoneEarlier(
        determine(before, CN_DEFAULT, CN, NOW),
        determine({ ...before, extensions }, CN_DEFAULT, CN, NOW),
      );
    },
  );

  property.prop([facts, policy], RUNS)('of days lies after the start, at the end of a day', (known, by) => {
    const { clockStart, dueAt, extendedTo, rule: id } = determine(known, by, CN, NOW);
    const fix = by.rules.find((rule) => rule.id === id)?.fix;
    if (clockStart === null || dueAt === null || fix === undefined || fix.kind === 'kev-due-date') return;
    expect(Date.parse(dueAt)).toBeGreaterThan(Date.parse(clockStart));
    if (extendedTo !== null || (fix.kind === 'within' && fix.term.unit === 'hours')) return;
    const [late, inTime] = [Date.parse(dueAt), Date.parse(dueAt) - 1];
    expect(wallDayAt(by.timeZone, late)).toBeGreaterThan(wallDayAt(by.timeZone, inTime));
  });

  property.prop([facts, policy], RUNS)('that stands still is not before the pause', (known, by) => {
    const { paused, dueAt } = determine(known, by, CN, NOW);
    if (paused === null || dueAt === null) return;
    const lasting = known.pauses.filter(({ kind, until }) => kind === paused && until === null);
    expect(lasting.some(({ from }) => Date.parse(from) < Date.parse(dueAt))).toBe(true);
  });

  property.prop([facts, policy], RUNS)('has a ladder that goes upwards', (known, by) => {
    const { clockStart, dueAt } = determine(known, by, CN, NOW);
    if (clockStart !== null && dueAt !== null && dueAt < clockStart) return;
    const moments = escalationDates({ clockStart, dueAt }, by, CN).map(({ at }) => Date.parse(at));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  });
});
