import { judgeClaim, type ScanContext } from '../cover/answer.ts';
import { checkSet, hasCheck } from '../cover/check-set.ts';
import { type Claim, namesPlace, namesPort } from '../cover/claim.ts';
import { feedKey } from '../cover/feed.ts';
import { NO_PORTS, parsePorts } from '../cover/ports.ts';
import { needOfStandIn } from '../cover/stand-in.ts';
import { type FindingKey, runsCheck } from '../observe/finding-key.ts';
import { identityOf, strongIdentifiers } from '../observe/identity.ts';
import { resolveAsset } from '../observe/register.ts';
import { standInsFor } from '../problem/equivalence.ts';
import { enoughAbsences, fewestSamples, type SampleNeed, sampleHours } from '../reconcile/samples.ts';
import {
  ASSUMED_IDENTITY,
  ASSUMED_TIME,
  answeredKey,
  type Closure,
  type Witness,
  type WitnessScan,
} from './closure.ts';

/** What is asked of every witness, then of the closure; docs/certificate.md explains each. */
export const REVIEW_STEPS = [
  'asset',
  'stand-in',
  'tool',
  'time-source',
  'reached',
  'port',
  'check',
  'locus',
  'profile',
  'covers',
  'after',
  'vantages',
  'decisive',
] as const;
export type ReviewStepName = (typeof REVIEW_STEPS)[number];

/** `witness` counts from 0; null for a question to the closure as a whole. */
export interface ReviewStep {
  readonly step: ReviewStepName;
  readonly witness: number | null;
  readonly ok: boolean;
  readonly message: string;
}

export interface Review {
  readonly ok: boolean;
  readonly steps: readonly ReviewStep[];
}

/**
 * Judges a closure again from nothing but what stands in it, by the same `judgeClaim` that the fold uses.
 * It must have been read by `readClosure`; every step is asked, so that a review names all that is wrong.
 */
export function reviewClosure(closure: Closure): Review {
  const steps = [
    ...closure.witnesses.flatMap((witness, index) => reviewWitness(closure, witness, index)),
    reviewVantages(closure),
    reviewDecisive(closure),
  ];
  return { ok: steps.every((one) => one.ok), steps };
}

type Question = readonly [step: ReviewStepName, ok: boolean, otherwise: string];

function reviewWitness(closure: Closure, witness: Witness, index: number): ReviewStep[] {
  const { asset } = closure.finding.key;
  const { scan, visit } = witness;
  const claim = claimOf(witness);
  const key = answeredKey(closure.finding.key, witness.standIn);
  const questions: Question[] = [
    ['asset', namesAsset(closure, witness), `the visit was not to ${asset}`],
    [
      'stand-in',
      declaredStandIn(closure.finding.key, witness),
      `no equivalence lets ${key.check} close ${closure.finding.key.check}`,
    ],
    ['tool', runsCheck(scan.tool.name, key.check), `${scan.tool.name} does not run ${key.check}`],
    [
      'time-source',
      honestTime(witness),
      `the time does not come from where it is said to (${scan.timeSource})`,
    ],
    ['reached', visit.reached, 'the scan did not reach the asset'],
    ['port', namesPort(claim, key), `the claim does not contain ${key.transport}/${key.port}`],
    ['check', hasCheck(claim.checks, key.check), `the claim does not contain ${key.check}`],
    ['locus', namesPlace(claim, key.locus), `the claim does not contain the place "${key.locus}"`],
    ['profile', honestProfile(witness), 'a scan profile can only supply what a claim of class E2 assumes'],
    coversQuestion(closure, witness, claim),
    [
      'after',
      (visit.startedAt ?? '') > closure.need.last,
      `the visit did not start after ${closure.need.last}`,
    ],
  ];
  return questions.map(([step, ok, otherwise]) => ({
    step,
    witness: index,
    ok,
    message: ok ? 'ok' : otherwise,
  }));
}

function namesAsset({ finding, links = [] }: Closure, { visit, claim }: Witness): boolean {
  const strong = strongIdentifiers(visit.identifiers);
  const { asset } = finding.key;
  const seenAs = identityOf(finding.asset);
  const visitedAs = identityOf(visit.identifiers);
  return (
    (seenAs === asset || links.some((one) => one.identity === seenAs && one.target === asset)) &&
    resolveAsset(visitedAs, visit.startedAt, links) === asset &&
    (visitedAs === asset || claim.assumptions.includes(ASSUMED_IDENTITY)) &&
    strong.length === visit.strong.length &&
    strong.every((one, index) => one === visit.strong[index])
  );
}

/** A declared time names who declared it and the assumption; a file without a time gives none. */
function honestTime({ scan, visit, claim }: Witness): boolean {
  switch (scan.timeSource) {
    case 'file':
      return scan.declaredBy === null;
    case 'declared':
      return scan.declaredBy !== null && claim.assumptions.includes(ASSUMED_TIME);
    case 'none':
      return scan.declaredBy === null && visit.startedAt === null;
  }
}

/** The pair stands in the equivalences that this program ships; a tool that runs the check itself needs no stand-in. */
function declaredStandIn(key: FindingKey, { scan, standIn }: Witness): boolean {
  if (standIn === undefined) return true;
  const { check, locus, equivalence } = standIn;
  const declared = standInsFor(key).some(
    (one) => one.check === check && one.locus === locus && one.equivalence === equivalence,
  );
  return declared && !runsCheck(scan.tool.name, key.check);
}

function honestProfile({ claim, profile }: Witness): boolean {
  const assumed = claim.assumptions.some((name) => name !== ASSUMED_TIME && name !== ASSUMED_IDENTITY);
  return profile === undefined || (claim.evidence === 'E2' && !claim.explicit && assumed);
}

function coversQuestion({ need }: Closure, { scan, standIn }: Witness, claim: Claim): Question {
  const asked = standIn === undefined ? need : needOfStandIn(need);
  const answer = judgeClaim(claim, asked, contextOf(scan));
  if (answer.step === 'covers') return ['covers', true, ''];
  return ['covers', false, `the claim does not cover the finding: ${answer.reason} (step "${answer.step}")`];
}

/** A damaged file never becomes a witness, so `truncated` does not stand in the certificate. */
function contextOf(scan: WitnessScan): ScanContext {
  const { name, version, feed } = scan.tool;
  return {
    sha256: scan.sha256,
    tool: name,
    feedKey: feed === null ? null : feedKey(feed),
    versionKey: version === null ? null : feedKey(version),
    complete: scan.complete,
    truncated: false,
    vantage: scan.vantage,
    selfSubmitted: scan.submittedBy === 'organization' || scan.declaredBy === 'organization',
  };
}

function claimOf({ scan, visit, claim }: Witness): Claim {
  return {
    visit: { ...visit, asset: identityOf(visit.identifiers), reason: null, leased: false },
    transport: claim.transport,
    ports: parsePorts(claim.ports) ?? NO_PORTS,
    checks: checkSet(claim.checks, scan.tool.name),
    within: claim.within,
    method: claim.method,
    credential: claim.credential,
    evidence: claim.evidence,
    reason: null,
    assumptions: claim.assumptions,
    explicit: claim.explicit,
  };
}

function reviewVantages({ need, witnesses }: Closure): ReviewStep {
  const { vantages, samples, unsteady } = need;
  const missing = vantages.filter((vantage) => !sampled(witnesses, vantage, need));
  const scans = new Set(witnesses.map(({ scan }) => `${scan.sha256} ${scan.startedAt}`));
  const distinct = samples === undefined || scans.size === witnesses.length;
  const several = (samples ?? 1) >= fewestSamples(unsteady);
  const ok =
    missing.length === 0 && distinct && several && witnesses.length === vantages.length * (samples ?? 1);
  const each =
    samples === undefined
      ? 'one witness'
      : `${Math.max(samples, fewestSamples(unsteady))} witnesses, ${sampleHours(need)} hours from first to last,`;
  const message = ok
    ? 'ok'
    : `not exactly ${each} for each vantage (missing: ${missing.join(', ') || 'none'})`;
  return { step: 'vantages', witness: null, ok, message };
}

function sampled(witnesses: readonly Witness[], vantage: string, need: SampleNeed): boolean {
  const here = witnesses.filter((one) => one.scan.vantage === vantage);
  const times = here.map(({ visit }) => ({ at: visit.startedAt ?? '' }));
  return here.length === (need.samples ?? 1) && enoughAbsences(times, need).length === here.length;
}

function reviewDecisive({ at, witnesses }: Closure): ReviewStep {
  const starts = witnesses.map((one) => one.visit.startedAt ?? '');
  const ok = starts.at(-1) === at && starts.every((start) => start <= at);
  const message = ok ? 'ok' : 'the closure does not stand from the start of its last witness';
  return { step: 'decisive', witness: null, ok, message };
}
