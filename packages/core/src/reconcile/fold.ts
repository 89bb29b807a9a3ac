import { type Answer, type AssetClaims, answerOf } from '../cover/answer.ts';
import type { Claim } from '../cover/claim.ts';
import { type Need, needAtOf, needOf, type Sighting } from '../cover/need.ts';
import { standInAnswer } from '../cover/stand-in.ts';
import type { State } from '../finding/state.ts';
import type { FindingKey } from '../observe/finding-key.ts';
import type { Evidence, Instant, ObservationRecord, Reason } from '../observe/record.ts';
import type { StandIn } from '../problem/equivalence.ts';
import { enoughAbsences, sampleNeedOf } from './samples.ts';
import { contradictionsOf, unsteadinessOf } from './steadiness.ts';

/** What one scan holds about one asset. */
export interface SilentScan extends AssetClaims {
  readonly importedAt: Instant;
  readonly present: readonly ObservationRecord[];
}

/** Everything that all scans say about one finding. */
export interface History {
  readonly key: FindingKey;
  readonly sightings: readonly Sighting[];
  /** The scans that visited the asset and did not see the finding. */
  readonly silent: readonly SilentScan[];
  /** Whether an equivalent check of another tool may answer (COVERAGE.md 5.18). */
  readonly crossTool: boolean;
  /** The latest scan of the tool, after the last presence, that should have met the asset and has no word of it. */
  readonly elsewhere: { readonly sha256: string; readonly reason: Reason } | null;
  /** How many absences the register asks for at this asset; left out: one. */
  readonly samples?: number;
  /** Whether what flaps, or what scans disagree about, closes only by several absences; left out: no. */
  readonly steadyProof?: boolean;
}

/** The absence that closes: scan (SHA-256 of its file), evidence class, time from which it stands. */
export interface Closing {
  readonly scan: string;
  readonly evidence: Evidence;
  readonly at: Instant;
  readonly claim: Claim;
  /** The check of another tool that was absent in place of the finding's own. */
  readonly standIn: StandIn | null;
  /** All absences that the closure rests on, in the order of the proof; the last is this one. */
  readonly absences: readonly {
    readonly scan: string;
    readonly claim: Claim;
    readonly standIn: StandIn | null;
  }[];
}

export interface Folded {
  readonly need: Need;
  readonly state: State;
  readonly closing: Closing | null;
  /** Why the latest scan that could have closed it did not; null when closed or when no scan tried. */
  readonly reason: Reason | null;
  readonly reasonScan: string | null;
}

interface Judged {
  readonly scan: string;
  readonly vantage: string;
  readonly answer: Answer;
  readonly standIn: StandIn | null;
  /** Places the answer in time, import time where the scan has none. */
  readonly at: Instant;
}

/**
 * The state of a finding as a pure function of the set of scans: the order in which they arrived does
 * not exist here (COVERAGE.md section 2, invariants I1 to I10). Null when nothing ever saw it.
 */
export function foldFinding(history: History): Folded | null {
  const seen = needOf(history.sightings);
  if (seen === null) return null;
  const { samples = 1, steadyProof = false } = history;
  const unsteady = steadyProof ? unsteadinessOf(contradictionsOf(history)) : [];
  const need = { ...seen, ...sampleNeedOf(samples, unsteady) };
  const judged = judgeSilent(history, need);
  const closing = closingOf(judged, need);
  if (closing !== null) return { need, state: 'verified-fixed', closing, reason: null, reasonScan: null };
  const state = unclosedState(judged, need);
  return { need, state, closing: null, ...reasonOf(judged, need, history) };
}

function judgeSilent({ key, silent, sightings, crossTool }: History, need: Need): Judged[] {
  const needAt = needAtOf(sightings, need);
  return silent.flatMap((one) => {
    const own = answerOf(one, key, needAt);
    const other = own === null && crossTool ? standInAnswer(one, one.present, key, needAt) : null;
    const answer = own ?? other?.answer;
    if (answer === undefined) return [];
    const { sha256: scan, vantage } = one.scan;
    return [{ scan, vantage, answer, standIn: other?.standIn ?? null, at: answer.at ?? one.importedAt }];
  });
}

const covering = (need: Need) => (one: Judged) => one.answer.step === 'covers' && one.at > need.last;

/** Earlier first; of the same moment the stronger evidence, then the smaller hash: any order of arrival gives the same. */
function proofOrder(a: Judged, b: Judged): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  const stronger = evidenceOf(b).localeCompare(evidenceOf(a));
  return stronger !== 0 ? stronger : a.scan < b.scan ? -1 : 1;
}

const evidenceOf = ({ answer }: Judged): string => (answer.step === 'covers' ? answer.evidence : '');

/**
 * For each place from which the finding was seen, the first absences after the last presence that are enough;
 * the latest of these completes the proof. The first ones are taken so that a further clean scan does not replace
 * a certificate that was already given out.
 */
function closingOf(judged: readonly Judged[], need: Need): Closing | null {
  const after = judged.filter(covering(need)).sort(proofOrder);
  const places = need.vantages.map((vantage) =>
    enoughAbsences(
      after.filter((one) => one.vantage === vantage),
      need,
    ),
  );
  if (places.some((one) => one.length === 0)) return null;
  const absences = places
    .flat()
    .sort(proofOrder)
    .flatMap(({ scan, at, answer, standIn }) =>
      answer.step === 'covers' ? [{ ...answer, scan, at, standIn }] : [],
    );
  const last = absences.at(-1);
  if (last === undefined) return null;
  const { scan, evidence, at, claim, standIn } = last;
  return { scan, evidence, at, claim, standIn, absences };
}

/** Every place has shown it absent once, but that is not enough here. */
function shownOnce(judged: readonly Judged[], need: Need): boolean {
  const after = judged.filter(covering(need));
  return need.vantages.every((vantage) => after.some((one) => one.vantage === vantage));
}

function unclosedState(judged: readonly Judged[], need: Need): State {
  const returned = judged.some((one) => one.answer.step === 'covers' && one.at < need.last);
  if (returned) return 'regressed';
  const likely = judged.some(
    ({ answer, at }) => (answer.step === 'independent' || answer.step === 'stated') && at > need.last,
  );
  return likely || shownOnce(judged, need) ? 'fixed-unverified' : 'open';
}

/**
 * A scan from before the first presence explains nothing, unless it is a clean one: that somebody may take for
 * a proof (STALE). One between two presences that covered did close it, then.
 */
function couldHaveClosed({ answer, at }: Judged, need: Need): boolean {
  if (answer.step === 'covers') return at > need.last;
  return answer.step === 'fresh' || at >= need.first;
}

function reasonOf(
  judged: readonly Judged[],
  need: Need,
  history: History,
): Pick<Folded, 'reason' | 'reasonScan'> {
  const tried = judged.filter((one) => couldHaveClosed(one, need));
  const latest = tried.sort((a, b) => (a.at !== b.at ? (a.at > b.at ? -1 : 1) : a.scan > b.scan ? -1 : 1))[0];
  if (latest === undefined) {
    return { reason: history.elsewhere?.reason ?? null, reasonScan: history.elsewhere?.sha256 ?? null };
  }
  if (latest.answer.step !== 'covers') return { reason: latest.answer.reason, reasonScan: latest.scan };
  // A covering absence that did not close: another place, another machine or another day may still show it.
  const unsure = need.unsteady === undefined ? 'IDENTITY_CONFLICT' : 'UNSTEADY';
  const reason = shownOnce(judged, need) ? unsure : 'OTHER_VANTAGE';
  return { reason, reasonScan: latest.scan };
}
