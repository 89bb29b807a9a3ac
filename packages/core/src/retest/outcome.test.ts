import { describe, expect, test } from 'vitest';
import type { Answer } from '../cover/answer.ts';
import type { State } from '../finding/state.ts';
import type { Reason } from '../observe/record.ts';
import { type Concluded, type Looked, outcomeOf } from './outcome.ts';
import type { RetestObstacle } from './vocabulary.ts';

const AT = '2026-11-21T02:00:00.000Z';

const fails = (step: 'reached' | 'checked' | 'answered', reason: Reason): Answer => ({
  step,
  reason,
  at: AT,
});

const COVERS: Answer = {
  step: 'covers',
  evidence: 'E3',
  at: AT,
  claim: {
    visit: {
      asset: 'ip:192.0.2.7',
      identifiers: [],
      strong: [],
      reached: true,
      reason: null,
      startedAt: AT,
      finishedAt: AT,
      credential: 'none',
      leased: false,
    },
    transport: 'tcp',
    ports: [[443, 443]],
    checks: { kind: 'ids', ids: new Set(['sslscan:ssl3']) },
    within: null,
    method: 'remote',
    credential: 'none',
    evidence: 'E3',
    reason: null,
    assumptions: [],
    explicit: true,
  },
};

const ANSWERS = {
  nothing: [],
  covers: [COVERS],
  blocked: [fails('answered', 'BLOCKED')],
  'covers from one place, blocked from another': [COVERS, fails('answered', 'BLOCKED')],
} as const satisfies Record<string, readonly Answer[]>;

const STATES: readonly { readonly state: State; readonly reason: Reason | null }[] = [
  { state: 'open', reason: 'OTHER_VANTAGE' },
  { state: 'fixed-unverified', reason: 'IDENTITY_CONFLICT' },
  { state: 'regressed', reason: null },
  { state: 'verified-fixed', reason: null },
];

const OBSTACLES: readonly (readonly RetestObstacle[])[] = [[], ['RUNNER_LOST']];

interface Row extends Looked {
  readonly said: string;
}

/** Closed by the retest itself; closed before, and looked at from everywhere or not. */
const CLOSINGS = [
  { closedBefore: false, everywhere: false },
  { closedBefore: true, everywhere: true },
  { closedBefore: true, everywhere: false },
];

const GRID: readonly Row[] = [true, false].flatMap((seen) =>
  Object.entries(ANSWERS).flatMap(([said, answers]) =>
    STATES.flatMap((folded) =>
      OBSTACLES.flatMap((obstacles) =>
        CLOSINGS.map((closing) => ({ seen, said, answers, ...folded, ...closing, obstacles })),
      ),
    ),
  ),
);

const text = ({ outcome, reason }: Concluded): string =>
  reason === null ? outcome : `${outcome}: ${reason}`;

/** The whole grid of what is not seen again, as it is to be. */
function expected({ said, state, reason, obstacles: [obstacle], closedBefore, everywhere }: Row): string {
  const covers = said.startsWith('covers');
  if (covers && state === 'verified-fixed' && (everywhere || !closedBefore)) return 'proven';
  const elsewhere = said.includes('blocked') ? 'BLOCKED' : 'OTHER_VANTAGE';
  if (covers) return `inconclusive: ${obstacle ?? reason ?? elsewhere}`;
  return `inconclusive: ${said === 'blocked' ? 'BLOCKED' : (obstacle ?? 'CHECK_NOT_RUN')}`;
}

describe('the outcome of a retest', () => {
  test.each(GRID.filter(({ seen }) => seen))(
    'is still present whenever one of its scans saw it ($said, $state, $obstacles)',
    (looked) => expect(text(outcomeOf(looked))).toBe('still-present'),
  );

  test.each(GRID.filter(({ seen }) => !seen))(
    'where nothing saw it ($said, $state, $reason, $obstacles, $closedBefore, $everywhere) follows the grid',
    (looked) => expect(text(outcomeOf(looked))).toBe(expected(looked)),
  );

  test('is not proven by a finding that some other scan closed', () => {
    const looked = {
      seen: false,
      answers: [],
      state: 'verified-fixed',
      reason: null,
      obstacles: ['STOPPED'],
      everywhere: false,
      closedBefore: false,
    } as const;
    expect(outcomeOf(looked)).toEqual({ outcome: 'inconclusive', reason: 'STOPPED' });
  });

  test('tells of the scan that came furthest', () => {
    const answers = [
      fails('reached', 'NO_HOST'),
      fails('answered', 'INCOMPLETE'),
      fails('checked', 'CHECK_NOT_RUN'),
    ];
    for (const order of [answers, answers.toReversed()]) {
      const closing = { everywhere: false, closedBefore: false };
      const looked = {
        seen: false,
        answers: order,
        state: 'open',
        reason: null,
        obstacles: [],
        ...closing,
      } as const;
      expect(outcomeOf(looked)).toEqual({ outcome: 'inconclusive', reason: 'INCOMPLETE' });
    }
  });
});
