import type { Instant, ObservationRecord, Verdict } from '@backcheck/core';
import { lookUp } from '../look-up.ts';
import { severityOfWord } from '../severity.ts';
import { cveIds } from '../weakness-ids.ts';
import type { XmlAttributes } from '../xml.ts';
import { zonedInstant } from '../zoned-instant.ts';
import type { Rule } from './rules.ts';

/** One `rule-result` while it is read. */
export interface RuleResult {
  readonly rule: string;
  readonly at: Instant | null;
  readonly severity: string | undefined;
  readonly idents: string[];
  result: string;
  /** What was measured before a person overrode it. */
  overridden: string;
  /** One of several things that the rule looks at: a file, a user, a line of configuration. */
  readonly instances: string[];
}

export function startResult(attributes: XmlAttributes): RuleResult {
  return {
    rule: attributes['idref']?.trim() ?? '',
    at: zonedInstant(attributes['time']),
    severity: attributes['severity'],
    idents: [],
    result: '',
    overridden: '',
    instances: [],
  };
}

/** The schema allows any number; the rules of published benchmarks have one or two. */
const MAX_INSTANCES = 20;

export function addInstance(result: RuleResult, text: string): void {
  if (result.instances.length < MAX_INSTANCES) result.instances.push(text.trim());
}

/**
 * XCCDF 1.2 (NIST IR 7275 rev. 4), section 6.6.4.2. The others are no answer here: `notselected` was not asked for,
 * `notapplicable` is counted by the caller.
 */
const VERDICTS: Readonly<Record<string, Verdict | undefined>> = {
  pass: 'absent',
  fixed: 'absent',
  fail: 'present',
  informational: 'present',
  error: 'error',
  unknown: 'error',
  notchecked: 'error',
};

/** A "pass" by override is a person's decision: then what counts is what was measured. */
export function measured({ result, overridden }: RuleResult): string {
  return lookUp(VERDICTS, result) === 'absent' && overridden !== '' ? overridden : result;
}

export function observationOf(
  result: RuleResult,
  asset: string,
  rule: Rule | undefined,
): ObservationRecord | null {
  const verdict = lookUp(VERDICTS, measured(result));
  if (verdict === undefined) return null;
  const title = rule?.title || result.rule;
  const informational = measured(result) === 'informational';
  return {
    record: 'observation',
    asset,
    transport: 'none',
    port: 0,
    check: `xccdf:${result.rule}`,
    // What passed at "a" would have passed at "a#b" too.
    locus: result.instances.map((one) => one.replaceAll('#', '%23')).join(' | '),
    verdict,
    title,
    severity: informational ? 'info' : severityOfWord(result.severity ?? rule?.severity),
    cve: cveIds(title, ...result.idents, ...(rule?.idents ?? [])),
    cwe: [],
    cvss: [],
    at: result.at,
    method: 'local',
  };
}
