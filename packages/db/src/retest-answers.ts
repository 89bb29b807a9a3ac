import {
  type Answer,
  answerOf,
  equivalenceOf,
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
  readonly answers: readonly { readonly scanId: string; readonly answer: Answer }[];
}

/** `crossTool`: whether an equivalent check of another tool may answer. */
export async function retestAnswers(
  db: Db,
  { findingId, crossTool }: { readonly findingId: string; readonly crossTool: boolean },
  scanIds: readonly string[],
): Promise<RetestAnswers> {
  const history = await loadHistory(db, findingId);
  const need = history === null ? null : needOf(history.sightings);
  if (history === null || need === null) return { seenIn: null, answers: [] };
  const needAt = needAtOf(history.sightings, need);
  const own = answersIn(history, needAt, scanIds);
  const others = crossTool ? await standInAnswersIn(db, { findingId, history, needAt }, scanIds) : [];
  const seenIn = await seenBy(
    db,
    { findingId, equivalent: crossTool && equivalenceOf(history.key) !== null },
    scanIds,
  );
  return { seenIn, answers: [...own, ...others] };
}

function answersIn(
  history: StoredHistory,
  needAt: NeedAt,
  scanIds: readonly string[],
): RetestAnswers['answers'] {
  return history.silent.flatMap((one) => {
    const { scanId } = one;
    if (!scanIds.includes(scanId)) return [];
    const answer = answerOf(one, history.key, needAt);
    return answer === null ? [] : [{ scanId, answer }];
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
): Promise<RetestAnswers['answers']> {
  const answers: RetestAnswers['answers'][number][] = [];
  for (const standIn of standInsFor(history.key)) {
    const other = await loadHistory(db, findingId, standIn);
    // The finding's own tool answers by the finding's own check.
    if (other === null || other.silent.some(({ scanId }) => history.scans.has(scanId))) continue;
    answers.push(...answersIn(other, (at) => needOfStandIn(needAt(at)), scanIds));
  }
  return answers;
}

/** A sighting of an equivalent check at the same service counts for scans of other tools only, as stand-ins do. */
const SEEN = `
select g.scan_id
from finding f join check_definition k using (check_id)
join finding t on t.organization_id = f.organization_id and t.asset_id = f.asset_id and (t.finding_id = f.finding_id or $3 and t.problem = f.problem)
join sighting g on g.organization_id = t.organization_id and g.asset_id = t.asset_id and t.finding_id = any (g.finding_ids)
join scan s on s.organization_id = g.organization_id and s.scan_id = g.scan_id and s.quarantined_at is null
where f.finding_id = $1 and g.scan_id = any ($2::bigint[])
  and (t.finding_id = f.finding_id or not (k.prefix = s.tool or starts_with(k.prefix, s.tool || '-')))
order by coalesce(s.started_at, s.imported_at) desc, g.scan_id desc limit 1`;

async function seenBy(
  db: Db,
  { findingId, equivalent }: { readonly findingId: string; readonly equivalent: boolean },
  scanIds: readonly string[],
): Promise<string | null> {
  const { rows } = await db.query<{ scan_id: string }>(SEEN, [findingId, scanIds, equivalent]);
  return rows[0]?.scan_id ?? null;
}
