import type { Fact, Instant, Severity } from '@backcheck/core';

/**
 * What a party says about a weakness in its product (VEX). It is a claim, not a measurement, and never closes:
 * COVERAGE.md section 1, row "CycloneDX VEX / OpenVEX / CSAF".
 */
export interface VexClaim {
  readonly asset: string;
  readonly check: string;
  readonly locus: string;
  readonly stance: Stance;
  /** The reason that the party gives, '' where there is none. */
  readonly justification: string;
  readonly title: string;
  readonly severity: Severity;
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
  readonly cvss: readonly string[];
  readonly at: Instant | null;
  /** Where the claim stands in the file. */
  readonly line?: number | undefined;
}

export type Stance = 'present' | 'resolved' | 'not-affected' | 'false-positive';

/**
 * "Resolved" makes a finding likely fixed. "Not affected" and "false positive" are decisions, and people make those:
 * a warning proposes one, and the finding stays as it is.
 */
export function factOfClaim(claim: VexClaim): Fact {
  const { asset, check, locus, stance } = claim;
  const place = { asset, transport: 'none', method: 'local' } as const;
  if (stance === 'present') {
    const { title, severity, cve, cwe, cvss, at } = claim;
    const about = { title, severity, cve, cwe, cvss, at };
    return { record: 'observation', ...place, port: 0, check, locus, verdict: 'present', ...about };
  }
  if (stance === 'resolved') {
    const claimed = { evidence: 'E1', assumptions: ['A-party'], within: [locus] } as const;
    return { record: 'coverage', ...place, ports: '0', checks: { ids: [check] }, ...claimed };
  }
  return proposal(claim, stance);
}

function proposal({ check, locus, justification, line }: VexClaim, stance: keyof typeof PROPOSED): Fact {
  const [code, words, decision] = PROPOSED[stance];
  const where = locus === '' ? check : `${check} at ${locus}`;
  const why = justification === '' ? '' : ` (${justification})`;
  const message = `the file says ${words}${why} of ${where}: decide whether the finding is ${decision}`;
  return { record: 'warning', code, message, ...(line === undefined ? {} : { line }) };
}

const PROPOSED = {
  'not-affected': ['VEX_NOT_AFFECTED', '"not affected"', 'not applicable'],
  'false-positive': ['VEX_FALSE_POSITIVE', '"false positive"', 'a false positive'],
} as const;
