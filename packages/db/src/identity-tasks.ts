import type { Identifier, IdentifierKind, Instant } from '@backcheck/core';
import { type IdentityDecision, type LinkChange, type LinkOutcome, mergeAssets } from './asset-links.ts';
import type { Db, Tx } from './pool.ts';

export interface TaskAsset {
  readonly id: string;
  readonly identity: string;
  readonly identifiers: readonly Identifier[];
}

/** A question about who is who; only a person answers it. */
export interface IdentityTask {
  readonly id: string;
  readonly organizationId: number;
  /** `same-address`: two machines under one identifier. `maybe-same`: perhaps one machine under two names. */
  readonly kind: 'same-address' | 'maybe-same';
  readonly asset: TaskAsset;
  /** Null: one asset that answered as two machines. */
  readonly other: TaskAsset | null;
  /** What both have, or what the second machine showed. */
  readonly identifier: { readonly kind: IdentifierKind; readonly value: string };
  readonly raisedAt: Instant;
  readonly resolution: {
    readonly answer: 'merge' | 'different';
    readonly at: Instant;
    readonly by: string;
    readonly note: string;
  } | null;
}

interface Row {
  readonly id: string;
  readonly organization_id: number;
  readonly kind: IdentityTask['kind'];
  readonly asset: TaskAsset;
  readonly other: TaskAsset | null;
  readonly identifier_kind: IdentifierKind;
  readonly identifier_value: string;
  readonly raised_at: Date;
  readonly resolution: 'merge' | 'different' | null;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly note: string | null;
}

const ASSET = (alias: string): string =>
  `jsonb_build_object('id', ${alias}.asset_id::text, 'identity', ${alias}.identity, 'identifiers', ${alias}.identifiers)`;

const TASKS = `
select t.identity_task_id as id, t.organization_id, t.kind, ${ASSET('a')} as asset, case when o.asset_id is not null then ${ASSET('o')} end as other,
  t.identifier_kind, t.identifier_value, t.raised_at, t.resolution, t.resolved_at, t.resolved_by, t.note
from identity_task t
join asset a on a.organization_id = t.organization_id and a.asset_id = t.asset_id
left join asset o on o.organization_id = t.organization_id and o.asset_id = t.other_asset_id`;

function taskOf(row: Row): IdentityTask {
  const { resolution, resolved_at, resolved_by, note } = row;
  const resolved = resolution !== null && resolved_at !== null && resolved_by !== null;
  return {
    id: row.id,
    organizationId: row.organization_id,
    kind: row.kind,
    asset: row.asset,
    other: row.other,
    identifier: { kind: row.identifier_kind, value: row.identifier_value },
    raisedAt: row.raised_at.toISOString(),
    resolution: resolved
      ? { answer: resolution, at: resolved_at.toISOString(), by: resolved_by, note: note ?? '' }
      : null,
  };
}

export interface TaskPage {
  readonly open: boolean;
  /** Only those about this asset. */
  readonly assetId?: string | undefined;
  /** Id of the last task of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** In the order in which they were raised; of all organizations where `organizationId` is null. */
export async function listTasks(
  db: Db,
  organizationId: number | null,
  { open, assetId, after = '0', limit }: TaskPage,
): Promise<IdentityTask[]> {
  const { rows } = await db.query<Row>(
    `${TASKS} where ($1::int is null or t.organization_id = $1) and t.identity_task_id > $2 and (t.resolution is ${open ? '' : 'not '}null)
       and ($3::bigint is null or $3 in (t.asset_id, t.other_asset_id))
     order by t.identity_task_id limit $4`,
    [organizationId, after, assetId ?? null, limit],
  );
  return rows.map(taskOf);
}

export async function countOpenTasks(db: Db, organizationId: number | null): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    'select count(*)::int as open from identity_task where resolution is null and ($1::int is null or organization_id = $1)',
    [organizationId],
  );
  return rows[0]?.open ?? 0;
}

export async function findTask(db: Db, taskId: string): Promise<IdentityTask | null> {
  const { rows } = await db.query<Row>(`${TASKS} where t.identity_task_id = $1`, [taskId]);
  return rows[0] === undefined ? null : taskOf(rows[0]);
}

/** A person's answer. `into` is the id of the asset that stays; the other one's visits of that time go to it. */
export type TaskAnswer =
  | {
      readonly answer: 'merge';
      readonly into: string;
      readonly from: Instant | null;
      readonly until: Instant | null;
    }
  | { readonly answer: 'different' };

/** `ONE_ASSET`: there is nothing to merge; an asset that is two machines is split. */
export type TaskOutcome =
  | { readonly kind: 'resolved'; readonly changed: LinkChange }
  | {
      readonly kind: 'refused';
      readonly code:
        | Extract<LinkOutcome, { kind: 'refused' }>['code']
        | 'NO_TASK'
        | 'ALREADY_RESOLVED'
        | 'ONE_ASSET'
        | 'NOT_IN_TASK';
    };

const refused = (code: Extract<TaskOutcome, { kind: 'refused' }>['code']): TaskOutcome => ({
  kind: 'refused',
  code,
});

/** Takes the answer, in the caller's transaction; a merge is carried out at once. */
export async function resolveTask(
  tx: Tx,
  organizationId: number,
  {
    taskId,
    answer,
    decision,
  }: { readonly taskId: string; readonly answer: TaskAnswer; readonly decision: IdentityDecision },
): Promise<TaskOutcome> {
  const { rows } = await tx.query<Row>(
    `${TASKS} where t.organization_id = $1 and t.identity_task_id = $2 for update of t`,
    [organizationId, taskId],
  );
  const row = rows[0];
  if (row === undefined) return refused('NO_TASK');
  const task = taskOf(row);
  if (task.resolution !== null) return refused('ALREADY_RESOLVED');
  // The merge itself answers the task of the two.
  if (answer.answer === 'merge') return mergeFor(tx, organizationId, { task, answer, decision });
  await tx.query(
    `update identity_task set resolution = 'different', resolved_at = $3, resolved_by = $4, note = $5
     where organization_id = $1 and identity_task_id = $2`,
    [organizationId, taskId, decision.at, decision.by, decision.note],
  );
  return { kind: 'resolved', changed: { visits: 0, findings: 0, superseded: 0, issued: 0 } };
}

async function mergeFor(
  tx: Tx,
  organizationId: number,
  {
    task,
    answer,
    decision,
  }: { task: IdentityTask; answer: Extract<TaskAnswer, { answer: 'merge' }>; decision: IdentityDecision },
): Promise<TaskOutcome> {
  const { asset, other } = task;
  if (other === null) return refused('ONE_ASSET');
  const [stays, goes] = answer.into === asset.id ? [asset, other] : [other, asset];
  if (stays.id !== answer.into) return refused('NOT_IN_TASK');
  const link = {
    identity: goes.identity,
    target: stays.identity,
    from: answer.from,
    until: answer.until,
  };
  const outcome = await mergeAssets(tx, organizationId, { link, decision });
  return outcome.kind === 'linked' ? { kind: 'resolved', changed: outcome.changed } : outcome;
}
