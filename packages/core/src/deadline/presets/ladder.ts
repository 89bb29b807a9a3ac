import type { Policy } from '../policy.ts';
import { workingDays } from './terms.ts';

/** Domain section 6.7. From `reminder` on each step is a proposal that a person decides. */
export const LADDER: Policy['escalation'] = [
  { step: 'remind', at: { share: 0.5 } },
  { step: 'remind-leader', at: { share: 0.8 } },
  { step: 'overdue', at: { after: null } },
  { step: 'reminder', at: { after: workingDays(1) } },
  { step: 'supervision', at: { after: workingDays(3) } },
  { step: 'talk', at: { after: workingDays(5) } },
  { step: 'circular', at: { after: workingDays(10) } },
];

/** Domain section 6.7: pauses only for what waits on the coordinator, and never for what is critical. */
export const PAUSING: Pick<Policy, 'pauses' | 'neverPaused' | 'extension'> = {
  pauses: ['retest', 'objection'],
  neverPaused: ['critical'],
  extension: { most: 2, upToTerm: true, needsInterim: true },
};

/** CISA's directives know neither pauses nor extensions. */
export const UNYIELDING: Pick<Policy, 'pauses' | 'neverPaused' | 'extension'> = {
  pauses: [],
  neverPaused: [],
  extension: { most: 0, upToTerm: true, needsInterim: true },
};
