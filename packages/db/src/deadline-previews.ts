import type { ChineseGrade, Instant } from '@backcheck/core';
import type { AppliesTo } from './policies.ts';
import type { Db, Tx } from './pool.ts';

/** What somebody wants to know the effect of, at a node and below; null: the whole installation. */
export type PreviewWish =
  | { readonly nodeId: number | null; readonly policyId: string; readonly appliesTo: AppliesTo }
  | { readonly nodeId: number | null; readonly calendarId: string };

/** Its answer, without titles: those are told to whoever may read the findings when they look. */
export interface PreviewResult {
  readonly counts: readonly ({ readonly grade: ChineseGrade } & Readonly<
    Record<'earlier' | 'later' | 'same' | 'first' | 'none', number>
  >)[];
  readonly examples: readonly {
    readonly findingId: string;
    readonly organizationId: string;
    readonly grade: ChineseGrade;
    readonly effect: 'earlier' | 'later' | 'same' | 'first' | 'none';
    readonly before: Instant | null;
    readonly after: Instant | null;
    readonly rule: string | null;
  }[];
}

export interface PreviewRow {
  readonly id: string;
  readonly askedAt: Instant;
  readonly wish: PreviewWish;
  readonly findings: number;
  readonly examined: number;
  /** Null: it is being counted. */
  readonly result: PreviewResult | null;
  readonly failed: boolean;
}

export interface NewPreview extends Pick<PreviewRow, 'wish' | 'findings'> {
  readonly by: number;
  readonly at: Instant;
}

/** Queues the job that counts it; what this account asked for more than a day ago is forgotten. Returns its id. */
export async function insertPreview(tx: Tx, { by, at, wish, findings }: NewPreview): Promise<string> {
  await tx.query(
    `delete from deadline_preview where asked_by = $1 and asked_at < $2::timestamptz - interval '1 day'`,
    [by, at],
  );
  const { rows } = await tx.query<{ id: string }>(
    `with made as (insert into deadline_preview (asked_by, asked_at, wish, findings) values ($1, $2, $3, $4)
       returning deadline_preview_id as id)
     select id::text, queue_preview(id) from made`,
    [by, at, JSON.stringify(wish), findings],
  );
  return rows[0]?.id ?? '';
}

/** Null also where another account asked for it. */
export async function findPreview(db: Db, id: string, by: number | null): Promise<PreviewRow | null> {
  const { rows } = await db.query<Omit<PreviewRow, 'askedAt'> & { asked_at: Date }>(
    `select deadline_preview_id::text as id, asked_at, wish, findings, examined, result, failed from deadline_preview
     where deadline_preview_id = $1::bigint and ($2::int is null or asked_by = $2)`,
    [id, by],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { asked_at, ...rest } = row;
  return { ...rest, askedAt: asked_at.toISOString() };
}

export async function notePreview(
  db: Db,
  id: string,
  { examined, result = null, failed = false }: Partial<Pick<PreviewRow, 'examined' | 'result' | 'failed'>>,
): Promise<void> {
  await db.query(
    `update deadline_preview set examined = coalesce($2, examined), result = $3, failed = $4 where deadline_preview_id = $1::bigint`,
    [id, examined ?? null, result === null ? null : JSON.stringify(result), failed],
  );
}
