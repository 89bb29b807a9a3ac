import { problemTexts, type Text } from '@backcheck/contract';
import type { Instant, JudgementFlaw, ReplyFlaw } from '@backcheck/core';
import { Problem } from '../platform/problem.ts';

/** Which finding is meant, and in which zone its dates are said. */
interface Meant {
  readonly findingId: string;
  readonly timeZone: string;
}

/** The last minute that is in time, on the wall clock of the policy: "2026-12-31 23:59", the form of Swedish. */
const lastMinute = (tooLate: Instant, timeZone: string): string =>
  new Date(Date.parse(tooLate) - 1).toLocaleString('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });

/** What core's limits say, as a refusal that names the finding. */
export function problemOfFlaw(flaw: ReplyFlaw, { findingId, timeZone }: Meant): Problem {
  const finding = findingId;
  switch (flaw.code) {
    case 'FINDING_CLOSED':
      return new Problem('REPLY_FINDING_CLOSED', { finding });
    case 'PENDING':
      return new Problem('REPLY_PENDING', { finding });
    case 'GROUND_DECIDED':
      return new Problem('OBJECTION_DECIDED', { finding });
    case 'DATE_PAST':
      return new Problem('REPLY_DATE_PAST');
    case 'NO_DEADLINE':
      return new Problem('EXTENSION_NO_DEADLINE', { finding });
    case 'AFTER_DEADLINE':
      return new Problem('EXTENSION_TOO_LATE', { finding, due: lastMinute(flaw.due, timeZone) });
    case 'NOT_LATER':
      return new Problem('EXTENSION_NOT_LATER', { finding, due: lastMinute(flaw.due, timeZone) });
    case 'EXTENSIONS_USED':
      return new Problem('EXTENSIONS_USED', { finding, most: flaw.most });
    case 'TOO_LONG':
      return new Problem('REPLY_TOO_LONG', { latest: lastMinute(flaw.latest, timeZone) });
    case 'NEEDS_INTERIM':
      return new Problem('EXTENSION_NEEDS_INTERIM', { finding });
    case 'INTERIM_UNVERIFIED':
      return new Problem('EXTENSION_INTERIM_UNVERIFIED', { finding });
    case 'VETOED':
      return new Problem('ACCEPTANCE_VETOED', { finding, reason: flaw.reason });
  }
}

const JUDGEMENTS = {
  INSPECTED: () => new Problem('REPLY_OF_THE_INSPECTED'),
  OWN: () => new Problem('REPLY_OWN'),
  LEAD: () => new Problem('REPLY_NEEDS_LEAD'),
  FINDER: () => new Problem('REPLY_OWN_FINDING'),
  OPINION_FIRST: () => new Problem('REPLY_OPINION_FIRST'),
  SECOND_PERSON: () => new Problem('REPLY_SECOND_PERSON'),
} as const satisfies Record<JudgementFlaw, () => Problem>;

export const problemOfJudgement = (flaw: JudgementFlaw): Problem => JUDGEMENTS[flaw]();

/** The same words where nobody asked yet: beside the finding, whose number would say nothing. */
export function refusalText({ code, facts }: Problem): Text {
  const { zh, en } = problemTexts(code, facts).detail;
  const id = facts['finding'];
  if (id === undefined) return { zh, en };
  return {
    zh: zh.replace(`问题 ${id} `, '该问题'),
    en: en.replace(`Finding ${id}`, 'This finding').replace(`finding ${id}`, 'this finding'),
  };
}
