import { type FeedName, type Instant, WHOLE_FEEDS } from '@backcheck/core';
import { countFeed, mergeFeed } from './feed-entries.ts';
import type { Db, Tx } from './pool.ts';

export interface FeedVersionRow {
  readonly id: string;
  readonly version: string;
  readonly publishedAt: Instant | null;
  readonly entries: number;
  readonly sha256: string | null;
  readonly takenInAt: Instant;
  /** Null: fetched by itself. */
  readonly takenInBy: { readonly id: string; readonly name: string } | null;
}

export interface FeedSetting {
  readonly address: string | null;
  /** Days; null: the standard of the feed. */
  readonly staleAfter: number | null;
  readonly askedAt: Instant | null;
  readonly failedAt: Instant | null;
  /** A problem's code and facts, as it was thrown. */
  readonly failure: {
    readonly code: string;
    readonly facts: Readonly<Record<string, string | number>>;
  } | null;
}

export interface FeedState extends FeedSetting {
  readonly latest: FeedVersionRow | null;
  /** Entries from all files. */
  readonly known: number;
}

const VERSION = `feed_version_id::text as id, version, published_at, entries, sha256, taken_in_at, taken_in_by::text as by,
  account_name(taken_in_by) as by_name`;

interface VersionRecord {
  readonly id: string;
  readonly version: string;
  readonly published_at: Date | null;
  readonly entries: number;
  readonly sha256: string | null;
  readonly taken_in_at: Date;
  readonly by: string | null;
  readonly by_name: string | null;
}

const versionOf = (row: VersionRecord): FeedVersionRow => ({
  id: row.id,
  version: row.version,
  publishedAt: row.published_at?.toISOString() ?? null,
  entries: row.entries,
  sha256: row.sha256,
  takenInAt: row.taken_in_at.toISOString(),
  takenInBy: row.by === null ? null : { id: row.by, name: row.by_name ?? '' },
});

const SETTING = 'address, stale_after, asked_at, failed_at, failure';

interface SettingRecord {
  readonly address: string | null;
  readonly stale_after: number | null;
  readonly asked_at: Date | null;
  readonly failed_at: Date | null;
  readonly failure: FeedSetting['failure'];
}

/**
 * What is in use of a feed: of one that comes whole the last that was taken in; of one to which files are added the one
 * published last, because an older file replaces nothing newer.
 */
export const IN_USE_FIRST = `case when feed in (${WHOLE_FEEDS.map((feed) => `'${feed}'`).join()}) then null else published_at end
  desc nulls last, feed_version_id desc`;

/** The version of a feed that is in use, and how it is fetched. */
export async function feedState(db: Db, feed: FeedName): Promise<FeedState> {
  const versions = await db.query<VersionRecord & { known: number }>(
    `select ${VERSION}, (select v.known from feed_version v where v.feed = $1 order by v.feed_version_id desc limit 1) as known
     from feed_version where feed = $1 order by ${IN_USE_FIRST} limit 1`,
    [feed],
  );
  const settings = await db.query<SettingRecord>(`select ${SETTING} from feed_setting where feed = $1`, [
    feed,
  ]);
  const [latest] = versions.rows;
  const [setting] = settings.rows;
  return {
    latest: latest === undefined ? null : versionOf(latest),
    known: latest?.known ?? 0,
    address: setting?.address ?? null,
    staleAfter: setting?.stale_after ?? null,
    askedAt: setting?.asked_at?.toISOString() ?? null,
    failedAt: setting?.failed_at?.toISOString() ?? null,
    failure: setting?.failure ?? null,
  };
}

/** Newest first. */
export async function feedVersions(db: Db, feed: FeedName, limit: number): Promise<FeedVersionRow[]> {
  const { rows } = await db.query<VersionRecord>(
    `select ${VERSION} from feed_version where feed = $1 order by feed_version_id desc limit $2`,
    [feed, limit],
  );
  return rows.map(versionOf);
}

export interface NewFeedVersion {
  readonly version: string;
  readonly publishedAt: Instant | null;
  readonly sha256: string;
  /** Account; null: fetched by itself. */
  readonly by: number | null;
  readonly at: Instant;
  /** Takes the place also of entries that were published later. */
  readonly older: boolean;
}

/** Puts what was staged (`openFeed`, `stageFeed`) to use, and has all deadlines determined anew. */
export async function useFeed(tx: Tx, feed: FeedName, made: NewFeedVersion): Promise<void> {
  const { version, publishedAt, sha256, by, at, older } = made;
  const { rows } = await tx.query<{ id: number }>(
    `insert into feed_version (feed, version, published_at, entries, known, sha256, taken_in_by, taken_in_at)
     values ($1, $2, $3, 0, 0, $4, $5, $6) returning feed_version_id as id`,
    [feed, version, publishedAt, sha256, by, at],
  );
  const [inserted] = rows;
  if (inserted === undefined) throw new Error(`no version of the feed ${feed} was inserted`);
  const { id } = inserted;
  await mergeFeed(tx, feed, id, older);
  const { entries, known } = await countFeed(tx, feed);
  await tx.query('update feed_version set entries = $2, known = $3 where feed_version_id = $1', [
    id,
    entries,
    known,
  ]);
  await noteSuccess(tx, feed);
  await tx.query('select queue_determination(null)');
}

/** The last attempt ended well, whether or not there was something new. */
export async function noteSuccess(tx: Tx, feed: FeedName): Promise<void> {
  await tx.query(
    'update feed_setting set failed_at = null, failure = null, asked_at = null where feed = $1',
    [feed],
  );
}

export async function noteFailure(
  db: Db,
  feed: FeedName,
  { at, ...failure }: NonNullable<FeedSetting['failure']> & { readonly at: Instant },
): Promise<void> {
  await db.query(
    `insert into feed_setting (feed, failed_at, failure) values ($1, $2, $3)
     on conflict (feed) do update set failed_at = excluded.failed_at, failure = excluded.failure, asked_at = null`,
    [feed, at, JSON.stringify(failure)],
  );
}

/** A new address has not failed yet. */
export async function setFeedAddress(tx: Tx, feed: FeedName, address: string | null): Promise<void> {
  await tx.query(
    `insert into feed_setting (feed, address) values ($1, $2)
     on conflict (feed) do update set address = excluded.address, failed_at = null, failure = null, asked_at = null`,
    [feed, address],
  );
}

export async function setFeedLimit(tx: Tx, feed: FeedName, staleAfter: number | null): Promise<void> {
  await tx.query(
    `insert into feed_setting (feed, stale_after) values ($1, $2)
     on conflict (feed) do update set stale_after = excluded.stale_after`,
    [feed, staleAfter],
  );
}

/** Has the job `fetch-feeds` fetch it soon. */
export async function askForFeed(tx: Tx, feed: FeedName, at: Instant): Promise<void> {
  await tx.query('update feed_setting set asked_at = $2 where feed = $1', [feed, at]);
  await tx.query('select queue_fetch($1)', [feed]);
}

/** Those that have an address, or the one of them that was asked for. */
export async function feedsToFetch(
  db: Db,
  feed: FeedName | null,
): Promise<{ readonly feed: FeedName; readonly address: string }[]> {
  const { rows } = await db.query<{ feed: FeedName; address: string }>(
    `select feed, address from feed_setting where address is not null and ($1::text is null or feed = $1) order by feed`,
    [feed],
  );
  return rows;
}
