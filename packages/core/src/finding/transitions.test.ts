import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImportedScan } from '../observe/scan-facts.ts';
import { closureOf, witnessScan } from '../prove/closure.ts';
import { proofOf } from '../prove/proof.ts';
import { foldWorld } from '../reconcile/fold-world.ts';
import { displayedState } from './decision.ts';
import { OVERLAYS, STATES, type State } from './state.ts';
import {
  type DecidedOverlay,
  nextOverlay,
  nextState,
  type OverlayEvent,
  type StateEvent,
} from './transitions.ts';

type Kind = StateEvent['kind'];

/** The whole grid, written out for a reader. Rows are states, columns are what a later scan says. */
const STATE_GRID: readonly [State, Record<Kind, State>][] = [
  [
    'open',
    {
      seen: 'open',
      'proven-absent': 'verified-fixed',
      'assumed-absent': 'fixed-unverified',
      'not-covered': 'open',
    },
  ],
  [
    'fixed-unverified',
    {
      seen: 'open',
      'proven-absent': 'verified-fixed',
      'assumed-absent': 'fixed-unverified',
      'not-covered': 'fixed-unverified',
    },
  ],
  [
    'regressed',
    {
      seen: 'regressed',
      'proven-absent': 'verified-fixed',
      'assumed-absent': 'regressed',
      'not-covered': 'regressed',
    },
  ],
  [
    'verified-fixed',
    {
      seen: 'regressed',
      'proven-absent': 'verified-fixed',
      'assumed-absent': 'verified-fixed',
      'not-covered': 'verified-fixed',
    },
  ],
];

const N = 'none';
const C = 'claimed';
const A = 'accepted';
const F = 'false-positive';
const X = 'not-applicable';

const OVERLAY_EVENTS: readonly OverlayEvent[] = [
  'claim',
  'accept',
  'call-false-positive',
  'call-not-applicable',
  'lapse',
  'seen',
  'proven-absent',
];
const OVERLAY_GRID: readonly [DecidedOverlay, readonly DecidedOverlay[]][] = [
  [N, [C, A, F, X, N, N, N]],
  [C, [C, A, F, X, N, N, N]],
  [A, [C, A, F, X, N, A, N]],
  [F, [F, F, F, X, N, F, F]],
  [X, [X, X, F, X, N, N, X]],
];

const minute = (n: number): string => new Date(Date.UTC(2026, 5, 1, 0, n)).toISOString();

/** One scan of one asset that says exactly what the event says. */
function scanOf(kind: Kind, number: number): ImportedScan {
  const seen = kind === 'seen';
  const coverage = {
    record: 'coverage' as const,
    asset: 'a1',
    transport: 'tcp' as const,
    ports: kind === 'not-covered' ? '8443' : '443',
    checks: { ids: ['nessus:1'] },
    method: 'remote' as const,
    evidence: kind === 'assumed-absent' ? ('E1' as const) : ('E2' as const),
    assumptions: kind === 'assumed-absent' ? ['A-launched'] : [],
  };
  const observation = {
    record: 'observation' as const,
    asset: 'a1',
    transport: 'tcp' as const,
    port: 443,
    check: 'nessus:1',
    locus: '',
    verdict: 'present' as const,
    title: 'a weakness',
    severity: 'high' as const,
    cve: [],
    cwe: [],
    cvss: [],
    at: null,
  };
  return {
    scan: {
      record: 'scan',
      format: 'nessus',
      tool: { name: 'nessus', version: '10', feed: null },
      startedAt: minute(number),
      finishedAt: minute(number),
      timeSource: 'file',
      complete: true,
      sha256: number.toString(16).padStart(64, '0'),
    },
    assets: [
      {
        record: 'asset',
        id: 'a1',
        identifiers: [{ kind: 'ip', value: '192.0.2.1' }],
        reached: true,
        startedAt: minute(number),
        finishedAt: minute(number),
        credential: 'none',
      },
    ],
    coverage: [coverage],
    observations: seen ? [observation] : [],
    warnings: [],
    importedAt: minute(100000),
    vantage: 'main',
    submittedBy: 'coordinator',
    declaredBy: null,
    quarantined: false,
  };
}

/** A real proof: nothing else has the brand. */
function aProof(): Extract<StateEvent, { kind: 'proven-absent' }>['proof'] {
  const clean = scanOf('proven-absent', 2);
  const [finding] = foldWorld([scanOf('seen', 1), clean]);
  if (finding?.closing === null || finding === undefined)
    throw new Error('the clean scan should have closed it');
  const proof = proofOf(
    closureOf({
      organization: { id: '1', name: 'A hospital' },
      finding: {
        id: '1',
        asset: finding.identifiers,
        key: finding.key,
        title: 'a weakness',
        severity: 'high',
        cve: [],
      },
      need: finding.need,
      lastSeenIn: '1'.padStart(64, '0'),
      witnesses: [{ scan: witnessScan(clean), claim: finding.closing.claim }],
    }),
  );
  if (proof.kind === 'refusal') throw new Error(proof.message);
  return proof;
}

function event(kind: Kind): StateEvent {
  return kind === 'proven-absent' ? { kind, proof: aProof() } : { kind };
}

describe('a finding moves only along these arrows', () => {
  test('the grid names every state', () => {
    expect(STATE_GRID.map(([state]) => state).sort()).toEqual([...STATES].sort());
    expect(OVERLAY_GRID.map(([overlay]) => overlay).sort()).toEqual(
      [N, ...OVERLAYS.filter((one) => one !== 'unreachable')].sort(),
    );
  });

  test.each(
    STATE_GRID.flatMap(([state, row]) =>
      Object.entries(row).map(([kind, next]) => [state, kind as Kind, next] as const),
    ),
  )('from %s, when a later scan says %s, to %s', (state, kind, next) => {
    expect(nextState(state, event(kind))).toBe(next);
  });

  test.each(
    OVERLAY_GRID.flatMap(([overlay, row]) =>
      OVERLAY_EVENTS.map((kind, column) => [overlay, kind, row[column] ?? N] as const),
    ),
  )('over %s, after %s, lies %s', (overlay, kind, next) => {
    expect(nextOverlay(overlay, kind)).toBe(next);
  });

  test('the grid and the fold over all scans say the same, step by step', () => {
    const kinds = fc.array(fc.constantFrom<Kind>('seen', 'proven-absent', 'assumed-absent', 'not-covered'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(kinds, (later) => {
        let state: State = 'open';
        const scans = [scanOf('seen', 1)];
        for (const [index, kind] of later.entries()) {
          state = nextState(state, event(kind));
          scans.push(scanOf(kind, index + 2));
          expect(foldWorld(scans)[0]?.state).toBe(state);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no decision shows a finding as verified-fixed', () => {
    for (const state of STATES) {
      if (state === 'verified-fixed') continue;
      for (const [overlay] of OVERLAY_GRID) {
        for (const unreachable of [true, false])
          expect(displayedState(state, overlay, unreachable)).not.toBe('verified-fixed');
      }
    }
  });
});
