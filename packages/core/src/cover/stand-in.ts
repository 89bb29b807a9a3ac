import { type FindingKey, runsCheck } from '../observe/finding-key.ts';
import type { ObservationRecord } from '../observe/record.ts';
import { equivalenceOf, type StandIn, standInsFor } from '../problem/equivalence.ts';
import { type Answer, type AssetClaims, answerOf, better } from './answer.ts';
import type { Need, NeedAt } from './need.ts';

export interface StandInAnswer {
  readonly standIn: StandIn;
  readonly answer: Extract<Answer, { step: 'covers' }>;
}

/** Feeds and versions of two tools say nothing about each other; all else of the need stands. */
export function needOfStandIn<T extends Need>(need: T): T {
  return { ...need, feedKey: null, versionKey: null };
}

/**
 * What a scan of another tool says in place of the finding's own check (COVERAGE.md 5.18). Null unless it covers:
 * that another tool failed explains nothing. A scan that saw the weakness, by whichever check, does not cover.
 * `present`: all that the scan saw at the asset.
 */
export function standInAnswer(
  asset: AssetClaims,
  present: readonly ObservationRecord[],
  key: FindingKey,
  needAt: NeedAt,
): StandInAnswer | null {
  const standIns = standInsFor(key).filter((one) => runsCheck(asset.scan.tool, one.check));
  const name = standIns[0]?.equivalence;
  if (name === undefined || present.some((one) => isHere(one, key) && equivalenceOf(one)?.name === name)) {
    return null;
  }
  const covering = standIns.flatMap((standIn): StandInAnswer[] => {
    const { check, locus } = standIn;
    const answer = answerOf(asset, { ...key, check, locus }, (at) => needOfStandIn(needAt(at)));
    return answer?.step === 'covers' ? [{ standIn, answer }] : [];
  });
  return covering.length === 0
    ? null
    : covering.reduce((a, b) => (better(a.answer, b.answer) === a.answer ? a : b));
}

const isHere = (one: ObservationRecord, key: FindingKey): boolean =>
  one.transport === key.transport && one.port === key.port;
