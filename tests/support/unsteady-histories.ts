import type { ImportedScan } from '@backcheck/core';
import fc from 'fast-check';
import {
  assembled,
  headArb,
  historyArb,
  madeAgain,
  mostly,
  NESSUS,
  observationArb,
  visitArb,
} from './histories.ts';

/** A sound scan of everything at one asset, that saw something there. */
const soundScanArb: fc.Arbitrary<ImportedScan> = fc
  .record({ head: headArb(NESSUS), visit: visitArb(NESSUS), seen: observationArb(NESSUS) })
  .map(({ head, visit, seen }) => {
    const sound = {
      timeSource: 'file',
      complete: true,
      truncated: false,
      submittedBy: 'coordinator',
    } as const;
    const worth = { evidence: 'E2', assumptions: [], checks: NESSUS.all, method: 'active' } as const;
    const whole = { record: 'coverage', transport: seen.transport, ports: '0-65535', ...worth } as const;
    const { reason: _, ...asset } = visit.asset;
    const reached = {
      ...visit,
      asset: { ...asset, reached: true },
      coverage: [...visit.coverage.filter((one) => one.evidence !== 'E0'), whole],
      observations: [{ ...seen, verdict: 'present' as const, method: 'remote' as const }],
    };
    return assembled(100, { ...head, ...sound }, [reached]);
  });

/** From one scan of a series to the next, in minutes: now and then within a day, or always days and weeks. */
const gapsArb = fc
  .constantFrom([60, 700, 700, 1440, 2000, 4400], [2000, 2000, 4400, 44_000])
  .map((gaps) => fc.constantFrom(...gaps));

/**
 * Histories in which a sound scan is made again and again and sees its findings in some runs and not in others, the
 * last of them mostly clean. Whatever else was scanned meanwhile is there too.
 */
export const unsteadyHistoryArb: fc.Arbitrary<ImportedScan[]> = gapsArb
  .chain((gap) =>
    fc.record({
      history: historyArb,
      scan: soundScanArb,
      turns: fc.array(fc.record({ gap, turned: mostly(true, false) }), { minLength: 1, maxLength: 5 }),
      clean: fc.array(gap, { minLength: 1, maxLength: 6, size: 'max' }),
    }),
  )
  .map(({ history, scan, turns, clean }) => {
    let last = { minutes: 0, clean: false };
    const next = (gap: number, isClean: boolean) => {
      last = { minutes: last.minutes + gap, clean: isClean };
      return last;
    };
    const runs = [
      ...turns.map(({ gap, turned }) => next(gap, last.clean !== turned)),
      ...clean.map((gap) => next(gap, true)),
    ];
    const series = runs.map((run, number) => madeAgain(scan, { ...run, number }));
    return [...history.slice(0, 2), scan, ...series];
  });
