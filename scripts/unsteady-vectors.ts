import { CLOSURE_RULES, type Need } from '@backcheck/core';
import {
  CLEAN_BY_NESSUS,
  closureBetween,
  SEEN_BY_NESSUS,
} from '../packages/core/src/prove/closure.fixture.ts';
import { invalid, signed, statementFor, unproven, type Vector, valid } from './certificate-vectors.ts';

const cleanOn = (demand: Pick<Need, 'samples' | 'unsteady'>, ...days: readonly string[]) =>
  closureBetween(
    [SEEN_BY_NESSUS],
    days.map((day) => ({ ...CLEAN_BY_NESSUS, day })),
    demand,
  );

const flapping = cleanOn({ samples: 2, unsteady: ['flapping'] }, '04-11', '04-14');
const both = { samples: 5, unsteady: ['disagreement', 'flapping'] } as const;

/** Closures of what was unsteady: rule v3. */
export const unsteadyVectors = (): Vector[] => [
  valid('flapping', signed(statementFor(flapping)), 'it kept coming back: two clean scans, three days apart'),
  valid(
    'flapping-and-disagreement',
    signed(statementFor(cleanOn(both, '04-10', '04-11', '04-12', '04-13', '04-14'))),
    'five clean scans over three days meet both reasons',
  ),
  invalid(
    'flapping-by-rule-2',
    'statement',
    signed(statementFor({ ...flapping, rule: CLOSURE_RULES[1] })),
    'the second rule knows no unsteady findings',
  ),
  unproven(
    'flapping-two-days',
    'vantages',
    cleanOn({ samples: 2, unsteady: ['flapping'] }, '04-11', '04-13'),
    'two clean scans that are two days apart',
  ),
  unproven(
    'disagreement-two-samples',
    'vantages',
    cleanOn({ samples: 2, unsteady: ['disagreement'] }, '04-11', '04-14'),
    'scans disagreed: five are needed, whatever `samples` says',
  ),
  unproven(
    'flapping-one-sample',
    'vantages',
    cleanOn({ unsteady: ['flapping'] }, '04-11'),
    'it kept coming back: one clean scan is not enough',
  ),
];
