import type { DojoAnswer, DojoCounts, DojoStatistics } from '@backcheck/contract';
import type { DojoAction, DojoCount } from '@backcheck/db';

type Absent = DojoAnswer['backcheck']['absent_not_covered'];

/**
 * The statistics in DefectDojo's shape. A finding is "mitigated" when a proof closed it, else "active"; none is a
 * "duplicate", because each is kept per check; "verified", which there means that a person believes it, is not
 * something that Backcheck knows; and what people decide about findings does not come with a scan.
 */
export function statisticsOf(
  counts: readonly DojoCount[],
  isNew: boolean,
): { readonly statistics: DojoAnswer['statistics']; readonly absentNotCovered: Absent } {
  const of = (action: DojoAction) => tally(counts.filter((one) => one.action === action));
  const delta = {
    created: of('created'),
    closed: of('closed'),
    reactivated: of('reactivated'),
    untouched: of('untouched'),
    absent_not_covered: of('absent'),
  };
  const after = tally(counts);
  const before = tally(counts.filter((one) => one.action !== 'created').map(asBefore));
  return {
    statistics: isNew ? { delta, after } : { before, delta, after },
    absentNotCovered: absentOf(counts),
  };
}

/** The state before an import follows from what it did. */
function asBefore(one: DojoCount): DojoCount {
  if (one.action === 'closed') return { ...one, closed: false };
  return one.action === 'reactivated' ? { ...one, closed: true } : one;
}

function tally(counts: readonly DojoCount[]): DojoStatistics {
  const of = (severity: DojoCount['severity'] | 'total'): DojoCounts => {
    const these = counts.filter((one) => severity === 'total' || one.severity === severity);
    const sum = (that: (one: DojoCount) => boolean): number =>
      these.reduce((total, one) => total + (that(one) ? one.count : 0), 0);
    return {
      active: sum((one) => !one.closed),
      verified: 0,
      duplicate: 0,
      false_p: 0,
      out_of_scope: 0,
      is_mitigated: sum((one) => one.closed),
      risk_accepted: 0,
      total: sum(() => true),
    };
  };
  return {
    info: of('info'),
    low: of('low'),
    medium: of('medium'),
    high: of('high'),
    critical: of('critical'),
    total: of('total'),
  };
}

function absentOf(counts: readonly DojoCount[]): Absent {
  const reasons: Absent['reasons'] = {};
  let total = 0;
  for (const { action, reason, count } of counts) {
    if (action !== 'absent') continue;
    total += count;
    const code = reason ?? 'NOT_TRIED';
    reasons[code] = (reasons[code] ?? 0) + count;
  }
  return { total, reasons };
}
