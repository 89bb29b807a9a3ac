import { type CheckSet, checkNumber, hasCheck } from '../cover/check-set.ts';
import { type Claim, namesLocus } from '../cover/claim.ts';
import { NO_PORTS, type PortSet } from '../cover/ports.ts';
import type { FindingKey } from '../observe/finding-key.ts';

/**
 * The part of a claim that speaks of one finding: the range that holds its port, the id or range that holds
 * its check, the place that holds its locus. A Nessus plugin set of 13 kB would otherwise stand in every
 * certificate. Narrowing never closes more (I12); what does not speak of the finding narrows to nothing.
 */
export function narrowClaim(claim: Claim, key: FindingKey): Claim {
  return {
    ...claim,
    ports: rangeWith(claim.ports, key.port),
    checks: narrowChecks(claim.checks, key.check),
    within: claim.within === null ? null : narrowPlaces(claim.within, key.locus),
  };
}

function rangeWith(set: PortSet, number: number): PortSet {
  const range = set.find(([from, to]) => from <= number && number <= to);
  return range === undefined ? NO_PORTS : [range];
}

function narrowChecks(checks: CheckSet, check: string): CheckSet {
  switch (checks.kind) {
    case 'ids':
      return { kind: 'ids', ids: new Set(hasCheck(checks, check) ? [check] : []) };
    case 'ranges':
      return { ...checks, numbers: rangeWith(checks.numbers, checkNumber(check) ?? -1) };
    case 'all':
      return checks;
  }
}

/** The first in byte order, so that the order of places in a file cannot matter. */
function narrowPlaces(within: readonly string[], locus: string): readonly string[] {
  return within
    .filter((place) => namesLocus([place], locus))
    .sort()
    .slice(0, 1);
}
