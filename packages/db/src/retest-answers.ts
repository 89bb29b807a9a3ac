import {
  type Answer,
  answerOf,
  equivalenceOf,
  type Instant,
  type NeedAt,
  needAtOf,
  needOf,
  needOfStandIn,
  standInsFor,
} from '@backcheck/core';
import { loadHistory, type StoredHistory } from './history.ts';
import type { Db } from './pool.ts';

/** What some scans say about one finding. */
export interface RetestAnswers {
  /** Of the latest of them that saw it, by its own check or by an equivalent one. */
  readonly seenIn: string | null;
  /** One for each scan that tried and did not see it; of a stand-in, the answer about its check. */
  readonly answers: readonly ScanAnswer[];
  /** Whether they cover it from every place from which it was seen. */
  readonly everywhere: boolean;
}

interface ScanAnswer {
  readonly scanId: string;
  readonly vantage: string;
  readonly answer: Answer;
}

/**
 * What a retest's scans say of one of its findings: all of them may have seen it; `scanIds` are those that were to.
 * `crossTool`: whether an equivalent check of another tool may answer.
 */
export async function retestAnswers(
  db: Db,
  { findingId, crossTool }: { readonly findingId: string; readonly crossTool: boolean },
  { scanIds, allScanIds }: { readonly scanIds: readonly string[]; readonly allScanIds: readonly string[] },
): Promise<RetestAnswers> {
  const history = await loadHistory(db, findingId);
  const need = history === null ? null : needOf(history.sightings);
  if (history === null || need === null) return { seenIn: null, answers: [], everywhere: false };
  const needAt = needAtOf(history.sightings, need);
  const own = answersIn(history, needAt, scanIds);
  const others = crossTool ? await standInAnswersIn(db, { findingId, history, needAt }, scanIds) : [];
  const answers = [...own, ...others].map((one) => ({ ...one, answer: staleBefore(need.last, one.answer) }));
  const standInIds = crossTool && equivalenceOf(history.key) !== null ? scanIds : [];
  const seenIn = await seenBy(db, findingId, { scanIds: allScanIds, standInIds });
  const covered = answers.filter(({ answer }) => answer.step === 'covers').map(({ vantage }) => vantage);
  return { seenIn, answers, everywhere: need.vantages.every((one) => covered.includes(one)) };
}

/** An absence from between two presences closed it then; it says nothing about now, as in core's fold. */
function staleBefore(last: Instant, answer: Answer): Answer {
  if (answer.step !== 'covers' || answer.at > last) return answer;
  return { step: 'fresh', reason: 'STALE', at: answer.at };
}

function answersIn(
  history: StoredHistory,
  needAt: NeedAt,
  scanIds: readonly string[],
): readonly ScanAnswer[] {
  return history.silent.flatMap((one) => {
    const { scanId } = one;
    if (!scanIds.includes(scanId)) return [];
    const answer = answerOf(one, history.key, needAt);
    return answer === null ? [] : [{ scanId, vantage: one.scan.vantage, answer }];
  });
}

interface Asked {
  readonly findingId: string;
  readonly history: StoredHistory;
  readonly needAt: NeedAt;
}

async function standInAnswersIn(
  db: Db,
  { findingId, history, needAt }: Asked,
  scanIds: readonly string[],
): Promise<readonly ScanAnswer[]> {
  const answers: ScanAnswer[] = [];
  for (const standIn of standInsFor(history.key)) {
    const other = await loadHistory(db, findingId, standIn);
    // The finding's own tool answers by the finding's own check.
    if (other === null || other.silent.some(({ scanId }) => history.scans.has(scanId))) continue;
    answers.push(...answersIn(other, (at) => needOfStandIn(needAt(at)), scanIds));
  }
  return answers;
}

/** A sighting of an equivalent check at the same service counts in those scans ($3) of other tools only, as stand-ins do. */
const SEEN = `
select g.scan_id
from finding f join check_definition k using (check_id)
join finding t on t.organization_id = f.organization_id and t.asset_id = f.asset_id and (t.finding_id = f.finding_id or cardinality($3::bigint[]) > 0 and t.problem = f.problem)
join sighting g on g.organization_id = t.organization_id and g.asset_id = t.asset_id and t.finding_id = any (g.finding_ids)
join scan s on s.organization_id = g.organization_id and s.scan_id = g.scan_id and s.quarantined_at is null
where f.finding_id = $1 and g.scan_id = any ($2::bigint[])
  and (t.finding_id = f.finding_id or g.scan_id = any ($3::bigint[]) and not (k.prefix = s.tool or starts_with(k.prefix, s.tool || '-')))
order by coalesce(s.started_at, s.imported_at) desc, g.scan_id desc limit 1`;

async function seenBy(
  db: Db,
  findingId: string,
  { scanIds, standInIds }: { readonly scanIds: readonly string[]; readonly standInIds: readonly string[] },
): Promise<string | null> {
  const { rows } = await db.query<{ scan_id: string }>(SEEN, [findingId, scanIds, standInIds]);
  return rows[0]?.scan_id ?? null;
}
